"""Kind ``menu``: a run of short lines, many of them words of menus; the lines between these are entries of the menu, too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from cleaner.kinds.base import REQUIRED, Field, Kind, Matcher, rules_by_phrase
from cleaner.model import Hit, Rule
from cleaner.snapshot import Line, Snapshot
from cleaner.text.lines import ends_sentence

# An entry of a menu is not longer than this, in code points.
LONGEST_ENTRY = 60


def _runs(lines: Sequence[Line], longest: int) -> Iterator[tuple[int, int]]:
    """Yield the first and the last place of each run of lines that could be entries of a menu."""
    first = None
    for place, line in enumerate(lines):
        if len(line.text) <= LONGEST_ENTRY and line.words <= longest and not ends_sentence(line.text):
            first = place if first is None else first
            continue
        if first is not None:
            yield first, place - 1
        first = None
    if first is not None:
        yield first, len(lines) - 1


def _menus(known: Sequence[int], rule: Rule) -> Iterator[tuple[int, int]]:
    """Yield the first and the last place of each menu, from the places of known words in a run."""
    start = 0
    for place, (one, next_one) in enumerate(pairwise([*known, known[-1] + rule.spec["gap"] + 2]), 1):
        if next_one - one - 1 <= rule.spec["gap"]:
            continue
        group = known[start:place]
        if len(group) >= rule.spec["least"] and 100 * len(group) >= rule.spec["share"] * (one - group[0] + 1):
            yield group[0], one
        start = place


def _matcher(rules: Sequence[Rule]) -> Matcher:
    by_phrase = rules_by_phrase(rules)

    def match(snapshot: Snapshot, hits: list[Hit]) -> None:
        lines = snapshot.lines
        for rule in rules:
            if len(snapshot.known) < rule.spec["least"]:
                continue
            for first, last in _runs(lines, rule.spec["entry_words"]):
                known = [place for place in range(first, last + 1) if rule in by_phrase.get(lines[place].key, ())]
                if len(known) >= rule.spec["least"]:
                    for start, end in _menus(known, rule):
                        hits.extend([Hit(place, rule, "") for place in range(start, end + 1)])

    return match


KIND = Kind(
    "menu",
    "a run of short lines, many of them known words of menus: from the first such word to the last",
    {
        "phrases": Field("phrases", REQUIRED, "words of menus, a list for each language"),
        "entry_words": Field("number", 6, "words of an entry, at most"),
        "least": Field("number", 5, "how many lines of the run are known words, at least"),
        "share": Field("number", 40, "the share of lines that are known words, in percent, at least"),
        "gap": Field("number", 4, "how many other lines may be between two known words"),
    },
    _matcher,
    sought=("phrases",),
)
