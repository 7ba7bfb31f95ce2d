"""Pages of the site that are made from the code, the rules and the figures when the site is built; none of them is committed."""

from __future__ import annotations

import argparse
import ast
import html
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import cleaner
from cleaner.cli.commands import SUBCOMMANDS, parser_of
from cleaner.cli.options import USUAL
from cleaner.kinds import KINDS
from cleaner.kinds.base import REQUIRED, Field
from cleaner.proof.schemas import settings_schema
from cleaner.rules.choosing import rule_languages
from cleaner.rules.examples import Example
from cleaner.rules.files import COMMON, VOCABULARY, RuleFile, read_folder
from cleaner.rules.ruleset import rules_folder
from cleaner.settings import MEANINGS, TYPES

ROOT = Path(__file__).resolve().parents[2]
_PRICE = re.compile(r"(?:^|(?<=\s))Price:\s*")


def pages() -> dict[str, str]:
    """Return all made pages as Markdown, by their path below ``docs/``."""
    made = {name: make() for name, make in _PAGES.items()}
    for family, files in _families().items():
        made[f"rules/{family}.md"] = _family_page(family, files)
    for name, source in ROOT_PAGES.items():
        if (ROOT / source).exists():
            made[name] = (ROOT / source).read_text(encoding="utf-8")
    return made


# Files at the root of the repository that are pages of the site, too.
ROOT_PAGES = {"contributing.md": "CONTRIBUTING.md", "changelog.md": "CHANGELOG.md", "security.md": "SECURITY.md"}


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(headings)} |"
    yield f"| {' | '.join(['---'] * len(headings))} |"
    for row in rows:
        yield f"| {' | '.join(map(_cell, row))} |"
    yield ""


def _cell(text: str) -> str:
    """Return the text of a cell; a bar outside of code would end it."""
    parts = text.split("`")
    parts[::2] = [part.replace("|", "&#124;") for part in parts[::2]]
    return "`".join(parts)


def _plain(text: str) -> str:
    """Return a text of the command as Markdown: no character of it is markup, except backticks."""
    parts = text.split("`")
    parts[::2] = [re.sub(r"([*_<>\[\]])", r"\\\1", part) for part in parts[::2]]
    return "`".join(parts)


# --- the command ---


def command_page() -> str:
    """Return the command reference, made from the parsers."""
    lines = [
        "# Commands",
        "",
        "Every command and option, as `--help` tells them. [Reference](../reference.md#the-filter) explains the filter in more words.",
        "",
        *_command("cleaner", parser_of("filter"), 2),
    ]
    for name in SUBCOMMANDS:
        lines += _command(f"cleaner {name}", parser_of(name), 2)
    return "\n".join(lines)


def _command(name: str, parser: argparse.ArgumentParser, level: int) -> Iterator[str]:
    yield f"{'#' * level} {name}"
    yield ""
    if parser.description:
        yield _plain(parser.description)
        yield ""
    groups: Iterable[argparse._SubParsersAction[Any]] = [
        action for action in parser._actions if isinstance(action, argparse._SubParsersAction)
    ]
    rows = [
        (_option(action), _plain((action.help or "") % {**vars(action), "prog": parser.prog}))
        for action in parser._actions
        if action.dest != "help" and not isinstance(action, argparse._SubParsersAction)
    ]
    if rows:
        yield from _table(("argument", "meaning"), rows)
    if parser.epilog:
        yield _plain(parser.epilog)
        yield ""
    for group in groups:
        meanings = {action.dest: action.help or "" for action in group._choices_actions}
        for word, each in group.choices.items():
            each.description = meanings[word][:1].upper() + meanings[word][1:] + "."
            yield from _command(f"{name} {word}", each, level + 1)


def _option(action: argparse.Action) -> str:
    value = ""
    if action.nargs != 0:
        value = str(action.metavar or ("|".join(map(str, action.choices)) if action.choices else action.dest.upper()))
    if not action.option_strings:
        return f"`{value}`"
    return ", ".join([f"`{name} {value}`" if value else f"`{name}`" for name in action.option_strings])


