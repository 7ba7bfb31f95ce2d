"""The documents of a file, chunk by chunk, whatever its form."""

from __future__ import annotations

from collections.abc import Iterator

from cleaner.sources.inputs import PARQUET, Fields, Source
from cleaner.sources.jsonl import Lines, read_blocks
from cleaner.sources.parquet import Rows, open_parquet, read_chunks
from cleaner.sources.storage import open_input


def read_documents(source: Source, fields: Fields, groups: range | None = None) -> Iterator[Lines | Rows]:
    """Read the documents of a file, chunk by chunk; with ``groups``, only those of these row groups of a Parquet file.

    Raises InputError at the place where the file is broken; the documents before it are good.
    """
    with open_input(source.path) as file:
        if source.form == PARQUET:
            for first, batch in read_chunks(open_parquet(file, source.path), source.path, groups):
                yield Rows(batch, first, fields, source.path)
        else:
            for block in read_blocks(file, source.form, source.path):
                yield Lines(block, fields)
