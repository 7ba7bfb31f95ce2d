"""Small rules that tests make for themselves, in the form that an engine takes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cleaner.kinds import KINDS
from cleaner.matching.literals import LiteralReader
from cleaner.matching.patterns import Pattern
from cleaner.matching.vocabulary import Vocabulary
from cleaner.model import Rule
from cleaner.text.folding import key

NO_PIECES = Vocabulary({})


def own_rule(
    kind: str,
    where: str = "anywhere",
    reach: int = 0,
    *,
    name: str = "own/rule",
    evidence: str = "strong",
    **values: Any,
) -> Rule:
    """Return a rule of a kind. Phrases and patterns are given as lists of texts; other fields have the kind's defaults."""
    spec: dict[str, Any] = {}
    for field_name, field in KINDS[kind].fields.items():
        value = values.pop(field_name, field.default)
        if field.type == "phrases":
            value = tuple(key(phrase) for phrase in value)
        elif field.type == "patterns":
            value = tuple(own_pattern(source, rule=name, field=field_name) for source in value)
        spec[field_name] = value
    assert not values, f"the kind {kind} has no {', '.join(values)}"
    return Rule(name, kind, "default", where, reach, evidence, spec)


def own_pattern(
    source: str,
    language: str = "und",
    *,
    rule: str = "own/rule",
    field: str = "patterns",
    pieces: Vocabulary = NO_PIECES,
) -> Pattern:
    """Return a pattern of the test's own rule."""
    return Pattern(source, language, rule, field, pieces, LiteralReader(pieces).required(source, language))


def write_site_rule(path: Path, line: str, site: str = "gazette.example") -> Path:
    """Write a rule file of one site that drops a line anywhere, and return its path."""
    name = f"rules.{site.replace('.', '-')}"
    path.write_text(
        f'[{name}]\nkind = "site"\nwhy = "A line of a site. Price: none."\nsites = ["{site}"]\n'
        f'lines = [{{text = {json.dumps(line)}, place = "anywhere"}}]\n'
        f'[{name}.examples]\nund = """\n- {line}\n  She read: {line}\n  {line} So it said.\n"""\n',
        encoding="utf-8",
    )
    return path
