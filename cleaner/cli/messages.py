"""What the command says on standard error: a line each, safe for a terminal."""

from __future__ import annotations

import os
import sys
from typing import Any


def complain(message: str) -> None:
    """Print a message on one line of standard error. Where that cannot be written, nobody can be told."""
    try:
        print(f"cleaner: {printable(message)}", file=sys.stderr)
    except OSError:
        forget(sys.stderr)


def forget(stream: Any) -> None:
    """Drop what a stream still holds: nobody reads it, as below `head`, or it cannot be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def printable(text: str) -> str:
    """Return text safe for a terminal: control characters shown, not obeyed."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char == " " else repr(char)[1:-1] for char in text)
