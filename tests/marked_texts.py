"""Texts with marks: a line after "- " goes, one after two spaces stays."""

from __future__ import annotations

from cleaner import normalize


def marked(text: str) -> tuple[str, str]:
    """Return a text without its marks, and the text that cleaning must leave."""
    whole: list[str] = []
    left: list[str] = []
    for row in text.strip("\n").split("\n"):
        mark, line = row[:2], row[2:]
        assert mark in ("", "  ", "- "), f"{row!r} has no mark"
        whole.append(line)
        if mark != "- ":
            left.append(line)
    return "\n".join(whole), normalize("\n".join(left))
