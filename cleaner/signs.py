"""What every line that a pattern matches must hold: read off the pattern, so that most lines are never tried."""

from __future__ import annotations

import re
import sys
from typing import NamedTuple

from cleaner.lines import fold, from_first_letter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    Piece = str | Mapping[str, list[str]]


class Signs(NamedTuple):
    """What a line must hold for a pattern to match. All texts are folded.

    ``clauses``: of each one literal, or a line that can meet one of the named pieces; a clause is ``(literals, pieces)``.
    ``digit``: whether it must hold a digit. ``starts``: how its first letter or digit goes on: ``(literals, word lists,
    whether it may be a digit)``, or None for anything. ``longest`` and ``spaces`` are how many code points and how many spaces a match can have.
    """

    clauses: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    digit: bool
    starts: tuple[tuple[str, ...], tuple[str, ...], bool] | None
    longest: int = sys.maxsize
    spaces: int = sys.maxsize


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
_LONGEST_OPENING = 16


class _Part(NamedTuple):
    """What is known of a part of a pattern.

    ``starts`` are the ways in which its first letter or digit can go on (None: anything); ``passes`` says that it can match without any
    letter or digit, so that what follows it may begin the line. ``openings`` are the texts with which every match begins, to
    the letter, or None where there are too many or that cannot be said. ``longest`` is how many code points it can match,
    ``spaces`` how many spaces.
    """

    literal: str | None = None
    clauses: tuple[_Clause, ...] = ()
    digit: bool = False
    starts: frozenset[str] | None = frozenset()
    passes: bool = False
    openings: _Openings | None = None
    longest: int = 1
    spaces: int = 0


_ANYTHING = _Part(starts=None, passes=True, spaces=1)
_NO_SPACE = _ANYTHING._replace(spaces=0)
# What may be a space and is no letter.
_BLANK = _Part(passes=True, spaces=1)
# How the names of those classes of characters begin of which none is a space.
_SPACELESS = ("L", "M", "N")
_NOTHING = _Part(passes=True, openings=frozenset([("", True)]), longest=0)
_OPENING = re.compile(r"\?(?:P?<\w+>|[a-zA-Z]*(?:-[a-zA-Z]+)?:|>|P=\w+|[a-zA-Z]+(?=\))|<?[=!]|\|)")
_CALL = re.compile(r"\?&(\w+)\)")
_QUANTIFIER = re.compile(r"([*+?]|\{\d*(?:,\d*)?\})[?+]?")


class _Reader:
    """Reads a pattern just far enough to know what every match of it must hold.

    Anything it does not know counts as able to match anything, so the answer errs towards trying the pattern.
    """

    def __init__(self, source: str, pieces: Mapping[str, Piece]) -> None:
        self.source = source
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
        )

    def sequence(self) -> _Part:
        parts: list[_Part] = []
        openings: _Openings = frozenset([("", True)])
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
            parts.append(_Part(starts=part.starts, passes=True) if optional else part)
        parts.append(_of_literal(run))
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
        if char in "bBAZ":
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
        )

    def group(self) -> _Part:
        call = _CALL.match(self.source, self.at)
        if call:
            self.at = call.end()
            return self.piece(call[1])
        opening = _OPENING.match(self.source, self.at)
        mark = opening[0] if opening else ""
        self.at += len(mark)
        inner = self.alternatives()
        self.at += 1  # the closing bracket
        if mark in ("?!", "?<!"):
            return _NOTHING
        if mark in ("?=", "?<="):
            return _Part(None, inner.clauses, inner.digit, frozenset(), True, _NOTHING.openings, 0, 0)
        return inner

    def piece(self, name: str) -> _Part:
        piece = self.pieces[name]
        itself = (frozenset([_PIECE + name]),)
        if isinstance(piece, str):
            inner = _Reader(piece, self.pieces).alternatives()
            return _Part(
                None, itself, inner.digit, inner.starts, inner.passes, inner.openings, inner.longest, inner.spaces
            )
        words = frozenset([word for group in piece.values() for word in group])
        openings = frozenset([(word, True) for word in words]) if len(words) <= _MOST_OPENINGS else None
        longest = max(map(len, words), default=0)
        spaces = max([word.count(" ") for word in words], default=0)
        return _Part(None, itself, False, frozenset([_PIECE + name]), False, openings, longest, spaces)

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
    found = {(text, whole) for text, whole in openings if not whole}
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
        None, (frozenset([held]),) if held else (), False, frozenset([start]) if start else frozenset(), not start
    )


def as_signs(read: Any) -> Signs:
    """Return signs that were written as plain tuples and read again."""
    return Signs(*read)


def signs(source: str, pieces: Mapping[str, Piece]) -> Signs:
    """Return what every line that ``source`` matches must hold, compared with the folded line."""
    try:
        read = _Reader(source, pieces).alternatives()
    except (IndexError, ValueError):
        return Signs((), False, None)
    clauses = sorted(set(read.clauses), key=lambda clause: (_worth(clause), sorted(clause)), reverse=True)
    starts = None
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
    )


def _pieces(needs: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(need.removeprefix(_PIECE) for need in needs if need.startswith(_PIECE)))
