"""The literals that a line must hold for a pattern to match it, read off the pattern.

A pattern is read into *clauses*, sets of literals: each match holds at least one literal of every clause, as in RE2's
FilteredRE2. There are two sorts of literal. Words are compared with the *scan form* of a line: folded, with a space for everything
that is not a letter, and a line break at both ends. So the edge of a word is a space, the edge of a line is a line break, and
both are part of a literal: "\\n by ", " says \\n". Marks and figures ("©", "0:00") are compared with the folded line, in which
every digit is a 0.

What is not understood counts as able to match anything, so mistakes only make a pattern be tried in vain. Reading uses the parser of
Python's ``re``, which has no public name; tests check it on every supported Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

from cleaner.matching.patterns import UNBOUNDED, Clause, Required
from cleaner.matching.vocabulary import Vocabulary, parts_words
from cleaner.text.folding import fold

# More endings than these are not told apart (the second number is for those that begin the line, the third for one long list), nor
# more characters of each.
_MOST_ENDINGS = 20
_MOST_BEGINNINGS = 400
_MOST_WORDS = 2000
_LONGEST_ENDING = 40
# A literal is cut to this many characters, which make it rare enough.
_LONGEST_LITERAL = 14
# A set of more marks than this counts as any mark; a mark or digit that may repeat more often than this may repeat at will.
_MOST_MARKS = 6
_MOST_TIMES = 3

# Parts of a pattern that are looked at; what is inside repetitions is looked at again for each of them.
_MOST_PARTS = 20_000

# Signs inside endings: the edge of a word, one character that is not a letter, any number of these, the end of a line.
_EDGE, _MARK, _MARKS, _BREAK = "\x00", "\x02", "\x01", "\n"
_NOTHING = frozenset([""])
_DIGIT = "0"
# The scan form of a line without a letter.
_NO_LETTER = "\n  \n"

# Classes of the regex package that ``re`` lacks; they are read as ``\w``.
_PROPERTY = re.compile(r"\\p\{[^{}]*\}")
# Syntax that the package reads differently from ``re``: POSIX classes, and fuzzy matching.
_READ_OTHERWISE = re.compile(r"\[:\^?\w++:\]|(?<!\\)\{[^{}a-z<]*+[a-z<][^{}]*+\}")
_SEVERAL_MARKS = re.compile(rf"(?:[\d_]|[^\w{_EDGE}{_BREAK}]){{2,}}")
_ONLY_MARKS = re.compile(rf"{_BREAK}(?:[\d_]|[^\w{_EDGE}{_BREAK}])*")
# A figure this long says more than a single letter.
_LONG_FIGURE = 3
# Separators of figures: letters, and signs for more than one character.
_NO_FIGURE = re.compile(rf"(?:[{_EDGE}{_MARK}{_MARKS}{_BREAK}]|[^\W\d_])+")
# Letters beyond this one are syllables or words, or seldom met.
_ALPHABETS = "\u08ff"
# Marks that many lines hold.
_COMMON = frozenset(".,:;?!()'\"-0 ")


class _State(NamedTuple):
    """The state of reading: facts about all texts that a pattern matches up to some point.

    They end with one of ``endings``, and hold a literal of each of ``clauses``. If ``exact``, the endings are exactly these texts.
    """

    endings: frozenset[str] = _NOTHING
    clauses: tuple[Clause, ...] = ()
    exact: bool = True
    longest: int = 0
    spaces: int = 0


class LiteralReader:
    """Reads patterns; each piece of the vocabulary that they share is read once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._pieces: dict[tuple[str, str], _State] = {}

    def required(self, source: str, language: str) -> Required:
        """Return the requirements that a line must meet for a pattern of a language to match all of it.

        Raises KeyError with the name of a piece that does not exist.
        """
        state = self._read(source, language, _State(frozenset([_BREAK])))
        state = _flushed(_behind(state, frozenset([_BREAK])))
        clauses = tuple(dict.fromkeys([_without_longer(map(_cut, clause)) for clause in state.clauses]))
        return Required(clauses, state.longest, state.spaces + 1)

    def _read(self, source: str, language: str, state: _State) -> _State:
        marked, called = self._vocabulary.marked(source)
        pieces = {char: self._piece(name, language) for char, name in called.items()}
        marked = _PROPERTY.sub(r"\\w", marked)
        if _READ_OTHERWISE.search(marked):
            return _behind_unknown(state, UNBOUNDED, UNBOUNDED)
        try:
            tree = _parser.parse(marked)
        except Exception:  # The parser has no public contract; what it cannot read may match anything.
            return _behind_unknown(state, UNBOUNDED, UNBOUNDED)
        try:
            return _Walk(pieces).sequence(tree, state)
        except _TooManyPartsError:
            return _behind_unknown(state, UNBOUNDED, UNBOUNDED)

    def _piece(self, name: str, language: str) -> _State:
        found = self._pieces.get((name, language))
        if found is None:
            piece = self._vocabulary.pieces[name]
            if isinstance(piece, str):
                found = self._read(piece, language, _State())
            else:
                words = self._vocabulary.words(name, language)
                endings = frozenset(map(_with_edges, words))
                longest = max(map(len, words), default=0)
                found = _State(endings, longest=longest, spaces=max([word.count(" ") for word in words], default=0))
            self._pieces[name, language] = found
        return found


