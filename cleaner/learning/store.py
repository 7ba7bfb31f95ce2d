"""Documents by site, on disk: their texts in a file, their sorted keys in DuckDB. Memory holds one site at a time."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

from cleaner.learning.needs import needed_package
from cleaner.learning.sampling import Row, samples
from cleaner.model import CleanerError
from cleaner.sources.storage import reason

# How many keys go to DuckDB at a time.
_BATCH = 20_000
# The memory that DuckDB may use; the rest goes to its files.
MEMORY = "512MB"


class _Key(NamedTuple):
    """The sort key of a row, and the place of its text in the file: ``start`` and ``bytes`` in bytes, ``size`` in code points."""

    site: str
    checksum: str
    id: str
    size: int
    start: int
    bytes: int


class Store:
    """Stores documents and returns them site by site.

    DuckDB sorts short values in little memory but fails on long texts, so these are in a file, from which samples are read.
    """

    def __init__(self, folder: str | None = None) -> None:
        self._duckdb = needed_package("duckdb")
        self._arrow = needed_package("pyarrow")
        self._written = 0
        self._keys: list[_Key] = []
        self._place = folder or "the temporary folder"
        with self._on_disk():
            self._folder = tempfile.TemporaryDirectory(prefix="cleaner-learn-", dir=folder)
        self._place = self._folder.name
        try:
            with self._on_disk():
                # The file has no name, so it disappears with the process, however that ends.
                self._texts = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 (closed by close)
                self._database: Any = self._duckdb.connect(
                    os.path.join(self._folder.name, "keys.db"),
                    config={"memory_limit": MEMORY, "temp_directory": self._folder.name, "threads": 2},
                )
                self._database.execute(
                    "CREATE TABLE keys (site VARCHAR, checksum VARCHAR, id VARCHAR, size BIGINT, start BIGINT, bytes BIGINT)"
                )
        except CleanerError:
            self._folder.cleanup()
            raise

    @contextmanager
    def _on_disk(self) -> Iterator[None]:
        """Turn a failure of the disk into a CleanerError."""
        try:
            yield
        except (OSError, self._duckdb.Error) as error:
            raise CleanerError(
                f"{self._place}: documents could not be stored or read: {reason(error)}; free disk space, or name a "
                "larger disk in TMPDIR"
            ) from error

    def add(self, row: Row) -> None:
        """Store a document. Raises CleanerError if the disk cannot take it, as the methods that read do."""
        text = row.text.encode()
        with self._on_disk():
            self._texts.write(text)
        self._keys.append(_Key(row.site, row.checksum, row.id, len(row.text), self._written, len(text)))
        self._written += len(text)
        if len(self._keys) >= _BATCH:
            self._flush()

    def _flush(self) -> None:
        if self._keys:
            columns = zip(*self._keys, strict=True)
            keys = self._arrow.table(dict(zip(_Key._fields, map(list, columns), strict=True)))
            self._database.register("new", keys)
            with self._on_disk():
                self._database.execute("INSERT INTO keys SELECT * FROM new")
            self._database.unregister("new")
        self._keys = []

    def count(self) -> int:
        """Return how many sites there are."""
        self._flush()
        with self._on_disk():
            found: int = self._database.execute("SELECT count(DISTINCT site) FROM keys").fetchone()[0]
        return found

    def sites(self) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        """Yield the sites by name, each with its documents as (id, text), by checksum."""
        self._flush()
        with self._on_disk():
            found = self._database.execute("SELECT * FROM keys ORDER BY site, checksum, id, start")
            for site, keys in samples(_fetch(found), lambda key: key.size):
                yield site, [(key.id, self._text(key)) for key in keys]

    def _text(self, key: _Key) -> str:
        self._texts.seek(key.start)
        return self._texts.read(key.bytes).decode()

    def close(self) -> None:
        """Remove everything from the disk."""
        self._database.close()
        # Data that a full disk could not take is not needed any more.
        with suppress(OSError):
            self._texts.close()
        self._folder.cleanup()


def _fetch(found: Any) -> Iterable[_Key]:
    while rows := found.fetchmany(4096):
        yield from map(_Key._make, rows)
