"""Whether the spaces of a text carry meaning: columns, verse, tables, nested lists, code."""

from __future__ import annotations

from collections.abc import Sequence

# So many lines, one below the other, with as many tabs each, are a table.
_ROWS = 3


def has_layout(text: str) -> bool:
    """Tell whether a text has tabs in columns, or most of its lines are indented."""
    if "\t" not in text and "\n " not in text:
        return False
    lines = [line for line in text.splitlines() if line.strip()]
    indented = sum([line[0].isspace() for line in lines])
    return (len(lines) > 1 and 2 * indented > len(lines)) or _has_columns(lines)


def _has_columns(lines: Sequence[str]) -> bool:
    rows, tabs = 0, 0
    for line in lines:
        here = line.strip().count("\t")
        rows = rows + 1 if here and here == tabs else int(here > 0)
        tabs = here
        if rows >= _ROWS:
            return True
    return False
