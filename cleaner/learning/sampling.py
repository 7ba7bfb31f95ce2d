"""Which documents of a site are looked at: a sample that does not depend on how, where and in what order they are read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import NamedTuple, Protocol, TypeVar

from cleaner.sources.documents import sound

# Of a site, so many documents are looked at, chosen by a checksum of the text: more change no share that matters here, and
# would not fit into memory for a site of millions.
MOST_PAGES = 10_000
# And so many code points.
MOST_TEXT = 128 << 20


class Row(NamedTuple):
    """A document as learning keeps it. Sorted rows are together by site, each site's in the order in which they are chosen."""

    site: str
    checksum: str
    id: str
    text: str


def size_of(row: Row) -> int:
    """Return the code points of a row's text."""
    return len(row.text)


class _OfASite(Protocol):
    @property
    def site(self) -> str: ...


Sited = TypeVar("Sited", bound=_OfASite)


def row_of(site: str, id: str, text: str) -> Row:
    """Return a document as a row; lone surrogates, which no encoding has, are no part of any line that could be learned."""
    text = sound(text)
    return Row(sound(site), hashlib.blake2b(text.encode(), digest_size=16).hexdigest(), sound(id), text)


def samples(rows: Iterable[Sited], size: Callable[[Sited], int]) -> Iterator[tuple[str, list[Sited]]]:
    """Go through sorted rows by site, each with those of its rows that are looked at; ``size`` tells a row's code points.

    They are the first ones, so that of parts of the documents the samples together have the same sample as the documents.
    """
    for site, found in groupby(rows, key=lambda row: row.site):
        chosen: list[Sited] = []
        whole = 0
        for row in found:
            # The rest is gone through all the same, as the rows come from one iterator.
            if len(chosen) < MOST_PAGES and whole < MOST_TEXT:
                chosen.append(row)
                whole += size(row)
        yield site, chosen
