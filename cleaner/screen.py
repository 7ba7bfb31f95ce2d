"""Which patterns a line can meet at all: one look at a text finds the few lines that any pattern may match.

Every pattern has signs (see ``cleaner.signs``). A pattern that says how a line begins is found by the line's first letters; of any
other, one thing that the line must hold is looked for in all the lines at once, and then in each. A line without a sign of any
pattern is never undressed, folded or matched. All this is asked of sketches (see ``cleaner.sketching``).
"""

from __future__ import annotations

import sys

from cleaner.lines import from_first_letter, has_digit
from cleaner.signs import cost_of_literals, word_commonness
from cleaner.sketching import sketch, words_in
from cleaner.vocabulary import parts_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
    from typing import Any, NamedTuple

    from cleaner.signs import Signs
    from cleaner.sketching import Line
    from cleaner.vocabulary import Vocabulary
else:
    from cleaner.records import NamedTuple

# Of a literal that begins a pattern, so many characters are looked up, and so many compared.
_START = 3
_COMPARED = 24
# A line of more words than this is long: it can meet few patterns.
_LONG = 30
# By how it was found, a pattern has one of so many places in the order: elsewhere, by one to three letters, a digit, a list.
_LEVELS = _START + 3


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

    @property
    def number(self) -> int:
        """Return what the tables of a screen call the pattern, in this place of the order."""
        return self.order[1] * _LEVELS + self.order[0]

    def may_meet(self, line: Line) -> bool:
        """Tell whether a line holds what the pattern asks for, its groups of words apart."""
        return has(line.sketch, self.needs) and (not self.digit or has_digit(line.sketch))

    def may_be_ascii(self) -> bool:
        """Tell whether a sketch in nothing but ASCII can hold what the pattern asks for."""
        asked = [*self.needs, *[(*group.words, *group.literals) for group in self.groups]]
        return all([any(map(str.isascii, literals)) for literals in asked])


class Sights(dict[int, Sight]):
    """Patterns by their number, each made when it is first asked for: a text shows few of them."""

    def __init__(self, make: Callable[[tuple[int, int]], Sight]) -> None:
        self._make = make

    def __missing__(self, number: int) -> Sight:
        count, level = divmod(number, _LEVELS)
        # Another thread may have made it meanwhile; there is one.
        return self.setdefault(number, self._make((level, count)))


