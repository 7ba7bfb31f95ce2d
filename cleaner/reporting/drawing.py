"""A text line by line, with what cleaning did to each, ready to be drawn."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from cleaner.model import NORMALIZE, Explanation, Finding

# What becomes of a line. In a text that was kept whole, lines that rules met would have gone.
STAYS, GONE, TRIMMED, REPAIRED, SPARED = "stays", "gone", "trimmed", "repaired", "spared"
# Code points of a line that are drawn.
LONGEST = 4000
# A stretch of more lines that stay is folded, but for this many at its ends.
_FOLDED, _ENDS = 9, 2
# Longer lines are compared word by word.
_BY_CHARACTER = 400
_TOKENS = re.compile(r"\s+|\w+|[^\w\s]")
_BLANKS = {" ": "·", "\t": "→", "\xa0": "⍽", "\n": "↵", "\r": "↵"}


class Row(NamedTuple):
    """A line to draw. ``left`` is what is left of it; ``is_opening`` says that a blank line is above it."""

    number: int
    state: str
    text: str
    left: str = ""
    rule: str = ""
    also: tuple[str, ...] = ()
    is_opening: bool = False

    @property
    def family(self) -> str:
        """The family of the rule that decided."""
        return self.rule.split("/", 1)[0]

    @property
    def is_taken(self) -> bool:
        """Whether a rule took the line or a part of it, or would have."""
        return self.state in (GONE, TRIMMED, SPARED)

    @property
    def is_whole(self) -> bool:
        """Whether all of the line is drawn."""
        return len(self.text) < LONGEST

    @property
    def pieces(self) -> list[tuple[str, str]]:
        """The line in pieces: ("same" or "cut" or "new", text)."""
        if self.state == TRIMMED or self.state == REPAIRED or (self.state == SPARED and self.left):
            return pieces(self.text, self.left)
        return [("cut" if self.state in (GONE, SPARED) else "same", self.text)]


def rows_of(explained: Explanation) -> list[Row]:
    """Return the lines of a text that are not blank, with what became of each."""
    findings = {finding.line: finding for finding in explained.by_line}
    rows: list[Row] = []
    is_opening = False
    for number, line in enumerate(explained.source.splitlines(), 1):
        if not line.strip():
            is_opening = True
            continue
        found = findings.get(number)
        if found is None:
            rows.append(Row(number, STAYS, _clipped(line), is_opening=is_opening))
        else:
            rows.append(_row(found, explained.flagged, is_opening))
        is_opening = False
    return rows


def _row(found: Finding, is_flagged: bool, is_opening: bool) -> Row:
    if found.rule == NORMALIZE:
        state = REPAIRED
    elif is_flagged:
        state = SPARED
    else:
        state = TRIMMED if found.replacement else GONE
    text, left = _clipped(found.text), _clipped(found.replacement)
    return Row(found.line, state, text, left, found.rule, tuple(found.also), is_opening)


def _clipped(text: str) -> str:
    return text if len(text) < LONGEST else text[: LONGEST - 1] + "…"


def pieces(text: str, left: str) -> list[tuple[str, str]]:
    """Return what went and what stays of a line, or how it was repaired."""
    start = text.find(left) if left else -1
    if start >= 0:
        end = start + len(left)
        found = [("cut", text[:start]), ("same", left), ("cut", text[end:])]
    else:
        before, after = _tokens(text), _tokens(left)
        found = []
        for tag, i, j, k, m in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
            if tag == "equal":
                found.append(("same", "".join(before[i:j])))
            else:
                found += [("cut", "".join(before[i:j])), ("new", "".join(after[k:m]))]
    return [(kind, text if kind == "same" else visible(text)) for kind, text in found if text]


def _tokens(text: str) -> Sequence[str]:
    return text if len(text) <= _BY_CHARACTER else _TOKENS.findall(text)


def visible(text: str) -> str:
    """Return text in which spaces and characters that cannot be seen are marked where they are all there is."""
    if text.strip() and text.isprintable():
        return text
    return "".join([char if char.isprintable() and char != " " else _mark(char, bool(text.strip())) for char in text])


def _mark(char: str, is_among_others: bool) -> str:
    if char == " " and is_among_others:
        return char
    return _BLANKS.get(char) or f"U+{ord(char):04X}"


class Stretch(NamedTuple):
    """Lines that follow each other; ``is_folded`` says that all of them stay, and that they are shown on demand."""

    rows: Sequence[Row]
    is_folded: bool = False


def stretches(rows: Sequence[Row]) -> Iterator[Stretch]:
    """Cut a document into stretches of lines to show, and long ones that stay to fold."""
    shown: list[Row] = []
    staying: list[Row] = []

    def parted(is_first: bool, is_last: bool) -> Iterator[Stretch]:
        head, tail = (0 if is_first else _ENDS), (0 if is_last else _ENDS)
        head, tail = max(head, 1), max(tail, 1)
        if len(staying) <= _FOLDED:
            shown.extend(staying)
        else:
            shown.extend(staying[:head])
            yield Stretch(tuple(shown))
            shown.clear()
            yield Stretch(tuple(staying[head : len(staying) - tail]), True)
            shown.extend(staying[len(staying) - tail :])
        staying.clear()

    is_first = True
    for row in rows:
        if row.state == STAYS:
            staying.append(row)
            continue
        yield from parted(is_first, False)
        is_first = False
        shown.append(row)
    yield from parted(is_first, True)
    if shown:
        yield Stretch(tuple(shown))


def row_from(values: Sequence[Any]) -> Row:
    """Return a row that was written as a list."""
    number, state, text, left, rule, also, is_opening = values
    return Row(number, state, text, left, rule, tuple(also), is_opening)