def _with_edges(word: str) -> str:
    """Return a word of a list with the edges that the expanded pattern demands."""
    return f"{_EDGE * parts_words(word[0])}{_folded(word)}{_EDGE * parts_words(word[-1])}"


def _cut(literal: str) -> str:
    """Return a literal cut to the longest length: its beginning, or its end if that is the end of a line."""
    if literal.endswith(_BREAK) and not literal.startswith(_BREAK):
        return literal[-_LONGEST_LITERAL:]
    return literal[:_LONGEST_LITERAL]


def _without_longer(literals: Iterable[str]) -> Clause:
    """Return a clause without the literals that contain another literal of it."""
    clause = frozenset(literals)
    if len(clause) > _MOST_ENDINGS:
        # In long lists, literals are only compared without their edges.
        return frozenset(
            [
                text
                for text in clause
                if clause.isdisjoint({text.strip(), text.strip(" "), text[1:], text[:-1]} - {text})
            ]
        )
    return frozenset([text for text in clause if not any([other in text for other in clause if other != text])])


class _TooManyPartsError(Exception):
    """A pattern would take too long to walk."""


class _Walk:
    """Walks the parse tree of a pattern, in which characters stand for ``pieces``."""

    def __init__(self, pieces: dict[str, _State]) -> None:
        self._pieces = pieces
        self._parts = 0

    def sequence(self, nodes: Iterable[Any], state: _State) -> _State:
        run = ""
        for node in nodes:
            # Literals side by side are one text.
            if node[0] is sre.LITERAL and chr(node[1]) not in self._pieces:
                run += chr(node[1])
                continue
            state = self._node(node, _behind_text(state, run))
            run = ""
        return _behind_text(state, run)

    def _node(self, node: Any, state: _State) -> _State:
        self._parts += 1
        if self._parts > _MOST_PARTS:
            raise _TooManyPartsError
        kind, value = node
        if kind is sre.LITERAL:
            return _behind_piece(state, self._pieces[chr(value)])
        if kind is sre.IN:
            return self._class(value, state)
        if kind is sre.SUBPATTERN:
            return self.sequence(value[3], state)
        if kind is sre.ATOMIC_GROUP:
            return self.sequence(value, state)
        if kind is sre.BRANCH:
            return self._branches(value[1], state)
        if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            return self._repeat(value[0], min(int(value[1]), UNBOUNDED), value[2], state)
        if kind is sre.ASSERT:
            # The text that it looks at is in the line: after what was read, or somewhere.
            ahead = value[0] > 0
            seen = _flushed(self.sequence(value[1], _State(state.endings, exact=state.exact) if ahead else _State()))
            return state._replace(clauses=state.clauses + seen.clauses)
        if kind is sre.AT:
            return _behind(state, frozenset([_EDGE])) if value is sre.AT_BOUNDARY else state
        if kind is sre.ASSERT_NOT:
            return state
        if kind in (sre.ANY, sre.NOT_LITERAL):
            return _behind_unknown(state, 1, 1)
        return _behind_unknown(state, UNBOUNDED, UNBOUNDED)

    def _class(self, members: Sequence[Any], state: _State) -> _State:
        """Read a set of characters, or alternatives of one character or piece each, which the parser turns into a set."""
        if any([kind is sre.LITERAL and chr(value) in self._pieces for kind, value in members]):
            ways = [[member] if member[0] is sre.LITERAL else [(sre.IN, [member])] for member in members]
            return self._branches(ways, state)
        texts: set[str] = set()
        for kind, value in members:
            if kind is sre.LITERAL:
                texts.add(_folded(chr(value)))
            elif kind is sre.CATEGORY and value in (sre.CATEGORY_SPACE, sre.CATEGORY_NOT_WORD):
                texts.update((_MARK, " "))
            elif (kind is sre.CATEGORY and value is sre.CATEGORY_DIGIT) or (
                kind is sre.RANGE and chr(value[0]).isdigit() and chr(value[1]).isdigit()
            ):
                texts.add(_DIGIT)
            else:
                # A range of letters, or all but some characters.
                return _behind_unknown(state, 1, 1)
        spaces = int(" " in texts)
        if len(texts) > _MOST_MARKS and not any(map(str.isalpha, texts)):
            texts = {_MARK}
        return _behind(state, frozenset(texts), 1, spaces)

    def _branches(self, branches: Iterable[Iterable[Any]], state: _State) -> _State:
        start = _State(state.endings, exact=state.exact)
        ways = [self.sequence(branch, start) for branch in branches]
        clauses = state.clauses
        if any([way.clauses for way in ways]):
            # A branch that goes on with known endings holds one of them.
            held = [_flushed(way).clauses for way in ways]
            shared = set(held[0]).intersection(*held[1:])
            clauses += tuple(clause for clause in dict.fromkeys(held[0]) if clause in shared)
            rest = [[clause for clause in own if clause not in shared] for own in held]
            if all(rest):
                clauses += (frozenset().union(*(max(own, key=_worth) for own in rest)),)
        joined = _State(
            frozenset().union(*(way.endings for way in ways)),
            clauses,
            all([way.exact for way in ways]),
            _sum(state.longest, max([way.longest for way in ways])),
            _sum(state.spaces, max([way.spaces for way in ways])),
        )
        if len(joined.endings) > _MOST_ENDINGS and state.endings != _NOTHING and not _is_anchored(state):
            # Give up what was read before rather than what the branches hold.
            return self._branches(branches, _flushed(state))
        if len(joined.endings) > _MOST_ENDINGS:
            # The marks become a clause, so that they are not lost.
            joined = _shorter(joined)._replace(clauses=_flushed(joined).clauses)
        return _flushed(joined) if len(joined.endings) > _MOST_ENDINGS else joined

    def _repeat(self, least: int, most: int, body: Sequence[Any], state: _State) -> _State:
        if most == 1:
            return self.sequence(body, state) if least else self._branches((body, ()), state)
        one = self.sequence(body, _State())
        if one.exact and all(map(_has_no_letter, one.endings)):
            if most <= _MOST_TIMES and len(one.endings) == 1:
                times = frozenset([mark * count for mark in one.endings for count in range(least, most + 1)])
            elif least:
                # If there are several marks, it may be a different one each time.
                sure = min(least, _MOST_TIMES) if len(one.endings) == 1 else 1
                times = frozenset([mark * sure + _MARKS for mark in one.endings])
            else:
                times = frozenset([_MARKS])
            after = _behind(state, times)
        elif least == 0:
            after = _behind_unknown(state, 0, 0)
        else:
            # The first repetition follows what was read so far.
            after = _behind_unknown(self.sequence(body, state), 0, 0)
        return after._replace(
            longest=_sum(state.longest, one.longest * most), spaces=_sum(state.spaces, one.spaces * most)
        )


