"""A new rule, as a file that lacks nothing but its reason."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import tomlkit

from cleaner.atomic import remove_leftovers, write_atomically
from cleaner.model import RuleError
from cleaner.proof.schemas import rule_schema
from cleaner.rules.files import id_of
from cleaner.rules.ruleset import rules_folder
from cleaner.text.normalizing import repair

# A reason that holds this is not written yet, and `cleaner rules test` says so.
UNWRITTEN = "TODO"
SCHEMA = "rule.schema.json"
# Real sentences with a phrase in them, which must stay.
_NEAR_MISSES = {
    "de": (
        "Auf dem Schild am Tor stand „{}“, und niemand wusste, warum.",
        "Sie las die Worte „{}“ laut vor und legte das Blatt wieder weg.",
    ),
    "en": (
        "The sign at the gate said “{}”, and nobody knew why.",
        "She read the words “{}” aloud and put the paper down again.",
    ),
    "es": (
        "El cartel de la puerta decía «{}», y nadie sabía por qué.",
        "Ella leyó las palabras «{}» en voz alta y dejó el papel.",
    ),
    "fr": (
        "Sur le panneau du portail on lisait « {} », et personne ne savait pourquoi.",
        "Elle lut à haute voix les mots « {} » et reposa la feuille.",
    ),
    "it": (
        "Il cartello al cancello diceva «{}», e nessuno sapeva perché.",
        "Lei lesse ad alta voce le parole «{}» e posò il foglio.",
    ),
    "nl": (
        "Op het bord bij de poort stond “{}”, en niemand wist waarom.",
        "Ze las de woorden “{}” hardop voor en legde het papier weer neer.",
    ),
    "pl": (
        "Na tabliczce przy bramie był napis „{}” i nikt nie wiedział dlaczego.",
        "Przeczytała na głos słowa „{}” i odłożyła kartkę na stół.",
    ),
    "pt": (
        "A placa no portão dizia “{}”, e ninguém sabia por quê.",
        "Ela leu em voz alta as palavras “{}” e pousou o papel.",
    ),
}


def draft(
    rule_id: str,
    phrases: Sequence[str],
    language: str,
    folder: str | os.PathLike[str],
    *,
    evidence: str = "weak",
    preset: str = "default",
) -> Path:
    """Write a rule of the kind ``phrase`` below a folder, and return its path. Only its reason is missing.

    Beside the rules lies the JSON Schema of rule files, which editors complete them by. Raises RuleError for an id or a phrase that
    cannot be used, or if the file is there with other content.
    """
    relative = Path(*rule_id.split("/")).with_suffix(".toml") if rule_id.strip("/") else Path("rule.toml")
    path = Path(folder) / relative
    id_of(path, relative)
    if len(relative.parts) < 2:
        raise RuleError(f"{rule_id}: has no family; write it as FAMILY/NAME, such as comments/{rule_id}")
    if (rules_folder() / relative).exists() and not path.is_relative_to(rules_folder()):
        raise RuleError(f"{rule_id}: is the id of a built-in rule; choose another one")
    wanted = list(dict.fromkeys([" ".join(phrase.split()) for phrase in phrases]))
    for phrase in wanted:
        if not any(map(str.isalnum, phrase)):
            raise RuleError(f"{phrase!r} has no letter or digit; a phrase is a whole line of text")
        if repair(phrase) != phrase:
            raise RuleError(f"{phrase!r}: cleaning would repair it to {repair(phrase)!r}; write that")
    content = _text(wanted, language, evidence, preset).encode()
    # The same command again, after one that was killed at its very end, has nothing to do.
    if path.exists() and path.read_bytes() != content:
        raise RuleError(f"{path}: is there already; add the phrase to it, or choose another id")
    path.parent.mkdir(parents=True, exist_ok=True)
    for place in (path.parent, Path(folder)):
        remove_leftovers(str(place))
    schema = Path(folder) / SCHEMA
    if not schema.exists() and not path.is_relative_to(rules_folder()):
        write_atomically(str(schema), rule_schema().encode())
    write_atomically(str(path), content)
    return path


def _text(phrases: Sequence[str], language: str, evidence: str, preset: str) -> str:
    misses = _NEAR_MISSES.get(language.split("-")[0].lower(), _NEAR_MISSES["en"])
    kept = [miss.format(phrases[place % len(phrases)]) for place, miss in enumerate(misses)]
    example = [f"  {kept[0]}", *[f"- {phrase}" for phrase in phrases], f"  {kept[1]}"]
    listed = "".join([f"  {tomlkit.item(phrase).as_string()},\n" for phrase in phrases])
    escaped = tomlkit.string("\n".join(example), multiline=True).as_string()[3:-3]
    return f'''#:schema ../{SCHEMA}
kind = "phrase"
preset = "{preset}"
evidence = "{evidence}"
why = """
{UNWRITTEN}: what the line is and where it comes from, and why the rule asks for no more than it does.
Price: {UNWRITTEN}: what it will get wrong.
"""

[phrases]
{language} = [
{listed}]

[examples]
{language} = """
{escaped}
"""
'''
