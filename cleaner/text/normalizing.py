"""The repair of encoding and whitespace, line by line, as a fixed point.

A text is split at every kind of line break first and each line is repaired by itself: mojibake by ftfy, control characters
and terminal escapes, entities, then NFC, invisible characters and spaces. Curly quotes, dashes, ligatures and full-width
forms are content and stay.

Most lines need none of it, so a guard finds out in a few sweeps over a whole text which do; a property test holds the guarded
and the unguarded path equal.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence, Set
from html.entities import html5

from cleaner.model import FixedPointError
from cleaner.text.characters import beyond_ascii, stand_alone
from cleaner.text.mojibake import fix_encoding, has_sign, may_be_mojibake

# A line settles in two or three rounds; more than this many is a bug.
_ROUNDS = 32

# --- Entities -------------------------------------------------------------------------------------------------------
# One round must be a fixed point, or "&amp;amp;lt;" would change with every cleaning. A run of ampersand references
# collapses to "&" first; then every other reference with a semicolon is decoded once. None of those can complete a new
# reference, because those that stand for an ASCII letter, a digit, "#", "&" or ";" are left alone. (It will be wrong
# about text that spells its letters as "&#116;", which is how addresses are hidden from harvesters.)
_AMPERSAND = re.compile(r"&(?:(?:amp|AMP|#0{0,5}38|#[xX]0{0,4}26);)+")
_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_KEPT_REFERENCES = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789#&;")
_LOWEST_SURROGATE, _HIGHEST_SURROGATE, _HIGHEST = 0xD800, 0xDFFF, 0x10FFFF


def _decode_reference(match: re.Match[str]) -> str:
    reference = match[0]
    if reference[1] != "#":
        char = html5.get(reference[1:], reference)
    else:
        code = int(reference[3:-1], 16) if reference[2] in "xX" else int(reference[2:-1])
        if (
            code > _HIGHEST
            or _LOWEST_SURROGATE <= code <= _HIGHEST_SURROGATE
            or (code < 32 and code not in (9, 10, 13))
        ):
            return reference
        # Browsers read references to C1 controls as the characters of Windows-1252 at the same place.
        char = bytes([code]).decode("cp1252", "replace") if 0x80 <= code <= 0x9F else chr(code)
    return reference if char in _KEPT_REFERENCES else char


def _decode_entities(line: str) -> str:
    return _ENTITY.sub(_decode_reference, _AMPERSAND.sub("&", line))


# --- Control characters -----------------------------------------------------------------------------------------------
_OBJECT = "\ufffc"  # of the characters below the only one that Python calls printable


# What ftfy removes wherever it stands. Terminal escapes and control characters alone are no reason to load it.
_CONTROLS = re.compile("\x1b\\[[\\d;]*[a-zA-Z]|[\x00-\x08\x0b\x0e-\x1f\x7f\u206a-\u206f\ufff9-\ufffc\ufeff]")


def _without_surrogates(text: str) -> str:
    """Return a text with the characters that pairs of surrogates stand for, and U+FFFD for those that stand alone."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


# --- Invisible characters -------------------------------------------------------------------------------------------
# Joiners shape the letters of these scripts, and of emoji; anywhere else they are left-overs of layout.
_JOINED_SCRIPT = (
    "\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u18af\u1b00-\u1bff\ua840-\ua87f\ua980-\ua9df\U00010a00-\U00011fff"
)
_EMOJI = "\u2190-\u2bff\u3030\u303d\u3297\u3299\ufe0f\U0001f000-\U0001faff\U000e0020-\U000e007f"
_NO_SPACE_SCRIPT = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer: a zero-width space parts words
)


_INVISIBLE = re.compile(
    "[\x80-\x84\x86-\x9f\xad\u180e\u2060-\u2064\ufeff]"
    f"|(?<![{_NO_SPACE_SCRIPT}])\u200b|\u200b(?![{_NO_SPACE_SCRIPT}])"
    f"|(?<![{_JOINED_SCRIPT}{_EMOJI}])[\u200c\u200d]"
    f"|(?<=[{_EMOJI}])[\u200c\u200d](?![{_EMOJI}])"
)


_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")


def _without_invisible(line: str) -> str:
    line = _INVISIBLE.sub("", line)
    if _DIRECTION.search(line) and not _RIGHT_TO_LEFT.search(line):
        line = _DIRECTION.sub("", line)
    return line


