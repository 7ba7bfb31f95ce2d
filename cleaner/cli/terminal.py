"""Colour, and the width of the terminal."""

from __future__ import annotations

import os
from typing import Any

# Text that is wrapped is no wider than can be read.
_WIDEST = 100
_CODES = {
    "path": "1",
    "line": "36",
    "rule": "35",
    "gone": "31",
    "stays": "32",
    "place": "36",
    "cut": "1;7;31",
    "new": "1;7;32",
    "soft": "2",
    "head": "1",
}


def is_coloured(stream: Any) -> bool:
    """Tell whether a stream gets colours: a terminal does, unless NO_COLOR is set; with FORCE_COLOR every stream does."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return bool(stream.isatty()) and os.environ.get("TERM") != "dumb"


def paint(text: str, style: str, is_on: bool = True) -> str:
    """Return text in a style, if colours are on."""
    return f"\033[{_CODES[style]}m{text}\033[0m" if is_on and text else text


def width() -> int:
    """Return how many columns wrapped text may take."""
    import shutil  # takes longer to load than a short text to clean

    return min(_WIDEST, shutil.get_terminal_size((_WIDEST, 24)).columns)


def wrapped(text: str, indent: int = 0, hanging: int | None = None) -> str:
    """Return text broken into lines of the terminal's width, indented; all lines but the first by ``hanging``."""
    import textwrap

    rest = " " * (indent if hanging is None else hanging)
    # What is longer than a line, such as a URL, is not broken.
    return textwrap.fill(
        text,
        width(),
        initial_indent=" " * indent,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
