"""Writes rules that are like the built-in ones and yet others, to see what more rules cost."""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

from benchmarks.texts import rule_files
from cleaner.kinds import KINDS
from cleaner.rules.files import RuleFile
from cleaner.text.folding import key

_WORD = re.compile(r"[^\W\d_]{3,}")
# What a pattern is made of besides plain words: none of it may be touched.
_SYNTAX = re.compile(
    r"\\[pP]\{[^}]*\}|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?&\w+\)|\(\?P?<\w+>|\(\?[a-zA-Z]*(?:-[a-zA-Z]+)?:|\{[\d,]*\}|[^\W\d_]{3,}",
    re.DOTALL,
)


def write_rules(folder: Path, copies: int) -> int:
    """Write ``copies`` more rules for each built-in one that holds phrases or patterns; return how many.

    Each copy has as many phrases and patterns as its model, of the same form and the same languages, in which every word is
    another word out of all the rules of that language.
    """
    words = _words_by_language()
    count = 0
    for copy in range(copies):
        chance = random.Random(copy)
        for file in rule_files():
            lists = _word_lists(file)
            if not lists:
                continue
            family, name = file.rule.id.split("/")
            path = folder / f"{family}-{copy + 1}" / f"{name}.toml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_rule_text(file, lists, words, chance), encoding="utf-8")
            count += 1
    return count


def _word_lists(file: RuleFile) -> list[str]:
    fields = KINDS[file.rule.kind].fields
    return [name for name, field in fields.items() if field.type in ("phrases", "patterns") and file.table.get(name)]


def _words_by_language() -> dict[str, list[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for file in rule_files():
        for name in _word_lists(file):
            for language, entries in file.table[name].items():
                for entry in entries:
                    found[language].update(word for word in _SYNTAX.findall(entry) if _WORD.fullmatch(word))
    return {language: sorted(words) for language, words in found.items()}


def _rule_text(file: RuleFile, lists: list[str], words: dict[str, list[str]], chance: random.Random) -> str:
    lines = [f"{name} = {_toml(value)}" for name, value in file.table.items() if _is_plain(name, value)]
    for name in lists:
        lines.append(f"\n[{name}]")
        for language, entries in file.table[name].items():
            own = words.get(language) or words["en"]
            made = [_other(entry, own, chance) for entry in entries]
            others = {key(entry) if name == "phrases" else entry: entry for entry in made}
            lines.append(f"{_toml(language)} = {_toml(list(others.values()))}")
    # The examples prove nothing about other words, but a rule that has none does not load.
    lines += ["\n[examples]", *(f"{_toml(lang)} = {_toml(text)}" for lang, text in file.table["examples"].items())]
    return "\n".join(lines) + "\n"


def _is_plain(name: str, value: Any) -> bool:
    return not isinstance(value, dict) and name != "examples"


def _toml(value: Any) -> str:
    """Return a value as TOML on one line; its quoted texts are those of JSON."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_toml(name)} = {_toml(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _other(source: str, words: list[str], chance: random.Random) -> str:
    """Return a phrase or pattern with every word replaced by another, its first letter as large as before."""

    def replace(match: re.Match[str]) -> str:
        old = match[0]
        if not _WORD.fullmatch(old):
            return old
        new = chance.choice(words)
        return new[:1].upper() + new[1:] if old[:1].isupper() else new[:1].lower() + new[1:]

    return _SYNTAX.sub(replace, source)
