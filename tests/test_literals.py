"""The literals that are read off a pattern: every match holds one of them, and nothing unsure is read."""

from __future__ import annotations

import pytest

from cleaner.matching.literals import LiteralReader
from cleaner.matching.patterns import UNBOUNDED
from cleaner.matching.vocabulary import Vocabulary
from tests.rule_lines import patterns_of, rule_files

PIECES = Vocabulary(
    {
        "month": {"en": ["March", "May"], "de": ["März", "Mai"], "zh": ["三月"], "und": ["Mar."]},
        "day": r"\d{1,2}",
        "date": "(?&day) (?&month)",
        "anything": ".*",
        "none": {"de": ["nie"]},
    }
)
READER = LiteralReader(PIECES)

# In a literal of words, a space is a run of characters other than letters, and a line break is an end of the line.
NOT_READ = [
    ("an optional part", "(?:Photo)?.*", []),
    ("an alternative that may be anything", "(?:Photo|.*): x+", [{" x"}, {":"}]),
    ("letters that may be missing", "a?b*c{0,2}d+", [{"d"}]),
    ("letters that are there no times", "x{0}y", [{"y \n"}]),
    ("what must not stand before", "(?<!Foto )von dpa", [{"\n von dpa \n"}]),
    ("what must not follow", "(?!Photo).*", []),
    ("a class of all but some", r"[^\]a]\p{Lu}\.", [{"."}]),
    ("a class that is a range", "[a-f]oto", [{"oto \n"}]),
    ("a class of letters", r"\w+ \w+", []),
    ("a class of POSIX", "[[:alpha:]]{3}x", []),
    ("a literal that may differ by a letter", "(?:photo){e<=1} by .*", []),
    ("a piece that may be anything", "(?&anything)", []),
    ("a group again", r"(a)b\1", [{"\n ab"}]),
    ("one of two, by a condition", "(x)?(?(1)a|b)", []),
    ("the edge of a word, or none", r"x\b?y", []),
    ("what is no pattern", "[", []),
    ("marks of a class, mixed", ".*[-.]{2}.*", [{"-", "."}]),
    ("a mark beside marks", "a(?:, |; ){2}b", [{"\n a "}, {",", ";"}]),
]
READ = [
    ("a beginning", "Photo by .*", [{"\n photo by "}]),
    ("an end", ".* says", [{" says \n"}]),
    ("alternatives", "(?:Photo|Bild): .*", [{"\n bild ", "\n photo "}, {":"}]),
    ("a letter that may follow", r"\d+ Comments?", [{"\n comment \n", "\n comments \n"}, {"0"}]),
    ("a word with both edges", r".*\bphotos?\b.*", [{" photo ", " photos "}]),
    ("a word with one edge", r".*photos?\b.*", [{"photo ", "photos "}]),
    ("a class of two", "[PF]hoto .*", [{"\n photo ", "\n fhoto "}]),
    ("a class of many letters", "[abcdefgh]oto", [{f"\n {letter}oto \n" for letter in "abcdefgh"}]),
    ("a class of many marks", "Photo[-.,:;/|] by", [{"\n photo  by \n"}]),
    ("what must follow", "(?=.*x)(?!y).+", [{"x"}]),
    ("what must stand before", ".*(?<=Foto )von.*", [{"foto "}, {"von"}]),
    ("case and accents folded", "(?P<keep>.+) (?-i:ÄRZTE)", [{" arzte \n"}]),
    ("an atomic group", "(?>Photo|Bild)x", [{"\n bildx \n", "\n photox \n"}]),
    ("what repeats and never gives back", "Photo++ .*", [{"\n photo"}]),
    ("a word list of its language", "(?:(?&month)|heute)", [{"\n heute \n", "\n mar \n", "\n march \n", "\n may \n"}]),
    ("a word list within a piece", "(?&date)", [{"\n mar \n", "\n march \n", "\n may \n"}, {"0"}]),
    ("a mark", "© .*", [{"©"}]),
    ("signs before what begins a line", r"[\[(]?(?:by|von) .*", [{"\n by ", "\n von "}]),
    ("what must follow at the beginning", r"(?=von x).*", [{"\n von x"}]),
    ("a figure", r".*\d:\d\d.*", [{"0:00"}]),
    ("nothing but marks", "- - -", [{"\n  \n"}, {"- - -"}]),
    ("several clauses", ".* (?:cat|dog), .*(?:eats|sleeps).*", [{" cat ", " dog "}, {","}, {"eats", "sleeps"}]),
    ("letters that fold to several", "Straße|ﬁn", [{"\n strasse \n", "\n fin \n"}]),
    ("letters of scripts without spaces", "写真 .*", [{"\n 写真 "}]),
]


@pytest.mark.parametrize(
    ("source", "clauses"), [case[1:] for case in NOT_READ + READ], ids=[case[0] for case in NOT_READ + READ]
)
def test_literals_are_those_that_every_match_holds(source: str, clauses: list[set[str]]) -> None:
    found = READER.required(source, "en").clauses
    assert sorted(map(sorted, found)) == sorted(map(sorted, clauses))


def test_word_lists_are_those_of_the_language_and_those_of_all() -> None:
    def words(language: str) -> list[str]:
        (clause,) = READER.required("(?&month)", language).clauses
        return sorted(text.strip("\n ") for text in clause)

    assert words("de") == ["mai", "mar", "marz"]
    assert words("und") == ["mai", "mar", "march", "marz", "may", "三月"]


def test_a_list_without_words_matches_nothing() -> None:
    assert READER.required("a (?&none)", "en").clauses


# The most code points and words of a match.
SIZES = [
    ("foo bar", 7, 2),
    (r"\p{Lu}\p{L}{0,9} \d{4}", 15, 2),
    (r"(?:x|y z){2,3}[^ ]{4}\p{L}{5}. ?", 20, 6),
    ("(?&day) (?&month)", 8, 2),
    (r"[\w ]{2}[^\s]\S\W(?=.{9})(?!x)", 5, 4),
    ("a+", UNBOUNDED, 1),
    ("a .*", UNBOUNDED, UNBOUNDED),
    (r"(a)\1", UNBOUNDED, UNBOUNDED),
    ("(?:photo){e<=3}", UNBOUNDED, UNBOUNDED),
]


@pytest.mark.parametrize(("source", "longest", "words"), SIZES)
def test_no_match_is_longer_than_what_is_read(source: str, longest: int, words: int) -> None:
    required = READER.required(source, "en")
    assert required.longest == longest and required.words >= words


def test_a_piece_that_is_missing_is_an_error() -> None:
    with pytest.raises(KeyError, match="nosuch"):
        READER.required("(?&nosuch) x", "en")


def test_every_built_in_pattern_can_be_read() -> None:
    patterns = [pattern for file in rule_files() for pattern in patterns_of(file, sought=True)]
    assert patterns
    assert not [(pattern.rule, pattern.source) for pattern in patterns if not pattern.required.clauses]
