"""The judgement which lines of a site's pages are the site's own, made on its different pages.

A bare count would take recurring headings and stock phrases along with the menu. So a line needs more pages the more it looks
like prose, and its place counts: the site's lines keep each other company, or are at an end of the page.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from cleaner.kinds.frames import Frames
from cleaner.learning.dates import calendar
from cleaner.learning.endings import endings
from cleaner.learning.lists import boxes_between, lists_below
from cleaner.learning.pages import Page
from cleaner.learning.runs import runs_in_lines
from cleaner.learning.support import IN_COMPANY, LABEL, LEAST, Company, Line, Sighting, how_it_goes, needed_pages
from cleaner.learning.varied import varied_lines
from cleaner.text.folding import key

# Lines on this share of the pages are the page's frame, by which lists and the lines of few pages are recognized.
_FRAME = 0.3
# A line in a run needs this times the square root of the number of pages.
_RARE = 0.1
# Nobody reads more doubtful lines than this; those on most pages are reported.
_DOUBTFUL = 100


class Judgement(NamedTuple):
    """The site's own lines, as found on its different pages; ``doubtful`` are lines that recur and stay."""

    lines: tuple[Line, ...] = ()
    frames: tuple[Line, ...] = ()
    lists: tuple[Line, ...] = ()
    ends: tuple[Line, ...] = ()
    runs: tuple[Line, ...] = ()
    doubtful: tuple[Line, ...] = ()


def judge(pages: Sequence[Page], decided: Collection[str] = frozenset(), least: int = LEAST) -> Judgement:
    """Return the lines on at least ``least`` of some different pages that are the site's own, except the keys in ``decided``."""
    if len(pages) < least:
        return Judgement()
    counts = Counter(line for page in pages for line in {*page.keys} - {""})
    recurring = {line for line, count in counts.items() if count > 1 and line not in decided}
    seen = _look(pages, recurring)
    known = {line for line in recurring if counts[line] >= least}
    while True:
        company = _company(pages, known)
        fewer = {
            line for line in known if counts[line] >= needed_pages(seen[line].text, len(pages), least, company[line])
        }
        if fewer == known:
            break
        known = fewer
    frame = {line for line in known if counts[line] >= _FRAME * len(pages)}
    rare = _rare(pages, known, {line for line in recurring if counts[line] >= _RARE * math.sqrt(len(pages))}, counts)
    # Only a line on as many pages as one without company needs goes anywhere, however rarely the others lack company.
    alone = {
        line
        for line in known
        if counts[line] >= needed_pages(seen[line].text, len(pages), least, company[line]._replace(beside=0.0))
    }
    found = [
        seen[line]._replace(
            place=how_it_goes(seen[line].text, company[line].beside if line in alone else 1.0, line in frame)
        )
        for line in known
    ]
    found += [seen[line]._replace(place=how_it_goes(seen[line].text, 1.0, False)) for line in rare]
    frames = varied_lines(pages, frame, least)
    varied = Frames((line.text for line in frames), calendar())
    # A line that goes in lists only would stay at the place where its frame goes.
    found = [line for line in found if line.place != "within" or varied.find(key(line.text)) is None]
    lists = [*lists_below(pages, frame, seen, least), *boxes_between(pages, frame, seen, least)]
    by_frame = {line.text: line for line in frames}

    def known_as(line_key: str) -> str | None:
        """Return how a line of the site is called in ``called``."""
        if line_key in known or line_key in rare:
            return line_key
        found_frame = varied.find(line_key)
        return None if found_frame is None else found_frame.text

    called = {**seen, **by_frame}
    ended = endings(pages, called, known_as, counts, max(least, math.ceil(_FRAME * len(pages))))
    below = (ended.below & recurring) - known - rare
    found += [seen[line]._replace(place=how_it_goes(seen[line].text, 1.0, False)) for line in below]
    rare |= below
    # Lines that go with a frame or in a list are not in doubt.
    entries = {entry for _, runs in lists for entries in runs for entry in entries} | {
        key(line.text) for line in ended.lines
    }
    doubtful = _ordered(
        seen[line] for line in recurring - known - rare - entries if counts[line] >= least and varied.find(line) is None
    )
    runs = tuple(runs_in_lines(pages, recurring, least))
    return Judgement(
        _ordered(found),
        _ordered(frames),
        _ordered(line for line, _ in lists),
        _ordered(ended.lines),
        runs,
        doubtful[:_DOUBTFUL],
    )


def _ordered(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(sorted(lines, key=lambda line: (-line.pages, line.text, line.until)))


def _look(pages: Sequence[Page], wanted: Collection[str]) -> dict[str, Line]:
    sightings: dict[str, Sighting] = defaultdict(Sighting)
    for page in pages:
        for place, line in enumerate(page.keys):
            if line in wanted:
                sightings[line].add(page, place)
    return {line: sighting.line() for line, sighting in sightings.items()}


def _company(pages: Sequence[Page], known: Collection[str]) -> dict[str, Company]:
    """Return the company that each known line keeps; the page's beginning and end count as known neighbours."""
    seen: Counter[str] = Counter()
    one: Counter[str] = Counter()
    both: Counter[str] = Counter()
    prose: Counter[str] = Counter()
    for page in pages:
        ours = [True, *(line in known for line in page.keys), True]
        text = [False, *page.prose, False]
        places = [place for place in range(len(page.keys)) if ours[place + 1]]
        seen.update({page.keys[place] for place in places})
        one.update({page.keys[place] for place in places if ours[place] or ours[place + 2]})
        both.update({page.keys[place] for place in places if ours[place] and ours[place + 2]})
        prose.update({page.keys[place] for place in places if text[place] or text[place + 2]})
    return {line: Company(one[line] / all, both[line] / all, prose[line] / all) for line, all in seen.items()}


def _rare(
    pages: Sequence[Page], known: Collection[str], candidates: Collection[str], counts: Mapping[str, int]
) -> set[str]:
    """Return lines of few pages that are in one run with known ones, such as the changing entries of a list."""
    prose = {line for page in pages for line, is_text in zip(page.keys, page.prose, strict=True) if is_text}
    left = {
        line
        for line in set(candidates) - set(known)
        if line not in prose or counts[line] >= 2 * LABEL * math.sqrt(len(pages))
    }
    grown = set(known)
    while True:
        seen: Counter[str] = Counter()
        met: Counter[str] = Counter()
        for page in pages:
            ours = [True, *(line in grown for line in page.keys), True]
            for place, line in enumerate(page.keys):
                if line in left:
                    seen[line] += 1
                    above, below = ours[place], ours[place + 2]
                    met[line] += (above and below) if line in prose else (above or below)
        new = {line for line in left if met[line] >= IN_COMPANY * seen[line]}
        if not new:
            return grown - set(known)
        grown |= new
        left -= new
