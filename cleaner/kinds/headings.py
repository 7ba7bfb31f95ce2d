"""Finds headings that rules know word for word or by their form."""

from __future__ import annotations

from cleaner.document import Document
from cleaner.kinds.phrase import phrase_index
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
        self._by_phrase = phrase_index(rules, context)
        self._patterns = [(rule, patterns) for rule in rules if (patterns := context.patterns(rule))]
        self._vocabulary = context.vocabulary

    def at(self, document: Document, line: int) -> list[Rule]:
        """Return the rules of which a line is a heading."""
        found = list(self._by_phrase.get(document.key(line), ()))
        for rule, patterns in self._patterns:
            if rule not in found and meets_any(document, line, patterns, self._vocabulary):
                found.append(rule)
        return found


def meets_any(document: Document, line: int, patterns: Sequence[LazyPattern], vocabulary: Vocabulary) -> bool:
    """Tell whether a line, if it is not too long for a heading, matches one of some patterns."""
    if not patterns or len(document.lines[line]) > LONGEST_HEADING:
        return False
    shape = document.shape(line, vocabulary)
    return any([pattern.fullmatch(shape) for pattern in patterns])
