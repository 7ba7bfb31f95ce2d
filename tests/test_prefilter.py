"""The prefilter hides no match: every pattern that matches a line is a candidate for it."""

from __future__ import annotations

import gzip
import json
import os
import random
import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.kinds import sought_patterns
from cleaner.matching.patterns import Pattern
from cleaner.matching.prefilter import Prefilter, make_tables
from cleaner.matching.vocabulary import Vocabulary
from cleaner.model import PRESETS
from cleaner.rules.choosing import Choice, choose
from cleaner.rules.loading import builtin_rules
from cleaner.text.folding import fold_lines, unwrap_links
from cleaner.text.lines import undress
from cleaner.text.normalizing import normalize, repair
from tests.conftest import ROOT
from tests.effort import up_to
from tests.own_rules import own_pattern
from tests.rule_lines import lines_that, patterns_of, rule_files
from tests.strategies import DRESSES, documents


class Asked:
    """A prefilter of some patterns, used as an engine uses it."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self.patterns = patterns
        self._prefilter = Prefilter(patterns)
        # Without the time limit, which would slow down this many tries.
        self._matches = [(pattern, pattern.compile().fullmatch) for pattern in patterns]

    def candidates(self, lines: Sequence[str]) -> list[set[Pattern]]:
        """Return the candidates for each of some lines of one document."""
        unwrapped = [unwrap_links(line) for line in lines]
        chars = {char for line in unwrapped for char in line if not char.isascii()}
        found = self._prefilter.candidates(unwrapped, fold_lines(unwrapped, chars), chars)
        return [set(found.get(index, ())) for index in range(len(lines))]

    def hidden(self, lines: Sequence[str]) -> list[tuple[str, str, str]]:
        """Return the matches that are not candidates, in lines of no more words than their rules allow: rule, pattern and line."""
        if not lines:
            return []
        return [
            (pattern.rule, pattern.source, line)
            for line, own in zip(lines, self.candidates(lines), strict=True)
            for plain in [undress(line)[0]]
            for pattern, fullmatch in self._matches
            if fullmatch(plain) and plain.count(" ") < pattern.required.words and pattern not in own
        ]


@cache
def builtin() -> Asked:
    """Return a prefilter of all built-in patterns, including those that are tried on few lines only."""
    return Asked([pattern for file in rule_files() for pattern in patterns_of(file)])


# --- The rules' own lines --------------------------------------------------------------------------------------------


def example_lines() -> list[str]:
    lines = [repair(line) for line in lines_that("drop", "trim", "keep")]
    assert len(lines) > 2000
    return lines


def test_no_match_of_an_example_is_hidden() -> None:
    assert builtin().hidden(example_lines()[::50]) == []


@pytest.mark.all
def test_no_match_of_many_examples_is_hidden() -> None:
    """Every fifth example with the patterns of all rules; the next test takes every example."""
    assert builtin().hidden(example_lines()[1::5]) == []


def test_every_example_that_a_pattern_takes_has_it_as_a_candidate() -> None:
    """All examples, each with only the patterns of its own rule."""
    for file in rule_files():
        lines = [line for example in file.examples for verdict in ("drop", "trim") for line in example.of(verdict)]
        own = list(patterns_of(file, sought=True))
        for line, candidates in zip(lines, builtin().candidates(lines), strict=True):
            plain = undress(line)[0]
            assert not [pattern.source for pattern in own if pattern not in candidates and pattern.fullmatch(plain)], (
                line
            )


@pytest.mark.parametrize("preset", PRESETS)
def test_the_kept_table_of_a_preset_is_that_of_its_patterns(preset: str) -> None:
    found = builtin_rules()
    assert make_tables(sought_patterns(choose(found.searchable, Choice(preset)))) == found.tables(preset)


# --- Lines that are made to slip through --------------------------------------------------------------------------------

# Replacements for characters after which a pattern still matches, or which fold to the same.
LOOKALIKES = {
    "s": "ſS", "k": "\u212aK", "i": "İıI", "å": "\u212bÅ", "ß": "ẞ", "n": "ñŉ", "'": "’‘`´ʼ", '"': "“”„«»",
    "-": "–—‐‑−―", ".": "…。․", ":": "：", "0": "０٠०", "1": "１١१¹①Ⅰ", "2": "２٢२²", "3": "３٣३", "9": "９٩९",
    "a": "áàäª", "e": "éèëе", "o": "óöøοº", "c": "çсⓒ", "/": "⁄∕", "|": "│¦", "©": "ⓒ®", "σ": "ςΣ", "ι": "ͅΙ", "g": "ɡ",
}  # fmt: skip
ODD = [
    "ß", "İ", "ŉ", "１", "٣", "\u0301", "\u0323", "\u0345", "한", "가\u11a8", "ก็", "ไทย", "फ़", "’", "—", "…", "•", "→", "#", "*", "_", "|",
    "[", "](x)", "℃", "∉", "Ⅳ", "Ⓐ", "ﬁ", "ǅ", "𝐀", "😀", "\u200d", "0", "7:05", "@", "&", "  ", ".", ", ", "a", "Z", "（", "）",
]  # fmt: skip


@st.composite
def odd_lines(draw: st.DrawFn) -> str:
    """Draw a line of a rule with some characters exchanged, and others between, in some dress."""
    line = draw(st.sampled_from(lines_that("drop", "trim")))
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(line) - 1))
        char = line[place]
        instead = draw(
            st.sampled_from(
                [*LOOKALIKES.get(char.lower(), ""), char.swapcase(), *draw(st.sampled_from([["", *ODD], []]))]
            )
        )
        kept = char if draw(st.booleans()) else ""
        line = f"{line[:place]}{kept}{instead}{line[place + 1 :]}" or char
    dressed = draw(st.sampled_from(DRESSES)).replace("{}", line)
    return repair(dressed)


@up_to(2000)
@given(lines=st.lists(odd_lines(), min_size=1, max_size=8))
def test_no_match_of_an_odd_line_is_hidden(lines: list[str]) -> None:
    assert builtin().hidden(lines) == []


@up_to(500)
@given(text=documents())
def test_no_match_of_a_document_is_hidden(text: str) -> None:
    assert builtin().hidden([line for line in normalize(text).split("\n") if line]) == []


# --- Every character ------------------------------------------------------------------------------------------------


def characters(last: int) -> Iterator[str]:
    """Yield the characters up to a code point that a normalized text may hold."""
    for char in map(chr, range(0x21, last + 1)):
        if unicodedata.category(char) not in ("Cn", "Co", "Cs", "Cc", "Zs", "Zl", "Zp") and normalize(char) == char:
            yield char


PIECES = Vocabulary({"photo": {"en": ["photo", "写真"]}})
ABOUT_A_WORD = [r".*\bphoto\b.*", r"\W*photo\W*", r".*\W photo(?:\W.*)?", ".*(?&photo).*", r".*\W(?:by)?\W*写真.*"]


@pytest.mark.parametrize("last", [0x600, pytest.param(sys.maxunicode, marks=pytest.mark.all)])
def test_no_character_beside_a_word_hides_it(last: int) -> None:
    asked = Asked([own_pattern(source, pieces=PIECES) for source in ABOUT_A_WORD])
    chars = list(characters(last))
    assert len(chars) > 1000
    for start in range(0, len(chars), 200):
        lines = [
            form.format(char)
            for char in chars[start : start + 200]
            for form in ("{0}photo{0}", "a {0} photo{0}b", "{0}写真")
        ]
        assert asked.hidden([line for line in lines if repair(line) == line]) == []


@pytest.mark.parametrize(("last", "step"), [(0x600, 1), pytest.param(sys.maxunicode, 7, marks=pytest.mark.all)])
def test_no_character_of_a_pattern_is_missed(last: int, step: int) -> None:
    chars = list(characters(last))[::step]
    for start in range(0, len(chars), 200):
        some = chars[start : start + 200]
        asked = Asked(
            [own_pattern(source) for char in some for source in (f"{re.escape(char)} by", f".*[{re.escape(char)}]x.*")]
        )
        lines = [
            line
            for char in some
            for kind in {char, char.upper(), char.lower()}
            for line in (f"{kind} by", f"b {kind}x")
        ]
        assert asked.hidden([line for line in lines if repair(line) == line]) == []


# --- Texts that people wrote ----------------------------------------------------------------------------------------

CORPORA = Path(os.environ.get("CLEANER_CORPORA", ROOT.parent / "shared" / "corpora"))
LINES = 2000


def texts_below(folder: Path) -> Iterator[str]:
    """Yield the outputs of extractors in a folder of corpora."""
    for path in sorted(folder.glob("*/output/*.json*")):
        content = path.read_bytes()
        for document in json.loads(gzip.decompress(content) if path.suffix == ".gz" else content).values():
            if isinstance(document, dict):
                yield document.get("articleBody") or ""


@pytest.mark.all
def test_no_match_of_a_corpus_is_hidden() -> None:
    if not CORPORA.is_dir():
        pytest.skip(f"no folder of corpora is at {CORPORA}; name one in CLEANER_CORPORA")
    lines = sorted(
        {line for text in texts_below(CORPORA) for line in normalize(text, "text").split("\n") if 0 < len(line) <= 400}
    )
    assert lines, f"{CORPORA} holds no text"
    some = random.Random(1).sample(lines, min(LINES, len(lines)))
    for start in range(0, len(some), 500):
        assert builtin().hidden(some[start : start + 500]) == []
