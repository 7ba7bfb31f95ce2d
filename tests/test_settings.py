"""Where settings come from, and what settings that nobody named may not do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cleaner.model import SettingsError
from cleaner.settings import find
from tests.conftest import ROOT, Run
from tests.test_rulefile import GOOD, write

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX")


@pytest.fixture
def below(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder two levels below the test's own, and make it the working directory."""
    folder = tmp_path / "project" / "texts"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(tmp_path / "nowhere"))
    return folder


@POSIX
@pytest.mark.parametrize("name", ["cleaner.toml", "pyproject.toml"])
def test_a_pipe_is_not_waited_for(below: Path, name: str) -> None:
    os.mkfifo(below.parent / name)
    (below.parent.parent / "cleaner.toml").write_text('preset = "body"\n')
    code = "from cleaner.settings import find; print(find()[1])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, env={"PYTHONPATH": str(ROOT)})
    assert done.stdout == b"{'preset': 'body'}\n"


@POSIX
def test_folders_devices_and_broken_links_are_no_settings(below: Path) -> None:
    (below / "cleaner.toml").mkdir()
    (below / "pyproject.toml").symlink_to("nothing")
    (below.parent / "cleaner.toml").symlink_to("/dev/zero")
    (below.parent / "pyproject.toml").symlink_to("pyproject.toml")
    (below.parent.parent / "cleaner.toml").write_text('preset = "body"\n')
    assert find() == (str(below.parent.parent / "cleaner.toml"), {"preset": "body"})


@pytest.mark.parametrize("mark", [".git", "home"])
def test_the_search_ends_at_the_repository_and_at_the_home_folder(
    below: Path, mark: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (below.parent.parent / "cleaner.toml").write_text('preset = "body"\n')
    assert find()[1] == {"preset": "body"}
    if mark == "home":
        monkeypatch.setenv("HOME", str(below.parent))
        monkeypatch.setenv("USERPROFILE", str(below.parent))
    else:
        (below.parent / mark).write_text("gitdir: elsewhere\n")
    assert find() == ("", {})
    (below.parent / "cleaner.toml").write_text('preset = "default"\n')
    assert find()[1] == {"preset": "default"}


def test_settings_that_nobody_named_use_rules_of_their_own_repository_only(below: Path, tmp_path: Path) -> None:
    write(tmp_path / "others", GOOD)
    write(below.parent / "own", GOOD)
    (below.parent / ".git").mkdir()
    path = below.parent / "cleaner.toml"
    (below.parent / "link").symlink_to(tmp_path / "others")
    for name in (str(tmp_path / "others"), "../others", "link", "../../others"):
        path.write_text(f'rules = ["own", "{name}"]\n')
        with pytest.raises(SettingsError, match=r"rules: .* is outside .*; to use it, name it with --rules"):
            find()
        assert len(find(str(path))[1]["rules"]) == 2
    for name in ("own", "../project/own", "an-entry-point"):
        path.write_text(f'rules = ["{name}"]\n')
        assert len(find()[1]["rules"]) == 1


def test_without_a_repository_rules_are_beside_the_settings(below: Path, tmp_path: Path) -> None:
    write(below.parent / "own", GOOD)
    (below / "cleaner.toml").write_text('rules = ["../own"]\n')
    with pytest.raises(SettingsError, match="is outside"):
        find()
    (below / "cleaner.toml").rename(below.parent / "cleaner.toml")
    (below.parent / "cleaner.toml").write_text('rules = ["own"]\n')
    assert find()[1] == {"rules": [str(below.parent / "own")]}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root")
@pytest.mark.parametrize(
    ("what", "owner", "mode"),
    [("file", 1234, 0o644), ("file", 0, 0o666), ("folder", 1234, 0o755), ("folder", 0, 0o777)],
)
def test_root_does_not_read_what_others_could_have_written(
    below: Path, monkeypatch: pytest.MonkeyPatch, what: str, owner: int, mode: int
) -> None:
    path = below.parent / "cleaner.toml"
    path.write_text('preset = "body"\n')
    assert find()[1]
    changed = path if what == "file" else path.parent
    os.chown(changed, owner, 0)
    changed.chmod(mode)
    with pytest.raises(SettingsError, match="another user could have written it"):
        find()
    assert find(str(path))[1] == {"preset": "body"}
    if owner:
        monkeypatch.setenv("SUDO_UID", str(owner))
        assert find()[1] == {"preset": "body"}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root")
def test_in_a_folder_for_all_a_file_of_roots_own_is_read(below: Path) -> None:
    (below.parent / "cleaner.toml").write_text('preset = "body"\n')
    below.parent.chmod(0o1777)
    assert find()[1] == {"preset": "body"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"#" * (1 << 20) + b"\n", "is too large for settings"),
        (b"max-drop = " + b"9" * 5000, "is not TOML"),
        (b"\xff", "is not TOML"),
        (b"rules = ['\\u0000']", "there is no such rule file"),
        (b'rules = ["\\u0000"]', "there is no such rule file"),
    ],
)
def test_hostile_settings_are_errors_of_one_line(run: Run, tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "cleaner.toml").write_bytes(content)
    done = run(stdin=b"A line.\n")
    assert (done.returncode, done.stdout) == (2, b"")
    assert message in done.stderr.decode() and done.stderr.count(b"\n") == 1
