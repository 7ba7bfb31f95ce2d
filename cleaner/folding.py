"""Folding a whole text at once: what its characters are is asked once for each, and the text is folded in a few sweeps.

Folding line by line (:func:`cleaner.lines.fold`) costs more than all else that is done to a line of prose. It goes character
by character, though, where no character of a text combines with its neighbours, and then the whole text can be folded by
replacing each of the few characters that it holds beyond ASCII. What is known of a character is kept: it is a fact of
Unicode and no memory of a text.
"""

from __future__ import annotations

import unicodedata

from cleaner.lines import LONGEST_KEY, fold, from_first_letter, key, undress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence, Set

# Bytes of UTF-8 as they are looked at: what ASCII is written with is a space, controls are 1, the rest is as it is.
_PRINTABLE = bytes(32 if 32 <= code < 127 or code == 10 else 1 if code < 128 else code for code in range(256))
_UNCONTROLLED = bytes(code for code in range(128) if _PRINTABLE[code] == 32)
CONTROL = "\x01"
ASCII_EDGES = "".join(char for char in map(chr, range(128)) if not char.isalnum())

_single: set[str] = set()
_combining: set[str] = set()
_folds: dict[str, tuple[bytes, bytes]] = {}
_edges: set[str] = set()


def beyond_ascii(text: str) -> str:
    """Return the runs of characters beyond ASCII that a text holds, each once, with spaces between.

    ``CONTROL`` is in it where the text holds a control character of ASCII other than the line feed.
    """
    if text.isascii():
        return CONTROL if text.encode().translate(None, _UNCONTROLLED) else ""
    runs = set(text.encode("utf-8", "surrogatepass").translate(_PRINTABLE).split())
    return b" ".join(runs).decode("utf-8", "surrogatepass") if runs else ""


def _learn(chars: Iterable[str]) -> None:
    for char in chars:
        folded = fold(char)
        is_word = char.isalnum()
        if (
            unicodedata.category(char)[0] not in "LNPSZC"
            or "\u1100" <= char <= "\u11ff"
            or "\ua960" <= char <= "\ua97f"
            or "\ud7b0" <= char <= "\ud7ff"
            or (char > "\uffff" and unicodedata.category(char)[0] == "L")
            or unicodedata.combining(char)
            or not unicodedata.is_normalized("NFC", char)
            or not folded
            or any(part.isalnum() != is_word for part in folded)
            or not (is_word or folded == char or folded.isascii())  # or what it becomes would have to be an edge, too
            or fold(folded) != folded
        ):
            _combining.add(char)
            continue
        if not is_word:
            _edges.add(char)
        if folded != char:
            _folds[char] = (char.encode(), folded.encode())
        # Last, as this is what tells another thread that the character is known.
        _single.add(char)


def stand_alone(chars: Set[str]) -> bool:
    """Tell whether none of some characters beyond ASCII combines with its neighbours, in Unicode's forms or in folding."""
    if not chars <= _single:
        _learn(chars - _single - _combining)
        return chars <= _single
    return True


def fold_text(text: str, chars: Set[str]) -> tuple[str, str]:
    """Return a text folded, line for line, and the characters that may stand at the edges of its lines but for letters and digits.

    ``chars`` are the characters of the text beyond ASCII, which must ``stand_alone``. Grave accents count as
    apostrophes everywhere here, and not only in lines beyond ASCII.
    """
    folded = text.encode().lower()
    for char in chars & _folds.keys():
        folded = folded.replace(*_folds[char])
    if b"`" in folded:
        folded = folded.replace(b"`", b"'")
    return folded.decode(), ASCII_EDGES + "".join(chars & _edges)


class Reading:
    """What has been read off the lines of one text: it holds for equal lines in every pass over the text.

    ``folded`` gives for a line how patterns see it, but for Markdown dress around it: folded, with an apostrophe for a grave
    accent. ``starts`` gives that from its first letter or digit, ``keys`` its key (see ``cleaner.lines.key``) or ""
    when it is too long to have one. ``digits`` are the digits beyond ASCII that may begin a line.
    """

    __slots__ = ("digits", "folded", "keys", "starts")

    def __init__(self) -> None:
        self.folded: dict[str, str] = {}
        self.keys: dict[str, str] = {}
        self.starts: dict[str, str] = {}
        self.digits: set[str] = set()

    def read(self, lines: Sequence[str], chars: Set[str] | None = None) -> None:
        """Read lines, of which ``chars`` are the characters beyond ASCII where they are known."""
        text = "\n".join(lines)
        if chars is None:
            chars = set(beyond_ascii(text)) - {" "}
        self.digits.update(char for char in chars if char.isdigit())
        if stand_alone(chars):
            whole, edges = fold_text(text, chars)
            folded = whole.split("\n")
            self.folded.update(zip(lines, folded, strict=True))
            self.starts.update(zip(lines, [line.lstrip(edges) for line in folded], strict=True))
            keys = [line.strip(edges) for line in folded]
        else:
            for line in lines:
                self._read_one(line)
            return
        if max(map(len, lines)) > LONGEST_KEY:
            keys = [known if len(line) <= LONGEST_KEY else "" for line, known in zip(lines, keys, strict=True)]
        self.keys.update(zip(lines, keys, strict=True))
        if "](" in text or "`" in text:
            for line in lines:
                if "](" in line or "`" in line:
                    self._read_one(line)

    def _read_one(self, line: str) -> None:
        """Read a line in which characters combine, or of which a part is a link."""
        folded = fold(undress(line)[0] if "](" in line else line).replace("`", "'")
        self.folded[line] = folded
        self.starts[line] = from_first_letter(folded)
        self.keys[line] = key(line) if len(line) <= LONGEST_KEY else ""
