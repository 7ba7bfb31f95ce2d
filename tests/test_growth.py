"""No text makes cleaning slow: sixteen times the text is at most twenty times the work of a pass, counted and not timed."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from typing import Any

import pytest

import cleaner
from benchmarks.hostile import Family, forms, near_misses, runs, sought_characters
from tests.counted_work import Work, count_work, counting_cleaner
from tests.rule_lines import lines_that

SIZE = 500  # code points of the smallest text
TIMES = 16
MOST = 20  # times the work
LONGER, AGAIN = 4, 3  # if in doubt, the large text is made this many times larger, this often
FEW = 1000  # of anything counted: fewer may be the cost of any text


@pytest.fixture(scope="module")
def one() -> Iterator[Any]:
    with counting_cleaner() as package:
        yield package.Cleaner("body")


def assert_grows_no_faster_than_the_text(work: Callable[[int], Work], smallest: int = SIZE) -> None:
    size = TIMES * smallest
    seen = [work(smallest), work(size)]
    if growth(*seen) <= MOST:
        return
    # The small text may be a poor sample of a mixed one, or too small to reach a limit, such as the most lines below a
    # heading. Work that really grows faster continues to do so.
    for _ in range(AGAIN):
        size *= LONGER
        seen.append(work(size))
        if growth(*seen[-2:]) <= LONGER * MOST / TIMES:
            return
    raise AssertionError(f"{TIMES} times the text, and again {LONGER} times that: {seen}")


def work_on(one: Any, text: str, **hints: str) -> Work:
    """Return the work of cleaning a text, without that of loading patterns when they are first needed."""
    run = partial(one.clean, text, **hints)
    run()
    return count_work(run)


def growth(few: Work, many: Work) -> float:
    """Return the growth of the count that grew most."""
    return max(much / max(little, FEW) for little, much in zip(few, many, strict=True))


# --- Families of texts -----------------------------------------------------------------------------------------------


def _families() -> Iterator[Family]:
    """Yield the benchmark's families, with one character of each sort."""
    yield from forms()
    characters = sought_characters()
    sorts = {(unicodedata.category(char), char.isascii() and not char.isalnum() and char): char for char in characters}
    for char in sorts.values():
        yield from runs(char)
    yield Family("one line of characters that are all different", _all_different)


def _all_different(size: int) -> str:
    return "".join(map(chr, range(0xF0000, 0xF0000 + size)))


# The quick run takes texts of one long line.
FAMILIES = [
    pytest.param(family, id=family.name, marks=[] if family.name.startswith("one ") else pytest.mark.all)
    for family in _families()
]


@pytest.mark.parametrize("family", FAMILIES)
def test_work_grows_no_faster_than_the_text(one: Any, family: Family) -> None:
    assert_grows_no_faster_than_the_text(lambda size: work_on(one, family.make(size)))


# A small text must be as varied as a large one: the work also grows with the number of different characters, up to a limit.
LINES, SMALLEST = 40, 2000


@pytest.mark.parametrize("sample", [1, *(pytest.param(number, marks=pytest.mark.all) for number in (2, 3, 4))])
@pytest.mark.parametrize("name", [family.name for family in near_misses("lines of all rules", [])])
def test_work_on_near_misses_grows_no_faster_than_the_text(one: Any, name: str, sample: int) -> None:
    lines = random.Random(sample).sample(lines_that("drop", "trim"), LINES)
    (family,) = [family for family in near_misses("lines of all rules", lines) if family.name == name]
    assert_grows_no_faster_than_the_text(lambda size: work_on(one, family.make(size)), SMALLEST)


# Each took minutes, or would not have ended at all.
HUNG: dict[str, tuple[Callable[[int], tuple[str, dict[str, Any]]], int]] = {
    "marks of emphasis": (lambda n: ("a" + "*" * n + ".", {}), 5000),
    "ends of cells": (lambda n: ("[a](b)" + " |" * (n // 2) + " .", {}), 50_000),
    "a form": (lambda n: ("Signature:" + "_" * (2 * n // 3) + " Date:" + "_" * (n // 3) + " (dd/mm)", {}), 48),
    "forms": (lambda n: ("\n".join(["Signature:" + "_" * 32 + " Date:" + "_" * 14 + " (dd/mm)"] * (n // 70)), {}), 700),
    "an author of spaces": (lambda n: ("Some text.", {"author": "a" + " " * n + "b"}), 500_000),
    "a title of dots": (lambda n: ("Some text.", {"title": "a" + "." * n + "b"}), 500_000),
}


@pytest.mark.parametrize("name", HUNG)
def test_texts_that_once_hung(one: Any, name: str) -> None:
    make, hung = HUNG[name]

    def work(size: int) -> Work:
        text, hints = make(size)
        return work_on(one, text, **hints)

    text, hints = make(hung)
    assert cleaner.clean(text, **hints).split("\n")[0] == text.split("\n")[0]
    assert_grows_no_faster_than_the_text(work)


# --- The counts ------------------------------------------------------------------------------------------------------


def test_work_that_grows_too_fast_is_seen() -> None:
    """The counts work: comparing all lines with all, or cutting a text again and again, shows in them."""

    def in_pairs(text: str) -> int:
        lines = text.split("\n")
        return sum(one == other for one in lines for other in lines)

    def from_the_end(text: str) -> None:
        while text:
            text = text.strip()[:-2]

    with counting_cleaner():
        pattern = import_module("cleaner.text.repairing")._ENTITY
        passes = import_module("cleaner.engine.passes")

        def in_the_last_pass(text: str) -> None:
            for last in (False, False, True):
                passes.Snapshot([], [], None)
                if last:
                    from_the_end(text)

        def at_every_line(text: str) -> None:
            for _ in text.split("\n"):
                pattern.search(text)

        runs: list[tuple[Callable[[str], object], str]] = [
            (in_pairs, "steps"), (from_the_end, "text"), (in_the_last_pass, "text"), (at_every_line, "matched"),
        ]  # fmt: skip
        for run, name in runs:
            few = count_work(partial(run, "Some text.\n" * 50))
            many = count_work(partial(run, "Some text.\n" * 50 * TIMES))
            assert getattr(many, name) > MOST * max(FEW, getattr(few, name)), name
