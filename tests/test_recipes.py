"""The recipes of the documentation, run as they are shown, each with the real package."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import cleaner
from tests.conftest import ROOT
from tests.corpus_files import read
from tests.desk import COUNCIL, HARBOUR, furnish

RECIPES = ROOT / "docs" / "recipes"
# The package of each, without which its test is skipped.
PACKAGES = {
    "datatrove_pipeline": "datatrove",
    "datatrove_slurm": "datatrove",
    "huggingface_datasets": "datasets",
    "langchain_loader": "langchain_core",
    "llamaindex_reader": "llama_index.core",
    "pandas_frame": "pandas",
    "polars_frame": "polars",
    "ray_data": "ray",
    "scrapy_pipeline": "scrapy",
    "spark_job": "pyspark",
}
TEXTS = [COUNCIL, HARBOUR]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    folder = furnish(tmp_path)
    rows = [{"id": str(number), "text": text} for number, text in enumerate(TEXTS)]
    (folder / "lines").mkdir()
    (folder / "lines" / "a.jsonl").write_text("".join([json.dumps(row) + "\n" for row in rows]), encoding="utf-8")
    return folder


@pytest.fixture
def table(desk: Path) -> str:
    """Return the path of a table with the texts, and a row that has none."""
    arrow: Any = pytest.importorskip("pyarrow", reason="needs Arrow: pip install -e '.[test,corpus]'")
    import pyarrow.parquet

    rows = [{"id": str(number), "text": text} for number, text in enumerate([*TEXTS, None])]
    (desk / "tables").mkdir()
    pyarrow.parquet.write_table(arrow.Table.from_pylist(rows), desk / "tables" / "a.parquet")
    return "tables/a.parquet"


def run(name: str, desk: Path, *arguments: str) -> str:
    pytest.importorskip(PACKAGES[name], reason=f"needs {PACKAGES[name]}: pip install -e '.[recipes]'")
    done = subprocess.run(
        [sys.executable, str(RECIPES / f"{name}.py"), *arguments],
        cwd=desk,
        env={**os.environ, "PYTHONPATH": str(ROOT), "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def clean(preset: str = "default") -> list[str]:
    return [cleaner.clean(text, preset=preset) for text in TEXTS]


def texts(path: Path) -> list[str | None]:
    return [record["text"] for record in read(path)]


def test_every_recipe_is_shown_and_run() -> None:
    page = (ROOT / "docs" / "integrations.md").read_text(encoding="utf-8")
    assert {path.stem for path in RECIPES.glob("*.py")} == PACKAGES.keys()
    for name in PACKAGES:
        assert f'--8<-- "docs/recipes/{name}.py"' in page and f"(recipes/{name}.py)" in page, name


@pytest.mark.parametrize("name", ["pandas_frame", "polars_frame"])
def test_frames(name: str, desk: Path, table: str) -> None:
    run(name, desk, table, "out.parquet", "removed.csv")
    assert texts(desk / "out.parquet") == [*clean(), None]
    removed = (desk / "removed.csv").read_text(encoding="utf-8").splitlines()
    assert removed[0] == "id,rule,family,line,text,replacement"
    assert len(removed) == 1 + sum([len(cleaner.explain(text).taken) for text in TEXTS])


def test_datasets(desk: Path, table: str) -> None:
    run("huggingface_datasets", desk, table, "out.parquet")
    assert texts(desk / "out.parquet") == [*clean("body"), None]


@pytest.mark.all
@pytest.mark.parametrize(
    ("name", "options"), [("datatrove_pipeline", []), ("datatrove_slurm", ["--local", "--tasks", "1"])]
)
def test_datatrove(name: str, options: list[str], desk: Path) -> None:
    run(name, desk, "lines", "out", *options)
    (made,) = (desk / "out").iterdir()
    assert texts(made) == clean()


@pytest.mark.all
def test_ray(desk: Path, table: str) -> None:
    run("ray_data", desk, "tables", "out")
    assert sorted([text or "" for path in (desk / "out").iterdir() for text in texts(path)]) == sorted(
        [*clean("body"), ""]
    )


@pytest.mark.all
def test_spark(desk: Path, table: str) -> None:
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java")
    run("spark_job", desk, "tables", "out")
    assert [text for path in sorted((desk / "out").glob("*.parquet")) for text in texts(path)] == [*clean(), None]


def test_scrapy(desk: Path) -> None:
    run("scrapy_pipeline", desk, (desk / "pages" / "council.html").as_uri(), "out.jsonl")
    (text,) = texts(desk / "out.jsonl")
    assert text == "\n".join([COUNCIL.splitlines()[place] for place in (3, 5)])


@pytest.mark.parametrize("name", ["langchain_loader", "llamaindex_reader"])
def test_loaders(name: str, desk: Path) -> None:
    council, harbour = clean("body")
    assert run(name, desk, "texts") == f"council.txt\n{council}\nharbour.txt\n{harbour}\n"
