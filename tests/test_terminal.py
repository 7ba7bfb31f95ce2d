"""What the command says to people and to programs: colours, sums, formats, suggestions, and what it says on a terminal only."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.conftest import ROOT, Run

PROSE = "The council voted on Monday to build a bridge across the harbour."
DIRTY = f"{PROSE}\n\nLeave a Reply\nYour email address will not be published.\n\nSource link\n"
SPACES = f"{PROSE}\n\n\n\nThe  mayor agreed with everybody in the end.\n"


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "a.txt").write_text(DIRTY)
    (tmp_path / "b.txt").write_text(f"{PROSE}\n")
    (tmp_path / "c.txt").write_text(SPACES)


def on_terminal(folder: Path, *arguments: str, typed: bytes = b"", **environment: str) -> str:
    """Return what the command prints on a terminal."""
    ours, theirs = pytest.importorskip("pty", reason="needs pseudo-terminals").openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "cleaner", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "80", **environment},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    if typed:
        os.write(ours, typed)
    said = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        said += part
    process.wait()
    os.close(ours)
    return said.decode().replace("\r\n", "\n")


# --- the sum ---


def test_the_last_line_says_how_much_would_go(run: Run) -> None:
    done = run("--check", "a.txt", "b.txt", "c.txt")
    assert done.returncode == 1
    assert done.stdout.decode().splitlines() == [
        "a.txt:3: comments/reply-heading: Leave a Reply",
        "a.txt:4: comments/form-prompt: Your email address will not be published.",
        "a.txt:6: footers/source-link: Source link",
        "c.txt: normalize: whitespace in 3 lines",
    ]
    assert done.stderr.decode().splitlines() == [
        "3 lines in 1 of 3 files would go (comments 2, footers 1); whitespace in 3 lines would be repaired"
    ]


def test_repairs_of_whitespace_are_listed_if_asked_for(run: Run) -> None:
    lines = run("--check", "--repairs", "c.txt").stdout.decode().splitlines()
    assert lines[-1] == (
        "c.txt:5: normalize: The  mayor agreed with everybody in the end. => The mayor agreed with everybody in the end."
    )
    assert len(lines) == 3


def test_nothing_is_said_where_nothing_is_found(run: Run) -> None:
    done = run("--check", "b.txt")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_statistics_stand_for_the_lines(run: Run) -> None:
    done = run("--check", "--statistics", "a.txt", "c.txt")
    assert done.returncode == 1
    assert done.stdout.decode().splitlines() == [
        "1  comments/form-prompt",
        "1  comments/reply-heading",
        "1  footers/source-link",
        "3  normalize (whitespace)",
    ]
    counted = json.loads(run("--check", "--statistics", "--format", "json", "a.txt").stdout)
    assert counted[-1] == {"rule": "footers/source-link", "lines": 1}


def test_quiet_says_nothing_but_what_is_wrong(run: Run) -> None:
    done = run("--check", "--quiet", "a.txt")
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")
    assert b"cannot be read" in run("--check", "-q", "nowhere.txt").stderr


def test_a_diff_has_an_exit_code_if_asked_for(run: Run) -> None:
    assert run("--diff", "a.txt").returncode == 0
    assert run("--diff", "--exit-code", "a.txt").returncode == 1
    assert run("--diff", "--exit-code", "b.txt").returncode == 0
    assert run("--diff", "--exit-code", "--quiet", "a.txt").stdout == b""
    assert run("--exit-code", "a.txt").returncode == 2


# --- formats ---


def test_json_is_one_list_and_jsonl_a_record_on_each_line(run: Run) -> None:
    records = json.loads(run("--check", "--format", "json", "a.txt", "c.txt").stdout)
    assert [(record["path"], record["line"]) for record in records[:3]] == [("a.txt", 3), ("a.txt", 4), ("a.txt", 6)]
    assert len(records) == 6
    lines = run("--check", "--format", "jsonl", "a.txt", "c.txt").stdout.splitlines()
    assert [json.loads(line) for line in lines] == records
    assert json.loads(run("--check", "--format", "json", "b.txt").stdout) == []


def test_annotations_for_github(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a,b.txt").write_text(DIRTY.replace("Source link", "Source link:  100%"))
    first = run("--check", "--format", "github", "a,b.txt", "--drop", "Source link: 100%").stdout.decode().splitlines()
    assert first[0] == "::warning file=a%2Cb.txt,line=3,title=comments/reply-heading::Leave a Reply"
    assert first[-1] == "::warning file=a%2Cb.txt,line=6,title=own/drop::Source link:  100%25"


def test_sarif_names_rules_and_places(run: Run) -> None:
    log = json.loads(run("--check", "--format", "sarif", "a.txt", "b.txt").stdout)
    (only,) = log["runs"]
    assert log["version"] == "2.1.0" and only["tool"]["driver"]["name"] == "boilerplate-cleaner"
    rules = {rule["id"]: rule for rule in only["tool"]["driver"]["rules"]}
    assert set(rules) == {"comments/form-prompt", "comments/reply-heading", "footers/source-link"}
    assert "Price: " in rules["footers/source-link"]["fullDescription"]["text"]
    place = only["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a.txt" and place["region"]["startLine"] == 3
    assert {result["ruleId"] for result in only["results"]} == set(rules)


@pytest.mark.parametrize("form", ["text", "json", "jsonl", "github", "sarif"])
def test_documents_of_json_have_a_place_in_every_format(run: Run, form: str) -> None:
    lines = json.dumps({"text": PROSE}) + "\n" + json.dumps({"text": DIRTY}) + "\n"
    done = run("--check", "--jsonl", "text", "--format", form, stdin=lines.encode())
    assert done.returncode == 1
    wanted = {"text": "<stdin>:2:3: ", "github": "line=2,", "sarif": '"startLine": 2'}.get(form, '"record": 2')
    assert wanted in done.stdout.decode()


# --- several files ---


def test_several_texts_have_headings_and_one_has_none(run: Run) -> None:
    assert run("a.txt").stdout.decode() == f"{PROSE}\n"
    assert run("a.txt", "b.txt").stdout.decode() == f"==> a.txt <==\n{PROSE}\n\n==> b.txt <==\n{PROSE}\n"


def test_several_texts_go_into_a_folder(run: Run, tmp_path: Path) -> None:
    done = run("--out", "clean", "a.txt", "b.txt", "-", stdin=DIRTY.encode())
    assert (done.returncode, done.stdout) == (0, b"")
    written = {path.name: path.read_text() for path in (tmp_path / "clean").iterdir()}
    assert written == dict.fromkeys(("a.txt", "b.txt", "stdin.txt"), f"{PROSE}\n")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.txt").write_text(DIRTY)
    assert b"would be written to the same place as a.txt" in run("--out", "clean", "a.txt", "other/a.txt").stderr
    assert b"use --in-place" in run("--out", ".", "a.txt").stderr


# --- settings ---


def test_settings_are_shown_with_where_they_come_from(run: Run, tmp_path: Path) -> None:
    (tmp_path / "cleaner.toml").write_text('preset = "body"\nkeep = ["Related"]\n')
    shown = run("--show-settings", "--ignore", "captions,bios", "--in-place").stdout.decode()
    assert f"# {tmp_path / 'cleaner.toml'}\n" in shown
    assert 'preset = "body"  # cleaner.toml' in shown
    assert 'ignore = ["captions", "bios"]  # --ignore' in shown
    assert "max-drop = 0.5  # --in-place" in shown and "# languages: all" in shown
    assert tomllib.loads(shown) == {
        "preset": "body",
        "ignore": ["captions", "bios"],
        "max-drop": 0.5,
        "keep": ["Related"],
    }


def test_a_settings_file_can_be_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "cleaner.toml").write_text('preset = "body"\n')
    (tmp_path / "mine.toml").write_text('keep = ["Source link"]\n')
    assert b"Source link" in run("--config", "mine.toml", "a.txt").stdout
    assert b"Source link" not in run("a.txt").stdout
    assert b"nowhere.toml: cannot be read" in run("--config", "nowhere.toml", "a.txt").stderr
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    assert b"has no table [tool.cleaner]" in run("--config", "pyproject.toml", "a.txt").stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rulez"], "cleaner: rulez: cannot be read: No such file or directory; did you mean `cleaner rules`?\n"),
        (["--presett", "body"], "cleaner: unrecognized arguments: --presett; did you mean --preset?\n"),
        (["--zzz"], "cleaner: unrecognized arguments: --zzz; `cleaner --help` shows what there is\n"),
        (["corpus", "a", "--out", "b", "--find"], None),
        (["--whitespace", "txt"], "did you mean text?\n"),
    ],
)
def test_what_does_not_exist_is_told_with_the_nearest(run: Run, arguments: list[str], said: str | None) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stderr.decode().count("\n") == 1
    if said is not None:
        assert done.stderr.decode().endswith(said)


# --- the terminal itself ---


def test_colours_are_for_terminals(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert b"\033[" not in run("--check", "a.txt").stdout
    assert "\033[31mLeave a Reply\033[0m" in on_terminal(tmp_path, "--check", "a.txt")
    assert "\033[" not in on_terminal(tmp_path, "--check", "a.txt", NO_COLOR="1")
    assert "\033[" not in on_terminal(tmp_path, "--diff", "a.txt", TERM="dumb")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert b"\033[31m-Leave a Reply\033[0m" in run("--diff", "a.txt").stdout


def test_what_changes_inside_a_line_is_marked(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    (tmp_path / "a.txt").write_text(f"{PROSE}\nDas ist schÃ¶n, finden alle hier.\n")
    lines = run("--diff", "a.txt").stdout.decode().splitlines()
    assert "\033[1;7;31mÃ¶\033[0m" in lines[-2] and "\033[1;7;32mö\033[0m" in lines[-1]


def test_a_bare_command_on_a_terminal_says_that_it_waits(tmp_path: Path) -> None:
    said = on_terminal(tmp_path, typed=b"Leave a Reply\n\x04")
    assert "cleaner: reading text from the terminal; Ctrl-D ends it" in said


def test_a_clean_check_says_so_on_a_terminal(tmp_path: Path) -> None:
    assert on_terminal(tmp_path, "--check", "b.txt") == "nothing would change in 1 file\n"


def test_a_full_disk_is_one_line(tmp_path: Path) -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("needs /dev/full")
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "cleaner", "a.txt"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 2 and done.stderr.count(b"\n") == 1 and b"No space left" in done.stderr
