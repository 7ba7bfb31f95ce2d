"""Kind ``pattern``: whole lines that are known by their form."""

from __future__ import annotations

from typing import NamedTuple

from cleaner.document import Document, Shape
from cleaner.kinds.base import REQUIRED, Field, Kind
from cleaner.lines import word_count
from cleaner.model import Hit, Rule
from cleaner.patterns import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleaner.kinds.base import Context, Judge

# Code points for each word that a rule allows: long words and scripts without spaces have room, one giant "word" has none.
WORD_SPACE = 16


class _Entry(NamedTuple):
    rule: Rule
    pattern: LazyPattern
    limit: int


class _Index:
    """Patterns by how a line must begin to match them, so that a line meets only those that it can."""

    def __init__(self, entries: Sequence[_Entry]) -> None:
        self.by_start: dict[str, list[_Entry]] = {}
        self.by_list: dict[str, list[_Entry]] = {}
        self.by_digit: list[_Entry] = []
        self.by_nothing: list[_Entry] = []
        self.by_nothing_beyond_ascii: list[_Entry] = []
        for entry in entries:
            starts = entry.pattern.signs.starts
            if starts is None:
                clauses = entry.pattern.signs.clauses
                foreign = clauses and not clauses[0][1] and not any(literal.isascii() for literal in clauses[0][0])
                (self.by_nothing_beyond_ascii if foreign else self.by_nothing).append(entry)
                continue
            literals, lists, digit = starts
            for start in {literal[:_START] for literal in literals}:
                self.by_start.setdefault(start, []).append(entry)
            for name in lists:
                self.by_list.setdefault(name, []).append(entry)
            if digit:
                self.by_digit.append(entry)

    def candidates(self, shape: Shape) -> list[_Entry]:
        """Return the patterns that a line may match by its beginning; one may stand in the answer twice."""
        start = shape.start
        found = list(self.by_nothing)
        if not shape.folded.isascii():
            found += self.by_nothing_beyond_ascii
        if not start:
            return found
        for size in range(1, _START + 1):
            found += self.by_start.get(start[:size], ())
        if start[0].isdigit():
            found += self.by_digit
        for name in shape.first_lists():
            found += self.by_list.get(name, ())
        return found


# Of a literal that begins a pattern, so many characters are looked up.
_START = 3


def _judge(rules: Sequence[Rule], context: Context) -> Judge:
    index = _Index(
        [_Entry(rule, pattern, rule.spec["max_words"]) for rule in rules for pattern in context.patterns(rule)]
    )
    longest = max((rule.spec["max_words"] for rule in rules), default=0)

    def judge(document: Document, place: int, hits: list[Hit]) -> None:
        line = document.lines[place]
        if len(line) > longest * WORD_SPACE:
            return
        words = word_count(line)
        if words > longest:
            return
        shape = document.shape(place, context.vocabulary)
        met: set[str] = set()
        for rule, pattern, limit in index.candidates(shape):
            if words > limit or rule.id in met:
                continue
            if found := pattern.fullmatch(shape):
                left = ""
                if "keep" in found.re.groupindex and found["keep"]:
                    if shape.offset < 0:
                        continue
                    start, end = found.span("keep")
                    left = line[shape.offset + start : shape.offset + end].strip()
                met.add(rule.id)
                hits.append(Hit(place, rule, left))

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
