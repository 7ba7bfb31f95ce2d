"""One text followed line by line, as the tool itself tells it; filled in where a page asks for it."""

from __future__ import annotations

import re

import cleaner
from cleaner.cleaning import Cleaner
from cleaner.reporting.reasons import reasons

_ASKED = re.compile(r"<!-- followed line by line: the text above -->")
_BLOCK = re.compile(r"^```diff\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def filled(markdown: str) -> str:
    """Return a page with the table of its first diff put where it is asked for."""
    if not _ASKED.search(markdown):
        return markdown
    block = _BLOCK.search(markdown)
    assert block is not None, "the page has no text to follow"
    lines = [line[2:] for line in block[1].splitlines()]
    return _ASKED.sub(lambda _: table("\n".join(lines)), markdown)


def table(text: str) -> str:
    """Return for each line of a text what becomes of it, by which rules, and why it stays if a rule came near."""
    explained = Cleaner().explain(text, kept=True)
    held = {kept.line: kept for kept in explained.kept}
    found = {finding.line: finding for finding in explained.by_line}
    rows = ["| line | text | becomes | because |", "| --- | --- | --- | --- |"]
    for number, line in enumerate(text.split("\n"), 1):
        finding = found.get(number)
        if finding is not None:
            rules = [finding.rule, *finding.also]
            known = reasons(rules)
            said = ", ".join([f"`{rule}` ({known[rule].evidence})" for rule in rules])
            rows.append(f"| {number} | {_short(line)} | goes | {said} |")
        else:
            near = held.get(number)
            said = "; ".join([f"`{each.rule}`: {each.why}" for each in near.held]) if near else "no rule comes near it"
            rows.append(f"| {number} | {_short(line)} | stays | {said} |")
    return "\n".join([*rows, "", f"Made by cleaner {cleaner.__version__}.", ""])


def _short(line: str) -> str:
    return line if len(line) <= 60 else f"{line[:59].rstrip()} …"