# --- Composed characters --------------------------------------------------------------------------------------------
# Marks that combine are neither letters nor ASCII. What is shorter than this is not worth sorting.
_LONG_RUN = re.compile(r"[^\x00-\x7f\w]{32,}")


def compose(text: str) -> str:
    """Return ``text`` in Unicode's form NFC, in a time that grows no faster than the text.

    ``unicodedata.normalize`` sorts a run of marks by moving each mark past all that belong behind it, one by one.
    """
    if unicodedata.is_normalized("NFC", text):
        return text
    return unicodedata.normalize("NFC", _LONG_RUN.sub(_in_order, text))


def _in_order(run: re.Match[str]) -> str:
    """Return a run decomposed, its marks in the order of their classes between those that have none."""
    parts: list[list[str]] = [[]]
    for char in run[0]:
        for mark in unicodedata.normalize("NFD", char):
            if not unicodedata.combining(mark):
                parts.append([mark])
                parts.append([])
            else:
                parts[-1].append(mark)
    return "".join(["".join(sorted(part, key=unicodedata.combining)) for part in parts])


# --- Lines -------------------------------------------------------------------------------------------------------
def _is_odd(line: str) -> bool:
    """Tell whether a line holds a control, a space that is not the common one, or what is invisible."""
    return not line.isprintable() or _OBJECT in line


def _is_loose(line: str) -> bool:
    return "  " in line or line != line.strip()


def _is_referring(line: str) -> bool:
    return "&" in line and _ENTITY.search(line) is not None


def _is_decomposed(line: str) -> bool:
    return not unicodedata.is_normalized("NFC", line)


# The guards in front of what is slow: a line of which none is true can be taken as it is.
_GUARDS: tuple[Callable[[str], bool], ...] = (_is_odd, _is_loose, _is_referring, _is_decomposed, may_be_mojibake)


def _guards_of(text: str, lines: Sequence[str], runs: str, chars: Set[str], odd: bool) -> list[Callable[[str], bool]]:
    """Return the guards that hold for a line of a text, or may, at a cost that is hardly more than that of a few sweeps over it.

    ``runs`` are its runs of characters beyond ASCII, ``chars`` the characters in them, ``odd`` what ``_has_odd`` tells of these.
    """
    found: list[Callable[[str], bool]] = [_is_odd] if odd else []
    # From the end, two spaces are found in half the time.
    if text.rfind("  ") >= 0 or list(map(str.strip, lines)) != lines:
        found.append(_is_loose)
    if _is_referring(text):
        found.append(_is_referring)
    # Line by line, as one that is not composed has all that it is asked with composed to compare.
    if chars and not stand_alone(chars) and any(map(_is_decomposed, lines)):
        found.append(_is_decomposed)
    if chars and has_sign(text, runs, chars):
        found.append(may_be_mojibake)
    return found


def repair(line: str, *, guarded: bool = True) -> str:
    """Return one line repaired: no line break in it, one space between words, none at the ends.

    ``guarded=False`` asks ftfy about every line, sign or no sign; it exists for the test that both ways agree.
    """
    if guarded and not any([guard(line) for guard in _GUARDS]):
        return line
    return _repaired(line, guarded)


def _repaired(line: str, guarded: bool) -> str:
    """Return a line after as many rounds of all repairs as change it; ``guarded`` as in ``repair``."""
    for _ in range(_ROUNDS):
        before = line
        if "&" in line:
            line = _decode_entities(line)
        line = _decoded(line, guarded)
        if not line.isascii():
            line = compose(_without_invisible(line))
        line = " ".join(line.split())
        if line == before:
            return line
    raise FixedPointError(
        f"normalizing did not settle in {_ROUNDS} rounds on a line of {len(line)} characters: {line[:80]!r}"
    )


def _decoded(line: str, guarded: bool) -> str:
    """Return a line as ftfy would: without mojibake, control characters and terminal escapes, in NFC."""
    for _ in range(_ROUNDS):
        before = line
        if not guarded or may_be_mojibake(line):
            line = fix_encoding(line)
        line = compose(_CONTROLS.sub("", line))
        if line == before:
            break
    return line


# --- Fenced code ----------------------------------------------------------------------------------------------------
_FENCE = re.compile(r"(`{3,}|~{3,})(.*)")


OUTSIDE, FENCE, INSIDE = 0, 1, 2
# How a fence begins.
FENCES = ("```", "~~~")


