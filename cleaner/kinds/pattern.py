"""Kind ``pattern``: whole lines, recognized by their form."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.kinds.base import REQUIRED, Field, Judge, Kind, rules_by_id
from cleaner.matching.patterns import UNBOUNDED, Pattern
from cleaner.model import Rule
from cleaner.snapshot import Line

# Code points for each word of the longest line that any rule looks at: enough for scripts without spaces, not for one giant "word".
_CODE_POINTS = 16


def _left(line: Line, pattern: Pattern) -> str | None:
    """Return what a pattern leaves of a line, None if it does not match."""
    text, offset = line.undressed
    found = pattern.fullmatch(text)
    if not found:
        return None
    if "keep" in found.re.groupindex and found["keep"]:
        if offset < 0:
            return None
        start, end = found.span("keep")
        return line.text[offset + start : offset + end].strip()
    return ""


def _judge(rules: Sequence[Rule]) -> Judge:
    own = rules_by_id(rules)
    longest = _CODE_POINTS * max([rule.spec["max_words"] for rule in rules], default=0)

    def judge(line: Line) -> list[tuple[Rule, str]]:
        met: dict[str, tuple[Rule, str]] = {}
        if len(line.text) > longest:
            return []
        for pattern in line.candidates:
            rule = own.get(pattern.rule)
            if rule is None or rule.id in met:
                continue
            if line.words <= rule.spec["max_words"] and (left := _left(line, pattern)) is not None:
                met[rule.id] = rule, left
        return list(met.values())

    return judge


KIND = Kind(
    "pattern",
    "whole lines, recognized by their form",
    {
        "patterns": Field(
            "patterns", REQUIRED, "regular expressions that match a whole line, a list for each language"
        ),
        "max_words": Field("number", 40, "a longer line is never looked at"),
    },
    judge=_judge,
    sought=("patterns",),
    bounds=lambda values: (UNBOUNDED, values["max_words"]),
)
