"""Kind ``teaser``: headlines of other articles that stand between two paragraphs of this one, known by their form."""

from __future__ import annotations

from cleaner.document import Document
from cleaner.expressions import expression
from cleaner.kinds.base import REQUIRED, Field, Kind
from cleaner.kinds.block import BULLET
from cleaner.lines import ends_sentence, undress, word_count
from cleaner.model import Hit, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleaner.kinds.base import Context, Matcher

# A kicker and its headline: "Tanker from Caracas: Ghost ships break through the blockade".
_KICKER = expression(r"""[^:?]{2,45}(?:: |\? | - )["'(]{0,2}[^\W\d_]""")
_LEAST_ITEMS = 2
# Enough of a line to see that it is not in capitals.
_BEGINNING = 12


def _is_kicker_and_headline(line: str, rule: Rule) -> bool:
    text = undress(line)[0]
    match = _KICKER.match(text)
    if match is None or (ends_sentence(text) and text[-1] not in "?!"):
        return False
    first = text[match.end() - 1]
    return first == first.upper() and word_count(text[match.end() - 1 :]) >= rule.spec["min_words"]


def _is_in_capitals(line: str, rule: Rule) -> bool:
    text = undress(line)[0]
    words = word_count(text)
    return (
        text == text.upper() != text.lower()
        and rule.spec["min_words"] <= words <= rule.spec["max_words"]
        and not ends_sentence(text)
    )


def _stands_between_paragraphs(document: Document, first: int, last: int) -> bool:
    """Tell whether the live lines from position ``first`` to ``last`` stand below a whole sentence and above running text."""
    live = document.live
    if first == 0 or last + 1 == len(live):
        return False
    above = live[first - 1]
    return document.is_prose(above) and ends_sentence(document.lines[above]) and document.is_prose(live[last + 1])


def _lists(document: Document, rule: Rule, hits: list[Hit]) -> None:
    live = document.live
    items = [
        position
        for position, line in enumerate(live)
        # A bullet is a mark or a digit, which few lines begin with.
        if not (text := document.lines[line])[0].isalpha() and BULLET.match(text)
    ]
    first = 0
    while first < len(items):
        last = first
        while last + 1 < len(items) and items[last + 1] == items[last] + 1:
            last += 1
        run = [live[position] for position in items[first : last + 1]]
        if (
            len(run) >= _LEAST_ITEMS
            and _stands_between_paragraphs(document, items[first], items[last])
            and all(word_count(document.lines[line]) <= rule.spec["max_words"] for line in run)
            and all(_is_kicker_and_headline(document.lines[line], rule) for line in run)
        ):
            hits.extend([Hit(line, rule, "") for line in run])
        first = last + 1


def _capitals(document: Document, rule: Rule, hits: list[Hit]) -> None:
    for position, line in enumerate(document.live):
        text = document.lines[line]
        beginning = text[:_BEGINNING]
        if (
            beginning == beginning.upper()
            and len(text) <= rule.spec["max_words"] * 16
            and _is_in_capitals(text, rule)
            and _stands_between_paragraphs(document, position, position)
        ):
            hits.append(Hit(line, rule, ""))


def _matcher(rules: Sequence[Rule], context: Context) -> Matcher:
    def match(document: Document, hits: list[Hit]) -> None:
        for rule in rules:
            (_lists if rule.spec["form"] == "list" else _capitals)(document, rule, hits)

    return match


KIND = Kind(
    "teaser",
    "headlines of other articles that stand between two paragraphs of this one, known by their form",
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