# --- settings ---


def settings_page() -> str:
    """Return the reference of settings, made from what reads them."""
    schema = json.loads(settings_schema())["properties"]
    rows = []
    for name, (_, called) in TYPES.items():
        value = " or ".join([f'`"{word}"`' for word in schema[name].get("enum", ())]) or called
        rows.append((f"`{name}`", value, USUAL[name], MEANINGS[name]))
    return "\n".join(
        [
            "# Settings",
            "",
            "The keys of `cleaner.toml`, and of `[tool.cleaner]` in `pyproject.toml`. The command reads the nearest of the two files, from "
            "the working directory upwards; options on the command line win. Functions of Python read no file: pass them the settings.",
            "",
            *_table(("key", "value", "by default", "meaning"), rows),
            "Each key is an option, too: `--preset`, `--max-drop`. All but `encoding` and `errors` are arguments of `cleaner.Cleaner`, in "
            "which `_` replaces `-`.",
            "",
            "An unknown key, or a value of the wrong type, is an error that names the file, the key and the nearest known one.",
            "`cleaner --show-settings` prints the settings in use and where each is from; `cleaner rules schema settings` prints a JSON "
            "Schema for your editor.",
            "",
        ]
    )


# --- rule files ---


def rule_file_page() -> str:
    """Return the keys of rule files, made from what checks them."""
    lines = [
        "# Rule files",
        "",
        "The keys that a rule file may have. [Contributing](../contributing.md#add-a-rule) shows how to write one.",
        "",
        "## Keys of every rule",
        "",
        *_fields(COMMON),
    ]
    for kind in KINDS.values():
        lines += [
            f"## Kind `{kind.name}`",
            "",
            _sentence(kind.meaning),
            "",
            *(_fields(kind.fields) if kind.fields else ()),
        ]
    return "\n".join(lines)


def _fields(fields: Mapping[str, Field]) -> Iterator[str]:
    yield from _table(
        ("key", "value", "by default", "meaning"), [(f"`{name}`", *_field(field)) for name, field in fields.items()]
    )


def _field(field: Field) -> tuple[str, str, str]:
    words = ", ".join([f"`{word}`" for word in field.words])
    default = (
        "required" if field.default is REQUIRED else "" if field.default in (None, {}, []) else f"`{field.default!r}`"
    )
    return words or field.type, default, field.meaning


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


# --- rules ---


@cache
def _families() -> dict[str, list[RuleFile]]:
    families: dict[str, list[RuleFile]] = {}
    for file in read_folder(rules_folder())[0]:
        families.setdefault(file.rule.id.split("/")[0], []).append(file)
    return families


def rules_page() -> str:
    """Return the page that leads to those of the families."""
    families = _families()
    rows = []
    for family, files in families.items():
        languages = {code for file in files for code in rule_languages(file.rule)} - {"und"}
        names = ", ".join([f"[{_name(file)}]({family}.md#{_name(file)})" for file in files])
        rows.append((f"[{family}]({family}.md)", names, str(len(languages) or "all")))
    return "\n".join(
        [
            "# Rules",
            "",
            f"{sum(map(len, families.values()))} rules in {len(families)} families. A family is a page, made from the rule files: why each "
            "rule is there, its price (what it is known to get wrong), its languages and its examples.",
            "",
            "A rule that names no language works in all of them.",
            "",
            *_table(("family", "rules", "languages"), rows),
        ]
    )


def _name(file: RuleFile) -> str:
    return file.rule.id.split("/", 1)[1]


def _family_page(family: str, files: Sequence[RuleFile]) -> str:
    lines = [f"# {family}", ""]
    for file in files:
        lines += _rule(file)
    return "\n".join(lines)


