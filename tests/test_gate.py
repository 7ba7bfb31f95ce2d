"""The floors of the benchmarks: they hold, they rise, and nothing lowers them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the benchmarks are not installed

from benchmarks import gate

GOLD = "The mayor resigned on Monday.\nShe had been in office for nine years."
PAGE = f"{GOLD}\nLeave a Reply\nYour email address will not be published."


def write_corpus(folder: Path, output: str = PAGE) -> Path:
    (folder / "output").mkdir(parents=True, exist_ok=True)
    (folder / "ground-truth.json").write_text(json.dumps({"a": {"articleBody": GOLD}}))
    (folder / "output" / "system.json").write_text(json.dumps({"a": {"articleBody": output}}))
    return folder


def run(folder: Path, floors: Path, *options: str) -> int:
    return gate.main([str(folder), "--floors", str(floors), "--jobs", "1", *options])


def test_floors_are_written_and_hold(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, floors = write_corpus(tmp_path / "tiny"), tmp_path / "floors.json"
    assert run(folder, floors) == 0
    assert "without one" in capsys.readouterr().out
    assert not floors.exists()
    assert run(folder, floors, "--raise") == 0
    assert json.loads(floors.read_text())["tiny"]["system"]["default"] == {"exact": 1.0, "f1": 1.0}
    assert run(folder, floors) == 0
    assert ", 0 without one" in capsys.readouterr().out


def test_a_figure_below_its_floor_fails_and_keeps_its_floor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, floors = write_corpus(tmp_path / "tiny"), tmp_path / "floors.json"
    assert run(folder, floors, "--raise") == 0
    pinned = floors.read_text()
    write_corpus(folder, f"{PAGE}\nA sentence of another article that no rule can know of.")
    capsys.readouterr()
    assert run(folder, floors) == 1
    assert "tiny system default f1: " in capsys.readouterr().out
    assert run(folder, floors, "--raise") == 1
    assert floors.read_text() == pinned


def test_what_may_be_lost_has_a_ceiling(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, floors = write_corpus(tmp_path / "tiny"), tmp_path / "floors.json"
    assert run(folder, floors, "--raise") == 0
    truth = {"a": {"articleBody": f"{GOLD}\nLeave a Reply"}}
    (folder / "ground-truth.json").write_text(json.dumps(truth))
    capsys.readouterr()
    assert run(folder, floors) == 1
    assert "tiny gold default lost_per_10000: " in capsys.readouterr().out


def test_an_output_that_cleaning_makes_worse_fails_without_a_floor(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_corpus(tmp_path / "tiny")
    truth = {"a": {"articleBody": PAGE}}
    (folder / "ground-truth.json").write_text(json.dumps(truth))
    assert run(folder, tmp_path / "floors.json") == 1
    assert "tiny system body: F1 " in capsys.readouterr().out


def test_a_folder_that_is_no_corpus_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path / "missing", tmp_path / "floors.json") == 2
    assert "no such folder" in capsys.readouterr().err
