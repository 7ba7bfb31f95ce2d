"""Fields of documents that say what is known of their pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cleaner.model import HINTS, InputError
from cleaner.sources.documents import Document, hints

_NAMES = ("url", "site", *HINTS)


def fields_beside(title: str | None, url: str | None, more: Mapping[str, str] | None) -> dict[str, str]:
    """Return the fields of hints that are named, by hint. Raises InputError for a hint that does not exist."""
    for name in more or ():
        if name not in _NAMES:
            raise InputError(f"there is no hint {name!r}; use one of {', '.join(_NAMES)}")
    named = {"title": title, "url": url, **(more or {})}
    return {name: field for name, field in named.items() if field}


def known_of(beside: Mapping[str, Any]) -> dict[str, Any]:
    """Return what some fields say of a page, as :meth:`cleaner.Cleaner.clean` takes it."""
    return Document(0, "", **hints(dict(beside))).known
