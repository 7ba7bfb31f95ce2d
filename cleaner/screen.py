"""Which patterns a line can meet at all: one look at a text finds the few lines that any pattern may match.

Every pattern has signs (see ``cleaner.signs``). A pattern that says how a line begins is found by the line's first letters; of any
other, one thing that the line must hold is looked for in all the lines at once, and then in each. A line without a sign of any
pattern is never undressed, folded or matched. All this is asked of sketches (see ``cleaner.sketching``).
"""

from __future__ import annotations

import sys
from typing import Any, NamedTuple

from cleaner.lines import has_digit
from cleaner.sketching import EDGES, MARK, sketch, words_in
from cleaner.vocabulary import parts_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cleaner.signs import Signs
    from cleaner.sketching import Line
    from cleaner.vocabulary import Vocabulary

# Of a literal that begins a pattern, so many characters are looked up, and so many compared.
_START = 3
_COMPARED = 24
# Words shorter than this stand in many lines, shorter than that in most, and these marks in most, too.
_SHORT, _SHORTEST = 5, 3
_COMMON = f".,:({MARK}"
# How far pieces that call pieces are looked into.
_DEEPEST = 3


class WordList(NamedTuple):
    """Words by the word of letters that each begins with, and literals that may stand anywhere in a line."""

    by_first: dict[str, list[str]]
    literals: tuple[str, ...]
    firsts: frozenset[str]

    def meets(self, words: Iterable[str], text: str) -> bool:
        """Tell whether a sketch, of which ``words`` are the words, holds one of the list."""
        if not self.firsts.isdisjoint(words):
            for first in self.firsts.intersection(words):
                for word in self.by_first[first]:
                    if word in text:
                        return True
        if not self.literals:
            return False
        is_ascii = text.isascii()
        return any([(literal.isascii() or not is_ascii) and literal in text for literal in self.literals])


class Sight(NamedTuple):
    """A pattern as a screen knows it. ``owner`` is who asked for it, ``payload`` what the owner gets back.

    ``order`` says in which order an owner is given the patterns that it asked for. ``needs`` are groups of literals, of each of
    which a line must hold one; ``words`` and ``size`` are how many words and code points it may have, marks at its ends apart,
    ``digit`` whether it must hold a digit. ``lists`` are lists of words that say the same as ``needs``; they are kept only where nothing says
    how a line begins.
    """

    order: tuple[int, int]
    owner: object
    payload: Any
    needs: tuple[tuple[str, ...], ...]
    words: int
    size: int
    digit: bool
    lists: tuple[WordList, ...] = ()

    def may_meet(self, line: Line) -> bool:
        """Tell whether a line has what the pattern asks for, its lists apart."""
        return (
            line.words <= self.words
            and line.size <= self.size
            and has(line.sketch, self.needs)
            and (not self.digit or has_digit(line.sketch))
        )


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
        self._spelt_before: dict[object, WordList | None] = {}
        self._sizes: dict[str, tuple[int, ...]] = {}
        self._by_digit: list[Sight] = []
        self._heads: dict[str, tuple[str, ...]] = {}
        self._short: frozenset[str] = frozenset()
        self.elsewhere: list[Sight] = []

    def add(self, signs: Signs, owner: object, payload: object, words: int = sys.maxsize) -> None:
        """Have lines of at most so many words looked at for a pattern."""
        self._count += 1
        words = min(words, signs.spaces + 1)
        needs = tuple([_sketched(literals) for literals, pieces in signs.clauses if not pieces])
        if signs.starts is None:
            spelt = [self._spelt(literals, pieces) for literals, pieces in signs.clauses if pieces]
            needs += tuple(known.literals for known in spelt if known is not None and not known.by_first)
            word_lists = tuple(known for known in spelt if known is not None and known.by_first)
            self.elsewhere.append(
                Sight(
                    (0, self._count),
                    owner,
                    payload,
                    tuple(sorted(needs, key=_rareness)),
                    words,
                    signs.longest,
                    signs.digit,
                    word_lists,
                )
            )
            return
        self._heads = {}
        beginnings, lists, digit = signs.starts
        for literal in beginnings:
            sight = Sight(
                (min(len(literal), _START), self._count), owner, payload, needs, words, signs.longest, signs.digit
            )
            self._by_start.setdefault(_start(literal), []).append(sight)
        if digit:
            self._by_digit.append(
                Sight((_START + 1, self._count), owner, payload, needs, words, signs.longest, signs.digit)
            )
        for name in lists:
            self._by_list.setdefault(name, []).append(
                Sight((_START + 2, self._count), owner, payload, needs, words, signs.longest, signs.digit)
            )

    def _spelt(self, literals: tuple[str, ...], pieces: tuple[str, ...], depth: int = 0) -> WordList | None:
        """Return a clause word for word, or None where a piece of it is a pattern that says nothing."""
        asked = (literals, pieces)
        if asked not in self._spelt_before:
            self._spelt_before[asked] = self._spell(literals, pieces, depth)
        return self._spelt_before[asked]

    def _spell(self, literals: tuple[str, ...], pieces: tuple[str, ...], depth: int) -> WordList | None:
        anywhere = set(_sketched(literals))
        by_first: dict[str, list[str]] = {}
        for name in pieces:
            known = self._vocabulary.signs.get(name)
            if known is None:
                by_word, loose = self._vocabulary.by_first_word(name)
                words = {sketch(first): list(_sketched(group)) for first, group in by_word.items()}
                loose = list(_sketched(loose))
            else:
                inner = [self._spelt(*clause, depth + 1) for clause in known.clauses] if depth < _DEEPEST else []
                spelt = next((found for found in inner if found is not None), None)
                if spelt is None:
                    return None
                words, loose = spelt.by_first, list(spelt.literals)
            anywhere.update(loose)
            for first, group in words.items():
                by_first.setdefault(first, []).extend(group)
        return WordList(by_first, tuple(sorted(anywhere)), frozenset(by_first))

    def _make_heads(self) -> None:
        """Put together, for the first letters of a line, all that may follow."""
        heads: dict[str, set[str]] = {}
        words: dict[str, list[Sight]] = {}
        for name, sights in self._by_list.items():
            for word in {_start(word) for word in self._vocabulary.words_of(name)}:
                # Words of one list share what there is to say of them.
                words[word] = [*words[word], *sights] if word in words else sights
        self._words = words
        for literal in {**self._by_start, **words}:
            heads.setdefault(literal[:_START], set()).add(literal)
        self._sizes = {
            start: tuple(sorted({len(literal) for literal in literals})) for start, literals in heads.items()
        }
        self._short = frozenset(start for start in heads if len(start) < _START)
        # Last, as this is what tells another thread that all is there.
        self._heads = {start: tuple(literals) for start, literals in heads.items()}

    def may_start(self, starts: Sequence[str]) -> list[int]:
        """Return the indexes of those sketches, each from its first letter or digit, with a beginning that a pattern may know."""
        if not self._heads:
            self._make_heads()
        heads, short, digit = self._heads, self._short, bool(self._by_digit)
        return [
            index
            for index, start in enumerate(starts)
            if ((known := heads.get(start[:3])) and start.startswith(known))
            or start[:1] in short
            or start[:2] in short
            or (digit and start[:1].isdigit())
        ]

    def at_start(self, line: Line) -> list[Sight]:
        """Return the patterns that a line may meet by its beginning."""
        found: list[Sight] = []
        start = line.start
        for first in range(1, min(len(start), _START) + 1):
            head = start[:first]
            if not start.startswith(self._heads.get(head, ())):
                continue
            for size in self._sizes[head]:
                literal = start[:size]
                if len(literal) < size:
                    break
                found += self._by_start.get(literal, ())
                # A word of a list ends where the word of the line does.
                if literal in self._words and not (size < _COMPARED and _goes_on(start, size)):
                    found += self._words[literal]
        if self._by_digit and start[:1].isdigit():
            found += self._by_digit
        return [sight for sight in found if sight.may_meet(line)]


