"""Kind ``block``: a heading that is known word for word, and the lines that hang on it."""

from __future__ import annotations

import re

from cleaner.document import Document
from cleaner.kinds.base import REQUIRED, Field, Kind
from cleaner.kinds.phrase import phrase_index
from cleaner.lines import ends_sentence, word_count
from cleaner.model import Hit, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleaner.kinds.base import Context, Matcher

_SENTENCE_STOP = re.compile(r"""[.。।۔]["'”’»)\]]?$|[:：]$""")
_BULLET = re.compile(r"(?:[-*+•▪●■►▶»›→]+|\d{1,2}[.)])\s")


def _looks_like_headline(document: Document, index: int, longest: int) -> bool:
    line = document.lines[index]
    words = word_count(line)
    # A headline may ask or exclaim; a full stop after a few words is a sentence, however short its language writes them,
    # and so is what ends in a colon to introduce the next line.
    is_sentence = words >= 4 and _SENTENCE_STOP.search(line) is not None
    return len(line) <= longest * 16 and words <= longest and not is_sentence and not document.is_prose(index)


def _members(document: Document, position: int, rule: Rule) -> int:
    """Return how many live lines behind the heading at ``position`` hang on it."""
    longest = rule.spec["member_words"]
    rest = document.live[position + 1 : position + 1 + rule.spec["max_members"]]
    count = 0
    while count < len(rest) and _looks_like_headline(document, rest[count], longest):
        count += 1
    if position + 1 + count == len(document.live):
        return count
    # Prose returns. What stands directly above it may be its subheading, so only list items are sure to hang on the heading.
    bullets = 0
    while (
        bullets < count
        and _BULLET.match(document.lines[rest[bullets]])
        and not ends_sentence(document.lines[rest[bullets]])
    ):
        bullets += 1
    return bullets


def _matcher(rules: Sequence[Rule], context: Context) -> Matcher:
    index = phrase_index(rules, context)

    def match(document: Document, hits: list[Hit]) -> None:
        for position, line in enumerate(document.live):
            for rule in index.get(document.key(line), ()):
                hits.append(Hit(line, rule, ""))
                count = _members(document, position, rule)
                hits.extend([Hit(member, rule, "") for member in document.live[position + 1 : position + 1 + count]])

    return match


KIND = Kind(
    "block",
    "a heading that is known word for word, and the headlines that hang on it: to the end of the document, or while they are list items",
    {
        "phrases": Field("phrases", REQUIRED, "the headings, a list for each language"),
        "max_members": Field("number", 12, "how many lines may hang on the heading"),
        "member_words": Field("number", 25, "a longer line does not hang on it"),
    },
    _matcher,
)
