"""Kind ``phrase``: whole lines, recognized word for word."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.kinds.base import REQUIRED, Field, Judge, Kind, rules_by_phrase
from cleaner.model import Rule
from cleaner.snapshot import Line


def _ends_with_a_stop(line: str) -> bool:
    """Tell whether a line ends with one full stop, other than that of an abbreviation in capitals."""
    return line[-1] == "." and line[-2:-1].islower()


def _judge(rules: Sequence[Rule]) -> Judge:
    by_phrase = rules_by_phrase(rules)

    def judge(line: Line) -> list[tuple[Rule, str]]:
        found = by_phrase.get(line.key)
        if not found:
            return []
        stops = _ends_with_a_stop(line.text)
        return [(rule, "") for rule in found if not stops or rule.spec["full_stop"] == "yes"]

    return judge


KIND = Kind(
    "phrase",
    "whole lines, recognized word for word",
    {
        "phrases": Field("phrases", REQUIRED, "whole lines, a list for each language"),
        "full_stop": Field(
            "word",
            "yes",
            "whether a line that ends with a full stop goes, too; if not, it counts as a sentence of the text",
            ("yes", "no"),
        ),
    },
    judge=_judge,
    sought=("phrases",),
)
