"""One snapshot of a document, as rules see it: its lines, their keys, their shapes.

Everything here is computed from the snapshot alone, so a pass over a text is the same whatever ran before.
"""

from __future__ import annotations

import re
import unicodedata

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cleaner.signs import Signs
    from cleaner.vocabulary import Vocabulary

# Lines longer than this are prose to every rule that does not ask for more: no phrase is so long.
LONGEST_KEY = 600

_STRAIGHT = str.maketrans(
    {
        "‘": "'", "’": "'", "‚": "'", "‛": "'", "ʼ": "'", "´": "'", "`": "'",
        "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"',
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",
    }
)  # fmt: skip
# Capitals of Turkish lose the difference between the two when they are folded.
_FOLDED = {**_STRAIGHT, ord("ı"): "i"}
# Accents of Latin, Greek and Cyrillic, and the vowel points of Arabic; the signs of Indic scripts and kana are letters.
_ACCENT = re.compile("[\u0300-\u036f\u064b-\u0652]")
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_BEFORE_START = re.compile(r"^[\W_]+")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)")
_DRESS = re.compile(r"(?:(?:#{1,6}|>+|[-*+•▪●■►▶»›→]+|\|)\s+)+|[*_|]{1,3}(?=\S)")
_UNDRESS_END = re.compile(r"(?:\s+(?:#{1,6}|\|)|[*_]{1,3})+$")
_SENTENCE_END = frozenset(".!?。！？।؟…:;\"'”’»)]”")
_STOP = re.compile(r"""[.!?。！？।؟…]["'”’»)\]]*$""")


def fold(text: str) -> str:
    """Return ``text`` as phrases are compared: without case, accents and curly quotes.

    Accents go because headings in capitals lose them (Greek, Spanish) and old translations never had them.
    """
    if text.isascii():
        return text.lower()
    text = _ACCENT.sub("", unicodedata.normalize("NFD", text.casefold()))
    return unicodedata.normalize("NFC", text).translate(_FOLDED)


def key(line: str) -> str:
    """Return what a line is compared by: links unwrapped, folded, with nothing but letters and digits at its two ends."""
    if "](" in line:
        line = _LINK.sub(r"\1", line)
    if not (line[:1].isalnum() and line[-1:].isalnum()):
        line = _EDGES.sub("", line)
    return fold(line)


def undress(line: str) -> tuple[str, int]:
    """Return ``line`` without Markdown dress and as patterns see it (straight quotes, "-" for dashes), and its offset.

    Code points stand one for one, so a span in the undressed line is the same span, moved by the offset, in the line;
    the offset is -1 where a link was unwrapped and no such span exists.
    """
    offset = 0
    first = line[:1]
    if not first.isalnum() and (match := _DRESS.match(line)):
        offset = match.end()
    text = line[offset:]
    if text and not text[-1].isalnum():
        text = _UNDRESS_END.sub("", text)
    if "](" in text and (unwrapped := _LINK.sub(r"\1", text)) != text:
        text, offset = unwrapped, -1
    return (text if text.isascii() else text.translate(_STRAIGHT)), offset


def word_count(line: str) -> int:
    """Return the words of a line, counted by spaces; every two characters count as a word where a script has no spaces."""
    count = line.count(" ") + 1 if line else 0
    if not line.isascii():
        count += sum(1 for char in line if "\u3040" <= char <= "\u30ff" or "\u4e00" <= char <= "\u9fff") // 2
    return count


def ends_sentence(line: str) -> bool:
    """Tell whether a line ends as a sentence does, closing quotes and brackets apart."""
    return bool(_STOP.search(line[-8:]))


def is_prose(line: str) -> bool:
    """Tell whether a line is running text: a sentence of some length, or simply long.

    Headlines and form labels are neither; a short exclamation ("Please enter your comment!") is too short to be prose.
    """
    words = word_count(line)
    return words >= 30 or (words >= 8 and ends_sentence(line))


