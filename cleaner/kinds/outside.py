"""Which lines are above the first or below the last paragraph of a text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from cleaner.snapshot import Line


def outside_text(
    lines: Sequence[Line], above: Callable[[Line], bool], below: Callable[[Line], bool] | None = None
) -> set[int]:
    """Return the places of lines for which ``above`` is true and above which there is no paragraph, and of lines for which
    ``below`` is true, by default the same, and below which there is none.

    A line for which it is true is no paragraph, however long it is. In a text without a paragraph there are no such places.
    """
    first = _until_text(lines, range(len(lines)), above)
    if first is None:
        return set()
    return first | (_until_text(lines, reversed(range(len(lines))), below or above) or set())


def _until_text(lines: Sequence[Line], places: Iterable[int], holds: Callable[[Line], bool]) -> set[int] | None:
    """Return the places of such lines before the first paragraph, None if there is none."""
    found = set()
    for place in places:
        if holds(lines[place]):
            found.add(place)
        elif lines[place].is_prose:
            return found
    return None
