"""Kind ``short``: any line of few words, for rules that need the company of other lines."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.kinds.base import Field, Kind, Matcher
from cleaner.model import Hit, Rule
from cleaner.snapshot import Snapshot


def _matcher(rules: Sequence[Rule]) -> Matcher:
    def match(snapshot: Snapshot, hits: list[Hit]) -> None:
        for place, line in enumerate(snapshot.lines):
            hits.extend([Hit(place, rule, "") for rule in rules if line.words <= rule.spec["max_words"]])

    return match


KIND = Kind(
    "short",
    "any line of few words below the text, if the furniture of a page goes there",
    {"max_words": Field("number", 25, "words of the line, at most")},
    _matcher,
    evidence="attached",
)
