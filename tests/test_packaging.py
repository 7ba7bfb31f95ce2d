"""The wheel and the sdist, installed outside the checkout beside the distribution `rules`, which wants a package of that name."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.conftest import ROOT


def _run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the sdist of this checkout and the wheel that is built from that sdist."""
    folder = tmp_path_factory.mktemp("built")
    _run(sys.executable, "-m", "build", "--outdir", folder, ROOT, cwd=folder)
    return folder


@pytest.mark.parametrize("form", ["*.whl", "*.tar.gz"])
def test_it_works_installed_beside_the_distribution_rules(built: Path, tmp_path: Path, form: str) -> None:
    (package,) = built.glob(form)
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / "bin" / "python"
    _run(python, "-m", "pip", "install", "--quiet", package, "rules", cwd=tmp_path)
    assert "__init__" in _run(python, "-c", "import rules; print(rules.__file__)", cwd=tmp_path)
    (tmp_path / "a.txt").write_text("The council met on Monday.\n\nLeave a Reply\n", encoding="utf-8")
    command = tmp_path / "venv" / "bin" / "cleaner"
    assert _run(command, "a.txt", cwd=tmp_path) == "The council met on Monday.\n"
    assert (
        _run(python, "-c", "import cleaner; print(cleaner.clean('A text.\\nLeave a Reply'))", cwd=tmp_path)
        == "A text.\n"
    )
    assert "failures" in _run(command, "rules", "test", cwd=tmp_path)
    # The compiled rules came with it and are fresh: nothing is read or written when it starts.
    state = _run(
        python,
        "-c",
        "import json, cleaner.matching.indexes as i, cleaner.rules.loading as r; "
        "print(json.dumps([r.is_compiled(), [i.read_index(name) is not None for name in ('default', 'body')], r._COMPILED]))",
        cwd=tmp_path,
    )
    fresh, indexes, place = json.loads(state)
    assert fresh and indexes == [True, True] and str(tmp_path) in place
