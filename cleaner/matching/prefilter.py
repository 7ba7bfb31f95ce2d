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

import ahocorasick_rs

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

_LINE_BREAK = b" \n "
# ASCII in scan form: letters, which are small already, and line breaks; a space for everything else.
_SCAN_FORM = bytes([code if chr(code).isalpha() or code == 10 or code > 127 else 32 for code in range(256)])
_FIGURE_FORM = bytes.maketrans(b"123456789", b"000000000")

# Literals, of which a line holds at least one: numbers of words that the automaton finds, other words, and figures.
Check = tuple[frozenset[int], tuple[bytes, ...], tuple[bytes, ...]]


class Table(NamedTuple):
    """The literals of some patterns, and which patterns they make candidates. A pattern is known by its place in a list.

    ``words`` are literals in scan form, known by their places: those to look for. ``by_word`` and ``by_figure`` map a literal to
    patterns.
    ``checks`` are the other clauses of a pattern that a line must meet. ``always`` are the patterns that have no literal.
    """

    words: list[str]
    by_word: dict[int, tuple[int, ...]]
    by_figure: dict[bytes, tuple[int, ...]]
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
    firsts = {literal for pattern in patterns.values() for clause in pattern.required.clauses[:1] for literal in clause}
    words = sorted(filter(_is_of_words, firsts))
    numbers = {word: number for number, word in enumerate(words)}
    split: dict[Clause, Check] = {}
    for clause in {clause for pattern in patterns.values() for clause in pattern.required.clauses}:
        looked_up = sorted([literal for literal in clause if literal not in numbers])
        split[clause] = (
            frozenset([numbers[literal] for literal in clause if literal in numbers]),
            tuple([literal.encode() for literal in looked_up if _is_of_words(literal)]),
            tuple([literal.encode() for literal in looked_up if not _is_of_words(literal)]),
        )
    by_word: dict[int, list[int]] = {}
    by_figure: dict[bytes, list[int]] = {}
    for place, pattern in patterns.items():
        for clause in pattern.required.clauses[:1]:
            for number in split[clause][0]:
                by_word.setdefault(number, []).append(place)
            for figure in split[clause][2]:
                by_figure.setdefault(figure, []).append(place)
    return Table(
        words,
        {number: tuple(places) for number, places in by_word.items()},
        {figure: tuple(places) for figure, places in by_figure.items()},
        {
            place: tuple([split[clause] for clause in pattern.required.clauses[1:]])
            for place, pattern in patterns.items()
            if len(pattern.required.clauses) > 1
        },
        tuple([place for place, pattern in patterns.items() if not pattern.required.clauses]),
    )


def _counts(literals: Iterable[str], samples: Sequence[str]) -> Counter[str]:
    """Return for each literal how many of the folded lines hold it."""
    literals = list(literals)
    words = list(filter(_is_of_words, literals))
    forms = _Forms(samples, set("".join(samples)))
    held = _Words(words).held(forms.scan)
    counts = Counter([words[number] for numbers in held.values() for number in numbers])
    for figure in literals:
        if not _is_of_words(figure):
            counts[figure] = sum([figure.encode() in line for line in forms.figures])
            if figure in _COMMON_MARKS:
                counts[figure] = max(counts[figure], int(_COMMON * len(samples)))
    return counts


def _is_of_words(literal: str) -> bool:
    """Tell whether a literal is compared with the scan form of lines: it has letters, or the ends of a line."""
    return "\n" in literal or any(map(str.isalpha, literal))


class _Forms:
    """The forms of a document's lines in which literals are looked for: ``scan`` for words, ``figures`` for marks and figures.

    Made of folded lines; ``chars`` are all characters in them beyond ASCII before they were folded, or more.
    """

    def __init__(self, folded: Sequence[str], chars: Iterable[str]) -> None:
        text = "\n".join(folded)
        marks = {char for char in chars if char > "\x7f" and not char.isalpha()}
        # A few marks fold to others: "Ⅳ" to "ⅳ", "∉" to "∈".
        marks.update([char for char in fold("".join(marks)) if char > "\x7f" and not char.isalpha()])
        text = replaced(text, dict.fromkeys(filter(str.isdecimal, marks), "0"))
        self.figures = text.encode("utf-8", "surrogatepass").translate(_FIGURE_FORM).split(b"\n")
        text = replaced(text, dict.fromkeys(marks, " "))
        scan = text.encode("utf-8", "surrogatepass").translate(_SCAN_FORM)
        self.scan = [line.strip() for line in scan.split(b"\n")]


