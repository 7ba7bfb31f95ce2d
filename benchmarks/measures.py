"""The measures: pure functions from texts to numbers.

Precision, recall and F1 are those of the public article-extraction-benchmark (scrapinghub, ``evaluate.py``): multisets
of 4-gram shingles over ``\\w+`` tokens, case kept; precision and recall for each document, their means over the
documents, and F1 as the harmonic mean of the two means. What is added here is said at each function.

Precision, recall and exact see the texts as they are, unless they are asked for even ones (``--even``). Everything else
compares them in NFC and without invisible characters (Unicode's "Cf": soft hyphens, zero-width spaces): these cut words
in two for ``\\w+``, and taking them out is a repair, not a loss.
"""

from __future__ import annotations

import html
import re
import statistics
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, Protocol

SHINGLE = 4  # tokens, as in the public benchmark
PER = 10_000  # gold loss is given for so many tokens

# The oracle's: a line of the article need not stand in it letter for letter (extractors merge, split and repair lines).
ORACLE_SHINGLE = 3
ORACLE_SHARE = 0.6

# Tokens of the kept text that are looked up with a trimmed piece: a piece like "London" alone would be found by chance.
CONTEXT = 3

_TOKEN = re.compile(r"\w+")
_TITLE_JOINT = re.compile(r"\s[|\-–—:›»«·/]+\s|\|")
_INVISIBLE = re.compile(
    "[" + "".join(char for char in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(char) == "Cf") + "]"
)
_DIGIT = re.compile(r"\d")

Run = tuple[str, ...]


