"""Which lines of a site's pages are the site's own: the judgement, on the different pages of one site.

A bare count takes recurring headings and stock phrases with the menu. So a line is asked for more the more it looks like
prose, and where it stands counts: the site's lines keep each other company, or stand at an end of the page.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from cleaner.frames import LONGEST_SLOT, NUMBER, WORDS, Frame, Frames, masked
from cleaner.learning.pages import Page
from cleaner.lines import ends_sentence, is_prose, key, word_count

# Fewer different pages tell nothing: what two have in common may be their subject.
LEAST = 3
# Of the pages that a line stands on, the share on which it keeps company (stands beside another of the site's lines, or
# opens or closes the page). Menus, notices and forms do nearly always; a recurring heading stands between paragraphs.
_IN_COMPANY = 0.8
# A line that always does is taken in company only, so that the same word alone in an article stays.
_ALWAYS_IN_COMPANY = 0.9
# A line that stands alone, as between two paragraphs, is the site's only where most pages have it.
_ALONE = 0.5
# Prose that recurs on so many pages is a notice, whatever it looks like.
_NOTICE = 0.6
# Form and place of lines that frame a list which is another on every page.
_ANCHOR = 0.3
_LONGEST_BLOCK = 60
_LEAST_BLOCK = 3


class Line(NamedTuple):
    """A learned line: its text, on how many pages it stands, where, and a page that has it.

    ``place`` is "beside" where it goes only in company, else "anywhere"; ``near`` is "head", "middle" or "tail" of the page,
    for the reader.
    """

    text: str
    pages: int
    place: str
    near: str
    example: str


class Block(NamedTuple):
    """Two lines between which stands a list of something else: from, to ("" is the end of the page), at most so many lines."""

    above: str
    below: str
    lines: int
    pages: int
    example: str


class Judgement(NamedTuple):
    """What was found on the pages of a site; ``doubtful`` are lines that recur and stay."""

    pages: int
    copies: int
    lines: tuple[Line, ...]
    frames: tuple[Line, ...]
    blocks: tuple[Block, ...]
    doubtful: tuple[Line, ...]


def needed_pages(line: str, pages: int, company: float, enclosed: float = 0.0) -> int:
    """Return on how many of so many different pages a line must stand to be the site's.

    By chance alone a line is met again the more often the more pages there are, but ever more rarely: what is asked for grows
    with the square root of the pages, by a factor that grows with how much the line looks like prose. On 5 pages
    this is 3 for every line; on 60, 3 for a label and 23 for a sentence; on 10,000, 30 and 300.
    """
    if company < _IN_COMPANY:
        return max(LEAST, math.ceil(pages * (_NOTICE if is_prose(line) else _ALONE)))
    words = word_count(line)
    factor = 3.0 if is_prose(line) else min(3.0, 0.3 * max(1.0, words / 4) * (2 if ends_sentence(line) else 1))
    if enclosed >= _ALWAYS_IN_COMPANY:
        factor = min(factor, 1.0)
    return max(LEAST, math.ceil(min(_NOTICE * pages, factor * math.sqrt(pages))))


def judge(pages: Sequence[Page], copies: int = 0, never: Collection[str] = ()) -> Judgement:
    """Return what is the site's own of pages that are all different, without the keys in ``never``."""
    if len(pages) < LEAST:
        return Judgement(len(pages), copies, (), (), (), ())
    counts = Counter(line for page in pages for line in {*page.keys} - {""})
    forms = _forms(pages, {line for line, count in counts.items() if count >= LEAST})
    never_learned = frozenset(never)
    known = {line for line in forms if line not in never_learned}
    while True:
        company, enclosed = _company(pages, known)
        fewer = {
            line
            for line in known
            if counts[line] >= needed_pages(forms[line], len(pages), company[line], enclosed[line])
        }
        if fewer == known:
            break
        known = fewer
    weak = _weak(pages, known, {line for line in counts if counts[line] >= _needed_weak(len(pages))}-never_learned)
    forms.update(_forms(pages, weak))
    found = _number_frames(pages, known|weak) + _word_frames(pages, known|weak)
    places = _places(pages, counts.keys() & forms.keys())
    lines = [
        Line(
            forms[line],
            counts[line],
            "beside" if company[line] >= _ALWAYS_IN_COMPANY else "anywhere",
            *places[line],
        )
        for line in known
    ]
    lines += [Line(forms[line], counts[line], "between", *places[line]) for line in weak]
    known = known | weak
    doubtful = [
        Line(forms[line], counts[line], "anywhere", *places[line])
        for line in forms.keys() - known
        if line not in never_learned
    ]
    blocks = _blocks(pages, known, counts, forms) + _lists(pages, known, counts, forms)
    return Judgement(
        len(pages), copies, _ordered(lines), _ordered(found), blocks, _ordered(doubtful)
    )


