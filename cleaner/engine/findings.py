"""The record of what went: findings on the lines of the original, and the text that they make."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cleaner.model import NORMALIZE, Explanation, Finding, Hit, Rule
from cleaner.text.normalizing import Normalized, normalized


class Step(NamedTuple):
    """What one pass did to one line: its number in the original (from 1), the rules that agreed, the most specific first, and
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
    """Return a sort key that puts the most specific rule first: a strong one, one that looks anywhere, one that is not `related`."""
    return not rule.is_strong, rule.where != "anywhere", rule.family == "related", rule.id


def findings_of(text: str, steps: Sequence[Step], normal: Normalized) -> tuple[Finding, ...]:
    """Return the findings on a text, by line; those of one line in the order of the passes.

    A line that no rule hit but that normalizing changed has a finding of the rule ``normalize``.
    """
    done: dict[int, list[Step]] = {}
    for step in steps:
        done.setdefault(step.number, []).append(step)
    lines, kept = normal.lines, set(normal.kept)
    if not steps and normal.chars is not None and len(kept) == len(lines):
        return ()
    found: list[Finding] = []
    start = 0
    for index, raw in enumerate(text.splitlines(keepends=True)):
        line = raw.splitlines()[0]
        place = index + 1, start, start + len(line), line
        for step in done.get(index + 1, ()):
            found.append(Finding(step.rules[0], *place, step.left, tuple(step.rules[1:])))
        if index + 1 not in done and (line != lines[index] or index not in kept):
            found.append(Finding(NORMALIZE, *place, lines[index] if index in kept else ""))
        start += len(raw)
    return tuple(found)


def replay(text: str, explained: Explanation) -> str:
    """Return the normalized lines of a text with each finding's replacement in place.

    This is ``explained.text``: nothing changes except what findings list, and whitespace and encoding as ``normalize`` says.
    """
    normal = normalized(text, explained.whitespace)
    findings = () if explained.flagged else explained.findings
    left = {finding.line - 1: finding.replacement for finding in findings if finding.rule != NORMALIZE}
    stay = [index for index in range(len(normal.lines)) if left.get(index, "stays")]
    lines = [left.get(index, normal.lines[index]) for index in stay]
    fenced = None if normal.fenced is None else [normal.fenced[index] for index in stay]
    rest = normal._replace(lines=lines, fenced=fenced)
    return "\n".join([rest.lines[index] for index in rest.kept])
