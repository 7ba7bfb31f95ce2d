"""The task that all shards share, and the shards that files are cut into."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol

from cleaner.model import Explanation
from cleaner.sources.inputs import HTML, JSONL, PARQUET, WARC, Fields, Source, renamed
from cleaner.sources.jsonl import EXPANSION, Block, block_size, read_blocks
from cleaner.sources.parquet import open_parquet, read_chunks
from cleaner.sources.storage import joined, open_input

# A file is worth cutting from this size on, in bytes once it is decompressed; if there are too few files for all workers, from this one.
WORTH_CUTTING, WORTH_SHARING = 32 << 20, 512 << 10
# Row groups go to a worker together until they have this many bytes, or a part of the file; one that is more than twice as large is
# cut itself.
_SPAN, _SPANS, _LEAST_SPAN = 16 << 20, 64, 256 << 10


class Observer(Protocol):
    """Sees every document, such as one that gathers a report. Workers have copies, and what these gather is joined."""

    def part(self, size: int) -> Observer:
        """Return an observer for the workers, of a corpus of so many bytes."""

    def add(self, name: str, explained: Explanation, url: str = "") -> None:
        """See a document."""

    def as_dict(self) -> dict[str, Any]:
        """Return what was seen, for JSON."""

    def join(self, other: Any) -> None:
        """Add what another observer returned."""


class Task(NamedTuple):
    """The work to do with every document. Every worker gets it, so it is small and can be pickled.

    ``learns`` tells that the run learns from its files first; ``learned`` is the digest of what it learned, "" for nothing.
    ``keep_source`` is the folder for the texts that cleaning started from, if the files are pages.
    """

    out: str
    options: dict[str, Any]
    fields: Fields = Fields()
    to: str | None = None
    findings: bool = False
    drop_empty: bool = False
    flagged: str = "keep"
    strict: bool = False
    observer: Observer | None = None
    learns: bool = False
    learned: str = ""
    keep_source: str = ""

    def output_name(self, source: Source) -> str:
        """Return the name of a file's output below the output folder."""
        return renamed(source.name, self.output_form(source))

    def output_form(self, source: Source) -> str:
        """Return the form of a file's output: a page becomes a text, and an archive of pages JSONL."""
        if source.form == HTML:
            return "md" if self.fields.html is not None and self.fields.html.options.get("markdown") else "txt"
        return JSONL if source.form == WARC else self.to or source.form

    @property
    def aside(self) -> str:
        """The folder in which files are made before they are renamed."""
        return joined(self.out, ".cleaner", "aside")


class Shard(NamedTuple):
    """A piece of work for one worker: a whole file, or some row groups of one, or rows or lines that were read from one.

    ``part`` counts the pieces of a file from 0; None means that the piece is the whole file. ``weight`` is its share of the
    file's bytes, for the progress.
    """

    source: Source
    weight: int
    part: int | None = None
    groups: range | None = None
    lines: Block | None = None
    rows: tuple[int, Any] | None = None

    @property
    def place(self) -> str:
        """The name of the piece in messages."""
        if self.part is None:
            return self.source.path
        return f"{self.source.path} (part {self.part + 1})"


def is_worth_cutting(source: Source, task: Task, are_few: bool = False) -> bool:
    """Return whether a file is so large that several workers should share it. ``are_few``: there are too few files for all workers.

    A file of lines that becomes Parquet stays whole: its schema is known only when all of it has been read.
    """
    if source.form == HTML or (task.to == PARQUET and source.form != PARQUET):
        return False
    least = min(WORTH_SHARING, WORTH_CUTTING) if are_few else WORTH_CUTTING
    return source.size * (1 if source.form == "jsonl" else EXPANSION) >= least


def cut(source: Source) -> Iterator[Shard]:
    """Cut a file into shards, by its content alone.

    Parquet is cut between row groups, which the workers read; a file that can only be read from its beginning is read here and
    handed over. Raises InputError if the file is broken.
    """
    with open_input(source.path) as file:
        if source.form != PARQUET:
            before = 0
            for part, block in enumerate(
                read_blocks(file, source.form, source.path, block_size(source.form, source.size))
            ):
                here = file.tell()
                yield Shard(source, here - before, part, lines=block)
                before = here
            return
        parquet = open_parquet(file, source.path)
        about = [parquet.metadata.row_group(group) for group in range(parquet.num_row_groups)]
        rows = sum(group.num_rows for group in about) or 1
        span = min(_SPAN, max(_LEAST_SPAN, sum(group.total_byte_size for group in about) // _SPANS))
        if max((group.total_byte_size for group in about), default=0) > 2 * span:
            for part, (first, batch) in enumerate(read_chunks(parquet, source.path)):
                yield Shard(source, source.size * batch.num_rows // rows, part, rows=(first, batch))
            return
        start = size = part = 0
        for group, facts in enumerate(about, 1):
            size += facts.total_byte_size
            if size >= span or group == len(about):
                inside = sum(facts.num_rows for facts in about[start:group])
                yield Shard(source, source.size * inside // rows, part, groups=range(start, group))
                start, size, part = group, 0, part + 1
