"""Texts made of the rules' own examples and of generated prose, always the same; and more rules like the built-in ones."""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from cleaner.kinds import KINDS
from cleaner.rules.examples import Example
from cleaner.rules.files import read_examples, rule_tables
from cleaner.rules.ruleset import rules_folder
from cleaner.text.folding import key

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
# The examples must have this many words of running text in a language for documents to be made in it.
_LEAST_WORDS = 500
_PARAGRAPHS, _FEW_PARAGRAPHS = 4000, 500  # in English, and in other languages
_SITES = 300
_ENGLISH = 0.75


class RuleFile(NamedTuple):
    """A built-in rule as written, and its examples."""

    id: str
    table: dict[str, Any]
    examples: tuple[Example, ...]


@cache
def rule_files() -> tuple[RuleFile, ...]:
    """Return the built-in rules, without compiling their patterns."""
    found = rule_tables(Path(rules_folder())).items()
    return tuple(RuleFile(id, table, read_examples(path, table["examples"])) for id, (path, table) in found)


@cache
def seeds(folder: str) -> tuple[str, ...]:
    """Return the documents of ``seeds/raw`` or ``seeds/clean``."""
    return tuple(path.read_text(encoding="utf-8") for path in sorted((SEEDS / folder).glob("*.txt")))


# --- Prose ----------------------------------------------------------------------------------------


@cache
def sentences() -> tuple[str, ...]:
    """Return sentences of plain prose, from the cleaned seeds."""
    lines = [line for text in seeds("clean") for line in text.split("\n")]
    return tuple(sentence for line in lines if len(line) > 100 for sentence in line.split(". ") if len(sentence) > 40)


def filled(line: Callable[[int], str], size: int) -> str:
    """Return lines until they have about ``size`` code points; ``line`` makes one from its number."""
    lines: list[str] = []
    room = size
    while room > 0:
        lines.append(line(len(lines)))
        room -= len(lines[-1]) + 1
    return "\n".join(lines)


def prose(size: int, seed: int = 1) -> str:
    """Return ``size`` code points of prose, no two of its lines equal."""
    chance = random.Random(seed)
    return filled(lambda number: f"{'. '.join(chance.choices(sentences(), k=3))} in {number} parts.", size)[:size]


