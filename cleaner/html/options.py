"""How the text of a page is extracted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypedDict

ExtractorFunction = Callable[[str, str | None], str | None]


class PageOptions(TypedDict, total=False):
    """The options of an extraction.

    ``extractor``
        ``"trafilatura"`` (the default), ``"resiliparse"`` or ``"readability"``, or a function that takes a page and its URL, or
        None, and returns the text of the article.
    ``favor_precision``, ``favor_recall``
        Rather less text or rather more, if the extractor can be told (trafilatura).
    ``markdown``
        Leave headings, lists and emphasis as Markdown (trafilatura).
    ``fallback``
        If the extractor finds nothing, take the text of all paragraphs.
    """

    extractor: str | ExtractorFunction
    favor_precision: bool
    favor_recall: bool
    markdown: bool
    fallback: bool


class Options(NamedTuple):
    """The options of :class:`PageOptions`, with their defaults."""

    extractor: Any = "trafilatura"
    favor_precision: bool = False
    favor_recall: bool = False
    markdown: bool = False
    fallback: bool = False
