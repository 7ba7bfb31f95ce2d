"""How often and where a line is on the pages of a site, and on how many of them it must be to be the site's."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection
from typing import NamedTuple

from cleaner.learning.pages import Page
from cleaner.text.lines import ends_sentence, is_prose, word_count

# Fewer different pages prove nothing: lines that two have in common may come from their subject.
LEAST = 3
# The share of a line's pages on which it must keep company: be beside another of the site's lines, or open or close the page.
# Menus, notices and forms nearly always do; a recurring heading is between paragraphs.
IN_COMPANY = 0.8
# A line with company on this share is dropped in company only, so that the same word alone in an article stays.
ALWAYS = 0.9
# A line without company, such as one between two paragraphs, is the site's only if this share of the pages has it.
ALONE = 0.5
# Directly above or below running text it is the authors' heading ("Ingredients") unless this share has it.
_HEADING = 0.9
# Prose that recurs on this share of the pages is a notice, whatever it looks like.
NOTICE = 0.6
# The factors by which the needed pages grow with the square root of all pages: for a label of up to four words, for anything
# between two of the site's lines, and for prose.
LABEL, _ENCLOSED, PROSE = 0.3, 1.0, 3.0
_THIRDS = ("head", "middle", "tail")


class Line(NamedTuple):
    """A learned line: its text, how many pages have it, where, and the first page by name that has it.

    ``place`` says where it must be to go ("anywhere", "beside", "between", "within"); ``near`` is the third of the page where it
    mostly is: "head", "middle", "tail". For the heading of a list, ``entries`` is the number of lines of the longest list below it,
    and ``until`` the line that ends the list, "" if prose does.
    """

    text: str
    pages: int
    place: str
    near: str
    example: str
    entries: int = 0
    until: str = ""


class Company(NamedTuple):
    """The shares of a line's pages on which one neighbour is the site's, both are, and one is running text."""

    beside: float = 1.0
    between: float = 0.0
    prose: float = 0.0


_IN_THE_FRAME = Company()


def needed_pages(line: str, pages: int, least: int = LEAST, company: Company = _IN_THE_FRAME) -> int:
    """Return on how many of some different pages a line must be to be the site's.

    The more pages there are, the more often a line recurs by chance, though not in proportion. So the number grows with the
    square root of the pages, by a factor that grows with how much the line looks like prose. Of 5 pages it is 3 for every line;
    of 60, 3 for a label and 24 for a sentence; of 10,000, 30 and 300.
    """
    prose = is_prose(line)
    if company.beside < IN_COMPANY:
        alone = NOTICE if prose else _HEADING if company.prose > ALONE else ALONE
        return max(least, math.ceil(alone * pages))
    longer = max(1.0, word_count(line) / 4) * (2 if ends_sentence(line) else 1)
    factor = PROSE if prose else min(PROSE, LABEL * longer)
    if company.between >= ALWAYS:
        factor = min(factor, _ENCLOSED)
    return max(least, math.ceil(min(NOTICE * pages, factor * math.sqrt(pages))))


def how_it_goes(line: str, company: float, is_frame: bool) -> str:
    if company < ALWAYS:
        return "anywhere"
    if is_frame:
        return "beside"
    # The title of an article may be an entry of lists on other pages, so it goes within a list only.
    return "between" if is_prose(line) and not line.rstrip("\"'”’»").endswith(("?", "!")) else "within"


class Sighting:
    """Where a line, or a form of line, is on the pages."""

    def __init__(self) -> None:
        self._written: Counter[str] = Counter()
        self._thirds: Counter[str] = Counter()
        self._pages: dict[str, str] = {}

    def add(self, page: Page, place: int) -> None:
        self._written[page.lines[place]] += 1
        self._thirds[_THIRDS[3 * place // len(page.lines)]] += 1
        self._pages[page.digest] = page.id

    def line(self) -> Line:
        """Return the line in its most common spelling, the first of several, whatever the order of pages."""
        text = min(self._written, key=lambda form: (-self._written[form], form))
        near = min(self._thirds, key=lambda third: (-self._thirds[third], third))
        return Line(text, len(self._pages), "", near, min(self._pages.values()))


def in_company(page: Page, known: Collection[str]) -> list[bool]:
    """Return for each line whether a neighbour is known, or the page begins or ends there."""
    ours = [True, *(line in known for line in page.keys), True]
    return [ours[place] or ours[place + 2] for place in range(len(page.keys))]
