"""A real Ray of two workers writes the same bytes as the pool of processes, whichever process is killed."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

import cleaner
from cleaner.corpus import clean_files
from cleaner.integrations.arrow import CleanBatch
from tests.conftest import ROOT
from tests.corpus_files import DIRTY, FEW, FORMS, digests, pa, records, write
from tests.watched_processes import PATIENCE, family, is_gone, wait_until

ray: Any = pytest.importorskip("ray", reason="needs Ray: pip install -e '.[test,ray]'")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a corpus of all forms in ``in``, one file large enough to be cut, and the pool's output in ``wanted``."""
    folder = tmp_path_factory.mktemp("ray")
    for place in range(6):
        form = ("jsonl", "jsonl.zst", "jsonl.gz", "parquet")[place % 4]
        write(folder / "in" / f"{place}.{form}", [{"id": n, "text": DIRTY.format(n) * 8} for n in range(500)])
    found = [{"id": n, "text": DIRTY.format(n), "noise": os.urandom(20_000).hex()} for n in range(900)]
    write(folder / "in" / "large.jsonl", found)
    write(folder / "in" / "bad.jsonl", [{"id": 1, "text": None}, *records(3)])
    clean_files(folder / "in", folder / "wanted", findings=True, id_field="id", **FEW)
    return folder


def test_a_few_files_are_cleaned_as_by_the_pool(cluster: None, tmp_path: Path) -> None:
    for form in FORMS:
        write(tmp_path / "in" / f"a.{form}", records(20))
    for engine in ("local", "ray"):
        clean_files(tmp_path / "in", tmp_path / engine, findings=True, engine=engine, **FEW)
    assert digests(tmp_path / "local") == digests(tmp_path / "ray")


@pytest.mark.all
def test_the_same_bytes_as_the_pool(cluster: None, corpus: Path, tmp_path: Path) -> None:
    summary = clean_files(corpus / "in", tmp_path / "out", findings=True, id_field="id", engine="ray", **FEW)
    assert (summary.failed, summary.documents) == (1, 6 * 500 + 900 + 4)
    assert digests(tmp_path / "out") == digests(corpus / "wanted")
    # The pool continues where Ray stopped: they share one manifest.
    assert clean_files(corpus / "in", tmp_path / "out", findings=True, id_field="id", **FEW).resumed == 8


@pytest.mark.all
def test_a_worker_that_is_killed(cluster: None, corpus: Path, tmp_path: Path) -> None:
    killed: list[int] = []

    def kill_one() -> None:
        end = time.monotonic() + PATIENCE
        while not killed and time.monotonic() < end:
            for process in psutil.Process().children(recursive=True):
                try:
                    if any("/in/" in opened.path for opened in process.open_files()):
                        process.kill()
                        killed.append(process.pid)
                        break
                except psutil.Error:
                    continue

    killer = threading.Thread(target=kill_one)
    killer.start()
    clean_files(corpus / "in", tmp_path / "out", findings=True, id_field="id", engine="ray", **FEW)
    killer.join()
    assert killed
    assert digests(tmp_path / "out") == digests(corpus / "wanted")


@pytest.mark.all
def test_a_broken_file_is_named(cluster: None, tmp_path: Path) -> None:
    write(tmp_path / "in" / "a.jsonl", records(3))
    write(tmp_path / "in" / "b.jsonl.gz", records(30))
    (tmp_path / "in" / "b.jsonl.gz").write_bytes((tmp_path / "in" / "b.jsonl.gz").read_bytes()[:-9])
    summary = clean_files(tmp_path / "in", tmp_path / "out", engine="ray", **FEW)
    (said,) = summary.failures.values()
    assert "b.jsonl.gz: is cut off" in said and summary.files == 1


@pytest.mark.all
def test_the_command_killed_and_started_again(corpus: Path, tmp_path: Path) -> None:
    """A run with its own Ray, killed with kill -9 and resumed by another Ray."""
    command = [sys.executable, "-m", "cleaner", "corpus", str(corpus / "in"), "--out", "out", "--engine", "ray"]
    command += ["--workers", "2", "--findings", "--id-field", "id", "--select", "comments"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "RAY_USAGE_STATS_ENABLED": "0"}
    where: dict[str, Any] = {"cwd": tmp_path, "env": environment, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    run = subprocess.Popen(command, **where)
    wait_until(lambda: list((tmp_path / "out" / ".cleaner" / "finished").glob("*.json")), run)
    workers = [process for process in family(run) if "clean_shard" in process.name()]
    assert workers
    run.kill()
    run.communicate()
    again = subprocess.run(command, check=False, **where)
    assert again.returncode == 1, again.stderr.decode()
    assert b"by an earlier start" in again.stdout
    assert digests(tmp_path / "out") == digests(corpus / "wanted")
    # Ray's own agents stay for a minute; the workers that have our shards end with the driver.
    wait_until(lambda: all(is_gone(process) for process in workers))


@pytest.mark.all
def test_batches_of_ray_data(cluster: None) -> None:
    found = [
        {"id": n, "text": DIRTY.format(n), "title": None, "meta": {"text": "Please enter your comment!"}}
        for n in range(50)
    ]
    dataset = ray.data.from_arrow(pa.Table.from_pylist(found))
    options: dict[str, Any] = {"batch_format": "pyarrow", "compute": ray.data.ActorPoolStrategy(size=2)}
    done = dataset.map_batches(CleanBatch, fn_constructor_kwargs={"title_field": "title", **FEW}, **options)
    wanted = [{**record, "text": cleaner.clean(str(record["text"]), **FEW)} for record in found]
    assert sorted(done.take_all(), key=lambda row: int(row["id"])) == wanted
