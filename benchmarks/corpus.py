"""How fast corpora are cleaned, beside the ideal, and in how much memory: the pool, Ray, datatrove and Hugging Face datasets.

    python benchmarks/corpus.py [--documents N] [--runs N] [--engines NAME...] [--select RULES...] [--growth N...]

A corpus is made of the rules' examples and generated prose (see mixed.py), as forty files and as one, in Parquet and in
JSONL.zst. The ideal is the time that one process needs for nothing but cleaning, texts in memory and patterns compiled,
divided by the workers; it is measured before and after each run, on a sample, because machines drift. A ratio is the time
of a run without its start (import, Ray's own start) to that; the ratio of CPU, which a busy machine disturbs less, is all CPU
seconds of a run to those of cleaning alone. Peak memory is the sum over the whole process tree, shared
memory counted once (PSS). Every run is a process of its own, and engines take turns; figures are medians.

``--select`` cleans with fewer rules: what is left of the time is what the engines themselves cost.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from cleaner.cleaning import Cleaner
from cleaner.corpus import clean_files
from cleaner.corpus.pool import cpus
from cleaner.corpus.worker import cleaner_for

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.mixed import documents
from benchmarks.trees import watch

FILES = 40
SAMPLE = 1000
# How each engine is run: a folder of the corpus, the output folder, the options of the Cleaner.
ENGINES = ("local", "ray", "datatrove", "datasets")


class Figures(NamedTuple):
    """What one run took: seconds of its start, of its work, and of CPU in all; bytes of memory at its peak."""

    start: float
    work: float
    cpu: float
    peak: int


class Ideal(NamedTuple):
    """What cleaning alone takes: seconds with all workers, seconds of CPU."""

    work: float
    cpu: float


def make(folder: Path, number: int, files: int, form: str) -> Path:
    """Write a corpus of ``number`` documents in so many files, unless it is there, and return its folder."""
    home = folder / f"{form}-{files}-{number}"
    if home.is_dir():
        return home
    home.mkdir()
    made = documents(number)
    for place in range(files):
        path = home / f"{place:03}.{form}"
        share = islice(made, number // files + (place < number % files))
        if form == "parquet":
            _write_parquet(path, share)
        else:
            with zstandard.open(path, "wb") as file:
                for document in share:
                    file.write(json.dumps(document, ensure_ascii=False).encode() + b"\n")
    return home


def _write_parquet(path: Path, made: Iterator[dict[str, Any]]) -> None:
    # Row groups as pandas and pyarrow write them unless told: a million rows, so that a file is one.
    batches = iter(lambda: pa.RecordBatch.from_pylist(list(islice(made, 10_000))), None)
    first = next(batches)
    with pq.ParquetWriter(path, first.schema, compression="zstd") as writer:
        writer.write_batch(first)
        for batch in batches:
            if not batch.num_rows:
                return
            writer.write_batch(batch)


def ideal(number: int, workers: int, cleaner: Cleaner) -> Ideal:
    """Return what cleaning so many documents takes: seconds, shared among the workers with nothing lost, and seconds of CPU."""
    sample = [(document["text"], document["title"]) for document in documents(min(SAMPLE, number))]
    begun, begun_cpu = time.perf_counter(), time.process_time()
    for text, title in sample:
        cleaner.explain(text, title)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - begun_cpu
    return Ideal(seconds * number / len(sample) / workers, cpu * number / len(sample))


def run_local(source: str, out: str, workers: int, options: dict[str, Any]) -> float:
    """Run the pool of processes."""
    begun = time.perf_counter()
    clean_files(source, out, title_field="title", workers=workers, **options)
    return begun


def run_ray(source: str, out: str, workers: int, options: dict[str, Any]) -> float:
    """Run a Ray of this machine, started before the clock."""
    import ray

    ray.init(num_cpus=workers, include_dashboard=False, log_to_driver=False, object_store_memory=256 << 20)
    ray.get([ray.remote(cleaner_for).remote(options) for _ in range(workers)])
    begun = time.perf_counter()
    clean_files(source, out, title_field="title", workers=workers, engine="ray", **options)
    return begun


def run_datatrove(source: str, out: str, workers: int, options: dict[str, Any]) -> float:
    """Run datatrove's executor of this machine, a task a file."""
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import JsonlReader, ParquetReader
    from datatrove.pipeline.writers import JsonlWriter, ParquetWriter

    from cleaner.integrations.datatrove import BoilerplateFormatter

    files = sorted(Path(source).iterdir())
    is_parquet = files[0].suffix == ".parquet"
    reader = (ParquetReader if is_parquet else JsonlReader)(source)
    writer = ParquetWriter(out) if is_parquet else JsonlWriter(out, compression="zstd")
    begun = time.perf_counter()
    LocalPipelineExecutor(
        [reader, BoilerplateFormatter(title_key="title", **options), writer],
        tasks=len(files),
        workers=workers,
        logging_dir=f"{out}-logs",
    ).run()
    return begun


