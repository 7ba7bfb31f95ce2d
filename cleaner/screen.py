"""Which patterns a line can meet at all: one look at a text finds the few lines that any pattern may match.

Every pattern has signs (see ``cleaner.signs``). A pattern that says how a line begins is found by the line's first letters; of any
other, one thing that the line must hold is looked for, in the whole text first where that is cheaper. A line without a sign of any
pattern is never undressed, split into words or matched.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence, Set

    from cleaner.folding import Reading
    from cleaner.signs import Signs
    from cleaner.vocabulary import Vocabulary

_TOKEN = re.compile(r"[^\W\d_]+")
# Of a literal that begins a pattern, so many characters are looked up.
_START = 3
# A literal shorter than this stands in too many lines to be looked for first.
_SHORT = 3
# How far pieces that call pieces are looked into.
_DEEPEST = 3
_ANY_WORDS = 1 << 30


class WordList(NamedTuple):
    """Words by the word of letters that each begins with, and literals that may stand anywhere in a line."""

    by_first: dict[str, list[str]]
    literals: tuple[str, ...]
    everything: tuple[str, ...]
    firsts: frozenset[str]

    def meets(self, words: set[str], line: str) -> bool:
        """Tell whether a folded line, of which ``words`` are the words, holds one of the list."""
        if not self.firsts.isdisjoint(words):
            for first in self.firsts & words:
                for word in self.by_first[first]:
                    if word in line:
                        return True
        if not self.literals:
            return False
        is_ascii = line.isascii()
        return any([(literal.isascii() or not is_ascii) and literal in line for literal in self.literals])


class Sight(NamedTuple):
    """A pattern as a screen knows it. ``owner`` is who asked for it, ``payload`` what the owner gets back.

    ``order`` says in which order an owner is given the patterns that it asked for. ``needs`` are groups of literals, of each of
    which a line must hold one; ``words`` is how many words it may have. ``lists`` are lists of words that say the same;
    they are kept only where nothing says how a line begins.
    """

    order: tuple[int, int]
    owner: object
    payload: Any
    needs: tuple[tuple[str, ...], ...]
    words: int
    lists: tuple[WordList, ...] = ()


class Screen:
    """The patterns of all rules that look at single lines, by what a line must show to meet them.

    ``elsewhere`` are those that do not say how a line begins.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._count = 0
        self._by_start: dict[str, list[Sight]] = {}
        self._by_list: dict[str, list[Sight]] = {}
        self._known: dict[str, list[Sight]] = {}
        self._spelt_before: dict[object, WordList | None] = {}
        self._sizes: dict[str, tuple[int, ...]] = {}
        self._by_digit: list[Sight] = []
        self._heads: dict[str, tuple[str, ...]] = {}
        self._short: frozenset[str] = frozenset()
        self.elsewhere: list[Sight] = []

    def add(self, signs: Signs, owner: object, payload: object, words: int = _ANY_WORDS) -> None:
        """Have lines looked at for a pattern."""
        self._count += 1
        needs = tuple(literals for literals, pieces in signs.clauses if not pieces)
        if signs.starts is None:
            spelt = [self._spelt(literals, pieces) for literals, pieces in signs.clauses if pieces]
            needs += tuple(known.literals for known in spelt if known is not None and not known.by_first)
            word_lists = tuple(known for known in spelt if known is not None and known.by_first)
            self.elsewhere.append(
                Sight((0, self._count), owner, payload, tuple(sorted(needs, key=_rareness)), words, word_lists)
            )
            return
        self._heads = {}
        beginnings, lists, digit = signs.starts
        for literal in beginnings:
            sight = Sight((min(len(literal), _START), self._count), owner, payload, needs, words)
            self._by_start.setdefault(literal, []).append(sight)
        if digit:
            self._by_digit.append(Sight((_START + 1, self._count), owner, payload, needs, words))
        for name in lists:
            self._by_list.setdefault(name, []).append(Sight((_START + 2, self._count), owner, payload, needs, words))

    def _spelt(self, literals: tuple[str, ...], pieces: tuple[str, ...], depth: int = 0) -> WordList | None:
        """Return a clause word for word, or None where a piece of it is a pattern that says nothing."""
        asked = (literals, pieces)
        if asked not in self._spelt_before:
            self._spelt_before[asked] = self._spell(literals, pieces, depth)
        return self._spelt_before[asked]

    def _spell(self, literals: tuple[str, ...], pieces: tuple[str, ...], depth: int) -> WordList | None:
        anywhere = set(literals)
        by_first: dict[str, list[str]] = {}
        for name in pieces:
            known = self._vocabulary.signs.get(name)
            if known is None:
                words, loose = self._vocabulary.by_first_word(name)
            else:
                inner = [self._spelt(*clause, depth + 1) for clause in known.clauses] if depth < _DEEPEST else []
                spelt = next((found for found in inner if found is not None), None)
                if spelt is None:
                    return None
                words, loose = spelt.by_first, list(spelt.literals)
            anywhere.update(loose)
            for first, group in words.items():
                by_first.setdefault(first, []).extend(group)
        everything = {*anywhere, *(word for group in by_first.values() for word in group)}
        return WordList(by_first, tuple(sorted(anywhere)), tuple(sorted(everything)), frozenset(by_first))

    def _make_heads(self) -> None:
        """Put together, for the first letters of a line, all that may follow."""
        heads: dict[str, set[str]] = {}
        known = {literal: list(sights) for literal, sights in self._by_start.items()}
        for name, sights in self._by_list.items():
            for word in self._vocabulary.words_of(name):
                # Words of one list share what there is to say of them.
                known[word] = [*known[word], *sights] if word in known else sights
        self._known = known
        for literal in known:
            heads.setdefault(literal[:_START], set()).add(literal)
        self._sizes = {
            start: tuple(sorted({len(literal) for literal in literals})) for start, literals in heads.items()
        }
        short = frozenset(start for start in heads if len(start) < _START)
        self._short = short | frozenset("0123456789") if self._by_digit else short
        # Last, as this is what tells another thread that all is there.
        self._heads = {start: tuple(literals) for start, literals in heads.items()}

    def at_start(self, start: str, folded: str) -> list[Sight]:
        """Return the patterns that a line may meet by its beginning."""
        found: list[Sight] = []
        for first in range(1, min(len(start), _START) + 1):
            if not start.startswith(self._heads.get(start[:first], ())):
                continue
            for size in self._sizes.get(start[:first], ()):
                literal = start[:size]
                if len(literal) < size:
                    break
                for sight in self._known.get(literal, ()):
                    if has(folded, sight.needs):
                        found.append(sight)
        if self._by_digit and start[:1].isdigit():
            found += [sight for sight in self._by_digit if has(folded, sight.needs)]
        return found

    def may_start(self, starts: Sequence[str], digits: Set[str]) -> list[int]:
        """Return the indexes of those beginnings of lines that a pattern may know."""
        if not self._heads:
            self._make_heads()
        heads = self._heads
        short = self._short | digits if digits and self._by_digit else self._short
        return [
            index
            for index, start in enumerate(starts)
            if ((known := heads.get(start[:3])) and start.startswith(known)) or start[:1] in short or start[:2] in short
        ]

    def survey(self, reading: Reading, lines: Sequence[str], table: dict[str, list[Sight]]) -> None:
        """Add to ``table`` the lines that may meet a pattern, each with these patterns in order."""
        starts = [reading.starts[line] for line in lines]
        folded = [reading.folded[line] for line in lines]
        found: dict[int, list[Sight]] = {}
        for index in self.may_start(starts, reading.digits):
            if sights := self.at_start(starts[index], folded[index]):
                found[index] = sights
        if self.elsewhere:
            self._survey_elsewhere(folded, found)
        for index, sights in found.items():
            table[lines[index]] = in_order(sights)

    def _survey_elsewhere(self, folded: Sequence[str], found: dict[int, list[Sight]]) -> None:
        text = "\n".join(folded)
        is_ascii = text.isascii()
        present: dict[tuple[str, ...], list[str]] = {}
        places: Iterable[int]
        tokens: dict[int, set[str]] = {}
        for sight in self.elsewhere:
            # In the whole text first: most documents hold none of it.
            first = sight.needs[0] if sight.needs else sight.lists[0].everything if sight.lists else None
            if first is not None:
                held = present.get(first)
                if held is None:
                    held = present[first] = [
                        literal for literal in first if (literal.isascii() or not is_ascii) and literal in text
                    ]
                if not held:
                    continue
                places = [index for index, line in enumerate(folded) if any([literal in line for literal in held])]
            else:
                places = range(len(folded))
            for index in places:
                line = folded[index]
                if line.count(" ") < sight.words and has(line, sight.needs):
                    if sight.lists:
                        if index not in tokens:
                            tokens[index] = words_in(line)
                        if not all([known.meets(tokens[index], line) for known in sight.lists]):
                            continue
                    found.setdefault(index, []).append(sight)


