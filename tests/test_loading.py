"""Rules are read once and cached: the next process sees a change, and everything works without a cache, too."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import cleaner
from cleaner.matching.patterns import Pattern
from cleaner.model import RuleError
from cleaner.rules.files import rule_paths
from cleaner.rules.loading import builtin_rules, rules_digest
from cleaner.rules.making import make_builtin
from cleaner.rules.ruleset import rules_folder
from tests.conftest import ROOT
from tests.rule_lines import lines_that
from tests.test_rulefile import GOOD, write

# A checkout with few rules, so that reading them is quick.
RULES = ("comments/form-prompt.toml", "titles/copy.toml")
CODE = "import cleaner; print(cleaner.clean('A text.\\nPlease enter your comment\\nPlease enter your cemment').replace('\\n', '|'))"


# Root may write everywhere, until it gives that up.
AS_OTHERS = (
    ["setpriv", "--bounding-set=-dac_override"]
    if sys.platform == "linux" and os.geteuid() == 0 and shutil.which("setpriv")
    else []
)


class Checkout:
    """A copy of this checkout with few rules, and a home of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "checkout"
        self.cache = folder / "cache"
        self.code = self.folder / "cleaner"
        shutil.copytree(ROOT / "cleaner", self.code, ignore=shutil.ignore_patterns("__pycache__"))
        self.rules = self.folder / "rules"
        for path in (*rule_paths(ROOT / "rules")[0], *(ROOT / "rules" / name for name in RULES)):
            copy = self.rules / path.relative_to(ROOT / "rules")
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
        shutil.copy(ROOT / "pyproject.toml", self.folder)

    def clean(self, **environment: str) -> str:
        """Clean a text in a process of its own, which must print no errors."""
        done = subprocess.run(
            [*AS_OTHERS, sys.executable, "-c", CODE],
            cwd=self.folder,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self.folder),
                "XDG_CACHE_HOME": str(self.cache),
                **environment,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout.strip()

    def kept(self) -> dict[str, int]:
        """Return the names of cached files, each with a number that changes when it is rewritten."""
        return {path.name: path.stat().st_ino for path in self.cache.rglob("*.pickle")}

    def exchange(self, old: str, new: str) -> Path:
        """Replace one phrase by another of the same size, keep the time of the file, and return it."""
        (path,) = [path for path in self.rules.rglob("*.toml") if f'"{old}"' in path.read_text(encoding="utf-8")]
        before = path.stat()
        path.write_text(path.read_text(encoding="utf-8").replace(f'"{old}"', f'"{new}"'), encoding="utf-8")
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        return path


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


COMMENT, CEMMENT = "A text.|Please enter your cemment", "A text.|Please enter your comment"


def test_a_rule_that_changed_is_seen_by_the_next_process(checkout: Checkout) -> None:
    assert checkout.clean() == COMMENT
    first = checkout.kept()
    assert len(first) == 1
    assert checkout.clean() == COMMENT
    assert checkout.kept() == first, "read once"

    path = checkout.exchange("Please enter your comment!", "Please enter your cemment!")
    assert checkout.clean() == CEMMENT
    # Changed back, so the earlier cache is valid again.
    checkout.exchange("Please enter your cemment!", "Please enter your comment!")
    both = checkout.kept()
    assert checkout.clean() == COMMENT
    assert checkout.kept() == both and len(both) == 2

    path.unlink()
    assert checkout.clean() == "A text.|Please enter your comment|Please enter your cemment"


def test_code_that_changed_is_seen_by_the_next_process(checkout: Checkout) -> None:
    assert checkout.clean() == COMMENT
    path = checkout.code / "text" / "folding.py"
    path.write_text(
        path.read_text(encoding="utf-8").replace("text.lower()", 'text.lower().replace("cem", "com")'), encoding="utf-8"
    )
    assert checkout.clean() == "A text."
    assert len(checkout.kept()) == 2


def _write_protected(checkout: Checkout) -> dict[str, str]:
    checkout.cache.mkdir(mode=0o500)
    return {}


def _a_file(checkout: Checkout) -> dict[str, str]:
    checkout.cache.write_text("a file where the folder should be", encoding="utf-8")
    return {}


def _no_home(checkout: Checkout) -> dict[str, str]:
    return {"XDG_CACHE_HOME": "", "HOME": os.devnull}


@pytest.mark.parametrize("home", [_write_protected, _a_file, _no_home])
def test_where_nothing_can_be_kept_all_works(checkout: Checkout, home: Callable[[Checkout], dict[str, str]]) -> None:
    environment = home(checkout)
    for _ in range(2):
        assert checkout.clean(**environment) == COMMENT


