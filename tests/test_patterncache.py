"""Compiled patterns on disk: used when they are the right ones, done without when they are not or cannot be there."""

from __future__ import annotations

import marshal
from pathlib import Path

import pytest
import regex
from cleaner.matching.patterncache import compiled

from cleaner import patterncache

SOURCE, FLAGS = r"(?:Photo|Foto) (?P<keep>\w+)(?<!x)", regex.IGNORECASE | regex.VERSION0


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(patterncache, "_FOLDER", str(tmp_path / "patterns"))
    monkeypatch.setitem(patterncache._state, "files", -1)
    return tmp_path / "patterns"


def _no_compiling(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("compiled again")

    monkeypatch.setattr(regex, "compile", fail)


def test_a_pattern_is_compiled_once_for_all_processes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = compiled(SOURCE, FLAGS)
    assert len(list(folder.iterdir())) == 1
    _no_compiling(monkeypatch)
    again = compiled(SOURCE, FLAGS)
    match = again.fullmatch("foto Maria", timeout=5)
    assert match and match["keep"] == "Maria" and again.groupindex == first.groupindex and again.flags == first.flags
    assert again.pattern == SOURCE and not again.fullmatch("photo x")


def test_what_was_made_by_another_version_is_not_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled(SOURCE, FLAGS)
    (file,) = folder.iterdir()
    made_of, data = marshal.loads(file.read_bytes())
    file.write_bytes(marshal.dumps(((*made_of[:2], "another", *made_of[3:]), data)))
    _no_compiling(monkeypatch)
    with pytest.raises(AssertionError, match="compiled again"):
        compiled(SOURCE, FLAGS)


@pytest.mark.parametrize("content", [b"", b"no marshal", marshal.dumps(1), marshal.dumps((1, 2))])
def test_a_broken_file_is_written_anew(folder: Path, content: bytes) -> None:
    compiled(SOURCE, FLAGS)
    (file,) = folder.iterdir()
    file.write_bytes(content)
    assert compiled(SOURCE, FLAGS).fullmatch("Photo a")
    assert marshal.loads(file.read_bytes())[0][0] == SOURCE


def test_a_folder_that_cannot_be_written_is_done_without(folder: Path) -> None:
    folder.write_text("a file where the folder should be")
    assert compiled(SOURCE, FLAGS).fullmatch("Photo a")


def test_the_folder_does_not_grow_without_end(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterncache, "MOST_FILES", 2)
    for number in range(4):
        compiled(f"x{number}", FLAGS)
    assert len(list(folder.iterdir())) == 2
    # The last one is there.
    _no_compiling(monkeypatch)
    assert compiled("x3", FLAGS).fullmatch("X3")


def test_a_bad_pattern_is_an_error(folder: Path) -> None:
    with pytest.raises(regex.error):
        compiled("(", FLAGS)
    assert not folder.exists()
