"""Kind ``ending``: a heading that ends the article, and everything below it."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.kinds.base import Field, Kind, Matcher
from cleaner.kinds.headings import LONGEST_HEADING, Headings
from cleaner.matching.patterns import UNBOUNDED
from cleaner.model import Hit, Rule
from cleaner.snapshot import Line, Snapshot

# A section may repeat its heading. One that is repeated more often than this is a label of many things.
_MOST_HEADINGS = 4


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
                # Another article ends below: this is a page of several, and there is no telling which line belongs to which.
                return None
            found = place
        since = place + 1
    if found is None:
        return None
    below = lines[found + 1 :]
    most = rule.spec["most_below"]
    if most and 100 * _words(below) > most * _words(lines[:found]):
        return None
    return found if not rule.spec["marks"] or _has_mark(snapshot, found, rule) else None


def _is_article(lines: Sequence[Line], rule: Rule) -> bool:
    prose = [line for line in lines if line.is_prose]
    return bool(len(prose) >= rule.spec["lines_above"] and _words(prose) >= rule.spec["words_above"])


def _has_mark(snapshot: Snapshot, heading: int, rule: Rule) -> bool:
    """Tell whether one of a rule's marks stands below a heading."""
    for place, pattern in snapshot.candidates.get((rule.id, "marks"), ()):
        line = snapshot.lines[place]
        if place > heading and len(line.text) <= LONGEST_HEADING and pattern.fullmatch(line.plain):
            return True
    return False


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
    "a heading that is known word for word or by its form, and everything below it, if an article stands above",
    {
        "phrases": Field("phrases", {}, "headings word for word, a list for each language"),
        "patterns": Field("patterns", {}, "headings by their form, a list for each language"),
        "marks": Field("patterns", {}, "lines, one of which must stand below the heading; a list for each language"),
        "lines_above": Field("number", 3, "lines of prose that stand above the heading, at least"),
        "words_above": Field("number", 50, "words of these lines, at least"),
        "most_below": Field(
            "number", 0, "words below the heading, in percent of the words above, at most; 0 for any number"
        ),
    },
    _matcher,
    sought=("phrases", "patterns", "marks"),
    bounds=lambda _: (LONGEST_HEADING, UNBOUNDED),
)
