"""Which patterns a line may match: one scan of a document for the literals of all patterns leaves a few candidates to try.

As RE2's FilteredRE2, ripgrep and Hyperscan do it. Each pattern was read into clauses (see ``literals``): sets of literals of which a
match holds one each. An Aho-Corasick automaton finds the literals of all clauses in one pass over the document. A pattern is a
candidate for a line that holds a literal of each of its clauses, and that is not too long and has a digit where it asks for one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import accumulate
from typing import NamedTuple

import ahocorasick_rs

from cleaner.matching.literals import NO_LETTER, Clause, Required
from cleaner.matching.patterns import Pattern
from cleaner.text.folding import fold, replaced
from cleaner.text.lines import undress

# A clause costs the candidates that its literals bring up, and a little for each literal that must be looked for.
_COST_OF_LITERAL = 0.02
# Besides the clause that brings a pattern up, so many others are checked, where few lines of the samples hold them.
_MOST_CHECKS = 3
_FEW_LINES = 0.03

_LINE_BREAK = b" \n "
# ASCII in scan form: letters, which are small already, and line breaks; a space for all else.
_SCAN_FORM = bytes([code if chr(code).isalpha() or code == 10 or code > 127 else 32 for code in range(256)])
_FIGURE_FORM = bytes.maketrans(b"123456789", b"000000000")


class Table(NamedTuple):
    """The literals of some patterns, called by numbers, and which patterns they bring up.

    ``words`` are literals in scan form, in the order of their numbers; ``figures`` are the others, each with its number.
    ``found`` lists for a literal the patterns that it brings up; ``checks`` are for a pattern the other clauses of which a line must
    hold a literal. ``anywhere`` are patterns that have no literal.
    """

    words: list[str]
    figures: dict[str, int]
    found: dict[int, tuple[int, ...]]
    checks: dict[int, tuple[frozenset[int], ...]]
    anywhere: tuple[int, ...]


def ranked(required: Sequence[Required], samples: Sequence[str]) -> list[Required]:
    """Return what patterns ask for with the clauses worth looking for, the rarest first.

    How rare a literal is shows in ``samples``, folded lines of text.
    """
    clauses = {clause for own in required for clause in own.clauses}
    counts = _counts({literal for clause in clauses for literal in clause}, samples)
    costs = {clause: sum([counts[literal] + _COST_OF_LITERAL for literal in clause]) for clause in clauses}
    found = []
    for own in required:
        ordered = sorted(own.clauses, key=lambda clause: (costs[clause], sorted(clause)))
        checks = [clause for clause in ordered[1:] if costs[clause] < _FEW_LINES * len(samples)]
        found.append(own._replace(clauses=(*ordered[:1], *checks[:_MOST_CHECKS])))
    return found


def make_table(patterns: Sequence[Pattern]) -> Table:
    """Return the table of some patterns, each of which is brought up by its first clause."""
    used = {literal for pattern in patterns for clause in pattern.required.clauses for literal in clause}
    words = sorted(filter(_is_of_words, used))
    figures = sorted(used.difference(words))
    numbers = {literal: number for number, literal in enumerate([*words, *figures])}
    numbered: dict[Clause, frozenset[int]] = {}
    found: dict[int, list[int]] = {}
    checks: dict[int, tuple[frozenset[int], ...]] = {}
    anywhere: list[int] = []
    for place, pattern in enumerate(patterns):
        own = pattern.required.clauses
        for clause in own:
            if clause not in numbered:
                numbered[clause] = frozenset([numbers[literal] for literal in clause])
        if not own:
            anywhere.append(place)
            continue
        for number in numbered[own[0]]:
            found.setdefault(number, []).append(place)
        if len(own) > 1:
            checks[place] = tuple([numbered[clause] for clause in own[1:]])
    return Table(
        words,
        {figure: numbers[figure] for figure in figures},
        {number: tuple(places) for number, places in found.items()},
        checks,
        tuple(anywhere),
    )


def _counts(literals: Set[str], samples: Sequence[str]) -> Counter[str]:
    """Return in how many folded lines each literal stands."""
    words = list(filter(_is_of_words, literals))
    figures = [literal for literal in literals if not _is_of_words(literal)]
    scan = Scan(words, {figure: number for number, figure in enumerate(figures, len(words))})
    held = scan.literals(samples, set("".join(samples)))
    names = [*words, *figures]
    return Counter([names[number] for numbers in held.values() for number in numbers])


def _is_of_words(literal: str) -> bool:
    return literal == NO_LETTER or any(map(str.isalpha, literal))


class Scan:
    """Looks for literals in documents: for words with an automaton, for figures one by one."""

    def __init__(self, words: Sequence[str], figures: Mapping[str, int]) -> None:
        self._automaton = ahocorasick_rs.BytesAhoCorasick([literal.encode() for literal in words])
        self._figures = {figure.encode(): number for figure, number in figures.items()}

    def literals(self, folded: Sequence[str], chars: Iterable[str]) -> dict[int, set[int]]:
        """Return the numbers of the literals that lines hold, by the index of the line.

        ``folded`` are the lines; ``chars`` are all characters in them beyond ASCII before they were folded, or more.
        """
        text = "\n".join(folded)
        marks = {char for char in chars if char > "\x7f" and not char.isalpha()}
        # A few marks fold to others: "Ⅳ" to "ⅳ", "∉" to "∈".
        marks.update([char for char in fold("".join(marks)) if char > "\x7f" and not char.isalpha()])
        text = replaced(text, dict.fromkeys(filter(str.isdecimal, marks), "0"))
        figures = text.encode("utf-8", "surrogatepass").translate(_FIGURE_FORM)
        text = replaced(text, dict.fromkeys(marks, " "))
        held = self._words(text.encode("utf-8", "surrogatepass").translate(_SCAN_FORM))
        lines = figures.split(b"\n")
        for figure, number in self._figures.items():
            if figure in figures:
                for index, line in enumerate(lines):
                    if figure in line:
                        held.setdefault(index, set()).add(number)
        return held

    def _words(self, text: bytes) -> dict[int, set[int]]:
        lines = [line.strip() for line in text.split(b"\n")]
        data = _LINE_BREAK.join([b"", *lines, b""])
        # Behind the line break of each line.
        ends = list(accumulate([len(line) + len(_LINE_BREAK) for line in lines], initial=len(_LINE_BREAK) - 1))
        held: dict[int, set[int]] = {}
        index = 0
        for number, _, end in self._automaton.find_matches_as_indexes(data, overlapping=True):
            while end > ends[index + 1]:
                index += 1
            if index in held:
                held[index].add(number)
            else:
                held[index] = {number}
        return held


class Prefilter:
    """The patterns of some rules, ready to find candidates among them for the lines of any document."""

    def __init__(self, patterns: Sequence[Pattern], table: Table | None = None) -> None:
        self._patterns = patterns
        self._table = make_table(patterns) if table is None else table
        self._scan = Scan(self._table.words, self._table.figures)

    def candidates(self, lines: Sequence[str], folded: Sequence[str], chars: Iterable[str]) -> dict[int, list[Pattern]]:
        """Return, by the index of the line, the patterns that each line may match, in order.

        ``lines`` have no links; ``folded`` are the same folded; ``chars`` are all characters beyond ASCII in them, or more.
        """
        found, checks, anywhere = self._table.found, self._table.checks, self._table.anywhere
        signs = found.keys()
        held_by = self._scan.literals(folded, chars)
        if anywhere:
            held_by = {index: held_by.get(index, set()) for index in range(len(lines))}
        candidates: dict[int, list[Pattern]] = {}
        for index, held in held_by.items():
            places = {place for number in signs & held for place in found[number]}
            places.update(anywhere)
            if own := [
                self._patterns[place]
                for place in sorted(places)
                if all([not clause.isdisjoint(held) for clause in checks.get(place, ())])
            ]:
                fitting = _fitting(own, lines[index])
                if fitting:
                    candidates[index] = fitting
        return candidates


def _fitting(patterns: Sequence[Pattern], line: str) -> list[Pattern]:
    """Return those of some patterns that can match a line of this size."""
    size, words = len(line), line.count(" ") + 1
    if any([size > pattern.required.longest or words > pattern.required.words for pattern in patterns]):
        # Dress does not count.
        plain = undress(line)[0]
        size, words = len(plain), plain.count(" ") + 1
    return [pattern for pattern in patterns if size <= pattern.required.longest and words <= pattern.required.words]
