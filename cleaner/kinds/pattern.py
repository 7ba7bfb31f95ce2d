"""Kind ``pattern``: whole lines that are known by their form."""

from __future__ import annotations

from cleaner.document import Document
from cleaner.kinds.base import REQUIRED, Field, Kind
from cleaner.lines import word_count
from cleaner.model import Hit, Rule
from cleaner.patterns import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cleaner.kinds.base import Context, Judge
    from cleaner.screen import Sight

# Code points for each word that a rule allows: long words and scripts without spaces have room, one giant "word" has none.
WORD_SPACE = 16


def _left(document: Document, place: int, pattern: LazyPattern, context: Context) -> str | None:
    """Return what a pattern leaves of a line, None where it does not match."""
    shape = document.shape(place, context.vocabulary)
    found = pattern.fullmatch(shape)
    if not found:
        return None
    if "keep" in found.re.groupindex and found["keep"]:
        if shape.offset < 0:
            return None
        start, end = found.span("keep")
        return document.lines[place][shape.offset + start : shape.offset + end].strip()
    return ""


def _judge(rules: Sequence[Rule], context: Context) -> Judge:
    longest = max((rule.spec["max_words"] for rule in rules), default=0)

    def judge(
        document: Document, place: int, sights: Sequence[Sight], hits: list[Hit], fits: Callable[[Rule], bool] | None
    ) -> None:
        line = document.lines[place]
        if len(line) > longest * WORD_SPACE:
            return
        words = 0
        met: set[str] = set()
        matches = document.facts.matches
        for sight in sights:
            if sight.owner is not judge:
                continue
            rule, pattern = sight.payload
            if rule.id in met or (fits is not None and not fits(rule)):
                continue
            words = words or word_count(line)
            if words > rule.spec["max_words"]:
                continue
            tried = line, pattern
            if tried not in matches:
                matches[tried] = _left(document, place, pattern, context)
            left = matches[tried]
            if left is not None:
                met.add(rule.id)
                hits.append(Hit(place, rule, left))

    for rule in rules:
        context.look_for(rule, judge, rule.spec["max_words"])
    return judge


KIND = Kind(
    "pattern",
    "whole lines that are known by their form",
    {
        "patterns": Field(
            "patterns", REQUIRED, "regular expressions that match a whole line, a list for each language"
        ),
        "max_words": Field("number", 40, "a longer line is never looked at"),
    },
    judge=_judge,
)
