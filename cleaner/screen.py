"""Which patterns a line can meet at all: one look at a text finds the few lines that any pattern may match.

Every pattern has signs (see ``cleaner.signs``). A pattern that says how a line begins is found by the line's first letters; of any
other, one thing that the line must hold is looked for in all the lines at once, and then in each. A line without a sign of any
pattern is never undressed, folded or matched. All this is asked of sketches (see ``cleaner.sketching``).
"""

from __future__ import annotations

import sys
from typing import Any, NamedTuple

from cleaner.lines import from_first_letter, has_digit
from cleaner.signs import cost_of_literals, word_commonness
from cleaner.sketching import sketch, words_in
from cleaner.vocabulary import parts_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence, Set

    from cleaner.signs import Signs
    from cleaner.sketching import Line
    from cleaner.vocabulary import Vocabulary

# Of a literal that begins a pattern, so many characters are looked up, and so many compared.
_START = 3
_COMPARED = 24
# A line of more words than this is long: it can meet few patterns.
_LONG = 30


class Group(NamedTuple):
    """Words, and literals that may stand anywhere: a line that can be matched holds one of either."""

    words: frozenset[str]
    literals: tuple[str, ...]

    def meets(self, words: Iterable[str], text: str) -> bool:
        """Tell whether a sketch, of which ``words`` are the words, holds one of the group."""
        return not self.words.isdisjoint(words) or any([literal in text for literal in self.literals])


class Sight(NamedTuple):
    """A pattern as a screen knows it. ``owner`` is who asked for it, ``payload`` what the owner gets back.

    ``order`` says in which order an owner is given the patterns that it asked for. ``needs`` are groups of literals, of each of
    which a line must hold one; ``words`` and ``size`` are how many words and code points it may have, marks at its ends apart,
    ``digit`` whether it must hold a digit. ``groups`` say of words what ``needs`` say of literals.
    """

    order: tuple[int, int]
    owner: object
    payload: Any
    needs: tuple[tuple[str, ...], ...]
    words: int
    size: int
    digit: bool
    groups: tuple[Group, ...] = ()

    def may_meet(self, line: Line) -> bool:
        """Tell whether a line holds what the pattern asks for, its groups of words apart."""
        return has(line.sketch, self.needs) and (not self.digit or has_digit(line.sketch))

    def may_be_ascii(self) -> bool:
        """Tell whether a sketch in nothing but ASCII can hold what the pattern asks for."""
        asked = [*self.needs, *[(*group.words, *group.literals) for group in self.groups]]
        return all([any(map(str.isascii, literals)) for literals in asked])


