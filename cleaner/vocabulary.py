"""The pieces that patterns share, and which of them a line can meet.

A piece is a regular expression, or lists of words for each language. The words of months, roles or labels in twenty languages make
patterns that take a tenth of a second to compile, so a pattern is compiled only with those pieces, and the words of those languages,
that the line at hand can meet: an English date never pays for Polish months.
"""

from __future__ import annotations

from cleaner.expressions import expression
from cleaner.lines import fold, from_first_letter
from cleaner.signs import as_signs, signs

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Collection, Mapping
    from typing import Any

    from cleaner.signs import Piece

_CALL = expression(r"\(\?&(\w+)\)")
_TOKEN = expression(r"[^\W\d_]+")
_DEEPEST = 12
# Scripts whose words stand side by side without spaces, or whose signs are no letters to regular expressions.
_FIRST_LOOSE = "\u0900"
_LOOSE = expression("[\u0900-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


class Vocabulary:
    """Pieces by name, the signs of those that are patterns, and an index of the words in the others.

    ``tokens`` gives for a folded word the pieces and languages that it belongs to; ``loose`` are words to be looked for anywhere.
    """

    __slots__ = ("_used", "digest", "folded", "loose", "pieces", "signs", "tokens")

    def __init__(
        self,
        pieces: Mapping[str, Piece],
        tokens: dict[str, list[list[str]]] | None = None,
        loose: list[list[str]] | None = None,
        known_signs: Mapping[str, Any] | None = None,
        folded: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] | None = None,
    ) -> None:
        self.pieces = dict(pieces)
        if tokens is None or loose is None or known_signs is None:
            tokens, loose = _index(self.pieces)
            known_signs = {
                name: signs(piece, self.pieces) for name, piece in self.pieces.items() if isinstance(piece, str)
            }
        self.tokens = tokens
        self.loose = loose
        self.signs = {name: as_signs(known) for name, known in known_signs.items()}
        self._used: dict[str, tuple[str, ...]] = {}
        self.folded = folded or {}
        # A checksum of the pieces and of the code that makes patterns of them, where it is known.
        self.digest = ""

    def joined(self, pieces: Mapping[str, Piece]) -> Vocabulary:
        """Return this vocabulary with other pieces beside its own."""
        return Vocabulary({**self.pieces, **pieces}) if pieces else self

    def used_by(self, source: str) -> tuple[str, ...]:
        """Return the names of the pieces that a pattern calls, itself or through other pieces."""
        found = self._used.get(source)
        if found is None:
            names: list[str] = []
            waiting = _CALL.findall(source)
            while waiting:
                name = waiting.pop()
                if name not in names:
                    names.append(name)
                    piece = self.pieces[name]
                    waiting += _CALL.findall(piece) if isinstance(piece, str) else []
            found = self._used[source] = tuple(sorted(names))
        return found

    def know_used(self, source: str, names: tuple[str, ...]) -> None:
        """Learn what ``used_by`` returns of a pattern, so that it is not asked of the pieces."""
        self._used[source] = names

    def words_of(self, name: str) -> tuple[str, ...]:
        """Return the folded words of a list, each from its first letter or digit."""
        return self._folded(name)[0]

    def by_rarest_word(self, name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return, of the folded words of a list, the longest word of letters in each, and those to be looked for anywhere."""
        return self._folded(name)[1:]

    def _folded(self, name: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        found = self.folded.get(name)
        if found is None:
            rarest: set[str] = set()
            anywhere: set[str] = set()
            piece = self.pieces[name]
            words = {fold(word) for group in piece.values() for word in group} if not isinstance(piece, str) else set()
            for word in words:
                if _first_word(word) is None:
                    anywhere.add(word)
                else:
                    rarest.add(max(_TOKEN.findall(word), key=len))
            starts = {from_first_letter(word) or word for word in words}
            found = self.folded[name] = tuple(sorted(starts)), tuple(sorted(rarest)), tuple(sorted(anywhere))
        return found

    def all_folded(self) -> dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]]:
        """Return the words of all lists as they are compared with lines, for the compiled form of the rules."""
        return {name: self._folded(name) for name, piece in self.pieces.items() if not isinstance(piece, str)}

    def languages(self, language: str) -> frozenset[str]:
        """Return the languages of which patterns of a language use the words."""
        if language != "und":
            return frozenset((language, "und"))
        return frozenset(spoken for piece in self.pieces.values() if not isinstance(piece, str) for spoken in piece)

    def expand(self, source: str, only: tuple[Collection[str], Collection[str]] | None = None) -> str:
        """Return ``source`` with every ``(?&name)`` replaced by that piece.

        ``only`` are the pieces that can match at all and the languages of the words in them; other pieces are
        replaced by what never matches. Raises KeyError with the name of a piece that there is not.
        """

        def piece_of(call: re.Match[str]) -> str:
            piece = self.pieces[call[1]]
            if only is not None and call[1] not in only[0]:
                return "(?!)"
            return f"(?:{piece if isinstance(piece, str) else _alternatives(piece, only and only[1])})"

        for _ in range(_DEEPEST):
            if "(?&" not in source:
                return source
            source = _CALL.sub(piece_of, source)
        raise KeyError("pieces that call each other in a circle")

    def present(self, folded: str) -> dict[str, set[str]]:
        """Return the word lists of which a folded line holds a word, and the languages of those words."""
        found: dict[str, set[str]] = {}
        tokens = self.tokens
        for token in tokens.keys() & set(_TOKEN.findall(folded)):
            for name, language in tokens[token]:
                found.setdefault(name, set()).add(language)
        if not folded.isascii() and max(folded) >= _FIRST_LOOSE and _LOOSE.search(folded):
            for word, name, language in self.loose:
                if word in folded:
                    found.setdefault(name, set()).add(language)
        return found

    def first_lists(self, text: str) -> frozenset[str]:
        """Return the word lists with a word of which a folded text begins."""
        token = _TOKEN.match(text)
        found = {name for name, _ in self.tokens.get(token[0], ())} if token else set()
        if text[:1] >= _FIRST_LOOSE and _LOOSE.match(text):
            found |= {name for word, name, _ in self.loose if text.startswith(word)}
        return frozenset(found)


def _index(pieces: Mapping[str, Piece]) -> tuple[dict[str, list[list[str]]], list[list[str]]]:
    tokens: dict[str, list[list[str]]] = {}
    loose: list[list[str]] = []
    for name, piece in pieces.items():
        if isinstance(piece, str):
            continue
        for language, words in piece.items():
            for word in words:
                folded = fold(word)
                first = _first_word(folded)
                if first is None:
                    loose.append([folded, name, language])
                elif [name, language] not in (known := tokens.setdefault(first, [])):
                    known.append([name, language])
    return tokens, loose


def _first_word(folded: str) -> str | None:
    """Return the first word of letters in a folded word of a list, None where it is to be looked for anywhere."""
    match = _TOKEN.search(folded)
    return None if match is None or _LOOSE.search(folded) else match[0]


def _alternatives(lists: Mapping[str, list[str]], languages: Collection[str] | None) -> str:
    """Return a pattern for any of the words, longest first; nothing matches where there are none.

    A word of letters begins and ends at the edge of a word: that is what makes it enough to look at the words of a line.
    """
    words = {word for language, group in lists.items() if languages is None or language in languages for word in group}
    if not words:
        return "(?!)"
    from re import escape

    # Words with the same edges share one look-around.
    groups: dict[tuple[str, str], list[str]] = {}
    for word in sorted(words, key=lambda word: (-len(word), word)):
        groups.setdefault((_edge(word[0], _BEFORE), _edge(word[-1], _BEHIND)), []).append(escape(word))
    return "|".join(f"{before}(?:{'|'.join(group)}){behind}" for (before, behind), group in groups.items())


_BEFORE, _BEHIND = r"(?<![^\W\d_])", r"(?![^\W\d_])"


def _edge(char: str, look: str) -> str:
    return look if parts_words(char) else ""


def parts_words(char: str) -> bool:
    """Tell whether a character is a letter of a script in which words of a list begin and end where the words of a line do."""
    return char.isalpha() and (char < _FIRST_LOOSE or not _LOOSE.match(char))
