"""``cleaner rules``: list the rules, show, find, test and begin one, print the catalogue and the schemas."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from cleaner.cli.messages import printable
from cleaner.cli.parsing import Parser, nearest
from cleaner.cli.rule_pages import Tables, found_pages, kind_pages, rule_lines, rule_list, rule_page
from cleaner.cli.terminal import is_coloured
from cleaner.model import EVIDENCE, PRESETS, SettingsError
from cleaner.proof.catalogue import catalogue, kinds_text
from cleaner.proof.drafting import UNWRITTEN, draft
from cleaner.proof.schemas import rule_schema, settings_schema
from cleaner.proof.search import find as find_rules
from cleaner.proof.search import tables_of
from cleaner.proof.selftest import failures, suite
from cleaner.rules.loading import builtin_rules
from cleaner.rules.making import builtin_files
from cleaner.settings import find
from cleaner.text.printing import json_text

_SCHEMAS = {"rule": rule_schema, "settings": settings_schema}
_NEW = "cleaner-rules"


def make_parser() -> Parser:
    """Return what reads the command line."""
    parser = Parser(
        prog="cleaner rules",
        description="List the rules, show why one exists, find those that take a line, test them, begin a new one.",
        epilog="On a terminal, list, show and kinds are laid out for reading; elsewhere they are one rule per line, the rule's file, and "
        "plain text. Exit status: 0 fine; 1 a rule fails its tests; 2 wrong use or bad input.",
    )
    ways = parser.add_subparsers(dest="way", metavar="WAY")
    listed = ways.add_parser("list", help="the rules (the default)")
    listed.add_argument("names", nargs="*", metavar="NAME", help="ids, families or shell patterns (default: all)")
    show = ways.add_parser("show", help="one rule: why it exists, its price, its words and examples")
    show.add_argument("id", metavar="ID")
    show.add_argument("--source", action="store_true", help="print its file as it is")
    search = ways.add_parser("find", help="the rules that take a line, or come near it")
    search.add_argument("text", nargs="+", metavar="TEXT")
    search.add_argument("--format", choices=("text", "json"), default="text", help="the form (default: text)")
    for way in (listed, show, search):
        way.add_argument(
            "--rules", metavar="PATH", action="append", help="your own rules, too (default: those of the settings)"
        )
        way.add_argument("--config", metavar="FILE", help="the settings to use")
    new = ways.add_parser("new", help="begin a rule: a file that lacks nothing but its reason")
    new.add_argument("id", metavar="ID", help="FAMILY/NAME")
    new.add_argument(
        "--phrase", action="append", required=True, metavar="LINE", help="a whole line that goes; may be repeated"
    )
    new.add_argument(
        "--language", default="und", metavar="CODE", help="its language as a BCP 47 code (default: und, none)"
    )
    new.add_argument(
        "--to", metavar="DIR", help=f"the folder of your rules (default: the first of the settings, or {_NEW})"
    )
    new.add_argument("--evidence", choices=EVIDENCE, default="weak", help="how sure the rule is (default: weak)")
    new.add_argument(
        "--preset", choices=PRESETS, default="default", help="the smallest preset with it (default: default)"
    )
    test = ways.add_parser("test", help="test the rules of a file or folder by their own examples")
    test.add_argument("path", nargs="?", type=Path, help="your rules (default: the built-in ones)")
    ways.add_parser("kinds", help="the kinds of rules and their keys")
    ways.add_parser("catalogue", help="the catalogue for readers, as Markdown")
    schema = ways.add_parser("schema", help="the JSON Schema of rule files or of cleaner.toml, for editors")
    schema.add_argument(
        "of", nargs="?", choices=tuple(_SCHEMAS), default="rule", help="what it describes (default: rule)"
    )
    return parser


def main(arguments: Sequence[str]) -> int:
    """Run ``cleaner rules`` and return its exit status: 1 if a rule fails its tests."""
    options = make_parser().parse_args(arguments)
    way: Callable[[Any], int] = _WAYS[options.way or "list"]
    return way(options)


def _print(lines: Iterable[str]) -> int:
    for line in lines:
        print(line)
    return 0


def _own(options: argparse.Namespace) -> Sequence[str]:
    """Return the user's own rules: those that are named, or else those of the settings."""
    given = getattr(options, "rules", None)
    own: Sequence[str] = find(getattr(options, "config", None))[1].get("rules", []) if given is None else given
    return own


