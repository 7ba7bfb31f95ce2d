"""What every line that a pattern matches must hold: read off the pattern, so that most lines are never tried."""

from __future__ import annotations

import sys

from cleaner.expressions import expression
from cleaner.lines import fold, from_first_letter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from typing import Any, NamedTuple

    Piece = str | Mapping[str, list[str]]
else:
    from cleaner.records import NamedTuple


class Signs(NamedTuple):
    """What a line must hold for a pattern to match. All texts are folded.

    ``clauses``: of each one literal, or a line that can meet one of the named pieces; a clause is ``(literals, pieces)``.
    ``digit``: whether it must hold a digit. ``starts``: how its first letter or digit goes on: ``(literals, word lists,
    whether it may be a digit)``, or None for anything. ``longest`` and ``spaces`` are how many code points and how many
    spaces a match can have. ``words``: of each group a match holds a word of letters that stands by itself, or a word of one of the
    named lists; a group is ``(words, word lists)``. ``needs``: of each group of literals it holds one.
    """

    clauses: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    digit: bool
    starts: tuple[tuple[str, ...], tuple[str, ...], bool] | None
    longest: int = sys.maxsize
    spaces: int = sys.maxsize
    words: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()
    needs: tuple[tuple[str, ...], ...] = ()


_Clause = frozenset[str]
# Texts with which matches begin, each with whether it is all that the part matches.
_Openings = frozenset[tuple[str, bool]]
# Marks before the names of pieces, and for any digit, in the sets below.
_PIECE = "&"
_DIGIT = "\\d"
# The clauses that are kept of a pattern: more would cost more than they spare.
_MOST_CLAUSES = 3
# More openings of a pattern than this are not told apart, and of each so many characters are.
_MOST_OPENINGS = 150
_LONGEST_OPENING = 40


class _Part(NamedTuple):
    """What is known of a part of a pattern.

    ``starts`` are the ways in which its first letter or digit can go on (None: anything); ``passes`` says that it can match without any
    letter or digit, so that what follows it may begin the line. ``openings`` are the texts with which every match begins, to
    the letter, or None where there are too many or that cannot be said. ``longest`` is how many code points it can match,
    ``spaces`` how many spaces. ``words`` are groups of words by themselves, of each of which a match holds one,
    ``needs`` the same of literals. ``edges``: whether what it matches, if anything, never begins, and never ends, with a letter.
    """

    literal: str | None = None
    clauses: tuple[_Clause, ...] = ()
    digit: bool = False
    starts: frozenset[str] | None = frozenset()
    passes: bool = False
    openings: _Openings | None = None
    longest: int = 1
    spaces: int = 0
    words: tuple[_Clause, ...] = ()
    needs: tuple[_Clause, ...] = ()
    edges: tuple[bool, bool] = (False, False)


_NOTHING_AT_ALL: _Openings = frozenset([("", True)])
_ANYTHING = _Part(starts=None, passes=True, spaces=1)
_NOTHING = _Part(passes=True, openings=_NOTHING_AT_ALL, longest=0)
# The edge of a word.
_EDGE = _Part(passes=True, openings=_NOTHING.openings, longest=0)
_NO_SPACE = _ANYTHING._replace(spaces=0)
# What may be a space and is no letter.
_BLANK = _Part(passes=True, spaces=1, edges=(True, True))
# How the names of those classes of characters begin of which none is a space.
_SPACELESS = ("L", "M", "N")
_OPENING = expression(r"\?(?:P?<\w+>|[a-zA-Z]*(?:-[a-zA-Z]+)?:|>|P=\w+|[a-zA-Z]+(?=\))|<?[=!]|\|)")
_CALL = expression(r"\?&(\w+)\)")
# Stands for the edge of a word in a text.
_CUT = "\x00"
_WORD = expression(r"[^\W\d_]+")
# Short words are met often; so often for words of so many letters.
_COMMON = {1: 300, 2: 200, 3: 40, 4: 8, 5: 3}
# Marks that many lines hold.
_COMMON_MARKS = ".,:;?()'\"-–—"
_QUANTIFIER = expression(r"([*+?]|\{\d*(?:,\d*)?\})[?+]?")


