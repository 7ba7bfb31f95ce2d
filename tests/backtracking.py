"""A backtracking matcher that counts its steps.

Python's ``re`` has no counter, and the regex package prunes what ``re`` does not, so neither shows how the work of an expression grows.
This matcher does what ``re`` does, without its shortcuts: it tries alternatives in order and repeats greedily or lazily.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

MOST_STEPS = 50_000
Rest = Callable[[int], bool]


class TooManySteps(Exception):
    """The matcher took more than MOST_STEPS steps."""


@cache
def parsed(source: str) -> Any:
    """Return the parse tree of an expression."""
    return _parser.parse(source)


class Matcher:
    """Matches one text against a parse tree and counts the steps."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.steps = 0

    def search(self, tree: Any, *, from_every_place: bool) -> None:
        """Search as ``re.search`` does, or match at the start only; a search continues behind each match, as in ``re.sub``."""
        at = 0
        while at <= len(self.text):
            ends: list[int] = []
            self._sequence(list(tree), 0, at, lambda end, ends=ends: not ends.append(end))  # type: ignore[misc]
            if not from_every_place:
                return
            at = max(at + 1, ends[0] if ends else 0)

    def _step(self) -> None:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise TooManySteps

    def _sequence(self, nodes: Sequence[Any], place: int, at: int, rest: Rest) -> bool:
        if place == len(nodes):
            return rest(at)
        return self._node(nodes[place], at, lambda end: self._sequence(nodes, place + 1, end, rest))

    def _node(self, node: Any, at: int, rest: Rest) -> bool:
        self._step()
        kind, value = node
        if kind in (sre.POSSESSIVE_REPEAT, sre.ATOMIC_GROUP):
            # The first way to match it is the only one.
            body = value if kind is sre.ATOMIC_GROUP else [(sre.MAX_REPEAT, value)]
            ends: list[int] = []
            self._sequence(list(body), 0, at, lambda end: not ends.append(end))  # type: ignore[func-returns-value]
            return bool(ends) and rest(ends[0])
        if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            least, most, body = value
            return self._repeat(list(body), least, int(most), at, rest, greedy=kind is sre.MAX_REPEAT)
        if kind is sre.BRANCH:
            for branch in value[1]:  # noqa: SIM110 (any() is called by C, whose stack is not as deep)
                if self._sequence(list(branch), 0, at, rest):
                    return True
            return False
        if kind is sre.SUBPATTERN:
            return self._sequence(list(value[3]), 0, at, rest)
        if kind in (sre.ASSERT, sre.ASSERT_NOT):
            # A look-behind counts as one step: all of ours look at one character.
            if value[0] < 0:
                return rest(at)
            found = self._sequence(list(value[1]), 0, at, lambda _: True)
            return found == (kind is sre.ASSERT) and rest(at)
        if kind is sre.AT:
            is_end = value in (sre.AT_END, sre.AT_END_STRING)
            is_start = value in (sre.AT_BEGINNING, sre.AT_BEGINNING_STRING)
            if (is_end and at < len(self.text)) or (is_start and at):
                return False
            return rest(at)
        return at < len(self.text) and one_character(node).fullmatch(self.text[at]) is not None and rest(at + 1)

    def _repeat(self, body: Sequence[Any], least: int, most: int, at: int, rest: Rest, *, greedy: bool) -> bool:
        if len(body) == 1 and body[0][0] in SINGLE:
            # A run of single characters, without recursion.
            test = one_character(body[0])
            end = at
            while end < len(self.text) and end - at < most and test.fullmatch(self.text[end]):
                self._step()
                end += 1
            ends = range(at + least, end + 1)
            for stop in reversed(ends) if greedy else ends:
                self._step()
                if rest(stop):
                    return True
            return False

        def again(count: int, start: int) -> bool:
            self._step()

            def more() -> bool:
                return count < most and self._sequence(
                    body, 0, start, lambda end: end > start and again(count + 1, end)
                )

            if count < least:
                return more()
            return (more() or rest(start)) if greedy else (rest(start) or more())

        return again(0, at)


SINGLE = (sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN)
_tests: dict[int, tuple[Any, re.Pattern[str]]] = {}


def one_character(node: Any) -> re.Pattern[str]:
    """Return an expression that matches the same as a node of one character."""
    if id(node) not in _tests:
        kind, value = node
        if kind is sre.LITERAL:
            source = re.escape(chr(value))
        elif kind is sre.NOT_LITERAL:
            source = f"[^{re.escape(chr(value))}]"
        elif kind is sre.ANY:
            source = "."
        else:
            source = f"[{''.join(map(_member, value))}]"
        # The node is kept, because its id would be given to another one otherwise.
        _tests[id(node)] = node, re.compile(source)
    return _tests[id(node)][1]


_CATEGORIES = {
    sre.CATEGORY_DIGIT: r"\d", sre.CATEGORY_NOT_DIGIT: r"\D", sre.CATEGORY_SPACE: r"\s",
    sre.CATEGORY_NOT_SPACE: r"\S", sre.CATEGORY_WORD: r"\w", sre.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip


def _member(member: Any) -> str:
    kind, value = member
    if kind is sre.NEGATE:
        return "^"
    if kind is sre.LITERAL:
        return re.escape(chr(value))
    if kind is sre.RANGE:
        return f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
    return str(_CATEGORIES[value])
