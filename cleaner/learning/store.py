"""Documents by site, on disk: DuckDB sorts them, and memory holds those of one site at a time."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from cleaner.learning.needs import needed_package

# Texts go to the disk so many code points at a time.
_BATCH = 8 << 20
# What DuckDB may take; the rest goes to its files.
MEMORY = "512MB"
# Of a site, so many documents are looked at, chosen by a checksum of the text: more change no share that matters here, and
# would not fit into memory for a site of millions.
MOST_PAGES = 10_000
_MOST_TEXT = 128 << 20


class Store:
    """A place for documents, of which the sites can be read one after the other."""

    def __init__(self, folder: str | None = None) -> None:
        duckdb = needed_package("duckdb")
        self._arrow = needed_package("pyarrow")
        self._folder = tempfile.TemporaryDirectory(prefix="cleaner-learn-", dir=folder)
        self._database: Any = duckdb.connect(
            os.path.join(self._folder.name, "pages.db"),
            config={"memory_limit": MEMORY, "temp_directory": self._folder.name, "threads": 2},
        )
        self._database.execute("CREATE TABLE pages (site VARCHAR, sum VARCHAR, id VARCHAR, text VARCHAR)")
        self._rows: list[tuple[str, str, str, str]] = []
        self._size = 0

    def add(self, site: str, id: str, text: str) -> None:
        """Put a document down."""
        # Lone surrogates, which no encoding has, are no part of any line that could be learned.
        text = text if text.isascii() else text.encode("utf-8", "replace").decode()
        checksum = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
        self._rows.append((site, checksum, id, text))
        self._size += len(text)
        if self._size > _BATCH:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            columns = zip(*self._rows, strict=True)
            rows = self._arrow.table(dict(zip(("site", "sum", "id", "text"), map(list, columns), strict=True)))
            self._database.register("rows", rows)
            self._database.execute("INSERT INTO pages SELECT * FROM rows")
            self._database.unregister("rows")
        self._rows, self._size = [], 0

    def count(self) -> int:
        """Return how many sites there are."""
        self._flush()
        found: int = self._database.execute("SELECT count(DISTINCT site) FROM pages").fetchone()[0]
        return found

    def sites(self) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        """Go through the sites by name, each with its documents as (id, text), by checksum."""
        self._flush()
        found = self._database.execute("SELECT site, id, text FROM pages ORDER BY site, sum, id")
        for site, rows in groupby(_fetch(found), key=lambda row: row[0]):
            documents: list[tuple[str, str]] = []
            size = 0
            for _, id, text in rows:
                if len(documents) < MOST_PAGES and size < _MOST_TEXT:
                    documents.append((id, text))
                    size += len(text)
            yield site, documents

    def close(self) -> None:
        """Remove everything from the disk."""
        self._database.close()
        self._folder.cleanup()


def _fetch(found: Any) -> Iterable[tuple[str, str, str]]:
    while rows := found.fetchmany(256):
        yield from rows