class _Reader:
    """Reads a pattern just far enough to know what every match of it must hold.

    Anything it does not know counts as able to match anything, so the answer errs towards trying the pattern.
    """

    def __init__(self, source: str, pieces: Mapping[str, Piece], *, is_line: bool = False) -> None:
        self.source = source
        # Whether what is read next begins and ends where a line does.
        self.is_line = is_line
        self.pieces = pieces
        self.at = 0

    def alternatives(self) -> _Part:
        """Read up to the end of the group."""
        branches = [self.sequence()]
        while self.source[self.at : self.at + 1] == "|":
            self.at += 1
            branches.append(self.sequence())
        if len(branches) == 1:
            return branches[0]
        clauses: tuple[_Clause, ...] = ()
        if all(branch.clauses for branch in branches):
            clauses = (frozenset().union(*(max(branch.clauses, key=_worth) for branch in branches)),)
            spelt = [[clause for clause in branch.clauses if _is_spelt(clause)] for branch in branches]
            if all(spelt) and not _is_spelt(clauses[0]):
                # Literals are quicker to look for than pieces.
                clauses += (frozenset().union(*(max(own, key=_worth) for own in spelt)),)
        starts: frozenset[str] | None = frozenset()
        for branch in branches:
            starts = None if starts is None or branch.starts is None else starts | branch.starts
        openings: _Openings | None = frozenset()
        for branch in branches:
            openings = None if openings is None or branch.openings is None else openings | branch.openings
        if openings is not None and len(openings) > _MOST_OPENINGS:
            openings = None
        return _Part(
            None,
            clauses,
            all(branch.digit for branch in branches),
            starts,
            any(branch.passes for branch in branches),
            openings,
            max(branch.longest for branch in branches),
            max(branch.spaces for branch in branches),
            (frozenset().union(*(min(branch.words, key=_commonness) for branch in branches)),)
            if all(branch.words for branch in branches)
            else (),
            (frozenset().union(*(min(branch.needs, key=cost_of_literals) for branch in branches)),)
            if all(branch.needs for branch in branches)
            else (),
            (all(branch.edges[0] for branch in branches), all(branch.edges[1] for branch in branches)),
        )

    def sequence(self) -> _Part:
        is_line, self.is_line = self.is_line, False
        parts: list[_Part] = []
        openings: _Openings = _NOTHING_AT_ALL
        run = ""
        longest = spaces = 0
        while self.at < len(self.source) and self.source[self.at] not in "|)":
            part = self.atom()
            at = self.at
            optional = self.quantifier()
            times = _most(self.source[at : self.at])
            longest = min(longest + part.longest * times, sys.maxsize)
            spaces = min(spaces + part.spaces * times, sys.maxsize)
            openings = _followed(openings, part, optional, repeats=times > 1)
            if optional is None and part.literal is not None:
                run += part.literal
                continue
            parts.append(_of_literal(run))
            run = ""
            if part.literal is not None:
                part = _of_literal(part.literal)
            if optional:
                # With what it may match, and nothing, where that is known.
                texts = part.openings if part.openings is not None and times == 1 else None
                texts = None if texts is None else texts | _NOTHING_AT_ALL
                part = _Part(starts=part.starts, passes=True, openings=texts, edges=part.edges)
            elif times > 1:
                part = part._replace(openings=None)
            parts.append(part)
        parts.append(_of_literal(run))
        self.is_line = is_line
        starts: frozenset[str] | None = frozenset()
        passes = True
        for part in parts:
            starts = None if starts is None or part.starts is None else starts | part.starts
            if not part.passes:
                passes = False
                break
        return _Part(
            None,
            tuple(clause for part in parts for clause in part.clauses),
            any(part.digit for part in parts),
            starts,
            passes,
            openings,
            longest,
            spaces,
            _words(parts, is_line),
            tuple(sorted({group for part in parts for group in part.needs}, key=cost_of_literals)[:_MOST_CLAUSES]),
            (_is_edge(parts, 0, False), _is_edge(parts[::-1], 1, False)),
        )

    def atom(self) -> _Part:
        source = self.source
        char = source[self.at]
        self.at += 1
        if char == "\\":
            return self.escaped()
        if char == "[":
            return self.characters()
        if char == "(":
            return self.group()
        if char in "^$":
            return _NOTHING
        return _ANYTHING if char == "." else _of_char(char)

    def escaped(self) -> _Part:
        """Read what follows a backslash."""
        char = self.source[self.at]
        self.at += 1
        if char in "pP" and self.source[self.at : self.at + 1] == "{":
            name = self.source[self.at + 1 :]
            self.at = self.source.index("}", self.at) + 1
            # Letters, marks and numbers are no spaces; of anything else nothing is said.
            return _NO_SPACE if char == "p" and name[:1] in _SPACELESS else _ANYTHING
        if char == "d":
            return _Part(digit=True, starts=frozenset([_DIGIT]))
        if char == "b":
            return _EDGE
        if char in "BAZ":
            return _NOTHING
        if char in "sW":
            return _BLANK
        if char in "RX123456789g":
            return _ANYTHING._replace(longest=sys.maxsize, spaces=sys.maxsize)
        if char in "wS":
            return _NO_SPACE
        return _ANYTHING if char.isalnum() else _of_char(char)

    def characters(self) -> _Part:
        """Read a set of characters; without the sets of others that it may hold, it is what its members are together."""
        source = self.source
        negated = source[self.at] == "^"
        self.at += negated
        members: list[_Part] = []
        texts: list[str | None] = []
        spaces = 0
        blank = False
        first = True
        while first or source[self.at] != "]":
            first = False
            char = source[self.at]
            self.at += 1
            member = self.escaped() if char == "\\" else _of_char(char)
            if source[self.at] == "-" and source[self.at + 1] != "]":
                last = source[self.at + 1]
                self.at += 3 if last == "\\" else 2
                member = (
                    _Part(digit=True, starts=frozenset([_DIGIT]))
                    if char.isdigit() and last.isdigit()
                    else _NO_SPACE
                    if char > " "
                    else _ANYTHING
                )
            spaces = max(spaces, member.spaces)
            blank = blank or member.literal == " " or member == _BLANK
            members.append(_of_literal(member.literal) if member.literal is not None else member)
            texts.append(member.literal)
        self.at += 1
        if negated:
            return _NO_SPACE if blank else _ANYTHING
        if any(member.starts is None for member in members):
            return _ANYTHING if spaces else _NO_SPACE
        starts: frozenset[str] = frozenset().union(*(member.starts or () for member in members))
        # Marks are rare enough to be looked for, single letters are not.
        marks = all(member.passes and member.clauses for member in members)
        return _Part(
            clauses=(frozenset().union(*(member.clauses[0] for member in members)),) if marks else (),
            digit=all(member.digit for member in members),
            starts=starts,
            passes=any(member.passes for member in members),
            openings=None if None in texts else frozenset([(text, True) for text in texts if text is not None]),
            spaces=spaces,
            needs=(frozenset().union(*(member.clauses[0] for member in members)),) if marks else (),
            edges=(marks, marks),
        )

    def group(self) -> _Part:
        call = _CALL.match(self.source, self.at)
        if call:
            self.at = call.end()
            return self.piece(call[1])
        opening = _OPENING.match(self.source, self.at)
        mark = opening[0] if opening else ""
        self.at += len(mark)
        is_line, self.is_line = self.is_line, False
        inner = self.alternatives()
        self.is_line = is_line
        self.at += 1  # the closing bracket
        if mark in ("?!", "?<!"):
            return _NOTHING
        if mark in ("?=", "?<="):
            return _Part(
                None, inner.clauses, inner.digit, frozenset(), True, _NOTHING.openings, 0, 0, inner.words, inner.needs
            )
        return inner

    def piece(self, name: str) -> _Part:
        piece = self.pieces[name]
        itself = (frozenset([_PIECE + name]),)
        if isinstance(piece, str):
            inner = _Reader(piece, self.pieces).alternatives()
            return inner._replace(clauses=itself)
        words = frozenset([word for group in piece.values() for word in group])
        openings = frozenset([(word, True) for word in words]) if len(words) <= _MOST_OPENINGS else None
        longest = max(map(len, words), default=0)
        spaces = max([word.count(" ") for word in words], default=0)
        return _Part(None, itself, False, frozenset([_PIECE + name]), False, openings, longest, spaces, itself)

    def quantifier(self) -> bool | None:
        """Read a quantifier: None without one, else whether what is before it may be absent."""
        match = _QUANTIFIER.match(self.source, self.at)
        if not match:
            return None
        self.at = match.end()
        return match[1][0] in "*?" or match[1].startswith(("{0", "{,"))


