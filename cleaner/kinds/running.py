"""Kind ``running``: the head or foot of a printed page, which returns with another page number between the paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from cleaner.kinds.base import Field, Kind, Matcher
from cleaner.model import Hit, Rule
from cleaner.snapshot import Line, Snapshot
from cleaner.text.folding import key

# A running head is not longer than this, in code points.
_LONGEST = 100
# There is one space between words, and a key has no sign at its ends.
_NUMBER_FIRST = re.compile(r"(\d{1,4}) (?:[|•·–-] ?)?([^\W\d].*)")
_NUMBER_LAST = re.compile(r"([^\W\d].*) (\d{1,4})")


def _parts(text: str) -> tuple[str, int] | None:
    """Return the words and the page number of a running head."""
    if first := _NUMBER_FIRST.fullmatch(text):
        return key(first[2]), int(first[1])
    if last := _NUMBER_LAST.fullmatch(text):
        return key(last[1]), int(last[2])
    return None


def _may_be_head(text: str) -> bool:
    return len(text) <= _LONGEST and (text[0].isdigit() or text[-1].isdigit())


def _run_through(lines: Sequence[Line], places: Sequence[int], pages: Sequence[int]) -> bool:
    """Tell whether the page numbers grow, with running text between the lines."""
    return all([one < other for one, other in pairwise(pages)]) and all(
        [any([line.is_prose for line in lines[one + 1 : other]]) for one, other in pairwise(places)]
    )


def _matcher(rules: Sequence[Rule]) -> Matcher:
    def match(snapshot: Snapshot, hits: list[Hit]) -> None:
        lines = snapshot.lines
        found: dict[str, list[tuple[int, int]]] = {}
        for place in [place for place, line in enumerate(lines) if _may_be_head(line.text)]:
            if parts := _parts(lines[place].text):
                found.setdefault(parts[0], []).append((place, parts[1]))
        for rule in rules:
            for head, own in found.items():
                places, pages = [place for place, _ in own], [page for _, page in own]
                if (
                    len(own) >= rule.spec["least"]
                    and rule.spec["min_words"] <= head.count(" ") + 1 <= rule.spec["max_words"]
                    and _run_through(lines, places, pages)
                ):
                    hits.extend([Hit(place, rule, "") for place in places])

    return match


KIND = Kind(
    "running",
    "lines of the same words that return between paragraphs, each with a greater page number before or behind them",
    {
        "least": Field("number", 3, "how often the words return, at least"),
        "min_words": Field("number", 3, "words besides the number, at least"),
        "max_words": Field("number", 12, "words besides the number, at most"),
    },
    _matcher,
)
