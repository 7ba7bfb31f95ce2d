"""Lines of a site that recur except for a part of them: numbers, dates, names."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence

from cleaner.kinds.frames import LONGEST_SLOT, WORDS, Frame
from cleaner.learning.dates import calendar
from cleaner.learning.pages import Page
from cleaner.learning.support import (
    ALONE,
    ALWAYS,
    NOTICE,
    PROSE,
    Company,
    Line,
    Sighting,
    how_it_goes,
    in_company,
    needed_pages,
)

# A label with a name in it has at most this many words.
_LONGEST_NAMED = 12
# At most this often on a page, on average.
_ONCE = 1.25


class _Form:
    """Where a line that varies is on the pages, with which variants, and how often in company."""

    def __init__(self) -> None:
        self._sighting = Sighting()
        self.variants: set[str] = set()
        self.seen = self._met = 0

    def add(self, page: Page, place: int, variant: str, beside: bool) -> None:
        self._sighting.add(page, place)
        self.variants.add(variant)
        self.seen += 1
        self._met += beside

    @property
    def company(self) -> float:
        """The share of places in company; 0 unless that is nearly all, because a line without company needs more pages."""
        share = self._met / self.seen
        return share if share >= ALWAYS else 0.0

    @property
    def line(self) -> Line:
        return self._sighting.line()


def varied_lines(pages: Sequence[Page], frame: Collection[str], least: int) -> list[Line]:
    """Return the lines that recur except for a part of them: numbers and dates, or some words, such as a name."""
    forms: dict[str, _Form] = defaultdict(_Form)
    others: list[tuple[Page, int, bool]] = []
    for page in pages:
        for place, beside in enumerate(in_company(page, frame)):
            line_key = page.keys[place]
            if page.prose[place] or not line_key:
                continue
            if calendar().with_slots(page.lines[place]) is not None:
                forms[calendar().masked(line_key)].add(page, place, line_key, beside)
            # A line with a name that many articles have is known by itself, and still counts for its frame.
            if line_key not in frame:
                others.append((page, place, beside))
    found: dict[str, Line] = {}
    for form, seen in forms.items():
        line = seen.line
        text = calendar().with_slots(line.text)
        if (
            text
            and len(seen.variants) > 1
            and line.pages >= needed_pages(line.text, len(pages), least, Company(seen.company))
        ):
            # A bare time or date may be in any text, and goes in company only.
            is_bare = not any(map(str.isalpha, form))
            found[form] = line._replace(text=text, place="beside" if is_bare else how_it_goes(text, seen.company, True))
    left = [sighting for sighting in others if calendar().masked(sighting[0].keys[sighting[1]]) not in found]
    return [*found.values(), *_named(left, len(pages), least)]


def _named(sightings: Sequence[tuple[Page, int, bool]], pages: int, least: int) -> list[Line]:
    """Return frames of lines whose first and last words recur, with a name or other words between them.

    Headlines and entries of lists have words in common, too, so as many pages are needed as for prose. Longer frames come first,
    so that a frame is as narrow as its lines allow.
    """
    needed = max(least, math.ceil(min(NOTICE * pages, PROSE * math.sqrt(pages))))
    worded = [(*sighting, calendar().masked(sighting[0].keys[sighting[1]]).split()) for sighting in sightings]
    worded = [each for each in worded if len(each[3]) <= _LONGEST_NAMED]
    ends = Counter(end for *_, words in worded for end in {(0, words[0]), (1, words[-1])})
    forms: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, (*_, words) in enumerate(worded):
        for before in range(len(words)):
            if before and ends[0, words[0]] < needed:
                break
            for after in range(len(words) - before):
                if after and ends[1, words[-1]] < needed:
                    break
                if len(words) - before - after <= LONGEST_SLOT and _says(words[:before], words[len(words) - after :]):
                    forms[" ".join(words[:before]), " ".join(words[len(words) - after :])].append(number)
    found: list[Line] = []
    taken: set[int] = set()
    for start, stop in sorted(forms, key=lambda form: (-len("".join(form)), form)):
        own = [number for number in forms[start, stop] if number not in taken]
        if len(own) < needed:
            continue
        seen = _Form()
        for page, place, beside, words in map(worded.__getitem__, own):
            seen.add(page, place, " ".join(words)[len(start) :].removesuffix(stop), beside)
        line = seen.line
        text = _with_words(line.text, start, stop)
        enough = needed if seen.company else max(needed, math.ceil(ALONE * pages))
        # A page has one author and one place for comments; lines that come several times on it are headlines of one sort.
        is_single = seen.seen <= _ONCE * line.pages
        if text and is_single and len(seen.variants) >= least and line.pages >= enough:
            taken.update(own)
            found.append(line._replace(text=text, place=how_it_goes(text, seen.company, True)))
    return found


def _says(before: Sequence[str], after: Sequence[str]) -> bool:
    """Tell whether fixed words are enough to recognize a line: two of them, or one and then a colon or bar.

    A line that begins with the varying part is a headline unless a bar, dash or comma follows that part.
    """
    fixed = sum(any(map(str.isalpha, word)) for word in (*before, *after))
    if not before:
        return fixed > 1 and not after[0][0].isalnum()
    return fixed > 1 or (fixed == 1 and before[-1][-1] in ":|")


def _with_words(line: str, start: str, stop: str) -> str | None:
    """Return a line as a frame that begins and ends with these words, None if that is impossible."""
    words = line.split()
    for before in range(len(words)):
        for after in range(len(words) - before):
            fixed = [" ".join(part) for part in (words[:before], words[len(words) - after :])]
            try:
                before_slot, after_slot = (calendar().with_slots(part) or part for part in fixed)
                frame = Frame(" ".join(filter(None, [before_slot, WORDS, after_slot])), calendar())
            except ValueError:
                continue
            if (frame.start, frame.stop) == (start, stop):
                return frame.text
    return None
