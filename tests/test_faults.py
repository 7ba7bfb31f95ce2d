"""The command that breaks everything finds nothing broken."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")


# With ``--all``, these too. Reports, learning and corpora take minutes; the table in the documentation has them.
JOBS = ["in place", "into a folder", "pages into a folder", "baseline", "new rule", "odd files"]


@pytest.mark.parametrize("job", ["in place, JSON", *(pytest.param(job, marks=pytest.mark.all) for job in JOBS)])
def test_nothing_is_lost(job: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "faults.py"), "--times", "2", "--only", job],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 lost or broken" in done.stdout
