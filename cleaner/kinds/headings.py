"""Finds headings, recognized word for word or by their form."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.kinds.base import rules_by_phrase
from cleaner.model import Rule
from cleaner.snapshot import Snapshot

# A heading is not longer than this, in code points.
LONGEST_HEADING = 250


class Headings:
    """The headings of some rules: their phrases in one table, and their patterns."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self._by_phrase = rules_by_phrase(rules)

    def found(self, snapshot: Snapshot) -> list[tuple[int, Rule]]:
        """Return the places of headings, in order, each with its rule."""
        by_place: dict[int, list[Rule]] = {}
        for place in snapshot.known:
            if rules := self._by_phrase.get(snapshot.lines[place].key):
                by_place[place] = list(rules)
        for rule in self._rules:
            for place, pattern in snapshot.candidates.get((rule.id, "patterns"), ()):
                line = snapshot.lines[place]
                if (
                    len(line.text) <= LONGEST_HEADING
                    and rule not in by_place.get(place, ())
                    and pattern.fullmatch(line.plain)
                ):
                    by_place.setdefault(place, []).append(rule)
        return [(place, rule) for place in sorted(by_place) for rule in by_place[place]]