class Screen:
    """The patterns of some rules that look at single lines, by what a line must show to meet them.

    ``elsewhere`` are those that do not say how a line begins. All tables hold plain values (see ``cleaner.indexes``).
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._asked: list[tuple[Signs, object, Any, int]] = []
        self._groups: dict[object, Group] = {}
        self._by_start: dict[str, list[int]] = {}
        self._words: dict[str, list[str]] = {}
        self._sizes: dict[str, tuple[int, ...]] = {}
        self._heads: tuple[dict[str, tuple[str, ...]], ...] = ({}, {})
        self._by_list: dict[str, list[int]] = {}
        self._by_digit: list[int] = []
        self._is_ready = False
        self.sights = Sights(self._sight)

    def add(self, signs: Signs, owner: object, payload: Any, words: int = sys.maxsize) -> None:
        """Have lines of at most so many words looked at for a pattern."""
        self._asked.append((signs, owner, payload, min(words, signs.spaces + 1)))
        self._is_ready = False
        if signs.starts is None:
            return
        number = len(self._asked) * _LEVELS
        beginnings, lists, digit = signs.starts
        for literal in beginnings:
            self._by_start.setdefault(_start(literal), []).append(number + min(len(literal), _START))
        if digit:
            self._by_digit.append(number + _START + 1)
        for name in lists:
            self._by_list.setdefault(name, []).append(number + _START + 2)

    @property
    def elsewhere(self) -> list[Sight]:
        """Return the patterns that do not say how a line begins."""
        return [self.sights[count * _LEVELS] for count, asked in enumerate(self._asked, 1) if asked[0].starts is None]

    def _sight(self, order: tuple[int, int]) -> Sight:
        signs, owner, payload, words = self._asked[order[1] - 1]
        needs = tuple([_sketched(literals) for literals in signs.needs])
        groups = tuple([self._group(*group) for group in signs.words])
        return Sight(order, owner, payload, needs, words, signs.longest, signs.digit, groups)

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
        words: dict[str, list[str]] = {}
        for name in self._by_list:
            for word in {_start(word) for word in self._vocabulary.words_of(name)}:
                words.setdefault(word, []).append(name)
        is_long = [asked[3] > _LONG for asked in self._asked]
        long_lists = {
            name
            for name, numbers in self._by_list.items()
            if any([is_long[number // _LEVELS - 1] for number in numbers])
        }
        heads: dict[str, set[str]] = {}
        long_heads: dict[str, set[str]] = {}
        for literal in [*self._by_start, *words]:
            heads.setdefault(literal[:_START], set()).add(literal)
            if any([is_long[number // _LEVELS - 1] for number in self._by_start.get(literal, ())]) or any(
                [name in long_lists for name in words.get(literal, ())]
            ):
                long_heads.setdefault(literal[:_START], set()).add(literal)
        self._words = words
        self._sizes = {
            start: tuple(sorted({len(literal) for literal in literals})) for start, literals in heads.items()
        }
        self._heads = (
            {start: tuple(sorted(literals)) for start, literals in heads.items()},
            {start: tuple(sorted(literals)) for start, literals in long_heads.items()},
        )
        # Last, as this is what tells another thread that all is there.
        self._is_ready = True

    def plain(self) -> tuple[list[dict[str, Any]], dict[str, list[int]], list[int], list[tuple[Any, ...]]]:
        """Return all as plain values: tables by how a line begins, patterns by list, those that begin with a digit, and all.

        A pattern is (signs, owner, payload, words, needs, groups), in the order in which they were added.
        """
        if not self._is_ready:
            self._make_heads()
        asked = []
        for count, one in enumerate(self._asked, 1):
            sight = self._sight((0, count))
            asked.append(
                (*one, sight.needs, tuple([(tuple(sorted(words)), literals) for words, literals in sight.groups]))
            )
        return [self._by_start, self._words, self._sizes, *self._heads], self._by_list, self._by_digit, asked

    def restore(
        self,
        tables: Sequence[dict[str, Any]],
        by_list: dict[str, list[int]],
        by_digit: list[int],
        make: Callable[[tuple[int, int]], Sight],
    ) -> None:
        """Take tables as ``plain`` returns them; they may be filled later, for how lines begin, before such lines are asked about."""
        self._by_start, self._words, self._sizes, *heads = tables
        self._heads = tuple(heads)
        self._by_list, self._by_digit = by_list, by_digit
        self.sights = Sights(make)
        self._is_ready = True

    def may_start(self, lines: Sequence[Line]) -> list[int]:
        """Return the indexes of those lines that begin as a pattern says that lines of their length may begin."""
        if not self._is_ready:
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
        found: list[int] = []
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
                    for name in self._words[literal]:
                        found += self._by_list[name]
        if self._by_digit and start[:1].isdigit():
            found += self._by_digit
        return _meeting([self.sights[number] for number in found], line) if found else []


class _Tier:
    """Patterns that are looked for in the same lines at once.

    Each is found by one thing: by the words of a group, which are looked up for all patterns together, or by literals, which
    are looked for one by one.
    """

    __slots__ = ("_by_ascii", "_by_literal", "_rest", "_sights", "by_word")

    def __init__(
        self,
        sights: Mapping[int, Sight],
        by_word: dict[str, list[int]],
        by_literal: dict[str, list[int]],
        by_ascii: dict[str, list[int]],
        rest: list[int],
    ) -> None:
        self._sights = sights
        self.by_word = by_word
        self._by_literal = by_literal
        self._by_ascii = by_ascii
        self._rest = rest

    @classmethod
    def of(cls, sights: Iterable[Sight]) -> _Tier:
        """Choose for each pattern how it is found."""
        by_word: dict[str, list[int]] = {}
        rest: list[int] = []
        by_literal: dict[str, list[int]] = {}
        by_ascii: dict[str, list[int]] = {}
        known: dict[int, Sight] = {}
        for sight in sights:
            known[sight.number] = sight
            literals = min(sight.needs, key=cost_of_literals, default=None)
            group = min(sight.groups, key=_cost_of_group, default=None)
            if group is not None and (literals is None or _cost_of_group(group) <= cost_of_literals(literals)):
                for word in group.words:
                    by_word.setdefault(word, []).append(sight.number)
                literals = group.literals
            for literal in literals or ():
                by_literal.setdefault(literal, []).append(sight.number)
                if literal.isascii() and sight.may_be_ascii():
                    by_ascii.setdefault(literal, []).append(sight.number)
            if not literals and group is None:
                rest.append(sight.number)
        return cls(known, by_word, by_literal, by_ascii, rest)

    def plain(self) -> tuple[Any, ...]:
        """Return the tables as plain values."""
        return self.by_word, self._by_literal, self._by_ascii, self._rest

    def survey(self, lines: Sequence[Line], words: Set[str]) -> Iterator[tuple[int, list[Sight]]]:
        """Yield the patterns that each of the lines may meet, and its index."""
        sketches = [line.sketch for line in lines]
        text = "\n".join(sketches)
        by_literal = self._by_ascii if text.isascii() else self._by_literal
        # In the whole text first: most documents hold few of them.
        held = [(literal, numbers) for literal, numbers in by_literal.items() if literal in text]
        held += [(word, self.by_word[word]) for word in self.by_word.keys() & words]
        shown: dict[int, list[int]] = {index: list(self._rest) for index in range(len(lines))} if self._rest else {}
        for sign, numbers in held:
            for index, line in enumerate(sketches):
                if sign in line:
                    shown.setdefault(index, []).extend(numbers)
        for index, numbers in shown.items():
            if meeting := _meeting([self._sights[number] for number in dict.fromkeys(numbers)], lines[index]):
                yield index, meeting


class Elsewhere:
    """Patterns that do not say how a line begins, ready to be looked for in many lines at once.

    Those that only short lines can meet are looked for among short lines only. ``words`` are the words by which any is found.
    """

    __slots__ = ("_any", "_short", "words")

    def __init__(self, sights: Sequence[Sight] = (), tiers: Sequence[_Tier] = ()) -> None:
        self._short, self._any = tiers or [
            _Tier.of([one for one in sights if (one.words > _LONG) is long]) for long in (False, True)
        ]
        self.words = self._short.by_word.keys() | self._any.by_word.keys()

    def plain(self) -> tuple[tuple[Any, ...], ...]:
        """Return the tables as plain values."""
        return self._short.plain(), self._any.plain()

    @classmethod
    def restored(cls, tiers: Iterable[tuple[Any, ...]], sights: Mapping[int, Sight]) -> Elsewhere:
        """Return what ``plain`` returned, of patterns by their numbers."""
        return cls(tiers=[_Tier(sights, *tables) for tables in tiers])

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
