"""Kind ``quotation``: the line that says who wrote a message, and the quoted lines below it."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.kinds.base import REQUIRED, Field, Kind, Matcher
from cleaner.kinds.headings import LONGEST_HEADING, Headings
from cleaner.matching.patterns import UNBOUNDED
from cleaner.model import Hit, Rule
from cleaner.snapshot import Snapshot

_MARK = ">"


def _matcher(rules: Sequence[Rule]) -> Matcher:
    headings = Headings(rules)

    def match(snapshot: Snapshot, hits: list[Hit]) -> None:
        lines = snapshot.lines
        for heading, rule in headings.found(snapshot):
            end = heading + 1
            while end < len(lines) and lines[end].text.startswith(_MARK):
                end += 1
            if end > heading + 1:
                hits.extend([Hit(place, rule, "") for place in range(heading, end)])

    return match


KIND = Kind(
    "quotation",
    "a line that says who wrote what follows, and the lines below it that are marked with `>`",
    {"patterns": Field("patterns", REQUIRED, "the line above the quotation, a list for each language")},
    _matcher,
    sought=("patterns",),
    bounds=lambda _: (LONGEST_HEADING, UNBOUNDED),
)