def fenced_lines(lines: Sequence[str]) -> list[int] | None:
    """Tell of each of the repaired ``lines`` whether it is OUTSIDE of code, a FENCE, or INSIDE; None when there is no code.

    A fence is as in CommonMark, but one that nothing closes is no fence: a stray ``` in scraped text must not
    shelter all that follows.
    """
    marks: dict[int, tuple[str, int, bool]] = {}
    for index, line in enumerate(lines):
        if line.startswith(FENCES):
            match = _FENCE.match(line)
            if match and not (match[1][0] == "`" and "`" in match[2]):
                marks[index] = (match[1][0], len(match[1]), not match[2])
    if not marks:
        return None
    # For each mark, the longest closing mark of its character below it, so that an opening that nothing closes
    # is known at once and the whole stays linear.
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
def normalized_lines(text: str, *, guarded: bool = True) -> tuple[list[str], list[int] | None]:
    """Return the lines of ``text`` repaired, one for each line of the original, and which of them are fenced code.

    Lines inside fences are as they came. Lone surrogates, which no file can hold, become U+FFFD everywhere.
    """
    lines, fenced, _ = normalized(text, guarded=guarded)
    return lines, fenced


def normalized(text: str, *, guarded: bool = True) -> tuple[list[str], list[int] | None, Set[str] | None]:
    """Return what ``normalized_lines`` returns, and the characters beyond ASCII of a text that needed no repair.

    The last is None where lines were repaired.
    """
    if not guarded:
        raw = _without_surrogates(text).splitlines()
        return *_in_code(raw, [repair(line, guarded=False) for line in raw]), None
    runs = beyond_ascii(text)
    chars = set(runs) - {" "} if runs else _NO_CHARS
    odd = _has_odd(chars)
    if odd and (whole := _without_surrogates(text)) != text:
        return *normalized(whole)[:2], None
    lines = text.splitlines() if odd else text.split("\n")
    guards = _guards_of(text, lines, runs, chars, odd)
    if not guards:
        may_have_code = ("`" in text and "```" in text) or ("~" in text and "~~~" in text)
        return lines, (fenced_lines(lines) if may_have_code else None), chars
    if not odd and not lines[-1]:
        lines.pop()  # as splitlines does
    if guards == [_is_loose]:  # fewer spaces bring about nothing that another guard would see
        repaired = [" ".join(line.split()) if "  " in line or line != line.strip() else line for line in lines]
    elif len(guards) == 1:
        repaired = [_repaired(line, True) if guards[0](line) else line for line in lines]
    else:
        repaired = [_repaired(line, True) if any([guard(line) for guard in guards]) else line for line in lines]
    return *_in_code(lines, repaired), None


_NO_CHARS: Set[str] = frozenset()
# Characters that are not odd, as far as they have been met: this is what they are, and nothing of the texts that held them.
_even: set[str] = set()
_ODD = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp", "Zs"))


def _has_odd(chars: Set[str]) -> bool:
    """Tell whether ``_is_odd`` of a line with some characters, or one is a surrogate. (No private or new character is odd.)"""
    if not chars <= _even:
        if _OBJECT in chars or any(unicodedata.category(char) in _ODD for char in chars):
            return True
        _even.update(chars)
    return False


def _in_code(raw: Sequence[str], lines: list[str]) -> tuple[list[str], list[int] | None]:
    """Return repaired lines with the ``raw`` ones inside of code, and what ``fenced_lines`` tells of them."""
    fenced = fenced_lines(lines)
    if fenced is not None:
        for index, place in enumerate(fenced):
            if place == INSIDE:
                lines[index] = raw[index]
    return lines, fenced


def kept_lines(lines: Sequence[str], fenced: Sequence[int] | None) -> list[int]:
    """Return the indexes of ``lines`` that stay when blank runs become one and the ends are bare."""
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


def normalize(text: str) -> str:
    """Return ``text`` with its encoding and whitespace repaired, and nothing dropped.

    Lines are joined with "\\n", blank runs become one blank line, the ends are bare (no final line break).
    ``normalize(normalize(x)) == normalize(x)`` for every string.
    """
    lines, fenced, chars = normalized(text)
    kept = kept_lines(lines, fenced)
    if chars is not None and len(kept) == len(lines):
        return text
    return "\n".join([lines[index] for index in kept])
