"""The report as a page."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from cleaner.reporting.drawing import STAYS, Stretch, stretches
from cleaner.reporting.gathering import Counts, Gathering, RuleCounts, Sample, Sampled
from cleaner.reporting.hues import hues
from cleaner.reporting.reasons import reasons
from cleaner.rules.loading import identity
from cleaner.templates.rendering import render

_COMMON = 40
# Code points of all documents on a page; a browser is quick with so many.
_CHARACTERS = 4_000_000
# Samples of a rule that say the same.
_ALIKE = 2
_LISTS = ("select", "ignore", "languages", "rules", "keep", "drop")


class Family(NamedTuple):
    """What the rules of one family took, those that took most first."""

    name: str
    rules: Mapping[str, RuleCounts]

    @property
    def lines(self) -> int:
        """How many lines they took."""
        return sum([own.lines for own in self.rules.values()])

    @property
    def words(self) -> int:
        """How many words they took."""
        return sum([own.words for own in self.rules.values()])


class Shown(NamedTuple):
    """A document on the page: its place, by which links name it, the rules that met it, and where in it lines went."""

    place: int
    sampled: Sampled
    rules: Mapping[str, int]
    stripes: Sequence[tuple[str, float, float]]

    @property
    def share(self) -> float:
        """The share of its words that went, or would have gone."""
        return self.sampled.gone / self.sampled.words if self.sampled.words else 0.0

    @property
    def stretches(self) -> list[Stretch]:
        """Its lines; long stretches of those that stay are folded."""
        return list(stretches(self.sampled.rows))


class Column(NamedTuple):
    """A column of the histogram: what it stands for, its documents, and those that were kept whole; heights from 0 to 1."""

    name: str
    documents: int
    spared: int
    height: float
    spared_height: float


def page(gathered: Gathering, title: str, options: Mapping[str, Any]) -> str:
    """Return the report; ``options`` are those of the Cleaner."""
    families = _families(gathered.rules)
    documents = list(_shown(gathered.documents()))
    # What nothing but documents that were kept whole would have lost has a colour, too.
    named = [*[family.name for family in families], *[row.family for each in documents for row in each.sampled.rows]]
    rules = [rule for family in families for rule in family.rules]
    return render(
        "report.html.j2",
        title=title,
        version=identity(_listed(options.get("rules"))),
        counts=gathered.counts,
        families=families,
        rules=gathered.rules,
        hues=hues([name for name in named if name]),
        columns=_columns(gathered.counts),
        common=gathered.common(_COMMON),
        is_rounded=gathered.is_rounded,
        reasons=reasons(rules, _listed(options.get("rules"))),
        samples={rule: _different(gathered.samples(rule)) for rule in rules},
        documents=documents,
        places={each.sampled.rank: each.place for each in documents},
        is_sampled=len(documents) < gathered.counts.documents,
        settings=_said(options),
        known=json.dumps({name: _listed(options.get(name)) for name in ("keep", "ignore")}, ensure_ascii=False),
    )


def _families(rules: Mapping[str, RuleCounts]) -> list[Family]:
    found: dict[str, dict[str, RuleCounts]] = {}
    for rule, own in sorted(rules.items(), key=lambda item: (-item[1].lines, item[0])):
        found.setdefault(rule.split("/", 1)[0], {})[rule] = own
    return sorted([Family(*item) for item in found.items()], key=lambda family: (-family.lines, family.name))


def _shown(documents: Iterable[Sampled]) -> Iterable[Shown]:
    left = _CHARACTERS
    for place, sampled in enumerate(documents, 1):
        left -= sum([len(row.text) for row in sampled.rows])
        if left < 0 and place > 1:
            return
        rules: dict[str, int] = {}
        for row in sampled.rows:
            if row.is_taken:
                rules[row.rule] = rules.get(row.rule, 0) + 1
        yield Shown(place, sampled, rules, _stripes(sampled))


def _stripes(sampled: Sampled) -> list[tuple[str, float, float]]:
    """Return where in a document lines went: their family, and the stretch as shares of its lines."""
    size = len(sampled.rows) or 1
    found: list[tuple[str, float, float]] = []
    for place, row in enumerate(sampled.rows):
        if row.state == STAYS or not row.is_taken:
            continue
        start, end = place / size, (place + 1) / size
        if found and found[-1][0] == row.family and abs(found[-1][2] - start) < 1e-9:
            found[-1] = row.family, found[-1][1], end
        else:
            found.append((row.family, start, end))
    return found


def _columns(counts: Counts) -> list[Column]:
    step = 100 // (len(counts.histogram) - 1)
    both = list(zip(counts.histogram, counts.spared, strict=True))
    # Most documents lose nothing, and would make all other columns flat; they are told in words.
    highest = max([sum(pair) for pair in both[1:]]) or 1
    return [
        Column(f"{(place - 1) * step} to {place * step} %", own, spared, own / highest, spared / highest)
        for place, (own, spared) in enumerate(both)
        if place
    ]


def _different(samples: Sequence[Sample]) -> list[Sample]:
    """Return samples without those that say what two others have said."""
    met: dict[str, int] = {}
    found = []
    for sample in samples:
        text = next(row.text for row in sample.rows if row.number == sample.number)
        met[text] = met.get(text, 0) + 1
        if met[text] <= _ALIKE:
            found.append(sample)
    return found


def _listed(value: Any) -> list[str]:
    if not value:
        return []
    return [os.fspath(each) for each in ([value] if isinstance(value, (str, os.PathLike)) else value)]


def _said(options: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the settings in words, those that are not as usual."""
    said = [("preset", str(options.get("preset") or "default"))]
    said += [(name, ", ".join(_listed(options.get(name)))) for name in _LISTS if options.get(name)]
    said += [(name, str(options[name])) for name in ("max_drop", "whitespace") if options.get(name) is not None]
    return said
