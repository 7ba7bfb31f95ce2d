"""Normalizing: the repairs, the characters that stay, and a guard that lets everything through that ftfy would repair."""

from __future__ import annotations

import itertools
import sys
import unicodedata
from typing import Literal

import pytest
from ftfy.badness import MOJIBAKE_CATEGORIES, is_bad
from hypothesis import given
from hypothesis import strategies as st

import cleaner
from cleaner import normalize
from cleaner.text.mojibake import may_be_mojibake
from cleaner.text.normalizing import FENCE, INSIDE, OUTSIDE, fenced_lines, normalized, repair
from cleaner.text.repairing import compose
from tests.effort import up_to

KEPT = [
    ("curly quotes", "“It’s ‘so’”, she said."),
    ("dashes", "1990–2000 — a decade"),
    ("full width", "１２３ＡＢＣ、「東京」。"),
    ("ligature", "ﬁnally"),
    ("guillemets beside capitals", "Он сказал: «Ёлка», «Ґанок» и ушёл."),
    ("German quotes beside umlauts", "„Über“ – „Öl“ »Ärger«"),
    ("French accents before quotes", "« Liberté, égalité », dit-il, “été”."),
    ("Greek in guillemets", "«Άρθρο» του Έλληνα"),
    ("Polish", "„Żółć” gęślą jaźń"),
    ("zero-width non-joiner in Persian", "می\u200cخواهم"),
    ("joiner in an emoji", "👩\u200d💻 and 👨\u200d👩\u200d👧"),
    ("joiner in Malayalam", "അവന്\u200d"),
    ("marks of direction in Hebrew", "שלום\u200f!"),
    ("zero-width space in Thai", "ภาษา\u200bไทย"),
    ("an ampersand", "AT&T; R&D & more, a?b=1&copy=2"),
    ("no entity", "&nosuchthing; &#0; &#xD800; &#99999999;"),
    ("prices", "It cost £5, €6 and ¥7 (±2 %)."),
    ("capitals with a tilde", "SÃO PAULO, NÃO À MÃE"),
    ("ligature of French", "cœur et ŒUVRE, l’œil"),
    ("circumflex of Romanian", "Însă «Înțelept»"),
    ("quotes behind accents", "„Das Café“, “Pelé” – ‘voilà’…"),
    ("private characters", "\uf0b7 item"),
    ("flag of Wales", "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"),
]
REPAIRED = [
    ("mojibake", "schÃ¶n â€œquotedâ€\x9d", "schön “quoted”"),
    ("mojibake in Cyrillic", "ÐŸÑ€Ð¸Ð²ÐµÑ‚", "Привет"),
    ("C1 as Windows-1252", "it\x92s", "it’s"),
    ("NUL", "a\x00b", "ab"),
    ("terminal escape", "\x1b[31mred\x1b[0m", "red"),
    ("byte order mark", "\ufeffa", "a"),
    ("soft hyphen", "Boiler\u00adplate", "Boilerplate"),
    ("odd spaces", "a\u00a0b\u2009c\u3000d\te", "a b c d e"),
    ("zero-width space", "a\u200bb\u2060c", "abc"),
    ("joiner in Latin", "a\u200db\u200cc", "abc"),
    ("marks of direction in Latin", "\u202aabc\u202c", "abc"),
    ("decomposed", "e\u0301te\u0301", "été"),
    ("object replacement character", "a\ufffcb", "ab"),
    ("mojibake around a control character", "sch\u00c3\x07\u00b6n", "schön"),
    ("mark behind a control character", "e\x07\u0301", "é"),
    ("references in code", "a `&lt;` &lt; ``b ` &amp;`` &amp; `", "a `&lt;` < ``b ` &amp;`` & `"),
    ("fence in references", "&#96;``\n  a\n```", "```\n  a\n```"),
    ("entities", "Q&amp;A &lt;b&gt; &eacute; &#8217; &#x2014; &nbsp; x", "Q&A <b> é ’ — x"),
    ("entities of entities", "&amp;amp;amp;lt; &#38;amp;gt;", "< >"),
    ("references to C1", "&#146;", "’"),
    ("lone surrogate", "a\ud800b", "a\ufffdb"),
    ("surrogate pair", "\ud83d\ude00", "😀"),
    ("spaces at the ends", "  a  \n\n\n\nb \nc\n\n", "a\n\nb\nc"),
    ("line breaks of every kind", "a\r\nb\rc\u2028d\u2029e\x85f\x0bg\x0ch", "a\nb\nc\nd\ne\nf\ng\nh"),
    ("empty", "", ""),
    ("blank", " \n\t\n\u00a0", ""),
]


