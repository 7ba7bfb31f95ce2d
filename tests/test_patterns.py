"""The signs of a pattern: whatever it matches shows them, and a line without them is never tried."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from cleaner.matching.signs import signs
from hypothesis import given, settings

from cleaner.matching.patterns import LazyPattern, compile_pattern
from cleaner.matching.vocabulary import Vocabulary
from cleaner.snapshot import Shape
from tests.documents import documents, lines_that, rule_files, vocabulary

WORDS = Vocabulary(
    {
        "month": {"en": ["March", "May"], "de": ["März", "Mai"], "zh": ["三月"]},
        "day": r"\d{1,2}",
        "date": "(?&day) (?&month)",
        "any": ".*",
    }
)

SIGNS = [
    ("Photo by .*", ((("photo by",), ()),), False),
    ("(?:Photo|Bild): .*", ((("bild", "photo"), ()), ((":",), ())), False),
    ("(?:Photo|.*): x+", ((("x",), ()), ((":",), ())), False),
    ("(?:Photo)?.*", (), False),
    ("a?b*c{0,2}d+", ((("d",), ()),), False),
    (r"\d+ Comments?", ((("comment",), ()),), True),
    (r"(?:\d+|no) comments", ((("comments",), ()),), False),
    ("(?&date)", (((), ("date",)),), True),
    ("(?:(?&month)|heute)", ((("heute",), ("month",)),), False),
    ("(?&any)", (((), ("any",)),), False),
    ("(?=.*x)(?!y).+", ((("x",), ()),), False),
    (r"[^\]a]\p{Lu}\.", (((".",), ()),), False),
    ("(?P<keep>.+) (?-i:ÄRZTE)", ((("arzte",), ()),), False),
    ("[", (), False),
]


STARTS = [
    ("Photo by .*", (("photo by ",), (), False)),
    ("(?:Photo|Bild): .*", (("bild: ", "photo: "), (), False)),
    (r"[(\[]?\W*(?:by|von)? ?Ärzte", (("arzte", "by", "von"), (), False)),
    (r"(?:\d+|no) comments", (("no",), (), True)),
    ("(?&date)", ((), (), True)),
    ("(?:(?&month)|heute) .*", (("heute ", "mai ", "march ", "marz ", "may ", "三月 "), (), False)),
    ("(?&month) .*", ((), ("month",), False)),
    ("(?:the )?(?&any)", None),
    (
        "(?:the |le )cats? .*",
        (("le cat ", "le cats ", "the cat ", "the cats "), (), False),
    ),
    ("(?=.*x)(?!y)[ab]c", (("ac", "bc"), (), False)),
    ("[^a]b", None),
    (".{2,5}b", None),
    (r"\p{Lu}b", None),
    ("(?:a|.)b", None),
    ("(?:a|-)?", None),
    ("[0-3]?x", (("x",), (), True)),
    (r"©\s?x", (("x",), (), False)),
    ("(?&any)x", None),
]


# What a match can have at most, in code points and spaces.
SIZES = [
    ("foo bar", (7, 1)),
    (r"\p{Lu}\p{L}{0,9} \d{4}", (15, 1)),
    (r"(?:x|y z){2,3}[^ ]{4}\p{L}{5}. ?", (20, 5)),
    (".{1,9}(?&date)", (17, 10)),
    (r"[\w ]{2}[^\s]\S\W(?=.{9})(?!x)", (5, 3)),
    ("a+", (sys.maxsize, 0)),
    ("a .*", (sys.maxsize, sys.maxsize)),
    (r"(a)\1", (sys.maxsize, sys.maxsize)),
]

# Words that stand by themselves, and literals, of which a match holds one.
HELD: list[tuple[str, list[tuple[str, ...]], list[tuple[str, ...]]]] = [
    (".{1,20} (?:covers|edits) .*", [("covers", "edits")], [("covers", "edits")]),
    (".{1,20} (?:also )?(?:covers?|edits) .*", [("cover", "covers", "edits")], [("cover", "edits")]),
    (".* (?:cat(?:alog)?|dog), .*", [("cat", "catalog", "dog")], [("cat", "dog"), (", ",)]),
    (r".*\bphotos?\b.*", [("photo", "photos")], [("photo",)]),
    (r".*photos?\b.*", [], [("photo",)]),
    (r".*\bphoto[a-z].*", [], [("photo",)]),
    ("by Reuters", [("reuters",)], [("by reuters",)]),
    (".* (?:[a-z]{2,9} ){0,3}(?:chief|lead)[.,].*", [("chief", "lead")], [("chief", "lead"), (",", ".")]),
    (".*(?:chief|lead)[.,].*", [], [("chief", "lead"), (",", ".")]),
    ("(?:@|=) ?.*", [], [("=", "@")]),
    (".*\\d(?&month) .*", [("&month",)], []),
]


@pytest.mark.parametrize(("source", "sizes"), SIZES)
def test_sizes(source: str, sizes: object) -> None:
    known = signs(source, WORDS.pieces)
    assert (known.longest, known.spaces) == sizes


@pytest.mark.parametrize(("source", "words", "needs"), HELD)
def test_what_a_match_holds(source: str, words: object, needs: object) -> None:
    known = signs(source, WORDS.pieces)
    groups = [(*group, *(f"&{name}" for name in lists)) for group, lists in known.words]
    assert (groups, list(known.needs)) == (words, needs)


@pytest.mark.parametrize(("source", "starts"), STARTS)
def test_starts(source: str, starts: object) -> None:
    assert signs(source, WORDS.pieces).starts == starts


@pytest.mark.parametrize(("source", "clauses", "digit"), SIGNS)
def test_signs(source: str, clauses: object, digit: bool) -> None:
    assert signs(source, WORDS.pieces)[:2] == (clauses, digit)


def test_a_pattern_is_compiled_with_the_words_of_the_line() -> None:
    pattern = LazyPattern("(?&date)", WORDS, "test", signs("(?&date)", WORDS.pieces))
    for line, matches in [
        ("23 March", True),
        ("23 märz", True),
        ("23 三月", True),
        ("23 Marchy", False),
        ("23 Juni", False),
    ]:
        assert bool(pattern.fullmatch(Shape(line, WORDS))) == matches, line


@settings(max_examples=500, deadline=None)
@given(text=documents())
def test_signs_and_words_never_hide_a_match(text: str) -> None:
    words = vocabulary()
    for line in text.splitlines():
        shape = Shape(" ".join(line.split()), words)
        for compiled, lazy in _patterns():
            assert bool(compiled.fullmatch(shape.plain)) == bool(lazy.fullmatch(shape)), (lazy.source, shape.plain)


def test_signs_and_words_hide_no_match_of_an_example() -> None:
    words = vocabulary()
    shapes = [Shape(" ".join(line.split()), words) for line in lines_that("drop", "trim", "keep")]
    for compiled, lazy in _patterns():
        for shape in shapes:
            if compiled.fullmatch(shape.plain):
                assert lazy.fullmatch(shape), (lazy.source, shape.plain)


def _patterns() -> list[tuple[Any, LazyPattern]]:
    if not _PATTERNS:
        for file in rule_files():
            for field in ("patterns", "between"):
                for language, group in file.table.get(field, {}).items():
                    only = vocabulary().pieces, vocabulary().languages(language)
                    for source in group:
                        known = signs(source, vocabulary().pieces)
                        lazy = LazyPattern(source, vocabulary(), file.rule.id, known, language)
                        _PATTERNS.append((compile_pattern(vocabulary().expand(source, only)), lazy))
    return _PATTERNS


_PATTERNS: list[tuple[Any, LazyPattern]] = []