class Shape:
    """A line as patterns ask about it: undressed (see there), folded, and which pieces of the vocabulary it can meet."""

    __slots__ = ("_first", "_held", "_present", "_vocabulary", "digit", "folded", "offset", "plain", "start")

    def __init__(self, line: str, vocabulary: Vocabulary) -> None:
        self.plain, self.offset = undress(line)
        self.folded = fold(self.plain)
        self.start = self.folded if self.folded[:1].isalnum() else _BEFORE_START.sub("", self.folded)
        self.digit = any(map(str.isdigit, self.folded))
        self._vocabulary = vocabulary
        self._present: dict[str, set[str]] | None = None
        self._first: frozenset[str] | None = None
        self._held: dict[tuple[str, str], bool] = {}

    def shows(self, signs: Signs, language: str) -> bool:
        """Tell whether the whole line could match a pattern of a language with these signs."""
        if signs.starts is not None:
            literals, lists, digit = signs.starts
            if not (
                self.start.startswith(literals)
                or (digit and self.start[:1].isdigit())
                or (lists and not self.first_lists().isdisjoint(lists))
            ):
                return False
        return self._meets(signs, language)

    def first_lists(self) -> frozenset[str]:
        """Return the word lists with a word of which the line begins."""
        if self._first is None:
            self._first = self._vocabulary.first_lists(self.start)
        return self._first

    def holds(self, name: str, language: str) -> bool:
        """Tell whether a piece of the vocabulary, as patterns of a language use it, could match somewhere in the line."""
        held = self._held.get((name, language))
        if held is None:
            signs = self._vocabulary.signs.get(name)
            held = bool(self.languages((name,), language)) if signs is None else self._meets(signs, language)
            self._held[(name, language)] = held
        return held

    def _meets(self, signs: Signs, language: str) -> bool:
        if signs.digit and not self.digit:
            return False
        folded = self.folded
        for literals, pieces in signs.clauses:
            if not any([literal in folded for literal in literals]) and not any(
                [self.holds(name, language) for name in pieces]
            ):
                return False
        return True

    def languages(self, names: Iterable[str], language: str) -> frozenset[str]:
        """Return the languages of the words that the line holds of some word lists, as patterns of a language use them."""
        words = self._words()
        found = frozenset([spoken for name in names for spoken in words.get(name, ())])
        return found if language == "und" else found & {language, "und"}

    def _words(self) -> dict[str, set[str]]:
        if self._present is None:
            self._present = self._vocabulary.present(self.folded)
        return self._present


class Document:
    """A snapshot: its lines, which of them are out of reach (fenced code), and the hints that came with it.

    ``lines`` are normalized; blank ones are "". ``live`` are the indexes of the lines that rules may judge, in order.
    """

    __slots__ = ("_keys", "_prose", "_shapes", "author", "fenced", "lines", "live", "title")

    def __init__(
        self,
        lines: Sequence[str],
        fenced: Sequence[int] | None = None,
        title: str | None = None,
        author: str | None = None,
    ) -> None:
        self.lines = lines
        self.fenced = fenced
        if fenced is None:
            self.live = [index for index, line in enumerate(lines) if line]
        else:
            self.live = [index for index, line in enumerate(lines) if line and not fenced[index]]
        self.title = key(title) if title else ""
        self.author = key(author) if author else ""
        self._keys: dict[int, str] = {}
        self._prose: dict[int, bool] = {}
        self._shapes: dict[int, Shape] = {}

    def key(self, index: int) -> str:
        """Return the key of a line, "" for one that is too long to have one."""
        found = self._keys.get(index)
        if found is None:
            line = self.lines[index]
            found = self._keys[index] = key(line) if len(line) <= LONGEST_KEY else ""
        return found

    def is_prose(self, index: int) -> bool:
        """Tell whether a line is running text (see the function of that name)."""
        found = self._prose.get(index)
        if found is None:
            found = self._prose[index] = is_prose(self.lines[index])
        return found

    def shape(self, index: int, vocabulary: Vocabulary) -> Shape:
        """Return a line as patterns ask about it."""
        found = self._shapes.get(index)
        if found is None:
            found = self._shapes[index] = Shape(self.lines[index], vocabulary)
        return found
