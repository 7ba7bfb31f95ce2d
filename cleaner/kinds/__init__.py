"""The kinds of rules: the code behind rule files. One module for each kind, each with one ``KIND``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cleaner.kinds import (
    badge,
    bio,
    block,
    doubled,
    ending,
    header,
    hint,
    menu,
    particulars,
    pattern,
    phrase,
    quotation,
    repeat,
    request,
    row,
    running,
    short,
    signature,
    site,
    teaser,
    thread,
)
from cleaner.kinds.base import Kind
from cleaner.matching.patterns import Pattern
from cleaner.model import Rule

KINDS: dict[str, Kind] = {
    module.KIND.name: module.KIND
    for module in (
        phrase,
        pattern,
        repeat,
        request,
        row,
        doubled,
        block,
        ending,
        teaser,
        thread,
        menu,
        particulars,
        header,
        quotation,
        signature,
        running,
        badge,
        bio,
        hint,
        short,
        site,
    )
}


def sought_patterns(chosen: Iterable[Rule]) -> list[Pattern]:
    """Return the patterns of chosen rules that are looked for in every line."""
    return [pattern for rule in chosen for pattern in _sought(rule, "patterns")]


def sought_phrases(chosen: Iterable[Rule]) -> set[str]:
    """Return the phrases of chosen rules that are looked for in every line."""
    return {phrase for rule in chosen for phrase in _sought(rule, "phrases")}


def _sought(rule: Rule, form: str) -> list[Any]:
    kind = KINDS[rule.kind]
    return [entry for name in kind.sought if kind.fields[name].type == form for entry in rule.spec[name]]
