"""Lines of a site at which its articles end: whatever stands below them, teasers and lists that change, is none of it."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from cleaner.kinds.below import Below, is_text
from cleaner.learning.pages import Page
from cleaner.learning.support import ALONE, Line

# Of the pages that have the line, the share on which the article ends there.
_ALWAYS = 0.9
# So often on a page at most, in the mean: what stands above and below the text as well says little.
_ONCE = 1.25
# Of the numbers of other lines that were seen below a line, the one that is usual at most.
_USUAL = 0.9


class Endings(NamedTuple):
    """The lines at which articles end; and the keys of those below them that recur, on other pages below such lines only."""

    lines: tuple[Line, ...]
    below: frozenset[str]


def endings(
    pages: Sequence[Page],
    seen: Mapping[str, Line],
    known: Callable[[str], str | None],
    counts: Mapping[str, int],
    least: int,
) -> Endings:
    """Return where the articles of pages end.

    ``known`` returns the name in ``seen`` of a line of the site, by its key; None for all others. ``counts`` are the pages of each key.
    A line that half of the pages have, such as the heading of a list, needs not to be known.
    """
    places: dict[str, list[tuple[int, int, bool]]] = defaultdict(list)
    met: Counter[str] = Counter()
    read: list[Below] = []
    for number, page in enumerate(pages):
        names = [known(line) if line else None for line in page.keys]
        ours = [name is not None for name in names]
        below = Below(
            page.lines,
            ours,
            [
                not is_ours and counts.get(line_key, 0) < 2 and is_text(line)
                for line, line_key, is_ours in zip(page.lines, page.keys, ours, strict=True)
            ],
        )
        read.append(below)
        for place, line in enumerate(page.keys):
            if not ours[place] and counts.get(line, 0) >= ALONE * len(pages) and not page.prose[place]:
                names[place] = line
        last = {name: place for place, name in enumerate(names) if name is not None}
        # What a page without a text of its own has says nothing of where a text ends.
        met.update(name for name in names if name is not None and below.has_text)
        for name, place in last.items() if below.has_text else ():
            places[name].append((number, place, below.ends_at(place)))
    sure = {
        name
        for name, found in places.items()
        if len(found) >= least
        and met[name] <= _ONCE * len(found)
        and sum(ends for *_, ends in found) >= _ALWAYS * len(found)
    }
    first: dict[int, tuple[int, str]] = {}
    for name in sure:
        for number, place, ends in places[name]:
            if ends:
                first[number] = min(first.get(number, (place, name)), (place, name))
    chosen = Counter(name for _, name in first.values())
    lines = []
    for name, count in chosen.items():
        if count >= 2:
            others = sorted(read[number].others(place) for number, place, ends in places[name] if ends)
            usual = others[math.ceil(_USUAL * len(others)) - 1]
            lines.append(seen[name]._replace(pages=len(others), entries=usual, place="", until=""))
    return Endings(tuple(lines), _recurring_below(pages, {number: place for number, (place, _) in first.items()}))


def _recurring_below(pages: Sequence[Page], ends: Mapping[int, int]) -> frozenset[str]:
    """Return the lines that recur, and on every page only below the end of its article."""
    below: Counter[str] = Counter()
    above: set[str] = set()
    for number, page in enumerate(pages):
        end = ends.get(number, len(page.keys))
        above.update(page.keys[:end])
        below.update({*page.keys[end + 1 :]})
    return frozenset(line for line, count in below.items() if count > 1 and line and line not in above)
