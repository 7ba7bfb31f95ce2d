"""Rules laid out for a person, as wide as the terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cleaner.cli.messages import printable
from cleaner.cli.terminal import paint, wrapped
from cleaner.kinds import KINDS
from cleaner.kinds.base import REQUIRED
from cleaner.proof.catalogue import first_sentence
from cleaner.proof.search import Match
from cleaner.rules.examples import read_example
from cleaner.rules.ruleset import rules_folder

# Phrases and patterns of a language, and lines of examples, that are shown.
_SHOWN, _LINES = 12, 6
_PRICE = re.compile(r"(?:^|(?<=\s))Price:\s*")

Tables = Mapping[str, tuple[Path, Mapping[str, Any]]]


def rule_lines(rules: Tables) -> Iterator[str]:
    """Return each rule on one line, for programs."""
    rules = _shown(rules)
    width = max(map(len, rules), default=0)
    for rule_id, (path, rule) in rules.items():
        preset = rule.get("preset", "default")
        yield f"{rule_id:<{width}}  {rule['kind']:<8} {preset:<8} {first_sentence(rule['why'])}{_place(path, rule)}"


def _shown(rules: Tables) -> Tables:
    """Return rules with what a terminal could take for a command escaped in all their texts."""
    return {printable(rule_id): (path, _escaped(rule)) for rule_id, (path, rule) in rules.items()}


def _escaped(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isprintable() else "\n".join(map(printable, value.split("\n")))
    if isinstance(value, Mapping):
        return {_escaped(name): _escaped(entry) for name, entry in value.items()}
    return [_escaped(entry) for entry in value] if isinstance(value, list) else value


def _place(path: Path, rule: Mapping[str, Any]) -> str:
    if path.is_relative_to(rules_folder()):
        return ""
    return (
        f" (in place of the built-in rule: {printable(str(path))})"
        if rule.get("replaces")
        else f" ({printable(str(path))})"
    )


def rule_list(rules: Tables, colour: bool) -> Iterator[str]:
    """Return the rules by family, each with the first sentence of its reason."""
    rules = _shown(rules)
    family = ""
    for rule_id, (path, rule) in rules.items():
        if rule_id.split("/")[0] != family:
            family = rule_id.split("/")[0]
            yield ""
            yield paint(family, "head", colour)
        marks = [word for word in (_evidence(rule), rule.get("preset", "default")) if word not in ("strong", "default")]
        facts = paint(", ".join(marks), "soft", colour)
        yield f"  {paint(rule_id, 'rule', colour)}{f'  {facts}' if marks else ''}"
        yield wrapped(f"{first_sentence(rule['why'])}{_place(path, rule)}", 4)
    yield ""
    yield wrapped(
        f"{len(rules)} rules. `cleaner rules show ID` says more of one, `cleaner rules find TEXT` which take a line."
    )


def rule_page(rule_id: str, path: Path, rule: Mapping[str, Any], colour: bool) -> Iterator[str]:
    """Return a rule: how it works, why, at what price, its words, and lines that go and stay."""
    ((rule_id, (_, rule)),) = _shown({rule_id: (path, rule)}).items()
    yield paint(rule_id, "head", colour)
    where = rule.get("where", "anywhere")
    facts = [
        f"kind {rule['kind']}",
        f"preset {rule.get('preset', 'default')}",
        f"where {where}",
        f"{_evidence(rule)} evidence",
    ]
    yield paint(" · ".join(facts), "soft", colour)
    yield ""
    why, *price = _PRICE.split(rule["why"].strip())
    for paragraph in why.split("\n\n"):
        yield wrapped(" ".join(paragraph.split()))
    yield ""
    yield wrapped(f"Price: {' '.join(' '.join(price).split())}")
    for name, field in KINDS[rule["kind"]].fields.items():
        if name not in rule:
            continue
        yield ""
        if field.type in ("phrases", "patterns"):
            yield paint(name, "head", colour)
            for language, entries in rule[name].items():
                yield from _words(language, entries, " · " if field.type == "phrases" else "\n")
        else:
            yield wrapped(f"{name}: {rule[name]}", 0, 4)
    yield ""
    yield paint("examples", "head", colour)
    yield from _examples(rule, colour)
    yield ""
    yield paint(printable(str(path)), "soft", colour)


def _words(language: str, entries: Sequence[str], between: str) -> Iterator[str]:
    more = len(entries) - _SHOWN
    shown = [" ".join(entry.split()) for entry in entries[:_SHOWN]]
    if more > 0:
        shown.append(f"and {more} more")
    texts = [between.join(shown)] if between != "\n" else shown
    for place, text in enumerate(texts):
        yield wrapped(f"{language if not place else '':<6}{text}", 2, 8)


def _examples(rule: Mapping[str, Any], colour: bool) -> Iterator[str]:
    languages = rule["examples"]
    language = "en" if "en" in languages else next(iter(languages))
    entries = languages[language]
    for entry in (entries if isinstance(entries, list) else [entries])[:1]:
        example = read_example(language, entry)
        for verdict, mark, style in (("drop", "-", "gone"), ("trim", "~", "gone"), ("keep", " ", "")):
            lines = example.of(verdict)[: _LINES if verdict == "drop" else _LINES // 2]
            for line in lines:
                text = wrapped(f"{mark} {line}", 2, 4)
                yield paint(text, style, colour) if style else text


def _evidence(rule: Mapping[str, Any]) -> str:
    return str(rule.get("evidence") or KINDS[rule["kind"]].evidence)


def kind_pages(colour: bool) -> Iterator[str]:
    """Return the kinds with their keys."""
    for kind in KINDS.values():
        yield ""
        yield paint(kind.name, "head", colour)
        yield wrapped(kind.meaning, 2)
        for name, field in kind.fields.items():
            default = "required" if field.default is REQUIRED else f"default {field.default!r}"
            if field.default in ({}, [], None):
                default = "optional"
            yield f"  {paint(name, 'rule', colour)}  {paint(f'{field.type}; {default}', 'soft', colour)}"
            words = f"One of {', '.join(field.words)}: " if field.words else ""
            yield wrapped(f"{words}{field.meaning}", 6)


def found_pages(text: str, taken: Sequence[Match], near: Sequence[Match], rules: Tables, colour: bool) -> Iterator[str]:
    """Return which rules take a line, and which come near it."""
    if taken:
        yield f"{text!r} is taken by"
        for match in taken:
            yield from _match(match, rules, colour)
    else:
        yield f"No rule takes {text!r} by itself."
    if near:
        yield ""
        yield "Near it come"
        for match in near:
            yield from _match(match, rules, colour)
    elif not taken:
        yield "None comes near it. `cleaner rules new FAMILY/NAME --phrase TEXT --language CODE` writes a rule."


def _match(match: Match, rules: Tables, colour: bool) -> Iterator[str]:
    _, rule = rules[match.rule]
    facts = [_evidence(rule)]
    if rule.get("where", "anywhere") != "anywhere":
        facts.append(rule["where"])
    if rule.get("preset", "default") != "default":
        facts.append(f"preset {rule['preset']}")
    likeness = f"  {match.likeness:.0%}" if match.likeness < 1 else ""
    yield f"  {paint(match.rule, 'rule', colour)}  {paint(', '.join(facts), 'soft', colour)}{likeness}"
    language = f" ({match.language})" if match.language else ""
    said = f"{match.what}{language}: {match.text}" if match.text else f"by its kind, {match.what}"
    yield wrapped(printable(said), 4, 6)
