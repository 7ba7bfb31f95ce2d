"""The one look at a text: it folds as single lines are folded, and misses no line that a rule could take."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.document import Shape
from cleaner.folding import Reading, beyond_ascii, fold_text, stand_alone
from cleaner.lines import LONGEST_KEY, fold, from_first_letter, key
from cleaner.normalizing import normalized
from cleaner.patterns import LazyPattern
from cleaner.screen import Elsewhere, Screen, Sight
from cleaner.signs import signs
from tests.documents import documents, rule_files, vocabulary

CHARS = st.text(
    alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from("aZ .`-_“”'ıİßŉʼ\u0301\u0345ͺΣς한글のÉ1²"))
)


def test_characters_that_stand_alone_are_folded_by_replacing_them() -> None:
    alone = [
        char for char in map(chr, range(0x80, 0x30000)) if not 0xD800 <= ord(char) < 0xE000 and stand_alone({char})
    ]
    assert len(alone) > 100_000
    assert set("äÖßéñçøåłžЖйΩάﬁ“”’–—…«»°€東京한글の😀") <= set(alone)
    shuffled = random.Random(0).sample(alone, 20_000)
    for start in range(0, len(shuffled), 50):
        text = "".join(shuffled[start : start + 50])
        assert fold_text(text, set(text))[0] == fold(text)


@settings(max_examples=1500, deadline=None)
@given(st.lists(CHARS, min_size=1, max_size=6))
def test_lines_are_read_together_as_one_by_one(texts: list[str]) -> None:
    lines, _, chars = normalized("\n".join(texts))
    reading = Reading()
    reading.read(lines, chars)
    for line in lines:
        assert reading.keys[line] == (key(line) if len(line) <= LONGEST_KEY else "")
        if "](" not in line:
            assert reading.folded[line] == fold(line).replace("`", "'")
            assert reading.starts[line] == from_first_letter(reading.folded[line])


def test_what_is_beyond_ascii_is_listed_once() -> None:
    assert beyond_ascii("plain\n") == ""
    assert sorted(beyond_ascii("für für “so”").split()) == ["ü", "“", "”"]


_PATTERNS = [
    LazyPattern(source, vocabulary(), file.rule.id, signs(source, vocabulary().pieces), language)
    for file in rule_files()
    for field in ("patterns", "marks")
    for language, group in file.table.get(field, {}).items()
    for source in group
]


@settings(max_examples=200, deadline=None)
@given(text=documents())
def test_every_match_is_sighted(text: str) -> None:
    screen = Screen(vocabulary())
    for pattern in _PATTERNS:
        screen.add(pattern.signs, None, pattern)
    lines, _, _ = normalized(text)
    lines = [line for line in dict.fromkeys(lines) if line]
    if not lines:
        return
    reading = Reading()
    reading.read(lines, None)
    table: dict[str, list[Sight]] = {}
    screen.survey(reading, lines, table)
    elsewhere = Elsewhere(screen.elsewhere)
    for line in lines:
        shape = Shape(line, vocabulary())
        sighted = {sight.payload for sight in table.get(line, ())}
        alone = {sight.payload for sight in elsewhere.of(reading.folded[line])}
        for pattern in _PATTERNS:
            if pattern.fullmatch(shape):
                assert pattern in sighted, (line, pattern.source)
                assert pattern.signs.starts is not None or pattern in alone, (line, pattern.source)
