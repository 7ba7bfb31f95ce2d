"""The characters beyond ASCII in a text, and whether they combine with others.

A text of any length uses few different characters, so each question is asked once for each of them. The answers are facts of
Unicode and say nothing about a text, so they are cached.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Set

# Code points that are searched at once: a list of runs takes more memory than the text.
_PIECE = 1 << 20
# The translation of UTF-8 bytes: printable ASCII becomes a space, a control character 1, the rest stays.
_PRINTABLE = bytes(32 if 32 <= code < 127 or code == 10 else 1 if code < 128 else code for code in range(256))
_UNCONTROLLED = bytes(code for code in range(128) if _PRINTABLE[code] == 32)
CONTROL = "\x01"

_single: set[str] = set()
_combining: set[str] = set()


def beyond_ascii(text: str) -> str:
    """Return the runs of characters beyond ASCII that a text holds, each once, with spaces between them.

    ``CONTROL`` is among them if the text holds an ASCII control character other than the line feed.
    """
    if text.isascii():
        return CONTROL if text.encode().translate(None, _UNCONTROLLED) else ""
    runs: set[bytes] = set()
    for start in range(0, len(text), _PIECE):
        # A run that crosses a cut belongs to the piece before it.
        piece = text[start : start + _PIECE]
        if start:
            piece = piece[_run_at(piece, 0) :]
        if start + _PIECE < len(text):
            piece += text[start + _PIECE : _run_at(text, start + _PIECE)]
        runs.update(piece.encode("utf-8", "surrogatepass").translate(_PRINTABLE).split())
    return b" ".join(runs).decode("utf-8", "surrogatepass") if runs else ""


def _run_at(text: str, start: int) -> int:
    """Return where the run of characters beyond ASCII at a place ends."""
    while start < len(text) and text[start] > "\x7f":
        start += 1
    return start


def _learn(chars: Iterable[str]) -> None:
    for char in chars:
        category = unicodedata.category(char)[0]
        if (
            category not in "LNPSZC"
            or "\u1100" <= char <= "\u11ff"
            or "\ua960" <= char <= "\ua97f"
            or "\ud7b0" <= char <= "\ud7ff"
            or (char > "\uffff" and category == "L")
            or unicodedata.combining(char)
            or not unicodedata.is_normalized("NFC", char)
        ):
            _combining.add(char)
        else:
            # Last, because this tells other threads that the character is known.
            _single.add(char)


def stand_alone(chars: Set[str]) -> bool:
    """Tell whether no character of a set, all beyond ASCII, combines with its neighbours in any of Unicode's forms."""
    if not chars <= _single:
        _learn(chars - _single - _combining)
        return chars <= _single
    return True