class Elsewhere:
    """Patterns that do not say how a line begins, ready to be looked for in many lines at once."""

    __slots__ = ("_ascii_needs", "_lists", "_needs", "_rest", "words")

    def __init__(self, sights: Iterable[Sight]) -> None:
        self.words = 0
        needs: dict[tuple[str, ...], list[Sight]] = {}
        self._lists: list[tuple[WordList, list[Sight]]] = []
        self._rest: list[Sight] = []
        for sight in sights:
            self.words = max(self.words, sight.words)
            if sight.lists and (not sight.needs or _is_everywhere(sight.needs[0])):
                for known, own in self._lists:
                    if known is sight.lists[0]:
                        own.append(sight)
                        break
                else:
                    self._lists.append((sight.lists[0], [sight]))
            elif sight.needs:
                needs.setdefault(sight.needs[0], []).append(sight)
            else:
                self._rest.append(sight)
        self._needs = list(needs.items())
        self._ascii_needs = [
            (ascii_only, own)
            for literals, own in self._needs
            if (ascii_only := tuple([literal for literal in literals if literal.isascii()]))
        ]

    def survey(self, lines: Sequence[Line], found: dict[int, list[Sight]]) -> None:
        """Add to ``found`` the patterns that each of the lines may meet, by its index."""
        text = "\n".join([line.sketch for line in lines])
        for literals, own in self._ascii_needs if text.isascii() else self._needs:
            # In the whole text first: most documents hold none of it.
            held = [literal for literal in literals if literal in text]
            if held:
                for index, line in enumerate(lines):
                    if any([literal in line.sketch for literal in held]):
                        _add(own, index, line, found)
        if self._lists:
            all_words = words_in(text)
            for known, own in self._lists:
                if known.meets(all_words, text):
                    for index, line in enumerate(lines):
                        if known.meets(words_in(line.sketch), line.sketch):
                            _add(own, index, line, found)
        for index, line in enumerate(lines) if self._rest else ():
            _add(self._rest, index, line, found)


def _add(sights: Iterable[Sight], index: int, line: Line, found: dict[int, list[Sight]]) -> None:
    """Add those of some patterns that a line may meet, of which it shows one sign."""
    for sight in sights:
        if sight.may_meet(line):
            if sight.lists:
                words = words_in(line.sketch)
                if not all([known.meets(words, line.sketch) for known in sight.lists]):
                    continue
            found.setdefault(index, []).append(sight)


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


def _rareness(literals: Sequence[str]) -> tuple[bool, bool, int]:
    """Return what puts first the group of literals to look for first."""
    is_short = any([len(literal) < _SHORT and literal.isascii() and literal.isalnum() for literal in literals])
    return _is_everywhere(literals), is_short, len(literals)


def _is_everywhere(literals: Sequence[str]) -> bool:
    """Tell whether most lines hold one of some literals."""
    return any(
        [
            literal in _COMMON or (len(literal) < _SHORTEST and literal.isascii() and literal.isalnum())
            for literal in literals
        ]
    )


def _sketched(literals: Iterable[str]) -> tuple[str, ...]:
    return tuple([sketch(literal) for literal in literals])


def _start(literal: str) -> str:
    """Return how a literal that begins a pattern begins a sketch, as far as that is compared."""
    return sketch(literal).lstrip(EDGES)[:_COMPARED]
