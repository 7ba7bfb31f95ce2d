"""Kind ``menu``: a run of short lines, many of which are words of menus; the others between them are entries of it too."""

from __future__ import annotations

from itertools import pairwise

from cleaner.document import Document
from cleaner.kinds.base import REQUIRED, Field, Kind
from cleaner.lines import ends_sentence, word_count
from cleaner.model import Hit, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleaner.kinds.base import Context, Matcher

# An entry of a menu is not longer than this, in code points.
LONGEST_ENTRY = 60


def _runs(document: Document, longest: int) -> Iterator[tuple[int, int]]:
    """Yield the first and the last position of each run of live lines that could be entries of a menu."""
    first = None
    for position, line in enumerate(document.live):
        text = document.lines[line]
        if len(text) <= LONGEST_ENTRY and word_count(text) <= longest and not ends_sentence(text):
            first = position if first is None else first
            continue
        if first is not None:
            yield first, position - 1
        first = None
    if first is not None:
        yield first, len(document.live) - 1


def _menus(known: Sequence[int], rule: Rule) -> Iterator[tuple[int, int]]:
    """Yield the first and the last position of each menu, from the positions of a run where a known word stands."""
    start = 0
    for place, (one, next_one) in enumerate(pairwise([*known, known[-1] + rule.spec["gap"] + 2]), 1):
        if next_one - one - 1 <= rule.spec["gap"]:
            continue
        group = known[start:place]
        if len(group) >= rule.spec["least"] and 100 * len(group) >= rule.spec["share"] * (one - group[0] + 1):
            yield group[0], one
        start = place


def _matcher(rules: Sequence[Rule], context: Context) -> Matcher:
    index = context.phrase_table(rules)

    def match(document: Document, hits: list[Hit]) -> None:
        for rule in rules:
            if len(document.known) < rule.spec["least"]:
                continue
            for first, last in _runs(document, rule.spec["entry_words"]):
                run = range(first, last + 1)
                known = [position for position in run if rule in index.get(document.key(document.live[position]), ())]
                if len(known) >= rule.spec["least"]:
                    for start, end in _menus(known, rule):
                        hits.extend([Hit(line, rule, "") for line in document.live[start : end + 1]])

    return match


KIND = Kind(
    "menu",
    "a run of short lines, many of which are known words of menus: from the first such word to the last",
    {
        "phrases": Field("phrases", REQUIRED, "words of menus, a list for each language"),
        "entry_words": Field("number", 6, "words of an entry, at most"),
        "least": Field("number", 5, "how many lines of the run are known words, at least"),
        "share": Field("number", 40, "how many of a hundred lines are known words, at least"),
        "gap": Field("number", 4, "how many other lines may stand between two known words"),
    },
    _matcher,
)
