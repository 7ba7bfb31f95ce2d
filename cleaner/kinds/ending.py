"""Kind ``ending``: a heading below which nothing of the article stands, and everything below it."""

from __future__ import annotations

from cleaner.document import Document
from cleaner.kinds.base import Field, Kind
from cleaner.kinds.headings import Headings, meets_any
from cleaner.lines import word_count
from cleaner.model import Hit, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleaner.kinds.base import Context, Matcher
    from cleaner.vocabulary import Vocabulary

# One section may say its heading more than once. Where it stands more often, it is a label of each of many things.
_MOST_HEADINGS = 4


class _Bound:
    """A rule with the marks of what stands below its headings."""

    def __init__(self, rule: Rule, context: Context) -> None:
        self.rule = rule
        self.marks = context.patterns(rule, "marks")

    def ends(self, document: Document, headings: Sequence[int], vocabulary: Vocabulary) -> int | None:
        """Return the position of the heading that ends the article, if one does."""
        if len(headings) > _MOST_HEADINGS:
            return None
        found = None
        since = 0
        for position in headings:
            if self._is_article(document, document.live[since:position]):
                if found is not None:
                    # Another article ends below: this is a page of several, and which line is whose cannot be told.
                    return None
                found = position
            since = position + 1
        if found is None:
            return None
        below = document.live[found + 1 :]
        most = self.rule.spec["most_below"]
        if most and 100 * _words(document, below) > most * _words(document, document.live[:found]):
            return None
        if self.marks and not any(meets_any(document, line, self.marks, vocabulary) for line in below):
            return None
        return found

    def _is_article(self, document: Document, lines: Sequence[int]) -> bool:
        prose = [line for line in lines if document.is_prose(line)]
        enough: bool = len(prose) >= self.rule.spec["lines_above"]
        return enough and _words(document, prose) >= self.rule.spec["words_above"]


def _words(document: Document, lines: Sequence[int]) -> int:
    return sum([word_count(document.lines[line]) for line in lines])


def _matcher(rules: Sequence[Rule], context: Context) -> Matcher:
    headings = Headings(rules, context)
    bound = [_Bound(rule, context) for rule in rules]

    def match(document: Document, hits: list[Hit]) -> None:
        found: dict[str, list[int]] = {}
        for position, rule in headings.found(document):
            found.setdefault(rule.id, []).append(position)
        for one in bound:
            positions = found.get(one.rule.id)
            if positions and (end := one.ends(document, positions, context.vocabulary)) is not None:
                hits.extend([Hit(line, one.rule, "") for line in document.live[end:]])

    return match


KIND = Kind(
    "ending",
    "a heading that is known word for word or by its form, and everything below it, where an article stands above",
    {
        "phrases": Field("phrases", {}, "headings word for word, a list for each language"),
        "patterns": Field("patterns", {}, "headings by their form, a list for each language"),
        "marks": Field("patterns", {}, "lines of which one must stand below the heading, a list for each language"),
        "lines_above": Field("number", 3, "lines of prose that stand above the heading, at least"),
        "words_above": Field("number", 50, "words of these lines, at least"),
        "most_below": Field(
            "number", 0, "words below the heading, in percent of the words above, at most; 0 for any number"
        ),
    },
    _matcher,
)
