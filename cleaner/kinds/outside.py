"""Which lines are above the first or below the last paragraph of a text."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.snapshot import Line


def outside_text(lines: Sequence[Line], places: Sequence[int]) -> list[int]:
    """Return those of some places that no paragraph lies above, or none below; none of them if there is no paragraph at all.

    The lines at these places are no paragraphs, however long they are.
    """
    if not places:
        return []
    among = set(places)
    prose = [place for place, line in enumerate(lines) if place not in among and line.is_prose]
    return [place for place in places if prose and not prose[0] < place < prose[-1]]