class Elsewhere:
    """Patterns that do not say how a line begins, ready to be looked for in one line."""

    __slots__ = ("_by_list", "_by_literal", "_rest", "_words")

    def __init__(self, sights: Iterable[Sight]) -> None:
        self._words = 0
        self._by_list: list[tuple[WordList, list[Sight]]] = []
        self._by_literal: dict[str, list[Sight]] = {}
        self._rest: list[Sight] = []
        for sight in sights:
            self._words = max(self._words, sight.words)
            if sight.lists:
                for known, own in self._by_list:
                    if known is sight.lists[0]:
                        own.append(sight)
                        break
                else:
                    self._by_list.append((sight.lists[0], [sight]))
            elif sight.needs:
                for literal in sight.needs[0]:
                    self._by_literal.setdefault(literal, []).append(sight)
            else:
                self._rest.append(sight)

    def of(self, line: str) -> list[Sight]:
        """Return the patterns that a folded line may meet; one may stand in the answer twice."""
        count = line.count(" ")
        if count >= self._words:
            return []
        found = list(self._rest)
        for literal in [literal for literal in self._by_literal if literal in line]:
            found += self._by_literal[literal]
        words: set[str] = words_in(line) if self._by_list else set()
        for known, own in self._by_list:
            if known.meets(words, line):
                found += own
        return [
            sight
            for sight in found
            if count < sight.words
            and has(line, sight.needs)
            and all([known.meets(words, line) for known in sight.lists[1:]])
        ]


def words_in(line: str) -> set[str]:
    """Return the words of letters that a line holds."""
    return set(_TOKEN.findall(line))


def has(line: str, needs: Sequence[Sequence[str]]) -> bool:
    """Tell whether a folded line holds one literal of each group."""
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


def _rareness(literals: Sequence[str]) -> tuple[bool, int]:
    """Return what puts first the group of literals to look for first."""
    return any([len(literal) < _SHORT and literal.isalnum() for literal in literals]), len(literals)
