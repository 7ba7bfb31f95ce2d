"""The documents of a file, chunk by chunk, whatever its form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cleaner.model import InputError
from cleaner.sources.inputs import HTML, PARQUET, Fields, Source
from cleaner.sources.jsonl import Lines, block_size, read_blocks
from cleaner.sources.jsonlines import read_value, value_of
from cleaner.sources.pages import PageFile
from cleaner.sources.parquet import Rows, open_parquet, read_chunks
from cleaner.sources.storage import open_input

# Files of which the first documents are looked at, and how many of them, to see whether a field is there.
_FILES, _DOCUMENTS = 5, 200


def check_field(sources: Sequence[Source], field: str, option: str = "--field") -> None:
    """Raise InputError, naming the fields there are, if none of the first documents of the first files has a field."""
    names: dict[str, None] = {}
    for source in sources[:_FILES]:
        found = _first_records(source)
        if not found or any([value_of(record, field, _MISSING) is not _MISSING for record in found]):
            return
        for record in found:
            names.update(dict.fromkeys(_names(record)))
    if names:
        known = ", ".join(sorted(names))
        place = sources[0].path if len(sources) == 1 else f"{sources[0].path} and others"
        raise InputError(f"{place}: no document has a field {field!r}; name one of these with {option}: {known}")


def _first_records(source: Source) -> list[dict[str, Any]]:
    """Return the first documents of a file; none if it has no sound one, which is told later."""
    try:
        with open_input(source.path) as file:
            if source.form == PARQUET:
                batch = next(open_parquet(file, source.path).iter_batches(1), None)
                return [] if batch is None else list(batch.to_pylist())
            block = next(read_blocks(file, source.form, source.path, 1), None)
            lines = block.data.splitlines()[:_DOCUMENTS] if block else []
    except InputError:
        return []
    records = []
    for line in lines:
        try:
            record = read_value(line.decode())
        except (ValueError, RecursionError):
            return []
        if not isinstance(record, dict):
            return []
        records.append(record)
    return records


def _names(record: Mapping[str, Any], above: str = "") -> Iterator[str]:
    """Yield the fields of a document that hold a text; those of objects with a dot."""
    for name, value in record.items():
        if isinstance(value, str):
            yield f"{above}{name}"
        elif isinstance(value, dict) and not above:
            yield from _names(value, f"{name}.")


_MISSING = object()


Chunk = Lines | Rows | PageFile


def read_documents(source: Source, fields: Fields, groups: range | None = None) -> Iterator[Chunk]:
    """Read the documents of a file, chunk by chunk; with ``groups``, only those of these row groups of a Parquet file.

    Raises InputError at the place where the file is broken; the documents before it are good.
    """
    if source.form == HTML:
        yield PageFile(source, fields.html.options if fields.html else {})
        return
    with open_input(source.path) as file:
        if source.form == PARQUET:
            for first, batch in read_chunks(open_parquet(file, source.path), source.path, groups):
                yield Rows(batch, first, fields, source.path)
        else:
            for block in read_blocks(file, source.form, source.path, block_size(source.form, source.size)):
                yield Lines(block, fields)
