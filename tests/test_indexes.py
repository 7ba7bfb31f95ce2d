"""The index of a preset on disk: it is what the rules say, never a stale one, and where it cannot be there it is done without."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from cleaner.matching.indexes import Index, read_index, state, write_index
from hypothesis import given, settings

from cleaner import __version__, indexes
from cleaner.cleaning import PRESETS, Cleaner, choose
from cleaner.engine.passes import Engine
from cleaner.rules.loading import load
from tests.conftest import ROOT
from tests.documents import documents, lines_that


@cache
def gathered(preset: str) -> Engine:
    """Return an engine that gathered all from the rules."""
    found = load()
    return Engine([found.rules[rule] for rule in sorted(choose(found, preset, None, ()))], None, found.vocabulary)


def indexed(preset: str) -> tuple[Engine, Index]:
    """Return an engine that reads a fresh index, of which nothing was asked yet."""
    if read_index(preset) is None:
        Cleaner(preset)
    index = read_index(preset)
    assert index is not None
    return Engine(index.rules, None, index.vocabulary, index), index


@pytest.mark.parametrize("preset", PRESETS)
def test_all_of_an_index_is_what_was_gathered(preset: str) -> None:
    first, (second, index) = gathered(preset), indexed(preset)
    tables, lists, digit, asked = first._screen.plain()
    assert not any(len(own) == len(table) for own, table in zip(index._tables, tables, strict=False))
    for line in lines_that("drop", "trim")[::9]:
        assert second.clean(line, None, None, None) == first.clean(line, None, None, None)
    index._until_all = 0
    second.clean("The rest is read when many lines were.", None, None, None)
    assert not index._parts and not index._firsts
    assert index._tables[: len(tables)] == tables
    assert (second._screen._by_list, second._screen._by_digit) == (lists, digit)
    assert second._phrases == first._phrases
    ids = [
        [{phrase: [rule.id for rule in rules] for phrase, rules in table.items()} for table in engine.context.tables]
        for engine in (first, second)
    ]
    assert ids[0] == ids[1]
    assert second.plain()["elsewhere"] == first.plain()["elsewhere"]
    assert len(index.header["patterns"]) == len(asked)
    for count, (signs, _, (rule, pattern), words, needs, groups) in enumerate(asked, 1):
        sight = second._screen.sights[count * 6]
        bound, stored = sight.payload
        assert (sight.order, sight.needs, sight.words, sight.size, sight.digit) == (
            (0, count),
            needs,
            words,
            signs.longest,
            signs.digit,
        )
        assert (bound.id, stored.rule, stored.language) == (rule.id, rule.id, pattern.language)
        assert (stored.source, stored.signs) == (pattern.source, pattern.signs)
        stored_groups: tuple[Any, ...] = sight.groups
        own = [index.group(group._place) for group in stored_groups]
        assert [(tuple(sorted(group.words)), group.literals) for group in own] == list(groups)


@settings(max_examples=60, deadline=None)
@given(text=documents())
def test_cleaning_by_an_index_is_cleaning_by_the_rules(text: str) -> None:
    for preset in PRESETS:
        engine, _ = indexed(preset)
        assert engine.explain(text, None, None, None) == gathered(preset).explain(text, None, None, None)


def _clean(engine: Engine, text: str) -> str:
    return engine.clean(text, None, None, None)


def test_threads_share_an_index() -> None:
    lines = lines_that("drop", "trim")
    texts = ["\n".join(lines[start : start + 7]) for start in range(0, 350, 7)]
    wanted = [gathered("body").clean(text, None, None, None) for text in texts]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        clean = partial(_clean, indexed("body")[0])
        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(clean, texts)) == wanted
    finally:
        sys.setswitchinterval(interval)


# --- What is there, and what may be --------------------------------------------------------------------------------


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(indexes, "_path", lambda preset: str(tmp_path / preset))
    return tmp_path / "default"


TEXT, CLEANED = "The council met on Monday.\n\nLeave a Reply", "The council met on Monday."


def _shorten(content: bytes) -> bytes:
    return content[:-1]


def _empty(content: bytes) -> bytes:
    return b""


def _of_another_version(content: bytes) -> bytes:
    return content.replace(__version__.encode(), b"9" * len(__version__))


def _no_marshal(content: bytes) -> bytes:
    return content[:8] + b"no marshal" + content[18:]


@pytest.mark.parametrize("spoil", [_shorten, _empty, _of_another_version, _no_marshal])
def test_a_broken_index_is_written_anew(place: Path, spoil: Callable[[bytes], bytes]) -> None:
    assert Cleaner().clean(TEXT) == CLEANED
    content = place.read_bytes()
    assert read_index("default") is not None
    place.write_bytes(spoil(content))
    assert read_index("default") is None
    assert Cleaner().clean(TEXT) == CLEANED
    assert read_index("default") is not None


def test_an_index_that_cannot_be_written_is_done_without(place: Path) -> None:
    place.mkdir()
    assert Cleaner().clean(TEXT) == CLEANED
    assert read_index("default") is None and list(place.parent.iterdir()) == [place]


def test_other_settings_write_no_index(place: Path) -> None:
    Cleaner(ignore=["bios"])
    Cleaner(languages=["en"])
    assert not place.exists()


def test_writing_one_leaves_the_rules_as_they_are(place: Path) -> None:
    found = load()
    rules = [found.rules[rule] for rule in sorted(choose(found, "default", None, ()))]
    before = repr(rules)
    write_index("default", rules, found.vocabulary, gathered("default").plain(), state())
    assert repr(rules) == before


_RUN = "import cleaner; print(cleaner.clean('A text.\\nLeave a Reply\\nLeave a Ruply').replace('\\n', '|'))"
_STATE = "import cleaner.matching.indexes as i; index = i.read_index('default'); print(index and bool(index.header['stamp']))"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a copy of this checkout without what was compiled."""
    for name in ("cleaner", "rules"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "compiled_*"))
    shutil.copy2(ROOT / "pyproject.toml", tmp_path)
    for folder in (tmp_path / "cleaner", tmp_path / "rules"):
        for file in folder.rglob("*.*"):
            os.utime(file, (1e9, 1e9))
    return tmp_path


