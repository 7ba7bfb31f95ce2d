"""Texts that hurt an expression, read off it: the parts that it repeats, over and over, broken off before the end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from re import _constants as sre  # type: ignore[attr-defined]  # not public, but only it names the nodes of parse trees
from typing import Any

from cleaner.matching.patterns import Pattern
from cleaner.matching.vocabulary import Vocabulary
from tests.backtracking import SINGLE, one_character, parsed

_CANDIDATES = "a1 .-*_|#>([{;:&`~'\"?!/@,A\u0301é中\u00a0"


def sample(nodes: Sequence[Any]) -> str:
    """Return a short text that a sequence of nodes matches, ignoring look-arounds."""
    return "".join(map(_sample, nodes))


def _sample(node: Any) -> str:
    kind, value = node
    if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        repeated: str = sample(list(value[2])) * max(1, value[0])
        return repeated
    if kind is sre.BRANCH:
        return sample(list(value[1][0]))
    if kind in (sre.SUBPATTERN, sre.ATOMIC_GROUP):
        return sample(list(value[3] if kind is sre.SUBPATTERN else value))
    if kind not in SINGLE:
        return ""
    if kind is sre.LITERAL:
        return chr(value)
    test = one_character(node)
    first = next((chr(code) for code in _first_codes(node)), "")
    return next((char for char in _CANDIDATES + first if test.fullmatch(char)), "")


def _first_codes(node: Any) -> Iterator[int]:
    for kind, value in node[1] if node[0] is sre.IN else ():
        if kind is sre.LITERAL:
            yield value
        elif kind is sre.RANGE:
            yield value[0]


BREAKERS = ("", "~", " b", "\x00")


def hurting(tree: Any, size: int) -> Iterator[str]:
    """Yield texts of about ``size`` characters: the text before a repetition, the repeated text over and over, and a break."""
    for before, units in _repetitions(list(tree), ""):
        for unit in units:
            if unit:
                for breaker in BREAKERS:
                    yield before + unit * (size // len(unit)) + breaker
                yield (before + unit * 3 + "~") * (size // (len(before) + 3 * len(unit) + 1))


def _repetitions(nodes: Sequence[Any], before: str) -> Iterator[tuple[str, set[str]]]:
    for node in nodes:
        kind, value = node
        if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            body = list(value[2])
            if int(value[1]) > 2:
                yield before, _variants(body)
            yield from _repetitions(body, before)
        elif kind is sre.BRANCH:
            for branch in value[1]:
                yield from _repetitions(list(branch), before)
        elif kind is sre.SUBPATTERN:
            yield from _repetitions(list(value[3]), before)
        elif kind is sre.ATOMIC_GROUP:
            yield from _repetitions(list(value), before)
        elif kind in (sre.ASSERT, sre.ASSERT_NOT):
            yield from _repetitions(list(value[1]), before)
        before += _sample(node)


def _variants(body: Sequence[Any]) -> set[str]:
    """Return texts that a repetition repeats: the first branch of everything, and each member of a class or branch by itself."""
    found = {sample(body)}
    for node in body:
        kind, value = node
        if kind is sre.BRANCH:
            found |= {sample(list(branch)) for branch in value[1]}
        elif kind in SINGLE:
            test = one_character(node)
            found |= {char for char in _CANDIDATES if test.fullmatch(char)}
        elif kind is sre.SUBPATTERN:
            found |= _variants(list(value[3]))
        elif kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            found |= _variants(list(value[2]))
    return found


# --- Patterns of rules -----------------------------------------------------------------------------------------------

_CALL = re.compile(r"\(\?&(\w+)\)")
_PROPERTY = re.compile(r"\\p\{(\w+)\}")
# A character for each class that the parser of ``re`` does not know; for a script, one of its letters.
_OF_PROPERTY = {"Lu": "A", "L": "a", "Ll": "a", "N": "1", "Nd": "1", "M": "\u0301"}


def hurting_lines(pattern: Pattern, vocabulary: Vocabulary, size: int) -> list[str]:
    """Return lines of about ``size`` code points that hurt a pattern of a rule; one word represents a list of words."""
    source = _PROPERTY.sub(
        lambda call: _OF_PROPERTY.get(call[1], "中"), _spelled_out(pattern.source, pattern.language, vocabulary)
    )
    return sorted({line[:size] for line in hurting(parsed(source), size)})


def _spelled_out(source: str, language: str, vocabulary: Vocabulary) -> str:
    def piece(call: re.Match[str]) -> str:
        found = vocabulary.pieces[call[1]]
        if isinstance(found, str):
            return f"(?:{_spelled_out(found, language, vocabulary)})"
        words = sorted(vocabulary.words(call[1], language), key=lambda word: (len(word), word))
        # Neither the shortest nor the longest.
        return re.escape(words[len(words) // 2]) if words else "(?!)"

    return _CALL.sub(piece, source)
