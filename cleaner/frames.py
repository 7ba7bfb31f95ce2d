"""Lines with a part that varies: what stays of them, and whether a line is of that form."""

from __future__ import annotations

import re

from cleaner.lines import fold, from_first_letter, key, word_count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

NUMBER = "{number}"
WORDS = "{words}"
# So many words a `{words}` may stand for: a name with its title, a section, a date written out.
LONGEST_SLOT = 6
# What a number is compared as. Thousands set apart are part of it; the numbers of a date or time are several.
_MASK = "0"
_NUMBER = re.compile(r"\d+(?:[.,]\d{3}(?!\d))*")
_END = re.compile(r"[\W_]+$")


def masked(line_key: str) -> str:
    """Return a key (see ``cleaner.lines.key``) with every number as one and the same."""
    return _NUMBER.sub(_MASK, line_key)


def with_slots(line: str) -> str | None:
    """Return a line with ``{number}`` for each of its numbers; None where that is no frame."""
    if "{" in line or "}" in line:
        return None
    text = _NUMBER.sub(NUMBER, line)
    if text == line:
        return None
    try:
        Frame(text)
    except ValueError:
        return None
    return text


class Frame:
    """A line that varies: ``text`` with ``{number}`` for any number and at most one ``{words}`` for one to six words.

    It begins or ends with something fixed. Raises ValueError with the reason where a text is no frame.
    """

    __slots__ = ("is_split", "start", "stop", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        before, slot, after = text.replace(NUMBER, _MASK).partition(WORDS)
        self.is_split = bool(slot)
        if WORDS in after:
            raise ValueError(f"has more than one {WORDS}")
        if slot:
            self.start = masked(fold(from_first_letter(before))).strip()
            self.stop = masked(fold(_END.sub("", after))).strip()
        else:
            self.start, self.stop = masked(key(before)), ""
        fixed = self.start + self.stop
        if not any(map(str.isalpha, fixed)) and fixed.count(_MASK) < 2:
            raise ValueError("has neither a fixed word nor two numbers")

    def matches(self, line: str) -> bool:
        """Tell whether a masked key is of this form."""
        if not self.is_split:
            return line == self.start
        if not (line.startswith(self.start) and line.endswith(self.stop)):
            return False
        slot = line[len(self.start) : len(line) - len(self.stop)]
        if not slot or (self.start and slot[0].isalnum()) or (self.stop and slot[-1].isalnum()):
            return False
        slot = slot.strip()
        return bool(slot) and word_count(slot) <= LONGEST_SLOT


class Frames:
    """Frames to look lines up in: whole ones by a look-up, split ones by their first or last word."""

    __slots__ = ("_by_first", "_by_last", "_whole")

    def __init__(self, frames: Iterable[Frame]) -> None:
        self._whole: dict[str, Frame] = {}
        self._by_first: dict[str, list[Frame]] = {}
        self._by_last: dict[str, list[Frame]] = {}
        for frame in frames:
            if not frame.is_split:
                self._whole[frame.start] = frame
            elif frame.start:
                self._by_first.setdefault(frame.start.split(" ", 1)[0], []).append(frame)
            else:
                self._by_last.setdefault(frame.stop.rsplit(" ", 1)[-1], []).append(frame)

    def find(self, line_key: str) -> Frame | None:
        """Return the frame of which a key is, None where it is of none."""
        line = masked(line_key)
        if (whole := self._whole.get(line)) is not None:
            return whole
        if self._by_first or self._by_last:
            frame: Frame
            for frame in (
                *self._by_first.get(line.split(" ", 1)[0], ()),
                *self._by_last.get(line.rsplit(" ", 1)[-1], ()),
            ):
                if frame.matches(line):
                    return frame
        return None
