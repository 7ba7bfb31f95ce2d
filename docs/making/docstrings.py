"""Docstrings as Markdown: the lists of arguments, and the roles of reStructuredText, which this project's docstrings use."""

from __future__ import annotations

import re
from typing import Any

import griffe

_NAMES = re.compile(r"^(``\w+``(?:, ``\w+``)*)\n((?: {4}.*(?:\n|\Z))+)", re.MULTILINE)
_ROLE = re.compile(r":\w+:`~?([\w.]+)`")


class Readable(griffe.Extension):  # type: ignore[misc, unused-ignore]  # not typed where the site is not built
    """Turns each docstring into Markdown when its object is read."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        if obj.docstring is not None:
            obj.docstring.value = markdown(obj.docstring.value)


def markdown(docstring: str) -> str:
    """Return a docstring as Markdown."""
    text = _ROLE.sub(r"`\1`", docstring)
    return _NAMES.sub(lambda match: f"\n- {match[1]}: {' '.join(match[2].split())}\n", text)
