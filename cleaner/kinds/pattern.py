"""Kind ``pattern``: whole lines that are known by their form."""

from __future__ import annotations

from cleaner.document import Document, word_count
from cleaner.kinds.base import REQUIRED, Field, Kind
from cleaner.model import Hit, Rule
from cleaner.patterns import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleaner.kinds.base import Context, Judge

# Code points for each word that a rule allows: long words and scripts without spaces have room, one giant "word" has none.
WORD_SPACE = 16


def _judge(rules: Sequence[Rule], context: Context) -> Judge:
    entries: list[tuple[int, Rule, list[LazyPattern]]] = [
        (rule.spec["max_words"], rule, context.patterns(rule)) for rule in rules
    ]
    longest = max((limit for limit, _, _ in entries), default=0)

    def judge(document: Document, index: int, hits: list[Hit]) -> None:
        line = document.lines[index]
        if len(line) > longest * WORD_SPACE:
            return
        words = word_count(line)
        if words > longest:
            return
        shape = document.shape(index, context.vocabulary)
        for limit, rule, patterns in entries:
            if words > limit:
                continue
            for pattern in patterns:
                if found := pattern.fullmatch(shape):
                    left = ""
                    if "keep" in found.re.groupindex and found["keep"]:
                        if shape.offset < 0:
                            continue
                        start, end = found.span("keep")
                        left = line[shape.offset + start : shape.offset + end].strip()
                    hits.append(Hit(index, rule, left))
                    break

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
