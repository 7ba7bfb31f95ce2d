"""Messages on standard error: one line each, safe for a terminal."""

from __future__ import annotations

import os
import sys
from typing import Any

from cleaner.text.printing import printable

__all__ = ("complain", "forget", "printable")


def complain(message: str) -> None:
    """Print a message on one line of standard error; if that cannot be written, nobody can be told."""
    try:
        print(f"cleaner: {printable(message)}", file=sys.stderr)
    except OSError:
        forget(sys.stderr)


def forget(stream: Any) -> None:
    """Discard a stream's buffer, because nobody reads it any more (`| head`) or it cannot be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
