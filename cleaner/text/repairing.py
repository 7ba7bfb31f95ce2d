"""The repair of one line: entities, mojibake, control characters, what is invisible, composed characters, spaces.

Imported for the first line that needs it, as most texts have none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from html.entities import html5

from cleaner.text.mojibake import fix_encoding, may_be_mojibake

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


_TICKS = re.compile(r"`+")


def _code_spans(line: str) -> Iterator[tuple[int, int]]:
    """Yield where code stands inside of a line: between as many backticks on both sides, as in CommonMark."""
    runs = [match.span() for match in _TICKS.finditer(line)]
    # For each run the next one of its length, looked up from the end, so that runs which nothing closes cost no search.
    closing: list[int | None] = [None] * len(runs)
    next_of: dict[int, int] = {}
    for place in range(len(runs) - 1, -1, -1):
        length = runs[place][1] - runs[place][0]
        closing[place] = next_of.get(length)
        next_of[length] = place
    place = 0
    while place < len(runs):
        close = closing[place]
        if close is not None:
            yield runs[place][0], runs[close][1]
            place = close
        place += 1


def _decode_entities(line: str) -> str:
    """Return a line with its references decoded; what stands in code is meant as it is written."""
    if "`" not in line:
        return _decoded_references(line)
    parts: list[str] = []
    end = 0
    for start, stop in _code_spans(line):
        parts += [_decoded_references(line[end:start]), line[start:stop]]
        end = stop
    return "".join([*parts, _decoded_references(line[end:])])


def _decoded_references(text: str) -> str:
    return _ENTITY.sub(_decode_reference, _AMPERSAND.sub("&", text))


# --- Control characters -----------------------------------------------------------------------------------------------
# What ftfy removes wherever it stands. Terminal escapes and control characters alone are no reason to load it.
_CONTROLS = re.compile("\x1b\\[[\\d;]*[a-zA-Z]|[\x00-\x08\x0b\x0e-\x1f\x7f\u206a-\u206f\ufff9-\ufffc\ufeff]")


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


# --- All of it ---
_ODD_SPACE = re.compile(r"[^\S \t]")
# A reference or mojibake may stand for one ("&#10;"), but what is one line stays one.
_BREAK = re.compile("[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


def repaired(line: str, whitespace: str, *, guarded: bool) -> str:
    """Return a line after as many rounds of all repairs as change it; ``guarded`` as in ``repair``."""
    spaced = _SPACED[whitespace]
    original = line
    for _ in range(_ROUNDS):
        before = line
        if "&" in line:
            line = _decode_entities(line)
        line = _decoded(line, guarded)
        if not line.isascii():
            line = compose(_without_invisible(line))
        line = spaced(line)
        if line == before:
            return line
    # Nothing is known that comes here; what does stays as it was, however often it is cleaned.
    return original


def _laid_out(line: str) -> str:
    """Return a line with a common space for any other but tabs, and none at its end."""
    return _ODD_SPACE.sub(" ", line).rstrip()


# What is done to the spaces of a line.
_SPACED: dict[str, Callable[[str], str]] = {
    "text": lambda line: " ".join(line.split()),
    "layout": _laid_out,
    "off": lambda line: _BREAK.sub(" ", line),
}


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