def _has_no_letter(text: str) -> bool:
    """Tell whether a text is not empty and holds neither letters nor the edges of words."""
    return text != "" and not any([char.isalpha() or char == _EDGE for char in text])


def _sum(one: int, other: int) -> int:
    return min(one + other, UNBOUNDED)


def _behind_text(state: _State, text: str) -> _State:
    """Return the state behind one text."""
    return _behind(state, frozenset([_folded(text)]), len(text), text.count(" ")) if text else state


def _folded(text: str) -> str:
    return "".join([_DIGIT if char.isdecimal() else char for char in fold(text)])


def _behind(state: _State, texts: frozenset[str], longest: int = 0, spaces: int = 0) -> _State:
    """Return the state behind one of some texts of at most such a size."""
    state = state._replace(longest=_sum(state.longest, longest), spaces=_sum(state.spaces, spaces))
    if len(state.endings) * len(texts) > _most(state):
        state = _shorter(state)
    if len(state.endings) * len(texts) > _most(state):
        state = _flushed(state)
    endings = frozenset([(ending + text)[-_LONGEST_ENDING:] for ending in state.endings for text in texts])
    return state._replace(endings=endings)


def _behind_piece(state: _State, piece: _State) -> _State:
    """Return the state behind a piece that was read by itself."""
    if piece.exact and piece.endings:
        state = _behind(state, piece.endings, piece.longest, piece.spaces)
    else:
        state = _behind_unknown(state, piece.longest, piece.spaces)._replace(endings=piece.endings or _NOTHING)
    return state._replace(clauses=state.clauses + piece.clauses)


def _most(state: _State) -> int:
    """Return how many endings a state may have when a text is added."""
    if len(state.endings) == 1:
        return _MOST_WORDS
    return _MOST_BEGINNINGS if _is_anchored(state) else _MOST_ENDINGS


