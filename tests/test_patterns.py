"""Patterns of rules: the three ways to write one, word lists, and cached patterns, which work as before."""

from __future__ import annotations

import pickle

import pytest

from cleaner.matching.vocabulary import Vocabulary, on_one_line
from cleaner.model import PatternTimeoutError, RuleError
from tests.own_rules import own_pattern

PIECES = Vocabulary(
    {
        "month": {"en": ["March", "May"], "de": ["März", "Mai"], "zh": ["三月"], "und": ["2nd month"]},
        "day": r"\d{1,2}",
        "date": "(?&day) (?&month)",
        "circle": "(?&circle)x",
    }
)

# --- Patterns over several lines -------------------------------------------------------------------------------------

LINES = [
    ("one line stays", "  a b # c  ", "  a b # c  "),
    ("the spaces at both ends go", "\n  Photo:\n    [A-Z]\\w+  \n", "Photo:[A-Z]\\w+"),
    ("a space that counts", "Photo:[ ]\n(?&name)", "Photo:[ ](?&name)"),
    ("a comment", "Photo  # what it is\n: x", "Photo: x"),
    ("a line that is a comment", "a\n  # of b\nb", "ab"),
    ("an empty comment", "a  #\nb", "ab"),
    ("a mark that is no comment", "a#b\nc # d\n\\#e", "a#bc # d\\#e"),
    ("a mark behind two spaces that is no comment", "a  #b\nc", "a  #bc"),
]


@pytest.mark.parametrize(("pattern", "wanted"), [case[1:] for case in LINES], ids=[case[0] for case in LINES])
def test_a_pattern_over_several_lines_is_joined(pattern: str, wanted: str) -> None:
    assert on_one_line(pattern) == wanted


# --- Word lists ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "line", "matches"),
    [
        ("en", "23 Juni", False),
        ("en", "23 Marchy", False),
        ("en", "23 Mai", False),
        ("en", "23 March", True),
        ("en", "23 MARCH", True),
        ("en", "23 2nd month", True),
        ("de", "23 März", True),
        ("de", "23 March", False),
        ("und", "23 März", True),
        ("und", "23 March", True),
        ("und", "23 三月", True),
    ],
)
def test_a_list_stands_for_the_words_of_its_language(language: str, line: str, matches: bool) -> None:
    assert bool(own_pattern("(?&date)", language, pieces=PIECES).fullmatch(line)) is matches


@pytest.mark.parametrize(
    ("line", "matches"),
    [
        ("Marchers", False),
        ("the Marches", False),
        ("March2", True),
        ("_March", True),
        ("x三月y", True),
        ("xMarch", False),
    ],
)
def test_words_of_a_list_end_where_words_of_the_line_do_where_a_script_shows_that(line: str, matches: bool) -> None:
    assert bool(own_pattern(".*(?&month).*", pieces=PIECES).fullmatch(line)) is matches


def test_a_list_that_has_no_words_in_a_language_matches_nothing() -> None:
    only_german = Vocabulary({"month": {"de": ["Mai"]}})
    assert not own_pattern("(?&month)?x", "en", pieces=only_german).fullmatch("Maix")
    assert own_pattern("(?&month)?x", "en", pieces=only_german).fullmatch("x")


def test_pieces_that_call_each_other_in_a_circle_are_an_error() -> None:
    with pytest.raises(ValueError, match="in a circle"):
        PIECES.expand("(?&circle)", "en")


# --- Compiled patterns -----------------------------------------------------------------------------------------------


def test_a_pattern_that_was_kept_matches_as_before() -> None:
    pattern = own_pattern(r"(?:Photo|Foto) (?P<keep>\w+)(?<!x)")
    for kept in (pickle.loads(pickle.dumps(pattern)), pattern):
        match = kept.fullmatch("foto Maria")
        assert match and match["keep"] == "Maria" and not kept.fullmatch("photo x")
        # Once compiled, it is pickled compiled.
        again = pickle.loads(pickle.dumps(kept))
        assert again.fullmatch("PHOTO Maria")["keep"] == "Maria" and again.required == pattern.required


def test_a_pattern_that_does_not_compile_is_an_error_of_its_rule() -> None:
    with pytest.raises(RuleError, match=r"own/rule: the pattern '\(' does not compile"):
        own_pattern("(").compile()


def test_a_pattern_that_runs_away_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleaner.matching.patterns.SECONDS", 0.05)
    with pytest.raises(
        PatternTimeoutError, match=r"own/rule: the pattern .* ran for more than 0.05 s on the line 'aaa"
    ):
        own_pattern(r"a(?:(?:\w|\w\w)+[.])?").fullmatch("a" * 80 + "!")
