"""Corpora in an object store: S3 served by moto over the network, with the same workers."""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cleaner.corpus import clean_files
from cleaner.learning.files import teach
from tests.conftest import ROOT
from tests.corpus_files import DIRTY, FEW, FEW_OPTIONS, digests, records, write
from tests.made_up_site import NOTICE, documents

_NEEDED = "needs an S3 to talk to: pip install -e '.[test-all]'"
s3fs: Any = pytest.importorskip("s3fs", reason=_NEEDED)
ThreadedMotoServer: Any = pytest.importorskip("moto.server", reason=_NEEDED).ThreadedMotoServer
pytestmark = pytest.mark.all


@pytest.fixture(scope="module")
def store() -> Iterator[Any]:
    """Return the file system of an S3 with one bucket, which child processes find by their environment."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        for name, value in (("ACCESS_KEY_ID", "a"), ("SECRET_ACCESS_KEY", "b"), ("DEFAULT_REGION", "us-east-1")):
            patch.setenv(f"AWS_{name}", value)
        system = s3fs.S3FileSystem(use_listings_cache=False)
        system.mkdir("bucket")
        yield system
    server.stop()


def test_from_s3_to_s3(store: Any, tmp_path: Path) -> None:
    for name in ("a.jsonl.zst", "deep/b.parquet", "deep/c.jsonl.gz"):
        write(tmp_path / "in" / name, records(20))
    # Large enough to be cut, so that parts are uploaded, too.
    write(tmp_path / "in" / "d.jsonl", [{"text": DIRTY, "noise": os.urandom(20_000).hex()} for _ in range(900)])
    store.put(str(tmp_path / "in"), "bucket/in", recursive=True)
    command = [sys.executable, "-m", "cleaner", "corpus", "s3://bucket/in", "--out", "s3://bucket/out", "--findings"]
    where: dict[str, Any] = {"env": {**os.environ, "PYTHONPATH": str(ROOT)}, "capture_output": True, "text": True}
    for said in ("4 files finished\n", "4 files finished, 4 of them by an earlier start\n"):
        done = subprocess.run([*command, *FEW_OPTIONS], check=False, **where)
        # On a slow machine the command also prints its progress.
        assert (done.returncode, re.sub(r"(?m)^\d+%: .*\n", "", done.stderr)) == (0, "")
        assert said in done.stdout
    store.get("bucket/out", str(tmp_path / "fetched"), recursive=True)
    clean_files(tmp_path / "in", tmp_path / "local", findings=True, **FEW)
    assert digests(tmp_path / "fetched") == digests(tmp_path / "local")
    assert not store.exists("bucket/out/.cleaner/parts")
    refused = subprocess.run(command, check=False, **where)
    assert refused.returncode == 2
    assert "s3://bucket/out: holds a run with other settings: drop was ['Gone for good'] and is []" in refused.stderr


def test_a_glob_in_s3_to_a_disk(store: Any, tmp_path: Path) -> None:
    write(tmp_path / "in" / "x" / "a.jsonl", records(3))
    write(tmp_path / "in" / "y" / "b.parquet", records(3))
    store.put(str(tmp_path / "in"), "bucket/glob", recursive=True)
    for pattern in ("glob/*/*.jsonl", "glob/y/b.parquet"):
        clean_files(f"s3://bucket/{pattern}", tmp_path / "out" / pattern[5], workers=1, **FEW)
    assert set(digests(tmp_path / "out")) == {"*/summary.json", "*/x/a.jsonl", "y/summary.json", "y/b.parquet"}


def test_a_corpus_in_s3_teaches_its_sites(store: Any, tmp_path: Path) -> None:
    pytest.importorskip("duckdb", reason=_NEEDED)
    write(tmp_path / "in" / "a.jsonl", documents(9))
    store.put(str(tmp_path / "in"), "bucket/sites", recursive=True)
    for _ in range(2):
        clean_files("s3://bucket/sites", "s3://bucket/taught", learn=teach, workers=1, **FEW)
    store.get("bucket/taught", str(tmp_path / "fetched"), recursive=True)
    clean_files(tmp_path / "in", tmp_path / "local", learn=teach, workers=1, **FEW)
    assert digests(tmp_path / "fetched") == digests(tmp_path / "local")
    assert NOTICE not in (tmp_path / "fetched" / "a.jsonl").read_text()
