"""No text makes cleaning slow: sixteen times the text is at most twenty times the work, counted and not timed."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
import regex
from cleaner.matching.signs import signs

from benchmarks.hostile import Family, example_lines, forms, near_misses, runs, sought_characters
from cleaner.matching.patterns import LazyPattern
from cleaner.rules.files import RuleFile
from cleaner.snapshot import Shape
from cleaner.text.lines import undress
from tests.documents import rule_files, vocabulary
from tests.counted_work import Work, count_work, counting_cleaner, counting_steps

SIZE = 500  # code points of the smallest text
TIMES = 16
MOST = 20  # times the work
LONGER, AGAIN = 4, 2  # how many times the large text, and how often, where the answer is in doubt
FEW = 1000  # of anything counted: what is less may be what every text costs


def _families() -> Iterator[Family]:
    """Yield what the benchmark has; of characters one of each sort, and near misses of all rules together."""
    yield from forms()
    sorts = {(unicodedata.category(char), char.isascii() and not char.isalnum() and char): char for char in _CHARACTERS}
    for char in sorts.values():
        yield from runs(char)
    yield from near_misses("all rules", [line for lines in example_lines().values() for line in lines])


_CHARACTERS = sought_characters()
FAMILIES = list(_families())


@pytest.fixture(scope="module")
def one() -> Iterator[Any]:
    with counting_cleaner() as package:
        yield package.Cleaner("body")


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_work_grows_no_faster_than_the_text(one: Any, family: Family) -> None:
    few, many = (work_on(one, family.make(size)) for size in (SIZE, TIMES * SIZE))
    size = TIMES * SIZE
    seen = [few, many]
    if growth(few, many) <= MOST:
        return
    # The small text may be a poor sample of a mixed one, or too small to reach a limit, such as the lines that may hang
    # on a heading. What really grows faster goes on to do so.
    for _ in range(AGAIN):
        size *= LONGER
        seen.append(work_on(one, family.make(size)))
        if growth(*seen[-2:]) <= LONGER * MOST / TIMES:
            return
    raise AssertionError(f"{TIMES} times the text, and again {LONGER} times that: {seen}")


def work_on(one: Any, text: str) -> Work:
    """Return the work of cleaning a text, without that of compiling patterns, which is done when they are first needed."""
    one.clean(text)
    return count_work(partial(one.clean, text))


def growth(few: Work, many: Work) -> float:
    """Return how many times as much there is of what grew most."""
    return max(much / max(little, FEW) for little, much in zip(few, many, strict=True))


def test_work_that_grows_too_fast_is_seen() -> None:
    """The counts are worth something: what compares all lines with all, or cuts a text again and again, shows."""

    def in_pairs(text: str) -> int:
        lines = text.split("\n")
        return sum(one == other for one in lines for other in lines)

    def from_the_end(text: str) -> None:
        while text:
            text = text.strip()[:-2]

    with counting_cleaner() as package:
        pattern = package.clean.__globals__["Engine"].clean.__globals__["repair"].__globals__["_ENTITY"]

        def at_every_line(text: str) -> None:
            for _ in text.split("\n"):
                pattern.search(text)

        for run, name in ((in_pairs, "steps"), (from_the_end, "text"), (at_every_line, "matched")):
            few = count_work(partial(run, "Some text.\n" * 50))
            many = count_work(partial(run, "Some text.\n" * 50 * TIMES))
            assert getattr(many, name) > MOST * max(FEW, getattr(few, name)), name


# --- Inside patterns -------------------------------------------------------------------------------

LINE = 600  # code points: patterns meet no line that is much longer
STEPS = 200  # for a code point, at most; few patterns need more than ten, and how many varies with the order of sets
# Patterns that need more, and have to be mended.
KNOWN = {
    ("footers/copyright-line", "und"),
    ("navigation/breadcrumb", "und"),
}


@pytest.mark.skipif(sys.platform == "win32", reason="counts by signals")
def test_no_pattern_takes_many_steps_on_a_line() -> None:
    """Lines that almost match, with one part of them over and over. The time limit is for what this does not think of."""
    words = vocabulary()
    count = 0
    slow = {}
    with counting_steps() as steps:
        assert steps(regex.compile("(a|aa)+c"), "a" * 24 + "bc") > STEPS * 26, "a pattern that explodes is not seen"
        for file in rule_files():
            for field in ("patterns", "between", "marks"):
                for language, group in file.table.get(field, {}).items():
                    lines = [undress(line)[0] for line in _taken(file, language)]
                    for source in group:
                        lazy = LazyPattern(source, words, file.rule.id, signs(source, words.pieces), language)
                        model = next((line for line in lines if lazy.fullmatch(Shape(line, words))), lines[0])
                        # Compiled as the engine does for that line: with all the words of all languages it takes a minute.
                        pattern = lazy._for(Shape(model, words))
                        count += 1
                        worst, line = max((steps(pattern, line), line) for line in _stretched(model))
                        if worst > STEPS * LINE:
                            slow[file.rule.id, language] = f"{worst} steps: {source!r} on {line[:60]!r}"
    assert count
    assert not slow.keys() - KNOWN, slow
    print(slow)  # -s shows what is known


def _taken(file: RuleFile, language: str) -> list[str]:
    examples = [example for example in file.examples if language in ("und", example.language)]
    return [line for example in examples or file.examples for line in example.of("drop") + example.of("trim")]


def _stretched(model: str) -> Iterator[str]:
    """Yield lines of about one length: the model with a part of it over and over, and a last character that nothing asks for."""
    for unit in ("Aa ", "Aa Bb, ", "1 ", ". ", "a", "1"):
        yield _filled(unit)
    words, room = model.split(), max(0, LINE - len(model))
    yield _filled(f"{model} ")
    yield _filled(f"{model}, ")
    for place in {len(words) // 3, len(words) - 1}:
        word = words[place]
        yield " ".join([*words[:place], *[word] * (room // (len(word) + 1)), *words[place:]]) + "~"
    for place in (len(model) // 2, len(model) - 1):
        yield f"{model[:place]}{model[place] * room}{model[place:]}~"


def _filled(unit: str) -> str:
    return (unit * (LINE // len(unit) + 1))[:LINE] + "~"
