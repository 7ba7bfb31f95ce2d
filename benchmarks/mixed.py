"""Documents that look real, made of the rules' own examples and of generated prose: any number of them, always the same."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from cleaner.rules.files import read_folder
from cleaner.rules.ruleset import rules_folder

# Words of running text that prose is made of must have been met this often to make a language worth writing in.
_LEAST_WORDS = 500
_PARAGRAPHS = 4000
_SITES = 300
_ENGLISH = 0.75
_SEEDS = Path(__file__).resolve().parent.parent / "seeds" / "clean"


@cache
def _lines() -> dict[str, tuple[list[str], list[str]]]:
    """Return for each language the example lines of all rules that must go, and those that must stay."""
    found: dict[str, tuple[list[str], list[str]]] = {}
    for file in read_folder(Path(rules_folder()))[0]:
        for example in file.examples:
            drop, keep = found.setdefault(example.language, ([], []))
            drop += [line for line in example.of("drop") if line.strip()]
            keep += [line for line in example.of("keep") if len(line.split()) > 5]
    return {
        language: lines
        for language, lines in sorted(found.items())
        if sum(map(len, map(str.split, lines[1]))) > _LEAST_WORDS
    }


@cache
def _paragraphs(language: str) -> list[str]:
    """Return paragraphs of sentences in which each word follows its neighbour as it does in some example."""
    chance = random.Random(language)
    follow: dict[str, list[str]] = {}
    starts = []
    # The near misses of the rules are nearer to boilerplate than prose is; English has articles to learn from instead.
    articles = [path.read_text(encoding="utf-8") for path in sorted(_SEEDS.iterdir())] if language == "en" else []
    running = [line for article in articles for line in article.splitlines() if len(line.split()) > 5]
    for line in running or _lines()[language][1]:
        words = line.split()
        starts.append(words[0])
        for word, following in zip(words, [*words[1:], "."], strict=True):
            follow.setdefault(word, []).append(following)
    made = []
    for _ in range(_PARAGRAPHS):
        sentences = []
        for _ in range(chance.randint(2, 6)):
            words = [chance.choice(starts)]
            while len(words) < 30 and (word := chance.choice(follow[words[-1]])) != ".":
                words.append(word)
            sentences.append(" ".join(words).rstrip(",;:.") + ".")
        made.append(" ".join(sentences))
    return made


def documents(number: int, seed: int = 0, length: float = 1.9) -> Iterator[dict[str, Any]]:
    """Make documents of 3,000 characters in the mean, with id, url, title, text and a nested field.

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
    """Make pages of so many sites, in no order: documents as above within the site's menu, dates, names, headlines and notices."""
    chance = random.Random(seed)
    frames = [_frame(site) for site in range(sites)]
    headlines: list[list[str]] = [["First day"] for _ in range(sites)]
    for document in documents(number, seed, 0.4):
        site = chance.randrange(sites)
        menu, names, notice = frames[site]
        known = headlines[site]
        by = f"By {chance.choice(names)} | Staff Writer of Site {site}"
        dated = f"Updated {chance.randint(1, 28)} {chance.choice(_MONTHS)} 2026, {chance.randint(0, 23):02}:{chance.randint(0, 59):02}"
        latest = [*known[-20:]][:: chance.randint(1, 3)][-8:]
        known.append(
            f"{chance.choice(names).split()[-1]} and the {' '.join(document['title'].split()[:6]).rstrip('.,:;')}"
        )
        lines = [
            *menu,
            known[-1],
            by,
            dated,
            document["text"],
            f"{chance.randint(0, 99)} Comments",
            f"Most read on Site {site}",
        ]
        yield {
            "id": document["id"],
            "url": f"https://www.site{site}.example/{document['id']}",
            "text": "\n".join([*lines, *latest, *notice]),
        }


_MONTHS = ("January", "March", "June", "October")
_SYLLABLES = ("ba", "den", "dor", "fel", "ka", "lin", "mar", "no", "pel", "ro", "sa", "tin", "ul", "ve")


def _frame(site: int) -> tuple[list[str], list[str], list[str]]:
    """Return what a site has on every page: its menu, the names of its authors, its notices."""
    chance = random.Random(f"site {site}")
    words = ["".join(chance.choices(_SYLLABLES, k=3)).title() for _ in range(60)]
    menu = [" ".join(chance.choices(words, k=chance.randint(1, 3))) for _ in range(chance.randint(8, 20))]
    names = [" ".join(chance.sample(words, 2)) for _ in range(chance.randint(3, 30))]
    notice = [
        f"Site {site} asks all readers to keep to the rules of the {words[0]} house when they write to {words[1]}.",
        f"Contact Site {site}",
        f"The {words[2]} trust stands behind Site {site}, and so does the {words[3]} fund of {words[4]}.",
    ]
    return menu, names, notice