def articles(size: int, seed: int = 2) -> str:
    """Return ``size`` code points of documents as below, one after the other: prose, and short lines that go."""
    made = documents(1 + size // 500, seed)
    return filled(lambda number: next(made)["text"].replace(". ", f" {number}. "), size)[:size]


# --- Documents and pages --------------------------------------------------------------------------


@cache
def _lines() -> dict[str, tuple[list[str], list[str]]]:
    """Return for each language the example lines of all rules that must go, and those that must stay."""
    found: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for file in rule_files():
        for example in file.examples:
            drop, keep = found[example.language]
            drop += [line for line in example.of("drop") if line.strip()]
            keep += [line for line in example.of("keep") if len(line.split()) > 5]
    return {
        language: lines
        for language, lines in sorted(found.items())
        if sum(len(line.split()) for line in lines[1]) > _LEAST_WORDS
    }


@cache
def _paragraphs(language: str) -> list[str]:
    """Return paragraphs of sentences in which each word follows its neighbour as in some example."""
    chance = random.Random(language)
    follow: dict[str, list[str]] = defaultdict(list)
    starts = []
    # The rules' near misses are closer to boilerplate than prose is; for English, articles are used instead.
    articles = seeds("clean") if language == "en" else ()
    running = [line for article in articles for line in article.splitlines() if len(line.split()) > 5]
    for line in running or _lines()[language][1]:
        words = line.split()
        starts.append(words[0])
        for word, following in zip(words, [*words[1:], "."], strict=True):
            follow[word].append(following)

    def sentence() -> str:
        words = [chance.choice(starts)]
        while len(words) < 30 and (word := chance.choice(follow[words[-1]])) != ".":
            words.append(word)
        return " ".join(words).rstrip(",;:.") + "."

    count = _PARAGRAPHS if language == "en" else _FEW_PARAGRAPHS
    return [" ".join(sentence() for _ in range(chance.randint(2, 6))) for _ in range(count)]


def documents(number: int, seed: int = 0, length: float = 1.9) -> Iterator[dict[str, Any]]:
    """Yield documents of 3,000 characters on average, with id, url, title, text and a nested field.

    ``length`` is the mean logarithm of their number of paragraphs.
    """
    languages = list(_lines())
    chance = random.Random(seed)
    for place in range(number):
        language = "en" if chance.random() < _ENGLISH else chance.choice(languages)
        drop, keep = _lines()[language]
        title = chance.choice(keep)
        body = chance.choices(_paragraphs(language), k=max(1, min(40, int(chance.lognormvariate(length, 0.7)))))
        site = f"site{chance.randrange(_SITES)}.example"
        head, tail = chance.choices(drop, k=chance.randint(0, 3)), chance.choices(drop, k=chance.randint(0, 6))
        yield {
            "id": f"{seed}-{place}",
            "url": f"https://{site}/{place}",
            "title": title,
            "text": "\n\n".join([title, *head, *body, *tail]),
            "meta": {"language": language, "site": site, "score": place / 7},
        }


def pages(number: int, sites: int, seed: int = 0) -> Iterator[dict[str, Any]]:
    """Yield pages of some sites, in random order: documents as above within the site's menu, dates, names, headlines and notices."""
    chance = random.Random(seed)
    headlines: list[list[str]] = [["First day"] for _ in range(sites)]
    for document in documents(number, seed, 0.4):
        site = chance.randrange(sites)
        menu, names, notice = _frame(site)
        latest = headlines[site][-20 :: chance.randint(1, 3)][-8:]
        subject = " ".join(document["title"].split()[:6]).rstrip(".,:;")
        headlines[site].append(f"{chance.choice(names).split()[-1]} and the {subject}")
        lines = [
            *menu,
            headlines[site][-1],
            f"By {chance.choice(names)} | Staff Writer of Site {site}",
            f"Updated {chance.randint(1, 28)} {chance.choice(_MONTHS)} 2026, {chance.randint(10, 23)}:{chance.randint(10, 59)}",
            document["text"],
            f"{chance.randint(0, 99)} Comments",
            f"Most read on Site {site}",
            *latest,
            *notice,
        ]
        url = f"https://www.site{site}.example/{document['id']}"
        yield {"id": document["id"], "url": url, "text": "\n".join(lines)}


_MONTHS = ("January", "March", "June", "October")
_SYLLABLES = ("ba", "den", "dor", "fel", "ka", "lin", "mar", "no", "pel", "ro", "sa", "tin", "ul", "ve")


@cache
def _frame(site: int) -> tuple[list[str], list[str], list[str]]:
    """Return the lines that a site has on its pages: its menu, the names of its authors, its notices."""
    chance = random.Random(f"site {site}")
    words = ["".join(chance.choices(_SYLLABLES, k=3)).title() for _ in range(60)]
    menu = [" ".join(chance.choices(words, k=chance.randint(1, 3))) for _ in range(chance.randint(8, 20))]
    names = [" ".join(chance.sample(words, 2)) for _ in range(chance.randint(3, 30))]
    asks = f"Site {site} asks all readers to keep to the rules of the {words[0]} house when they write to {words[1]}."
    stands = f"The {words[2]} trust stands behind Site {site}, and so does the {words[3]} fund of {words[4]}."
    return menu, names, [asks, f"Contact Site {site}", stands]


# --- More rules -----------------------------------------------------------------------------------

_WORD = re.compile(r"[^\W\d_]{3,}")
# The parts of a pattern other than plain words, which must stay as they are.
_PARTS = re.compile(
    r"\\[pP]\{[^}]*\}|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?&[\w-]+\)|\(\?P?<\w+>|\(\?[a-zA-Z]*(?:-[a-zA-Z]+)?:|\{[\d,]*\}|[^\W\d_]{3,}",
    re.DOTALL,
)


def write_rules(folder: Path, copies: int) -> None:
    """Write copies of each built-in rule that has phrases or patterns, their words replaced by others of the same language."""
    found: dict[str, set[str]] = defaultdict(set)
    for file in rule_files():
        for _, language, entry in entries_of(file):
            found[language].update(filter(_WORD.fullmatch, _PARTS.findall(entry)))
    words = {language: sorted(own or found["en"]) for language, own in found.items()}
    for copy in range(copies):
        chance = random.Random(copy)
        for file in rule_files():
            made: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
            for name, language, entry in entries_of(file):
                other = _other(entry, words[language], chance)
                made[name][language][other if name == "patterns" else key(other)] = other
            if made:
                family, name = file.id.split("/")
                path = folder / f"{family}-{copy + 1}" / f"{name}.toml"
                path.parent.mkdir(parents=True, exist_ok=True)
                table = {**file.table, **{name: _listed(entries) for name, entries in made.items()}}
                path.write_text(
                    "\n".join(f"{name} = {_toml(value)}" for name, value in table.items()), encoding="utf-8"
                )


def _listed(entries: dict[str, dict[str, str]]) -> dict[str, list[str]]:
    return {language: list(own.values()) for language, own in entries.items()}


def entries_of(file: RuleFile) -> Iterator[tuple[str, str, str]]:
    """Yield the phrases and patterns of a rule, each with its field and language."""
    for name, field in KINDS[file.table["kind"]].fields.items():
        if field.type in ("phrases", "patterns"):
            for language, entries in file.table.get(name, {}).items():
                for entry in entries:
                    yield name, language, entry


def _other(source: str, words: Sequence[str], chance: random.Random) -> str:
    """Return a phrase or pattern with every word replaced by another, the case of its first letter kept."""

    def replace(match: re.Match[str]) -> str:
        if not _WORD.fullmatch(match[0]):
            return match[0]
        new = chance.choice(words)
        return (new[:1].upper() if match[0][:1].isupper() else new[:1].lower()) + new[1:]

    return _PARTS.sub(replace, source)


def _toml(value: Any) -> str:
    """Return a value as TOML on one line; its quoted texts are those of JSON."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(name)} = {_toml(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
