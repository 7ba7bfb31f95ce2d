"""The options that several commands share: those of a Cleaner, and the engine."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from typing import Any

from cleaner.cli.files import decode, read_bytes
from cleaner.html.extractors import EXTRACTORS
from cleaner.model import WHITESPACE, InputError
from cleaner.sources.cluster import ENGINES
from cleaner.text.printing import printable, toml_text


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of a Cleaner, and the one that names a file with settings."""
    parser.add_argument(
        "--config",
        metavar="FILE",
        help="the settings to use, instead of those of the nearest cleaner.toml or pyproject.toml",
    )
    parser.add_argument("--preset", metavar="NAME", help="default, or body: captions, credits and a known title go too")
    parser.add_argument(
        "--select",
        metavar="RULES",
        action="append",
        help="only these rules: ids, families or shell patterns, with commas",
    )
    parser.add_argument("--ignore", metavar="RULES", action="append", help="all but these rules")
    parser.add_argument(
        "--languages", metavar="CODES", action="append", help="only the words of these languages, with commas"
    )
    parser.add_argument(
        "--rules", metavar="PATH", action="append", help="a file or folder of your own rules, beside the built-in ones"
    )
    parser.add_argument(
        "--max-drop",
        metavar="SHARE",
        type=float,
        help="keep a text whole if it would lose more than this share of its words",
    )
    parser.add_argument(
        "--whitespace",
        choices=WHITESPACE,
        help="text: one space between words; layout: leading spaces, tabs and columns stay; off: all whitespace stays (default: text, "
        "or layout for a text with tabs in columns or most lines indented)",
    )
    for name, verb in (("keep", "stays, whatever the rules say"), ("drop", "goes")):
        parser.add_argument(
            f"--{name}",
            metavar="LINE",
            action="append",
            help=f"a whole line that {verb}; re:PATTERN is a regular expression, @FILE a file with one entry per line",
        )


# What each hint is, for --help.
_HINTS = {
    "title": "the page's title",
    "author": "the author's name",
    "date": "the day of publication, such as 2023-03-23",
    "site_name": "what the site calls itself",
    "description": "the summary in the head of the page",
    "tags": "its tags, keywords or categories",
    "captions": "captions and alternative texts of its pictures",
    "comments": "its readers' comments",
    "links": "a line that is nothing but a link to another page",
}


def add_hints(parser: argparse.ArgumentParser) -> None:
    """Add the options for what is known of the page of a text."""
    for name, what in _HINTS.items():
        parser.add_argument(
            _option(name), metavar="TEXT", action="append", help=f"{what}, if known; may be given several times"
        )
    parser.add_argument("--site", metavar="HOST", help="the site it is from, for rules that belong to a site")
    parser.add_argument("--url", metavar="URL", help="the page's URL: its host is the site")


def add_hint_fields(parser: argparse.ArgumentParser, usual: str = "") -> None:
    """Add the options for the fields of documents that hold hints."""
    for name, what in _HINTS.items():
        parser.add_argument(
            f"{_option(name)}-field",
            metavar="NAME",
            help=f"the field that holds {what}, a hint for the rules {usual}".strip(),
        )


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def hints_given(given: Any) -> dict[str, Any]:
    """Return what the options say of the page of a text."""
    return {name: value for name in (*_HINTS, "site", "url") if (value := getattr(given, name))}


