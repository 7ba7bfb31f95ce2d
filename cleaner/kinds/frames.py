"""Lines with a part that varies: their fixed parts, and whether a line has that form."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from cleaner.text.folding import fold, from_first_letter, key, to_last_letter
from cleaner.text.lines import UNSPACED, word_count

NUMBER, MONTH, WEEKDAY, WORDS = "{number}", "{month}", "{weekday}", "{words}"
# The most words that `{words}` may stand for: a name with its title, a section, a place.
LONGEST_SLOT = 6
# And after a colon or the mark of a path: a list of topics, the way from the first page to this one.
LONGEST_LIST = 20
# Marks that set the fixed beginning of a line apart, and those that do where spaces stand around them, as folded.
_SET_APART = (*":|：｜",)
_PATH_MARKS = (' "', " >", " ›", " /", " →")
# The characters that stand for numbers, months and weekdays when lines are compared.
_MASKS = ("0", "1", "2")
# An instance of each slot, which is masked like any other.
_INSTANCE = {NUMBER: "0", MONTH: "january", WEEKDAY: "monday"}
# Separators of thousands are part of a number; a date or time has several numbers.
_NUMBER = re.compile(r"\d+(?:[.,]\d{3}(?!\d))*")
_PART = re.compile(r"(\{number\}|\w+)")
_SLOT = re.compile(r"\{(?:number|month|weekday)\}")
# Words that may be between a number and its month in a written-out date.
_BETWEEN_DATES = frozenset(["de", "del", "di", "of", "the", "den"])


class Calendar:
    """The folded names of months and weekdays, by which the varying parts of lines are recognized."""

    def __init__(self, months: Collection[str], weekdays: Collection[str]) -> None:
        self._masks = {**dict.fromkeys(weekdays, 2), **dict.fromkeys(months, 1)}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Calendar) and self._masks == other._masks

    def masked(self, line_key: str) -> str:
        """Return the key of a line with all numbers made the same, and all months and weekdays of dates."""
        return self._mask(line_key, _MASKS)

    def with_slots(self, line: str) -> str | None:
        """Return a line with ``{number}`` for its numbers, and ``{month}`` and ``{weekday}`` in dates; None if that is not a frame."""
        if "{" in line or "}" in line:
            return None
        text = self._mask(line, (NUMBER, MONTH, WEEKDAY))
        if text == line:
            return None
        try:
            frame = Frame(text, self)
        except ValueError:
            return None
        return text if frame.matches(self.masked(key(line))) else None

    def _mask(self, text: str, masks: Sequence[str]) -> str:
        """Return a text with its numbers, and the names of months and weekdays beside them, replaced."""
        text = _NUMBER.sub(masks[0], text)
        if masks[0] not in text:
            return text
        # Words are at odd places. "May" and "sun" belong to a date only beside a number or another part of a date.
        parts = _PART.split(text)
        names = [
            (place, self._masks[name])
            for place in range(1, len(parts), 2)
            if (name := fold(parts[place])) in self._masks
        ]
        for round_of in (names, names[::-1]):
            for place, mask in round_of:
                if any(part in masks for part in _beside(parts, place)):
                    parts[place] = masks[mask]
        return "".join(parts)


def _beside(parts: Sequence[str], place: int) -> list[str]:
    """Return the words before and after one, skipping words that may be between the parts of a date."""
    found = []
    for step in (-2, 2):
        other = place + step
        if 0 < other < len(parts) and parts[other].lower() in _BETWEEN_DATES:
            other += step
        if 0 < other < len(parts):
            found.append(parts[other])
    return found


class Frame:
    """A line that varies: ``text`` with ``{number}`` for any number, ``{month}`` and ``{weekday}`` for their names in a date, and
    at most one ``{words}`` for one to six words, or to twenty after a colon, a bar or the mark of a path.

    It begins or ends with something fixed. Raises ValueError, with the reason, if a text is not a frame.
    """

    def __init__(self, text: str, calendar: Calendar) -> None:
        self.text = text
        before, slot, after = _SLOT.sub(lambda match: _INSTANCE[match[0]], text).partition(WORDS)
        self.is_split = bool(slot)
        if WORDS in after:
            raise ValueError(f"has more than one {WORDS}")
        if slot:
            self.start = calendar.masked(fold(from_first_letter(before))).strip()
            self.stop = calendar.masked(fold(to_last_letter(after))).strip()
        else:
            self.start, self.stop = calendar.masked(key(before)), ""
        fixed = self.start + self.stop
        for name, mask in ((MONTH, _MASKS[1]), (WEEKDAY, _MASKS[2])):
            if fixed.count(mask) < text.count(name):
                raise ValueError(f"has a {name} that is not part of a date: there is no number beside it")
        if not any(map(str.isalpha, fixed)) and len(_PART.findall(fixed)) < 2:
            raise ValueError("has neither a fixed word nor two numbers")

    def matches(self, line: str) -> bool:
        """Tell whether a masked key has this form."""
        if not self.is_split:
            return line == self.start
        if not (line.startswith(self.start) and line.endswith(self.stop)):
            return False
        slot = line[len(self.start) : len(line) - len(self.stop)]
        if not slot or _is_inside_word(self.start, slot) or _is_inside_word(slot, self.stop):
            return False
        return bool(slot.strip()) and word_count(slot.strip()) <= longest_slot(self.start, slot)


def is_set_apart(start: str, slot: str) -> bool:
    """Tell whether a mark sets the fixed beginning of a line apart from what varies."""
    return start.endswith(_SET_APART) or (slot.startswith(" ") and start.endswith(_PATH_MARKS))


def longest_slot(start: str, slot: str) -> int:
    """Return how many words may vary in a line with this fixed beginning."""
    return LONGEST_LIST if is_set_apart(start, slot) else LONGEST_SLOT


def _is_inside_word(before: str, after: str) -> bool:
    """Tell whether two parts of a line meet in the middle of a word; where no spaces are written, any two characters may meet."""
    pair = before[-1:] + after[:1]
    return len(pair) == 2 and pair.isalnum() and not UNSPACED.search(pair)


class Frames:
    """Frames that lines are looked up in: whole ones by the line, split ones by their first or last character."""

    def __init__(self, texts: Iterable[str], calendar: Calendar) -> None:
        self._calendar = calendar
        self._whole: dict[str, Frame] = {}
        self._by_first: dict[str, list[Frame]] = {}
        self._by_last: dict[str, list[Frame]] = {}
        for frame in (Frame(text, calendar) for text in texts):
            if not frame.is_split:
                self._whole[frame.start] = frame
            elif frame.start:
                self._by_first.setdefault(frame.start[0], []).append(frame)
            else:
                self._by_last.setdefault(frame.stop[-1], []).append(frame)

    def find(self, line_key: str) -> Frame | None:
        """Return the frame that a key fits, None if it fits none."""
        line = self._calendar.masked(line_key)
        if (whole := self._whole.get(line)) is not None:
            return whole
        if line and (self._by_first or self._by_last):
            frame: Frame
            for frame in (*self._by_first.get(line[0], ()), *self._by_last.get(line[-1], ())):
                if frame.matches(line):
                    return frame
        return None
