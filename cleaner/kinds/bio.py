"""Kind ``bio``: the author's name on a line of its own, and the paragraph about the author below it."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.kinds.base import REQUIRED, Field, Kind, Matcher, matches_any
from cleaner.model import Hit, Rule
from cleaner.snapshot import Line, Snapshot
from cleaner.text.folding import fold

_SHORTEST_NAME = 3
_LONGEST_NAME_WORDS = 5
# In code points.
_LONGEST_NAME = 60
# Code points of a paragraph for each word that it may have, at most.
_CODE_POINTS = 16
# So many words at the beginning of a paragraph, within so many code points, must hold a part of the name.
_OPENING_WORDS, _OPENING = 6, 80


def _is_name(line: str) -> bool:
    """Tell whether a line has the form of a person's name: a few words, each with a capital but for particles."""
    if len(line) > _LONGEST_NAME or not line[0].isupper() or line[-1] in "!?:;,":
        return False
    words = line.split(" ")
    if not 2 <= len(words) <= _LONGEST_NAME_WORDS or any(map(str.isdigit, line)):
        return False
    if not words[-1][:1].isupper():
        return False
    return all([word[:1].isupper() or (word.islower() and len(word) <= _SHORTEST_NAME) for word in words])


def _is_about(line: Line, name: str, rule: Rule) -> bool:
    """Tell whether a paragraph is about the bearer of ``name`` (a key) and says it as bios do."""
    longest = rule.spec["max_words"]
    if len(line.text) > longest * _CODE_POINTS or line.words > longest:
        return False
    opening = fold(line.plain)[:_OPENING].replace("'s ", " ").split()[:_OPENING_WORDS]
    if not any([word.strip(",.") in opening for word in name.split() if len(word) >= _SHORTEST_NAME]):
        return False
    return matches_any(rule.spec["patterns"], line.plain)


def _matcher(rules: Sequence[Rule]) -> Matcher:
    def match(snapshot: Snapshot, hits: list[Hit]) -> None:
        lines = snapshot.lines
        behind = 0
        for place in [place for place, line in enumerate(lines) if _is_name(line.text)]:
            # A name that is said several times is looked at where it is said first.
            if place < behind:
                continue
            name = lines[place].key
            end = place + 1
            while end < len(lines) and lines[end].key == name:
                end += 1
            if end < len(lines):
                for rule in rules:
                    if end - place >= rule.spec["copies"] and _is_about(lines[end], name, rule):
                        hits.extend([Hit(taken, rule, "") for taken in range(place, end + 1)])
            behind = end

    return match


KIND = Kind(
    "bio",
    "a person's name on lines of its own, and the paragraph below that begins with the name and says what its bearer does",
    {
        "copies": Field("number", 1, "how many times the name stands above the paragraph, at least"),
        "patterns": Field(
            "patterns", REQUIRED, "regular expressions that the whole paragraph matches, a list for each language"
        ),
        "max_words": Field("number", 120, "a longer paragraph is never looked at"),
    },
    _matcher,
)
