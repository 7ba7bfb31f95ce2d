"""The wheel and the sdist, installed outside the checkout: they hold everything they need, and uninstalling leaves nothing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

from cleaner.version import __version__
from tests.conftest import ROOT

SEED = "002_eea9471627888f3b"


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**{name: value for name, value in os.environ.items() if name != "PYTHONPATH"}, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the sdist of this checkout and the wheel that is built from that sdist."""
    for package in ("build", "hatchling"):
        pytest.importorskip(package, reason="needs the packages that build one: pip install -e '.[test]'")
    folder = tmp_path_factory.mktemp("built")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    return folder


@pytest.mark.all
def test_it_can_be_published(built: Path) -> None:
    for package in ("twine", "check_wheel_contents"):
        pytest.importorskip(package, reason="needs what checks packages: pip install -e '.[test-all]'")
    (wheel,), (sdist,) = built.glob("*.whl"), built.glob("*.tar.gz")
    run(sys.executable, "-m", "twine", "check", "--strict", wheel, sdist, cwd=built)
    run(sys.executable, "-m", "check_wheel_contents", wheel, cwd=built)


def test_what_is_published_leads_to_the_repository(built: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        metadata = archive.read(name).decode()
    for address in project["urls"].values():
        assert address in metadata
    targets = re.findall(r"\]\(([^()\s]+)\)", metadata)
    assert targets and all([target.startswith(project["urls"]["Source"]) for target in targets])


def test_the_citation_is_of_this_version() -> None:
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    source = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]["Source"]
    assert f"\nversion: {__version__}\n" in citation and f"\nrepository-code: {source}\n" in citation


class Environment:
    """A virtual environment, and a home beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.home.mkdir()
        venv.create(folder / "venv", symlinks=os.name != "nt")
        self.bin = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")

    def pip(self, *arguments: str | Path) -> None:
        run(sys.executable, "-m", "pip", "--python", self.bin / "python", *arguments, cwd=self.folder)

    def run(self, command: str, *arguments: str | Path) -> str:
        return run(
            self.bin / command,
            *arguments,
            cwd=self.folder,
            HOME=str(self.home),
            XDG_CACHE_HOME=str(self.home / "cache"),
        )

    def files(self) -> dict[Path, int]:
        """Return all files of the environment, each with the time at which it was written."""
        return {path: path.stat().st_mtime_ns for path in (self.folder / "venv").rglob("*") if path.is_file()}


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    return Environment(tmp_path)


def test_the_wheel_works_without_writing_and_leaves_nothing(built: Path, environment: Environment) -> None:
    (wheel,) = built.glob("*.whl")
    environment.pip("install", "--quiet", wheel)
    installed = environment.files()
    raw, clean = (ROOT / "seeds" / kind / f"{SEED}.txt" for kind in ("raw", "clean"))
    for _ in range(2):
        assert environment.run("cleaner", raw) == clean.read_text(encoding="utf-8")
    # The rules and their store came with it, so nothing had to be read or cached.
    assert not list(environment.home.iterdir())
    assert environment.files() == installed
    environment.pip("uninstall", "--quiet", "--yes", "boilerplate-cleaner")
    assert not list((environment.folder / "venv").rglob("*cleaner*"))


@pytest.mark.all
@pytest.mark.parametrize("form", ["*.whl", "*.tar.gz"])
def test_it_works_installed_beside_the_distribution_rules(built: Path, environment: Environment, form: str) -> None:
    """That distribution has a package of that name, whose files must not be taken for ours."""
    (package,) = built.glob(form)
    environment.pip("install", "--quiet", package, "rules")
    assert "__init__" in environment.run("python", "-c", "import rules; print(rules.__file__)")
    code = "import cleaner; print(cleaner.__version__, cleaner.clean('The council met on Monday.\\nPlease enter your comment!'))"
    assert environment.run("python", "-c", code).split(" ", 1) == [__version__, "The council met on Monday.\n"]
    assert "comments/reply-heading" in environment.run("cleaner", "rules")
    if form == "*.whl":  # which is made from the other
        assert ", 0 failures" in environment.run("cleaner", "rules", "test")
    assert not list(environment.home.iterdir())


@pytest.mark.all
def test_an_editable_install_uses_the_rules_of_the_checkout(environment: Environment) -> None:
    environment.pip("install", "--quiet", "--editable", ROOT)
    place = environment.run("python", "-c", "from cleaner.rules.ruleset import rules_folder; print(rules_folder())")
    assert Path(place.strip()) == ROOT / "rules"
    assert not [path for path in environment.files() if "builtin_rules" in path.name]
    assert environment.run("cleaner", ROOT / "seeds" / "clean" / f"{SEED}.txt")
