"""Kind ``bio``: the author's name on a line of its own, and the paragraph about the author below it."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.kinds.base import REQUIRED, Field, Kind, Matcher
from cleaner.matching.patterns import UNBOUNDED
from cleaner.model import Hit, Rule
from cleaner.snapshot import Line, Snapshot
from cleaner.text.folding import fold

_SHORTEST_NAME = 3
_LONGEST_NAME_WORDS = 5
# In code points.
_LONGEST_NAME = 60
# Code points of a paragraph for each word that it may have, at most.
_CODE_POINTS = 16
# The first words of a paragraph, this many and within this many code points, must hold a part of the name.
_OPENING_WORDS, _OPENING = 6, 80


def _is_name(line: str) -> bool:
    """Tell whether a line has the form of a person's name: a few words, each with a capital except particles."""
    if len(line) > _LONGEST_NAME or not line[0].isupper() or line[-1] in "!?:;,":
        return False
    words = line.split(" ")
    if not 2 <= len(words) <= _LONGEST_NAME_WORDS or any(map(str.isdigit, line)):
        return False
    if not words[-1][:1].isupper():
        return False
    return all([word[:1].isupper() or (word.islower() and len(word) <= _SHORTEST_NAME) for word in words])


def _opens_with(line: Line, name: str) -> bool:
    """Tell whether a paragraph has a part of ``name`` (a key) among its first words."""
    opening = fold(line.plain)[:_OPENING].replace("'s ", " ").split()[:_OPENING_WORDS]
    return any([word.strip(",.") in opening for word in name.split() if len(word) >= _SHORTEST_NAME])


def _names_above(lines: Sequence[Line], place: int) -> int | None:
    """Return the first place of a name directly above a line, alone or repeated; None if there is none."""
    start = place
    while start and lines[start - 1].key and lines[start - 1].key == lines[place - 1].key:
        start -= 1
    return next((first for first in range(start, place) if _is_name(lines[first].text)), None)


def _matcher(rules: Sequence[Rule]) -> Matcher:
    def match(snapshot: Snapshot, hits: list[Hit]) -> None:
        lines = snapshot.lines
        for rule in rules:
            longest = rule.spec["max_words"]
            for place, pattern in snapshot.candidates.get((rule.id, "patterns"), ()):
                line = lines[place]
                first = _names_above(lines, place)
                if (
                    first is not None
                    and place - first >= rule.spec["copies"]
                    and line.words <= longest
                    and len(line.text) <= longest * _CODE_POINTS
                    and _opens_with(line, lines[first].key)
                    and pattern.fullmatch(line.plain)
                ):
                    hits.extend([Hit(taken, rule, "") for taken in range(first, place + 1)])

    return match


KIND = Kind(
    "bio",
    "a person's name on lines of its own, and the paragraph below that begins with the name and tells about the person",
    {
        "copies": Field("number", 1, "how many times the name is above the paragraph, at least"),
        "patterns": Field(
            "patterns", REQUIRED, "regular expressions that the whole paragraph matches, a list for each language"
        ),
        "max_words": Field("number", 120, "a longer paragraph is never looked at"),
    },
    _matcher,
    sought=("patterns",),
    bounds=lambda values: (UNBOUNDED, values["max_words"]),
)