@pytest.mark.parametrize("text", [text for _, text in KEPT], ids=[name for name, _ in KEPT])
def test_stays(text: str) -> None:
    assert normalize(text) == text


@pytest.mark.parametrize(("text", "wanted"), [case[1:] for case in REPAIRED], ids=[case[0] for case in REPAIRED])
def test_repairs(text: str, wanted: str) -> None:
    assert normalize(text) == wanted
    assert normalize(wanted) == wanted


def _characters_of_mojibake() -> list[str]:
    """Return the characters that ftfy's heuristic knows, and some that occur beside them."""
    found = set("aZ0 .,\xa0Ââ€")
    for category in MOJIBAKE_CATEGORIES.values():
        at = 0
        while at < len(category):
            if category[at + 1 : at + 2] == "-" and at + 2 < len(category):
                found.update(map(chr, range(ord(category[at]), ord(category[at + 2]) + 1)))
                at += 3
            else:
                found.add(category[at])
                at += 1
    return sorted(found)


def test_the_guard_sees_every_pair_that_ftfy_calls_bad() -> None:
    characters = _characters_of_mojibake()
    assert len(characters) > 300
    missed = [
        pair
        for pair in map("".join, itertools.product(characters, repeat=2))
        if is_bad(pair) and not may_be_mojibake(pair)
    ]
    assert missed == []


def test_the_guard_sees_every_triple_that_ftfy_calls_bad() -> None:
    # Two of each category, so that all triples can be tried.
    some = sorted(
        {char for category in MOJIBAKE_CATEGORIES.values() for char in (category[0], category[-1])}
        | set("aZ 0ÂÃÎÐØÙàœ×√≈‚вВГРСβΒΓāÄ°")
    )
    missed = [
        text for text in map("".join, itertools.product(some, repeat=3)) if is_bad(text) and not may_be_mojibake(text)
    ]
    assert missed == []


@up_to(5000)
@given(st.text(alphabet=st.sampled_from(_characters_of_mojibake()), max_size=8))
def test_the_guard_sees_what_ftfy_calls_bad(text: str) -> None:
    assert not is_bad(text) or may_be_mojibake(text)


@up_to(2000)
@given(st.text(max_size=30))
def test_repair_is_a_fixed_point_and_composed(text: str) -> None:
    line = repair(" ".join(text.splitlines()))
    assert repair(line) == line == repair(line, guarded=False)
    assert unicodedata.is_normalized("NFC", line)
    assert line == line.strip() and len(line.splitlines()) <= 1


@up_to(1000)
@given(st.lists(st.sampled_from([*KEPT, *REPAIRED]), max_size=6), st.sampled_from(["\n", "\r\n", " ", ""]))
def test_a_text_is_repaired_as_its_lines_are(cases: list[tuple[str, ...]], between: str) -> None:
    """Whatever is wrong with a text, alone or together: lines that the guard skips need no repair."""
    text = between.join([case[1] for case in cases])
    lines, fenced, chars, _ = normalized(text)
    if fenced is None and "\ud83d" not in text and "\ud800" not in text:
        assert lines[: len(text.splitlines())] == [repair(line, guarded=False) for line in text.splitlines()]
    if chars is not None:
        assert "\n".join(lines) == text and chars == {char for char in text if not char.isascii()}


