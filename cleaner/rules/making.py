"""Make rules ready to use: read and check their files, and sort the clauses of their patterns by rarity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from cleaner.kinds import KINDS, sought_patterns
from cleaner.matching.patterns import Pattern
from cleaner.matching.prefilter import make_tables, ranked
from cleaner.model import PRESETS
from cleaner.rules.choosing import Choice, choose
from cleaner.rules.examples import Example
from cleaner.rules.files import RuleFile, read_examples, read_folder, read_toml, rule_paths, rule_tables
from cleaner.rules.learned import packed
from cleaner.rules.ruleset import RuleSet, rules_folder
from cleaner.text.folding import fold


def make_builtin(folder: Path, digest: str) -> RuleSet:
    """Read the built-in rules from their folder."""
    found, vocabulary = read_folder(folder)
    _rank(found, samples_of(example for file in found for example in file.examples))
    rules = {file.rule.id: file.rule for file in found}
    tables = {preset: make_tables(sought_patterns(choose(rules, Choice(preset)))) for preset in PRESETS}
    return RuleSet.pack(digest, rules, vocabulary, tables)


def make_own(path: Path, builtin: RuleSet, digest: str) -> RuleSet:
    """Read the rules of a user's folder or file."""
    found, vocabulary = read_folder(path, builtin.vocabulary)
    if any([KINDS[file.rule.kind].sought for file in found]):
        # The user's own examples are too few to show what is rare.
        _rank(found, samples_of(builtin_examples()))
    made = RuleSet.pack(digest, {file.rule.id: packed(file.rule) for file in found}, vocabulary, {})
    return made.marked_old() if any([file.has_old_names for file in found]) else made


def builtin_examples() -> Iterator[Example]:
    """Yield the examples of the built-in rules, without reading the rest of them."""
    for path in rule_paths(rules_folder())[1]:
        yield from read_examples(path, read_toml(path)["examples"])


def builtin_files(builtin: RuleSet) -> list[RuleFile]:
    """Return the built-in rules with everything in their files; the rules themselves have been read and are not read again."""
    rules = builtin.searchable
    return [
        RuleFile(path, rules[rule_id], table["why"].strip(), read_examples(path, table["examples"]), table)
        for rule_id, (path, table) in rule_tables(rules_folder()).items()
    ]


def samples_of(examples: Iterable[Example]) -> list[str]:
    """Return the lines of examples, folded; they show which literals are rare."""
    return [fold(line.text) for example in examples for line in example.lines if line.text]


def _rank(read: Iterable[RuleFile], samples: Sequence[str]) -> None:
    """Sort the clauses of the rules' patterns, the rarest first."""
    patterns: list[Pattern] = []
    for file in read:
        for name in KINDS[file.rule.kind].sought:
            if KINDS[file.rule.kind].fields[name].type == "patterns":
                patterns += [pattern for own in file.rule.spec[name].values() for pattern in own]
    for pattern, own in zip(patterns, ranked([pattern.required for pattern in patterns], samples), strict=True):
        pattern.required = own
