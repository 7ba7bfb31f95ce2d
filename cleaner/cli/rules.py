"""``cleaner rules``: list the rules, show one, test some, print the catalogue."""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Sequence
from pathlib import Path

from cleaner.model import SettingsError
from cleaner.proof.catalogue import catalogue, first_sentence, kinds_text
from cleaner.proof.selftest import failures, suite
from cleaner.rules.files import read_folder, rule_tables
from cleaner.rules.ruleset import rules_folder


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cleaner rules", description="The rules: what there is, why, and whether it holds."
    )
    ways = parser.add_subparsers(dest="way", metavar="WAY")
    ways.add_parser("list", help="every rule in a line (the default)")
    show = ways.add_parser("show", help="one rule as it is written")
    show.add_argument("id")
    test = ways.add_parser("test", help="test the rules of a file or folder by their own examples")
    test.add_argument("path", nargs="?", type=Path, help="your rules; the built-in ones unless said")
    ways.add_parser("kinds", help="the kinds of rules and their keys")
    ways.add_parser("catalogue", help="the catalogue for readers, as Markdown")
    return parser


def main(arguments: Sequence[str]) -> int:
    """Run ``cleaner rules`` and return its exit status: 1 when a rule does not hold."""
    options = _parser().parse_args(arguments)
    if options.way == "test":
        return _test(options.path)
    if options.way == "kinds":
        print(kinds_text(), end="")
    elif options.way == "show":
        print(_path_of(options.id).read_text(encoding="utf-8"), end="")
    elif options.way == "catalogue":
        print(catalogue(read_folder(rules_folder())[0]), end="")
    else:
        _list()
    return 0


def _list() -> None:
    rules = rule_tables(rules_folder())
    width = max(map(len, rules))
    for rule_id, (_, rule) in rules.items():
        preset = rule.get("preset", "default")
        print(f"{rule_id:<{width}}  {rule['kind']:<8} {preset:<8} {first_sentence(rule['why'])}")


def _path_of(rule_id: str) -> Path:
    rules = rule_tables(rules_folder())
    if rule_id in rules:
        return rules[rule_id][0]
    close = difflib.get_close_matches(rule_id, rules, n=1)
    hint = f"did you mean {close[0]!r}?" if close else "`cleaner rules list` shows the ids"
    raise SettingsError(f"no rule is called {rule_id!r}; {hint}")


def _test(path: Path | None) -> int:
    tested = suite(path)
    broken = 0
    for failure in failures(tested):
        print(failure, file=sys.stderr)
        broken += 1
    examples = sum(len(file.examples) for file in tested.files)
    print(f"{len(tested.files)} rules, {examples} examples, {broken} failures")
    return 1 if broken else 0