def test_what_another_user_may_write_is_read_anew(checkout: Checkout) -> None:
    assert checkout.clean() == COMMENT
    (path,) = checkout.cache.rglob("*.pickle")
    path.write_bytes(b"cos\n_exit\n(I7\ntR.")
    path.chmod(0o666)
    assert checkout.clean() == COMMENT
    assert path.stat().st_mode & 0o777 == 0o600 and checkout.clean() == COMMENT


@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal of POSIX")
def test_who_waits_at_a_terminal_is_told_why(checkout: Checkout) -> None:
    import pty

    for told in (True, False):
        ours, theirs = pty.openpty()
        environment = {"PATH": os.environ["PATH"], "XDG_CACHE_HOME": str(checkout.cache)}
        subprocess.run(
            [sys.executable, "-c", CODE],
            cwd=checkout.folder,
            env=environment,
            stderr=theirs,
            stdout=subprocess.PIPE,
            check=True,
        )
        os.write(theirs, b".")
        os.close(theirs)
        shown = os.read(ours, 1 << 12)
        os.close(ours)
        assert (b"reading the rules" in shown) is told


# --- A user's own rules ----------------------------------------------------------------------------------------------


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a cache that holds only the built-in rules."""
    builtin_rules()
    folder = tmp_path / "cache"
    shutil.copytree(Path(os.environ["XDG_CACHE_HOME"]), folder, ignore=shutil.ignore_patterns("own-*"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    return folder


def own(cache: Path) -> dict[str, int]:
    return {path.name: path.stat().st_ino for path in cache.rglob("own-*.pickle")}


TEXT = "The vote is on Monday.\nRead our standards\nPlease enter your comment!"


def test_rules_of_ones_own_are_read_once_and_again_when_they_changed(cache: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "rules", GOOD)
    for _ in range(2):
        assert cleaner.Cleaner(rules=tmp_path / "rules").clean(TEXT) == "The vote is on Monday."
        assert len(own(cache)) == 1
    kept = own(cache)
    path.write_text(GOOD.replace("Read our standards", "Read our manifesto"), encoding="utf-8")
    assert cleaner.Cleaner(rules=tmp_path / "rules").clean(TEXT) == "The vote is on Monday.\nRead our standards"
    assert own(cache).items() > kept.items()
    path.write_text(GOOD.replace("kind", "kinn"), encoding="utf-8")
    with pytest.raises(RuleError, match="kind: is missing"):
        cleaner.Cleaner(rules=tmp_path / "rules")
    path.write_text(GOOD, encoding="utf-8")
    assert cleaner.Cleaner(rules=tmp_path / "rules").clean(TEXT) == "The vote is on Monday."


def test_a_file_of_ones_own_is_told_from_a_folder_that_holds_it(cache: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "rules", GOOD)
    assert "site/standards-line" in cleaner.Cleaner(rules=tmp_path / "rules").rules
    assert "standards-line" in cleaner.Cleaner(rules=path).rules


def test_rules_of_ones_own_work_where_nothing_can_be_kept(tmp_path: Path, cache: Path) -> None:
    folder = cache / "boilerplate-cleaner"
    write(tmp_path / "rules", GOOD)
    before = sorted(folder.iterdir())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cleaner.matching.store.write_private", lambda *_: False)
        for _ in range(2):
            assert cleaner.clean(TEXT, rules=str(tmp_path / "rules")) == "The vote is on Monday."
    assert sorted(folder.iterdir()) == before


def test_rules_that_differ_have_another_digest(cache: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "rules", GOOD)
    first = rules_digest(str(tmp_path / "rules"))
    assert first == rules_digest([tmp_path / "rules"]) != rules_digest() == builtin_rules().digest
    path.write_text(f"{GOOD}\n# A comment.\n", encoding="utf-8")
    assert rules_digest(tmp_path / "rules") != first


# --- The cached rules ------------------------------------------------------------------------------------------------


@pytest.mark.all
def test_what_is_kept_is_what_the_files_say() -> None:
    kept = builtin_rules()
    read = make_builtin(rules_folder(), kept.digest)
    assert plain(kept.rules) == plain(read.rules)
    assert kept.vocabulary.pieces == read.vocabulary.pieces and kept.parts.keys() == read.parts.keys()
    text = "\n".join(lines_that("drop", "trim", "keep")[::20])
    assert cleaner.clean(text) == cleaner.Cleaner().clean(text)


def plain(value: Any) -> Any:
    """Return rules with something comparable in place of each pattern."""
    if isinstance(value, Pattern):
        return value.source, value.language, value.rule, value.required
    if hasattr(value, "__dict__"):  # an object of a kind's own
        return plain(vars(value))
    if isinstance(value, dict):
        return {name: plain(entry) for name, entry in value.items()}
    return [plain(entry) for entry in value] if isinstance(value, (list, tuple)) else value
