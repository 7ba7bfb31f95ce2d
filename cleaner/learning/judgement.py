"""Which lines of a site's pages are the site's own: the judgement, on the different pages of one site.

A bare count takes recurring headings and stock phrases with the menu. So a line is asked for more the more it looks like
prose, and where it stands counts: the site's lines keep each other company, or stand at an end of the page.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import compress
from typing import NamedTuple

from cleaner.frames import LONGEST_SLOT, WORDS, Frame, Frames, masked, with_slots
from cleaner.kinds.site import LEAST_ENTRIES, RESERVED
from cleaner.learning.pages import Page
from cleaner.lines import ends_sentence, is_prose, word_count

# Fewer different pages tell nothing: what two have in common may be their subject.
LEAST = 3
# Of the pages that a line stands on, the share on which it keeps company (stands beside another of the site's lines, or
# opens or closes the page). Menus, notices and forms do nearly always; a recurring heading stands between paragraphs.
_IN_COMPANY = 0.8
# A line that always does is taken in company only, so that the same word alone in an article stays.
_ALWAYS = 0.9
# A line that stands alone, as between two paragraphs, is the site's only where most pages have it.
_ALONE = 0.5
# Directly above or below running text it is a heading of the authors ("Ingredients") until nearly all pages have it.
_HEADING = 0.9
# Prose that recurs on so many pages is a notice, whatever it looks like.
_NOTICE = 0.6
# Lines on such a share of the pages are the page's frame, by which lists and the lines of few pages are known.
_FRAME = 0.3
# How the pages that are asked for grow with the square root of all pages: for a label of up to four words, for anything that
# stands between two of the site's lines, and for prose.
_LABEL, _ENCLOSED, _PROSE, _RARE = 0.3, 1.0, 3.0, 0.1
# Three lines are a list where some of them are met on other pages, too.
_RECURRENT = 0.3
# Fewer pages show fewer entries twice, so that less is asked for, by the square root of their share of these.
_ENOUGH_PAGES = 36
_HEADLINE = 4
_LONGEST_BOX = 10
# Lines of more words are no labels with a name in them.
_LONGEST_NAMED = 12
_ONCE = 1.25
# More doubtful lines than a person reads: those on most pages are told.
_DOUBTFUL = 100
_THIRDS = ("head", "middle", "tail")


class Line(NamedTuple):
    """A learned line: its text, on how many pages it stands, where, and the first page by name that has it.

    ``place`` says how it must stand to go ("anywhere", "beside", "between"); ``near`` is the third of the page where it mostly
    stands: "head", "middle", "tail". For the heading of a list, ``entries`` is how many lines the longest one below it had,
    and ``until`` the line that ends it whatever stands there, "" where prose does.
    """

    text: str
    pages: int
    place: str
    near: str
    example: str
    entries: int = 0
    until: str = ""


class Judgement(NamedTuple):
    """What was found on the different pages of a site; ``doubtful`` are lines that recur and stay."""

    lines: tuple[Line, ...] = ()
    frames: tuple[Line, ...] = ()
    lists: tuple[Line, ...] = ()
    doubtful: tuple[Line, ...] = ()


# A line above a list, or above a box, with the entries of each page.
_List = tuple[Line, list[list[str]]]


class Company(NamedTuple):
    """Of the pages that a line stands on, the shares on which a neighbour is the site's, both are, and one is running text."""

    beside: float = 1.0
    between: float = 0.0
    prose: float = 0.0


_IN_THE_FRAME = Company()


def needed_pages(line: str, pages: int, least: int = LEAST, company: Company = _IN_THE_FRAME) -> int:
    """Return on how many of so many different pages a line must stand to be the site's.

    By chance a line is met again the more often the more pages there are, but ever more rarely: what is asked for grows with
    the square root of the pages, by a factor that grows with how much the line looks like prose. On 5 pages
    this is 3 for every line; on 60, 3 for a label and 24 for a sentence; on 10,000, 30 and 300.
    """
    prose = is_prose(line)
    if company.beside < _IN_COMPANY:
        alone = _NOTICE if prose else _HEADING if company.prose > _ALONE else _ALONE
        return max(least, math.ceil(alone * pages))
    longer = max(1.0, word_count(line) / 4) * (2 if ends_sentence(line) else 1)
    factor = _PROSE if prose else min(_PROSE, _LABEL * longer)
    if company.between >= _ALWAYS:
        factor = min(factor, _ENCLOSED)
    return max(least, math.ceil(min(_NOTICE * pages, factor * math.sqrt(pages))))


