"""Lists of a site: a line of its pages' frame, and below it entries that change from page to page."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import compress

from cleaner.kinds.site import LEAST_ENTRIES, RESERVED
from cleaner.learning.pages import Page
from cleaner.learning.support import ALONE, IN_COMPANY, Line, needed_pages
from cleaner.text.lines import word_count

# Lines are the entries of a list if at least this share of them is on other pages, too.
_RECURRENT = 0.3
# Fewer pages than this repeat fewer entries, so the share that is asked for falls with the square root of their number.
_ENOUGH_PAGES = 36
# The least mean number of words of an entry: ingredients and the cells of tables have fewer.
_HEADLINE = 4
_LONGEST_BOX = 10

# A line above a list, or above a box, with the entries of each page.
FoundList = tuple[Line, list[list[str]]]


def lists_below(pages: Sequence[Page], frame: Collection[str], seen: Mapping[str, Line], least: int) -> list[FoundList]:
    """Return the lines of the frame below which most pages have a list, which ends at prose or at another line of the site.

    The entries of such a list recur in it on other pages, and they are headlines. Neither holds for the lists of an article,
    such as the lines of a song or the ingredients of a dish.
    """
    lists: dict[str, list[list[str]]] = defaultdict(list)
    for page in pages:
        for above, entries in _runs(page, frame):
            lists[above].append(entries)
    found = []
    for above, runs in lists.items():
        long = [entries for entries in runs if len(entries) >= LEAST_ENTRIES]
        size = sum(map(len, long))
        if (
            len(long) >= max(needed_pages(seen[above].text, len(pages), least), ALONE * len(runs))
            and sum(word_count(entry) for entries in long for entry in entries) >= _HEADLINE * size
            and _recurrent(long) >= _of_few(_RECURRENT, len(pages))
        ):
            found.append((seen[above]._replace(pages=len(long), entries=max(map(len, long))), long))
    return found


def _of_few(share: float, pages: int) -> float:
    """Return a share that is asked for, lowered if there are few pages."""
    return share * min(1.0, math.sqrt(pages / _ENOUGH_PAGES))


def _recurrent(runs: Sequence[Sequence[str]]) -> float:
    """Return the share of entries that are also in the same list of another page."""
    counts = Counter(entry for entries in runs for entry in set(entries))
    size = sum(map(len, runs))
    return sum(counts[entry] > 1 for entries in runs for entry in entries) / size if size else 0.0


def boxes_between(
    pages: Sequence[Page], frame: Collection[str], seen: Mapping[str, Line], least: int
) -> list[FoundList]:
    """Return pairs of lines of the frame around something that changes and comes again: a headline of the day, a poll.

    An article does not come again, whatever it shares with others; so a box never has running text of its own on any page.
    """
    gaps: dict[tuple[str, str], list[list[str]]] = defaultdict(list)
    prose: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for page in pages:
        above = ""
        start = 0
        for place, line in enumerate(page.keys):
            if line in frame:
                if above and place > start:
                    gaps[above, line].append(list(page.keys[start:place]))
                    prose[above, line].update({*compress(page.keys[start:place], page.prose[start:place])})
                above, start = line, place + 1
    found = []
    for (above, below), runs in gaps.items():
        again = Counter(entry for entries in runs for entry in set(entries))
        mostly = [run for run in runs if sum(again[entry] > 1 for entry in run) >= ALONE * len(run)]
        if (
            len(runs) >= needed_pages(seen[above].text, len(pages), least)
            and max(map(len, runs)) <= _LONGEST_BOX
            and not any(again[line] == 1 for line in prose[above, below])
            and len(mostly) >= _of_few(IN_COMPANY, len(pages)) * len(runs)
            and mostly
        ):
            heading = seen[above]._replace(pages=len(runs), entries=max(map(len, mostly)), until=seen[below].text)
            found.append((heading, runs))
    return found


def _runs(page: Page, frame: Collection[str]) -> list[tuple[str, list[str]]]:
    """Return for each line of the frame the lines below it, until prose or the next line that ends a list."""
    found: list[tuple[str, list[str]]] = []
    above = ""
    entries: list[str] = []
    for line, is_text in zip((*page.keys, None), (*page.prose, False), strict=True):
        if line is None or is_text or line in frame:
            if above:
                found.append((above, entries[:-RESERVED] if is_text and line not in frame else entries))
            above, entries = (line if line is not None and line in frame else ""), []
        else:
            entries.append(line)
    return found
