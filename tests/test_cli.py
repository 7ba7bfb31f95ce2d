"""The command: its input, output, exit status and messages."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cleaner.atomic import remove_leftovers, write_atomically
from cleaner.model import InputError
from cleaner.rules.loading import identity
from cleaner.version import __version__
from tests.conftest import ROOT, Run
from tests.test_rulefile import GOOD, write

DIRTY = b"The council met on Monday.\n\nPlease enter your comment!\n"
CLEAN = b"The council met on Monday.\n"

FILTER = [
    ("dirty", DIRTY, CLEAN),
    ("clean", CLEAN, CLEAN),
    ("empty", b"", b""),
    ("only blank lines", b"\n \n\t\n", b""),
    ("no final newline", b"The council met on Monday.", b"The council met on Monday.\n"),
    (
        "Windows",
        b"The council met on Monday.\r\n\r\nPlease enter your comment!\r\nMore.\r\n",
        b"The council met on Monday.\n\nMore.\n",
    ),
    ("byte order mark", b"\xef\xbb\xbfThe council met on Monday.\n", b"The council met on Monday.\n"),
]


@pytest.mark.parametrize(("given", "wanted"), [case[1:] for case in FILTER], ids=[case[0] for case in FILTER])
def test_filter(run_process: Run, given: bytes, wanted: bytes) -> None:
    done = run_process(stdin=given)
    assert (done.returncode, done.stdout, done.stderr) == (0, wanted, b"")


IN_PLACE = [
    ("dirty", DIRTY, CLEAN),
    ("clean", CLEAN, CLEAN),
    (
        "Windows",
        b"The council met on Monday.\r\n\r\nPlease enter your comment!\r\nMore.\r\n",
        b"The council met on Monday.\r\n\r\nMore.\r\n",
    ),
    (
        "old Macintosh",
        b"The council met on Monday.\rPlease enter your comment!\rMore.\r",
        b"The council met on Monday.\rMore.\r",
    ),
    (
        "byte order mark",
        b"\xef\xbb\xbfThe council met on Monday.\nPlease enter your comment!\n",
        b"\xef\xbb\xbfThe council met on Monday.\n",
    ),
    ("no final newline", b"The council met on Monday.\nPlease enter your comment!", b"The council met on Monday."),
    ("many final newlines", b"The council met on Monday.\n\n\n", b"The council met on Monday.\n"),
    ("empty", b"", b""),
]


@pytest.mark.parametrize(("given", "wanted"), [case[1:] for case in IN_PLACE], ids=[case[0] for case in IN_PLACE])
def test_in_place(run: Run, tmp_path: Path, given: bytes, wanted: bytes) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(given)
    path.chmod(0o640)
    before = path.stat().st_mtime_ns
    done = run("--in-place", "a.txt")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert path.read_bytes() == wanted
    assert path.stat().st_mode & 0o777 == 0o640
    assert (path.stat().st_mtime_ns == before) == (given == wanted), "a clean file is not written"
    assert run("--in-place", "--fail-on-change", "a.txt").returncode == 0
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.txt"], "nothing is left aside"


def test_in_place_keeps_a_symbolic_link(run: Run, tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_bytes(DIRTY)
    (tmp_path / "link.txt").symlink_to("real.txt")
    assert run("-i", "link.txt").returncode == 0
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_bytes() == CLEAN


def test_in_place_keeps_the_encoding(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("Käse ist heute für alle da.\nPlease enter your comment!\n".encode("cp1252"))
    assert run("-i", "--encoding", "cp1252", "a.txt").returncode == 0
    assert path.read_bytes() == "Käse ist heute für alle da.\n".encode("cp1252")


WRONG = [
    (
        "not UTF-8",
        b"Two\nK\xe4se\n",
        [],
        rb"a\.txt:2: is not UTF-8 at byte 5 \(0xe4\); name its encoding with --encoding",
    ),
    ("binary", b"PK\x03\x04\x00\x00", [], rb"a\.txt: is a binary file \(NUL at byte 4\); leave it out"),
    ("UTF-16", "Käse".encode("utf-16"), [], rb"a\.txt: is a binary file .*it looks like UTF-16: try --encoding utf-16"),
    ("an encoding that is none", b"x", ["--encoding", "utf-9"], rb"a\.txt: there is no encoding 'utf-9'"),
]


@pytest.mark.parametrize(("given", "options", "message"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
@pytest.mark.parametrize("way", [[], ["-i"], ["--check"], ["--diff"]])
def test_what_is_no_text_is_named_and_left(
    run: Run, tmp_path: Path, given: bytes, options: list[str], message: bytes, way: list[str]
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(given)
    done = run(*way, *options, "a.txt")
    assert (done.returncode, done.stdout) == (2, b"")
    assert re.fullmatch(rb"cleaner: " + message + rb".*\n", done.stderr), done.stderr
    assert path.read_bytes() == given


def test_errors_can_be_replaced(run: Run) -> None:
    assert run("--errors", "replace", stdin=b"K\xe4se\x00\n").stdout.decode() == "K\ufffdse\n"
    assert run("--errors", "ignore", stdin=b"K\xe4se\n").stdout == b"Kse\n"


USE = [
    (["nowhere.txt"], rb"cleaner: nowhere\.txt: cannot be read: No such file or directory\n"),
    (["."], rb"cleaner: \.: cannot be read: Is a directory\n"),
    (
        ["--select", "comments/form-promt"],
        rb"cleaner: select: no rule is called 'comments/form-promt'; did you mean 'comments/form-prompt'\?\n",
    ),
    (["--ignore", "weather-widgets"], rb"cleaner: ignore: no rule is called 'weather-widgets'; .*\n"),
    (["--preset", "bodi"], rb"cleaner: there is no preset 'bodi'; did you mean 'body'\?\n"),
    (["--languages", "tlh"], rb"cleaner: languages: no rule knows 'tlh'; there are ar, .*\n"),
    (["--max-drop", "50"], rb"cleaner: max_drop is a share of the words from 0 to 1, not 50\.0\n"),
    (["--rules", "nowhere"], rb"cleaner: nowhere: there is no such rule file or folder.*\n"),
    (["--keep", "@nowhere.txt"], rb"cleaner: nowhere\.txt: cannot be read: No such file or directory\n"),
    (["--drop", "***"], rb"cleaner: drop: '\*\*\*' has no letter or digit; write it as a pattern: re:.*\n"),
    (["--drop", "re:("], rb"cleaner: drop: .*\n"),
    (["-i", "."], rb"cleaner: \.: is a folder; name the files in it\n"),
    (["--encoding", "undefined"], rb"cleaner: <stdin>: cannot be read in the encoding 'undefined': .*\n"),
    (["--encoding", "punycode"], rb"cleaner: <stdin>: cannot be read in the encoding 'punycode': .*\n"),
    (
        ["--encoding", "undefined", "--jsonl", "text"],
        rb"cleaner: <stdin>: cannot be read in the encoding 'undefined': .*\n",
    ),
    (["-i"], rb"cleaner: --in-place needs files to rewrite.*\n"),
    (
        ["--only-scraped", "a.txt"],
        rb"cleaner: --only-scraped leaves files alone; it goes with --in-place, --check or --diff\n",
    ),
    (["-i", "--html", "a.html"], rb"cleaner: --html turns a page into text.*\n"),
    (["rules", "show", "titles/copi"], rb"cleaner: no rule is called 'titles/copi'; did you mean 'titles/copy'\?\n"),
    (["rules", "test", "nowhere"], rb"cleaner: nowhere: is neither a folder nor a file of rules; check the path\n"),
]


@pytest.mark.parametrize(("arguments", "message"), USE, ids=[" ".join(case[0]) for case in USE])
def test_wrong_use_is_one_line_that_helps(run: Run, arguments: list[str], message: bytes) -> None:
    done = run(*arguments, stdin=DIRTY)
    assert (done.returncode, done.stdout) == (2, b"")
    assert re.fullmatch(message, done.stderr), done.stderr


NO_PROSE = [
    ("data.csv", b"name,age\n", rb"is a table, whose rows and columns cleaning would break; .*"),
    ("x.py", b"import os\n", rb"is code, whose lines and spaces cleaning would break; .*"),
    ("x.YAML", b"a: b\n", rb"is data, whose lines cleaning would break; .*"),
    ("page.html", b"<p>Text\n", rb"is a page; clean the text in it with --html; .*"),
    (
        "page.txt",
        b"\xef\xbb\xbf\n<!-- a -->\n<!DOCTYPE html><p>Text\n",
        rb"is a page; clean the text in it with --html; .*",
    ),
    ("feed.txt", b'<?xml version="1.0"?><rss>\n', rb"is XML, which cleaning would break; .*"),
    ("run", b"#!/bin/sh\necho\n", rb"is a script, which cleaning would break; .*"),
    (
        "x.jsonl",
        b'{"text": "A."}\n',
        rb"is JSON; if each line is a document, name the field that holds the text with --jsonl FIELD; .*",
    ),
    ("x.txt", b'{ "a b": "A."}\n', rb"is JSON; .*"),
    (
        "x.jsonl.zst",
        b"\x28\xb5\x2f\xfd..",
        rb"is compressed \(zstd\); clean .* with: cleaner corpus x\.jsonl\.zst --out DIR",
    ),
    ("x.txt.gz", b"\x1f\x8b..", rb"is compressed \(gzip\); decompress it first"),
    ("x.parquet", b"PAR1..", rb"is Parquet; clean the documents in it with: cleaner corpus x\.parquet --out DIR"),
    ("x.pdf", b"%PDF-1.4\n", rb"is a PDF; take the text out of it first"),
]


@pytest.mark.parametrize(("name", "given", "message"), NO_PROSE, ids=[case[0] for case in NO_PROSE])
def test_what_is_no_prose_is_named_and_left(run: Run, tmp_path: Path, name: str, given: bytes, message: bytes) -> None:
    (tmp_path / name).write_bytes(given)
    for way in ([], ["-i"], ["--check"]):
        done = run(*way, name)
        assert (done.returncode, done.stdout) == (2, b"")
        assert re.fullmatch(rb"cleaner: " + re.escape(name.encode()) + b": " + message + b"\n", done.stderr), (
            done.stderr
        )
    assert (tmp_path / name).read_bytes() == given


PROSE = [
    ("a.md", b"# The council met on Monday.\n"),
    ("a.rst", b"Text\n====\n"),
    ("a", b"<p>An element, and no page.\n"),
    ("a.txt", b'{braces} and "quotes": a text.\n'),
    ("3.5 miles", b"The council met on Monday.\n"),
]


@pytest.mark.parametrize(("name", "given"), PROSE, ids=[case[0] for case in PROSE])
def test_what_may_be_prose_is_cleaned(run: Run, tmp_path: Path, name: str, given: bytes) -> None:
    (tmp_path / name).write_bytes(given)
    done = run(name)
    assert (done.returncode, done.stdout, done.stderr) == (0, given, b"")


def test_standard_input_is_taken_for_prose(run: Run) -> None:
    page = b"<!DOCTYPE html>\n<p>The council met on Monday.\n"
    assert run(stdin=page).stdout == page


def test_one_bad_file_does_not_stop_the_others(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_bytes(b"\xff")
    (tmp_path / "good.txt").write_bytes(DIRTY)
    done = run("-i", "bad.txt", "good.txt")
    assert done.returncode == 2 and b"bad.txt:1" in done.stderr
    assert (tmp_path / "good.txt").read_bytes() == CLEAN


def test_a_folder_that_cannot_be_written_leaves_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(DIRTY)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match=r"a\.txt: cannot be written: No space left on device; it was not changed"):
        write_atomically(str(path), CLEAN)
    assert path.read_bytes() == DIRTY
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.txt"]


def test_check_names_path_line_rule_and_text(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"The  council met on Monday.\n\nPlease enter your comment!\n\n\nMore.\n")
    (tmp_path / "b.txt").write_bytes(CLEAN)
    done = run("--check", "--repairs", "a.txt", "b.txt")
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        b"a.txt:1: normalize: The  council met on Monday. => The council met on Monday.",
        b"a.txt:3: comments/form-prompt: Please enter your comment!",
        b"a.txt:5: normalize: ",
    ]
    assert run("--check", "b.txt").returncode == 0
    assert (tmp_path / "a.txt").read_bytes().startswith(b"The  council met on Monday.")


def test_explain_prints_findings_beside_the_text(run: Run) -> None:
    done = run("--explain", stdin=DIRTY)
    assert (done.returncode, done.stdout) == (0, CLEAN)
    finding = b"<stdin>:3: comments/form-prompt: Please enter your comment!\n"
    assert done.stderr == finding + b"1 line in 1 of 1 file went (comments 1)\n"
    (record,) = json.loads(run("--explain", "--format", "json", stdin=DIRTY).stderr)
    wanted = {
        "rule": "comments/form-prompt",
        "line": 3,
        "start": 28,
        "end": 54,
        "text": "Please enter your comment!",
        "replacement": "",
        "also": [],
    }
    assert record == {"path": "<stdin>", **wanted}


def test_findings_do_not_obey_control_characters(run: Run) -> None:
    done = run("--check", stdin=b"Text.\n\x1b[2JPlease enter your comment!\n")
    assert b"\x1b" not in done.stdout and b"\\x1b[2JPlease enter your comment!" in done.stdout


def test_diff(run: Run) -> None:
    done = run("--diff", stdin=DIRTY)
    assert done.returncode == 0
    assert done.stdout.decode().splitlines()[:2] == ["--- a/<stdin>", "+++ b/<stdin>"]
    assert "-Please enter your comment!" in done.stdout.decode().splitlines()
    assert run("--diff", stdin=CLEAN).stdout == b""


def test_max_drop_keeps_and_says_so(run: Run, tmp_path: Path) -> None:
    gutted = (
        b"The  council met on Monday.\n" + b"Please enter your comment!\nYour email address will not be published.\n"
    )
    (tmp_path / "a.txt").write_bytes(gutted)
    too_much = b"more than 50% of its words, or all of its running text, would go; --explain shows what, --max-drop raises the limit\n"
    done = run("-i", "--fail-on-change", "--max-drop", "0.5", "a.txt")
    assert (done.returncode, done.stderr) == (0, b"cleaner: a.txt: left as it is: " + too_much)
    assert (tmp_path / "a.txt").read_bytes() == gutted
    done = run("--check", "--max-drop", "0.5", "a.txt")
    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        b"",
        b"cleaner: a.txt: would be left as it is: " + too_much,
    )
    done = run("--max-drop", "0.5", stdin=gutted)
    assert (done.returncode, done.stderr) == (0, b"cleaner: <stdin>: only normalized: " + too_much)
    assert done.stdout == gutted.replace(b"  ", b" ")


def test_a_text_of_nothing_else_stays_and_is_named(run: Run) -> None:
    text = b"Related Articles\n\nPlease enter your comment!\n\nYour email address will not be published.\n"
    done = run(stdin=text)
    assert (done.returncode, done.stdout) == (0, text)
    assert done.stderr.startswith(
        b"cleaner: <stdin>: only normalized: everything, or all of its running text, would go;"
    )


def test_options_choose_rules(run: Run) -> None:
    sentence, prompt, source = b"The council met on Monday.\n", b"Please enter your comment!\n", b"Source link\n"
    text = sentence + prompt + source
    assert run("--ignore", "comments", stdin=text).stdout == sentence + prompt
    assert run("--select", "comments/form-prompt,titles", stdin=text).stdout == sentence + source
    assert run("--select", "*/source-link", stdin=text).stdout == sentence + prompt
    assert run("--languages", "de,fr", stdin=text).stdout == text
    more = b"More was said on Tuesday evening.\n"
    assert run("--preset", "body", "--title", sentence.decode(), stdin=text + more).stdout == more


STREAMS = [
    (
        "{cleaner} a.txt > /dev/full",
        2,
        "standard output: cannot be written: No space left on device; the output is incomplete",
    ),
    ("{cleaner} --check a.txt > /dev/full", 2, "standard output: cannot be written: No space left on device; .*"),
    ("{cleaner} rules list > /dev/full", 2, "standard output: cannot be written: No space left on device; .*"),
    ("{cleaner} nowhere 2> /dev/full", 2, ""),
    ("{cleaner} <&-", 2, "<stdin>: cannot be read: Bad file descriptor"),
    ("{cleaner} a.txt >&-", 2, "standard output: cannot be written: Bad file descriptor; .*"),
    ("{cleaner} nowhere 2>&-", 2, ""),
    ("{cleaner} -i --fail-on-change a.txt <&- >&- 2>&-", 1, ""),
    (
        "mkdir gone && cd gone && rmdir ../gone && {cleaner} ../a.txt",
        2,
        "the working directory is gone; change to another one",
    ),
    (
        "mkdir gone && cd gone && rmdir ../gone && {cleaner} learn ../a.jsonl -o ../a.toml",
        2,
        "the working directory is gone; .*",
    ),
    ("mkfifo pipe && {cleaner} -i pipe", 2, "pipe: is not a regular file, so it cannot be rewritten; .*"),
]


@pytest.mark.parametrize(("command", "status", "message"), STREAMS, ids=[case[0] for case in STREAMS])
def test_what_cannot_be_read_or_written_is_one_line(tmp_path: Path, command: str, status: int, message: str) -> None:
    (tmp_path / "a.txt").write_bytes(DIRTY)
    done = _bash(tmp_path, command)
    assert (done.returncode, done.stdout) == (status, b"")
    assert re.fullmatch(f"cleaner: {message}\n" if message else "", done.stderr.decode())
    assert (tmp_path / "a.txt").read_bytes() == (CLEAN if status == 1 else DIRTY)


def _bash(folder: Path, command: str) -> subprocess.CompletedProcess[bytes]:
    """Run a shell command, in which {cleaner} is our command."""
    return subprocess.run(
        ["bash", "-c", command.format(cleaner=f"{sys.executable} -m cleaner")],
        capture_output=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=60,
        check=False,
    )


def test_ctrl_c_is_quiet(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(DIRTY)
    os.mkfifo(tmp_path / "pipe")
    command = [sys.executable, "-m", "cleaner", "a.txt", "pipe"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    # Once it reads the pipe, the command is past its start and waits.
    with process, (tmp_path / "pipe").open("wb"):
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (130, b"")


def test_a_file_that_changes_meanwhile_is_left(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(DIRTY)
    before = path.stat()
    with path.open("ab") as file:
        file.write(b"Appended.\n")
    with pytest.raises(
        InputError, match=r"a\.txt: was changed while it was cleaned; it is left as it is now: clean it again"
    ):
        write_atomically(str(path), CLEAN, before)
    assert path.read_bytes() == DIRTY + b"Appended.\n"
    path.unlink()
    with pytest.raises(InputError, match=r"a\.txt: was removed while it was cleaned; nothing is written"):
        write_atomically(str(path), CLEAN, before)
    assert not list(tmp_path.iterdir())


def test_hard_links_are_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(DIRTY)
    os.link(tmp_path / "a.txt", tmp_path / "b.txt")
    done = run("-i", "a.txt")
    assert done.stderr == b"cleaner: a.txt: rewritten; its other names (hard links: 1) still have the old text\n"
    assert ((tmp_path / "a.txt").read_bytes(), (tmp_path / "b.txt").read_bytes()) == (CLEAN, DIRTY)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root, who may give files away")
def test_the_owner_stays_and_no_other_gets_setuid(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(DIRTY)
    os.chown(path, 12345, 23456)
    path.chmod(0o6755)
    assert run("-i", "a.txt").returncode == 0
    found = path.stat()
    assert (found.st_uid, found.st_gid, found.st_mode & 0o7777) == (12345, 23456, 0o6755)

    def refused(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    path.write_bytes(DIRTY)
    with monkeypatch.context() as patched:
        patched.setattr(os, "chown", refused)
        with pytest.raises(InputError, match="belongs to another user, who would lose it; it was not changed"):
            write_atomically(str(path), CLEAN)
        assert path.read_bytes() == DIRTY
        os.unlink(path)
    path.write_bytes(DIRTY)
    os.chown(path, os.geteuid(), 23456)
    path.chmod(0o6755)
    with monkeypatch.context() as patched:
        patched.setattr(os, "chown", refused)
        write_atomically(str(path), CLEAN)
    assert path.stat().st_mode & 0o7777 == 0o4755, "another group does not get setgid"


def test_what_a_killed_run_left_goes_and_what_another_writes_stays(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(DIRTY)
    waits = "lambda _: (print(flush=True), sys.stdin.read())"
    write = f"import os, sys; from cleaner.atomic import write_atomically; os.fsync = {waits}"
    command = [sys.executable, "-c", f"{write}; write_atomically('b.txt', b'Text.')"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, **pipes) as killed:  # type: ignore[call-overload]
        killed.stdout.readline()
        remove_leftovers(str(tmp_path))
        assert len(list(tmp_path.iterdir())) == 2, "it is locked"
        killed.kill()
    assert len(list(tmp_path.iterdir())) == 2
    assert _bash(tmp_path, "{cleaner} -i a.txt").returncode == 0
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.txt"]


def test_in_place_guards_half_of_the_words_unless_told_otherwise(run: Run, tmp_path: Path) -> None:
    gutted = (
        b"The council met.\n\nPlease enter your comment!\nYour email address will not be published.\nRelated Articles\n"
    )
    (tmp_path / "a.txt").write_bytes(gutted)
    done = run("-i", "a.txt")
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr.startswith(b"cleaner: a.txt: left as it is: more than 50% of its words, ")
    assert (tmp_path / "a.txt").read_bytes() == gutted
    assert run("-i", "--max-drop", "1", "a.txt").stderr == b""
    assert (tmp_path / "a.txt").read_bytes() == b"The council met.\n"


def test_a_change_is_told_in_words(run: Run, tmp_path: Path) -> None:
    text = b"The  council met on Monday. \n\n\nMore was said&nbsp;there. \nIt is \xc3\xa2\xe2\x82\xac\xe2\x84\xa2s.\n\n"
    text += b"Please enter your comment!\n"
    (tmp_path / "a.txt").write_bytes(text)
    done = run("-i", "--fail-on-change", "a.txt")
    assert done.returncode == 1
    assert (
        done.stderr
        == b"cleaner: a.txt: 1 line dropped, whitespace repaired in 2 lines, characters repaired in 2 lines\n"
    )
    (tmp_path / "a.txt").write_bytes(b"The council met on Monday.\r\nMore was said there.\n")
    assert run("-i", "--fail-on-change", "a.txt").stderr == b"cleaner: a.txt: line breaks unified\n"


def test_a_closed_pipe_is_quiet(tmp_path: Path) -> None:
    big = tmp_path / "big.txt"
    big.write_bytes(
        b"A line of text that is not repeated.\n"
        + b"".join(b"Line %d of many that follow it.\n" % n for n in range(20_000))
    )
    script = f"{sys.executable} -m cleaner {big} | head -1"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {script}; echo ${{PIPESTATUS[0]}} >&2"],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.stdout == b"A line of text that is not repeated.\n"
    assert done.stderr in (b"0\n", b"141\n")


@pytest.mark.parametrize("megabytes", [1, pytest.param(50, marks=pytest.mark.all)])
def test_one_long_line(run_process: Run, megabytes: int) -> None:
    line = b"word " * (megabytes * 200_000)
    done = run_process(stdin=line)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == line.strip() + b"\n"


def test_the_settings_file_is_used_and_options_win(run: Run, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.cleaner]\nignore = ["comments"]\n', encoding="utf-8")
    assert run(stdin=DIRTY).stdout == DIRTY
    assert run("--ignore", "weather", stdin=DIRTY).stdout == CLEAN
    below = tmp_path / "below"
    below.mkdir()
    assert run(stdin=DIRTY, cwd=below).stdout == DIRTY
    (below / "cleaner.toml").write_text('ignore = ["weather"]\n', encoding="utf-8")
    assert run(stdin=DIRTY, cwd=below).stdout == CLEAN


SETTINGS = [
    ('keep = "Please enter your comment!"', "keep: is 'Please enter your comment!'; write a list of texts"),
    ("x = " + "[" * 20_000, "is nested too deeply to be read"),
    ('presett = "body"', "presett: unknown key; did you mean 'preset'?"),
    ('select = "comments"', "select: is 'comments'; write a list of texts"),
    ("max-drop = true", "max-drop: is True; write a number from 0 to 1"),
    ("max-drop =", "is not TOML"),
]


@pytest.mark.parametrize(("line", "message"), SETTINGS, ids=[line[:20] for line, _ in SETTINGS])
def test_wrong_settings_are_named(run: Run, tmp_path: Path, line: str, message: str) -> None:
    (tmp_path / "cleaner.toml").write_text(line, encoding="utf-8")
    done = run(stdin=DIRTY)
    assert (done.returncode, done.stdout) == (2, b"")
    assert f"{tmp_path / 'cleaner.toml'}: {message}" in done.stderr.decode()


@pytest.mark.parametrize("table", ["[[tool.cleaner]]", "tool.cleaner = 3"])
def test_settings_that_are_no_table_are_named(run: Run, tmp_path: Path, table: str) -> None:
    (tmp_path / "pyproject.toml").write_text(table, encoding="utf-8")
    done = run(stdin=DIRTY)
    assert (done.returncode, done.stdout) == (2, b"")
    assert re.fullmatch(
        rb"cleaner: .*pyproject\.toml: tool\.cleaner: is not a table; write \[tool\.cleaner\].*\n", done.stderr
    )


@pytest.mark.parametrize("arguments", [[], ["--jsonl", "text"]], ids=["text", "JSON"])
def test_an_encoding_of_the_settings_that_is_none_is_named(run: Run, tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "cleaner.toml").write_text('encoding = "a\\u0000b"\n', encoding="utf-8")
    done = run(*arguments, stdin=b'{"text": "A."}\n')
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"cleaner: <stdin>: there is no encoding 'a\\x00b'; ")


def test_whitespace_keep_and_drop(run: Run, tmp_path: Path) -> None:
    text = b"The  council met on Monday.\n\n  Please enter your comment!\n\nNext, please\n"
    assert run(stdin=text).stdout == b"The council met on Monday.\n\nNext, please\n"
    assert run(
        "--whitespace", "layout", "--keep", "please enter your COMMENT", "--drop", "re:Next.*", stdin=text
    ).stdout == (b"The  council met on Monday.\n\n  Please enter your comment!\n")
    (tmp_path / "lines.txt").write_bytes(b"PLEASE ENTER YOUR COMMENT\n\nNext, please\n")
    assert (
        run("--keep", "@lines.txt", stdin=text).stdout
        == b"The council met on Monday.\n\nPlease enter your comment!\n\nNext, please\n"
    )
    (tmp_path / "cleaner.toml").write_text(
        'whitespace = "off"\nkeep = ["Please enter your comment!"]\ndrop = ["NEXT, PLEASE"]\n', encoding="utf-8"
    )
    assert run(stdin=text).stdout == text.removesuffix(b"\n\nNext, please\n") + b"\n"
    assert run("--keep", "re:No line", stdin=text).stdout == b"The  council met on Monday.\n"


def test_rules_of_the_settings_are_from_their_folder(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "own", GOOD)
    (tmp_path / "cleaner.toml").write_text('rules = ["own"]\n', encoding="utf-8")
    below = tmp_path / "below"
    below.mkdir()
    assert run(stdin=DIRTY.replace(b"Please enter your comment!", b"Read our standards"), cwd=below).stdout == CLEAN


def test_rules_list_show_kinds_and_test(run: Run, tmp_path: Path) -> None:
    listed = run("rules").stdout.decode()
    assert listed == run("rules", "list").stdout.decode()
    assert any(line.startswith("titles/copy ") for line in listed.splitlines())
    assert run("rules", "show", "titles/copy").stdout == (ROOT / "rules" / "titles" / "copy.toml").read_bytes()
    assert b"phrases: phrases; required" in run("rules", "kinds").stdout

    write(tmp_path / "own", GOOD)
    done = run("rules", "test", "own")
    assert (done.returncode, done.stdout) == (0, b"1 rules, 1 examples, 0 failures\n")
    write(tmp_path / "own", GOOD.replace("Our standards are high, he read aloud.", "Read our standards:"))
    done = run("rules", "test", "own")
    assert done.returncode == 1
    assert b"examples.en, line 3: 'Read our standards:' must stay but site/standards-line leaves ''" in done.stderr


# --- what it says of itself ---


def test_the_version_names_the_rules(run: Run) -> None:
    said = run("--version").stdout.decode()
    assert re.fullmatch(rf"cleaner {re.escape(__version__)} \(rules [0-9a-f]{{12}}\)\n", said)
    assert said == f"cleaner {identity()}\n"


def test_other_rules_have_another_digest(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text("[rules]\n", encoding="utf-8")
    assert identity([str(tmp_path / "own.toml")]) != identity()


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("co", {"corpus", "compare"}),
        ("--che", {"--check"}),
        ("rules t", {"test"}),
        ("corpus --eng", {"--engine"}),
        ("--format s", {"sarif"}),
        ("corpus b", {"b.txt"}),
    ],
)
def test_bash_completes_the_command(run: Run, tmp_path: Path, words: str, completed: set[str]) -> None:
    pytest.importorskip("shtab", reason="needs shtab: pip install -e '.[test]'")
    if shutil.which("bash") is None:
        pytest.skip("needs bash")
    (tmp_path / "b.txt").touch()
    (tmp_path / "script").write_bytes(run("--print-completion", "bash").stdout)
    asked = f". ./script; COMP_WORDS=(cleaner {words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))"
    ask = f'{asked}; _shtab_cleaner; printf "%s\\n" "${{COMPREPLY[@]}}"'
    done = subprocess.run(["bash", "-c", ask], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert set(done.stdout.split()) == completed


def test_without_locks_files_are_written_whole_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleaner.atomic.fcntl", None)
    path = tmp_path / "a.txt"
    for content in (DIRTY, CLEAN):
        write_atomically(str(path), content)
        assert path.read_bytes() == content and list(tmp_path.iterdir()) == [path]
    (tmp_path / ".cleaner-left").write_bytes(b"half")
    remove_leftovers(str(tmp_path))
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_another_run_takes_for_a_leftover_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = fcntl.flock
    locked: list[int] = []

    def stolen(file: int, way: int) -> None:
        # The other run removes the file between its making and its lock.
        locked.append(file)
        if len(locked) == 1:
            remove_leftovers(str(tmp_path))
        lock(file, way)

    monkeypatch.setattr("cleaner.atomic.fcntl.flock", stolen)
    write_atomically(str(tmp_path / "a.txt"), CLEAN)
    assert (tmp_path / "a.txt").read_bytes() == CLEAN and len(locked) >= 2
