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
# In code points.
_LONGEST_NAME = 60


def _is_name(document: Document, index: int) -> bool:
    """Tell whether a line has the form of a person's name: a few words, each with a capital but for particles."""
    line = document.lines[index]
    if not line[0].isupper() or line[-1] in "!?:;,":
        return False
    words = line.split(" ")
    if not 2 <= len(words) <= _LONGEST_NAME_WORDS or any(map(str.isdigit, line)):
        return False
    if not words[-1][:1].isupper():
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
        live, lines = document.live, document.lines
        behind = 0
        for position in [position for position, index in enumerate(live) if len(lines[index]) <= _LONGEST_NAME]:
            index = live[position]
            # A name that is said several times is looked at where it is said first.
            if position < behind or not _is_name(document, index):
                continue
            name = document.key(index)
            end = position + 1
            while end < len(live) and document.key(live[end]) == name:
                end += 1
            if end < len(live):
                for rule, patterns in bound:
                    if end - position >= rule.spec["copies"] and _is_about(
                        document, live[end], name, patterns, rule.spec["max_words"], context.vocabulary
                    ):
                        hits.extend([Hit(line, rule, "") for line in live[position : end + 1]])
            behind = end

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
