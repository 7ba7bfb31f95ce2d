"""The repair of encoding and whitespace, line by line, as a fixed point.

A text is first split at every kind of line break, and each line is repaired by itself: mojibake by ftfy, control characters
and terminal escapes, entities, then NFC, invisible characters and spaces. Curly quotes, dashes, ligatures and full-width
forms are content and stay.

Most lines need none of this, so guards find out in a few sweeps over the whole text which do. A property test checks that
the guarded and the unguarded path give the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence, Set
from typing import NamedTuple

from cleaner.text.characters import CONTROL, beyond_ascii, stand_alone
from cleaner.text.layout import has_layout
from cleaner.text.mojibake import has_sign, may_be_mojibake

# --- Lines -------------------------------------------------------------------------------------------------------
_OBJECT = "\ufffc"  # odd, although Python calls it printable


def _is_odd(line: str) -> bool:
    """Tell whether a line holds a control character, an uncommon space, or an invisible character."""
    return not line.isprintable() or _OBJECT in line


def _is_loose(line: str) -> bool:
    return "  " in line or line != line.strip()


def _is_referring(line: str) -> bool:
    return "&" in line and ";" in line


def _is_decomposed(line: str) -> bool:
    return not unicodedata.is_normalized("NFC", line)


# The guards in front of the slow repair: a line for which none is true stays as it is.
_GUARDS: tuple[Callable[[str], bool], ...] = (_is_odd, _is_loose, _is_referring, _is_decomposed, may_be_mojibake)


def _guards_of(
    text: str, lines: Sequence[str], runs: str, chars: Set[str], odd: Set[str]
) -> list[Callable[[str], bool]]:
    """Return the guards that are true for some line of a text, or may be. This costs little more than a few sweeps over it.

    ``runs`` are its runs of characters beyond ASCII, ``chars`` the characters in them, ``odd`` those of them that are odd.
    """
    found: list[Callable[[str], bool]] = [_is_odd] if odd else []
    # From the end, two spaces are found in half the time.
    if text.rfind("  ") >= 0 or list(map(str.strip, lines)) != lines:
        found.append(_is_loose)
    if _is_referring(text):
        found.append(_is_referring)
    # Line by line, because a text that is not composed is composed whole to be compared.
    if chars and not stand_alone(chars) and any(map(_is_decomposed, lines)):
        found.append(_is_decomposed)
    if chars and has_sign(text, runs, chars):
        found.append(may_be_mojibake)
    return found


def repair(line: str, whitespace: str = "text", *, guarded: bool = True) -> str:
    """Return one line repaired, with one space between words and none at the ends.

    ``whitespace`` is "text", or "layout" to leave the spaces before and between words, or "off" to leave all spaces.
    ``guarded=False`` asks ftfy about every line, with or without a sign; it exists for the test that both ways agree.
    """
    if guarded and not any([guard(line) for guard in _GUARDS]):
        return line
    from cleaner.text.repairing import repaired

    return repaired(line, whitespace, guarded=guarded)


# --- Fenced code ----------------------------------------------------------------------------------------------------
_FENCE = re.compile(r"(`{3,}|~{3,})(.*)")


OUTSIDE, FENCE, INSIDE = 0, 1, 2
# How a fence begins.
FENCES = ("```", "~~~")


def fenced_lines(lines: Sequence[str]) -> list[int] | None:
    """Return for each of the repaired ``lines`` whether it is OUTSIDE of code, a FENCE, or INSIDE; None if there is no code.

    A fence is as in CommonMark, except that one that nothing closes is no fence: a stray ``` in scraped text must not
    protect all that follows.
    """
    marks: dict[int, tuple[str, int, bool]] = {}
    for index, line in enumerate(lines):
        stripped = line.strip()
        if stripped.startswith(FENCES):
            match = _FENCE.match(stripped)
            if match and not (match[1][0] == "`" and "`" in match[2]):
                marks[index] = (match[1][0], len(match[1]), not match[2])
    if not marks:
        return None
    # For each mark, the longest closing mark of the same character below it: this shows at once whether anything closes
    # an opening, and keeps the whole linear.
    longest = {"`": 0, "~": 0}
    closed: dict[int, bool] = {}
    for index in reversed(marks):
        char, length, bare = marks[index]
        closed[index] = longest[char] >= length
        if bare:
            longest[char] = max(longest[char], length)
    fenced = [OUTSIDE] * len(lines)
    opened: tuple[int, str, int] | None = None
    for index, (char, length, bare) in marks.items():
        if opened is None:
            if closed[index]:
                opened = (index, char, length)
        elif bare and char == opened[1] and length >= opened[2]:
            fenced[opened[0] : index + 1] = [INSIDE] * (index + 1 - opened[0])
            fenced[opened[0]] = fenced[index] = FENCE
            opened = None
    return fenced if any(fenced) else None


