"""Kind ``particulars``: a line of nothing but facts about an article: who wrote it, when, where it is filed, how many commented on it.

Such lines mix these facts in any order ("12/28/2005 1:06 PM, by Jane Doe | Filed under: Arts | 3 comments"), so no list of forms
has them all. The line is read from left to right: dates, numbers and the words that announce a fact are known; what is left must
be names.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from cleaner.kinds.base import Field, Kind
from cleaner.kinds.outside import outside_matcher
from cleaner.kinds.site import calendar_of
from cleaner.matching.vocabulary import Vocabulary
from cleaner.model import Rule
from cleaner.snapshot import Line
from cleaner.text.lines import UNSPACED, ends_sentence

# The facts, each with the lists of the vocabulary that announce it. A filler announces nothing; a word of several lists belongs to
# the first of them, since "the" is one in English and, without its accents, a label for subjects in Vietnamese.
_LISTS = {
    "filler": (
        "between_facts",
        "clock_word",
        "on_word",
        "date_label",
        "ago_before",
        "ago_after",
        "time_unit",
        "reading_after",
        "role_word",
        "source_label",
    ),
    "author": ("by_word", "by_preposition", "written", "author_label", "author_word"),
    "moment": ("published_label",),
    "subject": ("tag_label",),
    "counter": ("comment_noun", "counted", "counter_label"),
    "control": ("page_tool", "comment_button", "leave_comment"),
}
# In a key whose numbers and months are masked.
_DATE = re.compile(r"1\W{0,3}0|0\W{0,3}1|0 ?[./-] ?0 ?[./-] ?0|0 ?年 ?0")
_TIME = re.compile(r"0[:：]0")
# "des" is December in some languages; so a date must have its year, or a time of day beside it.
_YEAR_OR_TIME = re.compile(r"(?:19|20)\d\d|\d[./-]\d\d?[./-]\d|\d[:：]\d\d")
_YEAR = re.compile(r"(?:19|20)\d\d")
_LATIN = re.compile(r"[a-z]{2}")
_MASK = frozenset("012")
_WORD = re.compile(r"\w+(?:['’.-]\w+)*")
_BULLET = re.compile(r"[-*+•–]\s|\d{1,3}[.)]\s")
# Words of a name, of a list of subjects, and of both in a line.
_NAME, _SUBJECTS, _MOST = 4, 14, 8
# Characters of names in scripts without spaces.
_UNSPACED_NAME = 10


class _Words(NamedTuple):
    """The words that announce a fact, by their first one, longest first; and those of scripts without spaces."""

    by_first: Mapping[str, Sequence[tuple[tuple[str, ...], str]]]
    unspaced: Mapping[str, str]
    any_unspaced: re.Pattern[str]


def _prepared(values: dict[str, Any], vocabulary: Vocabulary) -> dict[str, Any]:
    """Return the values of a rule with its calendar and the words that announce facts."""
    known: dict[str, dict[tuple[str, ...], str]] = {}
    unspaced: dict[str, str] = {}
    for fact, names in _LISTS.items():
        for name in names:
            for entry in vocabulary.folded_words(name) if name in vocabulary.pieces else ():
                words = tuple(_WORD.findall(entry))
                if UNSPACED.search(entry):
                    unspaced.setdefault(entry, fact)
                elif words:
                    known.setdefault(words[0], {}).setdefault(words, fact)
    by_first = {first: sorted(own.items(), key=lambda one: (-len(one[0]), one[0])) for first, own in known.items()}
    any_unspaced = re.compile("|".join(map(re.escape, sorted(sorted(unspaced), key=len, reverse=True))) or "(?!)")
    return {**values, "calendar": calendar_of(vocabulary), "words": _Words(by_first, unspaced, any_unspaced)}


def _facts(
    words: Sequence[str], known: Mapping[str, Sequence[tuple[tuple[str, ...], str]]]
) -> Iterator[tuple[str, int]]:
    """Yield what each part of a line is: a fact, "number" or "name", with its number of words."""
    place = 0
    while place < len(words):
        if words[place] in _MASK:
            yield "number", 1
            place += 1
            continue
        found = [
            (fact, len(entry))
            for entry, fact in known.get(words[place], ())
            if tuple(words[place : place + len(entry)]) == entry
        ]
        part = found[0] if found else ("name", 1)
        yield part
        place += part[1]


def _is_of_particulars(line: Line, rule: Rule) -> bool:
    spec, words = rule.spec, rule.spec["words"]
    if not line.key or line.words > spec["max_words"] or _BULLET.match(line.text):
        return False
    if ends_sentence(line.text) and not line.key[-1].isdigit():
        return False
    masked = spec["calendar"].masked(line.key)
    facts = {"moment"} if _YEAR_OR_TIME.search(line.key) and _DATE.search(masked) else set()
    facts |= {words.unspaced[word] for word in words.any_unspaced.findall(masked)} - {"filler"}
    masked = words.any_unspaced.sub(" ", masked)
    name = sum(map(len, UNSPACED.findall(masked)))
    if name > _UNSPACED_NAME:
        return False
    # "2018年04月12日 02:24 第一财经日报": a date, a time of day and a name in a script in which they are no sentence.
    if name and facts and _YEAR.search(line.key) and _TIME.search(masked) and not _LATIN.search(masked):
        return True
    return _are_particulars(line, _WORD.findall(masked), facts, rule)


def _are_particulars(line: Line, words: Sequence[str], facts: set[str], rule: Rule) -> bool:
    """Tell whether the words of a line are two facts or more, and names; ``facts`` are those already found."""
    has_date = "moment" in facts
    names = run = 0
    last = ""
    parts = list(_facts(words, rule.spec["words"].by_first))
    for place, (part, _) in enumerate(parts):
        if part == "name":
            run += 1
            names += last != "subject"
            if run > (_SUBJECTS if last == "subject" else _NAME):
                return False
            continue
        run = 0
        if part == "number":
            continue
        if part == "counter" and "number" not in [one for one, _ in parts[max(0, place - 1) : place + 2]]:
            names += 1
            continue
        # "From Saturday, 19 October 2019" names nobody.
        if part == "author" and parts[place + 1 : place + 2] == [("number", 1)]:
            continue
        if part != "filler":
            last = part
            facts.add(part)
    return (
        names <= _MOST
        and len(facts - {"moment"}) + has_date >= rule.spec["least"]
        and (has_date or ("counter" in facts and "|" in line.text))
        and ("subject" in facts or _has_names_only(line, rule.spec["words"].by_first))
    )


def _has_names_only(line: Line, known: Collection[str]) -> bool:
    """Tell whether at most one word of a line that is not known begins with a small letter."""
    small = [word for word in _WORD.findall(line.plain) if word[0].islower() and word not in known]
    return len(small) <= 1


KIND = Kind(
    "particulars",
    "a line of facts about an article: its author, date, subjects, source, numbers of comments, above or below its text",
    {
        "least": Field("number", 2, "how many different facts, at least"),
        "max_words": Field("number", 24, "words of the line, at most"),
    },
    outside_matcher(_is_of_particulars),
    prepare=_prepared,
)
