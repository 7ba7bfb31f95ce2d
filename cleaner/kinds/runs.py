"""Runs of words that stand at the beginning or end of lines that go on with something else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cleaner.text.folding import fold
from cleaner.text.lines import UNSPACED

# Words of a run at least; of characters that are written without spaces, twice as many.
LEAST_RUN = 6
# A line that has so much of a page is the page.
PAGE_SHARE = 0.7
_UNSPACED_CHARS = UNSPACED.pattern.removesuffix("+")
_WORD = re.compile(rf"{_UNSPACED_CHARS}|(?:(?!{_UNSPACED_CHARS})\w)+")
# After the first words of a line, and before its last, one of these shows that something else begins.
_BOUNDARY = re.compile(r"[.!?:;…)\]](?=\s|$)|[。！？：；）】|»›>•·*–—]|\s-\s")
_OPENING = "\"'“‘„«‹([（【「『¿¡"
_CLOSING = re.compile(r"[.!?…。！？\"'”’“»›)\]）】」』]*")


class Word(NamedTuple):
    """A word of a line, folded, with "0" for every number; and where it stands."""

    text: str
    start: int
    end: int


def words_of_line(line: str) -> list[Word]:
    """Return the words of a line; where no spaces are written, each character is one."""
    return [Word(_same(match[0]), *match.span()) for match in _WORD.finditer(line)]


def _same(word: str) -> str:
    return "0" if word.isdecimal() else fold(word)


class Runs:
    """Runs that are cut off a line at its ends."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        self._by_last: dict[str, list[tuple[str, ...]]] = {}
        for text in sorted(texts, key=lambda text: (-len(text), text)):
            run = tuple(word.text for word in words_of_line(text))
            if run:
                self._by_first.setdefault(run[0], []).append(run)
                self._by_last.setdefault(run[-1], []).append(run)

    def __bool__(self) -> bool:
        return bool(self._by_first)

    def rest(self, line: str, is_page: bool) -> str | None:
        """Return what is left of a line without the runs at its ends; None for one that has none.

        Elsewhere than in a line that ``is_page``, the whole text of a page, a run goes only up to a mark that ends a sentence or
        sets parts of a line apart: a sentence that begins as many do is whole.
        """
        words = words_of_line(line)
        texts = [word.text for word in words]
        first, last = 0, len(words)
        while first < last and (size := _longest(self._by_first.get(texts[first], ()), texts, first, last, True)):
            first += size
        while first < last and (size := _longest(self._by_last.get(texts[last - 1], ()), texts, first, last, False)):
            last -= size
        if first == last:
            return "" if words else None
        if first and not is_page and not _BOUNDARY.search(line, words[first - 1].end, words[first].start):
            first = 0
        if last < len(words) and not is_page and not _BOUNDARY.search(line, words[last - 1].end, words[last].start):
            last = len(words)
        if not first and last == len(words):
            return None
        start, end = 0, len(line)
        if first:
            start = len(line[: words[first].start].rstrip(_OPENING))
        if last < len(words):
            closing = _CLOSING.match(line, words[last - 1].end, words[last].start)
            end = closing.end() if closing else words[last - 1].end
        return line[start:end]


def _longest(runs: Iterable[Sequence[str]], texts: Sequence[str], first: int, last: int, is_beginning: bool) -> int:
    """Return the words of the longest run, which comes first, at the beginning or the end of a part of a line; 0 for none."""
    for run in runs:
        size = len(run)
        place = first if is_beginning else last - size
        if first <= place and place + size <= last and tuple(texts[place : place + size]) == run:
            return size
    return 0


def up_to_boundary(line: str, is_beginning: bool, most: int | None = None) -> str:
    """Return a run without the words after its last boundary, or before its first one where it stands at the end of a line.

    With ``most``, it stays as it is where these are more words.
    """
    found = list(_BOUNDARY.finditer(line))
    if not found:
        return line
    place = found[-1].end() if is_beginning else found[0].end()
    run, others = (line[:place], line[place:]) if is_beginning else (line[place:], line[:place])
    return run if most is None or len(words_of_line(others)) <= most else line
