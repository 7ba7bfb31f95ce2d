"""The command that breaks everything finds nothing broken."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")


@pytest.mark.parametrize(
    "jobs",
    [["in place, JSON"], pytest.param(["place", "folder", "baseline", "new rule", "odd files"], marks=pytest.mark.all)],
    ids=["one command", "several"],
)
def test_nothing_is_lost(jobs: list[str], tmp_path: Path) -> None:
    only = [option for job in jobs for option in ("--only", job)]
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "faults.py"), "--times", "2", *only],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 lost or broken" in done.stdout
