"""Kind ``phrase``: whole lines that are known word for word."""

from __future__ import annotations

from cleaner.document import Document
from cleaner.kinds.base import REQUIRED, Field, Kind
from cleaner.model import Hit, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleaner.kinds.base import Context, Judge


def phrase_index(rules: Sequence[Rule], context: Context) -> dict[str, list[Rule]]:
    """Return the rules of each phrase, by the phrase's key: one look-up for a line, however many phrases there are."""
    index: dict[str, list[Rule]] = {}
    for rule in rules:
        for phrase in context.chosen(rule.spec.get("phrases") or {}):
            named = index.setdefault(phrase, [])
            if rule not in named:
                named.append(rule)
    return index


def _judge(rules: Sequence[Rule], context: Context) -> Judge:
    index = phrase_index(rules, context)

    def judge(document: Document, line: int, hits: list[Hit]) -> None:
        found = index.get(document.key(line))
        if found:
            hits.extend([Hit(line, rule, "") for rule in found])

    return judge


KIND = Kind(
    "phrase",
    "whole lines that are known word for word",
    {"phrases": Field("phrases", REQUIRED, "whole lines, a list for each language")},
    judge=_judge,
)
