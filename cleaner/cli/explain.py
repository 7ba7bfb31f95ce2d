"""``cleaner explain``: a text line by line, with the rules that took lines, and why others stay."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from cleaner.cleaning import Cleaner
from cleaner.cli.files import decode, name_of, read_bytes
from cleaner.cli.messages import printable
from cleaner.cli.options import (
    add_hints,
    add_options,
    add_page_options,
    cleaner_options,
    hints_given,
    page_options,
)
from cleaner.cli.pages import named_page
from cleaner.cli.parsing import Parser, nearest
from cleaner.cli.terminal import is_coloured, paint, wrapped
from cleaner.model import NORMALIZE, Explanation, InputError, Kept
from cleaner.settings import find
from cleaner.text.folding import key
from cleaner.text.printing import json_text

_ALL = "all"


def make_parser() -> Parser:
    """Return what reads the command line."""
    parser = Parser(
        prog="cleaner explain",
        description="Show a text line by line: `-` goes, `~` is trimmed, `*` is repaired, each with its rule. With --kept, tell why a line "
        "stays: which rules came near it, and what held each back.",
    )
    parser.add_argument("file", nargs="?", default="-", metavar="FILE", help="a text; - or none: standard input")
    parser.add_argument(
        "--kept",
        metavar="LINE",
        help=f"the line's number or its text, or `{_ALL}` for every line that a rule came near",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="the form (default: text)")
    parser.add_argument("--html", action="store_true", help="the input is a page; needs the extra `html`")
    add_page_options(parser)
    add_hints(parser)
    parser.add_argument("--encoding", metavar="NAME", help="the encoding of the input (default: utf-8)")
    parser.add_argument(
        "--errors",
        choices=("strict", "replace", "ignore"),
        help="what to do with bytes that do not decode (default: strict)",
    )
    add_options(parser)
    return parser


def main(arguments: Sequence[str]) -> int:
    """Run ``cleaner explain`` and return its exit status."""
    given = make_parser().parse_args(arguments)
    _, settings = find(given.config)
    name, content = name_of(given.file), read_bytes(given.file)
    known = hints_given(given)
    if given.html:
        page = named_page(name, content, given.url, page_options(given))
        text, known = page.text, page.joined(known)
    else:
        encoding, errors = (
            (given.encoding or settings.get("encoding", "utf-8")),
            given.errors or settings.get("errors", "strict"),
        )
        text = decode(content, name, encoding, errors).text
    explained = Cleaner(**cleaner_options(given, settings)).explain(text, kept=given.kept is not None, **known)
    colour = is_coloured(sys.stdout)
    if given.kept is None:
        return _print(_json(explained) if given.format == "json" else _lines(explained, colour))
    numbers = None if given.kept == _ALL else _numbers(explained, given.kept, name)
    found = [each for each in explained.kept if numbers is None or each.line in numbers]
    if given.format == "json":
        shown = [{**each._asdict(), "held": [held._asdict() for held in each.held]} for each in found]
        return _print([json_text(shown, indent=1)])
    return _print(_reasons(explained, found, numbers, colour))


def _print(lines: Iterator[str] | Sequence[str]) -> int:
    for line in lines:
        print(line)
    return 0


def _json(explained: Explanation) -> Iterator[str]:
    fields = {name: getattr(explained, name) for name in ("text", "changed", "flagged", "whitespace")}
    fields["findings"] = [finding._asdict() for finding in explained.findings]
    yield json_text(fields, indent=1)


def _lines(explained: Explanation, colour: bool) -> Iterator[str]:
    findings = {finding.line: finding for finding in explained.by_line}
    for number, line in enumerate(explained.source.splitlines(), 1):
        finding = findings.get(number)
        if finding is None:
            yield f"{number:>5}    {printable(line)}" if line.strip() else ""
            continue
        mark = "*" if finding.rule == NORMALIZE else "~" if finding.replacement else "-"
        if mark == "*" and not line.strip():
            continue
        style = "" if mark == "*" else "gone"
        text = paint(printable(line), style, colour) if style else printable(line)
        also = f" (also {', '.join(finding.also)})" if finding.also else ""
        yield f"{number:>5}  {mark} {text}"
        left = f"{printable(finding.replacement)}  " if finding.replacement else ""
        yield f"{'':>9}{'> ' * bool(left)}{left}{paint(finding.rule + also, 'rule', colour)}"
    if explained.flagged:
        yield "The text stays whole, only normalized: too much of it would go."


def _numbers(explained: Explanation, asked: str, name: str) -> set[int]:
    """Return the numbers of the lines that are asked for, by number or text. Raises InputError if there are none."""
    lines = explained.source.splitlines()
    if asked.isdecimal():
        if not 1 <= int(asked) <= len(lines):
            raise InputError(f"{name}: has no line {asked}; it has {len(lines):,}")
        return {int(asked)}
    found = {number for number, line in enumerate(lines, 1) if _is_asked(line, asked)}
    if not found:
        meant = nearest(asked, [line for line in lines if line.strip()])
        raise InputError(
            f"{name}: has no line {asked!r}" + (f"; did you mean {meant!r}?" if meant else "; name its number")
        )
    return found


def _is_asked(line: str, asked: str) -> bool:
    """Tell whether a line is the one that is asked for, as phrases are compared."""
    return bool(line.strip()) and (line.strip() == asked.strip() or (key(line) == key(asked) and key(line) != ""))


def _reasons(explained: Explanation, found: Sequence[Kept], numbers: set[int] | None, colour: bool) -> Iterator[str]:
    """Return why lines stay, and of those that went by which rule."""
    told = {each.line for each in found}
    taken = {finding.line: finding for finding in explained.taken}
    lines = explained.source.splitlines()
    for number in sorted(numbers or ()):
        if number in taken:
            finding = taken[number]
            did = "trims it" if finding.replacement else "takes it"
            yield f"{number}: {printable(lines[number - 1])}"
            yield f"  {paint(finding.rule, 'rule', colour)} {did}"
        elif number not in told:
            yield f"{number}: {printable(lines[number - 1])}"
            yield "  it stays; no rule comes near it"
    for each in found:
        if each.line in taken:
            continue
        yield f"{each.line}: {printable(each.text)}"
        for held in each.held:
            yield f"  {paint(held.rule, 'rule', colour)}"
            yield wrapped(held.why, 4)
    if not found and numbers is None:
        yield "No rule comes near a line that stays."
