"""Kind ``teaser``: headlines of other articles between two paragraphs of this one, recognized by their form."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleaner.kinds.base import REQUIRED, Field, Kind, Matcher
from cleaner.kinds.block import BULLET
from cleaner.model import Hit, Rule
from cleaner.snapshot import Line, Snapshot
from cleaner.text.lines import ends_sentence, word_count

# A kicker and its headline: "Tanker from Caracas: Ghost ships break through the blockade".
_KICKER = re.compile(r"""[^:?]{2,45}(?:: |\? | - )["'(]{0,2}[^\W\d_]""")
_LEAST_ITEMS = 2
# Enough of a line to see that it is not in capitals.
_BEGINNING = 12


def _is_kicker_and_headline(text: str, rule: Rule) -> bool:
    match = _KICKER.match(text)
    if match is None or (ends_sentence(text) and text[-1] not in "?!"):
        return False
    headline = text[match.end() - 1 :]
    return headline[0] == headline[0].upper() and word_count(headline) >= rule.spec["min_words"]


def _is_in_capitals(text: str, rule: Rule) -> bool:
    return (
        text == text.upper() != text.lower()
        # Chinese or Hindi with an acronym has capitals, but most letters have no case.
        and 2 * sum(map(str.isupper, text)) > sum(map(str.isalpha, text))
        and rule.spec["min_words"] <= word_count(text) <= rule.spec["max_words"]
        and not ends_sentence(text)
    )


def _stand_between_paragraphs(lines: Sequence[Line], first: int, last: int) -> bool:
    """Tell whether the lines from the first to the last are below a whole sentence and above running text."""
    if first == 0 or last + 1 == len(lines):
        return False
    above = lines[first - 1]
    return above.is_prose and ends_sentence(above.text) and lines[last + 1].is_prose


def _lists(lines: Sequence[Line], rule: Rule, hits: list[Hit]) -> None:
    # A bullet is a mark or a digit, which few lines begin with.
    items = [place for place, line in enumerate(lines) if not line.text[0].isalpha() and BULLET.match(line.text)]
    first = 0
    while first < len(items):
        last = first
        while last + 1 < len(items) and items[last + 1] == items[last] + 1:
            last += 1
        run = lines[items[first] : items[last] + 1]
        if (
            len(run) >= _LEAST_ITEMS
            and _stand_between_paragraphs(lines, items[first], items[last])
            and all([line.words <= rule.spec["max_words"] for line in run])
            and all([_is_kicker_and_headline(line.plain, rule) for line in run])
        ):
            hits.extend([Hit(place, rule, "") for place in items[first : last + 1]])
        first = last + 1


def _capitals(lines: Sequence[Line], rule: Rule, hits: list[Hit]) -> None:
    for place, line in enumerate(lines):
        beginning = line.text[:_BEGINNING]
        if (
            beginning == beginning.upper()
            and len(line.text) <= rule.spec["max_words"] * 16
            and _is_in_capitals(line.plain, rule)
            and _stand_between_paragraphs(lines, place, place)
        ):
            hits.append(Hit(place, rule, ""))


def _matcher(rules: Sequence[Rule]) -> Matcher:
    def match(snapshot: Snapshot, hits: list[Hit]) -> None:
        for rule in rules:
            (_lists if rule.spec["form"] == "list" else _capitals)(snapshot.lines, rule, hits)

    return match


KIND = Kind(
    "teaser",
    "headlines of other articles between two paragraphs of this one, recognized by their form",
    {
        "form": Field(
            "word",
            REQUIRED,
            "`list`: list items, each a kicker, a colon, question mark or dash, and a headline; `capitals`: one line in capitals",
            ("list", "capitals"),
        ),
        "min_words": Field("number", REQUIRED, "words of the headline, at least"),
        "max_words": Field("number", 25, "words of a line, at most"),
    },
    _matcher,
)
