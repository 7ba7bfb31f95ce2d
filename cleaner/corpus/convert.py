"""Documents of one form written as another: rows as lines, lines as rows."""

from __future__ import annotations

import decimal
import json
from typing import Any

from cleaner.model import InputError
from cleaner.sources.inputs import Fields, Source
from cleaner.sources.jsonl import Lines, block_size, read_blocks
from cleaner.sources.parquet import arrow
from cleaner.sources.storage import needed, open_input


def rows_as_lines(batch: Any, path: str) -> bytes:
    """Return the rows of a record batch as lines of JSON, columns in their order.

    Times are written as ISO 8601, decimals as strings. Raises InputError for a column that JSON has no type for.
    """
    orjson = needed("orjson")
    try:
        return b"".join([orjson.dumps(row, _spelled, orjson.OPT_APPEND_NEWLINE) for row in batch.to_pylist()])
    except TypeError as error:
        raise InputError(
            f"{path}: cannot be written as JSON: {error}; leave the column out, or stay with Parquet"
        ) from error


def _spelled(value: object) -> str:
    if isinstance(value, decimal.Decimal):
        return str(value)
    raise TypeError(f"a value has the type {type(value).__name__}")


def lines_as_rows(lines: bytes, schema: Any, path: str) -> Any:
    """Return lines of JSON as a record batch of a schema. Raises InputError if a value does not fit."""
    pyarrow = arrow()
    try:
        return pyarrow.RecordBatch.from_pylist(_records(lines), schema=schema)
    except (pyarrow.ArrowException, TypeError, ValueError, OverflowError) as error:
        raise InputError(f"{path}: cannot be written as Parquet: {error}; stay with JSONL") from error


def _records(lines: bytes) -> list[dict[str, Any]]:
    loads = needed("orjson").loads
    found = []
    for line in lines.split(b"\n")[:-1]:
        try:
            found.append(loads(line))
        except ValueError:
            found.append(json.loads(line))
    return found


def schema_of_lines(source: Source, fields: Fields) -> Any:
    """Return a schema that fits all documents of a file, with fields in the order in which they first appear.

    Raises InputError if a field has values whose types no column can hold together.
    """
    pyarrow = arrow()
    schema = pyarrow.schema([])
    with open_input(source.path) as file:
        for block in read_blocks(file, source.form, source.path, block_size(source.form, source.size)):
            lines = Lines(block, fields)
            rows = _records(lines.with_texts([None if each.fault else each.text for each in lines.documents]))
            names = list(dict.fromkeys(name for row in rows for name in row))
            try:
                found = pyarrow.schema([(name, pyarrow.array([row.get(name) for row in rows]).type) for name in names])
                schema = pyarrow.unify_schemas([schema, found], promote_options="permissive")
            except (pyarrow.ArrowException, TypeError, ValueError, OverflowError) as error:
                raise InputError(
                    f"{source.path}: cannot be written as Parquet: in the lines from {block.first} on: {error}; "
                    "stay with JSONL"
                ) from error
    return schema