def _followed(openings: _Openings, part: _Part, optional: bool | None, *, repeats: bool) -> _Openings:
    """Return the openings of what is read so far with one more part behind it."""
    own = frozenset([(part.literal, True)]) if part.literal is not None else part.openings
    found: set[tuple[str, bool]] = {(text, whole) for text, whole in openings if not whole}
    for text, whole in openings:
        if not whole:
            continue
        if optional:
            found.add((text, True))
        if own is None:
            found.add((text, False))
            continue
        for more, all_of_it in own:
            longer = text + more
            found.add((longer, all_of_it and not repeats and len(longer) < _LONGEST_OPENING))
    if len(found) > _MOST_OPENINGS:
        return frozenset([(text, False) for text, _ in openings])
    return frozenset(found)


def _words(parts: Sequence[_Part], is_line: bool) -> tuple[_Clause, ...]:
    """Return groups of words, of each of which what the parts match together holds one that stands by itself."""
    found = [group for part in parts for group in part.words]
    # Parts side by side of which all texts are known, written out; what stands at either end of them may be a letter.
    known = [_whole_texts(part) for part in parts]
    first = 0
    while first < len(parts):
        texts = {""}
        last = first
        while last < len(parts) and (more := known[last]) is not None and len(texts) * len(more) <= _MOST_OPENINGS:
            texts = {text + end for text in texts for end in more}
            last += 1
        if last > first:
            left, right = (
                _is_edge(parts[first - 1 :: -1] if first else (), 1, is_line),
                _is_edge(parts[last:], 0, is_line),
            )
            words = {_longest_word(text, left, right) for text in texts}
            if "" not in words:
                found.append(frozenset(words))
        first = max(last, first + 1)
    return tuple(sorted(set(found), key=_commonness)[:_MOST_CLAUSES])


