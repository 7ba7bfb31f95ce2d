"""What a report says of many documents, gathered one by one: counts of everything, and samples chosen by a checksum.

What is gathered in several places can be joined, so workers gather side by side. Memory does not grow with the number of documents.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple

from cleaner.model import NORMALIZE, Explanation, Finding
from cleaner.reporting.drawing import Row, row_from, rows_of
from cleaner.text.lines import word_count

# The histogram has a column for each twentieth of a document's words, and one for documents that lose nothing.
COLUMNS = 21
# Lines above and below a sample.
_AROUND = 2
_CLIP = 300
# Bytes of a corpus of which each worker keeps less.
_LARGE = 1 << 30


class Limits(NamedTuple):
    """How much is kept: documents to show, samples of each rule, distinct lines that are counted, code points of a document."""

    documents: int = 200
    samples: int = 20
    lines: int = 50_000
    characters: int = 100_000


USUAL = Limits()


class Sampled(NamedTuple):
    """A document to show: what it is called, where it is from, its checksum, its words and those that went, its lines."""

    name: str
    url: str
    rank: str
    words: int
    gone: int
    is_flagged: bool
    is_cut: bool
    rows: list[Row]


class Sample(NamedTuple):
    """A line that a rule took, with the lines around it. ``document`` is the checksum of its document, ``name`` what that is called."""

    name: str
    document: str
    number: int
    rows: list[Row]


class Lowest:
    """The items of lowest rank, of however many."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._items: dict[str, Any] = {}
        self._bound = ""

    def wants(self, rank: str) -> bool:
        """Tell whether an item of this rank would be kept."""
        return self.size > 0 and (not self._bound or rank < self._bound)

    def add(self, rank: str, item: Any) -> None:
        """Add an item; one of the same rank is the same item."""
        if not self.wants(rank):
            return
        self._items[rank] = item
        if len(self._items) > 2 * self.size:
            self._shorten()

    def _shorten(self) -> None:
        ranks = sorted(self._items)
        self._items = {rank: self._items[rank] for rank in ranks[: self.size]}
        if len(ranks) >= self.size:
            self._bound = ranks[self.size - 1]

    def items(self) -> list[tuple[str, Any]]:
        """Return the items with their ranks, the lowest first."""
        self._shorten()
        return list(self._items.items())


@dataclass
class Counts:
    """How many documents there are, and what became of them, of their words and of their lines.

    ``histogram`` counts documents by the share of words that they lose: none, then twentieths; ``spared`` those that were
    kept whole, by the share that they would have lost.
    """

    documents: int = 0
    touched: int = 0
    repaired: int = 0
    emptied: int = 0
    flagged: int = 0
    words: int = 0
    words_gone: int = 0
    lines_gone: int = 0
    trimmed: int = 0
    whitespace: int = 0
    characters: int = 0
    histogram: list[int] = field(default_factory=lambda: [0] * COLUMNS)
    spared: list[int] = field(default_factory=lambda: [0] * COLUMNS)

    def add(self, other: Mapping[str, Any]) -> None:
        """Add other counts."""
        for each in fields(self):
            own, more = getattr(self, each.name), other[each.name]
            setattr(
                self,
                each.name,
                [a + b for a, b in zip(own, more, strict=True)] if isinstance(own, list) else own + more,
            )


@dataclass
class RuleCounts:
    """What one rule took: lines, lines of which a part stays, words, and of how many documents."""

    lines: int = 0
    trimmed: int = 0
    words: int = 0
    documents: int = 0


