"""The choice of rules: by preset, by name, by language."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from cleaner.kinds import KINDS
from cleaner.model import Rule, SettingsError


class Choice(NamedTuple):
    """A caller's choice of rules; ``cleaner.Cleaner`` documents the fields."""

    preset: str = "default"
    select: Sequence[str] | None = None
    ignore: Sequence[str] = ()
    languages: Sequence[str] | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it is a preset and nothing else."""
        return self.select is None and not self.ignore and self.languages is None


def choose(rules: Mapping[str, Rule], choice: Choice) -> list[Rule]:
    """Return the rules that a caller asks for, sorted by id, without the phrases and patterns of other languages.

    The phrases and patterns that remain are in one tuple. Raises SettingsError for an unknown name or language.
    """
    inside = {rule.id for rule in rules.values() if choice.preset == "body" or rule.preset == "default"}
    chosen = inside
    if choice.select is not None:
        chosen = set()
        for name in choice.select:
            chosen |= {name} if name in rules else _named(rules, name, "select") & inside
    for name in choice.ignore:
        chosen = chosen - _named(rules, name, "ignore")
    languages = None
    if choice.languages is not None:
        _check_languages(rules.values(), choice.languages)
        languages = [language.lower() for language in choice.languages]
    own = [rules[rule_id] for rule_id in sorted(chosen)]
    if choice.preset == "body":
        own = [rule._replace(evidence=rule.in_body or rule.evidence) for rule in own]
    return [_in_languages(rule, languages) for rule in own]


def _in_languages(rule: Rule, languages: Sequence[str] | None) -> Rule:
    fields = KINDS[rule.kind].fields
    lists = [name for name, field in fields.items() if field.type in ("phrases", "patterns")]
    if not lists:
        return rule
    spec = dict(rule.spec)
    for name in lists:
        spec[name] = tuple(
            dict.fromkeys(
                [
                    entry
                    for language, entries in rule.spec[name].items()
                    if languages is None or language == "und" or _speaks(languages, language.lower())
                    for entry in entries
                ]
            )
        )
    return rule._replace(spec=spec)


def _speaks(languages: Sequence[str], language: str) -> bool:
    """Tell whether a list of BCP 47 codes asks for a language: "pt" asks for "pt-BR", and "pt-BR" for "pt"."""
    return any(
        [
            asked == language or language.startswith(f"{asked}-") or asked.startswith(f"{language}-")
            for asked in languages
        ]
    )


def _named(rules: Mapping[str, Rule], name: str, option: str) -> set[str]:
    named = {rule for rule in rules if rule == name or rule.startswith(f"{name}/") or fnmatchcase(rule, name)}
    if named:
        return named
    families = {rule.split("/")[0] for rule in rules}
    close = difflib.get_close_matches(name, [*rules, *families], n=1)
    hint = f"did you mean {close[0]!r}?" if close else "`cleaner rules list` shows all names"
    raise SettingsError(f"{option}: no rule is called {name!r}; {hint}")


def rule_languages(rule: Rule) -> set[str]:
    """Return the languages in which a rule has phrases or patterns."""
    return {language for value in rule.spec.values() if isinstance(value, dict) for language in value}


def _check_languages(rules: Iterable[Rule], languages: Sequence[str]) -> None:
    known = {language.lower().split("-")[0] for rule in rules for language in rule_languages(rule)}
    for language in languages:
        if language.lower().split("-")[0] not in known:
            raise SettingsError(
                f"languages: no rule knows {language!r}; there are {', '.join(sorted(known - {'und'}))}"
            )
