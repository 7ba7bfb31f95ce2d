"""Regular expressions of rules: shared pieces, literals that a match must hold, compiling when first needed, time limits."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from cleaner.document import Shape, fold
from cleaner.model import PatternTimeoutError, RuleError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cleaner.vocabulary import Vocabulary

# A line is short and a pattern is linear, so a match takes microseconds. One that takes this long is a mistake in the pattern.
SECONDS = 5.0


class Signs(NamedTuple):
    """What a line must hold for a pattern to match: of each clause one literal or one word of a word list, and perhaps a digit.

    A clause is ``(literals, names of word lists)``, the literals folded.
    """

    clauses: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    digit: bool


# A clause as the reader collects it: folded literals, and word lists with a mark before their names.
_LIST = "&"
_Clause = frozenset[str]
# The clauses that are kept of a pattern: more would cost more than they spare.
_MOST_CLAUSES = 3


class _Reader:
    """Reads a pattern just far enough to know what every match of it must hold.

    Anything it does not know counts as able to match anything, so the answer errs towards trying the pattern.
    """

    def __init__(self, source: str, vocabulary: Vocabulary) -> None:
        self.source = source
        self.vocabulary = vocabulary
        self.at = 0
        self.digit = False

    def alternatives(self) -> list[_Clause]:
        """Read up to the end of the group: the clauses that every match meets."""
        digit_before = self.digit
        branches: list[list[_Clause]] = []
        digits: list[bool] = []
        while True:
            self.digit = False
            branches.append(self.sequence())
            digits.append(self.digit)
            if self.source[self.at : self.at + 1] != "|":
                break
            self.at += 1
        self.digit = digit_before or all(digits)
        if len(branches) == 1:
            return branches[0]
        if not all(branches):
            return []
        return [frozenset().union(*(max(branch, key=_worth) for branch in branches))]

    def sequence(self) -> list[_Clause]:
        clauses: list[_Clause] = []
        run = ""
        source = self.source
        while self.at < len(source) and source[self.at] not in "|)":
            digit_before = self.digit
            literal, required = self.atom()
            optional = self.quantifier()
            if optional is None and literal is not None:
                run += literal
                continue
            clauses += _clause(run)
            run = ""
            if optional:
                self.digit = digit_before
            else:
                clauses += required if literal is None else _clause(literal)
        return clauses + _clause(run)

    def atom(self) -> tuple[str | None, list[_Clause]]:
        """Read one atom: its literal text, or None and what it requires."""
        source = self.source
        char = source[self.at]
        self.at += 1
        if char == "\\":
            escaped = source[self.at]
            self.at += 1
            if escaped in "pP" and source[self.at : self.at + 1] == "{":
                self.at = source.index("}", self.at) + 1
                return None, []
            if escaped == "d":
                self.digit = True
            return (None, []) if escaped.isalnum() else (escaped, [])
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
            return None, []
        if char == "(":
            return self.group()
        if char in ".^$":
            return None, []
        return char, []

    def group(self) -> tuple[str | None, list[_Clause]]:
        call = re.compile(r"\?&(\w+)\)").match(self.source, self.at)
        if call:
            self.at = call.end()
            piece = self.vocabulary.pieces[call[1]]
            if not isinstance(piece, str):
                return None, [frozenset([_LIST + call[1]])]
            inner = _Reader(piece, self.vocabulary)
            needs = inner.alternatives()
            self.digit = self.digit or inner.digit
            return None, needs
        opening = re.compile(r"\?(?:P?<\w+>|[a-zA-Z]*(?:-[a-zA-Z]+)?:|>|P=\w+|[a-zA-Z]+(?=\))|<?[=!]|\|)?").match(
            self.source, self.at
        )
        mark = opening[0] if opening else ""
        self.at += len(mark)
        digit_before = self.digit
        required = self.alternatives()
        self.at += 1  # the closing bracket
        if mark in ("?!", "?<!"):
            self.digit = digit_before
            return None, []
        return None, required

    def quantifier(self) -> bool | None:
        """Read a quantifier: None without one, else whether the atom may be absent."""
        match = re.compile(r"([*+?]|\{\d*(?:,\d*)?\})[?+]?").match(self.source, self.at)
        if not match:
            return None
        self.at = match.end()
        return match[1][0] in "*?" or match[1].startswith(("{0", "{,"))


def _worth(clause: _Clause) -> tuple[int, int]:
    """Return how rarely a line meets a clause: by its shortest literal, then by how many there are."""
    return min(4 if need.startswith(_LIST) else len(need) for need in clause), -len(clause)


def _clause(run: str) -> list[_Clause]:
    literal = fold(run).strip().lstrip(_LIST)
    return [frozenset([literal])] if literal else []


def signs(source: str, vocabulary: Vocabulary) -> Signs:
    """Return what every line that ``source`` matches must hold, compared with the folded line."""
    reader = _Reader(source, vocabulary)
    try:
        clauses = sorted(set(reader.alternatives()), key=lambda clause: (_worth(clause), sorted(clause)), reverse=True)
    except (IndexError, ValueError):
        return Signs((), False)
    return Signs(
        tuple(
            (
                tuple(sorted(need for need in clause if not need.startswith(_LIST))),
                tuple(sorted(need.removeprefix(_LIST) for need in clause if need.startswith(_LIST))),
            )
            for clause in clauses[:_MOST_CLAUSES]
        ),
        reader.digit,
    )


def compile_pattern(source: str) -> Any:
    """Compile an expanded pattern as rules use it; raises ``regex.error``."""
    import regex

    return regex.compile(source, regex.IGNORECASE | regex.VERSION0)


# A pattern is compiled for as many sets of languages as this, and then once for all of them.
_MOST_COMPILED = 64
_ALL: frozenset[str] = frozenset(["*"])


class LazyPattern:
    """A pattern of a rule, compiled when a line first shows its signs, with the words of the line's own languages."""

    __slots__ = ("_compiled", "_lists", "_vocabulary", "rule", "signs", "source")

    def __init__(self, source: str, vocabulary: Vocabulary, rule: str, signs: Signs) -> None:
        self.source = source
        self.rule = rule
        self.signs = signs
        self._vocabulary = vocabulary
        self._lists: frozenset[str] | None = None
        self._compiled: dict[frozenset[str], Any] = {}

    def fullmatch(self, shape: Shape) -> Any:
        """Match the whole of a line, or return None at once where it does not show the signs.

        Raises PatternTimeoutError when matching takes more than SECONDS.
        """
        clauses, digit = self.signs
        if digit and not shape.digit:
            return None
        folded = shape.folded
        for literals, lists in clauses:
            if not any([literal in folded for literal in literals]) and not (
                lists and any([name in shape.present for name in lists])
            ):
                return None
        try:
            return self._for(shape).fullmatch(shape.plain, timeout=SECONDS)
        except TimeoutError:
            raise PatternTimeoutError(
                f"{self.rule}: the pattern {self.source!r} ran for more than {SECONDS:g} s on the line {shape.plain[:80]!r}; "
                "write it without nested repetition, or leave the rule out with --ignore"
            ) from None

    def _for(self, shape: Shape) -> Any:
        if self._lists is None:
            self._lists = self._vocabulary.lists_in(self.source)
        languages: frozenset[str] = frozenset()
        if self._lists:
            present = shape.present
            languages = frozenset([language for name in self._lists for language in present.get(name, ())])
        found = self._compiled.get(languages)
        if found is None:
            if len(self._compiled) >= _MOST_COMPILED:
                languages = _ALL
                found = self._compiled.get(_ALL)
            if found is None:
                found = self._compiled[languages] = self._compile(None if languages is _ALL else languages)
        return found

    def _compile(self, languages: frozenset[str] | None) -> Any:
        import regex

        try:
            return compile_pattern(self._vocabulary.expand(self.source, languages))
        except regex.error as error:
            raise RuleError(f"{self.rule}: the pattern {self.source!r} does not compile: {error}") from error
