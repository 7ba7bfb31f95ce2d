"""Regular expressions of rules: shared pieces, literals that a match must hold, compiling when first needed, time limits."""

from __future__ import annotations

import re

from cleaner.document import fold
from cleaner.model import PatternTimeoutError, RuleError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

_CALL = re.compile(r"\(\?&(\w+)\)")
_DEEPEST = 8

# A line is short and a pattern is linear, so a match takes microseconds. One that takes this long is a mistake in the pattern.
SECONDS = 5.0


def expand(source: str, vocabulary: Mapping[str, str]) -> str:
    """Return ``source`` with every ``(?&name)`` replaced by that piece of the vocabulary, as a group.

    Raises KeyError with the name when there is no such piece.
    """
    for _ in range(_DEEPEST):
        if "(?&" not in source:
            return source
        source = _CALL.sub(lambda call: f"(?:{vocabulary[call[1]]})", source)
    raise KeyError("pieces that call each other in a circle")


class Signs:
    """What a line must hold for a pattern to match: one of some folded literals, and perhaps a digit."""

    __slots__ = ("digit", "literals")

    def __init__(self, literals: frozenset[str], digit: bool) -> None:
        self.literals = literals
        self.digit = digit


class _Reader:
    """Reads a pattern just far enough to know what every match of it must hold.

    Anything it does not know counts as able to match anything, so the answer errs towards trying the pattern.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.digit = False

    def alternatives(self) -> frozenset[str] | None:
        """Read up to the end of the group: the literals of which one must be there, or None."""
        digit_before = self.digit
        branches: list[frozenset[str] | None] = []
        digits: list[bool] = []
        while True:
            self.digit = False
            branches.append(self.sequence())
            digits.append(self.digit)
            if self.source[self.at : self.at + 1] != "|":
                break
            self.at += 1
        self.digit = digit_before or all(digits)
        union: set[str] = set()
        for branch in branches:
            if not branch:
                return None
            union |= branch
        return frozenset(union)

    def sequence(self) -> frozenset[str] | None:
        best: frozenset[str] | None = None
        run = ""
        source = self.source
        while self.at < len(source) and source[self.at] not in "|)":
            digit_before = self.digit
            literal, required = self.atom()
            optional = self.quantifier()
            if optional is None:  # exactly once
                run += literal or ""
                if literal is None:
                    best, run = _better(best, run), ""
                    best = required if best is None or (required and _worth(required) > _worth(best)) else best
                continue
            best, run = _better(best, run), ""
            if optional:
                self.digit = digit_before
            elif literal is not None:
                best = _better(best, literal)
            elif required:
                best = required if best is None or _worth(required) > _worth(best) else best
        return _better(best, run)

    def atom(self) -> tuple[str | None, frozenset[str] | None]:
        """Read one atom: its literal text, or None and what it requires."""
        source = self.source
        char = source[self.at]
        self.at += 1
        if char == "\\":
            escaped = source[self.at]
            self.at += 1
            if escaped in "pP" and source[self.at : self.at + 1] == "{":
                self.at = source.index("}", self.at) + 1
                return None, None
            if escaped == "d":
                self.digit = True
            return (None, None) if escaped.isalnum() else (escaped, None)
        if char == "[":
            start = self.at
            if source[self.at] == "^":
                self.at += 1
            if source[self.at] == "]":
                self.at += 1
            while source[self.at] != "]":
                self.at += 2 if source[self.at] == "\\" else 1
            inside = source[start : self.at]
            self.at += 1
            if inside in ("0-9", r"\d"):
                self.digit = True
            return None, None
        if char == "(":
            return self.group()
        if char in ".^$":
            return None, None
        return char, None

    def group(self) -> tuple[str | None, frozenset[str] | None]:
        opening = re.compile(r"\?(?:P?<\w+>|[a-zA-Z]*(?:-[a-zA-Z]+)?:|>|P=\w+|[a-zA-Z]+(?=\))|<?[=!]|\|)?").match(
            self.source, self.at
        )
        mark = opening[0] if opening else ""
        self.at += len(mark)
        digit_before = self.digit
        required = self.alternatives()
        self.at += 1  # the closing bracket
        if mark in ("?!", "?<!", "?=", "?<="):
            self.digit = digit_before
            return None, None
        return None, required

    def quantifier(self) -> bool | None:
        """Read a quantifier: None without one, else whether the atom may be absent."""
        match = re.compile(r"([*+?]|\{\d*(?:,\d*)?\})[?+]?").match(self.source, self.at)
        if not match:
            return None
        self.at = match.end()
        return match[1][0] in "*?" or match[1].startswith(("{0", "{,"))


def _worth(literals: frozenset[str]) -> tuple[int, int]:
    return min(len(literal) for literal in literals), -len(literals)


def _better(best: frozenset[str] | None, run: str) -> frozenset[str] | None:
    literal = fold(run).strip()
    if not literal:
        return best
    single = frozenset([literal])
    return single if best is None or _worth(single) > _worth(best) else best


def signs(source: str) -> Signs:
    """Return what every line that ``source`` (expanded) matches must hold, compared with the folded line."""
    reader = _Reader(source)
    try:
        literals = reader.alternatives()
    except (IndexError, ValueError):
        return Signs(frozenset(), False)
    return Signs(literals or frozenset(), reader.digit)


def compile_pattern(source: str) -> Any:
    """Compile an expanded pattern as rules use it; raises ``regex.error``."""
    import regex

    return regex.compile(source, regex.IGNORECASE | regex.VERSION0)


class LazyPattern:
    """A pattern of a rule that is compiled when a line first shows its signs."""

    __slots__ = ("_compiled", "_vocabulary", "digit", "literals", "rule", "source")

    def __init__(
        self, source: str, vocabulary: Mapping[str, str], rule: str, literals: Sequence[str], digit: bool
    ) -> None:
        self.source = source
        self.rule = rule
        self.literals = literals
        self.digit = digit
        self._vocabulary = vocabulary
        self._compiled: Any = None

    def suits(self, folded: str, has_digit: bool) -> bool:
        """Tell whether a line with this folded form could match at all."""
        if self.digit and not has_digit:
            return False
        if not self.literals:
            return True
        return any(literal in folded for literal in self.literals)

    def fullmatch(self, text: str) -> Any:
        """Match the whole of ``text``; raises PatternTimeoutError when that takes more than SECONDS."""
        if self._compiled is None:
            import regex

            try:
                self._compiled = compile_pattern(expand(self.source, self._vocabulary))
            except regex.error as error:
                raise RuleError(f"{self.rule}: the pattern {self.source!r} does not compile: {error}") from error
        try:
            return self._compiled.fullmatch(text, timeout=SECONDS)
        except TimeoutError:
            raise PatternTimeoutError(
                f"{self.rule}: the pattern {self.source!r} ran for more than {SECONDS:g} s on the line {text[:80]!r}; "
                "write it without nested repetition, or leave the rule out with --ignore"
            ) from None
