"""Kind ``doubled``: a line that holds the same text twice, with a credit or nothing between the copies."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.kinds.base import Field, Kind, Matcher, matches_any
from cleaner.matching.patterns import Pattern
from cleaner.model import Hit, Rule
from cleaner.snapshot import Snapshot
from cleaner.text.lines import is_cry, undress, word_count

# The longest text between the copies, in code points.
LONGEST_BETWEEN = 100
# A caption is not longer than this, in code points.
LONGEST_LINE = 2000
# Enough of the beginning to find the second copy.
_PROBE = 12
_TRIES = 4


def _split(line: str) -> tuple[int, int] | None:
    """Return where the first copy ends and the second begins, for a line that is the same text twice."""
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
    """Tell whether a text has enough different words: "ha ha ha ha" is not a caption repeated."""
    return word_count(text) >= least and (" " not in text or len(set(text.split())) >= least)


def _is_between(text: str, patterns: Sequence[Pattern]) -> bool:
    return not any(map(str.isalnum, text)) or matches_any(patterns, undress(text)[0])


def _may_be_doubled(line: str) -> bool:
    return 2 * _PROBE <= len(line) <= LONGEST_LINE and line.find(line[:_PROBE], (len(line) + 1) // 2) >= 0


def _matcher(rules: Sequence[Rule]) -> Matcher:
    def match(snapshot: Snapshot, hits: list[Hit]) -> None:
        for place in [place for place, line in enumerate(snapshot.lines) if _may_be_doubled(line.text)]:
            line = snapshot.lines[place].text
            split = _split(line)
            if split is None:
                continue
            first, between = line[: split[0]].strip(), line[split[0] : split[1]].strip()
            if is_cry(first) or is_cry(between):
                continue
            for rule in rules:
                is_caption = word_count(first) <= rule.spec["max_words"]
                if (
                    is_caption
                    and _is_long_enough(first, rule.spec["min_words"])
                    and _is_between(between, rule.spec["between"])
                ):
                    hits.append(Hit(place, rule, first))

    return match


KIND = Kind(
    "doubled",
    "one line that holds the same text twice; the first copy stays",
    {
        "min_words": Field("number", 4, "a shorter text may be repeated"),
        "max_words": Field("number", 25, "a longer text is not a caption"),
        "between": Field("patterns", {}, "what may be between the copies, besides nothing and punctuation"),
    },
    _matcher,
)
