"""Finds headings that rules know word for word or by their form."""

from __future__ import annotations

from cleaner.document import Document
from cleaner.model import Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleaner.kinds.base import Context
    from cleaner.patterns import LazyPattern
    from cleaner.vocabulary import Vocabulary

# A heading is not longer than this, in code points.
LONGEST_HEADING = 250


class Headings:
    """The headings of some rules: the phrases in one index, and the patterns of each."""

    def __init__(self, rules: Sequence[Rule], context: Context) -> None:
        self._by_phrase = context.phrase_table(rules)
        self._vocabulary = context.vocabulary
        for rule in rules:
            context.look_for(rule, self)

    def found(self, document: Document) -> list[tuple[int, Rule]]:
        """Return the positions of headings among the live lines, in order, each with the rule of which it is one."""
        by_line: dict[int, list[Rule]] = {}
        for index in document.known:
            if rules := self._by_phrase.get(document.key(index)):
                by_line[index] = list(rules)
        for index, sights in document.sights.items():
            own = [sight.payload for sight in sights if sight.owner is self]
            if own and len(document.lines[index]) <= LONGEST_HEADING:
                shape = document.shape(index, self._vocabulary)
                for rule, pattern in sorted(own, key=lambda payload: payload[0].id):
                    if rule not in by_line.get(index, ()) and pattern.fullmatch(shape):
                        by_line.setdefault(index, []).append(rule)
        return [(document.position(index), rule) for index in sorted(by_line) for rule in by_line[index]]


def meets_any(document: Document, line: int, patterns: Sequence[LazyPattern], vocabulary: Vocabulary) -> bool:
    """Tell whether a line, if it is not too long for a heading, matches one of some patterns."""
    if not patterns or len(document.lines[line]) > LONGEST_HEADING:
        return False
    shape = document.shape(line, vocabulary)
    return any([pattern.fullmatch(shape) for pattern in patterns])
