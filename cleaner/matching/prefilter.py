"""Which patterns a line may match: one scan of a document for the literals of all patterns leaves a few candidates to try.

This is how RE2's FilteredRE2, ripgrep and Hyperscan do it. Each pattern was read into clauses (see ``literals``), sets of literals: a
match holds one literal of each. An Aho-Corasick automaton finds the words of each pattern's rarest clause in one pass over the
document; figures, and the other clauses of patterns that were found so, are looked up. A pattern is a candidate for a line that
holds a literal of each of its clauses and is not too long for it.

Most patterns can only match short lines, and most of a text is in long ones. So there is one automaton for the patterns that can
match lines of any length, and another for the rest, which sees only the short lines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence, Set
from itertools import accumulate
from typing import NamedTuple

from ahocorasick_rs import BytesAhoCorasick, Implementation

from cleaner.matching.patterns import Clause, Pattern, Required
from cleaner.text.folding import fold, replaced
from cleaner.text.lines import without_dress

# A clause costs the candidates that its literals produce, and a little for each literal that must be looked for.
_COST_OF_LITERAL = 0.02
# Besides the clause that makes a pattern a candidate, this many others are checked, if at most this share of the samples' lines hold
# them and not too many literals must be looked up that the automaton does not look for anyway.
_MOST_CHECKS, _RARE, _MOST_LOOK_UPS = 3, 0.5, 100
# Running text has more of these marks than examples have: this share of its lines.
_COMMON_MARKS, _COMMON = frozenset(".,:;?!()'\"-0"), 0.33
# A short line has at most this many words.
_SHORT = 30

# ASCII in scan form: letters, which are small already, and line breaks; a space for everything else.
_SCAN_FORM = bytes([code if chr(code).isalpha() or code == 10 or code > 127 else 32 for code in range(256)])
_FIGURE_FORM = bytes.maketrans(b"123456789", b"000000000")

# Literals, of which a line holds at least one: numbers of those that an automaton finds, other words, and other figures.
Check = tuple[frozenset[int], tuple[bytes, ...], tuple[bytes, ...]]


class Table(NamedTuple):
    """The literals of some patterns, and which patterns they make candidates. A pattern is known by its place in a list.

    ``words`` and ``figures`` are the literals to look for. A literal is known by its number, its place in the two lists one after
    the other; ``brings`` has the patterns of each. ``checks`` are the other clauses of a pattern that a line must meet. ``always`` are
    the patterns that have no literal.
    """

    words: list[str]
    figures: list[str]
    brings: list[tuple[int, ...]]
    checks: dict[int, tuple[Check, ...]]
    always: tuple[int, ...]


def ranked(required: Sequence[Required], samples: Sequence[str]) -> list[Required]:
    """Return what patterns require, reduced to the clauses worth looking for, the rarest first.

    ``samples``, folded lines of text, show how rare a literal is.
    """
    distinct = {clause for own in required for clause in own.clauses}
    counts = _counts({literal for clause in distinct for literal in clause}, samples)
    costs = {clause: sum([counts[literal] + _COST_OF_LITERAL for literal in clause]) for clause in distinct}
    ordered = [sorted(own.clauses, key=lambda clause: (costs[clause], sorted(clause))) for own in required]
    # What the automatons of long and of short lines look for.
    sought: dict[bool, set[str]] = {True: set(), False: set()}
    for own, clauses in zip(required, ordered, strict=True):
        sought[own.words <= _SHORT].update(*clauses[:1])
    found = []
    for own, clauses in zip(required, ordered, strict=True):
        known = sought[own.words <= _SHORT]
        checks = [
            clause
            for clause in clauses[1:]
            if costs[clause] < _RARE * len(samples) and len(clause - known) <= _MOST_LOOK_UPS
        ]
        found.append(own._replace(clauses=(*clauses[:1], *checks[:_MOST_CHECKS])))
    return found


def make_tables(patterns: Sequence[Pattern]) -> tuple[Table, Table]:
    """Return the tables of the patterns that can match lines of any length, and of those for short lines."""
    of_any: dict[int, Pattern] = {}
    of_short: dict[int, Pattern] = {}
    for place, pattern in enumerate(patterns):
        (of_short if pattern.required.words <= _SHORT else of_any)[place] = pattern
    return _table(of_any), _table(of_short)


def _table(patterns: dict[int, Pattern]) -> Table:
    """Return the table of some patterns, each of which becomes a candidate by its first clause."""
    words, figures = _divided(
        {literal for pattern in patterns.values() for clause in pattern.required.clauses[:1] for literal in clause}
    )
    numbers = {literal: number for number, literal in enumerate([*words, *figures])}
    split: dict[Clause, Check] = {}
    for clause in {clause for pattern in patterns.values() for clause in pattern.required.clauses}:
        found = frozenset([numbers[literal] for literal in clause if literal in numbers])
        others = _divided([literal for literal in clause if literal not in numbers])
        words_left, figures_left = [tuple([literal.encode() for literal in own]) for own in others]
        split[clause] = found, words_left, figures_left
    brings: list[list[int]] = [[] for _ in numbers]
    for place, pattern in patterns.items():
        for clause in pattern.required.clauses[:1]:
            for literal in clause:
                brings[numbers[literal]].append(place)
    return Table(
        words,
        figures,
        list(map(tuple, brings)),
        {
            place: tuple([split[clause] for clause in pattern.required.clauses[1:]])
            for place, pattern in patterns.items()
            if len(pattern.required.clauses) > 1
        },
        tuple([place for place, pattern in patterns.items() if not pattern.required.clauses]),
    )


def _counts(literals: Iterable[str], samples: Sequence[str]) -> Counter[str]:
    """Return for each literal how many of the folded lines hold it."""
    words, figures = _divided(literals)
    held = _Automatons(words, figures).held(_Forms(samples, set("".join(samples))), range(len(samples)))
    names = [*words, *figures]
    counts = Counter([names[number] for numbers in held.values() for number in numbers])
    for mark in _COMMON_MARKS:
        counts[mark] = max(counts[mark], int(_COMMON * len(samples)))
    return counts


def _divided(literals: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return those of the literals that are words and those that are figures, each sorted."""
    ordered = sorted(literals)
    return list(filter(_is_of_words, ordered)), [literal for literal in ordered if not _is_of_words(literal)]


