"""``cleaner rules``: list the rules, show one, test some, print the catalogue."""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cleaner.cli.parsing import Parser
from cleaner.model import SettingsError
from cleaner.proof.catalogue import catalogue, first_sentence, kinds_text
from cleaner.proof.selftest import failures, suite
from cleaner.rules.files import read_folder, rule_tables
from cleaner.rules.loading import load, own_folder
from cleaner.rules.ruleset import rules_folder
from cleaner.settings import find


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="cleaner rules", description="List the rules, show why one exists, and test whether they hold."
    )
    ways = parser.add_subparsers(dest="way", metavar="WAY")
    listed = ways.add_parser("list", help="every rule on one line (the default)")
    show = ways.add_parser("show", help="one rule as it is written")
    show.add_argument("id")
    for way in (listed, show):
        way.add_argument(
            "--rules", metavar="PATH", action="append", help="your own rules, too (default: those of the settings)"
        )
    test = ways.add_parser("test", help="test the rules of a file or folder by their own examples")
    test.add_argument("path", nargs="?", type=Path, help="your rules (default: the built-in ones)")
    ways.add_parser("kinds", help="the kinds of rules and their keys")
    ways.add_parser("catalogue", help="the catalogue for readers, as Markdown")
    return parser


def main(arguments: Sequence[str]) -> int:
    """Run ``cleaner rules`` and return its exit status: 1 if a rule fails its tests."""
    options = _parser().parse_args(arguments)
    if options.way == "test":
        return _test(options.path)
    if options.way == "kinds":
        print(kinds_text(), end="")
    elif options.way == "show":
        print(_path_of(options.id, _tables(options)).read_text(encoding="utf-8"), end="")
    elif options.way == "catalogue":
        print(catalogue(read_folder(rules_folder())[0]), end="")
    else:
        _list(_tables(options))
    return 0


def _tables(options: argparse.Namespace) -> dict[str, tuple[Path, dict[str, Any]]]:
    """Return the rules as they are written, by id: the built-in ones and the user's own, which may replace built-in ones."""
    given = getattr(options, "rules", None)
    own = find()[1].get("rules", []) if given is None else given
    if own:
        load(own)  # raises if they are wrong, before anything is listed
    rules = rule_tables(rules_folder())
    for name in own:
        rules.update(rule_tables(own_folder(name)))
    return dict(sorted(rules.items()))


def _list(rules: dict[str, tuple[Path, dict[str, Any]]]) -> None:
    builtin = rules_folder()
    width = max(map(len, rules))
    for rule_id, (path, rule) in rules.items():
        preset = rule.get("preset", "default")
        place = f" (in place of the built-in rule: {path})" if rule.get("replaces") else f" ({path})"
        own = "" if path.is_relative_to(builtin) else place
        print(f"{rule_id:<{width}}  {rule['kind']:<8} {preset:<8} {first_sentence(rule['why'])}{own}")


def _path_of(rule_id: str, rules: dict[str, tuple[Path, dict[str, Any]]]) -> Path:
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
