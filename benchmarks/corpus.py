"""How fast are corpora cleaned, beside the ideal, and in how much memory: by the pool, Ray, datatrove and Hugging Face datasets?

    python benchmarks/corpus.py [--documents N] [--runs N] [--engines NAME...] [--select RULE...] [--growth N...]

A corpus is made of the rules' examples and generated prose (``mixed.py``), in Parquet and in JSONL.zst, as forty files and,
for the pool, as one. The ideal is the time that one process needs for cleaning alone, divided by the workers; it is
measured on a sample before and after each run, because machines drift. Prints the medians of the start (import, Ray's own
start), of the work, of its ratio to the ideal, of the ratio of CPU, which a busy machine disturbs less, and of the peak
memory of all processes. Engines take turns, each run in a new process. ``--select`` cleans with fewer rules, which leaves
mostly the cost of the engines themselves. ``--growth`` shows how the costs of the pool grow with the corpus.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import islice, product
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs as a file, too

from benchmarks.mixed import documents
from benchmarks.running import watch
from benchmarks.tables import table
from cleaner.cleaning import Cleaner, cleaner_for
from cleaner.corpus import clean_files
from cleaner.sources.processes import cpus

FILES = 40
FORMS = ("parquet", "jsonl.zst")
SAMPLE = 1000  # documents
_BATCH = 10_000  # documents of a row group


# --- The corpus and the ideal ---------------------------------------------------------------------


def make(folder: Path, number: int, files: int, form: str) -> Path:
    """Write a corpus of ``number`` documents in some files, unless it exists, and return its folder."""
    home = folder / f"{form}-{files}-{number}"
    if home.is_dir():
        return home
    home.mkdir()
    made = documents(number)
    for place in range(files):
        share = islice(made, number // files + (place < number % files))
        (_write_parquet if form == "parquet" else _write_lines)(home / f"{place:03}.{form}", share)
    return home


def _write_lines(path: Path, made: Iterator[dict[str, Any]]) -> None:
    with zstandard.open(path, "wb") as file:
        for document in made:
            file.write(json.dumps(document, ensure_ascii=False).encode() + b"\n")


def _write_parquet(path: Path, made: Iterator[dict[str, Any]]) -> None:
    first = pa.RecordBatch.from_pylist(list(islice(made, _BATCH)))
    with pq.ParquetWriter(path, first.schema, compression="zstd") as writer:
        writer.write_batch(first)
        while batch := list(islice(made, _BATCH)):
            writer.write_batch(pa.RecordBatch.from_pylist(batch))


def ideal(number: int, cleaner: Cleaner) -> tuple[float, float]:
    """Return the seconds that cleaning takes if the workers share it without loss, and its seconds of CPU."""
    some = [(document["text"], document["title"]) for document in documents(min(SAMPLE, number))]
    begun, begun_cpu = time.perf_counter(), time.process_time()
    for text, title in some:
        cleaner.explain(text, title)
    spent, cpu = time.perf_counter() - begun, time.process_time() - begun_cpu
    return spent * number / len(some) / cpus(), cpu * number / len(some)


# --- Engines: each runs one corpus into a folder, and returns when its work began -------------------


def run_local(source: str, out: str, options: dict[str, Any]) -> float:
    """Run the pool of processes."""
    begun = time.perf_counter()
    clean_files(source, out, title_field="title", workers=cpus(), **options)
    return begun


def run_ray(source: str, out: str, options: dict[str, Any]) -> float:
    """Run a Ray of this machine, started before the clock."""
    import ray

    ray.init(num_cpus=cpus(), include_dashboard=False, log_to_driver=False, object_store_memory=256 << 20)
    ray.get([ray.remote(cleaner_for).remote(options) for _ in range(cpus())])
    begun = time.perf_counter()
    clean_files(source, out, title_field="title", workers=cpus(), engine="ray", **options)
    return begun


def run_datatrove(source: str, out: str, options: dict[str, Any]) -> float:
    """Run datatrove's local executor, one task per file."""
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import JsonlReader, ParquetReader
    from datatrove.pipeline.writers import JsonlWriter, ParquetWriter

    from cleaner.integrations.datatrove import BoilerplateFormatter

    is_parquet = "parquet" in Path(source).name
    reader = (ParquetReader if is_parquet else JsonlReader)(source)
    writer = ParquetWriter(out) if is_parquet else JsonlWriter(out, compression="zstd")
    steps = [reader, BoilerplateFormatter(title_key="title", **options), writer]
    begun = time.perf_counter()
    LocalPipelineExecutor(steps, tasks=FILES, workers=cpus(), logging_dir=f"{out}-logs").run()
    return begun