class _Words:
    """An automaton for literals in scan form, called by their places."""

    def __init__(self, words: Sequence[str]) -> None:
        self._automaton = ahocorasick_rs.BytesAhoCorasick(
            [word.encode() for word in words], implementation=ahocorasick_rs.Implementation.NoncontiguousNFA
        )

    def held(self, lines: Sequence[bytes]) -> dict[int, set[int]]:
        """Return the words that lines in scan form hold, by the place of the line."""
        data = _LINE_BREAK.join([b"", *lines, b""])
        # Where each line ends, its line break included.
        ends = accumulate([len(line) + len(_LINE_BREAK) for line in lines], initial=len(_LINE_BREAK) - 1)
        held: dict[int, set[int]] = {}
        place, last = -1, next(ends)
        for number, _, end in self._automaton.find_matches_as_indexes(data, overlapping=True):
            if end > last:
                while end > last:
                    place += 1
                    last = next(ends)
                held[place] = here = set()
            here.add(number)
        return held


class _Tier:
    """The patterns of one table, ready to be looked for."""

    def __init__(self, table: Table, patterns: Sequence[Pattern]) -> None:
        self._table = table
        self._words = _Words(table.words)
        # What else a pattern asks of a line, by its place: at most so many code points and words, and the checks.
        self._asked = [
            (pattern.required.longest, pattern.required.words, table.checks.get(place, ()))
            for place, pattern in enumerate(patterns)
        ]

    def add(
        self, forms: _Forms, lines: Sequence[int], sizes: Sequence[tuple[int, int]], found: dict[int, list[int]]
    ) -> None:
        """Add the places of the candidates for some lines of a document, by the index of the line."""
        table, asked = self._table, self._asked
        held = self._words.held([forms.scan[index] for index in lines])
        brought: dict[int, list[tuple[int, ...]]] = {}
        for here, numbers in held.items():
            if own := [table.by_word[number] for number in numbers if number in table.by_word]:
                brought[here] = own
        figures = [forms.figures[index] for index in lines]
        text = b"\n".join(figures)
        for figure, places in table.by_figure.items():
            if figure in text:
                for here, line in enumerate(figures):
                    if figure in line:
                        brought.setdefault(here, []).append(places)
        if table.always:
            for here in range(len(lines)):
                brought.setdefault(here, []).append(table.always)
        for here, groups in brought.items():
            index = lines[here]
            size, words = sizes[index]
            met, scan, line = held.get(here, _NO_WORDS), forms.scan[index], figures[here]
            for place in set().union(*groups):
                longest, most, checks = asked[place]
                if size <= longest and words <= most and (not checks or _meets(checks, met, scan, line)):
                    found.setdefault(index, []).append(place)


_NO_WORDS: Set[int] = frozenset()


def _meets(checks: Sequence[Check], held: Set[int], scan: bytes, figures: bytes) -> bool:
    """Tell whether a line holds a literal of each clause; ``held`` are the numbers of its words that were found."""
    line = b"\n %b \n" % scan
    for numbers, words, marks in checks:
        if not (
            not numbers.isdisjoint(held) or any(map(figures.__contains__, marks)) or any(map(line.__contains__, words))
        ):
            return False
    return True


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
        sizes = [(len(bare), bare.count(" ") + 1) for bare, _ in map(without_dress, lines)]
        found: dict[int, list[int]] = {}
        self._any.add(forms, range(len(lines)), sizes, found)
        short = [index for index, (_, words) in enumerate(sizes) if words <= _SHORT]
        self._short.add(forms, short, sizes, found)
        return {index: [self._patterns[place] for place in sorted(places)] for index, places in found.items()}