def _run(checkout: Path, code: str = _RUN) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=checkout, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


_YET_TO_COME = time.time() + 1e6


def _swap(checkout: Path, old: str, new: str) -> Path:
    """Put one phrase of the same size in the place of another, with a time at which it may yet change; return the file."""
    (file,) = [file for file in (checkout / "rules").rglob("*.toml") if f'"{old}"' in file.read_text(encoding="utf-8")]
    file.write_text(file.read_text(encoding="utf-8").replace(f'"{old}"', f'"{new}"'), encoding="utf-8")
    os.utime(file, (_YET_TO_COME, _YET_TO_COME))
    return file


def test_a_stale_index_is_never_used(checkout: Path) -> None:
    assert _run(checkout) == "A text.|Leave a Ruply"
    assert _run(checkout, _STATE) == "True"
    written = (checkout / "cleaner" / "compiled_default.bin").stat().st_mtime_ns
    assert _run(checkout) == "A text.|Leave a Ruply"
    assert (checkout / "cleaner" / "compiled_default.bin").stat().st_mtime_ns == written

    file = _swap(checkout, "Leave a Reply", "Leave a Ruply")
    assert _run(checkout, _STATE) == "None"
    assert _run(checkout) == "A text.|Leave a Reply"
    # The file may yet be changed with the same time and size, so its content is looked at.
    assert _run(checkout, _STATE) == "False"
    _swap(checkout, "Leave a Ruply", "Leave a Reply")
    assert _run(checkout) == "A text.|Leave a Ruply"

    # With a new time and the same content the index stays, and knows the time.
    os.utime(file, (1e9, 1e9))
    assert _run(checkout, _STATE) == "False"
    assert _run(checkout, _STATE) == "True"

    # So it is with a rule that is gone, and with code.
    file.unlink()
    assert _run(checkout, _STATE) == "None"
    assert _run(checkout) == "A text.|Leave a Reply|Leave a Ruply"
    code = checkout / "cleaner" / "screen.py"
    code.write_text(code.read_text(encoding="utf-8") + "\n# Changed.\n", encoding="utf-8")
    assert _run(checkout, _STATE) == "None"
