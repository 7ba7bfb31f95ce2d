"""The hooks, with the real pre-commit in a real git repository."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, Run

yaml: Any = pytest.importorskip("yaml", reason="needs PyYAML: pip install -e '.[test]'")

HOOKS = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
DIRTY = b"The council met on Monday, and the mayor spoke for an hour.\n\nPlease enter your comment!\n"
CLEAN = b"The council met on Monday, and the mayor spoke for an hour.\n"


class Repository:
    """A git repository with one of our hooks installed."""

    def __init__(self, folder: Path, hook: str) -> None:
        self.folder = folder
        bin_folder = folder.parent / "bin"
        bin_folder.mkdir()
        command = bin_folder / "cleaner"
        command.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m cleaner "$@"\n', encoding="utf-8")
        command.chmod(0o755)
        folder.mkdir()
        self.environment = {
            **os.environ,
            "PATH": f"{bin_folder}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(folder.parent),
            "PRE_COMMIT_HOME": str(folder.parent / "pre-commit"),
            **{f"GIT_{who}_{what}": "t@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
        }
        # The hook as users get it, except that it runs the code of this checkout, not an environment from the network.
        local = {key: value for key, value in HOOKS[hook].items() if key != "language"} | {"language": "system"}
        self.run("git", "init", "--quiet")
        (folder / ".pre-commit-config.yaml").write_text(
            yaml.safe_dump({"repos": [{"repo": "local", "hooks": [local]}]}), encoding="utf-8"
        )
        pytest.importorskip("pre_commit", reason="needs pre-commit: pip install -e '.[test]'")
        assert self.run(sys.executable, "-m", "pre_commit", "install").returncode == 0

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
        )

    def commit(self) -> subprocess.CompletedProcess[str]:
        assert self.run("git", "add", "--all").returncode == 0
        return self.run("git", "commit", "--message", "texts")


def test_clean_text_cleans_and_fails_and_then_passes(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "repository", "clean-text")
    path = repository.folder / "a.txt"
    path.write_bytes(DIRTY)
    (repository.folder / "code.py").write_bytes(b"# Please enter your comment!\n")
    first = repository.commit()
    assert first.returncode == 1
    assert "Failed" in first.stderr and "cleaner: a.txt: 1 line dropped" in first.stderr
    assert path.read_bytes() == CLEAN
    second = repository.commit()
    assert second.returncode == 0, second.stderr
    assert (repository.folder / "code.py").read_bytes() == b"# Please enter your comment!\n"


KEPT = [
    pytest.param(
        b"A text that is long enough to stay.\r\n\r\nPlease enter your comment!\r\n",
        b"A text that is long enough to stay.\r\n",
        id="Windows",
    ),
    pytest.param(
        b"\xef\xbb\xbfA text that is long enough to stay.\nPlease enter your comment!\n",
        b"\xef\xbb\xbfA text that is long enough to stay.\n",
        id="byte order mark",
        marks=pytest.mark.all,
    ),
    pytest.param(
        b"A text that is long enough to stay.\n\nPlease enter your comment!",
        b"A text that is long enough to stay.",
        id="no final newline",
        marks=pytest.mark.all,
    ),
]


@pytest.mark.parametrize(("given", "wanted"), KEPT)
def test_clean_text_keeps_what_is_not_its_business(tmp_path: Path, given: bytes, wanted: bytes) -> None:
    repository = Repository(tmp_path / "repository", "clean-text")
    (repository.folder / "a.txt").write_bytes(given)
    assert repository.commit().returncode == 1
    assert (repository.folder / "a.txt").read_bytes() == wanted
    assert repository.commit().returncode == 0


NEVER = """
LICENSE.txt a/licence.md.txt lib/x_LICENSE.txt LICENSES/MIT.txt COPYING.txt COPYING.LESSER.txt NOTICE.txt AUTHORS.txt THIRD-PARTY.txt
THIRD_PARTY_NOTICES.txt CHANGELOG.txt changelog-2.0.txt TODO.txt requirements.txt dev-requirements.txt requirements-dev.txt
requirements/ci.txt CMakeLists.txt src/CMakeLists.txt robots.txt static/humans.txt README.txt README.de.txt a.egg-info/SOURCES.txt
stopwords-de.txt vendor/x/a.txt
"""
TEXTS = """
texts/a.txt news/a.txt history-of-rome.txt robots-take-jobs.txt tv-licence-fee-rises.txt requirements-for-a-visa.txt notes.text
changes-at-the-top.txt the-todo-list-of-a-mayor.txt authors-and-their-readers.txt
"""


@pytest.mark.parametrize("hook", HOOKS)
def test_files_that_every_repository_has_are_not_looked_at(hook: str) -> None:
    files, exclude = re.compile(HOOKS[hook]["files"]), re.compile(HOOKS[hook]["exclude"])
    assert [name for name in NEVER.split() if not (files.search(name) and exclude.search(name))] == []
    assert [name for name in TEXTS.split() if not files.search(name) or exclude.search(name)] == []


PROSE = b"The council met on Monday, and the mayor spoke for an hour about the roads.\n"
LEFT = [
    (
        "a.txt",
        b"Short.\n\nRelated Articles\n\nPlease enter your comment!\n\nYour email address will not be published.\n",
        "more than 50% of its words",
    ),
    (
        "a.txt",
        b"name\tage\nAnn\t40\nBob\t50\nPlease enter your comment!\t\n",
        "has tabs in columns or most of its lines indented",
    ),
    ("a.txt", b"<!DOCTYPE html>\n<p>The council met on Monday.\n<p>Please enter your comment!\n", "is a page"),
    (
        "a.txt",
        b"The council met on Monday, and the mayor spoke\nfor an hour about the roads, which are in need\nof repair. Nobody else "
        b"had the time to\nsay anything about it all.\n\nPlease enter your comment!\n",
        "is not running text with each paragraph on one line",
    ),
    (
        "a.txt",
        b"  The council met:\n  - roads\n  - schools\nPlease enter your comment!\n",
        "has tabs in columns or most of its lines indented",
    ),
]


@pytest.mark.parametrize("hook", ["clean-text", "check-clean-text"])
@pytest.mark.parametrize(("name", "given", "said"), LEFT, ids=["gutted", "columns", "page", "wrapped", "indented"])
def test_what_is_no_prose_is_left_and_named(
    run: Run, tmp_path: Path, hook: str, name: str, given: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(given)
    done = run(*HOOKS[hook]["entry"].split()[1:], name)
    assert (done.returncode, done.stdout) == (0, b""), "it would fail for ever"
    assert (
        done.stderr.decode().startswith(f"cleaner: {name}: ")
        and said in done.stderr.decode()
        and b"left as it is" in done.stderr
    )
    assert (tmp_path / name).read_bytes() == given


@pytest.mark.parametrize("hook", ["clean-text", "check-clean-text"])
def test_spaces_alone_are_no_sign_of_scraped_text(run: Run, tmp_path: Path, hook: str) -> None:
    text = PROSE.replace(b", and", b",  and") + b"\n\n\n" + PROSE.replace(b"Monday", b"Tuesday")
    (tmp_path / "a.txt").write_bytes(text)
    entry = HOOKS[hook]["entry"].split()[1:]
    done = run(*entry, "a.txt")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert (tmp_path / "a.txt").read_bytes() == text
    assert run(*entry, "--whitespace", "text", "a.txt").returncode == 1
    (tmp_path / "a.txt").write_bytes(text + b"\nPlease enter your comment!\n")
    done = run(*entry, "a.txt")
    assert done.returncode == 1
    if hook == "clean-text":
        assert done.stderr == b"cleaner: a.txt: 1 line dropped, whitespace repaired in 3 lines\n"
        assert (tmp_path / "a.txt").read_bytes() == PROSE + b"\n" + PROSE.replace(b"Monday", b"Tuesday")


@pytest.mark.parametrize("hook", [pytest.param("clean-text", marks=pytest.mark.all), "check-clean-text"])
def test_a_file_that_is_not_utf_8_is_named_and_left(tmp_path: Path, hook: str) -> None:
    repository = Repository(tmp_path / "repository", hook)
    (repository.folder / "a.txt").write_bytes(b"K\xe4se\n")
    (repository.folder / "b.txt").write_bytes(CLEAN)
    done = repository.commit()
    assert done.returncode == 1
    assert "cleaner: a.txt:1: is not UTF-8 at byte 1 (0xe4)" in done.stderr
    assert (repository.folder / "a.txt").read_bytes() == b"K\xe4se\n"


def test_check_clean_text_reports_and_changes_nothing(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "repository", "check-clean-text")
    path = repository.folder / "a.txt"
    path.write_bytes(DIRTY)
    done = repository.commit()
    assert done.returncode == 1 and "a.txt:3: comments/form-prompt: Please enter your comment!" in done.stderr
    assert path.read_bytes() == DIRTY
    path.write_bytes(CLEAN)
    assert repository.commit().returncode == 0


def test_the_readme_names_every_hook() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert HOOKS.keys() == {"clean-text", "check-clean-text"}
    for hook in HOOKS:
        assert f"id: {hook}" in readme


def test_this_repository_guards_its_own_clean_texts() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    (hook,) = config["repos"][0]["hooks"]
    assert hook["files"] == r"^seeds/clean/.*\.txt$"
    assert hook["entry"].removeprefix("python -m ") == HOOKS["check-clean-text"]["entry"]
