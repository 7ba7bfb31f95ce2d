"""Kind ``block``: a heading that is known word for word, and the lines that hang on it."""

from __future__ import annotations

from cleaner.document import Document
from cleaner.expressions import expression
from cleaner.kinds.base import Field, Kind
from cleaner.kinds.headings import Headings
from cleaner.lines import ends_sentence, word_count
from cleaner.model import Hit, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleaner.kinds.base import Context, Matcher

_SENTENCE_STOP = expression(r"""[.。।۔]["'”’»)\]]?$|[:：]$""")
# So many headlines with a text below each are a list of teasers and no sections of an article.
_TEASERS = 3
BULLET = expression(r"(?:[-*+•▪●■►▶»›→]+|\d{1,2}[.)])\s")


def _looks_like_headline(document: Document, index: int, longest: int) -> bool:
    line = document.lines[index]
    words = word_count(line)
    # A headline may ask or exclaim; a full stop after a few words is a sentence, however short its language writes them,
    # and so is what ends in a colon to introduce the next line.
    is_sentence = words >= 4 and _SENTENCE_STOP.search(line) is not None
    return len(line) <= longest * 16 and words <= longest and not is_sentence and not document.is_prose(index)


def _members(document: Document, position: int, rule: Rule, end: int) -> int:
    """Return how many live lines behind the heading at ``position`` hang on it, where the document ends at position ``end``."""
    rest = document.live[position + 1 : min(end, position + 1 + rule.spec["max_members"])]
    headlines = [_looks_like_headline(document, line, rule.spec["member_words"]) for line in rest]
    count = headlines.index(False) if False in headlines else len(headlines)
    if position + 1 + count == end:
        return count
    if teasers := _with_texts(document, rest, headlines, rule, document.live[end - 1]):
        return teasers
    # Prose returns. What stands directly above it may be its subheading, where it is no list item; and what is as short as
    # a subheading may be one.
    sure = 0
    while sure < count:
        line = document.lines[rest[sure]]
        is_item = BULLET.match(line) is not None
        if ends_sentence(line) and (is_item or line[-1] not in "?!"):
            break
        if not is_item and (sure == count - 1 or word_count(line) < rule.spec["sure_words"]):
            break
        sure += 1
    return sure


def _with_texts(document: Document, rest: Sequence[int], headlines: Sequence[bool], rule: Rule, last: int) -> int:
    """Return how many lines are teasers of a headline and one short text each, where there are enough to be sure."""
    ends: list[int] = []
    place = 0
    while place < len(rest):
        first = place
        while place < len(rest) and headlines[place]:
            place += 1
        # What is shorter than any headline, such as a credit or a label, makes no teaser of the text below it.
        has_headline = any(word_count(document.lines[line]) >= rule.spec["sure_words"] for line in rest[first:place])
        if not has_headline or place == len(rest):
            break
        if word_count(document.lines[rest[place]]) > rule.spec["text_words"]:
            break
        place += 1
        ends.append(place)
    if len(ends) < _TEASERS:
        return 0
    # The last one may be a section of the article with its subheading, where more of the article follows.
    return ends[-1] if rest[ends[-1] - 1] == last else ends[-2]


def _matcher(rules: Sequence[Rule], context: Context) -> Matcher:
    headings = Headings(rules, context)

    def match(document: Document, hits: list[Hit]) -> None:
        live = document.live
        # Blocks that end the document are taken from the last one up, each as if those below it were gone already: else a pass
        # would take one, the next pass the one above it, and a list of lists would cost as many passes as it has blocks.
        above = end = place = len(live)
        for position, rule in reversed(headings.found(document)):
            if position < place:
                place, end = position, above
            count = _members(document, position, rule, len(live))
            if end < len(live):
                count = max(count, _members(document, position, rule, end))
            hits.extend([Hit(member, rule, "") for member in live[position : position + 1 + count]])
            if position + 1 + count >= end and rule.where != "head":
                above = position

    return match


KIND = Kind(
    "block",
    "a heading that is known word for word or by its form, and the teasers that hang on it, until prose returns",
    {
        "phrases": Field("phrases", {}, "headings word for word, a list for each language"),
        "patterns": Field("patterns", {}, "headings by their form, a list for each language"),
        "max_members": Field("number", 12, "how many lines may hang on the heading"),
        "member_words": Field("number", 25, "a longer line does not hang on it"),
        "sure_words": Field("number", 6, "where prose returns, a line of so many words is no subheading of it"),
        "text_words": Field("number", 35, "how long the text below a headline may be, where three or more have one"),
    },
    _matcher,
)
