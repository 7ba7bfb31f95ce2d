"""Which lines are above the first or below the last paragraph of a text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from cleaner.kinds.base import Matcher
from cleaner.model import Hit, Rule
from cleaner.snapshot import Line, Snapshot

# Tells whether a line is one that a rule is about.
Test = Callable[[Line, Rule], bool]


def outside_matcher(above: Test, below: Test | None = None) -> Callable[[Sequence[Rule]], Matcher]:
    """Return the matcher of a kind whose rules hit lines above or below the text; the test below it is by default the same."""

    def make(rules: Sequence[Rule]) -> Matcher:
        def match(snapshot: Snapshot, hits: list[Hit]) -> None:
            for rule in rules:
                places = outside_text(snapshot.lines, _for(above, rule), _for(below or above, rule))
                hits.extend([Hit(place, rule, "") for place in places])

        return match

    return make


def _for(test: Test, rule: Rule) -> Callable[[Line], bool]:
    return lambda line: test(line, rule)


def outside_text(lines: Sequence[Line], above: Callable[[Line], bool], below: Callable[[Line], bool]) -> set[int]:
    """Return the places of lines for which ``above`` is true and above which there is no paragraph, and of lines for which
    ``below`` is true and below which there is none.

    A line for which it is true is no paragraph, however long it is. In a text without a paragraph there are no such places.
    """
    first = _until_text(lines, range(len(lines)), above)
    if first is None:
        return set()
    return first | (_until_text(lines, reversed(range(len(lines))), below) or set())


def _until_text(lines: Sequence[Line], places: Iterable[int], holds: Callable[[Line], bool]) -> set[int] | None:
    """Return the places of such lines before the first paragraph, None if there is none."""
    found = set()
    for place in places:
        if holds(lines[place]):
            found.add(place)
        elif lines[place].is_prose:
            return found
    return None