def _list(options: argparse.Namespace) -> int:
    rules = tables_of(_own(options))
    if names := getattr(options, "names", ()):
        rules = _chosen(rules, names)
    if sys.stdout.isatty():
        return _print(rule_list(rules, is_coloured(sys.stdout)))
    return _print(rule_lines(rules))


def _chosen(rules: Tables, names: Sequence[str]) -> dict[str, tuple[Path, Any]]:
    found: dict[str, tuple[Path, Any]] = {}
    for name in names:
        own = {rule: rules[rule] for rule in rules if rule.startswith(f"{name}/") or fnmatchcase(rule, name)}
        if not own:
            raise _unknown(name, [*rules, *{rule.split("/")[0] for rule in rules}])
        found.update(own)
    return found


def _unknown(name: str, known: Sequence[str]) -> SettingsError:
    meant = nearest(name, known)
    hint = f"did you mean {meant!r}?" if meant else "`cleaner rules list` shows the ids"
    return SettingsError(f"no rule is called {name!r}; {hint}")


def _show(options: argparse.Namespace) -> int:
    rules = tables_of(_own(options))
    if options.id not in rules:
        raise _unknown(options.id, list(rules))
    path, rule = rules[options.id]
    if options.source or not sys.stdout.isatty():
        text = path.read_text(encoding="utf-8")
        print("\n".join(map(printable, text.split("\n"))) if sys.stdout.isatty() else text, end="")
        return 0
    return _print(rule_page(options.id, path, rule, is_coloured(sys.stdout)))


def _find(options: argparse.Namespace) -> int:
    text, own = " ".join(options.text), _own(options)
    taken, near = find_rules(text, own)
    if options.format == "json":
        found: Mapping[str, Any] = {
            "taken": [each._asdict() for each in taken],
            "near": [each._asdict() for each in near],
        }
        print(json_text(found))
        return 0
    return _print(found_pages(text, taken, near, tables_of(own), is_coloured(sys.stdout)))


def _new(options: argparse.Namespace) -> int:
    folder = options.to or next(iter(find()[1].get("rules", [])), _NEW)
    path = draft(options.id, options.phrase, options.language, folder, evidence=options.evidence, preset=options.preset)
    told = f"{path}: written; say why instead of {UNWRITTEN}, improve its examples, then: cleaner rules test {folder}"
    print(printable(told))
    return 0


def _test(options: argparse.Namespace) -> int:
    tested = suite(options.path)
    shows = sys.stderr.isatty()
    done = broken = 0

    def tell(files: int) -> None:
        nonlocal done
        done += files
        if shows:
            print(f"\r{done} of {len(tested.files)} rules", end="", file=sys.stderr, flush=True)

    for failure in failures(tested, tell):
        print("\r" * shows + printable(str(failure)), file=sys.stderr)
        broken += 1
    if shows:
        print("\r\033[K", end="", file=sys.stderr, flush=True)
    examples = sum(len(file.examples) for file in tested.files)
    print(f"{len(tested.files)} rules, {examples} examples, {broken} failures")
    return 1 if broken else 0


def _kinds(options: argparse.Namespace) -> int:
    if sys.stdout.isatty():
        return _print(kind_pages(is_coloured(sys.stdout)))
    print(kinds_text(), end="")
    return 0


def _catalogue(options: argparse.Namespace) -> int:
    print(catalogue(builtin_files(builtin_rules())), end="")
    return 0


def _schema(options: argparse.Namespace) -> int:
    print(_SCHEMAS[options.of](), end="")
    return 0


_WAYS: dict[str, Callable[[Any], int]] = {
    "list": _list,
    "show": _show,
    "find": _find,
    "new": _new,
    "test": _test,
    "kinds": _kinds,
    "catalogue": _catalogue,
    "schema": _schema,
}
