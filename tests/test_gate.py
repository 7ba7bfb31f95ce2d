"""The floors of the benchmarks: they hold, they rise, and nothing lowers them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the benchmarks are not installed

from benchmarks import gate
from benchmarks.corpora import Corpus, Document

GOLD = "The mayor resigned on Monday.\nShe had been in office for nine years."
FORM = "Leave a Reply\nYour email address will not be published."
PAGE = f"{GOLD}\n{FORM}"


def write_corpus(folder: Path, output: str = PAGE, gold: str = GOLD) -> Path:
    (folder / "output").mkdir(parents=True, exist_ok=True)
    (folder / "ground-truth.json").write_text(json.dumps({"a": {"articleBody": gold}}))
    (folder / "output" / "system.json").write_text(json.dumps({"a": {"articleBody": output}}))
    return folder


def write_prose(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "diaries.json").write_text(json.dumps({"a": {"text": text}}))
    return folder


def write_cases(path: Path, expect: str = GOLD) -> Path:
    case = {"id": "a", "genre": "news", "input": PAGE, "expect": expect, "why": "a form", "options": {}}
    path.write_text(json.dumps(case) + "\n")
    return path


def run(path: Path, floors: Path, *options: str) -> int:
    return gate.main([str(path), "--floors", str(floors), "--jobs", "1", *options])


@pytest.fixture
def floors(tmp_path: Path) -> Path:
    return tmp_path / "floors.json"


def test_a_figure_below_its_floor_fails_and_keeps_its_floor(
    tmp_path: Path, floors: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_corpus(tmp_path / "tiny")
    assert run(folder, floors, "--raise") == 0
    pinned = floors.read_text()
    write_corpus(folder, f"{PAGE}\nA sentence of another article that no rule can know of.")
    capsys.readouterr()
    assert run(folder, floors) == 1
    assert "tiny system default f1: " in capsys.readouterr().out
    assert run(folder, floors, "--raise") == 1
    assert floors.read_text() == pinned


def test_what_may_be_lost_of_gold_has_a_ceiling(
    tmp_path: Path, floors: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_corpus(tmp_path / "tiny")
    assert run(folder, floors, "--raise") == 0
    write_corpus(folder, gold=f"{GOLD}\nComments are closed.")
    capsys.readouterr()
    assert run(folder, floors) == 1
    assert "tiny gold_loss default lost_of_10000: " in capsys.readouterr().out


def test_an_output_that_cleaning_makes_worse_fails_unless_its_floor_says_so(
    tmp_path: Path, floors: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_corpus(tmp_path / "tiny", gold=PAGE)
    assert run(folder, floors) == 1
    assert "is worse than before cleaning" in capsys.readouterr().out
    assert run(folder, floors, "--raise") == 1
    assert run(folder, floors) == 0


def test_words_lost_of_prose_have_a_ceiling(tmp_path: Path, floors: Path) -> None:
    folder = write_prose(tmp_path / "prose", GOLD)
    assert run(folder, floors, "--raise") == 0
    assert json.loads(floors.read_text())["prose"]["prose"]["body"] == {"lost_of_a_million": 0.0}
    write_prose(folder, PAGE)
    assert run(folder, floors) == 1


def test_cases_that_passed_must_pass(tmp_path: Path, floors: Path) -> None:
    path = write_cases(tmp_path / "cases.jsonl")
    assert run(path, floors, "--raise") == 0
    assert json.loads(floors.read_text())["cases"]["cases"]["default"] == {"passed": 1.0, "real_lines_lost": 0.0}
    write_cases(path, f"{GOLD}!")
    assert run(path, floors) == 1


def test_floors_are_written_only_where_asked_for_and_hold(
    tmp_path: Path, floors: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_corpus(tmp_path / "tiny")
    assert run(folder, floors) == 0
    assert not floors.exists()
    assert run(folder, floors, "--raise") == 0
    assert json.loads(floors.read_text())["tiny"]["system"]["default"] == {"f1": 1.0, "way": 1.0}
    assert run(folder, floors) == 0
    assert "0 had no floor" in capsys.readouterr().out


def test_a_better_figure_raises_its_floor(tmp_path: Path, floors: Path) -> None:
    folder = write_corpus(tmp_path / "tiny", f"{PAGE}\nA sentence of another article that no rule can know of.")
    assert run(folder, floors, "--raise") == 0
    assert json.loads(floors.read_text())["tiny"]["system"]["default"]["f1"] < 1
    write_corpus(folder)
    assert run(folder, floors, "--raise") == 0
    assert json.loads(floors.read_text())["tiny"]["system"]["default"]["f1"] == 1.0


def test_of_a_large_folder_some_outputs_are_measured_and_all_gold(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = tuple(Document(str(number), GOLD, outputs={"system": PAGE}) for number in range(9))
    corpus = Corpus("tiny", documents, ("system",))
    assert all(one.outputs for one in gate.sample(corpus).documents)
    monkeypatch.setattr(gate, "SIZE", 2 * len(PAGE))
    found = gate.sample(corpus).documents
    assert [bool(one.outputs) for one in found] == [True] * 2 + [False] * 7
    assert {one.gold for one in found} == {GOLD}
    assert gate.sample(corpus._replace(documents=documents[::-1])).documents == found


def test_what_is_not_there_is_named(tmp_path: Path, floors: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(write_corpus(tmp_path / "tiny"), floors, "--raise") == 0
    assert run(write_corpus(tmp_path / "other"), floors) == 0
    assert "Not checked, because they are not there: tiny" in capsys.readouterr().out
    assert run(tmp_path / "missing", floors) == 2
    assert "no such folder" in capsys.readouterr().err
