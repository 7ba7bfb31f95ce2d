"""Which lines are above the first or below the last paragraph of a text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from cleaner.snapshot import Line


def outside_text(lines: Sequence[Line], holds: Callable[[Line], bool]) -> set[int]:
    """Return the places of lines for which ``holds`` is true and that no paragraph lies above, or none below.

    A line for which it is true is no paragraph, however long it is. In a text without a paragraph there are no such places.
    """
    above = _until_text(lines, range(len(lines)), holds)
    if above is None:
        return set()
    return above | (_until_text(lines, reversed(range(len(lines))), holds) or set())


def _until_text(lines: Sequence[Line], places: Iterable[int], holds: Callable[[Line], bool]) -> set[int] | None:
    """Return the places of such lines before the first paragraph, None if there is none."""
    found = set()
    for place in places:
        if holds(lines[place]):
            found.add(place)
        elif lines[place].is_prose:
            return found
    return None
