"""Documents that look real, made of the rules' own examples and of generated prose: any number of them, always the same."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from cleaner.rulefile import read_folder
from cleaner.ruleset import rules_folder

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


def documents(number: int, seed: int = 0) -> Iterator[dict[str, Any]]:
    """Make documents of 3,000 characters in the mean, with id, url, title, text and a nested field."""
    languages = list(_lines())
    chance = random.Random(seed)
    for place in range(number):
        language = "en" if chance.random() < _ENGLISH else chance.choice(languages)
        drop, keep = _lines()[language]
        title = chance.choice(keep)
        body = chance.choices(_paragraphs(language), k=max(1, min(40, int(chance.lognormvariate(1.9, 0.7)))))
        site = f"site{chance.randrange(_SITES)}.example"
        head, tail = chance.choices(drop, k=chance.randint(0, 3)), chance.choices(drop, k=chance.randint(0, 6))
        yield {
            "id": f"{seed}-{place}",
            "url": f"https://{site}/{place}",
            "title": title,
            "text": "\n\n".join([title, *head, *body, *tail]),
            "meta": {"language": language, "site": site, "score": place / 7},
        }