class Found(Protocol):
    """What the measures read of a ``cleaner.Finding``: ``text`` is the original line, ``replacement`` what is left."""

    @property
    def rule(self) -> str: ...
    @property
    def line(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def replacement(self) -> str: ...


# --- tokens and lines -----------------------------------------------------------------------------


def tokens(text: str) -> list[str]:
    """Return the ``\\w+`` tokens of ``text`` in order, case kept."""
    return _TOKEN.findall(text)


def words(text: str) -> list[str]:
    """Return the tokens by which texts are looked up in each other: case folded, in NFC, nothing invisible."""
    return _TOKEN.findall(visible(text).casefold())


def visible(text: str) -> str:
    """Return ``text`` in NFC and without invisible characters."""
    return text if text.isascii() else _INVISIBLE.sub("", unicodedata.normalize("NFC", text))


def line_key(line: str) -> str:
    """Return what two lines are compared by."""
    return " ".join(words(line))


def shingles(run: Sequence[str], size: int = SHINGLE) -> Counter[Run]:
    """Return the multiset of ``size``-grams; a shorter text is one shingle of all its tokens, an empty one has none."""
    if not run:
        return Counter()
    return Counter(tuple(run[start : start + size]) for start in range(max(1, len(run) - size + 1)))


class Neutral:
    """The lines of one document that count for nobody.

    These are lines without a letter or digit, lines that repeat one of the page's titles, or one part of a title that
    is joined from parts ("Headline | Section - Site"), and ``optional`` lines. Lines are compared by ``line_key``.
    """

    def __init__(self, titles: Iterable[str] = (), optional: Iterable[str] = ()) -> None:
        titles = list(titles)
        lines = [line for text in (*titles, *optional) for line in text.splitlines()]
        parts = [part for title in titles for part in _TITLE_JOINT.split(title)]
        self._keys = {line_key(line) for line in (*lines, *parts)} | {""}

    def __contains__(self, line: str) -> bool:
        return line_key(line) in self._keys

    def without(self, text: str) -> list[str]:
        """Return the lines of ``text`` that count."""
        return [line for line in text.splitlines() if line not in self]


# --- lift -----------------------------------------------------------------------------------------


class Match(NamedTuple):
    """One output against its gold; ``precision`` is None for an empty output, ``recall`` for an empty gold."""

    precision: float | None
    recall: float | None
    exact: bool


class Score(NamedTuple):
    """Matches in the mean: macro precision and recall, their harmonic mean, and the share of exact documents."""

    documents: int
    f1: float
    precision: float
    recall: float
    exact: float


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
    precision = _mean([one.precision for one in matches if one.precision is not None])
    recall = _mean([one.recall for one in matches if one.recall is not None])
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return Score(len(matches), f1, precision, recall, _mean([float(one.exact) for one in matches]))


def _mean(values: Sequence[float]) -> float:
    return statistics.fmean(values) if values else 0.0


# --- which lines are the article's ----------------------------------------------------------------


class Article:
    """A gold text to look lines up in, case folded."""

    def __init__(self, gold: str) -> None:
        run = words(gold)
        self._text = run_text(run)
        self._shingles = frozenset(shingles(run, ORACLE_SHINGLE))

    def count(self, run: Sequence[str]) -> int:
        """Return how often these words stand in the gold one after the other."""
        return self._text.count(run_text(run))

    def holds(self, line: str) -> bool:
        """Return whether ``line`` is the article's: its tokens stand in the gold in one run, or most trigrams do.

        Most are 60 %: a line that the extractor merged from several, or in which it repaired a word, still counts.
        """
        run = words(line)
        if run_text(run) in self._text:
            return True
        own = shingles(run, ORACLE_SHINGLE)
        return len(run) > ORACLE_SHINGLE and sum(
            count for shingle, count in own.items() if shingle in self._shingles
        ) >= ORACLE_SHARE * sum(own.values())


def run_text(run: Iterable[str]) -> str:
    """Return words as a string in which whole runs of words can be counted by ``str.count``."""
    return "".join(f" {word} " for word in run)


def oracle(text: str, gold: str, neutral: Neutral) -> str:
    """Return ``text`` without the lines that are not in the gold: about the best that dropping whole lines can do."""
    article = Article("\n".join(neutral.without(gold)))
    return "\n".join(line for line in neutral.without(text) if article.holds(line))


# --- gold loss ------------------------------------------------------------------------------------


class Loss(NamedTuple):
    """Tokens of one gold text and how many of them are gone; those of neutral lines apart.

    ``lost`` is counted on the text, so it holds for any system. It includes tokens that were repaired into
    others (mojibake).
    """

    tokens: int
    lost: int
    neutral_tokens: int
    neutral_lost: int


def gold_loss(gold: str, cleaned: str, neutral: Neutral) -> Loss:
    """Compare a gold text with what cleaning left of it, as multisets of tokens, entities unescaped."""
    counted, kept = _bag(neutral.without(gold)), _bag(neutral.without(cleaned))
    lost = (counted - kept).total()
    all_before, all_after = _bag([gold]), _bag([cleaned])
    return Loss(
        counted.total(),
        lost,
        all_before.total() - counted.total(),
        max(0, (all_before - all_after).total() - lost),
    )


def _bag(lines: Iterable[str]) -> Counter[str]:
    return Counter(tokens(visible(html.unescape("\n".join(lines)))))


class Taken(NamedTuple):
    """What one rule took of one line: ``pieces`` are runs of tokens, each with the tokens kept on one side of it."""

    rule: str
    line: int
    text: str
    left: str
    tokens: int
    pieces: tuple[tuple[Run, Run, Run], ...]


def taken(findings: Iterable[Found]) -> list[Taken]:
    """Return what each finding took.

    A line that is trimmed by one pass and met again by a later one has several findings; each takes from what the one
    before it left.
    """
    left: dict[int, str] = {}
    result = []
    for finding in findings:
        before = left.get(finding.line, finding.text)
        left[finding.line] = finding.replacement
        pieces = _pieces(words(before), words(finding.replacement))
        count = sum(len(piece) for _, piece, _ in pieces)
        result.append(Taken(finding.rule, finding.line, before, finding.replacement, count, pieces))
    return result


def _pieces(before: list[str], after: list[str]) -> tuple[tuple[Run, Run, Run], ...]:
    """Return (kept before, taken, kept after) for each run of ``before`` that is not in ``after``."""
    if not after:
        return (((), tuple(before), ()),) if before else ()
    for start in range(len(before) - len(after) + 1):
        if before[start : start + len(after)] == after:
            end = start + len(after)
            head: tuple[Run, Run, Run] = ((), tuple(before[:start]), tuple(after[:CONTEXT]))
            tail: tuple[Run, Run, Run] = (tuple(after[-CONTEXT:]), tuple(before[end:]), ())
            return tuple(piece for piece in (head, tail) if piece[1])
    rest = Counter(before) - Counter(after)
    return (((), tuple(word for word in before if word in rest), ()),) if rest else ()


# --- precision of rules ---------------------------------------------------------------------------


class Verdict(NamedTuple):
    """A judgement of one taking: "right", "wrong", or "neutral"."""

    taken: Taken
    verdict: str


def judge(takings: Iterable[Taken], before: str, after: str, gold: str, neutral: Neutral) -> list[Verdict]:
    """Judge what rules took from ``before``, of which ``after`` is left, by what people marked as ``gold``.

    A taking is wrong where its tokens stand in the gold in one run and ``after`` no longer holds that run as often as
    the gold does and ``before`` could give it. So a second copy of a line is rightly dropped while the first one stays,
    and a one-word line ("Advertisement") is not held to be the article's because the word occurs in its prose.
    Of a trimmed line the piece that was taken is judged, together with three kept tokens beside it.
    """
    article, given, kept = Article(gold), run_text(words(before)), run_text(words(after))
    missing: dict[str, int] = {}
    verdicts = []
    for taking in takings:
        if taking.text in neutral:
            verdicts.append(Verdict(taking, "neutral"))
            continue
        wrong = False
        for left, piece, right in taking.pieces:
            run = (*left, *piece, *right)
            text = run_text(run)
            if text not in missing:
                missing[text] = min(article.count(run), given.count(text)) - kept.count(text)
            wrong = wrong or missing[text] > 0
            missing[text] -= 1
        verdicts.append(Verdict(taking, "wrong" if wrong else "right"))
    return verdicts


# --- segments -------------------------------------------------------------------------------------


class Segments(NamedTuple):
    """Segments that the output held before cleaning, and how many of them it still holds."""

    wanted: int = 0
    wanted_kept: int = 0
    unwanted: int = 0
    unwanted_kept: int = 0

    def __add__(self, other: object) -> Segments:
        if not isinstance(other, Segments):
            return NotImplemented
        return Segments(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


def segments(wanted: Iterable[str], unwanted: Iterable[str], before: str, after: str) -> Segments:
    """Count segments as trafilatura's evaluation does: a plain substring, case and spaces as they are.

    After cleaning a segment also counts as held where only spaces, invisible characters or the form of characters
    (NFKC) have changed.
    """
    good = [segment for segment in wanted if segment in before]
    bad = [segment for segment in unwanted if segment in before]
    holds = _holder(after)
    return Segments(len(good), sum(map(holds, good)), len(bad), sum(map(holds, bad)))


def lost_segments(wanted: Iterable[str], before: str, after: str) -> list[str]:
    """Return the wanted segments that cleaning took."""
    holds = _holder(after)
    return [segment for segment in wanted if segment in before and not holds(segment)]


def _holder(text: str) -> Callable[[str], bool]:
    even = _even(text)
    return lambda segment: segment in text or _even(segment) in even


def _even(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", visible(html.unescape(text))).split())


# --- boilerplate still standing -------------------------------------------------------------------


class Standing(NamedTuple):
    """A line of an output that is not the article's. ``place`` is where it stands to the article's lines there."""

    group: str
    text: str
    above: str
    below: str
    place: str


def standing(text: str, gold: str, neutral: Neutral) -> list[Standing]:
    """Return the lines of ``text`` that are neither neutral nor in the gold, in order.

    ``place`` is "head" above the first line of the article, "tail" below its last, "middle" between, and "alone" where
    no line of the article stands. Lines of one ``group`` differ in case, punctuation and digits only.
    """
    article = Article(gold)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    good = [index for index, line in enumerate(lines) if line not in neutral and article.holds(line)]
    ours = set(good)
    return [
        Standing(
            group_key(line),
            line,
            lines[index - 1] if index else "",
            lines[index + 1] if index + 1 < len(lines) else "",
            _place(index, good),
        )
        for index, line in enumerate(lines)
        if index not in ours and line not in neutral
    ]


def _place(index: int, good: Sequence[int]) -> str:
    if not good:
        return "alone"
    return "head" if index < good[0] else "tail" if index > good[-1] else "middle"


def group_key(line: str) -> str:
    """Return what lines of one group share: tokens, case folded, each digit as 0."""
    return _DIGIT.sub("0", line_key(line))


_LENGTHS = ((3, "1-3"), (8, "4-8"), (15, "9-15"), (40, "16-40"))  # words


def shape(line: str) -> str:
    """Return the form of a line: its length in words, how it ends, and whether it is all capitals."""
    count = len(line.split())
    length = next((name for most, name in _LENGTHS if count <= most), "41-")
    end = "stop" if line.rstrip("\"'”’»)] ").endswith((".", "!", "?", "…", "。", "！", "？")) else "open"
    return f"{length} words, {end}{', capitals' if line.isupper() else ''}"
