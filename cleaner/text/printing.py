"""Text that is safe for a terminal: no name of a file or site, and no line of a text, may move the cursor or retitle a window."""

from __future__ import annotations

import json
from typing import Any


def printable(text: str) -> str:
    """Return text with all but printable characters escaped, as Python writes them."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def json_text(value: Any, indent: int | None = None) -> str:
    """Return a value as JSON, with letters of all scripts as they are and all but printable characters escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or char == "\n" else json.dumps(char)[1:-1] for char in text
    )  # a line break is outside of strings: dumps has escaped the others


def toml_text(text: str) -> str:
    """Return TOML with all but printable characters of its texts escaped; a line break is between values."""
    return "".join(char if char.isprintable() or char == "\n" else f"\\U{ord(char):08x}" for char in text)
