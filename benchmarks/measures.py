"""The measures: pure functions from texts to numbers.

Both sides are made even before anything is counted: entities unescaped, NFC, invisible characters gone. So only the differences
that cleaning makes count, not two spellings of the same text.

Precision, recall and F1 are those of the public article-extraction-benchmark (scrapinghub, ``evaluate.py``): multisets of 4-gram
shingles over ``\\w+`` tokens, case kept; precision and recall for each document, their means over the documents, and F1 as the harmonic
mean of the two means. Whether a line is the article's is decided by its words: tokens, case folded.
"""

from __future__ import annotations

import html
import re
import statistics
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cleaner import Finding
from cleaner.model import NORMALIZE

SHINGLE = 4  # tokens, as in the public benchmark
SHORT = 4  # tokens: a shorter line is the article's only if it is a whole line of it
CONTEXT = 3  # kept tokens on each side with which a trimmed piece is looked up: "London" alone would be found by chance
# With less room than this between a text and its oracle, the share of the way means nothing.
LEAST_ROOM = 0.002

_TOKEN = re.compile(r"\w+")
# Thai, Lao, Burmese, Khmer; kana and Han.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_WORD = re.compile(f"(?!\\W)[{_UNSPACED}]|[^\\W{_UNSPACED}]+")
_TITLE_JOINT = re.compile(r"\s[|\-–—:›»«·/]+\s|\|")
_DIGIT = re.compile(r"\d")


def _is_invisible(char: str) -> bool:
    category = unicodedata.category(char)
    return category == "Cf" or (category == "Cc" and not char.isspace())


_INVISIBLE = re.compile("[" + re.escape("".join(filter(_is_invisible, map(chr, range(sys.maxunicode + 1))))) + "]")

Run = tuple[str, ...]


# --- Texts and lines ------------------------------------------------------------------------------


def even(text: str) -> str:
    """Return ``text`` with entities unescaped, in NFC, and without invisible characters."""
    while "&" in text and (plain := html.unescape(text)) != text:
        text = plain
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    # The search is slow, so it is skipped if nothing can be found.
    return text if text.replace("\n", " ").isprintable() else _INVISIBLE.sub("", text)


def tokens(text: str) -> list[str]:
    """Return the ``\\w+`` tokens of ``text`` in order, case kept."""
    return _TOKEN.findall(even(text))


def folded_tokens(text: str) -> list[str]:
    """Return the tokens that lines are looked up by: case folded."""
    return _TOKEN.findall(even(text).casefold())


def words(text: str) -> list[str]:
    """Return the words of ``text``; in scripts without spaces, every character is one."""
    return _WORD.findall(even(text))


def line_key(line: str) -> str:
    """Return the key by which two lines are compared."""
    return " ".join(folded_tokens(line))


def lost(before: Iterable[str], after: Iterable[str]) -> int:
    """Return how many of some tokens or words are gone, as multisets."""
    return (Counter(before) - Counter(after)).total()


class Neutral:
    """The lines of one document that do not count.

    These are lines without a letter or digit, lines that repeat one of the page's titles, or one part of a title that is joined from
    parts ("Headline | Section - Site"), and ``optional`` lines.
    """

    def __init__(self, titles: Iterable[str] = (), optional: Iterable[str] = ()) -> None:
        titles = list(titles)
        lines = [line for text in (*titles, *optional) for line in text.splitlines()]
        parts = [part for title in titles for part in _TITLE_JOINT.split(title)]
        self._keys = {line_key(line) for line in (*lines, *parts)} | {""}

    def __contains__(self, line: str) -> bool:
        return line_key(line) in self._keys

    def without(self, text: str) -> list[str]:
        """Return the lines of ``text`` that count, made even."""
        return [line for line in even(text).splitlines() if line not in self]


# --- Lift -----------------------------------------------------------------------------------------


class Match(NamedTuple):
    """One output against its gold; ``precision`` is None for an empty output, ``recall`` for an empty gold."""

    precision: float | None
    recall: float | None
    exact: bool