def judge(pages: Sequence[Page], never: Collection[str] = frozenset(), least: int = LEAST) -> Judgement:
    """Return what is the site's own of pages that are all different, and on ``least`` of them; the keys in ``never`` are not."""
    if len(pages) < least:
        return Judgement()
    counts = Counter(line for page in pages for line in {*page.keys} - {""})
    recurring = {line for line, count in counts.items() if count > 1 and line not in never}
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
    # Only what has the pages of a line that stands alone goes anywhere, however seldom others lack company.
    alone = {
        line
        for line in known
        if counts[line] >= needed_pages(seen[line].text, len(pages), least, company[line]._replace(beside=0.0))
    }
    found = [
        seen[line]._replace(
            place=_place(seen[line].text, company[line].beside if line in alone else 1.0, line in frame)
        )
        for line in known
    ]
    found += [seen[line]._replace(place=_place(seen[line].text, 1.0, False)) for line in rare]
    frames = _frames(pages, frame, least)
    varied = Frames(Frame(line.text) for line in frames)
    lists = [*_lists(pages, frame, seen, least), *_boxes(pages, frame, seen, least)]
    # What goes as of a frame or in a list is not in doubt.
    entries = {entry for _, runs in lists for entries in runs for entry in entries}
    doubtful = _ordered(
        seen[line] for line in recurring - known - rare - entries if counts[line] >= least and varied.find(line) is None
    )
    return Judgement(_ordered(found), _ordered(frames), _ordered(line for line, _ in lists), doubtful[:_DOUBTFUL])


def _place(line: str, company: float, is_frame: bool) -> str:
    if company < _ALWAYS:
        return "anywhere"
    if is_frame:
        return "beside"
    # What may be the title of an article is an entry of lists on other pages, and goes within a list only.
    return "between" if is_prose(line) and not line.rstrip("\"'”’»").endswith(("?", "!")) else "within"