def _is_of_words(literal: str) -> bool:
    """Tell whether a literal is compared with the scan form of lines: it has letters, or the ends of a line."""
    return "\n" in literal or any(map(str.isalpha, literal))


class _Forms:
    """The forms of a document's lines in which literals are looked for: ``scan`` for words, ``figures`` for marks and figures.

    Lines in scan form have a line break at both ends, the others at their end. Made of folded lines; ``chars`` are all characters in
    them beyond ASCII before they were folded, or more.
    """

    def __init__(self, folded: Sequence[str], chars: Iterable[str]) -> None:
        text = "\n".join([*folded, ""])
        marks = {char for char in chars if char > "\x7f" and not char.isalpha()}
        # A few marks fold to others: "Ⅳ" to "ⅳ", "∉" to "∈".
        marks.update([char for char in fold("".join(marks)) if char > "\x7f" and not char.isalpha()])
        text = replaced(text, dict.fromkeys(filter(str.isdecimal, marks), "0"))
        self.figures = text.encode("utf-8", "surrogatepass").translate(_FIGURE_FORM).splitlines(keepends=True)
        text = replaced(text, dict.fromkeys(marks, " "))
        scan = text.encode("utf-8", "surrogatepass").translate(_SCAN_FORM)
        self.scan = [b"\n %b \n" % line.strip() for line in scan.splitlines()]


