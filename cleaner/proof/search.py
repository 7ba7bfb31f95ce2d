"""Which rules take a line, and which come near it: word for word, by a pattern, or by an example like it."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from cleaner.engine.passes import Engine, Options
from cleaner.kinds import KINDS
from cleaner.model import NORMALIZE, Rule
from cleaner.rules.choosing import Choice, choose
from cleaner.rules.examples import read_example
from cleaner.rules.files import rule_tables
from cleaner.rules.loading import load, own_folder
from cleaner.rules.ruleset import rules_folder
from cleaner.text.folding import key
from cleaner.text.lines import undress

# How alike two lines are, from 0 to 1, for one to come near the other.
_ALIKE = 0.75
_MOST_NEAR = 8


class Match(NamedTuple):
    """A rule that takes a line or comes near it: its phrase or pattern, or an example of it, in which language.

    ``what`` is "phrase", "pattern", "example", or the kind of a rule that looks at more than words; ``likeness`` is 1 for a
    line that it takes.
    """

    rule: str
    what: str
    language: str
    text: str
    likeness: float = 1.0


Tables = Mapping[str, tuple[Path, dict[str, Any]]]


def tables_of(own: Sequence[str | os.PathLike[str]] = ()) -> dict[str, tuple[Path, dict[str, Any]]]:
    """Return the rules as they are written, by id, each with its path: the built-in ones, and the user's own.

    Raises RuleError or SettingsError if the user's own cannot be used.
    """
    if own:
        load(own)
    rules = rule_tables(rules_folder())
    for name in own:
        rules.update(rule_tables(own_folder(name)))
    return dict(sorted(rules.items()))


def find(text: str, own: Sequence[str | os.PathLike[str]] = ()) -> tuple[list[Match], list[Match]]:
    """Return the rules that take a line when they need no company, and those that come near it, the nearest first."""
    tables = tables_of(own)
    rules = load(own)
    # Any short line looks like an attached one, so that tells nothing.
    chosen = [rule for rule in choose(rules, Choice("body")) if rule.evidence != "attached"]
    engine = Engine(chosen, options=Options(trusting=True))
    took: list[str] = []
    for finding in engine.explain(text).findings:
        if finding.rule != NORMALIZE:
            took += [finding.rule, *finding.also]
    taken = [_how(text, rules[rule], tables[rule][1]) for rule in dict.fromkeys(took) if rule in tables]
    return taken, _near(text, tables, {match.rule for match in taken})


def _how(text: str, rule: Rule, table: Mapping[str, Any]) -> Match:
    """Return by which phrase or pattern a rule takes a line."""
    line_key = key(text)
    for _, language, phrase in _phrases(rule.id, table):
        if key(phrase) == line_key:
            return Match(rule.id, "phrase", language, phrase)
    plain = undress(text)[0]
    for name, field in KINDS[rule.kind].fields.items():
        if field.type == "patterns":
            for language, patterns in rule.spec[name].items():
                for pattern in patterns:
                    if pattern.fullmatch(plain):
                        return Match(rule.id, "pattern", language, pattern.source)
    return Match(rule.id, rule.kind, "", "")


def _phrases(rule: str, table: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name, field in KINDS[table["kind"]].fields.items():
        if field.type == "phrases":
            for language, phrases in table.get(name, {}).items():
                yield from [(rule, language, phrase) for phrase in phrases]


def _examples(rule: str, table: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for language, entries in table["examples"].items():
        for entry in entries if isinstance(entries, list) else [entries]:
            example = read_example(language, entry)
            yield from [(rule, language, line) for line in example.of("drop") + example.of("trim")]


def _near(text: str, tables: Tables, taken: set[str]) -> list[Match]:
    line_key = key(text)
    if not line_key:
        return []
    matcher = difflib.SequenceMatcher(autojunk=False)
    matcher.set_seq2(line_key)
    best: dict[str, Match] = {}
    for rule, (_, table) in tables.items():
        if rule in taken:
            continue
        for what, lines in (("phrase", _phrases(rule, table)), ("example", _examples(rule, table))):
            for _, language, line in lines:
                likeness = _likeness(matcher, line_key, key(line))
                if likeness >= _ALIKE and (rule not in best or likeness > best[rule].likeness):
                    best[rule] = Match(rule, what, language, line, likeness)
    return sorted(best.values(), key=lambda match: (-match.likeness, match.rule))[:_MOST_NEAR]


def _likeness(matcher: difflib.SequenceMatcher[str], line: str, other: str) -> float:
    """Return how alike two keys are; one that holds all words of the other comes near it, too."""
    if not other:
        return 0.0
    shorter, longer = sorted((line, other), key=len)
    if len(shorter) * 3 >= len(longer) and len(shorter) > 4 and f" {shorter} " in f" {longer} ":
        return max(_ALIKE, len(shorter) / len(longer))
    matcher.set_seq1(other)
    if matcher.real_quick_ratio() < _ALIKE or matcher.quick_ratio() < _ALIKE:
        return 0.0
    return matcher.ratio()
