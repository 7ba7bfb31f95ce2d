"""The built-in rules as the tests use them: their files, and the lines of their examples."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from cleaner.kinds import KINDS
from cleaner.matching.patterns import Pattern
from cleaner.matching.vocabulary import Vocabulary
from cleaner.model import Rule
from cleaner.rules.choosing import Choice, choose
from cleaner.rules.files import RuleFile
from cleaner.rules.loading import builtin_rules
from cleaner.rules.making import builtin_files


@cache
def rule_files() -> tuple[RuleFile, ...]:
    """Return the built-in rules with their examples."""
    return tuple(builtin_files(builtin_rules()))


@cache
def files_by_path() -> dict[Path, list[RuleFile]]:
    """Return the rules by their file."""
    found: dict[Path, list[RuleFile]] = {}
    for file in rule_files():
        found.setdefault(file.path, []).append(file)
    return found


@cache
def vocabulary() -> Vocabulary:
    """Return the pieces that the patterns of the built-in rules share."""
    return builtin_rules().vocabulary


@cache
def chosen_rules() -> tuple[Rule, ...]:
    """Return all built-in rules as an engine takes them."""
    return tuple(choose(builtin_rules().searchable, Choice("body")))


@cache
def lines_that(*verdicts: str) -> tuple[str, ...]:
    """Return the example lines of all rules with one of these verdicts, each once, in a fixed order."""
    found = {
        line
        for file in rule_files()
        for example in file.examples
        for verdict in verdicts
        for line in example.of(verdict)
    }
    return tuple(sorted(found))


def patterns_of(file: RuleFile, *, sought: bool = False) -> Iterator[Pattern]:
    """Yield the patterns of a rule; with ``sought``, only those that are looked for in every line."""
    kind = KINDS[file.rule.kind]
    for name, field in kind.fields.items():
        if field.type == "patterns" and (name in kind.sought or not sought):
            for patterns in file.rule.spec[name].values():
                yield from patterns
