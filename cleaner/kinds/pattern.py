"""Kind ``pattern``: whole lines that are known by their form."""

from __future__ import annotations

from cleaner.document import Document, fold, undress, word_count
from cleaner.kinds.base import REQUIRED, Field, Kind
from cleaner.model import Hit, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleaner.kinds.base import Context, Matcher
    from cleaner.patterns import LazyPattern

# Code points for each word that a rule allows: long words and scripts without spaces have room, one giant "word" has none.
WORD_SPACE = 16


def _matcher(rules: Sequence[Rule], context: Context) -> Matcher:
    entries: list[tuple[int, Rule, list[LazyPattern]]] = [
        (rule.spec["max_words"], rule, context.patterns(rule)) for rule in rules
    ]
    longest = max((limit for limit, _, _ in entries), default=0)

    def match(document: Document, hits: list[Hit]) -> None:
        for index in document.live:
            line = document.lines[index]
            if len(line) > longest * WORD_SPACE:
                continue
            words = word_count(line)
            if words > longest:
                continue
            plain, offset = undress(line)
            folded = fold(plain)
            has_digit = any(map(str.isdigit, folded))
            for limit, rule, patterns in entries:
                if words > limit:
                    continue
                for pattern in patterns:
                    if pattern.suits(folded, has_digit) and (found := pattern.fullmatch(plain)):
                        left = ""
                        if "keep" in found.re.groupindex and found["keep"]:
                            if offset < 0:
                                continue
                            start, end = found.span("keep")
                            left = line[offset + start : offset + end].strip()
                        hits.append(Hit(index, rule, left))
                        break

    return match


KIND = Kind(
    "pattern",
    "whole lines that are known by their form",
    {
        "patterns": Field("patterns", REQUIRED, "regular expressions that match a whole line, a list for each language"),
        "max_words": Field("number", 40, "a longer line is never looked at"),
    },
    _matcher,
)
