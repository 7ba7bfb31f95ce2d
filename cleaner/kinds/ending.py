"""Kind ``ending``: a heading that ends the article, and everything below it."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.kinds.base import Field, Kind, Matcher
from cleaner.kinds.headings import LONGEST_HEADING, Headings
from cleaner.matching.patterns import UNBOUNDED
from cleaner.model import Hit, Rule
from cleaner.snapshot import Line, Snapshot

# A section may repeat its heading; a heading that is repeated more often than this is the label of many things.
_MOST_HEADINGS = 4
# Marks are regular if there are at least this many, with at most this many lines of prose for each.
_MARKS, _PROSE_OF_A_MARK = 3, 4


def _end_of_article(snapshot: Snapshot, headings: Sequence[int], rule: Rule) -> int | None:
    """Return the place of the heading that ends the article, if one does."""
    lines = snapshot.lines
    if len(headings) > _MOST_HEADINGS:
        return None
    found = None
    since = 0
    for place in headings:
        if _is_article(lines[since:place], rule):
            if found is not None:
                # Another article ends below: this is a page of several, and nothing tells which line belongs to which.
                return None
            found = place
        since = place + 1
    if found is None:
        return None
    marks = _marks(snapshot, found, rule) if rule.spec["marks"] else 0
    if rule.spec["marks"] and not marks:
        return None
    # A bare heading may begin a chapter, so what is below must be short; comments with regular marks may have any length.
    below = lines[found + 1 :]
    if marks >= _MARKS and sum([line.is_prose for line in below]) <= _PROSE_OF_A_MARK * marks:
        return found
    return found if 100 * _words(below) <= rule.spec["most_below"] * _words(lines[:found]) else None


def _is_article(lines: Sequence[Line], rule: Rule) -> bool:
    prose = [line for line in lines if line.is_prose]
    return bool(len(prose) >= rule.spec["lines_above"] and _words(prose) >= rule.spec["words_above"])


def _marks(snapshot: Snapshot, heading: int, rule: Rule) -> int:
    """Return how many lines below a heading are a rule's marks."""
    found: set[int] = set()
    for place, pattern in snapshot.candidates.get((rule.id, "marks"), ()):
        line = snapshot.lines[place]
        if place > heading and len(line.text) <= LONGEST_HEADING and pattern.fullmatch(line.plain):
            found.add(place)
    return len(found)


def _words(lines: Sequence[Line]) -> int:
    return sum([line.words for line in lines])


def _matcher(rules: Sequence[Rule]) -> Matcher:
    headings = Headings(rules)

    def match(snapshot: Snapshot, hits: list[Hit]) -> None:
        found: dict[str, list[int]] = {}
        for place, rule in headings.found(snapshot):
            found.setdefault(rule.id, []).append(place)
        for rule in rules:
            places = found.get(rule.id)
            if places and (end := _end_of_article(snapshot, places, rule)) is not None:
                hits.extend([Hit(place, rule, "") for place in range(end, len(snapshot.lines))])

    return match


KIND = Kind(
    "ending",
    "a heading, recognized word for word or by its form, and everything below it, if an article is above",
    {
        "phrases": Field("phrases", {}, "headings word for word, a list for each language"),
        "patterns": Field("patterns", {}, "headings by their form, a list for each language"),
        "marks": Field("patterns", {}, "lines, one of which must be below the heading; a list for each language"),
        "lines_above": Field("number", 3, "lines of prose above the heading, at least"),
        "words_above": Field("number", 50, "words of these lines, at least"),
        "most_below": Field(
            "number",
            100,
            "words below the heading, in percent of the words above, at most, unless its marks are regular",
        ),
    },
    _matcher,
    sought=("phrases", "patterns", "marks"),
    bounds=lambda _: (LONGEST_HEADING, UNBOUNDED),
)
