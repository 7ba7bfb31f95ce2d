"""Kind ``block``: a heading, recognized word for word or by its form, and the lines that belong to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from itertools import accumulate

from cleaner.kinds.base import Field, Kind, Matcher
from cleaner.kinds.headings import LONGEST_HEADING, Headings
from cleaner.matching.patterns import UNBOUNDED
from cleaner.model import Hit, Rule
from cleaner.snapshot import Line, Snapshot
from cleaner.text.lines import ends_sentence

_SENTENCE_STOP = re.compile(r"""[.。।۔]["'”’»)\]]?$|[:：]$""")
# This many headlines, each with a text below it, are a list of teasers rather than sections of an article.
_TEASERS = 3
# In words. A shorter line above prose is a subheading, even where a headline is to be expected.
_LEAST_HEADLINE = 4
# In words. Chinese without stops has paragraphs that look like headlines.
_PARAGRAPH = 16
# "printf(3)": the pages that a manual refers to are part of it.
_MANUAL_PAGE = re.compile(r"\w\(\d\w?\)")
BULLET = re.compile(r"(?:[-*+•▪●■►▶»›→]+|\d{1,2}[.)])\s")


def _looks_like_headline(line: Line, longest: int) -> bool:
    # A headline may be a question or an exclamation. A few words with a full stop are a sentence, however short the words of its
    # language are, and so is a line that introduces the next one with a colon.
    is_sentence = line.words >= 4 and _SENTENCE_STOP.search(line.text) is not None
    is_long = len(line.text) > longest * 16 or line.words > longest or line.is_prose
    return not is_sentence and not is_long and not _MANUAL_PAGE.search(line.text)


def _members(lines: Sequence[Line], looks: Callable[[int, int], bool], heading: int, rule: Rule, end: int) -> int:
    """Return how many lines below a heading belong to it, if the document ends at the place ``end``.

    ``looks`` tells whether the line at a place looks like a headline of at most some number of words.
    """
    below = range(heading + 1, min(end, heading + 1 + rule.spec["max_members"]))
    rest = lines[below.start : below.stop]
    headlines = [looks(place, rule.spec["member_words"]) for place in below]
    count = headlines.index(False) if False in headlines else len(headlines)
    if heading + 1 + count == end:
        return count
    if teasers := _with_texts(rest, headlines, rule, heading + 1 + len(rest) == end):
        return teasers
    # Prose returns. The line directly above it may be its subheading, unless it is a list item; and any line as short as
    # a subheading may be one.
    sure = 0
    while sure < count:
        line = rest[sure]
        is_item = BULLET.match(line.text) is not None
        if ends_sentence(line.text) and (is_item or line.text[-1] not in "?!"):
            break
        if not is_item and (sure == count - 1 or line.words < rule.spec["sure_words"]):
            break
        sure += 1
    if count > 0 and rest[0].words >= _LEAST_HEADLINE:
        return max(sure, int(rule.spec["least_members"]))
    return sure


def _with_texts(rest: Sequence[Line], headlines: Sequence[bool], rule: Rule, is_end: bool) -> int:
    """Return how many lines are teasers of a headline and one short text each, if there are enough to be sure.

    ``is_end`` says whether the document ends with ``rest``.
    """
    ends: list[int] = []
    place = 0
    while place < len(rest):
        first = place
        while place < len(rest) and headlines[place]:
            place += 1
        # A line shorter than any headline, such as a credit or a label, does not make the text below it a teaser.
        has_headline = any([line.words >= rule.spec["sure_words"] for line in rest[first:place]])
        if not has_headline or place == len(rest):
            break
        if rest[place].words > rule.spec["text_words"]:
            break
        place += 1
        ends.append(place)
    if len(ends) < _TEASERS:
        return 0
    # If more of the article follows, the last one may be one of its sections with a subheading.
    return ends[-1] if is_end and ends[-1] == len(rest) else ends[-2]


def _outweighs(members: Sequence[Line], above: int) -> bool:
    """Tell whether members as long as paragraphs have more words than the text above their heading: then they are the text."""
    return sum([line.words for line in members if line.words >= _PARAGRAPH]) > above


def _matcher(rules: Sequence[Rule]) -> Matcher:
    headings = Headings(rules)

    def match(snapshot: Snapshot, hits: list[Hit]) -> None:
        lines = snapshot.lines
        found = headings.found(snapshot)
        if not found:
            return
        # Cached, because the same lines are below several headings.
        looks = cache(lambda place, longest: _looks_like_headline(lines[place], longest))
        # The words above each line.
        words = list(accumulate([line.words for line in lines], initial=0))
        # Blocks at the end of the document are taken from the last one up, each as if those below it were already gone. Otherwise a
        # list of lists would need as many passes as it has blocks.
        above = end = place = len(lines)
        for heading, rule in reversed(found):
            if heading < place:
                place, end = heading, above
            count = _members(lines, looks, heading, rule, len(lines))
            if end < len(lines):
                count = max(count, _members(lines, looks, heading, rule, end))
            if _outweighs(lines[heading + 1 : heading + 1 + count], words[heading]):
                count = 0
            hits.extend([Hit(member, rule, "") for member in range(heading, heading + 1 + count)])
            if heading + 1 + count >= end and rule.where != "head":
                above = heading

    return match


KIND = Kind(
    "block",
    "a heading, recognized word for word or by its form, and the teasers below it, until prose returns",
    {
        "phrases": Field("phrases", {}, "headings word for word, a list for each language"),
        "patterns": Field("patterns", {}, "headings by their form, a list for each language"),
        "max_members": Field("number", 12, "how many lines may belong to the heading"),
        "least_members": Field("number", 0, "1 if the heading announces one headline, even directly above prose"),
        "member_words": Field("number", 25, "a longer line does not belong to it"),
        "sure_words": Field("number", 6, "above prose, a shorter line stays, as it may be a subheading"),
        "text_words": Field("number", 35, "how long the text below a headline may be, if three or more have one"),
    },
    _matcher,
    sought=("phrases", "patterns"),
    bounds=lambda _: (LONGEST_HEADING, UNBOUNDED),
)