# --- Whole texts ----------------------------------------------------------------------------------------------------
def _without_surrogates(text: str) -> str:
    """Return a text with pairs of surrogates replaced by the characters they stand for, and lone ones by U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


class Normalized(NamedTuple):
    """A repaired text: one line for each line of the original, and which of them are fenced code (see ``fenced_lines``).

    Lines inside fences are unchanged. Lone surrogates, which no file can hold, become U+FFFD everywhere. ``chars`` are the
    characters beyond ASCII of a text that needed no repair, None if lines were repaired. ``whitespace`` is as in ``repair``.
    """

    lines: list[str]
    fenced: list[int] | None
    chars: Set[str] | None
    whitespace: str = "text"

    @property
    def kept(self) -> Sequence[int]:
        """The indexes of the lines that stay: runs of blank lines become one and those at the ends go; "off" removes only the last run."""
        if self.whitespace == "off":
            end = len(self.lines)
            while end and not self.lines[end - 1]:
                end -= 1
            return range(end)
        return kept_lines(self.lines, self.fenced)


def normalized(text: str, whitespace: str = "text", *, guarded: bool = True) -> Normalized:
    """Return the lines of ``text`` repaired; ``whitespace`` and ``guarded`` are as in ``repair``."""
    if not guarded or whitespace != "text":
        raw = _without_surrogates(text).splitlines()
        return Normalized(*_in_code(raw, [repair(line, whitespace, guarded=guarded) for line in raw]), None, whitespace)
    runs = beyond_ascii(text)
    chars = set(runs) - {" "} if runs else _NO_CHARS
    odd = _odd_of(chars)
    if odd and (whole := _without_surrogates(text)) != text:
        return normalized(whole)._replace(chars=None)
    lines = text.splitlines() if odd else text.split("\n")
    guards = _guards_of(text, lines, runs, chars, odd)
    if not guards:
        may_have_code = ("`" in text and "```" in text) or ("~" in text and "~~~" in text)
        return Normalized(lines, fenced_lines(lines) if may_have_code else None, chars)
    if not odd and not lines[-1]:
        lines.pop()  # as splitlines does
    if _SPACED.issuperset(guards) and all(map(str.isspace, odd - {CONTROL})) and not _has_control(text, odd):
        # Nothing but spaces is wrong, and with those mended no other guard becomes true.
        repaired = [line if line.isprintable() and not _is_loose(line) else " ".join(line.split()) for line in lines]
    else:
        repaired = [repair(line) if any([guard(line) for guard in guards]) else line for line in lines]
    return Normalized(*_in_code(lines, repaired), None)


_NO_CHARS: Set[str] = frozenset()
# Characters met so far that are not odd. This is a fact of Unicode, so it is kept from text to text.
_even: set[str] = set()
_ODD = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp", "Zs"))
_SPACED = frozenset((_is_odd, _is_loose))
_CONTROL_BUT_TAB = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def _odd_of(chars: Set[str]) -> Set[str]:
    """Return those of a text's characters that make a line odd, and surrogates. (No private or new character is odd.)"""
    odd = {char for char in chars - _even if char == _OBJECT or unicodedata.category(char) in _ODD}
    _even.update(chars - odd)
    return odd


def _has_control(text: str, odd: Set[str]) -> bool:
    """Tell whether a text has a control character of ASCII other than tabs and line breaks."""
    return CONTROL in odd and _CONTROL_BUT_TAB.search(text) is not None


def _in_code(raw: Sequence[str], lines: list[str]) -> tuple[list[str], list[int] | None]:
    """Return repaired lines, but the ``raw`` ones inside code, and what ``fenced_lines`` returns for them."""
    fenced = fenced_lines(lines)
    if fenced is not None:
        for index, place in enumerate(fenced):
            if place == INSIDE:
                lines[index] = raw[index]
    return lines, fenced


def kept_lines(lines: Sequence[str], fenced: Sequence[int] | None) -> list[int]:
    """Return the indexes of ``lines`` that stay when runs of blank lines become one and those at the ends go."""
    if "" not in lines:
        return list(range(len(lines)))
    # A blank line stays below one that is not blank, or in code. The last line of code is a fence.
    above = ["", *lines]
    if fenced is None:
        kept = [index for index, line in enumerate(lines) if line or above[index]]
    else:
        kept = [index for index, line in enumerate(lines) if line or above[index] or fenced[index]]
    if kept and not lines[kept[-1]]:
        kept.pop()
    return kept


def normalize(text: str, whitespace: str | None = None) -> str:
    """Return ``text`` with its encoding and whitespace repaired, and nothing dropped.

    Lines are joined with "\\n", runs of blank lines become one, and the text neither begins nor ends with a line break.
    ``whitespace`` is "text" (one space between words, none at the ends of lines), "layout" (leading spaces, tabs and columns stay) or
    "off" (all whitespace but line breaks stays); by default (None) a text that has a layout keeps it.
    ``normalize(normalize(x)) == normalize(x)`` for every string.
    """
    if whitespace is None:
        # The result must have a layout, too, or normalizing it again would flatten it.
        if has_layout(text) and has_layout(laid_out := normalize(text, "layout")):
            return laid_out
        whitespace = "text"
    normal = normalized(text, whitespace)
    kept = normal.kept
    if normal.chars is not None and len(kept) == len(normal.lines):
        return text
    return "\n".join([normal.lines[index] for index in kept])
