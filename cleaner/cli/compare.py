"""``cleaner compare``: the lines that two sides judge differently, with the lines around them."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cleaner.cli.messages import printable
from cleaner.cli.options import add_options, cleaner_options
from cleaner.cli.parsing import Parser, nearest
from cleaner.cli.reading import Reader, add_reading_options
from cleaner.cli.terminal import is_coloured, paint
from cleaner.model import InputError, SettingsError
from cleaner.reporting.comparing import Difference, FindingsSide, FolderSide, SettingsSide, Side, differences
from cleaner.reporting.hues import hues
from cleaner.reporting.run import check_page, write_page
from cleaner.rules.loading import identity
from cleaner.settings import TYPES, find
from cleaner.sources.inputs import form_of
from cleaner.templates.rendering import render
from cleaner.text.printing import json_text

_FINE, _SOME = 0, 1
# Differences that a page holds.
_MOST_ON_PAGE = 2000
# Settings that say how to read the input.
_OF_INPUT = ("encoding", "errors")
# Code points of the lines around a difference that are shown.
_CLIP = 200
_STYLES = {"-": "gone", "+": "stays", "~": "rule"}


def make_parser() -> Parser:
    """Return what reads the command line."""
    parser = Parser(
        prog="cleaner compare",
        description="Show the lines that two sides judge differently. A side is settings (preset=body; ignore=captions,bios), a file of "
        "settings (.toml), a folder of rules that takes the place of the built-in ones, or the findings of an earlier run.",
        epilog="`-` marks a line that goes with the new side only, `+` one that goes with the old side only, `~` one of which they leave "
        "different parts. Exit status: 0 fine; 1 with --exit-code if there is a difference, or if documents could not be read; 2 wrong use "
        "or bad input.",
    )
    add_reading_options(parser)
    parser.add_argument("--with", dest="new", required=True, metavar="SIDE", help="the new side")
    parser.add_argument("--against", dest="old", metavar="SIDE", help="the old side (default: the settings in use)")
    parser.add_argument("--format", choices=("text", "json", "jsonl"), default="text", help="the form (default: text)")
    parser.add_argument("--report", metavar="FILE", help="write a page (HTML) instead; needs the extra `report`")
    parser.add_argument("--exit-code", action="store_true", help="exit 1 if there is a difference")
    add_options(parser)
    return parser


def main(arguments: Sequence[str]) -> int:
    """Run ``cleaner compare`` and return its exit status."""
    given = make_parser().parse_args(arguments)
    if given.report:
        check_page(given.report)
    _, settings = find(given.config)
    options = {name: value for name, value in cleaner_options(given, settings).items() if value is not None}
    new, old = (_side(said, options) for said in (given.new, given.old or ""))
    reader = Reader(given, settings)
    counted: Counter[str] = Counter()
    kept: list[Difference] = []
    colour = is_coloured(sys.stdout)
    names = printable(given.new), printable(given.old or "the settings in use")
    for text in reader.texts():
        found = differences(text, new, old)
        counted["documents"] += 1
        counted["touched"] += bool(found)
        counted.update([each.mark for each in found])
        if given.report:
            kept += found[: max(0, _MOST_ON_PAGE - len(kept))]
        elif given.format == "text":
            for each in found:
                for line in _lines(each, names, colour):
                    print(line)
        else:
            kept += found
            if given.format == "jsonl":
                for each in found:
                    print(json_text(each.as_dict()))
    reader.end()
    if given.format == "json" and not given.report:
        print(json_text([each.as_dict() for each in kept], indent=1))
    if given.report:
        write_page(given.report, _page(kept, names, counted))
    sys.stdout.flush()
    print(_sum(counted), file=sys.stderr)
    changed = any([counted[mark] for mark in _STYLES])
    return _SOME if reader.failed or (changed and given.exit_code) else _FINE


def _side(said: str, options: Mapping[str, Any]) -> Side:
    """Return what a side means. Raises InputError or SettingsError if it means nothing."""
    path = said.strip()
    if os.path.isdir(path):
        if any(name.endswith(".toml") for _, _, names in os.walk(path) for name in names):
            return FolderSide(path, options)
        return FindingsSide(path)
    if path.endswith(".toml"):
        _, table = find(path)
        own = {name.replace("-", "_"): value for name, value in table.items() if name not in _OF_INPUT}
        return SettingsSide({**options, **own})
    if path and form_of(path):
        return FindingsSide(path)
    own = dict(options)
    for part in filter(None, map(str.strip, path.split(";"))):
        name, equals, value = (each.strip() for each in part.partition("="))
        if not equals:
            raise InputError(f"{part}: is neither a folder nor a file, nor a setting such as preset=body")
        if name not in TYPES or name in _OF_INPUT:
            meant = nearest(name, TYPES)
            raise SettingsError(
                f"{name}: is not a setting; "
                + (f"did you mean {meant}?" if meant else f"use one of {', '.join(TYPES)}")
            )
        own[name.replace("-", "_")] = _value(name, value)
    return SettingsSide(own)


def _value(name: str, value: str) -> Any:
    wanted, called = TYPES[name]
    if wanted is list:
        # Lines may hold commas.
        return [value] if name in ("keep", "drop") else [entry.strip() for entry in value.split(",") if entry.strip()]
    if wanted is str:
        return value
    try:
        return float(value)
    except ValueError as error:
        raise SettingsError(f"{name}: is {value!r}; write {called}") from error


def _lines(found: Difference, names: tuple[str, str], colour: bool) -> Iterator[str]:
    yield paint(f"{printable(found.document)}:{found.line}: {_told(found, names)}", "head", colour)
    for number, text in found.above:
        yield f"  {number:>5}  {_clipped(text)}"
    yield paint(f"{found.mark} {found.line:>5}  {printable(found.text)}", _STYLES[found.mark], colour)
    for number, text in found.below:
        yield f"  {number:>5}  {_clipped(text)}"
    yield ""


def _clipped(text: str) -> str:
    return printable(text if len(text) <= _CLIP else f"{text[:_CLIP]}…")


def _told(found: Difference, names: tuple[str, str]) -> str:
    new, old = names
    if found.mark == "-":
        left = f", which leaves {found.new.left!r}" if found.new.left else ""
        return f"goes by {found.new.rule}{left} with {new}; stays with {old}"
    if found.mark == "+":
        left = f", which leaves {found.old.left!r}" if found.old.left else ""
        return f"stays with {new}; goes by {found.old.rule}{left} with {old}"
    return (
        f"{found.new.rule} leaves {found.new.left!r} with {new}; {found.old.rule} leaves {found.old.left!r} with {old}"
    )


def _sum(counted: Counter[str]) -> str:
    total = sum(counted[mark] for mark in _STYLES)
    parts = (
        (counted["-"], ("goes now", "go now")),
        (counted["+"], ("stays now", "stay now")),
        (counted["~"], ("is left otherwise", "are left otherwise")),
    )
    said = ", ".join(f"{count:,} {what[count > 1]}" for count, what in parts if count)
    lines = "1 line is" if total == 1 else f"{total:,} lines are"
    documents = "1 document" if counted["documents"] == 1 else f"{counted['documents']:,} documents"
    return f"{lines} judged differently in {counted['touched']:,} of {documents}" + (f": {said}" if said else "")


def _page(found: Sequence[Difference], names: tuple[str, str], counted: Counter[str]) -> str:
    rules: Counter[tuple[str, str]] = Counter([(each.mark, each.new.rule or each.old.rule) for each in found])
    return render(
        "compare.html.j2",
        found=found,
        new=names[0],
        old=names[1],
        said=_sum(counted),
        total=sum(counted[mark] for mark in _STYLES),
        rules=rules.most_common(),
        hues=hues([rule.split("/")[0] for (_, rule), _ in rules.most_common()]),
        version=identity(),
    )