class Score(NamedTuple):
    """The means of matches: macro precision and recall, their harmonic mean, and the share of exact documents."""

    f1: float
    precision: float
    recall: float
    exact: float


def shingles(run: Sequence[str]) -> Counter[Run]:
    """Return the multiset of 4-grams; a shorter text is one shingle of all its tokens, an empty one has none."""
    if len(run) < SHINGLE:
        return Counter([tuple(run)] if run else [])
    return Counter(zip(*(run[start:] for start in range(SHINGLE)), strict=False))


def match(gold: Sequence[str], output: Sequence[str]) -> Match:
    """Compare the tokens of an output with those of its gold; exact means that the two sequences are equal."""
    wanted, given = shingles(gold), shingles(output)
    shared = (wanted & given).total()
    return Match(
        shared / given.total() if given else None,
        shared / wanted.total() if wanted else None,
        list(gold) == list(output),
    )


def score(matches: Iterable[Match]) -> Score:
    """Return the means of ``matches``. A None is left out of its mean, as the public benchmark does."""
    matches = list(matches)
    precision = mean(one.precision for one in matches)
    recall = mean(one.recall for one in matches)
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return Score(f1, precision, recall, mean(float(one.exact) for one in matches))


def mean(values: Iterable[float | None]) -> float:
    """Return the mean of the values that are known, 0 if none is."""
    known = [value for value in values if value is not None]
    return statistics.fmean(known) if known else 0.0


def way(before: float, after: float, best: float) -> float | None:
    """Return the share of the way from ``before`` to ``best`` that ``after`` has come; None if the way is too short."""
    return (after - before) / (best - before) if best - before >= LEAST_ROOM else None


# --- Which lines are the article's ----------------------------------------------------------------


class Article:
    """A gold text to look lines up in."""

    def __init__(self, lines: Iterable[str]) -> None:
        runs = [folded_tokens(line) for line in lines]
        self._lines = {tuple(run) for run in runs}
        self._text = run_text(token for run in runs for token in run)

    def count(self, run: Sequence[str]) -> int:
        """Return how often these folded tokens are in the gold, one after the other."""
        return self._text.count(run_text(run))

    def holds(self, line: str) -> bool:
        """Return whether ``line`` is the article's: its tokens are there in a row, or it is short and a whole line of it."""
        run = folded_tokens(line)
        return tuple(run) in self._lines or (len(run) >= SHORT and run_text(run) in self._text)


def run_text(run: Iterable[str]) -> str:
    """Return tokens as a string in which whole runs of tokens can be counted by ``str.count``."""
    return "".join(f" {token} " for token in run)


def oracle(lines: Iterable[str], article: Article) -> list[str]:
    """Return those of an output's lines that are the article's: the best that dropping whole lines can do, or nearly so."""
    return [line for line in lines if article.holds(line)]


def can_be_exact(lines: Iterable[str], gold: Sequence[str]) -> bool:
    """Return whether some of an output's lines, in order, are just the tokens of the gold."""
    gold = list(gold)
    reached = {0}
    for line in lines:
        run = tokens(line)
        reached |= {place + len(run) for place in reached if gold[place : place + len(run)] == run}
    return len(gold) in reached


# --- What rules took ------------------------------------------------------------------------------


class Taken(NamedTuple):
    """The part of one line that rules took at once: ``pieces`` are runs of tokens, each with the tokens kept on either side."""

    rules: tuple[str, ...]
    line: int
    text: str
    left: str
    tokens: int
    pieces: tuple[tuple[Run, Run, Run], ...]


def taken(findings: Iterable[Finding]) -> list[Taken]:
    """Return the parts of lines that were taken, each at one time by one or more rules; repairs take nothing.

    A line that is trimmed in one pass and hit again in a later one is taken from twice, the second time from the first's remainder.
    """
    result: list[Taken] = []
    for finding in findings:
        if finding.rule == NORMALIZE:
            continue
        rules = (finding.rule, *getattr(finding, "also", ()))
        last = result[-1] if result and result[-1].line == finding.line else None
        if last is not None and last.left == finding.replacement:
            result[-1] = last._replace(rules=last.rules + rules)
            continue
        before = finding.text if last is None else last.left
        pieces = _pieces(folded_tokens(before), folded_tokens(finding.replacement))
        count = sum(len(piece) for _, piece, _ in pieces)
        result.append(Taken(rules, finding.line, before, finding.replacement, count, pieces))
    return result


