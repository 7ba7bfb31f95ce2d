"""Learning that is stopped: no half file, no worker left, nothing on the disk."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.corpus_files import write
from tests.made_up_site import documents
from tests.watched_processes import family, is_gone, wait_until

for _package in ("duckdb", "datasketch"):
    pytest.importorskip(_package, reason="needs the packages of the extra `learn`: pip install -e '.[test,learn]'")
pytestmark = pytest.mark.all

SITES = 4
COMMAND = ["learn", "in", "-o", "rules.toml", "--review", "review.html", "--workers"]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of pages."""
    folder = tmp_path_factory.mktemp("pages")
    write(folder / "in" / "a.jsonl", [page for site in range(SITES) for page in documents(300, f"{site}.example")])
    return folder


@pytest.fixture
def folder(pages: Path, tmp_path: Path) -> Path:
    (tmp_path / "in").symlink_to(pages / "in")
    (tmp_path / "aside").mkdir()
    return tmp_path


def start(
    folder: Path, workers: int, limit: int = resource.RLIM_INFINITY, command: str = "cleaner", held: Path | None = None
) -> subprocess.Popen[bytes]:
    def small_files() -> None:
        # A file that grows too large raises an error instead of a signal that ends the process.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.Popen(
        [sys.executable, "-m", command, *COMMAND, str(workers)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder / "aside"), "HELD": str(held)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=small_files,
    )


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_what_is_stopped_leaves_nothing(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, how: signal.Signals
) -> None:
    held = tmp_path_factory.mktemp("held")
    run = start(folder, 2, command="tests.held_learning", held=held)
    # Both workers are at work, not starting: a worker that is stopped at its start prints an error.
    wait_until(lambda: len(list(held.iterdir())) == 2, run)
    workers = family(run)
    run.send_signal(how)
    _, err = run.communicate()
    if how is signal.SIGINT:
        assert (run.returncode, err) == (130, b"cleaner: stopped; nothing was written\n")
        assert not list((folder / "aside").iterdir())
    wait_until(lambda: all(map(is_gone, workers)))
    assert sorted(path.name for path in folder.iterdir()) == ["aside", "in"]
    # The file of texts, which is the largest, has no name.
    assert (
        sum(path.stat().st_size for path in (folder / "aside").rglob("*")) < (folder / "in" / "a.jsonl").stat().st_size
    )


@pytest.mark.parametrize("size", [0, 100, 5_000, 100_000])
def test_a_disk_that_is_full_is_told(folder: Path, size: int) -> None:
    run = start(folder, 1, size)
    out, err = run.communicate()
    assert (run.returncode, out) == (2, b"")
    assert err.startswith(b"cleaner: ") and b"TMPDIR" in err and err.count(b"\n") == 1
    assert sorted(path.name for path in folder.iterdir()) == ["aside", "in"]
    assert not list((folder / "aside").iterdir())