def _is_edge(parts: Sequence[_Part], side: int, otherwise: bool) -> bool:
    """Tell whether what parts match, as they follow each other, never begins with a letter.

    ``side`` is 0 where they are read forwards, 1 backwards; ``otherwise`` is the answer where they match nothing.
    """
    for part in parts:
        texts = _whole_texts(part)
        if texts is None:
            if not part.edges[side]:
                return False
            if not part.passes:
                return True
            continue
        if any([_WORD.match(text[-side]) for text in texts if text]):
            return False
        if "" not in texts:
            return True
    return otherwise


def _whole_texts(part: _Part) -> set[str] | None:
    """Return all texts that a part can match, None where they are not known; the edge of a word is ``_CUT``."""
    if part is _EDGE:
        return {_CUT}
    if part.openings is None or not all([whole for _, whole in part.openings]):
        return None
    return {text for text, _ in part.openings}


def _longest_word(text: str, left: bool, right: bool) -> str:
    """Return the longest word of letters in a text, folded; ``left`` and ``right`` tell whether one ends where the text does."""
    words = [
        word[0] for word in _WORD.finditer(text) if (left or word.start() > 0) and (right or word.end() < len(text))
    ]
    word = fold(max(words, key=len)) if words else ""
    return word if _WORD.fullmatch(word) else ""


