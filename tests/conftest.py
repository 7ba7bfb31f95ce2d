"""Where things are, for all tests."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
Run = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Return a function that runs the real command in an empty folder, with bytes in and bytes out."""

    def run_command(*arguments: str, stdin: bytes = b"", cwd: Path | None = None) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "cleaner", *arguments],
            input=stdin,
            capture_output=True,
            cwd=cwd or tmp_path,
            env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "LC_ALL": "C"},
            check=False,
        )

    return run_command


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    """A Ray of this machine with two workers."""
    import ray

    environment = {"PYTHONPATH": str(ROOT)}
    ray.init(
        num_cpus=2,
        include_dashboard=False,
        log_to_driver=False,
        object_store_memory=150 << 20,
        runtime_env={"env_vars": environment},
    )
    yield
    ray.shutdown()
