"""Parquet in chunks of rows; only the text column ever changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import IO, Any

from cleaner.model import InputError
from cleaner.sources.documents import Document, hints
from cleaner.sources.inputs import Fields
from cleaner.sources.pages import document_of
from cleaner.sources.storage import needed, reason

# Bytes of rows that are cleaned together. A chunk never goes beyond a row group of the input.
CHUNK = 4 << 20
# A smaller row group is read in so many chunks, none smaller than this, so several workers can share it.
_CHUNKS, _LEAST_CHUNK = 64, 256 << 10
# Chunks that are written as one row group. This depends on the input alone, so every run writes the same.
_CHUNKS_IN_GROUP = 8
# Rows that are decoded at once: with this and the buffer, a row group of any size is read in little memory.
_ROWS = 512
_BUFFER = 1 << 20


def arrow() -> Any:
    """Return pyarrow, limited to one thread, because processes run side by side already."""
    pyarrow = needed("pyarrow")
    pyarrow.set_cpu_count(1)
    return pyarrow


def open_parquet(file: IO[bytes], path: str) -> Any:
    """Return the Parquet file; raises InputError if its footer is broken."""
    arrow()
    try:
        return needed("pyarrow.parquet").ParquetFile(
            file, pre_buffer=False, buffer_size=_BUFFER, page_checksum_verification=True
        )
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: is not a complete Parquet file: {reason(error)}; fetch it again") from error


def text_path(schema: Any, field: str, path: str) -> list[str]:
    """Return the path to a text column: its name, or the names that lead to it through structs.

    Raises InputError if there is none or it holds something other than texts.
    """
    steps = [field] if field in schema.names else field.split(".")
    kind: Any = schema
    for step in steps:
        place = kind.get_field_index(step) if hasattr(kind, "get_field_index") else -1
        if place < 0:
            raise InputError(
                f"{path}: has no column {field!r}; name the column that holds the text with --field: "
                f"there are {', '.join(schema.names)}"
            )
        kind = kind.field(place).type
    if not is_text(kind):
        raise InputError(f"{path}: the column {field!r} is not text but {kind}; name another with --field")
    return steps


def is_text(kind: Any) -> bool:
    """Return whether an Arrow type holds texts, in any of its forms."""
    types = needed("pyarrow").types
    if types.is_dictionary(kind):
        kind = kind.value_type
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def chunk_size(size: int) -> int:
    """Return how large the chunks of a row group of so many bytes are."""
    return min(CHUNK, max(_LEAST_CHUNK, size // _CHUNKS))


def read_chunks(file: Any, path: str, groups: Sequence[int] | None = None) -> Iterator[tuple[int, Any]]:
    """Yield the rows of some row groups, or of all, as (number of the first row from 1, record batch).

    Raises InputError if a row group is broken.
    """
    pyarrow = arrow()
    starts = _starts(file)
    for group in range(file.num_row_groups) if groups is None else groups:
        number, held, size = starts[group], [], 0
        facts = file.metadata.row_group(group)
        chunk = chunk_size(facts.total_byte_size)
        rows = min(_ROWS, max(1, facts.num_rows // _CHUNKS))
        try:
            for batch in file.iter_batches(rows, row_groups=[group], use_threads=False):
                held.append(batch)
                size += batch.nbytes
                if size >= chunk:
                    whole = _one(pyarrow, held)
                    yield number, whole
                    number, held, size = number + whole.num_rows, [], 0
        except (OSError, ValueError) as error:
            raise InputError(
                f"{path}: is broken in row group {group}, after row {number - 1}: {reason(error)}; fetch it again"
            ) from error
        if held:
            yield number, _one(pyarrow, held)


def _starts(file: Any) -> list[int]:
    starts = [1]
    for group in range(file.num_row_groups):
        starts.append(starts[-1] + file.metadata.row_group(group).num_rows)
    return starts


def _one(pyarrow: Any, batches: list[Any]) -> Any:
    return pyarrow.concat_batches(batches) if len(batches) > 1 else batches[0]


class Rows:
    """The documents of a record batch; ``with_texts`` returns the batch with other texts."""

    def __init__(self, batch: Any, first: int, fields: Fields, path: str) -> None:
        self.batch = batch
        if fields.html is not None and fields.text not in batch.schema.names:
            self.batch = batch = with_new_column(batch, fields.text)
        self._steps = text_path(batch.schema, fields.text, path)
        beside = {
            name: values(column(batch, field, path))
            for name, field in fields.named().items()
            if name not in fields.optional or field.split(".")[0] in batch.schema.names
        }
        if fields.html is not None:
            pages = values(column(batch, fields.html.field, path))
            rows = [{name: found[place] for name, found in beside.items()} for place in range(len(pages))]
            self.documents = [
                document_of(number, page, fields.html, hints(row))
                for number, (page, row) in enumerate(zip(pages, rows, strict=True), first)
            ]
            return
        self.documents = [
            self._document(number, text, {name: found[number - first] for name, found in beside.items()})
            for number, text in enumerate(values(_inner(batch, self._steps)), first)
        ]

    def _document(self, number: int, text: object, beside: dict[str, Any]) -> Document:
        beside = hints(beside)
        if isinstance(text, str):
            return Document(number, text, **beside)
        fault = "is not UTF-8" if isinstance(text, bytes) else "is null"
        return Document(number, "", fault=f"the text in column {'.'.join(self._steps)!r} {fault}", **beside)

    def with_texts(self, texts: Sequence[str | None]) -> Any:
        """Return the batch with these texts, one for each document; None leaves a row out."""
        batch = with_column(self.batch, self._steps, texts)
        stay = [place for place, text in enumerate(texts) if text is not None]
        return batch if len(stay) == len(texts) else batch.take(needed("pyarrow").array(stay, "int64"))


def with_new_column(batch: Any, field: str) -> Any:
    """Return a batch or table with an empty column of texts behind the others."""
    pyarrow = needed("pyarrow")
    return batch.append_column(field, pyarrow.nulls(batch.num_rows, pyarrow.string()))


def column(batch: Any, field: str, path: str) -> Any:
    """Return a column of a batch or table, by its name or by a path through structs."""
    try:
        return _inner(batch, [field] if field in batch.schema.names else field.split("."))
    except KeyError as error:
        raise InputError(f"{path}: has no column {field!r}: there are {', '.join(batch.schema.names)}") from error


def _inner(batch: Any, steps: Sequence[str]) -> Any:
    found = batch.column(steps[0])
    for step in steps[1:]:
        found = needed("pyarrow.compute").struct_field(found, step)
    return found


def values(array: Any) -> list[Any]:
    """Return the values of a column; text that is not UTF-8 is returned as bytes."""
    try:
        return list(array.to_pylist())
    except UnicodeDecodeError:
        return [_value(scalar) for scalar in array]


def _value(scalar: Any) -> Any:
    try:
        return scalar.as_py()
    except UnicodeDecodeError:
        return scalar.as_buffer().to_pybytes()


def with_column(batch: Any, steps: Sequence[str], texts: Sequence[str | None]) -> Any:
    """Return a batch or table with other texts in the column at the end of ``steps``; type, order and the other columns stay."""
    place = batch.schema.get_field_index(steps[0])
    field = batch.schema.field(place)
    return batch.set_column(place, field, _rebuilt(batch.column(place), field.type, steps[1:], texts))


def _rebuilt(old: Any, kind: Any, steps: Sequence[str], texts: Sequence[str | None]) -> Any:
    pyarrow = needed("pyarrow")
    if not steps:
        if pyarrow.types.is_dictionary(kind):
            return pyarrow.array(texts, kind.value_type).dictionary_encode().cast(kind)
        return pyarrow.array(texts, kind)
    if isinstance(old, pyarrow.ChunkedArray):
        old = old.combine_chunks()
    inner = [needed("pyarrow.compute").struct_field(old, kind.field(place).name) for place in range(kind.num_fields)]
    place = kind.get_field_index(steps[0])
    inner[place] = _rebuilt(inner[place], kind.field(place).type, steps[1:], texts)
    return pyarrow.StructArray.from_arrays(
        inner, fields=[kind.field(place) for place in range(kind.num_fields)], mask=old.is_null()
    )


def compression(file: Any) -> dict[str, str] | str:
    """Return the compression of each column of a Parquet file, so the output can have the same."""
    if not file.num_row_groups:
        return "zstd"
    group = file.metadata.row_group(0)
    found = {}
    for place in range(group.num_columns):
        about = group.column(place)
        found[about.path_in_schema] = "NONE" if about.compression == "UNCOMPRESSED" else about.compression
    return found


class RowsWriter:
    """Writes record batches into a Parquet file, several to a row group."""

    def __init__(self, path: str, schema: Any, compression: dict[str, str] | str = "zstd") -> None:
        self._writer = needed("pyarrow.parquet").ParquetWriter(path, schema, compression=compression)
        self._held: list[Any] = []

    def write(self, batch: Any) -> None:
        """Write a record batch."""
        if batch.num_rows:
            self._held.append(batch)
        if len(self._held) == _CHUNKS_IN_GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._held:
            whole = _one(needed("pyarrow"), self._held)
            self._held = []
            self._writer.write_batch(whole, row_group_size=whole.num_rows)

    def append(self, part: IO[bytes]) -> None:
        """Write the record batches that a part holds."""
        for batch in needed("pyarrow").ipc.open_stream(part):
            self.write(batch)

    def close(self) -> None:
        """End the file."""
        try:
            self._flush()
        finally:
            self._writer.close()


class RowsPart:
    """Writes record batches as a part of a Parquet file, in a form that is cheap to read back."""

    def __init__(self, path: str, schema: Any) -> None:
        ipc = needed("pyarrow").ipc
        self._writer = ipc.new_stream(path, schema, options=ipc.IpcWriteOptions(compression="lz4"))

    def write(self, batch: Any) -> None:
        """Write a record batch."""
        if batch.num_rows:
            self._writer.write_batch(batch)

    def close(self) -> None:
        """End the part."""
        self._writer.close()
