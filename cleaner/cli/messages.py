"""What the command says on standard error: a line each, safe for a terminal."""

from __future__ import annotations

import contextlib
import sys


def complain(message: str) -> None:
    """Print a message on one line of standard error. Where that cannot be written, nobody can be told."""
    with contextlib.suppress(OSError):
        print(f"cleaner: {printable(message)}", file=sys.stderr)


def printable(text: str) -> str:
    """Return text safe for a terminal: control characters shown, not obeyed."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char == " " else repr(char)[1:-1] for char in text)
