"""What a change changes: settings, folders of rules, and earlier findings, compared line by line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import ROOT, Run

PROSE = "The council voted on Monday to build a bridge across the harbour, as {} people had asked it to do."
TEXT = "\n".join([*[PROSE.format(number) for number in range(7)], "Source link", "", PROSE.format(8)])


@pytest.fixture(autouse=True)
def texts(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text(f"{TEXT}\n")
    (tmp_path / "texts" / "b.txt").write_text(f"{PROSE.format(1)}\n")


def test_lines_that_are_judged_differently_are_shown_with_five_around(run: Run) -> None:
    done = run("compare", "texts", "--with", "ignore=footers", "--against", "preset=default")
    assert done.returncode == 0
    lines = done.stdout.decode().splitlines()
    assert lines[0] == "a.txt:8: stays with ignore=footers; goes by footers/source-link with preset=default"
    assert lines[6] == "+     8  Source link" and lines[1] == f"      3  {PROSE.format(2)}" and len(lines) == 9
    assert done.stderr.decode() == "1 line is judged differently in 1 of 2 documents: 1 stays now\n"


def test_json_and_exit_code(run: Run) -> None:
    command = ("compare", "texts/a.txt", "--with", "keep=Source link; preset=body", "--exit-code", "--format")
    done = run(*command, "json")
    assert done.returncode == 1
    (found,) = json.loads(done.stdout)
    assert (found["document"], found["line"], found["mark"]) == ("texts/a.txt", 8, "+")
    assert found["old"] == {"rule": "footers/source-link", "left": ""} and found["new"]["rule"] == ""
    assert json.loads(run(*command, "jsonl").stdout) == found
    same = run("compare", "texts", "--with", "preset=default", "--exit-code")
    assert (same.returncode, same.stdout) == (0, b"")
    assert same.stderr == b"0 lines are judged differently in 0 of 2 documents\n"


def test_settings_files_are_sides(run: Run, tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_text('drop = ["Source link"]\nignore = ["footers"]\n')
    (tmp_path / "two.toml").write_text('ignore = ["footers"]\n')
    done = run("compare", "texts", "--with", "one.toml", "--against", "two.toml")
    assert b"goes by own/drop with one.toml; stays with two.toml" in done.stdout


def test_folders_of_rules_are_sides(run: Run, tmp_path: Path) -> None:
    for name in ("old", "new"):
        shutil.copytree(ROOT / "rules" / "vocabulary", tmp_path / name / "vocabulary")
        shutil.copytree(ROOT / "rules" / "footers", tmp_path / name / "footers")
    (tmp_path / "new" / "footers" / "source-link.toml").unlink()
    done = run("compare", "texts", "--with", "new", "--against", "old")
    assert done.stdout.decode().splitlines()[0] == "a.txt:8: stays with new; goes by footers/source-link with old"


def test_earlier_findings_are_a_side(run: Run, tmp_path: Path) -> None:
    found = run("--check", "--format", "jsonl", "texts/a.txt").stdout
    (tmp_path / "old.jsonl").write_bytes(found)
    command = ("compare", "texts/a.txt", "--against", "old.jsonl", "--with")
    assert run(*command, "preset=default").stdout == b""
    assert b"stays with ignore=footers" in run(*command, "ignore=footers").stdout


def test_findings_of_a_corpus_are_a_side(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="needs the extra `corpus`")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "d.jsonl").write_text("".join(f"{json.dumps({'text': TEXT})}\n" for _ in range(2)))
    for to in ([], ["--to", "parquet"]):
        out = f"out{len(to)}"
        assert run("corpus", "in", "--out", out, "--findings", *to, "--workers", "1").returncode == 0
        done = run("compare", "in", "--with", "preset=default", "--against", f"{out}/findings", "--exit-code")
        assert (done.returncode, done.stdout) == (0, b""), done.stderr
        done = run("compare", "in", "--with", "ignore=footers", "--against", f"{out}/findings")
        assert done.stdout.count(b"stays with ignore=footers") == 2


def test_the_report_shows_the_differences(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("jinja2", reason="needs the extra `report`")
    (tmp_path / "texts" / "a.txt").write_text(f"{TEXT}\n<script>alert(1)</script>\n")
    drop = "drop=<script>alert(1)</script>; ignore=footers"
    done = run("compare", "texts", "--with", drop, "--report", "c.html")
    assert (done.returncode, done.stdout) == (0, b"")
    page = (tmp_path / "c.html").read_text(encoding="utf-8")
    assert "2 lines are judged differently in 1 of 2 documents: 1 goes now, 1 stays now" in page
    assert "<script>alert" not in page and page.count('<article class="card doc"') == 2


@pytest.mark.parametrize(
    ("side", "said"),
    [
        ("presett=body", "presett: is not a setting; did you mean preset?"),
        ("nowhere", "nowhere: is neither a folder nor a file, nor a setting such as preset=body"),
        ("preset=bodi", "there is no preset 'bodi'"),
        ("nowhere.toml", "nowhere.toml: cannot be read"),
        ("max-drop=much", "max-drop: is 'much'; write a number from 0 to 1"),
        ("broken.jsonl", "has a line that is not a finding"),
    ],
)
def test_a_side_that_means_nothing_is_told(run: Run, tmp_path: Path, side: str, said: str) -> None:
    (tmp_path / "broken.jsonl").write_text('{"rule": "a/b"}\n')
    done = run("compare", "texts", "--with", side)
    assert done.returncode == 2 and said in done.stderr.decode()
