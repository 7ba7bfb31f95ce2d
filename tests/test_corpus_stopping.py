"""Stopped runs and dying workers: nothing finished is lost, nothing half-written looks whole, no process is left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from cleaner.corpus import clean_files
from cleaner.corpus.manifest import Run as Manifest
from cleaner.corpus.pool import LocalPool
from cleaner.corpus.shards import Shard, Task, cut
from cleaner.model import InputError
from cleaner.sources.inputs import Fields, find_sources
from tests.conftest import ROOT, Run
from tests.corpus_files import DIRTY, FEW, FEW_OPTIONS, digests, read, records, write
from tests.watched_processes import PATIENCE, family, is_gone, wait_until

COMMAND = [sys.executable, "-m", "cleaner", "corpus", "in", "--out", "out", *FEW_OPTIONS, "--findings"]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Path:
    """Return a folder with a corpus in ``in``, and the output of an undisturbed run in ``wanted``."""
    folder = tmp_path_factory.mktemp("stopping")
    for place in range(10 if pytestconfig.getoption("all") else 6):
        form = ("jsonl.zst", "jsonl.gz", "parquet")[place % 3]
        write(folder / "in" / f"{place}.{form}", [{"id": n, "text": DIRTY.format(n) * 8} for n in range(700)])
    clean_files(folder / "in", folder / "wanted", findings=True, **FEW)
    return folder


def files_of(corpus: Path) -> int:
    return len(list((corpus / "in").iterdir()))


@pytest.fixture
def folder(corpus: Path, tmp_path: Path) -> Path:
    (tmp_path / "in").symlink_to(corpus / "in")
    return tmp_path


def start(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def finished(folder: Path) -> list[Path]:
    return sorted((folder / "out" / ".cleaner" / "finished").glob("*.json"))


@pytest.mark.parametrize("most_kills", [1, pytest.param(5, marks=pytest.mark.all)])
def test_kill_9_at_any_moment_and_going_on(corpus: Path, folder: Path, most_kills: int) -> None:
    wanted = digests(corpus / "wanted")
    files = files_of(corpus)
    before: dict[Path, int] = {}
    kills = 0
    for moment in range(most_kills):
        if len(before) >= files - 1:
            break
        run = start(folder)
        wait_until(lambda before=before: len(finished(folder)) > len(before), run)  # type: ignore[misc]
        # Each time a little later after a finished unit.
        time.sleep(0.03 * moment)
        workers = family(run)
        run.kill()
        run.communicate()
        kills += 1
        wait_until(lambda workers=workers: all(map(is_gone, workers)))  # type: ignore[misc]
        # Files that look whole are whole, and finished ones were not touched again.
        whole = digests(folder / "out") if (folder / "out").exists() else {}
        assert {name: digest for name, digest in wanted.items() if name in whole} == whole
        now = {path: path.stat().st_mtime_ns for path in finished(folder)}
        assert {path: now.get(path) for path in before} == before
        assert len(now) > len(before)
        before = now
    assert kills >= min(most_kills, 2)
    last = start(folder)
    out, err = last.communicate()
    assert (last.returncode, err) == (0, b"")
    assert f"{files} files finished, {len(before)} of them by an earlier start".encode() in out
    assert digests(folder / "out") == wanted
    assert not (folder / "out" / ".cleaner" / "aside").exists()


@pytest.mark.all
def test_ctrl_c_says_how_to_go_on(corpus: Path, folder: Path) -> None:
    run = start(folder)
    wait_until(lambda: finished(folder), run)
    workers = family(run)
    run.send_signal(signal.SIGINT)
    _, err = run.communicate()
    assert (run.returncode, err) == (130, b"cleaner: stopped; give the same command again to resume\n")
    wait_until(lambda: all(map(is_gone, workers)))
    assert 0 < len(finished(folder)) < files_of(corpus)
    assert start(folder).wait() == 0
    assert digests(folder / "out") == digests(corpus / "wanted")


def holders(run: subprocess.Popen[bytes], name: str) -> Iterator[psutil.Process]:
    """Yield the workers that have a file of some name open."""
    for worker in family(run):
        try:
            if any(opened.path.endswith(name) for opened in worker.open_files()):
                yield worker
        except psutil.Error:
            continue


@pytest.mark.all
def test_a_worker_that_dies_is_replaced_and_its_shard_done(corpus: Path, folder: Path) -> None:
    run = start(folder)
    killed: list[psutil.Process] = []

    def kill_one() -> bool:
        for worker in holders(run, "4.jsonl.gz"):
            worker.kill()
            killed.append(worker)
        return bool(killed)

    wait_until(kill_one, run)
    _, err = run.communicate()
    assert (run.returncode, err) == (0, b"")
    assert digests(folder / "out") == digests(corpus / "wanted")


@pytest.mark.all
def test_a_shard_that_kills_its_workers_is_reported_and_the_others_are_done(corpus: Path, folder: Path) -> None:
    run = start(folder)
    killed: set[int] = set()
    # Each worker that opens the file is killed, as the system does when memory runs out.
    while run.poll() is None:
        for worker in holders(run, "4.jsonl.gz"):
            worker.kill()
            killed.add(worker.pid)
        time.sleep(0.005)
    _, err = run.communicate()
    assert run.returncode == 1
    assert len(killed) == 2
    assert b"4.jsonl.gz: the worker died twice over it, the second time alone; it may need more memory" in err
    wanted = digests(corpus / "wanted")
    made = digests(folder / "out")
    for name in ("summary.json", "errors.jsonl"):
        wanted.pop(name, None)
        made.pop(name)
    assert made == {name: digest for name, digest in wanted.items() if "4.jsonl.gz" not in name}
    # Now no worker is killed.
    assert start(folder).wait() == 0
    assert digests(folder / "out") == digests(corpus / "wanted")


@pytest.mark.all
def test_the_parts_of_a_large_file_are_not_done_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [{"text": DIRTY.format(n), "noise": os.urandom(20_000).hex()} for n in range(1200)]
    write(tmp_path / "in" / "a.jsonl", found)
    run = start(tmp_path)
    parts = tmp_path / "out" / ".cleaner" / "parts" / "a.jsonl"
    wait_until(lambda: len(list(parts.glob("*.json"))) >= 3, run)
    run.kill()
    run.communicate()
    done = {int(path.stem) for path in parts.glob("*.json")}
    assert not (tmp_path / "out" / "a.jsonl").exists()
    submitted: list[int | None] = []
    submit = LocalPool.submit

    def noted(pool: LocalPool, shard: Shard) -> None:
        submitted.append(shard.part)
        submit(pool, shard)

    monkeypatch.setattr(LocalPool, "submit", noted)
    summary = clean_files(tmp_path / "in", tmp_path / "out", findings=True, **FEW)
    assert summary.documents == 1200
    (source,) = find_sources([tmp_path / "in"])
    every = {shard.part for shard in cut(source)}
    assert submitted and set(submitted) == every - done and len(submitted) == len(set(submitted))
    assert not parts.exists()
    clean_files(tmp_path / "in", tmp_path / "whole", findings=True, **FEW)
    assert digests(tmp_path / "out") == digests(tmp_path / "whole")


CHANGES: list[tuple[dict[str, Any], str]] = [
    ({"preset": "body"}, "preset was 'default' and is 'body'"),
    ({"select": ["comments", "ads"]}, "select was ['comments'] and is ['comments', 'ads']"),
    ({"field": "url"}, "text_field was 'text' and is 'url'"),
    ({"findings": True}, "findings was False and is True"),
    ({"max_drop": 0.5}, "max_drop was None and is 0.5"),
    ({"whitespace": "layout"}, "whitespace was None and is 'layout'"),
    ({"keep": ["A line"]}, "keep was [] and is ['A line']"),
    ({"drop": ["A line"]}, "drop was ['Gone for good'] and is ['A line']"),
    ({"to": "parquet"}, "to was None and is 'parquet'"),
]


@pytest.mark.parametrize(
    ("change", "said"),
    [pytest.param(*case, marks=[] if place == 1 else pytest.mark.all) for place, case in enumerate(CHANGES)],
)
def test_other_settings_are_refused(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    path = write(tmp_path / "a.jsonl", records(3))
    clean_files(path, tmp_path / "out", workers=1, **FEW)
    before = digests(tmp_path / "out")
    with pytest.raises(InputError) as refused:
        clean_files(path, tmp_path / "out", **{**FEW, **change})
    assert f"holds a run with other settings: {said}; name another folder with --out, or start over" in str(
        refused.value
    )
    assert digests(tmp_path / "out") == before


def test_other_rules_are_refused_until_begun_anew(tmp_path: Path) -> None:
    path = write(tmp_path / "in" / "a.jsonl", records(4))
    write(tmp_path / "in" / "b.jsonl", records(2))
    rule = tmp_path / "rules" / "own" / "council.toml"
    rule.parent.mkdir(parents=True)
    text = (
        'kind = "phrase"\nwhy = "Ours. Price: none."\n[phrases]\nen = ["{}"]\n'
        '[examples]\nen = """\n- {}\n  It went {} home.\n  They {} stay.\n"""\n'
    )
    phrase = "It will meet again in May"
    rule.write_text(text.replace("{}", phrase))
    options: dict[str, Any] = {"rules": [str(tmp_path / "rules")], "workers": 1, **FEW}
    options["select"] = ["own"]
    clean_files(tmp_path / "in", tmp_path / "out", findings=True, **options)
    assert phrase not in read(tmp_path / "out" / "a.jsonl")[0]["text"]
    rule.write_text(text.replace("{}", "Please enter your comment!"))
    with pytest.raises(InputError, match="other settings: rules was"):
        clean_files(tmp_path / "in", tmp_path / "out", findings=True, **options)
    # Restarted with fewer files, it leaves nothing of the old run.
    summary = clean_files(path, tmp_path / "out", restart=True, **options)
    assert summary.resumed == 0
    assert sorted(digests(tmp_path / "out")) == ["a.jsonl", "summary.json"]
    assert read(tmp_path / "out" / "a.jsonl")[0]["text"].endswith(f"{phrase}.")


@pytest.mark.all
def test_two_runs_in_one_folder(folder: Path, run: Run) -> None:
    first = start(folder)
    wait_until(lambda: (folder / "out" / ".cleaner" / "manifest.json").exists(), first)
    second = start(folder)
    _, err = second.communicate()
    assert second.returncode == 2
    assert b"out: another run is writing there; wait for it, or name another folder with --out" in err
    assert first.wait() == 0


def test_new_and_changed_files_are_done_and_finished_ones_are_not(tmp_path: Path) -> None:
    for name in "abc":
        write(tmp_path / "in" / f"{name}.jsonl", records(3))
    options = {"flagged": "separate", "max_drop": 0.5, "workers": 1, **FEW}
    write(tmp_path / "in" / "b.jsonl", records(12))
    clean_files(tmp_path / "in", tmp_path / "out", **options)
    assert (tmp_path / "out" / "flagged" / "b.jsonl").exists()
    # One file was only copied again and has the same content, one was changed, one is new.
    os.utime(tmp_path / "in" / "a.jsonl")
    write(tmp_path / "in" / "b.jsonl", records(2))
    write(tmp_path / "in" / "d.jsonl", records(1))
    (tmp_path / "out" / "c.jsonl").unlink()
    summary = clean_files(tmp_path / "in", tmp_path / "out", **options)
    assert (summary.files, summary.resumed, summary.documents) == (4, 1, 3 + 2 + 3 + 1)
    assert len(read(tmp_path / "out" / "b.jsonl")) == 2
    assert not (tmp_path / "out" / "flagged" / "b.jsonl").exists()
    assert json.loads((tmp_path / "out" / "summary.json").read_bytes())["documents"] == 9


def test_the_manifest_says_what_was_done_and_with_what(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", records(3))
    clean_files(path, tmp_path / "out", workers=1, **FEW)
    (source,) = find_sources([path])
    manifest = Manifest(Task(str(tmp_path / "out"), FEW, Fields()), False)
    record = manifest.finished(source)
    manifest.release()
    assert record is not None
    assert record["input"] == str(path) and record["size"] == path.stat().st_size
    assert record["modified"] == str(path.stat().st_mtime_ns)
    assert (
        record["hash"]
        == subprocess.run(["sha256sum", path], capture_output=True, text=True, check=True).stdout.split()[0]
    )
    assert record["outputs"] == ["a.jsonl"]
    settings = json.loads((tmp_path / "out" / ".cleaner" / "manifest.json").read_bytes())
    assert settings["select"] == ["comments"] and settings["rules"] and settings["version"]


@pytest.mark.all
def test_a_script_without_a_main_guard_is_told(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", records(3))
    (tmp_path / "script.py").write_text("from cleaner.corpus import clean_files\nclean_files('a.jsonl', 'out')\n")
    done = subprocess.run(
        [sys.executable, "script.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert 'call clean_files below `if __name__ == "__main__":`' in done.stderr.splitlines()[-1]


def test_a_pool_ends_its_workers_when_it_is_stopped(tmp_path: Path) -> None:
    (source,) = find_sources([write(tmp_path / "a.jsonl", [{"text": DIRTY * 50}] * 5000)])
    pool = LocalPool(Task(str(tmp_path / "out"), FEW, Fields()), 1)
    workers = [process for process in psutil.Process().children(recursive=True) if process.ppid() != os.getpid()]
    pool.submit(Shard(source, source.size))
    begun = time.monotonic()
    pool.stop()
    assert workers and all(map(is_gone, workers))
    assert time.monotonic() - begun < PATIENCE
    assert not (tmp_path / "out" / "a.jsonl").exists()
