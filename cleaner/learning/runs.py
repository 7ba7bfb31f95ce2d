"""What repeats inside lines: runs of words with which the lines of many pages begin or end.

Some extractors make one line of a page, and some sites end their last paragraph with a request.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Sequence

from cleaner.kinds.runs import LEAST_RUN, PAGE_SHARE, Word, up_to_boundary, words_of_line
from cleaner.learning.pages import Page
from cleaner.learning.support import ALONE, Line
from cleaner.text.lines import UNSPACED, word_count

_MOST = 50
# So many words may stand on the wrong side of a boundary: pages that begin with a menu may all go on with "The".
_FEW_WORDS = 3

# A line of a page: its page, itself, its words.
_Own = tuple[Page, str, Sequence[Word]]


def is_whole_page(line: str, lines: Sequence[str]) -> bool:
    """Tell whether a line is nearly all of a page."""
    return len(line) >= PAGE_SHARE * sum(map(len, lines))


def runs_in_lines(pages: Sequence[Page], known: Collection[str], least: int) -> list[Line]:
    """Return the runs with which lines of half of the pages begin or end. ``known`` are lines that recur as a whole."""
    needed = max(least, math.ceil(ALONE * len(pages)))
    own: list[_Own] = []
    for page in pages:
        for line, line_key in zip(page.lines, page.keys, strict=True):
            if line_key not in known and word_count(line) > LEAST_RUN:
                own.append((page, line, words_of_line(line)))
    found: dict[str, Line] = {}
    for is_beginning in (True, False):
        for run in _of_one_end(own, needed, is_beginning):
            found.setdefault(run.text, run)
    return sorted(found.values(), key=lambda line: (-line.pages, line.text))[:_MOST]


def _of_one_end(own: Sequence[_Own], needed: int, is_beginning: bool) -> list[Line]:
    """Return the runs of one end of lines, each as long as half of the pages have it."""
    groups: list[tuple[int, list[_Own]]] = [(0, list(own))]
    found: list[Line] = []
    while groups:
        size, lines = groups.pop()
        longer: dict[str, list[_Own]] = defaultdict(list)
        for each in lines:
            words = each[2]
            if len(words) > size + 1:
                longer[words[size if is_beginning else -size - 1].text].append(each)
        grown = [group for group in longer.values() if len({page.digest for page, *_ in group}) >= needed]
        groups += [(size + 1, group) for group in grown]
        if not grown and size:
            found += _line(lines, size, is_beginning)
    return found


def _line(lines: Sequence[_Own], size: int, is_beginning: bool) -> list[Line]:
    """Return a run as a line, up to its last boundary where it does not open or close a whole page; none if it is too short."""
    pages = {page.digest: page.id for page, *_ in lines}
    whole = sum(is_whole_page(line, page.lines) for page, line, _ in lines) > ALONE * len(lines)
    texts: dict[str, int] = defaultdict(int)
    for _, line, words in lines:
        # What stands behind the last word tells whether something ends there.
        run = line[: words[size].start] if is_beginning else line[words[-size - 1].end :]
        texts[up_to_boundary(run, is_beginning, _FEW_WORDS if whole else None)] += 1
    text = min(texts, key=lambda text: (-texts[text], text)).strip()
    count = len(words_of_line(text))
    if count < (2 * LEAST_RUN if UNSPACED.search(text) else LEAST_RUN):
        return []
    near = "head" if is_beginning else "tail"
    return [Line(text, len(pages), "", near, min(pages.values()))]
