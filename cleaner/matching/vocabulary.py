"""The pieces that patterns share: regular expressions, and lists of words for each language."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any

from cleaner.matching.limits import DEEPEST, MOST, PatternLimitError
from cleaner.text.folding import fold, from_first_letter

Piece = str | Mapping[str, list[str]]

_CALL = re.compile(r"\(\?&(\w+)\)")
# The names of groups, and what refers to a group by its number.
_GROUP = re.compile(r"(?<!\\)\(\?P?<(\w+)>")
_NUMBERED = re.compile(r"\\[1-9]|\\g<\d|(?<!\\)\(\?\(\d")
_COMMENT = re.compile(r"(?:^\s*|  )#(?: .*)?$")
_EXACT = "(?-i:"
# The brackets of a pattern, apart from those that are escaped or in a class.
_BRACKET = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?-i:|[()]", re.DOTALL)
# A piece of more code points than this is worth a group if it is called again.
_LONG = 200
# What a call counts for, in code points, beside the length of its piece.
_CALLED = 200
# In a plane that no text in any language uses.
_FIRST_MARK = 0xF0000
# Scripts that write words without spaces between them, or whose vowel signs are not letters to regular expressions.
_UNSPACED = (
    ("\u0900", "\u109f"),
    ("\u1100", "\u11ff"),
    ("\u1780", "\u17ff"),
    ("\u3040", "\u30ff"),
    ("\u3400", "\u9fff"),
    ("\uac00", "\ud7af"),
)
# A word of a list begins and ends where a word of the line begins and ends.
_NO_LETTER_BEFORE, _NO_LETTER_BEHIND = r"(?<![^\W\d_])", r"(?![^\W\d_])"


def on_one_line(pattern: str) -> str:
    """Return a pattern that is laid out over several lines as one line.

    The spaces at both ends of each line go, and so does a comment: two spaces, a "#" and what follows. A space at the end of a line
    that belongs to the pattern is written ``[ ]``.
    """
    if "\n" not in pattern:
        return pattern
    return "".join([_COMMENT.sub("", line).strip() for line in pattern.split("\n")])


class Vocabulary:
    """Pieces by name. A pattern calls one with ``(?&name)``."""

    def __init__(self, pieces: Mapping[str, Piece]) -> None:
        self.pieces = dict(pieces)
        self._alternatives: dict[tuple[str, str], str] = {}

    def joined(self, pieces: Mapping[str, Piece]) -> Vocabulary:
        """Return this vocabulary with other pieces added."""
        return Vocabulary({**self.pieces, **pieces}) if pieces else self

    def words(self, name: str, language: str = "und") -> set[str]:
        """Return the words of a list for patterns of a language: those of the language and of ``und``; for ``und``, all words."""
        lists = self.pieces[name]
        assert not isinstance(lists, str)
        return {
            word for spoken, words in lists.items() if language in ("und", spoken) or spoken == "und" for word in words
        }

    def folded_words(self, name: str) -> set[str]:
        """Return the words of a list in all languages, folded, each from its first letter or digit."""
        return {from_first_letter(fold(word)) for word in self.words(name)}

    def expand(self, source: str, language: str) -> str:
        """Return a pattern of a language with every piece that it calls in place.

        A long piece that is called more than once is written once, as a group, and called after that, so the pattern compiles in
        half the time. Raises KeyError with the name of a piece that does not exist, ValueError if pieces call each other in a circle or
        too often, and if a group is named, or counted, in a way that a piece could change.
        """
        expansion = _Expansion(self, language)
        expansion.count(source, [])
        return expansion.text(source)

    def plain(self, name: str, language: str) -> str:
        """Return a piece as a pattern that may call other pieces."""
        piece = self.pieces[name]
        if isinstance(piece, str):
            return piece
        if (name, language) not in self._alternatives:
            self._alternatives[name, language] = _alternatives(self.words(name, language))
        return self._alternatives[name, language]

    def __getstate__(self) -> dict[str, Any]:
        return {"pieces": self.pieces, "_alternatives": {}}

    def marked(self, source: str) -> tuple[str, dict[str, str]]:
        """Return a pattern with a private-use character for each piece that it calls, and the piece of each such character."""
        called: dict[str, str] = {}

        def mark(call: re.Match[str]) -> str:
            if call[1] not in self.pieces:
                raise KeyError(call[1])
            return called.setdefault(call[1], chr(_FIRST_MARK + len(called)))

        marked = _CALL.sub(mark, source)
        return marked, {char: name for name, char in called.items()}


class _Expansion:
    """The expansion of one pattern: its number of calls of each piece, and the pieces that are groups of it."""

    def __init__(self, vocabulary: Vocabulary, language: str) -> None:
        self._vocabulary = vocabulary
        self._language = language
        self._times: dict[str, int] = {}
        self._size = 0
        self._inline: dict[str, str] = {}
        self._groups: set[str] = set()

    def count(self, source: str, within: list[str]) -> None:
        """Count the calls in a pattern, and those in the pieces that it calls."""
        calls = [call[1] for call in _CALL.finditer(source)]
        if calls and _NUMBERED.search(source.replace("\\\\", "")):
            raise ValueError("it refers to a group by its number, which pieces may change; name the group")
        for name in _GROUP.findall(source):
            if name in self._vocabulary.pieces:
                raise ValueError(f"it names a group {name!r}, as a piece of the vocabulary is called; rename the group")
        for name in calls:
            if name in within:
                raise ValueError(f"the pieces {', '.join(within)} call each other in a circle; write one of them out")
            if len(within) > DEEPEST:
                raise PatternLimitError(f"pieces call pieces more than {DEEPEST} deep; write some in place")
            self._times[name] = self._times.get(name, 0) + 1
            piece = self._vocabulary.pieces[name]
            # Pieces that call others twice could grow without end.
            self._size += _CALLED + len(piece)
            if self._size > MOST:
                raise PatternLimitError("it calls too many pieces; call fewer of them")
            if isinstance(piece, str):
                self.count(piece, [*within, name])

    def text(self, source: str, *, is_exact: bool = False) -> str:
        """Return a pattern with its pieces in place; ``is_exact`` means that case counts around it, which a group does not know."""
        return _CALL.sub(
            lambda call: self._piece(call[1], is_exact=is_exact or _is_in_exact_case(source, call.start())), source
        )

    def _piece(self, name: str, *, is_exact: bool) -> str:
        plain = self._vocabulary.plain(name, self._language)
        if is_exact:
            return f"(?:{self.text(plain, is_exact=True)})"
        if name in self._groups:
            return f"(?&{name})"
        if name not in self._inline:
            self._inline[name] = self.text(plain)
        inline = self._inline[name]
        if self._times[name] > 1 and len(inline) > _LONG:
            self._groups.add(name)
            return f"(?P<{name}>{inline})"
        return f"(?:{inline})"


def _is_in_exact_case(source: str, place: int) -> bool:
    """Tell whether a place in a pattern is inside ``(?-i:…)``."""
    open_brackets: list[bool] = []
    for token in _BRACKET.finditer(source, 0, place):
        if token[0].startswith("("):
            open_brackets.append(token[0] == _EXACT)
        elif token[0] == ")" and open_brackets:
            open_brackets.pop()
    return any(open_brackets)


def _alternatives(words: Collection[str]) -> str:
    """Return a pattern for any of the words, longest first; without words, one that matches nothing."""
    if not words:
        return "(?!)"
    # Words with the same edges share one look-around.
    groups: dict[tuple[str, str], list[str]] = {}
    for word in sorted(words, key=lambda word: (-len(word), word)):
        before = _NO_LETTER_BEFORE if parts_words(word[0]) else ""
        behind = _NO_LETTER_BEHIND if parts_words(word[-1]) else ""
        groups.setdefault((before, behind), []).append(word)
    return "|".join(f"{before}(?:{_by_first_letter(group)}){behind}" for (before, behind), group in groups.items())


def _by_first_letter(words: Iterable[str]) -> str:
    """Return a pattern for any of the words, in which words with the same first letter share it.

    ``regex`` tries the alternatives one by one, so in a long list this leaves few to try.
    """
    rests: dict[str, list[str]] = {}
    for word in words:
        rests.setdefault(re.escape(word[0]), []).append(re.escape(word[1:]))
    return "|".join(first + (own[0] if len(own) == 1 else f"(?:{'|'.join(own)})") for first, own in rests.items())


@cache
def parts_words(char: str) -> bool:
    """Tell whether a character is a letter of a script that shows where words begin and end."""
    return char.isalpha() and not any([first <= char <= last for first, last in _UNSPACED])