# Characters that combine, by class: all of a class behave alike. With some that decompose, also into marks alone.
_BY_CLASS = {unicodedata.combining(char): char for char in map(chr, range(sys.maxunicode + 1))}
_COMBINED = [
    *_BY_CLASS.values(),
    *"aeé \u0344\u0f73\u0f75\u0f81ǖệ≠가\u1100\u1161\u11a8\u0323\u0301\u0308\u0345👍\u20dd\u212b\u0340",
]


@up_to(1000)
@given(st.lists(st.sampled_from(_COMBINED), max_size=200))
def test_composing_is_form_c(chars: list[str]) -> None:
    text = "".join(chars)
    assert compose(text) == unicodedata.normalize("NFC", text)


def test_no_mark_is_a_letter() -> None:
    """The search for long runs depends on that."""
    for char in map(chr, range(sys.maxunicode + 1)):
        first = unicodedata.normalize("NFD", char)[0]
        if unicodedata.combining(first):
            assert not char.isascii() and not char.isalnum() and char != "_", hex(ord(char))


_TOWER = "a" + "\u0315\u0301\u0323" * 100


@pytest.mark.parametrize("text", [_TOWER, _TOWER.encode().decode("latin-1")], ids=["as it is", "as mojibake"])
def test_no_long_run_of_marks_is_left_for_unicodedata_to_sort(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Its time grows with the square of the number of marks that are out of order."""
    handed = []
    form_c = unicodedata.normalize

    def record(form: Literal["NFC", "NFD"], text: str) -> str:
        handed.append(text)
        return form_c(form, text)

    monkeypatch.setattr(unicodedata, "normalize", record)
    assert normalize(text) == form_c("NFC", _TOWER)
    assert max(map(len, handed)) >= len(_TOWER) - 1
    for one in handed:
        classes = [*map(unicodedata.combining, one)]
        assert len(one) < 50 or sum(left > right for left, right in itertools.pairwise(classes)) <= 1


FENCES = [
    ("closed", ["```", "a", "```", "b"], [FENCE, INSIDE, FENCE, OUTSIDE]),
    ("not closed", ["```", "a", "b"], None),
    ("closed by a longer one", ["~~~ x", "a", "~~~~~"], [FENCE, INSIDE, FENCE]),
    ("not closed by a shorter one", ["````", "a", "```"], None),
    ("not closed by one with words", ["```", "```python", "```"], [FENCE, INSIDE, FENCE]),
    ("two beside each other", ["```", "a", "```", "~~~", "b", "~~~"], [FENCE, INSIDE, FENCE, FENCE, INSIDE, FENCE]),
    ("backticks in the words", ["```a`b", "```"], None),
    ("one that stays open before one that closes", ["~~~", "```", "x", "```"], [OUTSIDE, FENCE, INSIDE, FENCE]),
]


@pytest.mark.parametrize(("lines", "wanted"), [case[1:] for case in FENCES], ids=[case[0] for case in FENCES])
def test_fences(lines: list[str], wanted: list[int] | None) -> None:
    assert fenced_lines(lines) == wanted


BREAKS = ["&#10;", "&#13;", "&#x0A;", "&#133;", "&#x2028;", "&#8233;", "&NewLine;", "\u00e2\u20ac\u00a8", "&amp;#10;"]


@pytest.mark.parametrize("between", BREAKS)
@pytest.mark.parametrize("whitespace", ["text", "layout", "off"])
def test_what_stands_for_a_line_break_makes_no_line(between: str, whitespace: str) -> None:
    """Otherwise cleaning again would see a line that the first time did not."""
    text = f"The vote is on Monday.{between}Leave a Reply"
    once = cleaner.clean(text, whitespace=whitespace)
    assert len(once.splitlines()) == 1 and once.endswith("Leave a Reply")
    assert cleaner.clean(once, whitespace=whitespace) == once


def test_code_is_left_as_it_is() -> None:
    text = "Prose  here\n\n```python\n  if  a:\tb = '&amp;'  \n\n\n\n    Leave a Reply\n```\n\nPost  prose"
    wanted = "Prose here\n\n```python\n  if  a:\tb = '&amp;'  \n\n\n\n    Leave a Reply\n```\n\nPost prose"
    assert normalize(text) == wanted
