"""Sketches: lines as the screen sees them, drawn for a whole text at once.

A sketch is a folded line in which quotes, dashes and a few other marks beyond Latin-1 are one and the same mark. Lines that are the same
when folded have the same sketch, so what a sketch does not hold the line does not hold either, and that is all the screen
asks. Folding a line to the letter (:func:`cleaner.lines.fold`) costs more than all else that is done to a line of prose; a text in
letters of Latin-1 is sketched in a few sweeps over its bytes, and any other by replacing each of its characters beyond ASCII,
which goes where none of them combines with its neighbours. What is known of a character is kept: it is a fact of Unicode and no
memory of a text.
"""

from __future__ import annotations

from cleaner.characters import beyond_ascii, stand_alone
from cleaner.expressions import expression
from cleaner.lines import LONGEST_KEY, fold, from_first_letter, to_last_letter, undress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence, Set
    from typing import NamedTuple
else:
    from cleaner.records import NamedTuple

MARK = "?"
_MARKS = expression("['\"`\\-…•€]")


def sketch(text: str) -> str:
    """Return the sketch of one line."""
    return _MARKS.sub(MARK, fold(text))


def sketch_key(text: str) -> str:
    """Return the sketch of what a line is compared by (see ``cleaner.lines.key``)."""
    return to_last_letter(from_first_letter(sketch(text)))


def _narrow_table() -> bytes:
    drawn = [sketch(chr(code)) for code in range(256)]
    return bytes([ord(one) if len(one) == 1 and ord(one) < 256 else 0 for one in drawn])


_TABLE = _narrow_table()
_ASCII_TABLE = _TABLE[:128] + bytes(range(128, 256))
# Characters that the table draws, or that become the mark, which is what Python puts for what Latin-1 has not.
_narrow: set[str] = set()
# Any others that stand alone, and what is drawn for them where it is not themselves.
_wide: set[str] = set()
_drawn: dict[str, tuple[bytes, bytes]] = {}


def _learn(chars: Iterable[str]) -> None:
    for char in chars:
        drawn = sketch(char)
        if drawn != char:
            _drawn[char] = char.encode(), drawn.encode()
        if drawn == MARK if char > "\xff" else _TABLE[ord(char)] or char == "ß":
            _narrow.add(char)
        # Last, as this is what tells another thread that the character is known.
        _wide.add(char)


def sketch_lines(lines: Sequence[str], chars: Set[str] | None = None) -> list[str]:
    """Return the sketch of each line, links unwrapped; ``chars`` are their characters beyond ASCII where they are known."""
    text = "\n".join(lines)
    if chars is None:
        chars = set(beyond_ascii(text)) - {" "}
    if chars and not stand_alone(chars):
        sketches = [sketch(line) for line in lines]
    else:
        if not chars <= _wide:
            _learn(chars - _wide)
        if chars <= _narrow:
            if "ß" in chars:
                text = text.replace("ß", "ss")
            whole = text.encode("latin-1", "replace").translate(_TABLE).decode("latin-1")
        else:
            # In small letters first, which leaves few characters to replace; a sigma at the end of a word gets a form of its own.
            small = set("".join(chars).lower())
            small.update("ς" if "Σ" in chars else "")
            if not small <= _wide:
                _learn(small - _wide)
            data = text.lower().encode().translate(_ASCII_TABLE)
            for char in small & _drawn.keys():
                data = data.replace(*_drawn[char])
            whole = data.decode()
        sketches = whole.split("\n")
    if "[" in text and "](" in text:
        for index, line in enumerate(lines):
            if "](" in line:
                sketches[index] = sketch(undress(line)[0])
    return sketches


class Line(NamedTuple):
    """A line as the screen sees it: its sketch, the same from its first letter or digit, and from there to its last one.

    By ``same`` lines are compared; it is "" for a line that is longer than any phrase. ``words`` and ``size`` are how many words
    and code points the line has between its first letter and its last.
    """

    sketch: str
    start: str
    same: str
    words: int
    size: int


def drawn(lines: Sequence[str], chars: Set[str] | None = None) -> list[Line]:
    """Return lines as the screen sees them; ``chars`` are their characters beyond ASCII where they are known."""
    sketches = sketch_lines(lines, chars)
    starts = [sketch if sketch[:1].isalnum() else from_first_letter(sketch) for sketch in sketches]
    cores = [start if start[-1:].isalnum() else to_last_letter(start) for start in starts]
    # Marks at the ends of a line are as many in its sketch, but not where a link was unwrapped.
    sizes = [
        0 if "](" in line else len(line) - len(sketch) + len(core)
        for line, sketch, core in zip(lines, sketches, cores, strict=True)
    ]
    words = [core.count(" ") + 1 for core in cores]
    same = [core if len(line) <= LONGEST_KEY else "" for line, core in zip(lines, cores, strict=True)]
    return list(map(Line, sketches, starts, same, words, sizes))


_WORD = expression(r"[^\W\d_]+")
# What ``_WORD`` matches of Latin-1, anything else as a space.
_LETTERS = bytes([code if chr(code).isalnum() and not chr(code).isdecimal() else 32 for code in range(256)])


def words_in(text: str) -> list[str]:
    """Return the words of letters of a sketch."""
    try:
        return text.encode("latin-1").translate(_LETTERS).decode("latin-1").split()
    except UnicodeEncodeError:
        return _WORD.findall(text)