def _rule(file: RuleFile) -> Iterator[str]:
    rule = file.rule
    why, *price = _PRICE.split(file.why.strip())
    languages = sorted(rule_languages(rule) - {"und"})
    where = {"anywhere": "anywhere", "head": "near the beginning", "tail": "near the end", "edge": "near either end"}
    yield f"## {_name(file)}"
    yield ""
    yield f"`{rule.id}`"
    yield ""
    for paragraph in why.strip().split("\n\n"):
        yield html.escape(paragraph, quote=False)
        yield ""
    if price:
        yield f"**Price:** {html.escape(' '.join(' '.join(price).split()), quote=False)}"
        yield ""
    rows = [
        ("looks", where[rule.where] + (f", up to {rule.reach} lines that stay away from it" if rule.reach else "")),
        ("evidence", f"[{rule.evidence}](../how-it-decides.md#4-weigh-the-evidence)"),
        ("preset", f"`{rule.preset}`" + (" and `body`" if rule.preset == "default" else " only")),
        ("languages", ", ".join(languages) or "all"),
        ("kind", f"[`{rule.kind}`](../reference/rule-files.md#kind-{rule.kind})"),
    ]
    yield from _table(("", ""), rows)
    first = next((example for example in file.examples if example.language == "en"), file.examples[0])
    yield from _example(first, "")
    others = [example for example in file.examples if example is not first]
    if others:
        yield f'??? example "More examples: {", ".join(dict.fromkeys([each.language for each in others]))}"'
        yield ""
        for example in others:
            yield from _example(example, "    ")


def _example(example: Example, indent: str) -> Iterator[str]:
    marks = {"drop": "- ", "keep": "  ", "trim": "- "}
    title = f" title={json.dumps(example.language, ensure_ascii=False)}" if example.language != "und" else ""
    yield f"{indent}```` {{.diff{title}}}"
    for line in example.lines:
        yield f"{indent}{marks[line.verdict]}{line.text}".rstrip()
        if line.verdict == "trim":
            yield f"{indent}+ {line.left}"
    yield f"{indent}````"
    yield ""


# --- Python ---


def python_page() -> str:
    """Return the page that mkdocstrings fills from the docstrings of all public names."""
    lines = ["# Python", "", "Made from the docstrings. [Reference](../reference.md) has the same in tables.", ""]
    for name in sorted(cleaner.__all__, key=lambda name: (name[0].isupper(), name)):
        if not name.startswith("_"):
            home = cleaner._HOMES.get(name, "model")
            lines += [f"::: cleaner.{home}.{name}", ""]
    lines += ["::: cleaner.corpus.run.clean_files", ""]
    return "\n".join(lines)


# --- architecture ---


def floors() -> list[tuple[list[str], str]]:
    """Return the floors of the house from top to bottom: the modules on each, and what the contract says of them."""
    written = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    contract = next(
        contract
        for contract in tomllib.loads(written)["tool"]["importlinter"]["contracts"]
        if contract["type"] == "layers"
    )
    found = []
    for layer in contract["layers"]:
        comment = re.search(rf'^\s*"{re.escape(layer)}",[ \t]*(?:#[ \t]*(.+))?$', written, re.MULTILINE)
        found.append(([name.strip() for name in layer.split("|")], (comment[1] or "") if comment else ""))
    return found


def architecture_page() -> str:
    """Return the page about the parts of the code: a diagram of the import contract, and what each module knows."""
    lines = [
        "# Architecture",
        "",
        "`cleaner/` is built like a house: a module may import what is on a floor below its own, and nothing beside or above it. The "
        "diagram and the tables are made from the contract in `pyproject.toml`, which `lint-imports` checks, and from the docstrings.",
        "",
        _diagram(),
        "",
        "To follow one text, read down once: `cleaning` → `engine/passes` → `text/normalizing` → `snapshot` → `matching/prefilter` → "
        "`kinds` → `engine/content` and `engine/evidence` → `engine/findings`. [How it decides](how-it-decides.md) follows an example.",
        "",
    ]
    for names, meaning in floors():
        for name in names:
            lines += _package(name, meaning)
    return "\n".join(lines)


