"""Kind ``doubled``: a line that holds the same text twice, with a credit or nothing between the copies."""

from __future__ import annotations

from cleaner.document import Document, Shape
from cleaner.kinds.base import Field, Kind
from cleaner.lines import word_count
from cleaner.model import Hit, Rule
from cleaner.patterns import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleaner.kinds.base import Context, Matcher
    from cleaner.vocabulary import Vocabulary

# The longest thing that may stand between the copies, in code points.
LONGEST_BETWEEN = 100
# A caption is not longer than this, in code points.
LONGEST_LINE = 2000
# Enough of the beginning to find the second copy by.
_PROBE = 12
_TRIES = 4


def _split(line: str) -> tuple[int, int] | None:
    """Return where the first copy ends and the second begins, for a line that is one text twice."""
    size = len(line)
    start = (size + 1) // 2
    for _ in range(_TRIES):
        second = line.find(line[:_PROBE], start)
        if second < 0:
            return None
        first_end = size - second
        if second - first_end > LONGEST_BETWEEN:
            return None
        if line.startswith(line[second:]):
            return first_end, second
        start = second + 1
    return None


def _is_long_enough(text: str, least: int) -> bool:
    """Tell whether a text has enough different words: "ha ha ha ha" is no caption that stands twice."""
    return word_count(text) >= least and (" " not in text or len(set(text.split())) >= least)


def _is_between(text: str, patterns: Sequence[LazyPattern], vocabulary: Vocabulary) -> bool:
    if not any(map(str.isalnum, text)):
        return True
    shape = Shape(text, vocabulary)
    return any(pattern.fullmatch(shape) for pattern in patterns)


def _matcher(rules: Sequence[Rule], context: Context) -> Matcher:
    bound = [(rule, context.patterns(rule, "between")) for rule in rules]

    def match(document: Document, hits: list[Hit]) -> None:
        lines = document.lines
        for index in [
            index
            for index in document.live
            if 2 * _PROBE <= len(line := lines[index]) <= LONGEST_LINE
            and line.find(line[:_PROBE], (len(line) + 1) // 2) >= 0
        ]:
            line = lines[index]
            split = _split(line)
            if split is None:
                continue
            first = line[: split[0]].strip()
            for rule, between in bound:
                if _is_long_enough(first, rule.spec["min_words"]) and _is_between(
                    line[split[0] : split[1]].strip(), between, context.vocabulary
                ):
                    hits.append(Hit(index, rule, first))

    return match


KIND = Kind(
    "doubled",
    "one line that holds the same text twice; the first copy stays",
    {
        "min_words": Field("number", 4, "a shorter text may stand twice"),
        "between": Field("patterns", {}, "what may stand between the copies, besides nothing and punctuation"),
    },
    _matcher,
)
