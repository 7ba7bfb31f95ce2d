"""Documents by site, on disk: DuckDB sorts them, and memory holds those of one site at a time."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from typing import Any

from cleaner.learning.needs import needed_package
from cleaner.learning.sampling import Row, samples

# Texts go to the disk so many code points at a time.
_BATCH = 8 << 20
# What DuckDB may take; the rest goes to its files.
MEMORY = "512MB"


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
        self._database.execute("CREATE TABLE pages (site VARCHAR, checksum VARCHAR, id VARCHAR, text VARCHAR)")
        self._rows: list[Row] = []
        self._size = 0

    def add(self, row: Row) -> None:
        """Put a document down."""
        self._rows.append(row)
        self._size += len(row.text)
        if self._size > _BATCH:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            columns = zip(*self._rows, strict=True)
            rows = self._arrow.table(dict(zip(Row._fields, map(list, columns), strict=True)))
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
        found = self._database.execute("SELECT site, checksum, id, text FROM pages ORDER BY site, checksum, id")
        for site, rows in samples(_fetch(found)):
            yield site, [(row.id, row.text) for row in rows]

    def close(self) -> None:
        """Remove everything from the disk."""
        self._database.close()
        self._folder.cleanup()


def _fetch(found: Any) -> Iterable[Row]:
    while rows := found.fetchmany(256):
        yield from map(Row._make, rows)
