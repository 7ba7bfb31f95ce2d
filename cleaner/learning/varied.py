"""Lines of a site that recur except for a part of them: numbers, dates, names."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from typing import NamedTuple

from cleaner.kinds.frames import LONGEST_LIST, WORDS, Frame, is_set_apart, longest_slot
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
from cleaner.text.lines import UNSPACED, is_prose, word_count

# A label with a name or a list in it has at most this many words.
_LONGEST_NAMED = LONGEST_LIST + 4
# A word; where no spaces are written, a character.
_PIECE = re.compile(rf"{UNSPACED.pattern.removesuffix('+')}|(?:(?!{UNSPACED.pattern})\S)+")
# At most this often on a page, on average.
_ONCE = 1.25


class _Form:
    """Where a line that varies is on the pages, with which variants, and how often in company."""

    def __init__(self) -> None:
        self._sighting = Sighting()
        self.variants: set[str] = set()
        self._on_pages: set[tuple[str, str]] = set()
        self.seen = self._met = 0

    def add(self, page: Page, place: int, variant: str, beside: bool) -> None:
        self._sighting.add(page, place)
        self.variants.add(variant)
        self._on_pages.add((page.digest, variant))
        self.seen += 1
        self._met += beside

    @property
    def company(self) -> float:
        """The share of places in company; 0 unless that is nearly all, because a line without company needs more pages."""
        share = self._met / self.seen
        return share if share >= ALWAYS else 0.0

    @property
    def is_single(self) -> bool:
        """Whether a page has it once, or the same one several times."""
        return len(self._on_pages) <= _ONCE * self.line.pages

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
            if not line_key:
                continue
            if calendar().with_slots(page.lines[place]) is not None:
                forms[calendar().masked(line_key)].add(page, place, line_key, beside)
            # A line with a name that many articles have is known by itself, and still counts for its frame.
            if line_key not in frame and not page.prose[place]:
                others.append((page, place, beside))
    found: dict[str, Line] = {}
    for form, seen in forms.items():
        line = seen.line
        text = calendar().with_slots(line.text)
        # Reports of one kind, such as of a market, have sentences that are alike but for their numbers.
        if is_prose(line.text) and (not seen.company or line.pages < ALONE * len(pages)):
            continue
        if (
            text
            and len(seen.variants) > 1
            and line.pages >= needed_pages(line.text, len(pages), least, Company(seen.company))
        ):
            # A bare time or date may be in any text, and goes in company only.
            is_bare = not any(map(str.isalpha, form))
            found[form] = line._replace(text=text, place="beside" if is_bare else how_it_goes(text, seen.company, True))
    return [*found.values(), *_named(others, len(pages), least, found)]


def _named(
    sightings: Sequence[tuple[Page, int, bool]], pages: int, least: int, found_forms: Collection[str]
) -> list[Line]:
    """Return frames of lines whose first and last words recur, with a name or other words between them.

    Headlines and entries of lists have words in common, too, so as many pages are needed as for prose. Longer frames come first,
    so that a frame is as narrow as its lines allow.
    """
    needed = max(least, math.ceil(min(NOTICE * pages, PROSE * math.sqrt(pages))))
    worded = [
        _Worded(*sighting, masked, _pieces(masked))
        for sighting in sightings
        if word_count(masked := calendar().masked(sighting[0].keys[sighting[1]])) <= _LONGEST_NAMED
    ]
    longest_before = _frequent([each.befores() for each in worded], needed)
    longest_after = _frequent([each.afters() for each in worded], needed)
    forms: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, each in enumerate(worded):
        count = len(each.pieces)
        for before in range(min(longest_before[number], count - 1) + 1):
            for after in range(min(longest_after[number], count - 1 - before) + 1):
                start, slot, stop = each.parts(before, after)
                if word_count(slot.strip()) <= longest_slot(start, slot) and _says(start, slot, stop):
                    forms[start, stop].append(number)
    found: list[Line] = []
    taken: set[int] = set()
    for start, stop in sorted(forms, key=lambda form: (-len("".join(form)), form)):
        own = [number for number in forms[start, stop] if number not in taken]
        if len(own) < needed:
            continue
        seen = _Form()
        for each in map(worded.__getitem__, own):
            seen.add(each.page, each.place, each.line[len(start) :].removesuffix(stop), each.beside)
        line = seen.line
        text = _with_words(line.text, start, stop)
        enough = needed if seen.company else max(needed, math.ceil(ALONE * pages))
        # A page has one author and one place for comments; lines that come several times on it are headlines of one sort.
        # Of lines that are frames already, but for few, there is nothing more to say.
        others = sum(worded[number].line not in found_forms for number in own)
        if text and others >= least and seen.is_single and len(seen.variants) >= least and line.pages >= enough:
            taken.update(own)
            found.append(line._replace(text=text, place=how_it_goes(text, seen.company, True)))
    return found


class _Worded(NamedTuple):
    """A line that may have a name in it: where it was seen, its masked key, and the spans of its words there."""

    page: Page
    place: int
    beside: bool
    line: str
    pieces: Sequence[tuple[int, int]]

    def befores(self) -> list[str]:
        return [self.line[:end] for _, end in self.pieces]

    def afters(self) -> list[str]:
        return [self.line[start:] for start, _ in reversed(self.pieces)]

    def parts(self, before: int, after: int) -> tuple[str, str, str]:
        """Return the first words, so many, those that vary, and the last ones."""
        first = self.pieces[before - 1][1] if before else 0
        last = self.pieces[-after][0] if after else len(self.line)
        return self.line[:first], self.line[first:last], self.line[last:]


def _pieces(line: str) -> list[tuple[int, int]]:
    """Return the spans of a line's words; where no spaces are written, each character is one."""
    return [match.span() for match in _PIECE.finditer(line)]


