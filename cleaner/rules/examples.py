"""The examples of a rule: documents in which a gutter marks whether each line goes, with near misses among them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from cleaner.model import HINTS, NO_HINTS, Hints
from cleaner.text.folding import fold

_WORD = re.compile(r"\w+")
_NEAR_MISSES = 2
_GUTTERS = {"- ": "drop", "  ": "keep", "~ ": "trim"}
_LEFT = "> "


class ExampleError(Exception):
    """An example that cannot be read: the place, the fault, and what to do."""

    def __init__(self, where: str, what: str, cure: str) -> None:
        super().__init__(where, what, cure)
        self.where, self.what, self.cure = where, what, cure


class ExampleLine(NamedTuple):
    """A line of an example: its verdict ("keep", "drop" or "trim"), the line, and what is left of it."""

    verdict: str
    text: str
    left: str


class Example(NamedTuple):
    """A document in which every line that is not blank has a verdict."""

    language: str
    lines: tuple[ExampleLine, ...]
    hints: Hints = NO_HINTS

    @property
    def text(self) -> str:
        """The document without its gutter."""
        return "\n".join([line.text for line in self.lines])

    def of(self, verdict: str) -> list[str]:
        """Return the lines with a verdict, without blank ones."""
        return [line.text for line in self.lines if line.verdict == verdict and line.text]


def read_example(language: str, value: object) -> Example:
    """Read one example of a rule file: a document, or a table of a document and its hints. Raises ExampleError."""
    hints = NO_HINTS
    if isinstance(value, dict):
        given: dict[str, Any] = {name: _texts(name, value[name]) for name in HINTS if name in value}
        hints = Hints(**given)
        value = value.get("text")
    if not isinstance(value, str) or not value.strip():
        raise ExampleError("", "is not a document", 'write """…""" with a gutter before each line')
    return Example(language, tuple(_lines(value.strip("\n").split("\n"))), hints)


def _texts(name: str, value: object) -> tuple[str, ...]:
    found = [value] if isinstance(value, str) else value
    if not isinstance(found, list) or not all([isinstance(one, str) and one for one in found]):
        raise ExampleError(name, "is neither a text nor a list of texts", f'write {name} = "…" or {name} = ["…", "…"]')
    return tuple(found)


def _lines(raws: Iterable[str]) -> Iterator[ExampleLine]:
    trimmed = None
    for number, raw in enumerate(raws, 1):
        where = f"line {number}"
        gutter, text = raw[:2], raw[2:]
        if trimmed is not None:
            if gutter != _LEFT:
                raise ExampleError(where, "does not say what is left of the line above", 'begin this line with "> "')
            yield trimmed._replace(left=text)
            trimmed = None
        elif not raw.strip():
            yield ExampleLine("keep", "", "")
        elif gutter not in _GUTTERS or not text.strip():
            raise ExampleError(where, f"{raw!r} has no gutter", 'begin it with "- ", two spaces, or "~ "')
        elif _GUTTERS[gutter] == "trim":
            trimmed = ExampleLine("trim", text, "")
        else:
            yield ExampleLine(_GUTTERS[gutter], text, text if gutter == "  " else "")
    if trimmed is not None:
        raise ExampleError("", "ends with a trimmed line", 'say what is left of it in a line that begins with "> "')


def words_of(line: str) -> frozenset[str]:
    """Return the folded words of a line; in scripts without spaces, every pair of characters is a word."""
    words: set[str] = set()
    for word in _WORD.findall(fold(line)):
        words.add(word)
        if not word.isascii():
            words.update([word[at : at + 2] for at in range(len(word) - 1)])
    return frozenset(words)


def check_near_misses(examples: Iterable[Example], languages: Iterable[str]) -> None:
    """Raise ExampleError if a language of a rule has no example or no near miss, or if the rule has too few near misses.

    A near miss is a line that stays and shares a word with a line that goes.
    """
    by_language: dict[str, list[Example]] = {}
    for example in examples:
        by_language.setdefault(example.language, []).append(example)
    missed: dict[str, int] = {}
    for language, own in by_language.items():
        gone = [line for example in own for line in example.of("drop") + example.of("trim")]
        if not gone:
            raise ExampleError(language, "no line goes", 'mark one with "- "')
        words = frozenset().union(*map(words_of, gone))
        missed[language] = sum([not words.isdisjoint(words_of(line)) for example in own for line in example.of("keep")])
    for language in sorted(languages):
        if language not in missed:
            raise ExampleError(language, "is missing", "every language of a rule has an example")
        if not missed[language]:
            raise ExampleError(
                language, "has no near miss", "add a real sentence that shares words with a dropped line and stays"
            )
    if sum(missed.values()) < _NEAR_MISSES:
        raise ExampleError(
            "",
            f"the rule has fewer than {_NEAR_MISSES} near misses",
            "add real sentences that share its words and stay",
        )