class Gathering:
    """Gathers what a report says; ``add`` is called with each document and what cleaning made of it."""

    def __init__(self, limits: Limits = USUAL) -> None:
        self.limits = limits
        self.counts = Counts()
        self.rules: dict[str, RuleCounts] = {}
        # Whether lines that are rare so far had to be forgotten, so counts of lines may be too low.
        self.is_rounded = False
        self._common: Counter[tuple[str, str]] = Counter()
        self._samples: dict[str, Lowest] = {}
        self._documents = Lowest(limits.documents)

    def add(self, name: str, explained: Explanation, url: str = "") -> None:
        """Add a document, called ``name``."""
        text = explained.source
        words = _words(text)
        rank = _rank(name, text)
        found = [finding for finding in explained.by_line if finding.rule != NORMALIZE]
        gone = sum([_words_gone(finding) for finding in found])
        counts = self.counts
        counts.documents += 1
        counts.words += words
        counts.flagged += explained.flagged
        counts.emptied += bool(text.strip()) and not explained.text
        counts.repaired += any([finding.rule == NORMALIZE for finding in explained.findings])
        self._count_repairs(explained)
        (counts.spared if explained.flagged else counts.histogram)[_column(gone, words, bool(found))] += 1
        if not explained.flagged:
            counts.touched += bool(found)
            counts.words_gone += gone
            self._count(found)
        rows: list[Row] | None = None
        if not explained.flagged:
            for finding in found:
                sample = _rank(rank, str(finding.line))
                lowest = self._samples.setdefault(finding.rule, Lowest(self.limits.samples))
                if lowest.wants(sample):
                    rows = rows_of(explained) if rows is None else rows
                    lowest.add(sample, Sample(name, rank, finding.line, _around(rows, finding.line)))
        # Documents of which something went are shown before others.
        place = ("0" if found else "1") + rank
        if self._documents.wants(place):
            rows = rows_of(explained) if rows is None else rows
            rows, is_cut = _bounded(rows, self.limits.characters)
            self._documents.add(place, Sampled(name, url, rank, words, gone, explained.flagged, is_cut, rows))

    def _count(self, found: list[Finding]) -> None:
        counts = self.counts
        for finding in found:
            own = self.rules.setdefault(finding.rule, RuleCounts())
            is_trim = bool(finding.replacement)
            own.lines += 1
            own.trimmed += is_trim
            own.words += _words_gone(finding)
            counts.trimmed += is_trim
            counts.lines_gone += not is_trim
            self._common[finding.rule, " ".join(finding.text.split())[:_CLIP]] += 1
        for rule in {finding.rule for finding in found}:
            self.rules[rule].documents += 1
        if len(self._common) > 2 * self.limits.lines:
            self._forget(self.limits.lines)

    def _count_repairs(self, explained: Explanation) -> None:
        for finding in explained.by_line:
            if finding.rule == NORMALIZE:
                is_space = "".join(finding.text.split()) == "".join(finding.replacement.split())
                self.counts.whitespace += is_space
                self.counts.characters += not is_space

    def _forget(self, size: int) -> None:
        if len(self._common) > size:
            self._common = Counter(dict(self._ordered()[:size]))
            self.is_rounded = True

    def _ordered(self) -> list[tuple[tuple[str, str], int]]:
        return sorted(self._common.items(), key=lambda item: (-item[1], item[0]))

    # --- results ---

    def common(self, size: int) -> list[tuple[str, str, int]]:
        """Return the lines that went most often: the rule, the line, and how often. Those that went once are left out."""
        return [(rule, line, count) for (rule, line), count in self._ordered()[:size] if count > 1]

    def samples(self, rule: str) -> list[Sample]:
        """Return lines that a rule took, chosen by a checksum."""
        return [sample for _, sample in self._samples[rule].items()] if rule in self._samples else []

    def documents(self) -> list[Sampled]:
        """Return the documents to show, by name."""
        return sorted([shown for _, shown in self._documents.items()], key=lambda shown: _in_order(shown.name))

    # --- joining ---

    def as_dict(self) -> dict[str, Any]:
        """Return what was gathered as it is written to JSON, with fewer lines where nearly all were met once."""
        self._forget(max(1000, self.limits.lines // 50))
        return {
            "counts": vars(self.counts),
            "rules": {rule: vars(own) for rule, own in self.rules.items()},
            "rounded": self.is_rounded,
            "common": [[*line, count] for line, count in self._common.items()],
            "samples": {rule: lowest.items() for rule, lowest in self._samples.items()},
            "documents": self._documents.items(),
        }

    def part(self, size: int) -> Gathering:
        """Return an empty gathering for one worker on a corpus of ``size`` bytes. On a large corpus each keeps less."""
        return Gathering(self.limits if size < _LARGE else Limits(documents=10, samples=3, lines=20_000))

    def join(self, other: Mapping[str, Any]) -> None:
        """Add what was gathered elsewhere, as ``as_dict`` returned it."""
        self.counts.add(other["counts"])
        for rule, own in other["rules"].items():
            known = self.rules.setdefault(rule, RuleCounts())
            for name, count in own.items():
                setattr(known, name, getattr(known, name) + count)
        self.is_rounded |= other["rounded"]
        for rule, line, count in other["common"]:
            self._common[rule, line] += count
        if len(self._common) > 2 * self.limits.lines:
            self._forget(self.limits.lines)
        for rule, samples in other["samples"].items():
            lowest = self._samples.setdefault(rule, Lowest(self.limits.samples))
            for rank, sample in samples:
                if lowest.wants(rank):
                    *about, rows = sample
                    lowest.add(rank, Sample._make([*about, [row_from(row) for row in rows]]))
        for rank, shown in other["documents"]:
            if self._documents.wants(rank):
                *about, rows = shown
                self._documents.add(rank, Sampled._make([*about, [row_from(row) for row in rows]]))


def _rank(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=8).hexdigest()


def _words(text: str) -> int:
    return word_count(" ".join(text.split()))


def _words_gone(finding: Finding) -> int:
    return max(0, _words(finding.text) - _words(finding.replacement))


def _column(gone: int, words: int, is_touched: bool) -> int:
    if not is_touched or not words:
        return 0
    return min(COLUMNS - 1, 1 + int(gone / words * (COLUMNS - 1)))


def _around(rows: list[Row], number: int) -> list[Row]:
    place = next(place for place, row in enumerate(rows) if row.number == number)
    near = rows[max(0, place - _AROUND) : place + _AROUND + 1]
    return [
        row if row.number == number or len(row.text) <= _CLIP else row._replace(text=f"{row.text[:_CLIP]}…")
        for row in near
    ]


def _bounded(rows: list[Row], most: int) -> tuple[list[Row], bool]:
    """Return the first lines of a document, so many that they are not too long together, and whether others are left out."""
    size = 0
    for place, row in enumerate(rows):
        size += len(row.text)
        if size > most:
            return rows[: max(place, 1)], True
    return rows, False


def _in_order(name: str) -> list[tuple[int, str]]:
    """Return a sort key that puts 2 before 10."""
    found: list[tuple[int, str]] = []
    number = ""
    for char in f"{name}\0":
        if char.isdecimal():
            number += char
            continue
        if number:
            found.append((int(number), number) if len(number) < 20 else (0, number))
            number = ""
        found.append((0, char))
    return found
