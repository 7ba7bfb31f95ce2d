"""The record of what went: findings on the lines of the original, and the text that they make."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cleaner.model import Finding, Hit, Rule
from cleaner.text.normalizing import kept_lines, normalized_lines


class Step(NamedTuple):
    """What one pass did to one line: its number in the original (from 1), the rules that agreed, the one that tells most first, and
    what they left of it.
    """

    number: int
    rules: Sequence[str]
    left: str


def step_of(number: int, hits: Sequence[Hit]) -> Step:
    """Return what hits on a line do to it: a drop wins over trims, the shortest trim over others."""
    left = min([hit.left for hit in hits], key=lambda left: (len(left), left))
    rules = {hit.rule.id: hit.rule for hit in hits if hit.left == left}
    return Step(number, sorted(rules, key=lambda rule: _generality(rules[rule])), left)


def _generality(rule: Rule) -> tuple[bool, bool, bool, str]:
    """Return what puts the rule first that tells most about a line: one that is sure, and not of what is around the line."""
    return not rule.is_strong, rule.where != "anywhere", rule.family == "related", rule.id


def findings_of(text: str, steps: Sequence[Step]) -> tuple[Finding, ...]:
    """Return the findings on a text, by line; those of one line in the order of the passes."""
    if not steps:
        return ()
    spans: dict[int, tuple[int, int]] = {}
    wanted = {step.number for step in steps}
    start = 0
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        if number in wanted:
            spans[number] = (start, start + len(line.splitlines()[0]))
        start += len(line)
    return tuple(
        [
            Finding(
                step.rules[0],
                step.number,
                *spans[step.number],
                text[slice(*spans[step.number])],
                step.left,
                tuple(step.rules[1:]),
            )
            for step in sorted(steps, key=lambda step: step.number)
        ]
    )


def replay(text: str, findings: Iterable[Finding]) -> str:
    """Return what ``findings`` make of a text: its normalized lines with each finding's replacement in place.

    For the findings of an :class:`Explanation` that is not flagged, this is its ``text``.
    """
    lines, fenced = normalized_lines(text)
    left = {finding.line - 1: finding.replacement for finding in findings}
    stay = [index for index in range(len(lines)) if left.get(index, "stays")]
    lines = [left.get(index, lines[index]) for index in stay]
    fenced = None if fenced is None else [fenced[index] for index in stay]
    return "\n".join([lines[index] for index in kept_lines(lines, fenced)])
