"""A document, as read from a file of any form."""

from __future__ import annotations

from typing import Any, NamedTuple

from cleaner.model import HINTS


class Document(NamedTuple):
    """One document: its number in the file (from 1: a line of JSONL, a row of Parquet) and the fields that were asked for.

    ``fault`` says why it cannot be used; then ``text`` is empty. ``more`` are hints beside the title.
    """

    number: int
    text: str
    id: Any = None
    url: Any = None
    title: str | list[str] | None = None
    site: str | None = None
    fault: str = ""
    more: dict[str, Any] | None = None

    @property
    def known(self) -> dict[str, Any]:
        """What is known of its page, as :meth:`cleaner.Cleaner.explain` takes it."""
        url = self.url if isinstance(self.url, str) else None
        return {"title": self.title, "site": self.site, "url": url, **(self.more or {})}


def hints(beside: dict[str, Any]) -> dict[str, Any]:
    """Return the other fields of a document as those of a Document, without hints that are neither texts nor lists of texts."""
    found = {name: value for name, value in beside.items() if name in ("id", "url")}
    found |= {name: beside[name] for name in ("title", "site") if isinstance(beside.get(name), str)}
    more = {name: value for name in HINTS if name in beside and name not in found and (value := _hint(beside[name]))}
    return {**found, "more": more} if more else found


def _hint(value: object) -> str | list[str] | None:
    if isinstance(value, str):
        return value
    # A day, in Parquet.
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return [one for one in value if isinstance(one, str)] if isinstance(value, (list, tuple)) else None


def sound(text: str) -> str:
    """Return text that can be written: lone surrogates, which UTF-8 cannot encode, become question marks."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
