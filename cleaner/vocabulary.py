"""The pieces that patterns share, and which of their words a line holds.

A piece is a regular expression, or lists of words for each language. The words of months, roles or labels in twenty languages make
patterns that take a tenth of a second to compile, so a pattern is compiled only with the words of those languages
of which the line at hand shows one: an English date never pays for Polish months.
"""

from __future__ import annotations

import re

from cleaner.document import fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    Piece = str | dict[str, list[str]]

_CALL = re.compile(r"\(\?&(\w+)\)")
_TOKEN = re.compile(r"[^\W\d_]+")
_DEEPEST = 12
# Scripts whose words stand side by side without spaces, or whose signs are no letters to regular expressions.
_LOOSE = re.compile("[\u0900-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


class Vocabulary:
    """Pieces by name, and an index of the words in them.

    ``tokens`` gives for a folded word the pieces and languages that it belongs to; ``loose`` are words to be looked for anywhere.
    """

    __slots__ = ("_uses", "loose", "pieces", "tokens")

    def __init__(
        self,
        pieces: Mapping[str, Piece],
        tokens: dict[str, list[list[str]]] | None = None,
        loose: list[list[str]] | None = None,
    ) -> None:
        self.pieces = dict(pieces)
        if tokens is None or loose is None:
            tokens, loose = _index(self.pieces)
        self.tokens = tokens
        self.loose = loose
        self._uses: dict[str, frozenset[str]] = {}

    def joined(self, pieces: Mapping[str, Piece]) -> Vocabulary:
        """Return this vocabulary with other pieces beside its own."""
        return Vocabulary({**self.pieces, **pieces}) if pieces else self

    def lists_in(self, source: str, depth: int = 0) -> frozenset[str]:
        """Return the names of the word lists that a pattern calls, itself or through other pieces.

        Raises KeyError with the name of a piece that there is not.
        """
        if depth > _DEEPEST:
            raise KeyError("pieces that call each other in a circle")
        found: set[str] = set()
        for name in _CALL.findall(source):
            piece = self.pieces[name]
            if isinstance(piece, str):
                if name not in self._uses:
                    self._uses[name] = self.lists_in(piece, depth + 1)
                found |= self._uses[name]
            else:
                found.add(name)
        return frozenset(found)

    def expand(self, source: str, languages: Collection[str] | None = None) -> str:
        """Return ``source`` with every ``(?&name)`` replaced by that piece, word lists in these languages only (None: all)."""

        def piece_of(call: re.Match[str]) -> str:
            piece = self.pieces[call[1]]
            return f"(?:{piece if isinstance(piece, str) else _alternatives(piece, languages)})"

        for _ in range(_DEEPEST):
            if "(?&" not in source:
                return source
            source = _CALL.sub(piece_of, source)
        raise KeyError("pieces that call each other in a circle")

    def present(self, folded: str) -> dict[str, set[str]]:
        """Return the word lists of which a folded line holds a word, and the languages of those words."""
        found: dict[str, set[str]] = {}
        tokens = self.tokens
        for token in _TOKEN.findall(folded):
            for name, language in tokens.get(token, ()):
                found.setdefault(name, set()).add(language)
        if not folded.isascii() and _LOOSE.search(folded):
            for word, name, language in self.loose:
                if word in folded:
                    found.setdefault(name, set()).add(language)
        return found


def _index(pieces: Mapping[str, Piece]) -> tuple[dict[str, list[list[str]]], list[list[str]]]:
    tokens: dict[str, list[list[str]]] = {}
    loose: list[list[str]] = []
    for name, piece in pieces.items():
        if isinstance(piece, str):
            continue
        for language, words in piece.items():
            for word in words:
                folded = fold(word)
                match = _TOKEN.search(folded)
                if match is None or _LOOSE.search(folded):
                    loose.append([folded, name, language])
                elif [name, language] not in (known := tokens.setdefault(match[0], [])):
                    known.append([name, language])
    return tokens, loose


def _alternatives(lists: Mapping[str, list[str]], languages: Collection[str] | None) -> str:
    """Return a pattern for any of the words, longest first; nothing matches where there are none.

    A word of letters begins and ends at the edge of a word: that is what makes it enough to look at the words of a line.
    """
    words = {word for language, group in lists.items() if languages is None or language in languages for word in group}
    if not words:
        return "(?!)"
    # Words with the same edges share one look-around.
    groups: dict[tuple[str, str], list[str]] = {}
    for word in sorted(words, key=lambda word: (-len(word), word)):
        groups.setdefault((_edge(word[0], _BEFORE), _edge(word[-1], _BEHIND)), []).append(re.escape(word))
    return "|".join(f"{before}(?:{'|'.join(group)}){behind}" for (before, behind), group in groups.items())


_BEFORE, _BEHIND = r"(?<![^\W\d_])", r"(?![^\W\d_])"


def _edge(char: str, look: str) -> str:
    return look if char.isalpha() and not _LOOSE.match(char) else ""
