"""The outputs of a file: documents, flagged documents, findings and errors; each as a file, or as parts of one."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from cleaner.corpus.convert import lines_as_rows, rows_as_lines, schema_of_lines
from cleaner.corpus.shards import Observer, Shard, Task
from cleaner.sources.inputs import HTML, PARQUET, Source
from cleaner.sources.jsonl import LinesPart, LinesWriter
from cleaner.sources.parquet import RowsPart, RowsWriter, arrow, column, compression, open_parquet, with_new_column
from cleaner.sources.storage import exists, joined, needed, open_input, unwritable, written_whole

DOCUMENTS, FLAGGED, FINDINGS, ERRORS, OBSERVED = "documents", "flagged", "findings", "errors", "observed"
# What stays in the folder of the run, as lines of JSON.
_INNER = (ERRORS, OBSERVED)


def output_path(task: Task, source: Source, kind: str) -> str:
    """Return where a file's output of one kind is written."""
    name = task.output_name(source)
    if kind in _INNER:
        return joined(task.out, ".cleaner", kind, f"{name}.jsonl")
    return joined(task.out, name) if kind == DOCUMENTS else joined(task.out, kind, name)


def parts_folder(task: Task, source: Source) -> str:
    """Return the folder of the parts of a file that is cut."""
    return joined(task.out, ".cleaner", "parts", task.output_name(source))


def part_path(task: Task, source: Source, part: int, kind: str) -> str:
    """Return where a part's output of one kind is written."""
    return joined(parts_folder(task, source), f"{part:08}.{kind}")


class Format:
    """How the outputs of one file are written: the form, and for Parquet the schemas and the compression."""

    def __init__(self, task: Task, source: Source) -> None:
        self.form = task.output_form(source)
        self.compression: dict[str, str] | str = "zstd"
        self._from_rows = source.form == PARQUET
        self._path = source.path
        self._schemas: dict[str, Any] = {}
        if self.form == PARQUET:
            self._schemas[DOCUMENTS] = self._schemas[FLAGGED] = self._schema(task, source)
            self._schemas[FINDINGS] = _findings_schema(self._schemas[DOCUMENTS], task, source)

    def _schema(self, task: Task, source: Source) -> Any:
        if not self._from_rows:
            return schema_of_lines(source, task.fields)
        with open_input(source.path) as file:
            parquet = open_parquet(file, source.path)
            self.compression = compression(parquet)
            schema = parquet.schema_arrow
            if task.fields.html is not None and task.fields.text not in schema.names:
                schema = with_new_column(schema.empty_table(), task.fields.text).schema
            return schema

    def documents(self, payload: Any) -> Any:
        """Convert documents from the form of the input to that of the output."""
        if self._from_rows:
            return payload if self.form == PARQUET else rows_as_lines(payload, self._path)
        return payload if self.form != PARQUET else lines_as_rows(payload, self._schemas[DOCUMENTS], self._path)

    def findings(self, rows: list[dict[str, Any]]) -> Any:
        """Return findings in the form of the output."""
        if self.form != PARQUET:
            return _lines(rows)
        return needed("pyarrow").RecordBatch.from_pylist(rows, schema=self._schemas[FINDINGS])

    def writer(self, path: str, kind: str) -> Any:
        """Open a file, and return a writer of payloads, which can also append parts."""
        if kind in _INNER:
            return LinesWriter(path, "jsonl")
        if self.form != PARQUET:
            return LinesWriter(path, self.form)
        same = kind != FINDINGS
        return RowsWriter(path, self._schemas[kind], self.compression if same else "zstd")

    def part_writer(self, path: str, kind: str) -> Any:
        """Open a part, and return a writer of payloads."""
        if kind in _INNER:
            return LinesPart(path, "jsonl")
        if self.form != PARQUET:
            return LinesPart(path, self.form)
        return RowsPart(path, self._schemas[kind])


