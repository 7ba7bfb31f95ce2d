"""The pieces that patterns share: regular expressions, and lists of words for each language."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from cleaner.text.folding import fold, from_first_letter

Piece = str | Mapping[str, list[str]]

_CALL = re.compile(r"\(\?&(\w+)\)")
_COMMENT = re.compile(r"(?:^\s*|  )#(?: .*)?$")
_DEEPEST = 12
# Of a plane that no text in any language uses.
_FIRST_MARK = 0xF0000
# Scripts whose words stand side by side without spaces, or whose vowel signs are no letters to regular expressions.
_UNSPACED = re.compile("[\u0900-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# A word of a list begins and ends where a word of the line does.
_NO_LETTER_BEFORE, _NO_LETTER_BEHIND = r"(?<![^\W\d_])", r"(?![^\W\d_])"


def on_one_line(pattern: str) -> str:
    """Return a pattern that is laid out over several lines as it is meant.

    The spaces at both ends of each line go, and so does a comment: two spaces, a "#" and what follows. A space that counts at the
    end of a line is written ``[ ]``.
    """
    if "\n" not in pattern:
        return pattern
    return "".join([_COMMENT.sub("", line).strip() for line in pattern.split("\n")])


class Vocabulary:
    """Pieces by name. A pattern calls one with ``(?&name)``."""

    def __init__(self, pieces: Mapping[str, Piece]) -> None:
        self.pieces = dict(pieces)

    def joined(self, pieces: Mapping[str, Piece]) -> Vocabulary:
        """Return this vocabulary with other pieces beside its own."""
        return Vocabulary({**self.pieces, **pieces}) if pieces else self

    def words(self, name: str, language: str = "und") -> set[str]:
        """Return the words that a list has for patterns of a language: its own and those of ``und``; for ``und``, all words."""
        lists = self.pieces[name]
        assert not isinstance(lists, str)
        return {
            word for spoken, words in lists.items() if language in ("und", spoken) or spoken == "und" for word in words
        }

    def folded_words(self, name: str) -> set[str]:
        """Return the words of a list in all languages, folded, each from its first letter or digit."""
        return {from_first_letter(fold(word)) for word in self.words(name)}

    def expand(self, source: str, language: str) -> str:
        """Return a pattern of a language with every ``(?&name)`` replaced by that piece.

        Raises KeyError with the name of a piece that does not exist, ValueError where pieces call each other in a circle.
        """
        for _ in range(_DEEPEST):
            if "(?&" not in source:
                return source
            source = _CALL.sub(lambda call: f"(?:{self._pattern(call[1], language)})", source)
        raise ValueError("pieces that call each other in a circle")

    def _pattern(self, name: str, language: str) -> str:
        piece = self.pieces[name]
        return piece if isinstance(piece, str) else _alternatives(self.words(name, language))

    def marked(self, source: str) -> tuple[str, dict[str, str]]:
        """Return a pattern with a private-use character for each piece that it calls, and the piece of each such character."""
        called: dict[str, str] = {}

        def mark(call: re.Match[str]) -> str:
            if call[1] not in self.pieces:
                raise KeyError(call[1])
            return called.setdefault(call[1], chr(_FIRST_MARK + len(called)))

        marked = _CALL.sub(mark, source)
        return marked, {char: name for name, char in called.items()}


def _alternatives(words: Collection[str]) -> str:
    """Return a pattern for any of the words, longest first; nothing matches where there are none."""
    if not words:
        return "(?!)"
    # Words with the same edges share one look-around.
    groups: dict[tuple[str, str], list[str]] = {}
    for word in sorted(words, key=lambda word: (-len(word), word)):
        before = _NO_LETTER_BEFORE if parts_words(word[0]) else ""
        behind = _NO_LETTER_BEHIND if parts_words(word[-1]) else ""
        groups.setdefault((before, behind), []).append(re.escape(word))
    return "|".join(f"{before}(?:{'|'.join(group)}){behind}" for (before, behind), group in groups.items())


def parts_words(char: str) -> bool:
    """Tell whether a character is a letter of a script in which words have edges that show."""
    return char.isalpha() and not _UNSPACED.match(char)