def run_datasets(source: str, out: str, options: dict[str, Any]) -> float:
    """Load, map and write with Hugging Face datasets."""
    from datasets import load_dataset

    from cleaner.integrations.datasets import CleanColumn

    is_parquet = "parquet" in Path(source).name
    files = [str(path) for path in sorted(Path(source).iterdir())]
    begun = time.perf_counter()
    form = "parquet" if is_parquet else "json"
    dataset = load_dataset(form, data_files=files, split="train", cache_dir=f"{out}-cache")
    mapped = dataset.map(CleanColumn("text", title_field="title", **options), batched=True, num_proc=cpus())
    Path(out).mkdir()
    if is_parquet:
        mapped.to_parquet(f"{out}/all.parquet")
    else:
        mapped.to_json(f"{out}/all.jsonl")  # it does not write zstd
    return begun


ENGINES: dict[str, Callable[[str, str, dict[str, Any]], float]] = {
    "local": run_local,
    "ray": run_ray,
    "datatrove": run_datatrove,
    "datasets": run_datasets,
}


# --- What is compared -----------------------------------------------------------------------------


_COLUMNS = {
    "corpus": "", "engine": "", "start_s": ".1f", "work_s": ".1f", "documents_a_second": ",.0f", "over_the_ideal": ".2f",
    "cpu_over_the_ideal": ".2f", "peak_mb": ",.0f",
}  # fmt: skip


def measure(engine: str, source: Path, number: int, options: dict[str, Any]) -> tuple[float, ...]:
    """Run one engine in a process of its own, between two measurements of the ideal, and return the figures of its row."""
    cleaner = cleaner_for(options)
    before = ideal(number, cleaner)
    with tempfile.TemporaryDirectory(dir=source.parent) as folder:
        order = json.dumps([engine, str(source), f"{folder}/out", options])
        watched = watch([sys.executable, __file__, "--run", order])
    best, best_cpu = (statistics.fmean(both) for both in zip(before, ideal(number, cleaner), strict=True))
    work = float(watched.output.splitlines()[-1])
    return watched.seconds - work, work, number / work, work / best, watched.cpu / best_cpu, watched.peak / 1e6


def main() -> None:
    """Make the corpora, run the engines, print the figures."""
    parser = argparse.ArgumentParser(prog="benchmarks/corpus.py", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--documents", type=int, default=200_000, metavar="N", help="default: %(default)s")
    parser.add_argument("--runs", type=int, default=3, metavar="N", help="of each engine (default: %(default)s)")
    parser.add_argument("--engines", nargs="*", choices=list(ENGINES), default=list(ENGINES))
    parser.add_argument("--select", nargs="+", metavar="RULE", help="only these rules")
    parser.add_argument("--growth", nargs="*", type=int, default=[10_000, 100_000, 1_000_000], metavar="N")
    parser.add_argument("--run", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.run:
        engine, source, out, options = json.loads(given.run)
        begun = ENGINES[engine](source, out, options)
        print(f"\n{time.perf_counter() - begun}")
        return
    options = {"select": given.select} if given.select else {}
    ideal(SAMPLE, cleaner_for(options))  # its patterns are loaded when they are first tried
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found: dict[tuple[str, str], list[tuple[float, ...]]] = defaultdict(list)
        for _ in range(given.runs):
            for files, form in product((FILES, 1), FORMS):
                source = make(folder, given.documents, files, form)
                for engine in given.engines if files > 1 else given.engines[:1]:
                    figures = measure(engine, source, given.documents, options)
                    found[f"{form}, {files} files", engine].append(figures)
        for number, form in product(given.growth, FORMS):
            figures = measure("local", make(folder, number, FILES, form), number, options)
            found[f"{form}, {number:,} documents", "local"].append(figures)
    rows = [(*place, *map(statistics.median, zip(*runs, strict=True))) for place, runs in found.items()]
    print(*table([dict(zip(_COLUMNS, row, strict=True)) for row in rows], _COLUMNS), sep="\n")


if __name__ == "__main__":
    main()
