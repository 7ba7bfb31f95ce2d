"""Kind ``row``: labels side by side on one line above or below the text, with bars, dots or arrows between them."""

from __future__ import annotations

import re

from cleaner.kinds.base import Field, Kind
from cleaner.kinds.outside import outside_matcher
from cleaner.model import Rule
from cleaner.snapshot import Line
from cleaner.text.lines import ends_sentence, word_count

_SIGN = re.compile(r"[|•·∙¦│»›]+")
_SIGNS = "|•·∙¦│»› "
_LETTERS = re.compile(r"[^\W\d_]{2}")
# A label is not longer than this, in code points, and so many in a hundred may hold a digit.
_LONGEST, _WITH_DIGIT = 40, 25


def _labels(line: str) -> list[str]:
    """Return what is between the signs of a line; none for a row of a table in Markdown, which has a bar at both ends."""
    text = line.strip()
    if text.startswith("|") and text.endswith("|"):
        return []
    return [label.strip() for label in _SIGN.split(text.strip(_SIGNS)) if label.strip()]


def _is_row(line: Line, rule: Rule) -> bool:
    if not any([sign in line.text for sign in _SIGNS[:-1]]) or ends_sentence(line.text):
        return False
    labels = _labels(line.text)
    return (
        len(labels) >= rule.spec["least"]
        and all([_is_label(label, rule) for label in labels])
        and sum([any(map(str.isdigit, label)) for label in labels]) * 100 <= _WITH_DIGIT * len(labels)
        # A row of a table says the same in several columns.
        and len({label.casefold() for label in labels}) >= len(labels) - 1
    )


def _is_label(text: str, rule: Rule) -> bool:
    return len(text) <= _LONGEST and word_count(text) <= rule.spec["label_words"] and bool(_LETTERS.search(text))


KIND = Kind(
    "row",
    "a line of short labels with bars, dots or arrows between them, above the first or below the last paragraph of a text",
    {
        "least": Field("number", 4, "how many labels, at least"),
        "label_words": Field("number", 5, "words of a label, at most"),
    },
    outside_matcher(_is_row),
)
