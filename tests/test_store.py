"""The store: things are read back as saved, and only if they are fresh and nobody else could have written them."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cleaner.matching import store
from tests.conftest import ROOT

THING = {"rules": ["a", "b"], "number": 7}
DIGEST = "of these rules"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where something was saved."""
    path = tmp_path / "cache" / "kept.pickle"
    assert store.save(str(path), DIGEST, THING)
    assert loaded(path) == THING
    return path


def loaded(path: Path, digest: str = DIGEST) -> object:
    return store.load(str(path), digest)


# --- Files that are not read -----------------------------------------------------------------------------------------


def test_nothing_is_loaded_where_nothing_was_saved(tmp_path: Path) -> None:
    assert loaded(tmp_path / "nothing.pickle") is None
    assert loaded(tmp_path) is None


def test_what_was_made_of_something_else_is_not_loaded(path: Path) -> None:
    assert loaded(path, "of other rules") is None


@pytest.mark.parametrize("what", ["__version__", "_FORMAT"])
def test_what_another_version_made_is_not_loaded(path: Path, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, what, "another")
    assert loaded(path) is None
    assert store.save(str(path), DIGEST, THING) and loaded(path) == THING


def test_what_another_regex_package_made_is_not_loaded(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regex.__version__", "1900.1")
    assert loaded(path) is None


BROKEN: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("empty", lambda content: b""),
    ("cut off", lambda content: content[: len(content) // 3]),
    ("one byte less", lambda content: content[:-1]),
    ("text", lambda content: b"no pickle at all"),
    ("bytes", lambda content: b"\xff" * 99),
    ("one pickle", lambda content: pickle.dumps(("one", "thing"))),
    ("two others", lambda content: pickle.dumps(1) * 2),
    ("no such module", lambda content: b"cnosuchmodule\nnothing\n."),
    ("no such name", lambda content: b"cos\nnothing\n."),
    ("another protocol", lambda content: b"\x80\x7f."),
    ("longer than memory", lambda content: b"\x80\x04\x8e" + b"\xff" * 7 + b"\x7f"),
]


@pytest.mark.parametrize("spoil", [case[1] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_what_is_broken_is_not_loaded(path: Path, spoil: Callable[[bytes], bytes]) -> None:
    path.write_bytes(spoil(path.read_bytes()))
    assert loaded(path) is None
    assert store.save(str(path), DIGEST, THING) and loaded(path) == THING


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not tell who may write")
@pytest.mark.parametrize("mode", [0o020, 0o002])
def test_what_others_may_write_to_is_not_loaded(path: Path, mode: int) -> None:
    for kept in (path, path.parent):
        before = kept.stat().st_mode
        kept.chmod(before | mode)
        assert loaded(path) is None
        assert store.load(str(path), DIGEST, is_ours=True) == THING, "in the package it holds code anyway"
        kept.chmod(before)
        assert loaded(path) == THING


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not tell who the owner is")
def test_what_another_user_wrote_is_not_loaded(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: path.stat().st_uid + 1)
    assert loaded(path) is None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not tell who may write")
def test_what_is_not_loaded_is_not_run(path: Path, tmp_path: Path) -> None:
    """No byte of a pickle is read before its owner is known."""
    mark = tmp_path / "mark"
    path.write_bytes(b"cos\nmkdir\n(S'" + os.fsencode(mark) + b"'\ntR.")
    path.chmod(0o666)
    assert loaded(path) is None and not mark.exists()


# --- Saving ----------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_what_is_saved_is_for_this_user_alone(path: Path) -> None:
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_that_cannot_be_made_or_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("where the folder should be")
    assert not store.save(str(tmp_path / "file" / "kept.pickle"), DIGEST, THING)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    assert not store.save(str(tmp_path / "kept.pickle"), DIGEST, THING)
    assert not (tmp_path / "kept.pickle").exists()


def test_files_that_were_not_used_for_long_go(tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text("not of the store")
    for number in range(40):
        path = tmp_path / f"{number}.pickle"
        assert store.save(str(path), DIGEST, number)
        os.utime(path, (number, number))
    left = sorted(int(path.stem) for path in tmp_path.glob("*.pickle"))
    assert left == list(range(40 - len(left), 40)) and 8 <= len(left) <= 32
    assert (tmp_path / "other.txt").exists()


def test_what_is_in_use_stays(tmp_path: Path) -> None:
    used = tmp_path / "used.pickle"
    assert store.save(str(used), DIGEST, THING)
    os.utime(used, (1, 1))
    for number in range(40):
        assert loaded(used) == THING
        path = tmp_path / f"{number}.pickle"
        assert store.save(str(path), DIGEST, number)
        os.utime(path, (number + 2, number + 2))


SAVE = """
import sys
from cleaner.matching import store
thing = [sys.argv[2]] * 100_000
for _ in range(60):
    assert store.save(sys.argv[1], "digest", thing)
    found = store.load(sys.argv[1], "digest")
    assert found is not None and len(found) == 100_000 and len(set(found)) == 1, found
"""


def test_two_processes_that_save_at_once_leave_one_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "kept.pickle"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = [
        subprocess.Popen(
            [sys.executable, "-c", SAVE, str(path), name], env=environment, stderr=subprocess.PIPE, text=True
        )
        for name in ("one", "other")
    ]
    for process in running:
        _, said = process.communicate()
        assert process.returncode == 0, said
    assert list(tmp_path.iterdir()) == [path]