def add_page_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say how the text of a page is extracted."""
    parser.add_argument(
        "--extractor",
        choices=tuple(EXTRACTORS),
        help="what finds the article in a page; each but trafilatura needs the extra of its name (default: trafilatura)",
    )
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--favor-precision", action="store_true", help="rather less text of a page (trafilatura)")
    way.add_argument("--favor-recall", action="store_true", help="rather more text of a page (trafilatura)")
    parser.add_argument(
        "--markdown", action="store_true", help="leave headings, lists and emphasis of a page as Markdown (trafilatura)"
    )
    parser.add_argument(
        "--fallback", action="store_true", help="take the text of all paragraphs if the extractor finds nothing"
    )


def page_options(given: Any) -> dict[str, Any]:
    """Return how the text of a page is extracted, as far as options say so."""
    names = ("extractor", "favor_precision", "favor_recall", "markdown", "fallback")
    return {name: value for name in names if (value := getattr(given, name))}


def cleaner_options(given: Any, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of a Cleaner: those on the command line, or else those of the settings."""
    return {
        "preset": given.preset or settings.get("preset", "default"),
        "select": _listed(given.select) or settings.get("select"),
        "ignore": _listed(given.ignore) or settings.get("ignore", ()),
        "languages": _listed(given.languages) or settings.get("languages"),
        "rules": given.rules if given.rules is not None else settings.get("rules", []),
        "max_drop": given.max_drop if given.max_drop is not None else settings.get("max-drop"),
        "whitespace": given.whitespace or settings.get("whitespace"),
        "keep": _own_lines(given.keep) if given.keep is not None else settings.get("keep", []),
        "drop": _own_lines(given.drop) if given.drop is not None else settings.get("drop", []),
    }


# Settings that are written otherwise in Python.
_IN_PYTHON = {"max-drop": "max_drop"}
USUAL = {
    "preset": "default",
    "select": "all rules of the preset",
    "ignore": "none",
    "languages": "all",
    "rules": "the built-in ones only",
    "max-drop": "no limit",
    "whitespace": "text, or layout for a text that has one",
    "keep": "none",
    "drop": "none",
    "encoding": "utf-8",
    "errors": "strict",
}


def settings_text(given: Any, settings: tuple[str, Mapping[str, Any]], chosen: Mapping[str, Any]) -> str:
    """Return the settings in use as TOML; a comment says where each is from.

    ``settings`` are a file's, with its path; ``chosen`` are the options that the Cleaner gets.
    """
    import tomlkit  # no other command needs it

    path, table = settings
    lines = [
        f"# {printable(os.path.abspath(path))}"
        if path
        else "# no cleaner.toml, and no pyproject.toml with [tool.cleaner]"
    ]
    for name, usual in USUAL.items():
        attribute = _IN_PYTHON.get(name, name)
        value = chosen.get(attribute)
        if getattr(given, attribute, None) is not None:
            origin = f"--{name}"
            value = getattr(given, attribute) if attribute not in chosen else value
        elif name in table:
            origin = os.path.basename(path)
            value = table[name]
        elif name == "max-drop" and value is not None:
            origin = "--in-place"
        else:
            lines.append(f"# {name}: {usual}")
            continue
        written = tomlkit.item(list(value) if isinstance(value, tuple) else value).as_string()
        lines.append(f"{name} = {toml_text(written)}  # {origin}")
    return "\n".join(lines) + "\n"


def _own_lines(given: Sequence[str]) -> list[str]:
    """Return the lines that an option names; ``@lines.txt`` is replaced by the lines of that file."""
    lines: list[str] = []
    for entry in given:
        if entry.startswith("@"):
            path = entry.removeprefix("@")
            lines += [line for line in decode(read_bytes(path), path).text.splitlines() if line.strip()]
        else:
            lines.append(entry)
    return lines


def _listed(values: Sequence[str] | None) -> list[str] | None:
    if values is None:
        return None
    return [entry for value in values for entry in value.replace(",", " ").split()]


def add_engine_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that choose the engine."""
    parser.add_argument("--engine", choices=ENGINES, default="local", help="what runs it (default: local)")
    parser.add_argument("--address", metavar="ADDR", help="where the Ray cluster is, such as auto or ray://head:10001")


def check_engine(given: argparse.Namespace) -> None:
    """Raise InputError for ``--address`` without ``--engine ray``."""
    if given.address and given.engine != "ray":
        raise InputError("--address is where a Ray cluster is; it goes with --engine ray")
