"""Measures what cleaning is worth on folders of real pages: ``python benchmarks/quality.py FOLDER...``.

Prints lift (F1, exact, precision, recall), gold loss, segments and the precision of every rule, for each preset,
system and language; ``--peers`` runs others beside us, ``--show`` lists the lines behind the numbers. What a folder
must hold is said in ``corpora.py``, what each number means in ``measures.py``. No title is handed to the cleaner here.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs as a file, too

from benchmarks import figures, tables
from benchmarks.corpora import Corpus, CorpusError, Document, read_corpus
from benchmarks.judging import PRESETS, Records, Task, build_cleaners, judge_documents
from benchmarks.peers import load_peers

BATCH = 8  # documents handed to a process at a time
LIMIT = 60  # entries shown of a long list


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark and return the exit code: 2 for a folder or option that cannot be used, else 0."""
    options = _parser().parse_args(arguments)
    start = time.monotonic()
    task = _task(options)
    try:
        corpora = [_select(read_corpus(folder), options.systems) for folder in options.folders]
        build_cleaners(task)
    except CorpusError as error:
        print(error, file=sys.stderr)
        return 2
    records = measure(corpora, task, options.jobs)
    result = figures.figures(records, task, show=options.show)
    for line in report(result, task, records.cleaned, options.limit):
        print(line)
    if options.json:
        _write_json(options.json, result, task, records.cleaned)
    print(f"{time.monotonic() - start:.0f} s", file=sys.stderr)
    return 0


def measure(corpora: Sequence[Corpus], task: Task, jobs: int = 2) -> Records:
    """Judge every document of every corpus, with ``jobs`` processes; the records keep the documents' order."""
    tasks, batches = [], []
    for corpus in corpora:
        for batch in _batches(corpus.documents):
            tasks.append(replace(task, corpus=corpus.name))
            batches.append(batch)
    total = Records()
    if jobs < 2:
        for records in map(judge_documents, tasks, batches):
            total.extend(records)
        return total
    with ProcessPoolExecutor(jobs) as pool:
        for records in pool.map(judge_documents, tasks, batches):
            total.extend(records)
    return total


def report(result: dict[str, list[figures.Row]], task: Task, cleaned: int, limit: int) -> Iterator[str]:
    """Yield the lines of the report."""
    if task.peers:
        peers, missing = load_peers()
        yield "Peers in this run:"
        yield from (f"  {peer.name}: {peer.source}" for peer in peers)
        yield from (f"  {one.name}: left out; {one.cure}" for one in missing)
    yield from tables.lift_tables(result["lift"], task.methods)
    yield from tables.segment_table(result["segments"])
    yield from tables.loss_tables(result["gold_loss"])
    yield from tables.rule_tables(result["rules"])
    if task.show:
        yield from tables.standing_list(
            result["standing_groups"], result["standing_shapes"], limit, task.presets[-1] if task.presets else ""
        )
        yield from tables.worse_list(result["worse"], limit)
        yield from tables.lost_segment_list(result["lost_segments"])
        yield from tables.dropped_list(result["dropped"], limit)
        yield from tables.gold_line_list(result["gold_lines"])
    if task.idempotence:
        yield from tables.unstable_list(result["unstable"], cleaned)
    yield from tables.verdict_lines(result["lift"], result["gold_loss"])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks/quality.py", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="holds ground-truth.json and output/")
    parser.add_argument(
        "--presets", default=",".join(PRESETS), help='comma-separated; "" for none (default: %(default)s)'
    )
    parser.add_argument("--systems", default="", help="comma-separated: only these systems' outputs")
    parser.add_argument("--peers", action="store_true", help="run the peers beside us")
    parser.add_argument("--oracle", action="store_true", help="show what dropping exactly the right lines would reach")
    parser.add_argument(
        "--show", action="store_true", help="list the lines: wrongly taken, still standing, taken of gold"
    )
    parser.add_argument("--limit", type=int, default=LIMIT, help="entries of the long lists (default: %(default)s)")
    parser.add_argument("--idempotence", action="store_true", help="clean every text twice and list what changes")
    parser.add_argument("--even", action="store_true", help="lift without soft hyphens and their like on either side")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure to FILE")
    parser.add_argument("--jobs", type=int, default=2, help="processes (default: %(default)s)")
    return parser


def _task(options: argparse.Namespace) -> Task:
    presets = tuple(filter(None, options.presets.split(",")))
    unknown = [preset for preset in presets if preset not in PRESETS]
    if unknown:
        _parser().error(f"no preset {unknown[0]!r}; choose from {', '.join(PRESETS)}")
    return Task("", presets, options.peers, options.oracle, options.show, options.idempotence, options.even)


def _select(corpus: Corpus, systems: str) -> Corpus:
    """Return the corpus with only the named systems' outputs; all of them where none is named."""
    if not systems:
        return corpus
    names = tuple(name for name in corpus.systems if name in systems.split(","))
    documents = (
        replace(document, outputs={name: document.outputs[name] for name in names}) for document in corpus.documents
    )
    return Corpus(corpus.name, tuple(documents), names)


def _batches(documents: Sequence[Document]) -> Iterator[Sequence[Document]]:
    for start in range(0, len(documents), BATCH):
        yield documents[start : start + BATCH]


def _write_json(path: Path, result: dict[str, Any], task: Task, cleaned: int) -> None:
    versions = {name: _version(name) for name in ("boilerplate-cleaner", "datatrove", "jusText")}
    head = {"versions": versions, "methods": task.methods, "even": task.even, "texts_cleaned_twice": cleaned}
    path.write_text(json.dumps(head | result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


if __name__ == "__main__":
    sys.exit(main())