def _is_anchored(state: _State) -> bool:
    """Tell whether everything is known from the beginning of the line."""
    return all([ending.startswith(_BREAK) for ending in state.endings])


def _shorter(state: _State) -> _State:
    """Return a state with fewer endings: of several marks in a row, only their presence is kept, and not even that if the line
    begins with nothing but marks.
    """
    endings = frozenset(
        [
            f"{_BREAK}{_MARKS}" if _ONLY_MARKS.fullmatch(ending) else _SEVERAL_MARKS.sub(_MARK + _MARKS, ending)
            for ending in state.endings
        ]
    )
    return state._replace(endings=endings)


def _behind_unknown(state: _State, longest: int, spaces: int) -> _State:
    """Return the state behind any text of at most such a size."""
    state = _flushed(state)
    return state._replace(longest=_sum(state.longest, longest), spaces=_sum(state.spaces, spaces))


def _flushed(state: _State) -> _State:
    """Return a state with its endings made into clauses: of their most telling literals, and of their marks if all have some."""
    told = list(map(_told_by, state.endings))
    found = [frozenset([literal for literal, _ in told]), frozenset([figure for _, figure in told])]
    clauses = (*state.clauses, *dict.fromkeys([literals for literals in found if "" not in literals]))
    return state._replace(endings=_NOTHING, clauses=clauses, exact=False)


@lru_cache(maxsize=1 << 17)  # the words of long lists, again and again
def _told_by(ending: str) -> tuple[str, str]:
    """Return the most telling literal of an ending in scan form, or one of its marks; and its most telling mark or figure.

    Either is "" if there is none.
    """
    word = max(map(_scan_form, _parts(ending)), key=_precision)
    figure = max(map(str.strip, _NO_FIGURE.split(ending)), key=_rarity)
    letters = _letters(word)
    if letters > 1 or (letters and (_BREAK in word or len(figure) < _LONG_FIGURE)):
        return word, figure
    if len(ending) > 1 and ending[0] == ending[-1] == _BREAK and not letters:
        return _NO_LETTER, figure
    return figure or (word if letters else ""), figure


def _precision(word: str) -> int:
    """Return an estimate of how telling a word is: the end of a line is worth as much as two letters."""
    letters = _letters(word)
    return letters and letters + 2 * word.count(_BREAK)


def _rarity(figure: str) -> tuple[bool, int]:
    return not _COMMON.issuperset(figure), len(figure)


def _parts(ending: str) -> list[str]:
    """Return an ending cut where any number of marks may be. Marks at the ends of a line are ignored."""
    start = ending.startswith(_BREAK)
    end = ending.endswith(_BREAK) and len(ending) > 1
    first, last = int(start), len(ending) - end
    while start and first < last and not ending[first].isalpha():
        first += 1
    while end and first < last and not ending[last - 1].isalpha():
        last -= 1
    parts = ending[first:last].split(_MARKS)
    for place, (left, right) in enumerate(pairwise(parts)):
        # Beside a mark, any number of marks count as the edge of a word.
        if left and not left[-1].isalpha():
            parts[place + 1] = f" {right}"
        if right and not right[0].isalpha():
            parts[place] += " "
    if start:
        parts[0] = f"{_BREAK} {parts[0]}"
    if end:
        parts[-1] = f"{parts[-1]} {_BREAK}"
    return parts


class _ToScanForm(dict[int, int]):
    """The characters of texts in scan form, by code point, for ``str.translate``."""

    def __missing__(self, code: int) -> int:
        self[code] = code if chr(code).isalpha() or chr(code) == _BREAK else ord(" ")
        return self[code]


_TO_SCAN_FORM = _ToScanForm()


def _scan_form(part: str) -> str:
    start, end = part.startswith(_EDGE), part.endswith(_EDGE)
    text = f"{' ' * start}{part.replace(_EDGE, '').translate(_TO_SCAN_FORM)}{' ' * end}"
    inner = text.strip(" ")
    return f"{' ' * text.startswith(' ')}{inner}{' ' * text.endswith(' ')}" if inner else ""


def _letters(literal: str) -> int:
    """Return how many letters a literal has; one of a script without an alphabet tells as much as two."""
    count = sum(map(str.isalpha, literal))
    return count if literal.isascii() else count + sum([char > _ALPHABETS and char.isalpha() for char in literal])


def _worth(clause: Clause) -> tuple[int, int]:
    """Return an estimate of how telling a clause is: by its shortest literal (common marks count half), then by how few there are."""
    return min([(len(literal) + _letters(literal)) // (1 + _COMMON.issuperset(literal)) for literal in clause]), -len(
        clause
    )
