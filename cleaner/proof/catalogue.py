"""The catalogue of rules for readers, made from the rules."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleaner.kinds import KINDS
from cleaner.kinds.base import REQUIRED
from cleaner.rules.choosing import rule_languages
from cleaner.rules.files import RuleFile

_FIRST_SENTENCE = re.compile(r"(.+?[.!?])[\"')\]]*(?=\s+[A-Z\"(]|$)")
COMMAND = "cleaner rules catalogue > rules/README.md"


def first_sentence(why: str) -> str:
    """Return the first sentence of a rule's ``why``, on one line."""
    text = " ".join(why.split())
    match = _FIRST_SENTENCE.match(text)
    return match[0] if match else text


def catalogue(files: Sequence[RuleFile]) -> str:
    """Return the catalogue as Markdown: families, and for each rule its reasons, its price and a few lines it takes."""
    families: dict[str, list[RuleFile]] = {}
    for file in files:
        families.setdefault(file.rule.id.split("/")[0], []).append(file)
    parts = [
        "# The rules\n",
        f"Made from the rule files by `{COMMAND}`; change those, not this. CONTRIBUTING.md says how to add one.\n",
        f'{len(files)} rules in {len(families)} families. Rules marked *body* work only with `preset="body"`.\n',
    ]
    for family, own in families.items():
        parts.append(f"## {family}\n")
        for file in own:
            parts.append(_entry(file))
    return "\n".join(parts)


def _entry(file: RuleFile) -> str:
    rule = file.rule
    languages = sorted(rule_languages(rule) - {"und"})
    facts = [
        f"kind `{rule.kind}`",
        f"where `{rule.where}`" + (f" (reach {rule.reach})" if rule.where != "anywhere" else ""),
    ]
    if rule.preset != "default":
        facts.append(f"*{rule.preset}*")
    if languages:
        facts.append(f"languages {', '.join(languages)}")
    why = "\n".join(f"{line}" for line in file.why.splitlines())
    example = next((example for example in file.examples if example.language == "en"), file.examples[0])
    taken = (example.of("drop") + example.of("trim"))[:3]
    near = example.of("keep")[-1:]
    lines = [f"### {rule.id}\n", f"{'; '.join(facts)}\n", f"{why}\n", "```diff"]
    lines += [f"- {line}" for line in taken] + [f"  {line}" for line in near] + ["```\n"]
    return "\n".join(lines)


def kinds_text() -> str:
    """Return the kinds and their keys as plain text."""
    lines: list[str] = []
    for kind in KINDS.values():
        lines.append(f"{kind.name}: {kind.meaning}")
        for name, field in kind.fields.items():
            words = f" ({', '.join(field.words)})" if field.words else ""
            default = "required" if field.default is REQUIRED else f"default {field.default!r}"
            lines.append(f"    {name}: {field.type}{words}; {default}; {field.meaning}")
    return "\n".join(lines) + "\n"
