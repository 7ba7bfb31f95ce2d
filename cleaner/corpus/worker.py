"""The work on a shard: the same function in a pool of processes and on a cluster."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from cleaner.cleaning import Cleaner
from cleaner.corpus.lessons import cleaner_of
from cleaner.corpus.manifest import record_part, record_whole
from cleaner.corpus.outputs import Outputs, outputs_of
from cleaner.corpus.shards import Shard, Task
from cleaner.corpus.tally import Tally
from cleaner.model import CleanerError, InputError
from cleaner.sources.documents import Document, sound
from cleaner.sources.inputs import Fields, Source
from cleaner.sources.jsonl import Lines
from cleaner.sources.pages import PageFile
from cleaner.sources.parquet import Rows
from cleaner.sources.reading import Chunk, read_documents
from cleaner.sources.storage import joined, written_whole


def _chunks_of(shard: Shard, fields: Fields) -> Iterator[Chunk]:
    """Read the documents of a shard, chunk by chunk."""
    if shard.lines is not None:
        yield Lines(shard.lines, fields)
    elif shard.rows is not None:
        yield Rows(shard.rows[1], shard.rows[0], fields, shard.source.path)
    else:
        yield from read_documents(shard.source, fields, shard.groups)


def clean_shard(task: Task, shard: Shard) -> dict[str, Any]:
    """Clean the documents of a shard, write the results, record it as finished, and return the record.

    Raises InputError if the file is broken or, with ``task.strict``, at the first document that cannot be cleaned;
    OutputError if something cannot be written. Then nothing of the shard is written.
    """
    cleaner = cleaner_of(task)
    tally = Tally()
    # A worker has one task for many shards.
    own = task._replace(observer=copy.deepcopy(task.observer))
    with outputs_of(task, shard) as outputs:
        for chunk in _chunks_of(shard, task.fields):
            _clean_chunk(cleaner, own, shard.source, chunk, outputs, tally)
        if own.observer is not None:
            outputs.observed(own.observer)
    if shard.part is None:
        return record_whole(task, shard.source, outputs.paths, tally)
    return record_part(task, shard.source, shard.part, tally)


def _clean_chunk(cleaner: Cleaner, task: Task, source: Source, chunk: Chunk, outputs: Outputs, tally: Tally) -> None:
    stay: list[str | None] = []
    apart: list[str | None] = []
    findings: list[dict[str, Any]] = []
    errors: list[dict[str, Any]] = []
    for document in chunk.documents:
        fault = document.fault
        kept = separate = None
        if not fault:
            try:
                explained = cleaner.explain(document.text, **document.known)
            except CleanerError as error:
                fault = str(error)
        if fault:
            if task.strict:
                raise InputError(f"{source.path}:{document.number}: {fault}")
            tally.count_failed()
            errors.append(_error(task, source, document, fault))
        else:
            tally.count(document.text, explained)
            if isinstance(chunk, PageFile) and task.keep_source:
                _keep(task, source, document.text)
            if explained.flagged and task.flagged == "separate":
                separate = explained.text
            elif explained.text or not task.drop_empty:
                kept = explained.text
            if task.observer is not None:
                named = _name(task, source, document)
                task.observer.add(str(named["id"]), explained, document.known["url"] or "")
            if task.findings:
                name = _name(task, source, document)
                findings += [{**name, **finding._asdict()} for finding in explained.taken]
        stay.append(kept)
        apart.append(separate)
    outputs.documents(chunk.with_texts(stay))
    if any(text is not None for text in apart):
        outputs.flagged(chunk.with_texts(apart))
    for finding in findings:
        finding["text"] = sound(finding["text"])
    outputs.findings(findings)
    outputs.errors(errors)


def _keep(task: Task, source: Source, text: str) -> None:
    """Write the text of a page as it was extracted."""
    path = joined(task.keep_source, task.output_name(source))
    with written_whole(path, task.aside) as made, open(made, "wb") as file:
        file.write(text.encode("utf-8", "replace") + b"\n")


def _name(task: Task, source: Source, document: Document) -> dict[str, Any]:
    """Return the identity of a document: its id, or else its file and number; and its URL, if known."""
    name = {"id": document.id if task.fields.id else f"{source.name}:{document.number}"}
    return {**name, "url": document.url} if task.fields.url else name


def _error(task: Task, source: Source, document: Document, fault: str) -> dict[str, Any]:
    place = {"file": source.path, "number": document.number}
    return {**place, **_name(task, source, document), "error": sound(fault)}
