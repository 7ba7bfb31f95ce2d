"""The layout of a text: whether its spaces carry meaning (columns, verse, nested lists, code), and whether it is running text."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.text.lines import ends_sentence, word_count

# This many lines, one below the other, with the same number of tabs are a table.
_ROWS = 3
# The least words of a sentence, and of a paragraph however it ends; and the share of a running text's words that are in these.
_SENTENCE, _PARAGRAPH = 5, 30
_RUNNING = 3 / 4


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


def is_running_text(text: str) -> bool:
    """Tell whether three quarters of the words of a text are in sentences and paragraphs of one line each, as extractors write them.

    Lists of words, settings, code and hand-wrapped text are not: a wrapped line seldom ends where its sentence does.
    """
    words = running = 0
    for line in text.splitlines():
        shown = " ".join(line.split())
        count = word_count(shown)
        words += count
        if count >= _PARAGRAPH or (count >= _SENTENCE and ends_sentence(shown)):
            running += count
    return running >= _RUNNING * words
