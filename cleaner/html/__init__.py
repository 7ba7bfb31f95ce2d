"""Pages in, their text and what they say of themselves out: an extractor finds the article, and metadata are hints for the rules."""

from __future__ import annotations

from cleaner.html.decoding import decode_page
from cleaner.html.reading import EXTRACTORS, Page, PageOptions, check_extractor, extract

__all__ = ["EXTRACTORS", "Page", "PageOptions", "check_extractor", "decode_page", "extract"]
