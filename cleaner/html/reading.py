"""One page: its text as an extractor finds it, and what it says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Unpack

from cleaner.html.decoding import decode_page
from cleaner.html.extractors import EXTRACTORS, by_function
from cleaner.html.facts import facts_of
from cleaner.html.limits import checked, extract_apart, is_deep, is_heavy
from cleaner.html.options import ExtractorFunction, Options, PageOptions
from cleaner.model import CleanerError, InputError, SettingsError

_PAGE = "the page"


class Page(NamedTuple):
    """The text of a page, and what is known of it: hints by name (see ``cleaner.cleaning.Known``), and the URL."""

    text: str
    known: dict[str, Any]

    def joined(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return what is known, with what is given in its place."""
        return {**self.known, **{name: value for name, value in given.items() if value}}


def check_extractor(extractor: str | ExtractorFunction) -> None:
    """Raise SettingsError for an extractor that does not exist, CleanerError for one whose package is missing."""
    if callable(extractor):
        return
    if extractor not in EXTRACTORS:
        raise SettingsError(f"there is no extractor {extractor!r}; use one of {', '.join(EXTRACTORS)}, or a function")
    EXTRACTORS[extractor].check()


def extract(html: str | bytes, url: str | None = None, **options: Unpack[PageOptions]) -> Page:
    """Return the text of a page's article as an extractor finds it, and what the page says of itself.

    Blocks of code are fenced. Bytes are decoded as the page declares, or as detected. Raises InputError for a page without text
    and for one that is too large or too deep to be read in bounded time; SettingsError for options that do not exist.
    """
    chosen = Options(**options)
    check_extractor(chosen.extractor)
    name = url or _PAGE
    page = checked(decode_page(html) if isinstance(html, bytes) else html, name)
    if is_heavy(page) and not callable(chosen.extractor):
        return Page(*extract_apart(page, url, options, name))
    return extract_here(page, url, options, name)


def extract_here(page: str, url: str | None, options: PageOptions, name: str) -> Page:
    """Return what :func:`extract` returns, of a page that has been checked; ``name`` is what errors call it."""
    chosen = Options(**options)
    try:
        facts = facts_of(page, url)
        text: str | None = None
        if facts is not None:
            way = by_function if callable(chosen.extractor) else EXTRACTORS[chosen.extractor].extract
            text = way(page, facts.tree, url, chosen)
    except CleanerError:
        raise
    except (RecursionError, MemoryError) as error:
        raise InputError(f"{name}: is nested too deeply, or too large, to be read") from error
    except Exception as error:
        raise InputError(f"{name}: {_named(chosen.extractor)} could not read it: {error}") from error
    if facts is None or not text or not text.strip():
        if is_deep(page):
            raise InputError(f"{name}: no text was found in it: its elements are nested too deeply for a parser")
        cure = "" if chosen.fallback else "; --fallback takes all paragraphs there are"
        raise InputError(f"{name}: no text was found in it; is it an article, and is it whole?{cure}")
    return Page(text, {**facts.known, "url": url or facts.url})


def _named(extractor: str | ExtractorFunction) -> str:
    return extractor if isinstance(extractor, str) else getattr(extractor, "__name__", "the extractor")
