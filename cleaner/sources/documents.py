"""A document, as read from a file of any form."""

from __future__ import annotations

from typing import Any, NamedTuple


class Document(NamedTuple):
    """One document: its number in the file (from 1: a line of JSONL, a row of Parquet) and the fields that were asked for.

    ``fault`` says why it cannot be used; then ``text`` is empty.
    """

    number: int
    text: str
    id: Any = None
    url: Any = None
    title: str | None = None
    site: str | None = None
    fault: str = ""


def hints(beside: dict[str, Any]) -> dict[str, Any]:
    """Return the other fields of a document, without a title or site that is not a string."""
    return {name: value for name, value in beside.items() if name not in ("title", "site") or isinstance(value, str)}


def sound(text: str) -> str:
    """Return text that can be written: lone surrogates, which UTF-8 cannot encode, become question marks."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
