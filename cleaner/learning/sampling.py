"""Which documents of a site are looked at: a sample that does not depend on how, where and in what order they are read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from typing import NamedTuple

from cleaner.corpus.documents import sound

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


def row_of(site: str, id: str, text: str) -> Row:
    """Return a document as a row; lone surrogates, which no encoding has, are no part of any line that could be learned."""
    text = sound(text)
    return Row(sound(site), hashlib.blake2b(text.encode(), digest_size=16).hexdigest(), sound(id), text)


def samples(rows: Iterable[Row]) -> Iterator[tuple[str, list[Row]]]:
    """Go through sorted rows by site, each with those of its rows that are looked at.

    They are the first ones, so that of parts of the documents the samples together have the same sample as the documents.
    """
    for site, found in groupby(rows, key=lambda row: row.site):
        yield site, list(_first(found))


def _first(rows: Iterable[Row]) -> Iterator[Row]:
    size = 0
    for row in islice(rows, MOST_PAGES):
        if size >= MOST_TEXT:
            return
        yield row
        size += len(row.text)
