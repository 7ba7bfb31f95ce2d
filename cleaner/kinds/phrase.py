"""Kind ``phrase``: whole lines that are known word for word."""

from __future__ import annotations

from cleaner.document import Document
from cleaner.kinds.base import REQUIRED, Field, Kind
from cleaner.model import Hit, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleaner.kinds.base import Context, Matcher


def phrase_index(rules: Sequence[Rule], context: Context) -> dict[str, list[Rule]]:
    """Return the rules of each phrase, by the phrase's key: one look-up for a line, however many phrases there are."""
    index: dict[str, list[Rule]] = {}
    for rule in rules:
        for phrase in context.chosen(rule.spec.get("phrases") or {}):
            named = index.setdefault(phrase, [])
            if rule not in named:
                named.append(rule)
    return index


def _matcher(rules: Sequence[Rule], context: Context) -> Matcher:
    index = phrase_index(rules, context)

    def match(document: Document, hits: list[Hit]) -> None:
        for line in document.live:
            found = index.get(document.key(line))
            if found:
                hits.extend([Hit(line, rule, "") for rule in found])

    return match


KIND = Kind(
    "phrase",
    "whole lines that are known word for word",
    {"phrases": Field("phrases", REQUIRED, "whole lines, a list for each language")},
    _matcher,
)