def _commonness(group: _Clause) -> tuple[int, list[str]]:
    """Return what puts first the group of words that is met least often."""
    return sum([40 if need.startswith(_PIECE) else word_commonness(need) for need in group]), sorted(group)


def cost_of_literals(literals: Collection[str]) -> int:
    """Return what it costs to find patterns by some literals: to look for each in every text, and what else holds it."""
    bare = [literal.strip() for literal in literals]
    return sum([_cost_of_mark(literal) if len(literal) == 1 else 15 + word_commonness(literal) for literal in bare])


def _cost_of_mark(mark: str) -> int:
    return 1 if not mark.isalnum() and mark not in _COMMON_MARKS else 300


def word_commonness(word: str) -> int:
    """Return about how often texts hold a word of a list or of a pattern: the shorter, the oftener."""
    return _COMMON.get(len(word), 1) if word.isalnum() else 3


def _most(quantifier: str) -> int:
    """Return how often what stands before a quantifier can match."""
    if not quantifier or quantifier[0] == "?":
        return 1
    if quantifier[0] in "*+":
        return sys.maxsize
    last = quantifier[1 : quantifier.index("}")].rpartition(",")[2]
    return int(last) if last else sys.maxsize


def _is_spelt(clause: _Clause) -> bool:
    return not any(need.startswith(_PIECE) for need in clause)


def _worth(clause: _Clause) -> tuple[int, int]:
    """Return how rarely a line meets a clause: by its shortest literal, then by how many there are."""
    return min(4 if need.startswith(_PIECE) else len(need) for need in clause), -len(clause)


def _of_char(char: str) -> _Part:
    return _Part(char, spaces=int(char == " "))


def _of_literal(text: str) -> _Part:
    """Return what is known of a literal: it must be there, and its first letter or digit goes on as it does."""
    folded = fold(text)
    held = folded.strip().lstrip(_PIECE)
    start = from_first_letter(folded)
    return _Part(
        None,
        (frozenset([held]),) if held else (),
        False,
        frozenset([start]) if start else frozenset(),
        not start,
        frozenset([(text, True)]),
        # With the spaces around it, which tell a word from a part of one.
        needs=(frozenset([folded]),) if folded.strip() else (),
    )


def as_signs(read: Any) -> Signs:
    """Return signs that were written as plain tuples and read again."""
    return Signs(*read)


def signs(source: str, pieces: Mapping[str, Piece]) -> Signs:
    """Return what every line that ``source`` matches must hold, compared with the folded line."""
    try:
        read = _Reader(source, pieces, is_line=True).alternatives()
    except (IndexError, ValueError):
        return Signs((), False, None)
    clauses = sorted(set(read.clauses), key=lambda clause: (_worth(clause), sorted(clause)), reverse=True)
    starts: tuple[tuple[str, ...], tuple[str, ...], bool] | None = None
    if read.starts is not None and not read.passes:
        literals = {start for start in read.starts if not start.startswith((_PIECE, _DIGIT))}
        known = {from_first_letter(fold(text)) for text, _ in read.openings or [("", False)]}
        if literals and "" not in known:
            # Every match begins with one of these, which say more than the literals and lists that it begins with.
            starts = (tuple(sorted(known)), (), False)
        else:
            starts = (tuple(sorted(literals)), _pieces(read.starts), _DIGIT in read.starts)
    return Signs(
        tuple(
            (tuple(sorted(need for need in clause if not need.startswith(_PIECE))), _pieces(clause))
            for clause in clauses[:_MOST_CLAUSES]
        ),
        read.digit,
        starts,
        read.longest,
        read.spaces,
        tuple(
            (tuple(sorted(need for need in group if not need.startswith(_PIECE))), _pieces(group))
            for group in read.words
        ),
        tuple(tuple(sorted(group)) for group in read.needs),
    )


def _pieces(needs: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(need.removeprefix(_PIECE) for need in needs if need.startswith(_PIECE)))
