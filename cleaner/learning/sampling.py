"""The sample of a site's documents that learning looks at, whatever way, place and order they are read in."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import NamedTuple, Protocol, TypeVar

from cleaner.sources.documents import sound

# At most this many documents of a site are looked at, chosen by a checksum of the text: more would hardly change a share that
# matters here, and those of a site of millions would not fit into memory.
MOST_PAGES = 10_000
# In code points: no more documents follow once this is reached.
MOST_TEXT = 128 << 20


class Row(NamedTuple):
    """A document as learning keeps it. Sorting rows brings those of a site together, in the order in which they are chosen."""

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
    """Return a document as a row, without lone surrogates, which cannot be encoded."""
    text = sound(text)
    return Row(sound(site), hashlib.blake2b(text.encode(), digest_size=16).hexdigest(), sound(id), text)


def samples(rows: Iterable[Sited], size: Callable[[Sited], int]) -> Iterator[tuple[str, list[Sited]]]:
    """Yield the sites of sorted rows, each with the rows of its sample; ``size`` returns a row's code points.

    A sample is the first rows, so the sample of all samples of parts of the documents is the sample of the documents.
    """
    for site, found in groupby(rows, key=lambda row: row.site):
        chosen: list[Sited] = []
        whole = 0
        for row in found:
            # The rest is still consumed, because all rows come from one iterator.
            if len(chosen) < MOST_PAGES and whole < MOST_TEXT:
                chosen.append(row)
                whole += size(row)
        yield site, chosen
