"""Kind ``short``: any line of few words, for rules that need the company of other lines."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.kinds.base import Field, Kind, Matcher
from cleaner.model import Hit, Rule
from cleaner.snapshot import Line, Snapshot
from cleaner.text.lines import ends_sentence


def _is_short(line: Line, rule: Rule) -> bool:
    return line.words <= rule.spec["max_words"] and not (rule.spec["fragment"] and ends_sentence(line.text))


def _matcher(rules: Sequence[Rule]) -> Matcher:
    def match(snapshot: Snapshot, hits: list[Hit]) -> None:
        for place, line in enumerate(snapshot.lines):
            hits.extend([Hit(place, rule, "") for rule in rules if _is_short(line, rule)])

    return match


KIND = Kind(
    "short",
    "any line of few words below the text, if the furniture of a page goes there",
    {
        "max_words": Field("number", 25, "words of the line, at most"),
        "fragment": Field("flag", False, "only lines that do not end like a sentence"),
        "furniture": Field("number", 2, "how many lines of furniture go below the text, at least"),
        "remainder": Field("flag", False, "only lines below a list of other articles with which the text ends"),
    },
    _matcher,
    evidence="attached",
)
