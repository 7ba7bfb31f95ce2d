"""The one look at a text: its sketch is that of its lines, and it misses no line that a rule could take."""

from __future__ import annotations

import random

import pytest
from cleaner.matching.screen import Elsewhere, Screen
from cleaner.matching.signs import signs
from cleaner.matching.sketching import drawn, sketch, sketch_key, sketch_lines, words_in
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.matching.patterns import LazyPattern
from cleaner.snapshot import Shape
from cleaner.text.characters import beyond_ascii, stand_alone
from cleaner.text.folding import key, to_last_letter
from cleaner.text.lines import undress
from cleaner.text.normalizing import normalized
from tests.documents import documents, lines_that, rule_files, vocabulary

CHARS = st.text(
    alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from("aZ .`-_“”'ıİßŉʼ\u0301\u0345ͺΣς한글のÉ1²µ›→【"))
)


def test_characters_that_stand_alone_are_sketched_together() -> None:
    alone = [
        char for char in map(chr, range(0x80, 0x30000)) if not 0xD800 <= ord(char) < 0xE000 and stand_alone({char})
    ]
    assert len(alone) > 100_000
    assert set("äÖßéñçøåłžЖйΩάﬁ“”’–—…«»°€東京한글の😀") <= set(alone)
    for char in alone:
        assert sketch_lines([f"a{char}b"], {char}) == [sketch(f"a{char}b")]
    shuffled = random.Random(0).sample(alone, 20_000)
    for start in range(0, len(shuffled), 50):
        text = "".join(shuffled[start : start + 50])
        assert sketch_lines([text], set(text)) == [sketch(text)]


@settings(max_examples=1500, deadline=None)
@given(st.lists(CHARS, min_size=1, max_size=6))
def test_lines_are_drawn_together_as_one_by_one(texts: list[str]) -> None:
    lines, _, chars = normalized("\n".join(texts))
    for line, seen in zip(lines, drawn(lines, chars), strict=True):
        assert seen.sketch == sketch(undress(line)[0] if "](" in line else line)
        assert seen.sketch.endswith(seen.start)
        assert seen.same == to_last_letter(seen.start)
        assert seen.words == seen.same.count(" ") + 1
        assert seen.size <= len(line)
        # Lines that are the same to rules are the same here.
        assert seen.same == sketch_key(key(line))


def test_the_size_of_a_line_is_between_its_first_letter_and_its_last() -> None:
    lines = ["- „Straße“ …", "***", "plain", "[Größe](http://example.org/x)"]
    assert [line.size for line in drawn(lines)] == [6, 0, 5, 0]


def test_what_is_beyond_ascii_is_listed_once() -> None:
    assert beyond_ascii("plain\n") == ""
    assert sorted(beyond_ascii("für für “so”").split()) == ["ü", "“", "”"]


@pytest.mark.parametrize("text", ["one two", "l'été 3ème", "привет, мир2x", "half²way", "a_b-c"])
def test_words_are_words_of_letters(text: str) -> None:
    assert words_in(text) == _words_of(text)


def _words_of(text: str) -> list[str]:
    return "".join([char if char.isalpha() or char == "²" else " " for char in text]).split()


_PATTERNS = [
    LazyPattern(source, vocabulary(), file.rule.id, signs(source, vocabulary().pieces), language)
    for file in rule_files()
    for field in ("patterns", "marks")
    for language, group in file.table.get(field, {}).items()
    for source in group
]


def _sighted(lines: list[str]) -> list[set[LazyPattern]]:
    """Return the patterns that the screen sights on each line, as an engine asks it."""
    read = drawn(lines)
    found: list[set[LazyPattern]] = [set() for _ in lines]
    for index in _SCREEN.may_start(read):
        found[index].update(sight.payload for sight in _SCREEN.at_start(read[index]))
    words = _ELSEWHERE.words & {word for line in read for word in words_in(line.sketch)}
    for index, sights in _ELSEWHERE.survey(read, words).items():
        found[index].update(sight.payload for sight in sights)
    return found


_SCREEN = Screen(vocabulary())
for _pattern in _PATTERNS:
    _SCREEN.add(_pattern.signs, None, _pattern)
_ELSEWHERE = Elsewhere(_SCREEN.elsewhere)


def _assert_every_match_is_sighted(lines: list[str]) -> None:
    for line, sighted in zip(lines, _sighted(lines), strict=True):
        shape = Shape(line, vocabulary())
        for pattern in _PATTERNS:
            if pattern not in sighted:
                assert not pattern.fullmatch(shape), (line, pattern.source)


def test_every_match_of_the_examples_is_sighted() -> None:
    lines, _, _ = normalized("\n".join(lines_that("drop", "trim", "keep")))
    lines = list(dict.fromkeys(line for line in lines if line))
    assert len(lines) > 2000
    for start in range(0, len(lines), 40):
        _assert_every_match_is_sighted(lines[start : start + 40])


@settings(max_examples=100, deadline=None)
@given(text=documents())
def test_every_match_is_sighted(text: str) -> None:
    lines, _, _ = normalized(text)
    if lines := [line for line in dict.fromkeys(lines) if line]:
        _assert_every_match_is_sighted(lines)
