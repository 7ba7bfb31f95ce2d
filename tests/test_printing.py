"""Nothing that a document, a file name or a site brings along reaches a terminal as a command for it."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from cleaner.text.printing import json_text, printable
from tests.conftest import Run
from tests.own_rules import write_site_rule
from tests.test_terminal import on_terminal

# Retitles the window, clears the screen, moves the cursor (with one character, too), and turns the direction of writing.
EVIL = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e\r[/red]"
DIRTY = f"The council voted on Monday to build a bridge.\n\nLeave a Reply\nSource link {EVIL.replace(chr(13), '')}\n"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="such names need POSIX")


def is_safe(shown: str) -> bool:
    """Tell whether all but line breaks can be printed."""
    return all(char.isprintable() or char in "\n\t" for char in shown)


@pytest.fixture(autouse=True)
def files(tmp_path: Path) -> None:
    folder = tmp_path / f"folder{EVIL.replace('/', '')}"
    folder.mkdir()
    for place in (tmp_path / f"a{EVIL.replace('/', '')}.txt", folder / "b.txt"):
        place.write_text(DIRTY, encoding="utf-8")
    documents = [
        {"text": f"{DIRTY}\n\nMenu of {EVIL}\nPage {number}\nAbout us", "site": f"{EVIL}.example"}
        for number in range(9)
    ]
    (tmp_path / f"a{EVIL.replace('/', '')}.jsonl").write_text("".join(json.dumps(each) + "\n" for each in documents))


NAME, FOLDER = (f"{name}{EVIL.replace('/', '')}" for name in ("a", "folder"))
COMMANDS: list[list[str]] = [
    ["--check", f"{NAME}.txt"],
    *(["--check", "--format", form, f"{NAME}.txt"] for form in ("json", "jsonl", "github", "sarif")),
    ["--diff", f"{NAME}.txt"],
    ["--check", "--jsonl", "text", f"{NAME}.jsonl"],
    ["--check", f"missing{NAME}"],
    [f"--{EVIL}"],
    ["--preset", EVIL, f"{NAME}.txt"],
    ["--keep", f"re:({EVIL}", f"{NAME}.txt"],
    ["--show-settings", "--keep", EVIL, "--title", EVIL],
    ["--check", "--write-baseline", f"{NAME}.base", f"{NAME}.txt"],
    ["explain", f"{NAME}.txt"],
    ["explain", "--kept", "all", f"{NAME}.txt"],
    ["explain", "--format", "json", f"{NAME}.txt"],
    ["compare", FOLDER, "--with", f"keep={EVIL}", "--against", "preset=body"],
    ["compare", FOLDER, "--format", "json", "--with", "preset=body"],
    ["rules", "list", EVIL],
    ["rules", "show", EVIL],
    ["rules", "find", EVIL],
    ["rules", "test", FOLDER],
    ["rules", "list", "--rules", FOLDER],
    ["rules", "new", EVIL, "--phrase", EVIL],
    ["learn", f"{NAME}.jsonl", "--site-field", "site", "-o", f"{NAME}.toml"],
    ["learn", f"missing{NAME}.jsonl", "-o", f"{NAME}.toml"],
    ["corpus", f"{NAME}.jsonl", f"missing{NAME}.jsonl", "--out", f"{NAME}.out"],
    ["corpus", f"{NAME}.jsonl", "--field", EVIL, "--out", f"{NAME}.out"],
    ["report", FOLDER, f"{NAME}.txt", "-o", f"{NAME}.html"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=[" ".join(command[:3]).split("\x1b")[0] for command in COMMANDS])
def test_what_is_said_is_printable(run: Run, command: list[str]) -> None:
    for needed, extra in (("pyarrow", ("corpus", "learn")), ("jinja2", ("report",)), ("duckdb", ("learn",))):
        if command[0] in extra:
            pytest.importorskip(needed)
    done = run(*command)
    assert done.returncode in (0, 1, 2)
    assert is_safe(done.stdout.decode()), done.stdout
    assert is_safe(done.stderr.decode()), done.stderr


@pytest.mark.parametrize(
    "command",
    [["--diff", f"{NAME}.txt"], ["rules", "list", "own"], ["rules", "show", "own"], ["explain", f"{NAME}.txt"]],
)
def test_on_a_terminal_there_are_colours_and_nothing_else(tmp_path: Path, command: list[str]) -> None:
    rule = write_site_rule(tmp_path / "own.toml", "A line \x9b31m of the site\u202e")
    given = [*command, *(["--rules", str(rule)] if "rules" in command else [])]
    if command[:2] == ["rules", "show"]:
        given[2] = "own/gazette-example"
    shown = on_terminal(tmp_path, *given).replace("\r\n", "\n")
    for code in ("1", "2", "31", "32", "35", "36", "0", "1;7;31", "1;7;32"):
        shown = shown.replace(f"\x1b[{code}m", "")
    assert shown and is_safe(shown)


def test_the_sites_of_a_corpus_are_named_safely_on_a_terminal(tmp_path: Path) -> None:
    pytest.importorskip("duckdb")
    shown = on_terminal(tmp_path, "learn", f"{NAME}.jsonl", "--site-field", "site", "-o", "out.toml", NO_COLOR="1")
    assert "owned\x07" not in shown and "\x1b]0" not in shown and "\x9b" not in shown and "owned" in shown


def test_what_is_printable_stays() -> None:
    text = "Zwölf Boxkämpfer, 漢字, עברית, 🎉 – “so”"
    assert printable(text) == text and json.loads(json_text([text, EVIL])) == [text, EVIL]
    assert printable("a\tb\x1b\x9b\u202e\udc80\n") == "a\\tb\\x1b\\x9b\\u202e\\udc80\\n"
    assert json_text({"a": ["é\x7f\n\u2028\udc80\U000e0001"]}) == '{"a": ["é\\u007f\\n\\u2028\\udc80\\udb40\\udc01"]}'
    assert json_text(["a"], indent=1) == '[\n "a"\n]'


def test_help_that_cannot_be_written_fails(tmp_path: Path) -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("needs /dev/full")
    from tests.test_cli import _bash

    for options in ("--help", "--version", "corpus --help", "rules show --help"):
        for unbuffered in ("", "1"):
            done = _bash(tmp_path, f"PYTHONUNBUFFERED={unbuffered} {{cleaner}} {options} > /dev/full")
            assert done.returncode == 2 and b"No space left on device" in done.stderr, (options, unbuffered)
