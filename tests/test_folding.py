"""Folding: the form in which lines are compared, line by line and for a whole text at once."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.text import characters
from cleaner.text.folding import fold, fold_lines
from cleaner.text.normalizing import normalize
from tests.effort import up_to
from tests.strategies import documents

CHARACTERS = st.one_of(
    st.characters(codec="utf-8"), st.sampled_from("\n\n\naZ .`'’-_ıİßŉʼ\u0301\u0345Σς한글\u1100\u1161É1²µⅣⒶ")
)


@up_to(2000)
@given(text=st.text(alphabet=CHARACTERS))
def test_a_document_folds_as_its_lines_do(text: str) -> None:
    assert fold(text).split("\n") == [fold(line) for line in text.split("\n")]


@up_to(2000)
@given(text=st.text(alphabet=CHARACTERS))
def test_folding_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def beyond_ascii(text: str) -> set[str]:
    return {char for char in text if not char.isascii()}


@up_to(2000)
@given(lines=st.lists(st.text(alphabet=CHARACTERS.filter(lambda char: char != "\n")), min_size=1, max_size=6))
def test_lines_are_folded_together_as_one_by_one(lines: list[str]) -> None:
    assert fold_lines(lines, beyond_ascii("".join(lines))) == [fold(line) for line in lines]


@up_to(1000)
@given(text=documents())
def test_documents_are_folded_together_as_line_by_line(text: str) -> None:
    lines = normalize(text).split("\n")
    assert fold_lines(lines, beyond_ascii("".join(lines))) == [fold(line) for line in lines]


def blocks(last: int) -> Iterator[str]:
    """Yield the characters up to a code point, except line breaks and surrogates, in blocks of similar ones."""
    for start in range(0x80, last, 0x80):
        chars = map(chr, range(start, start + 0x80))
        yield "".join([char for char in chars if unicodedata.category(char) not in ("Cc", "Cs", "Cn", "Zl", "Zp")])


@pytest.mark.parametrize("last", [0x2000, pytest.param(sys.maxunicode, marks=pytest.mark.all)])
def test_every_character_folds_in_a_text_as_by_itself(last: int) -> None:
    for block in blocks(last):
        for char in block:
            assert fold_lines([char, f"a{char}B`"], {char}) == [fold(char), fold(f"a{char}B`")]
        lines = [f"A{char}b" for char in block]
        assert fold_lines(lines, set(block)) == [fold(line) for line in lines] or not block


def test_a_backtick_is_an_apostrophe_whatever_stands_beside_it() -> None:
    assert fold("today`s") == fold("today's") == "today's"
    assert fold("café`s") == fold("café’s") == "cafe's"


def test_a_long_text_is_looked_at_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "plain ÄÖÜ and Æ. " * 9 + "é\u0301"
    whole = set(characters.beyond_ascii(text).split(" "))
    # No run is longer than a piece.
    for size in range(3, 40):
        monkeypatch.setattr(characters, "_PIECE", size)
        assert set(characters.beyond_ascii(text).split(" ")) == whole


def test_texts_of_very_many_characters_are_folded_too() -> None:
    lines = ["".join(map(chr, range(0xC0, 0x250))), "".join(map(chr, range(0x400, 0x530)))]
    assert fold_lines(lines, set("".join(lines))) == [fold(line) for line in lines]


@pytest.mark.parametrize(
    "line", ["\u1100\u1161\u11a8", "\ua960\u1161", "\u1100\ud7b0", "e\u0323\u0301", "का", "\U000110a5\U000110ba"]
)
def test_characters_that_combine_are_folded_in_their_line(line: str) -> None:
    lines = [f"A {line} b", line, "Ä"]
    assert fold_lines(lines, set("".join(lines)) - set("A b")) == [fold(each) for each in lines]


@pytest.mark.parametrize("beside", ["", "é"])
@pytest.mark.parametrize("code", [*range(0x20), 0x7F])
def test_control_characters_but_the_line_feed_are_noticed(code: int, beside: str) -> None:
    found = characters.beyond_ascii(f"a{chr(code)}b{beside}")
    assert (characters.CONTROL in found) == (chr(code) != "\n") and beside in found
