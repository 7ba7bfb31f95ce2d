"""Texts to measure speed on: a folder's own, the rules' examples mixed, prose of any length, and damaged lines."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from benchmarks.corpora import read_corpus
from cleaner.rules.files import RuleFile, read_folder
from cleaner.rules.ruleset import rules_folder

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds" / "raw"
CLEANED_SEEDS = ROOT / "seeds" / "clean"
SAMPLE = 400_000  # code points of the texts that are taken where nothing is named
PARAGRAPH = 3  # sentences


class Text(NamedTuple):
    """A text and its language, "" where it is not known."""

    text: str
    lang: str


def read_texts(paths: Sequence[Path], systems: Sequence[str]) -> list[Text]:
    """Return the texts of files, of folders of ``.txt`` files, and of corpora (see ``corpora.py``), blank ones apart.

    Of a corpus come the outputs of ``systems``, in the order of its truth. Raises CorpusError or OSError.
    """
    found: list[Text] = []
    for path in paths:
        if not path.is_dir():
            found.append(Text(path.read_text(encoding="utf-8"), ""))
        elif texts := sorted(path.rglob("*.txt")):
            found += [Text(file.read_text(encoding="utf-8"), "") for file in texts]
        else:
            documents = read_corpus(path).documents
            found += [
                Text(document.outputs[system], document.lang[:2].lower())
                for document in documents
                for system in systems
                if system in document.outputs
            ]
    return [text for text in found if text.text.strip()]


def default_texts(size: int = SAMPLE) -> list[Text]:
    """Return about ``size`` code points: the seeds many times over, and as much mixed from the rules' examples."""
    seeds = [Text(path.read_text(encoding="utf-8"), "en") for path in sorted(SEEDS.glob("*.txt"))]
    found: list[Text] = []
    for some in (iter_forever(seeds), mixed_texts()):
        room = size // 2
        while room > 0:
            text = next(some)
            found.append(text)
            room -= len(text.text)
    return found


def iter_forever(texts: Sequence[Text]) -> Iterator[Text]:
    """Yield the texts over and over."""
    while True:
        yield from texts


@cache
def rule_files() -> tuple[RuleFile, ...]:
    """Return the built-in rules with their examples."""
    return tuple(read_folder(Path(rules_folder()))[0])


def mixed_texts(seed: int = 4) -> Iterator[Text]:
    """Yield articles of a dozen lines that must stay and a few that must go, a language each, without end."""
    chance = random.Random(seed)
    stay: dict[str, list[str]] = {}
    go: dict[str, list[str]] = {}
    for file in rule_files():
        for example in file.examples:
            language = example.language[:2]
            stay.setdefault(language, []).extend(example.of("keep"))
            go.setdefault(language, []).extend(example.of("drop") + example.of("trim"))
    languages = sorted(language for language in go if len(go[language]) > 20 and len(stay[language]) > 20)
    # English is half of it: that is nearer to what there is to clean than as much of each.
    while True:
        language = "en" if chance.random() < 0.5 else chance.choice(languages)
        lines = [" ".join(chance.choices(stay[language], k=PARAGRAPH)) for _ in range(12)]
        for place in (0, 0, 4, 12, 12, 12, 12, 12):
            lines.insert(place, chance.choice(go[language]))
        yield Text("\n".join(lines), language)


@cache
def sentences() -> tuple[str, ...]:
    """Return sentences of plain prose, from the seeds as they are when cleaned."""
    lines = [line for path in sorted(CLEANED_SEEDS.glob("*.txt")) for line in path.read_text("utf-8").split("\n")]
    return tuple(sentence for line in lines if len(line) > 100 for sentence in line.split(". ") if len(sentence) > 40)


def prose(size: int, seed: int = 1) -> str:
    """Return about ``size`` code points of prose, no two of its lines equal."""
    chance = random.Random(seed)
    known = sentences()
    lines: list[str] = []
    room = size
    while room > 0:
        line = ". ".join(chance.choices(known, k=PARAGRAPH)) + f" in {len(lines)} parts."
        lines.append(line[:room] if len(line) > room else line)
        room -= len(line) + 1
    return "\n".join(lines)


def articles(size: int, seed: int = 2) -> str:
    """Return about ``size`` code points of short and long lines, of which every third is boilerplate."""
    parts: list[str] = []
    room = size
    for number, text in enumerate(mixed_texts(seed)):
        parts.append(text.text.replace(". ", f" {number}. "))
        room -= len(parts[-1]) + 1
        if room <= 0:
            break
    return "\n".join(parts)[:size]


def ascii_lines(texts: Iterable[Text]) -> list[Text]:
    """Return the texts with only those lines that are pure ASCII."""
    found = [Text("\n".join(line for line in one.text.split("\n") if line.isascii()), one.lang) for one in texts]
    return [one for one in found if one.text.strip()]


def damaged(texts: Iterable[Text], size: int = 60_000) -> dict[str, list[str]]:
    """Return long lines of texts, each in need of one sort of repair, by the sort; about ``size`` code points of each."""
    lines = [line for one in texts for line in one.text.split("\n") if len(line) > 40]
    makers: dict[str, Callable[[str], str]] = {
        "mojibake": lambda line: _mojibake(f"“{line}” – naïve"),
        "control characters": lambda line: line.replace(" ", "\x07 ", 1),
        "entities": lambda line: line.replace(" ", " &amp; ", 2),
        "odd spaces": lambda line: line.replace(" ", "\xa0", 2),
        "runs of spaces": lambda line: line.replace(" ", "  ", 3),
        "soft hyphens": lambda line: line[:10] + "\xad" + line[10:],
        "decomposed": lambda line: "Le cafe\u0301: " + line,
    }
    found: dict[str, list[str]] = {}
    for name, make in makers.items():
        own = found[name] = []
        room = size
        for line in lines:
            own.append(make(line))
            room -= len(own[-1])
            if room <= 0:
                break
    return found


def _mojibake(line: str) -> str:
    """Return a line whose bytes in UTF-8 were read as Windows-1252, as browsers read it."""
    return "".join(
        bytes([byte]).decode("cp1252") if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else chr(byte)
        for byte in line.encode("utf-8", "replace")
    )