def _pieces(before: list[str], after: list[str]) -> tuple[tuple[Run, Run, Run], ...]:
    """Return (kept before, taken, kept after) for each run of ``before`` that is not in ``after``."""
    if not after:
        return (((), tuple(before), ()),) if before else ()
    for start in range(len(before) - len(after) + 1):
        end = start + len(after)
        if before[start:end] == after:
            head: tuple[Run, Run, Run] = ((), tuple(before[:start]), tuple(after[:CONTEXT]))
            tail: tuple[Run, Run, Run] = (tuple(after[-CONTEXT:]), tuple(before[end:]), ())
            return tuple(piece for piece in (head, tail) if piece[1])
    rest = Counter(before) - Counter(after)
    return (((), tuple(token for token in before if token in rest), ()),) if rest else ()


def judge(takings: Iterable[Taken], before: str, after: str, article: Article, neutral: Neutral) -> list[str]:
    """Return for each taking from ``before``, of which ``after`` is left, whether it was "right", "wrong" or "neutral".

    A taking is wrong if its tokens are in the gold in a row, and ``after`` no longer holds that run as often as the gold does and as
    ``before`` could provide it. So a second copy of a line is rightly dropped while the first one stays, and a one-word line
    ("Advertisement") does not count as the article's because the word occurs in its prose. Of a trimmed line, the piece that was
    taken is judged, together with three kept tokens beside it.
    """
    given, kept = run_text(folded_tokens(before)), run_text(folded_tokens(after))
    missing: dict[str, int] = {}
    verdicts = []
    for taking in takings:
        if taking.text in neutral:
            verdicts.append("neutral")
            continue
        is_wrong = False
        for left, piece, right in taking.pieces:
            run = (*left, *piece, *right)
            text = run_text(run)
            if text not in missing:
                missing[text] = min(article.count(run), given.count(text)) - kept.count(text)
            is_wrong = is_wrong or missing[text] > 0
            missing[text] -= 1
        verdicts.append("wrong" if is_wrong else "right")
    return verdicts


# --- Labelled lines and segments ------------------------------------------------------------------


class Lines(NamedTuple):
    """Counts of a labelled document: junk lines, junk lines gone, all lines gone; words of fit lines, and those lost."""

    junk: int = 0
    junk_gone: int = 0
    gone: int = 0
    fit_words: int = 0
    fit_lost: int = 0


def count_lines(lines: Sequence[tuple[str, bool]], takings: Iterable[Taken]) -> Lines:
    """Count the labelled lines that are gone, each with whether it is junk; lines without a letter or digit do not count."""
    left = {taking.line: taking.left for taking in takings}
    junk = junk_gone = gone = fit_words = fit_lost = 0
    for number, (text, is_junk) in enumerate(lines, 1):
        if not line_key(text):
            continue
        is_gone = left.get(number, text) == ""
        gone += is_gone
        junk += is_junk
        junk_gone += is_junk and is_gone
        if not is_junk:
            fit_words += len(words(text))
            fit_lost += lost(words(text), words(left.get(number, text)))
    return Lines(junk, junk_gone, gone, fit_words, fit_lost)


def segments_gone(segments: Iterable[str], before: str, after: str) -> tuple[int, list[str]]:
    """Return how many segments ``before`` holds, and those of them that ``after`` no longer holds.

    As in trafilatura's evaluation a segment is a plain substring. After cleaning it is also held if only spaces, invisible
    characters or the form of characters (NFKC) changed.
    """
    held = [segment for segment in segments if segment in before]
    whole = _spaced(after)
    return len(held), [segment for segment in held if segment not in after and _spaced(segment) not in whole]


def _spaced(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", even(text)).split())


def group_key(line: str) -> str:
    """Return the same key for lines that differ only in case, punctuation and digits."""
    return _DIGIT.sub("0", line_key(line))