def _frequent(ends: Sequence[Sequence[str]], needed: int) -> list[int]:
    """Return for each line how many of its beginnings, or endings, as they grow, stand in so many lines."""
    longest = [0] * len(ends)
    growing = list(range(len(ends)))
    while growing:
        at = [number for number in growing if longest[number] < len(ends[number])]
        counts = Counter(ends[number][longest[number]] for number in at)
        growing = [number for number in at if counts[ends[number][longest[number]]] >= needed]
        for number in growing:
            longest[number] += 1
    return longest


def _says(before: str, slot: str, after: str) -> bool:
    """Tell whether fixed words are enough to know a line by: two of them, or one and then a colon or bar.

    A line that begins with the varying part is a headline unless a bar, dash or comma follows that part.
    """
    fixed = sum(
        0.5 if UNSPACED.match(part := line[start:end]) else any(map(str.isalpha, part))
        for line in (before, after)
        for start, end in _pieces(line)
    )
    if not before:
        return fixed > 1 and not after[:1].isalnum()
    return fixed > 1 or (fixed > 0 and is_set_apart(before, slot))


def _with_words(line: str, start: str, stop: str) -> str | None:
    """Return a line as a frame that begins and ends with these words, None where it cannot be written so."""
    pieces = _pieces(line)
    for before in range(len(pieces)):
        for after in range(len(pieces) - before):
            first = pieces[before - 1][1] if before else 0
            last = pieces[-after][0] if after else len(line)
            fixed = [line[:first], line[last:]]
            spaces = [
                " " * (bool(part) and side.isspace())
                for part, side in zip(fixed, (line[first], line[last - 1]), strict=True)
            ]
            try:
                before_slot, after_slot = (calendar().with_slots(part) or part for part in fixed)
                frame = Frame(f"{before_slot}{spaces[0]}{WORDS}{spaces[1]}{after_slot}", calendar())
            except ValueError:
                continue
            if (frame.start, frame.stop) == (start, stop):
                return frame.text
    return None