def _needed_weak(pages: int) -> int:
    return max(2, math.ceil(0.1 * math.sqrt(pages)))


def _weak(pages, known, candidates):
    prose = {line for page in pages for line, is_text in zip(page.keys, page.prose) if is_text}
    candidates = candidates - known - prose - {""}
    grown = set(known)
    while True:
        company = {}
        seen = Counter(); met = Counter()
        for page in pages:
            beside = _beside(page, grown)
            for place, line in enumerate(page.keys):
                if line in candidates:
                    seen[line] += 1
                    met[line] += beside[place]
        new = {line for line in candidates if met[line] >= _IN_COMPANY * seen[line]}
        if not new: break
        grown |= new
        candidates -= new
    return grown - known


def _ordered(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(sorted(lines, key=lambda line: (-line.pages, line.text)))


def _forms(pages: Sequence[Page], wanted: Collection[str]) -> dict[str, str]:
    """Return how each key is written most often."""
    written: dict[str, Counter[str]] = defaultdict(Counter)
    for page in pages:
        for line, line_key in zip(page.lines, page.keys, strict=True):
            if line_key in wanted:
                written[line_key][line] += 1
    return {line: min(forms, key=lambda form: (-forms[form], form)) for line, forms in written.items()}


def _company(pages: Sequence[Page], known: Collection[str]) -> tuple[dict[str, float], dict[str, float]]:
    """Return for each known line the share of its pages on which one neighbour is known, and on which both are.

    The page's beginning and end are as good as a known neighbour.
    """
    one: Counter[str] = Counter()
    both: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for page in pages:
        ours = [True, *(line in known for line in page.keys), True]
        places = [place for place in range(len(page.keys)) if ours[place + 1] and page.keys[place] in known]
        one.update({page.keys[place] for place in places if ours[place] or ours[place + 2]})
        both.update({page.keys[place] for place in places if ours[place] and ours[place + 2]})
        seen.update({page.keys[place] for place in places})
    return {line: one[line] / seen[line] for line in seen}, {line: both[line] / seen[line] for line in seen}


def _places(pages: Sequence[Page], wanted: Collection[str]) -> dict[str, tuple[str, str]]:
    """Return in which third of the page each line stands most often, and the first page by name that has it."""
    thirds: dict[str, Counter[str]] = defaultdict(Counter)
    examples: dict[str, str] = {}
    for page in pages:
        for place, line in enumerate(page.keys):
            if line in wanted:
                thirds[line][("head", "middle", "tail")[3 * place // len(page.keys)]] += 1
                examples[line] = min(examples.get(line, page.id), page.id)
    return {
        line: (min(found, key=lambda name: (-found[name], name)), examples[line]) for line, found in thirds.items()
    }


def _beside(page: Page, known: Collection[str]) -> list[bool]:
    """Tell of each line whether a neighbour is known, or the page begins or ends with it."""
    ours = [False, *(line in known for line in page.keys), False]
    last = len(page.keys) - 1
    return [ours[place] or ours[place + 2] or place in (0, last) for place in range(len(page.keys))]


def _number_frames(pages: Sequence[Page], known: Collection[str]) -> list[Line]:
    """Return the lines that recur but for their numbers: dates, counts, prices."""
    seen: dict[str, set[int]] = defaultdict(set)
    variants: dict[str, set[str]] = defaultdict(set)
    company: dict[str, set[int]] = defaultdict(set)
    shown: dict[str, tuple[str, str]] = {}
    places: dict[str, Counter[str]] = defaultdict(Counter)
    for number, page in enumerate(pages):
        beside = _beside(page, known)
        for place, line in enumerate(page.keys):
            form = masked(line)
            if form == line and not any(map(str.isdigit, line)):
                continue
            if not any(map(str.isalpha, form)) and form.count("0") < 2:
                continue
            seen[form].add(number)
            variants[form].add(line)
            if beside[place]:
                company[form].add(number)
            places[form][("head", "middle", "tail")[3 * place // len(page.keys)]] += 1
            shown[form] = min(shown.get(form, (page.lines[place], page.id)), (page.lines[place], page.id))
    found = []
    for form, numbers in seen.items():
        line, example = shown[form]
        share = len(company[form]) / len(numbers)
        if len(variants[form]) < 2 or is_prose(line) or len(numbers) < needed_pages(line, len(pages), share):
            continue
        near = min(places[form], key=lambda name: (-places[form][name], name))
        place = "beside" if share >= _ALWAYS_IN_COMPANY else "anywhere"
        found.append(Line(masked_text(line), len(numbers), place, near, example))
    return found


def masked_text(line: str) -> str:
    """Return a line with ``{number}`` for its numbers, as frames are written."""
    return masked(line.replace("{", "(").replace("}", ")")).replace("0", NUMBER) if any(map(str.isdigit, line)) else line


def _word_frames(pages: Sequence[Page], known: Collection[str]) -> list[Line]:
    return []


def _blocks(
    pages: Sequence[Page], known: Collection[str], counts: Mapping[str, int], forms: Mapping[str, str]
) -> tuple[Block, ...]:
    """Return the pairs of lines between which every page has a list of its own, and never its text.

    Between two of the site's lines stand either the article or what else changes from page to page: headlines of others, tags, the
    most read. The article is running text and no list; a title or a date is no list of three lines.
    """
    anchors = {line for line in known if counts[line] >= _ANCHOR * len(pages)}
    gaps: dict[tuple[str, str], list[int]] = defaultdict(list)
    texts: Counter[tuple[str, str]] = Counter()
    examples: dict[tuple[str, str], str] = {}
    for page in pages:
        above: str | None = None
        lines = 0
        has_text = False
        met: set[tuple[str, str]] = set()
        for line, is_text in zip((*page.keys, ""), (*page.prose, False), strict=True):
            is_end = not line and not is_text and len(met) >= 0
            if line in anchors or line == "" and not is_text:
                pair = (above, line) if above is not None else None
                if pair is not None and lines:
                    if has_text:
                        texts[pair] += 1
                    gaps[pair].append(lines)
                    examples[pair] = min(examples.get(pair, page.id), page.id)
                above, lines, has_text = line, 0, False
            else:
                lines += line not in known
                has_text = has_text or is_text
    found = []
    for pair, sizes in gaps.items():
        above, below = pair
        if (
            len(sizes) >= needed_pages(forms[above], len(pages), 1.0)
            and not texts[pair]
            and sorted(sizes)[len(sizes) // 2] >= _LEAST_BLOCK
            and max(sizes) <= _LONGEST_BLOCK
        ):
            found.append(Block(forms[above], forms.get(below, ""), max(sizes), len(sizes), examples[pair]))
    return tuple(sorted(found, key=lambda block: (-block.pages, block.above, block.below)))


# Above the text stand its title and standfirst, which are no entries of the list above them.
_RESERVED = 2
_RECURRENT = 0.3


def _lists(
    pages: Sequence[Page], known: Collection[str], counts: Mapping[str, int], forms: Mapping[str, str]
) -> tuple[Block, ...]:
    """Return the lines below which every page has a list, until its text or another of the site's lines comes.

    The entries of such a list are met on other pages, too, as those of an article are not.
    """
    anchors = {line for line in known if counts[line] >= _ANCHOR * len(pages)}
    lists: dict[str, list[list[str]]] = defaultdict(list)
    examples: dict[str, str] = {}
    for page in pages:
        for above, entries in runs(page, anchors):
            lists[above].append(entries)
            examples[above] = min(examples.get(above, page.id), page.id)
    found = []
    for above, all_entries in lists.items():
        long = [entries for entries in all_entries if len(entries) >= _LEAST_BLOCK]
        size = sum(map(len, long))
        again = sum(counts[entry] > 1 for entries in long for entry in entries)
        if (
            len(long) >= needed_pages(forms[above], len(pages), 1.0)
            and len(long) >= 0.5 * len(all_entries)
            and again >= _RECURRENT * size
        ):
            found.append(Block(forms[above], "*", max(map(len, long)), len(long), examples[above]))
    return tuple(sorted(found, key=lambda block: (-block.pages, block.above)))


def runs(page: Page, anchors: Collection[str]) -> list[tuple[str, list[str]]]:
    """Return for each anchor on a page the lines below it, until the next anchor or prose."""
    found: list[tuple[str, list[str]]] = []
    above: str | None = None
    entries: list[str] = []
    for line, is_text in zip((*page.keys, None), (*page.prose, False), strict=True):
        if line is None or is_text or line in anchors:
            if above is not None:
                if is_text and line not in anchors:
                    entries = entries[:-_RESERVED]
                found.append((above, entries))
            above, entries = (line if line in anchors else None), []
        else:
            entries.append(line)
    return found
