"""What the command is asked in vain: refused in one line that says what to do, and nothing is written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cleaner.cli.main import main
from tests.conftest import Run

PAGE = b"<html><body><article><p>The council met on Monday to vote on the bridge over the harbour.</p></article></body></html>"
WRONG: list[tuple[list[str], str]] = [
    (["--jsonl", "text", "--diff", "d.jsonl"], "--diff is for texts; with --jsonl use --check or --explain"),
    (["--out", "o", "-i", "a.txt"], "--out writes clean texts; it does not go with --in-place"),
    (["--out", "a.txt/o", "b.txt"], "a.txt/o: cannot be made: Not a directory"),
    (["--out", ".", "a.txt"], "a.txt: is in the folder .; name another one, or use --in-place"),
    (["--html", "--out", "o", "--check", "pages"], "--out writes clean texts; it does not go with --check"),
    (["--html", "--out", "o", "--encoding", "latin-1", "pages"], "--encoding and --errors are about one page"),
    (["--html", "--out", "o", "--title", "T", "pages"], "--title is about one page; leave it out"),
    (["--html", "--out", "o", "pages", "-"], "standard input is one page"),
    (["--html", "a.warc"], "a.warc: is an archive of pages; write their texts to a folder with --out DIR"),
    (["--html", "pages"], "pages: is a folder; write the texts of its pages to another one with --out DIR"),
    (["--html", "--keep-source", "a.txt/o", "p.html"], "a.txt/o: cannot be made: Not a directory"),
    (["-i", "--encoding", "latin-1", "euro.txt"], "'€', which latin-1 cannot hold; convert the file to UTF-8 first"),
    (["-i", "--jsonl", "text", "--encoding", "latin-1", "euro.jsonl"], "'€', which latin-1 cannot hold"),
    (["--check", "--baseline", "known.jsonl", "a.txt"], "(it has version 99); write it anew with --write-baseline"),
    (["report", "a.txt", "--workers", "0"], "--workers: 0 cannot work; use 1 or more"),
    (["report", "a.txt", "-o", "pages"], "pages: is a folder; name a file in it, such as pages/report.html"),
    (["report", "empty/*"], "empty/*: "),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text("They met.\n\nPlease enter your comment!\n")
    (tmp_path / "euro.txt").write_bytes(b"It cost 5 &euro; a day.\n")
    (tmp_path / "euro.jsonl").write_bytes(b'{"text": "It cost 5 &euro; a day."}\n')
    (tmp_path / "d.jsonl").write_text(json.dumps({"text": "They met."}) + "\n")
    (tmp_path / "known.jsonl").write_text('{"version": 99}\n')
    (tmp_path / "a.warc").write_bytes(b"WARC/1.0\r\n")
    (tmp_path / "p.html").write_bytes(PAGE)
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "p.html").write_bytes(PAGE)
    return tmp_path


@pytest.mark.parametrize(("arguments", "said"), WRONG, ids=[" ".join(arguments) for arguments, _ in WRONG])
def test_what_cannot_be_done_is_one_line(run: Run, folder: Path, arguments: list[str], said: str) -> None:
    for needed, package in (("--html", "trafilatura"), ("report", "jinja2")):
        if needed in arguments:
            pytest.importorskip(package, reason=f"needs {package}: pip install -e '.[test-all]'")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    done = run(*arguments)
    assert done.returncode == 2 and done.stdout == b""
    lines = done.stderr.decode().splitlines()
    assert all([line.startswith("cleaner: ") for line in lines]) and said in lines[0]
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_name_that_no_file_can_have_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """No process can be given such a name, but the function of the command can."""
    assert main(["-i", "a\0b"]) == 2
    assert capsys.readouterr() == ("", "cleaner: a\\x00b: cannot be read: embedded null byte\n")
