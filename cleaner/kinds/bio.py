"""Kind ``bio``: the author's name on a line of its own, and the paragraph about the author below it."""

from __future__ import annotations

from cleaner.document import Document
from cleaner.kinds.base import REQUIRED, Field, Kind
from cleaner.lines import word_count
from cleaner.model import Hit, Rule
from cleaner.patterns import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleaner.kinds.base import Context, Matcher
    from cleaner.vocabulary import Vocabulary

_SHORTEST_NAME = 3
_LONGEST_NAME_WORDS = 5


def _is_name(document: Document, index: int) -> bool:
    """Tell whether a line has the form of a person's name: a few words, each with a capital but for particles."""
    line = document.lines[index]
    words = line.split()
    if not 2 <= len(words) <= _LONGEST_NAME_WORDS or len(line) > 60 or any(map(str.isdigit, line)):
        return False
    if not words[0][:1].isupper() or not words[-1][:1].isupper() or line[-1] in "!?:;,":
        return False
    return all(word[:1].isupper() or (word.islower() and len(word) <= _SHORTEST_NAME) for word in words)


def _is_about(
    document: Document, index: int, name: str, patterns: Sequence[LazyPattern], longest: int, vocabulary: Vocabulary
) -> bool:
    """Tell whether a paragraph is about the bearer of ``name`` (a key) and says it as bios do."""
    line = document.lines[index]
    if len(line) > longest * 16 or word_count(line) > longest:
        return False
    shape = document.shape(index, vocabulary)
    opening = shape.folded[:80].replace("'s ", " ").split()[:6]
    if not any(word.strip(",.") in opening for word in name.split() if len(word) >= _SHORTEST_NAME):
        return False
    return any(pattern.fullmatch(shape) for pattern in patterns)


def _matcher(rules: Sequence[Rule], context: Context) -> Matcher:
    bound = [(rule, context.patterns(rule)) for rule in rules]

    def match(document: Document, hits: list[Hit]) -> None:
        live = document.live
        position = 0
        while position < len(live):
            if not _is_name(document, live[position]):
                position += 1
                continue
            name = document.key(live[position])
            end = position + 1
            while end < len(live) and document.key(live[end]) == name:
                end += 1
            if end < len(live):
                for rule, patterns in bound:
                    if end - position >= rule.spec["copies"] and _is_about(
                        document, live[end], name, patterns, rule.spec["max_words"], context.vocabulary
                    ):
                        hits.extend([Hit(index, rule, "") for index in live[position : end + 1]])
            position = end

    return match


KIND = Kind(
    "bio",
    "a person's name on lines of its own, and the paragraph below that begins with the name and says what its bearer does",
    {
        "copies": Field("number", 1, "how many times the name stands above the paragraph, at least"),
        "patterns": Field(
            "patterns", REQUIRED, "regular expressions that the whole paragraph matches, a list for each language"
        ),
        "max_words": Field("number", 120, "a longer paragraph is never looked at"),
    },
    _matcher,
)