class Screen:
    """The patterns of some rules that look at single lines, by what a line must show to meet them.

    ``elsewhere`` are those that do not say how a line begins.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._count = 0
        self._by_start: dict[str, list[Sight]] = {}
        self._by_list: dict[str, list[Sight]] = {}
        self._words: dict[str, list[Sight]] = {}
        self._groups: dict[object, Group] = {}
        self._sizes: dict[str, tuple[int, ...]] = {}
        self._by_digit: list[Sight] = []
        self._heads: list[dict[str, tuple[str, ...]]] = []
        self.elsewhere: list[Sight] = []

    def add(self, signs: Signs, owner: object, payload: object, words: int = sys.maxsize) -> None:
        """Have lines of at most so many words looked at for a pattern."""
        self._count += 1
        words = min(words, signs.spaces + 1)
        needs = tuple([_sketched(literals) for literals in signs.needs])
        groups = tuple([self._group(*group) for group in signs.words])
        if signs.starts is None:
            self.elsewhere.append(
                Sight((0, self._count), owner, payload, needs, words, signs.longest, signs.digit, groups)
            )
            return
        self._heads = []
        beginnings, lists, digit = signs.starts
        for literal in beginnings:
            sight = Sight(
                (min(len(literal), _START), self._count), owner, payload, needs, words, signs.longest, signs.digit
            )
            self._by_start.setdefault(_start(literal), []).append(sight)
        if digit:
            self._by_digit.append(
                Sight((_START + 1, self._count), owner, payload, needs, words, signs.longest, signs.digit, groups)
            )
        for name in lists:
            self._by_list.setdefault(name, []).append(
                Sight((_START + 2, self._count), owner, payload, needs, words, signs.longest, signs.digit, groups)
            )

    def _group(self, words: tuple[str, ...], lists: tuple[str, ...]) -> Group:
        """Return a group with the words of its lists, of each the longest word of letters in it."""
        asked = words, lists
        if asked not in self._groups:
            everything = list(words)
            loose: list[str] = []
            for name in lists:
                rarest, anywhere = self._vocabulary.by_rarest_word(name)
                everything += rarest
                loose += anywhere
            self._groups[asked] = Group(frozenset(map(sketch, everything)), _sketched(sorted(loose)))
        return self._groups[asked]

    def _make_heads(self) -> None:
        """Put together, for the first letters of a line, all that may follow, in lines of any length and in long ones."""
        words: dict[str, list[Sight]] = {}
        for name, sights in self._by_list.items():
            for word in {_start(word) for word in self._vocabulary.words_of(name)}:
                # Words of one list share what there is to say of them.
                words[word] = [*words[word], *sights] if word in words else sights
        self._words = words
        heads: dict[str, set[str]] = {}
        long_heads: dict[str, set[str]] = {}
        for known in (self._by_start, words):
            for literal, sights in known.items():
                heads.setdefault(literal[:_START], set()).add(literal)
                if any([sight.words > _LONG for sight in sights]):
                    long_heads.setdefault(literal[:_START], set()).add(literal)
        self._sizes = {
            start: tuple(sorted({len(literal) for literal in literals})) for start, literals in heads.items()
        }
        # Last, as this is what tells another thread that all is there.
        self._heads = [{start: tuple(literals) for start, literals in found.items()} for found in (heads, long_heads)]

    def may_start(self, lines: Sequence[Line]) -> list[int]:
        """Return the indexes of those lines that begin as a pattern says that lines of their length may begin."""
        if not self._heads:
            self._make_heads()
        heads, long_heads = self._heads
        digit = bool(self._by_digit)
        found: list[int] = []
        for index, line in enumerate(lines):
            start = line.start
            known = long_heads if line.words > _LONG else heads
            first = start[:_START]
            if (
                ((literals := known.get(first)) and start.startswith(literals))
                or first[:1] in known
                or first[:2] in known
                or (digit and first[:1].isdigit())
            ):
                found.append(index)
        return found

    def at_start(self, line: Line) -> list[Sight]:
        """Return the patterns that a line may meet by its beginning."""
        found: list[Sight] = []
        start = line.start
        heads = self._heads[line.words > _LONG]
        for first in range(1, min(len(start), _START) + 1):
            head = start[:first]
            if not start.startswith(heads.get(head, ())):
                continue
            for size in self._sizes[head]:
                literal = start[:size]
                if len(literal) < size:
                    break
                if literal in self._by_start:
                    found += self._by_start[literal]
                # A word of a list ends where the word of the line does.
                if literal in self._words and not (size < _COMPARED and _goes_on(start, size)):
                    found += self._words[literal]
        if self._by_digit and start[:1].isdigit():
            found += self._by_digit
        return _meeting(found, line) if found else found


class _Tier:
    """Patterns that are looked for in the same lines at once.

    Each is found by one thing: by the words of a group, which are looked up for all patterns together, or by literals, which
    are looked for one by one.
    """

    __slots__ = ("_ascii_literals", "_literals", "_rest", "by_word")

    def __init__(self, sights: Iterable[Sight]) -> None:
        self.by_word: dict[str, list[Sight]] = {}
        self._rest: list[Sight] = []
        by_literals: dict[tuple[str, ...], list[Sight]] = {}
        for sight in sights:
            literals = min(sight.needs, key=cost_of_literals, default=None)
            group = min(sight.groups, key=_cost_of_group, default=None)
            if group is not None and (literals is None or _cost_of_group(group) <= cost_of_literals(literals)):
                for word in group.words:
                    self.by_word.setdefault(word, []).append(sight)
                literals = group.literals
            if literals:
                by_literals.setdefault(literals, []).append(sight)
            elif group is None:
                self._rest.append(sight)
        self._literals = list(by_literals.items())
        self._ascii_literals = [
            (ascii_only, in_ascii)
            for literals, own in self._literals
            if (ascii_only := tuple([literal for literal in literals if literal.isascii()]))
            and (in_ascii := [sight for sight in own if sight.may_be_ascii()])
        ]

    def survey(self, lines: Sequence[Line], words: Set[str]) -> Iterator[tuple[int, list[Sight]]]:
        """Yield the patterns that each of the lines may meet, and its index."""
        sketches = [line.sketch for line in lines]
        text = "\n".join(sketches)
        shown: dict[int, list[Sight]] = {index: list(self._rest) for index in range(len(lines))} if self._rest else {}
        # In the whole text first: most documents hold few of them.
        for word in self.by_word.keys() & words if self.by_word else ():
            for index, line in enumerate(sketches):
                if word in line:
                    shown.setdefault(index, []).extend(self.by_word[word])
        for literals, own in self._ascii_literals if text.isascii() else self._literals:
            for literal in literals:
                if literal in text:
                    for index, line in enumerate(sketches):
                        if literal in line:
                            shown.setdefault(index, []).extend(own)
        for index, sights in shown.items():
            if meeting := _meeting(sights, lines[index]):
                yield index, meeting


class Elsewhere:
    """Patterns that do not say how a line begins, ready to be looked for in many lines at once.

    Those that only short lines can meet are looked for among short lines only. ``words`` are the words by which any is found.
    """

    __slots__ = ("_any", "_short", "words")

    def __init__(self, sights: Iterable[Sight]) -> None:
        self._short, self._any = (
            _Tier([one for one in sights if (one.words > _LONG) is long]) for long in (False, True)
        )
        self.words = self._short.by_word.keys() | self._any.by_word.keys()

    def survey(self, lines: Sequence[Line], words: Set[str]) -> dict[int, list[Sight]]:
        """Return the patterns that each of the lines may meet, by its index; one may stand there twice.

        ``words`` are those words of these lines by which any pattern is found, and maybe others.
        """
        found = dict(self._any.survey(lines, words))
        short = [index for index, line in enumerate(lines) if line.words <= _LONG]
        if short:
            for place, sights in self._short.survey([lines[index] for index in short], words):
                found.setdefault(short[place], []).extend(sights)
        return found


def _meeting(sights: Iterable[Sight], line: Line) -> list[Sight]:
    """Return those of some patterns that a line may meet, of which it shows one sign."""
    words: list[str] | None = None
    found: list[Sight] = []
    count, size = line.words, line.size
    for sight in sights:
        if count <= sight.words and size <= sight.size and sight.may_meet(line):
            if sight.groups:
                words = words_in(line.sketch) if words is None else words
                if not all([group.meets(words, line.sketch) for group in sight.groups]):
                    continue
            found.append(sight)
    return found


def _goes_on(start: str, size: int) -> bool:
    """Tell whether letters stand on both sides of a place in a sketch, in a script that parts words."""
    return start[size : size + 1].isalpha() and parts_words(start[size - 1])


def has(line: str, needs: Sequence[Sequence[str]]) -> bool:
    """Tell whether a sketch holds one literal of each group."""
    for literals in needs:
        for literal in literals:
            if literal in line:
                break
        else:
            return False
    return True


def in_order(sights: list[Sight]) -> list[Sight]:
    """Return patterns in the order in which they are tried, each once; the list may be sorted in place."""
    if len(sights) < 2:
        return sights
    sights.sort(key=_order)
    # A pattern that a line meets by two signs is tried once.
    seen: set[int] = set()
    return [sight for sight in sights if not (sight.order[1] in seen or seen.add(sight.order[1]))]  # type: ignore[func-returns-value]


def _order(sight: Sight) -> tuple[int, int]:
    return sight.order


def _cost_of_group(group: Group) -> int:
    return sum(map(word_commonness, group.words)) + (cost_of_literals(group.literals) if group.literals else 0)


def _sketched(literals: Iterable[str]) -> tuple[str, ...]:
    return tuple([sketch(literal) for literal in literals])


def _start(literal: str) -> str:
    """Return how a literal that begins a pattern begins a sketch, as far as that is compared."""
    return from_first_letter(sketch(literal))[:_COMPARED]