class _Automatons:
    """Automatons for words and for figures, which are called by their places in both lists, one after the other."""

    def __init__(self, words: Sequence[str], figures: Sequence[str]) -> None:
        self._first_figure = len(words)
        # A DFA is the fastest, but for many words it takes long to make.
        self._words = _automaton(words, Implementation.ContiguousNFA)
        self._figures = _automaton(figures, Implementation.DFA)

    def held(self, forms: _Forms, lines: Sequence[int]) -> dict[int, set[int]]:
        """Return the literals that some lines of a document hold, by the index of the line, for those that hold any."""
        held: dict[int, set[int]] = {}
        for automaton, form, first in (
            (self._words, forms.scan, 0),
            (self._figures, forms.figures, self._first_figure),
        ):
            own = [form[index] for index in lines]
            ends = accumulate(map(len, own))
            place, last = -1, 0
            for number, _, end in automaton.find_matches_as_indexes(b"".join(own), overlapping=True):
                if end > last:
                    while end > last:
                        place += 1
                        last = next(ends)
                    here = held.setdefault(lines[place], set())
                here.add(first + number)
        return held


def _automaton(literals: Sequence[str], implementation: Implementation) -> BytesAhoCorasick:
    return BytesAhoCorasick([literal.encode() for literal in literals], implementation=implementation)


class _Tier:
    """The patterns of one table, ready to be looked for."""

    def __init__(self, table: Table, patterns: Sequence[Pattern]) -> None:
        self._table = table
        self._automatons = _Automatons(table.words, table.figures)
        # What else a pattern asks of a line, by its place: at most so many code points and words, and the checks.
        self._asked = [
            (pattern.required.longest, pattern.required.words, table.checks.get(place, ()))
            for place, pattern in enumerate(patterns)
        ]

    def add(self, forms: _Forms, bare: Sequence[str], lines: Sequence[int], found: dict[int, list[int]]) -> None:
        """Add the places of the candidates for some lines of a document, by the index of the line; ``bare`` is all of it without dress."""
        brings, asked, always = self._table.brings, self._asked, self._table.always
        held = self._automatons.held(forms, lines)
        for index in lines if always else held:
            here = held.get(index, _NOTHING)
            size, words = len(bare[index]), bare[index].count(" ") + 1
            for place in {*always, *[place for number in here for place in brings[number]]}:
                longest, most, checks = asked[place]
                if size <= longest and words <= most and _meets(checks, here, forms.scan[index], forms.figures[index]):
                    found.setdefault(index, []).append(place)


_NOTHING: Set[int] = frozenset()


def _meets(checks: Sequence[Check], held: Set[int], scan: bytes, figures: bytes) -> bool:
    """Tell whether a line holds a literal of each clause; ``held`` are the numbers of those that were found."""
    for numbers, words, marks in checks:
        if numbers.isdisjoint(held) and not _has_one(marks, figures) and not _has_one(words, scan):
            return False
    return True


def _has_one(literals: Sequence[bytes], line: bytes) -> bool:
    return bool(literals) and any(map(line.__contains__, literals))


class Prefilter:
    """Finds candidates among the patterns of some rules for the lines of any document."""

    def __init__(self, patterns: Sequence[Pattern], tables: tuple[Table, Table] | None = None) -> None:
        self._patterns = patterns
        self._any, self._short = [_Tier(table, patterns) for table in tables or make_tables(patterns)]

    def candidates(self, lines: Sequence[str], folded: Sequence[str], chars: Iterable[str]) -> dict[int, list[Pattern]]:
        """Return, by the index of the line, the patterns that each line may match, in order.

        ``lines`` have no links; ``folded`` are the same folded; ``chars`` are all characters beyond ASCII in ``lines``, or more.
        """
        forms = _Forms(folded, chars)
        bare = [line for line, _ in map(without_dress, lines)]
        found: dict[int, list[int]] = {}
        self._any.add(forms, bare, range(len(lines)), found)
        self._short.add(forms, bare, [index for index, line in enumerate(bare) if line.count(" ") < _SHORT], found)
        return {index: [self._patterns[place] for place in sorted(places)] for index, places in found.items()}