def _package(name: str, meaning: str) -> Iterator[str]:
    folder = ROOT / "cleaner" / name
    if not folder.is_dir():
        yield f"## {name}.py"
        yield ""
        yield _docstring(folder.with_suffix(".py"))
        yield ""
        return
    yield f"## {name}/"
    yield ""
    yield _docstring(folder / "__init__.py") or _sentence(meaning)
    yield ""
    own = [path for path in sorted(folder.glob("*.py")) if path.name != "__init__.py"]
    if own:
        yield from _table(("module", "what it knows"), [(f"`{path.name}`", _docstring(path)) for path in own])


def _docstring(path: Path) -> str:
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return _plain(" ".join(text.split("\n\n")[0].split()).replace("``", "`"))


def _diagram() -> str:
    rows = []
    for names, meaning in floors():
        boxes = "".join(
            [f'<a class="room" href="#{name}{"" if _is_folder(name) else "py"}">{name}</a>' for name in names]
        )
        rows.append(
            f'<div class="floor"><div class="rooms">{boxes}</div><div class="meaning">{html.escape(meaning)}</div></div>'
        )
    return f'<div class="house" role="img" aria-label="The floors of the package, top to bottom">{"".join(rows)}</div>'


def _is_folder(name: str) -> bool:
    return (ROOT / "cleaner" / name).is_dir()


# --- figures ---

_FIGURES = {
    "f1": "F1",
    "way": "share of the way",
    "exact": "exactly right",
    "lost_of_10000": "tokens of the article lost, of 10,000",
    "lost_of_a_million": "words lost, of a million",
    "junk_gone_share": "junk lines gone",
    "precision": "of the lines that go, junk",
    "fit_lost_of_10000": "wanted words lost, of 10,000",
    "passed": "cases that pass",
    "gone": "unwanted segments or lines that go",
    "lost": "wanted segments lost",
    "real_lines_lost": "real lines lost",
}


def floors_page() -> str:
    """Return the figures that CI compares with, made from their file."""
    known: dict[str, dict[str, dict[str, dict[str, float]]]] = json.loads(
        (ROOT / "benchmarks" / "floors.json").read_text(encoding="utf-8")
    )
    lines = [
        "# Floors",
        "",
        "Figures that were reached on texts that people marked. CI fails if one of them gets worse:",
        "",
        "```console",
        "$ python benchmarks/gate.py PATH...",
        "```",
        "",
        "The file `benchmarks/floors.json` holds them, and `--raise` writes better ones into it. Only a person lowers one, by hand, in a "
        "commit that says why. [Measurements](measurements.md) explains what is measured.",
        "",
    ]
    for name in sorted(known):
        lines += [f"## {name}", ""]
        rows = []
        for measured, presets in known[name].items():
            for figure in dict.fromkeys([figure for own in presets.values() for figure in own]):
                values = [_figure(presets.get(preset, {}).get(figure)) for preset in ("default", "body")]
                others = [
                    _figure(own.get(figure)) for preset, own in presets.items() if preset not in ("default", "body")
                ]
                rows.append((measured, _FIGURES.get(figure, figure), *(values if any(values) else [*others, ""][:2])))
        lines += _table(("measured", "figure", "`default`", "`body`"), rows)
    return "\n".join(lines)


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:,}"


_PAGES: dict[str, Callable[[], str]] = {
    "reference/commands.md": command_page,
    "reference/settings.md": settings_page,
    "reference/rule-files.md": rule_file_page,
    "reference/python.md": python_page,
    "rules/index.md": rules_page,
    "architecture.md": architecture_page,
    "floors.md": floors_page,
}


@cache
def paths() -> frozenset[str]:
    """Return the paths of all made pages, without making them."""
    folders = [path.name for path in rules_folder().iterdir() if path.is_dir() and path.name != VOCABULARY]
    families = {f"rules/{family}.md" for family in folders}
    return frozenset({*_PAGES, *families, *[name for name, source in ROOT_PAGES.items() if (ROOT / source).exists()]})
