"""Kind ``thread``: posts of readers, known by a line that returns at each of them in one shape.

Comment systems print such a line over or under every comment: "Jane Miller says:", "July 3, 2012 at 9:15 am", "Tom • 2 days ago",
"[Reply]". Whatever the system and the language, the lines of one page have one shape once names, dates and numbers are masked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Any

from cleaner.kinds.base import Field, Kind, Matcher
from cleaner.kinds.site import calendar_of
from cleaner.matching.vocabulary import Vocabulary
from cleaner.model import Hit, Rule
from cleaner.snapshot import Line, Snapshot
from cleaner.text.lines import ends_sentence

# Word lists of the vocabulary, by the name under which a rule holds their words.
_LISTS = {
    "says": ("comment_says",),
    "reply": ("comment_reply",),
    "ago": ("ago_before", "ago_after"),
    "quoted_from": ("quoted_from",),
}
# In a key whose numbers and months are masked: a month, or the three numbers of a date; a time of day.
_DATE = re.compile(r"1|0[./-] ?0[./-] ?0|0 ?年")
_TIME = re.compile(r"\b0[:h]0")
_TOKEN = re.compile(r"\w+")
_NAMES = re.compile(r"N(?:[\s.'_-]*N)*")
# The most words of a name; "at", "on" and "by" beside it count.
_LONGEST_NAME = 5
_NUMBERS = " 0.,:/|()-"
_QUOTES = re.compile(r"""["“”„«»]""")
# A shape without a name or without the moment of a post must return more often.
_LEAST_BARE = 5
# A post that is longer than this many words plus ten times the median is an article between the teasers of others.
_LONG_POST, _LONGER = 100, 10


def _prepared(values: dict[str, Any], vocabulary: Vocabulary) -> dict[str, Any]:
    """Return the values of a rule with its calendar and the words that are not names."""
    words = {
        name: {word for one in lists if one in vocabulary.pieces for word in vocabulary.folded_words(one)}
        for name, lists in _LISTS.items()
    }
    known = "|".join(map(re.escape, sorted(sorted(set().union(*words.values())), key=len, reverse=True)))
    return {
        **values,
        **words,
        "quoted_from": tuple(sorted(words["quoted_from"])),
        "calendar": calendar_of(vocabulary),
        "known": re.compile(rf"(?<!\w)({known or '(?!)'})(?!\w)"),
    }


def _shape(line: Line, rule: Rule) -> tuple[str, int]:
    """Return the shape of a line that may stand over or under a post, and how often it must return; "" for any other line."""
    spec = rule.spec
    if not line.key or line.words > spec["head_words"]:
        return "", 0
    is_known = spec["known"].search(line.key) is not None
    if not is_known and ":" not in line.key:
        return "", 0
    if (
        line.key.startswith(spec["quoted_from"])
        or _QUOTES.search(line.text)
        or (ends_sentence(line.text) and not line.key[-1].isdigit())
    ):
        return "", 0
    parts = spec["known"].split(line.key)
    # "ago" is August, too, in some languages; so only what is between known words is masked.
    parts[::2] = map(spec["calendar"].masked, parts[::2])
    masked = "".join(parts)
    times = len(_TIME.findall(masked))
    is_dated = times == 1 and _DATE.search(masked) is not None
    # Two times are the beginning and the end of an event.
    if times > 1 or not (is_known or is_dated):
        return "", 0
    for place in range(0, len(parts), 2):
        if not _has_short_names(parts[place]):
            return "", 0
        parts[place] = _NAMES.sub("N", _TOKEN.sub(lambda word: "0" if word[0][0].isdigit() else "N", parts[place]))
    shape = "".join(parts)
    if is_dated:
        return shape, spec["least"] if "N" in shape else _LEAST_BARE
    return (shape, _LEAST_BARE) if _is_undated_head(shape, parts[1::2], rule) else ("", 0)


def _has_short_names(text: str) -> bool:
    names = 0
    for word in _TOKEN.findall(text):
        names = 0 if word[0].isdigit() else names + 1
        if names > _LONGEST_NAME:
            return False
    return True


def _is_undated_head(shape: str, known: Sequence[str], rule: Rule) -> bool:
    """Tell whether a shape without a date is "NAME says", "NAME, 2 days ago" or a button to reply."""
    if len(known) != 1:
        return False
    before, _, after = shape.partition(known[0])
    # A forum prints "NAME wrote" over what a post quotes.
    if known[0] in rule.spec["quoted_from"]:
        return False
    if known[0] in rule.spec["says"]:
        return before.strip(_NUMBERS) == "N" and not after.strip(_NUMBERS)
    if known[0] in rule.spec["reply"]:
        return "N" not in shape
    return shape.count("N") > 1 and ":" not in shape


def _threads(lines: Sequence[Line], rule: Rule) -> Iterator[tuple[int, int]]:
    """Yield the first and the last place of each thread."""
    heads: dict[tuple[str, int], list[int]] = {}
    for place, line in enumerate(lines):
        shape = _shape(line, rule)
        if shape[0]:
            heads.setdefault(shape, []).append(place)
    if all([len(places) < least for (_, least), places in heads.items()]):
        return
    # Of the lines above each.
    words = list(accumulate([line.words for line in lines], initial=0))
    prose = list(accumulate([line.is_prose for line in lines], initial=0))
    for (_, least), places in heads.items():
        if len(places) < least:
            continue
        first, last = places[0], places[-1]
        gap = max([below - above for above, below in pairwise(places)])
        posts = [words[below] - words[above + 1] for above, below in pairwise(places)]
        if (
            gap <= rule.spec["gap"]
            and words[first] >= rule.spec["words_above"]
            and prose[first] >= rule.spec["lines_above"]
            and sum(posts) >= rule.spec["post_words"] * len(posts)
            and max(posts) <= _LONG_POST + _LONGER * sorted(posts)[(len(posts) - 1) // 2]
        ):
            yield first, last if len(lines) - 1 - last > gap else len(lines) - 1


def _matcher(rules: Sequence[Rule]) -> Matcher:
    def match(snapshot: Snapshot, hits: list[Hit]) -> None:
        for rule in rules:
            for first, last in _threads(snapshot.lines, rule):
                hits.extend([Hit(place, rule, "") for place in range(first, last + 1)])

    return match


KIND = Kind(
    "thread",
    "posts of readers below a text, known by a line of one shape over or under each: from the first such line to the last",
    {
        "least": Field("number", 3, "how many lines of one shape, at least"),
        "head_words": Field("number", 18, "words of such a line, at most"),
        "gap": Field("number", 30, "how many lines from one to the next, at most"),
        "post_words": Field("number", 8, "words between two of them, at least, on average"),
        "lines_above": Field("number", 3, "lines of prose above the first of them, at least"),
        "words_above": Field("number", 200, "words above the first of them, at least"),
    },
    _matcher,
    prepare=_prepared,
)