def _findings_schema(schema: Any, task: Task, source: Source) -> Any:
    pyarrow = arrow()
    string, number = pyarrow.string(), pyarrow.int64()
    beside = [
        (name, column(schema.empty_table(), field, source.path).type if field else string)
        for name, field in (("id", task.fields.id), ("url", task.fields.url))
        if field or name == "id"
    ]
    return pyarrow.schema(
        [
            *beside,
            ("rule", string),
            ("line", number),
            ("start", number),
            ("end", number),
            ("text", string),
            ("replacement", string),
            ("also", pyarrow.list_(string)),
        ]
    )


def _lines(rows: Iterable[dict[str, Any]]) -> bytes:
    orjson = needed("orjson")
    return b"".join([orjson.dumps(row, default=str, option=orjson.OPT_APPEND_NEWLINE) for row in rows])


class Outputs:
    """The open outputs of one shard: always documents, findings if asked for, and others when there is something to write."""

    def __init__(self, task: Task, source: Source, form: Format, stack: contextlib.ExitStack, part: int | None) -> None:
        self._task, self._source, self._part = task, source, part
        self._stack = stack
        self._open: dict[str, Any] = {}
        self.paths: list[str] = []
        self.form = form
        # A page without text has no output.
        self._may_lack = source.form == HTML
        if not self._may_lack:
            self.open(DOCUMENTS)
        if task.findings:
            self.open(FINDINGS)

    def open(self, kind: str) -> Any:
        """Return the writer of one kind, opened when it is first asked for."""
        if kind not in self._open:
            if self._part is None:
                path, make = output_path(self._task, self._source, kind), self.form.writer
            else:
                path, make = part_path(self._task, self._source, self._part, kind), self.form.part_writer
            made = self._stack.enter_context(written_whole(path, self._task.aside))
            self.paths.append(path)
            try:
                writer = self._open[kind] = make(made, kind)
            except OSError as error:
                raise unwritable(path, error) from error
            self._stack.callback(writer.close)
        return self._open[kind]

    def documents(self, payload: Any) -> None:
        """Write documents that stay."""
        if payload or not self._may_lack:
            self.open(DOCUMENTS).write(self.form.documents(payload))

    def flagged(self, payload: Any) -> None:
        """Write documents that are set apart."""
        self.open(FLAGGED).write(self.form.documents(payload))

    def findings(self, rows: list[dict[str, Any]]) -> None:
        """Write findings."""
        if self._task.findings and rows:
            self.open(FINDINGS).write(self.form.findings(rows))

    def errors(self, rows: list[dict[str, Any]]) -> None:
        """Write which documents could not be cleaned."""
        if rows:
            self.open(ERRORS).write(_lines(rows))

    def observed(self, observer: Observer) -> None:
        """Write what an observer saw of the shard, on one line."""
        # This module writes lone surrogates as escapes.
        self.open(OBSERVED).write(json.dumps(observer.as_dict()).encode() + b"\n")


@contextlib.contextmanager
def outputs_of(task: Task, shard: Shard) -> Iterator[Outputs]:
    """Open the outputs of a shard; they appear if the block succeeds, and leave nothing behind if it fails."""
    with contextlib.ExitStack() as stack:
        yield Outputs(task, shard.source, Format(task, shard.source), stack, shard.part)


def join(task: Task, source: Source, parts: Iterable[int]) -> list[str]:
    """Make the outputs of a file from its parts, in the given order, exactly as one worker would have made them.

    Returns their paths.
    """
    with contextlib.ExitStack() as stack:
        outputs = Outputs(task, source, Format(task, source), stack, None)
        for part in parts:
            for kind in (DOCUMENTS, FLAGGED, FINDINGS, ERRORS, OBSERVED):
                path = part_path(task, source, part, kind)
                if exists(path):
                    with open_input(path) as file:
                        outputs.open(kind).append(file)
    return outputs.paths