def run_datasets(source: str, out: str, workers: int, options: dict[str, Any]) -> float:
    """Load, map and write with Hugging Face datasets."""
    from datasets import load_dataset

    from cleaner.integrations.datasets import CleanColumn

    files = [str(path) for path in sorted(Path(source).iterdir())]
    form = "parquet" if files[0].endswith(".parquet") else "json"
    begun = time.perf_counter()
    dataset = load_dataset(form, data_files=files, split="train", cache_dir=f"{out}-cache")
    clean = CleanColumn("text", title_field="title", **options)
    Path(out).mkdir()
    mapped = dataset.map(clean, batched=True, num_proc=workers)
    if form == "parquet":
        mapped.to_parquet(f"{out}/all.parquet")
    else:
        mapped.to_json(f"{out}/all.jsonl")  # it has no zstd
    return begun


def measure(engine: str, source: Path, out: Path, workers: int, options: dict[str, Any]) -> Figures:
    """Run one engine in a process of its own, and watch the memory of all that it starts."""
    order = json.dumps([engine, str(source), str(out), workers, options])
    watched = watch([sys.executable, __file__, "--run", order])
    work = float(watched.output.splitlines()[-1])
    return Figures(watched.seconds - work, work, watched.cpu, watched.peak)


def _tell(name: str, engine: str, number: int, found: Sequence[tuple[Figures, Ideal]]) -> None:
    start = statistics.median(figures.start for figures, _ in found)
    work = statistics.median(figures.work for figures, _ in found)
    ratio = statistics.median(figures.work / best.work for figures, best in found)
    cpu = statistics.median(figures.cpu / best.cpu for figures, best in found)
    peak = max(figures.peak for figures, _ in found)
    print(
        f"{name:<22} {engine:<10} {start:7.1f} {work:8.1f} {number / work:10,.0f} {ratio:7.2f} {cpu:7.2f} {peak / 1e6:8,.0f}",
        flush=True,
    )


def compare(folder: Path, number: int, runs: int, engines: Sequence[str], options: dict[str, Any]) -> None:
    """Print a line for each shape of the corpus and each engine."""
    workers = cpus()
    cleaner = Cleaner(**options)
    ideal(number, workers, cleaner)  # compiles the patterns
    shapes = [("parquet", FILES), ("jsonl.zst", FILES), ("parquet", 1), ("jsonl.zst", 1)]
    print(
        f"{number:,} documents, {workers} workers, median of {runs}: start s, work s, documents/s, ratio, ratio of CPU, peak MB"
    )
    sources = {shape: make(folder, number, shape[1], shape[0]) for shape in shapes}
    found: dict[tuple[tuple[str, int], str], list[tuple[Figures, Ideal]]] = {}
    for run in range(runs):
        for shape in shapes:
            for engine in engines if shape[1] > 1 else engines[:1]:
                before = ideal(number, workers, cleaner)
                with tempfile.TemporaryDirectory(dir=folder) as out:
                    figures = measure(engine, sources[shape], Path(out) / str(run), workers, options)
                after = ideal(number, workers, cleaner)
                best = Ideal((before.work + after.work) / 2, (before.cpu + after.cpu) / 2)
                found.setdefault((shape, engine), []).append((figures, best))
                print(f"run {run + 1}: {shape}, {engine}: {figures}, {best}", file=sys.stderr, flush=True)
    for (shape, engine), figures_of_runs in sorted(found.items()):
        _tell(f"{shape[0]}, {shape[1]} file{'s' * (shape[1] > 1)}", engine, number, figures_of_runs)


def grow(folder: Path, sizes: Sequence[int], options: dict[str, Any]) -> None:
    """Print how the pool's time and memory grow with the corpus."""
    workers = cpus()
    cleaner = Cleaner(**options)
    for number in sizes:
        for form in ("parquet", "jsonl.zst"):
            source = make(folder, number, FILES, form)
            best = ideal(number, workers, cleaner)
            with tempfile.TemporaryDirectory(dir=folder) as out:
                figures = measure("local", source, Path(out) / "out", workers, options)
            _tell(f"{form}, {number:,}", "local", number, [(figures, best)])
            for path in source.iterdir():
                path.unlink()


def main() -> None:
    """Make the corpora, run the engines, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=200_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--engines", nargs="*", choices=ENGINES, default=list(ENGINES))
    parser.add_argument("--select", nargs="+", help="only these rules")
    parser.add_argument("--growth", nargs="*", type=int, default=[10_000, 100_000, 1_000_000], metavar="N")
    parser.add_argument("--run", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.run:
        engine, source, out, workers, options = json.loads(given.run)
        begun = globals()[f"run_{engine}"](source, out, workers, options)
        print(f"\n{time.perf_counter() - begun}")
        return
    options = {"select": given.select} if given.select else {}
    with tempfile.TemporaryDirectory() as folder:
        if given.engines:
            compare(Path(folder), given.documents, given.runs, given.engines, options)
        if given.growth:
            grow(Path(folder), given.growth, options)


if __name__ == "__main__":
    main()
