"""Findings that are known are not reported again, wherever their lines move."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Run

PROSE = "The council voted on Monday to build a bridge across the harbour."
DIRTY = f"{PROSE}\nLeave a Reply\nSource link\n"


@pytest.fixture(autouse=True)
def known(run: Run, tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text(DIRTY)
    done = run("--check", "--write-baseline", "known.json", "texts/a.txt")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"known.json: 2 findings are known now\n")


def test_known_findings_are_not_reported(run: Run, tmp_path: Path) -> None:
    done = run("--check", "--baseline", "known.json", "texts/a.txt")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    # From another folder, too.
    assert run("--check", "--baseline", "../known.json", "a.txt", cwd=tmp_path / "texts").returncode == 0


def test_a_line_that_moved_is_known_and_a_second_one_is_new(run: Run, tmp_path: Path) -> None:
    (tmp_path / "texts" / "a.txt").write_text(
        f"{PROSE}\n{PROSE.replace('Monday', 'Friday')}\nLeave a Reply\nSource link\n"
    )
    assert run("--check", "--baseline", "known.json", "texts/a.txt").returncode == 0
    (tmp_path / "texts" / "a.txt").write_text(f"{DIRTY}Leave a Reply\nTags: bridge, harbour\n")
    done = run("--check", "--baseline", "known.json", "texts/a.txt")
    assert done.returncode == 1
    assert b":4: comments/reply-heading" in done.stdout and b":2: " not in done.stdout
    (tmp_path / "texts" / "b.txt").write_text(DIRTY)
    done = run("--check", "--baseline", "known.json", "texts/b.txt")
    assert done.returncode == 1 and b"2 lines in 1 of 1 file would go" in done.stderr


def test_documents_of_json_are_known_by_their_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(f"{json.dumps({'text': DIRTY})}\n")
    assert run("--check", "--jsonl", "text", "--write-baseline", "k.json", "a.jsonl").returncode == 0
    assert run("--check", "--jsonl", "text", "--baseline", "k.json", "a.jsonl").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--baseline", "known.json"), b"a baseline goes with --check"),
        (("--check", "--baseline", "a", "--write-baseline", "b"), b"a baseline goes with --check"),
        (("--check", "--baseline", "nowhere.json"), b"nowhere.json: cannot be read"),
        (("--check", "--baseline", "texts/a.txt"), b"is not a baseline of this version"),
    ],
)
def test_what_is_no_baseline_is_told(run: Run, arguments: tuple[str, ...], said: bytes) -> None:
    done = run(*arguments, "texts/a.txt")
    assert done.returncode == 2 and said in done.stderr