def _ordered(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(sorted(lines, key=lambda line: (-line.pages, line.text, line.until)))


class _Sighting:
    """What is seen of a line, or of a form of line, on the pages."""

    def __init__(self) -> None:
        self._written: Counter[str] = Counter()
        self._thirds: Counter[str] = Counter()
        self._pages: dict[str, str] = {}

    def add(self, page: Page, place: int) -> None:
        self._written[page.lines[place]] += 1
        self._thirds[_THIRDS[3 * place // len(page.lines)]] += 1
        self._pages[page.digest] = page.id

    def line(self) -> Line:
        """Return the line as it is mostly written; of equals the first by name, whatever the order of pages."""
        text = min(self._written, key=lambda form: (-self._written[form], form))
        near = min(self._thirds, key=lambda third: (-self._thirds[third], third))
        return Line(text, len(self._pages), "", near, min(self._pages.values()))


def _look(pages: Sequence[Page], wanted: Collection[str]) -> dict[str, Line]:
    sightings: dict[str, _Sighting] = defaultdict(_Sighting)
    for page in pages:
        for place, line in enumerate(page.keys):
            if line in wanted:
                sightings[line].add(page, place)
    return {line: sighting.line() for line, sighting in sightings.items()}


def _company(pages: Sequence[Page], known: Collection[str]) -> dict[str, Company]:
    """Return the company that each known line keeps; the page's beginning and end are as good as a known neighbour."""
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


def _beside(page: Page, known: Collection[str]) -> list[bool]:
    """Tell of each line whether a neighbour is known, or the page begins or ends there."""
    ours = [True, *(line in known for line in page.keys), True]
    return [ours[place] or ours[place + 2] for place in range(len(page.keys))]


def _rare(
    pages: Sequence[Page], known: Collection[str], candidates: Collection[str], counts: Mapping[str, int]
) -> set[str]:
    """Return lines of few pages, no prose, that stand in one run with known ones: entries of lists, on each page others."""
    prose = {line for page in pages for line, is_text in zip(page.keys, page.prose, strict=True) if is_text}
    left = {
        line
        for line in set(candidates) - set(known)
        if line not in prose or counts[line] >= 2 * _LABEL * math.sqrt(len(pages))
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
        new = {line for line in left if met[line] >= _IN_COMPANY * seen[line]}
        if not new:
            return grown - set(known)
        grown |= new
        left -= new


class _Form:
    """What is seen of a line that varies: with what, and whether in company."""

    def __init__(self) -> None:
        self._sighting = _Sighting()
        self.variants: set[str] = set()
        self.seen = self._met = 0

    def add(self, page: Page, place: int, variant: str, beside: bool) -> None:
        self._sighting.add(page, place)
        self.variants.add(variant)
        self.seen += 1
        self._met += beside

    @property
    def company(self) -> float:
        """The share of sightings in company; 0 where that is not nearly all, as what stands alone needs more pages."""
        share = self._met / self.seen
        return share if share >= _ALWAYS else 0.0

    @property
    def line(self) -> Line:
        return self._sighting.line()


def _frames(pages: Sequence[Page], frame: Collection[str], least: int) -> list[Line]:
    """Return the lines that recur but for a part of them: numbers and dates, or some words, such as a name."""
    forms: dict[str, _Form] = defaultdict(_Form)
    others: list[tuple[Page, int, bool]] = []
    for page in pages:
        for place, beside in enumerate(_beside(page, frame)):
            line_key = page.keys[place]
            if page.prose[place] or not line_key:
                continue
            if with_slots(page.lines[place]) is not None:
                forms[masked(line_key)].add(page, place, line_key, beside)
            # A name that many articles have is known by itself, and belongs to its frame all the same.
            if line_key not in frame:
                others.append((page, place, beside))
    found: dict[str, Line] = {}
    for form, seen in forms.items():
        line = seen.line
        text = with_slots(line.text)
        if (
            text
            and len(seen.variants) > 1
            and line.pages >= needed_pages(line.text, len(pages), least, Company(seen.company))
        ):
            # A time or a date alone may stand in any text, and goes in company only.
            is_bare = not any(map(str.isalpha, form))
            found[form] = line._replace(text=text, place="beside" if is_bare else _place(text, seen.company, True))
    left = [sighting for sighting in others if masked(sighting[0].keys[sighting[1]]) not in found]
    return [*found.values(), *_named(left, len(pages), least)]


def _named(sightings: Sequence[tuple[Page, int, bool]], pages: int, least: int) -> list[Line]:
    """Return frames of lines whose first and last words recur, with a name or other words between them.

    Headlines and entries of lists have words in common, too: as many pages are asked for as of prose, and what is longer goes
    first, so that a frame is no wider than its lines.
    """
    needed = max(least, math.ceil(min(_NOTICE * pages, _PROSE * math.sqrt(pages))))
    worded = [(*sighting, masked(sighting[0].keys[sighting[1]]).split()) for sighting in sightings]
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
        enough = needed if seen.company else max(needed, math.ceil(_ALONE * pages))
        # A page has one author and one place for comments; what comes several times on it is headlines of a kind.
        is_single = seen.seen <= _ONCE * line.pages
        if text and is_single and len(seen.variants) >= least and line.pages >= enough:
            taken.update(own)
            found.append(line._replace(text=text, place=_place(text, seen.company, True)))
    return found


def _says(before: Sequence[str], after: Sequence[str]) -> bool:
    """Tell whether fixed words are enough to know a line by: two of them, or one and then a colon or bar.

    A line that begins with what varies is a headline where no bar, dash or comma sets that apart.
    """
    fixed = sum(any(map(str.isalpha, word)) for word in (*before, *after))
    if not before:
        return fixed > 1 and not after[0][0].isalnum()
    return fixed > 1 or (fixed == 1 and before[-1][-1] in ":|")


def _with_words(line: str, start: str, stop: str) -> str | None:
    """Return a line as a frame that begins and ends with these words, None where it cannot be written so."""
    words = line.split()
    for before in range(len(words)):
        for after in range(len(words) - before):
            fixed = [" ".join(part) for part in (words[:before], words[len(words) - after :])]
            try:
                frame = Frame(
                    " ".join(filter(None, [with_slots(fixed[0]) or fixed[0], WORDS, with_slots(fixed[1]) or fixed[1]]))
                )
            except ValueError:
                continue
            if (frame.start, frame.stop) == (start, stop):
                return frame.text
    return None


def _lists(pages: Sequence[Page], frame: Collection[str], seen: Mapping[str, Line], least: int) -> list[_List]:
    """Return the lines of the frame below which most pages have a list, until their text or another line of the site comes.

    The entries of such a list are met in it on other pages, too, and they are headlines; those of an article, such as
    the lines of a song or what a dish is made of, are neither.
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
            len(long) >= max(needed_pages(seen[above].text, len(pages), least), _ALONE * len(runs))
            and sum(word_count(entry) for entries in long for entry in entries) >= _HEADLINE * size
            and _recurrent(long) >= _of_few(_RECURRENT, len(pages))
        ):
            found.append((seen[above]._replace(pages=len(long), entries=max(map(len, long))), long))
    return found


def _of_few(share: float, pages: int) -> float:
    """Return what is asked for of a share where there are so many pages."""
    return share * min(1.0, math.sqrt(pages / _ENOUGH_PAGES))


def _recurrent(runs: Sequence[Sequence[str]]) -> float:
    """Return the share of entries that are met in the same list of another page."""
    counts = Counter(entry for entries in runs for entry in set(entries))
    size = sum(map(len, runs))
    return sum(counts[entry] > 1 for entries in runs for entry in entries) / size if size else 0.0


def _boxes(pages: Sequence[Page], frame: Collection[str], seen: Mapping[str, Line], least: int) -> list[_List]:
    """Return pairs of lines of the frame between which stands something that changes and comes again: a headline of the day, a poll.

    An article does not come again, whatever it shares with others; so nothing that has running text of its own on any page is a box.
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
        mostly = [run for run in runs if sum(again[entry] > 1 for entry in run) >= _ALONE * len(run)]
        if (
            len(runs) >= needed_pages(seen[above].text, len(pages), least)
            and max(map(len, runs)) <= _LONGEST_BOX
            and not any(again[line] == 1 for line in prose[above, below])
            and len(mostly) >= _of_few(_IN_COMPANY, len(pages)) * len(runs)
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
