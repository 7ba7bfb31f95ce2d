"""Folded text, by which lines are compared: without case, accents, curly quotes and the kind of dash."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence, Set

from cleaner.text.characters import stand_alone

# A longer line, in code points, has no key: no phrase is that long.
LONGEST_KEY = 600
# More different characters than this are replaced in one slow sweep, fewer one by one in a fast sweep each.
_MANY = 300

_STRAIGHT = {
    "‘": "'", "’": "'", "‚": "'", "‛": "'", "ʼ": "'", "´": "'", "`": "'",
    "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"',
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",
}  # fmt: skip
_CURLY = re.compile(f"[{''.join(_STRAIGHT)}]")
# Turkish has a capital I with a dot and a small one without; all four letters fold to one.
_FOLDED = {**_STRAIGHT, "ı": "i"}
_TO_FOLD = re.compile(f"[{''.join(_FOLDED)}]")
# Accents of Latin, Greek and Cyrillic, and the vowel points of Arabic; the signs of Indic scripts and kana are letters.
_ACCENT = re.compile("[\u0300-\u036f\u064b-\u0652]")
_MARKS = re.compile(r"[\W_]+")
_LINK = re.compile(r"(?<!!)\[([^\[\]]*)\]\([^()\s]*\)")


def fold(text: str) -> str:
    """Return ``text`` as phrases are compared: without case, accents and curly quotes.

    Accents go because headings in capitals lose them (Greek, Spanish) and old translations never had them. Folding a text
    and folding its lines one by one give the same.
    """
    if text.isascii():
        return text.lower().replace("`", "'")
    text = _ACCENT.sub("", unicodedata.normalize("NFD", text.casefold()))
    return _TO_FOLD.sub(_straight, unicodedata.normalize("NFC", text))


# The folded forms of characters beyond ASCII. They are facts of Unicode, so they are cached.
_folds: dict[str, str] = {}


def fold_lines(lines: Sequence[str], chars: Set[str]) -> list[str]:
    """Return each line folded; ``chars`` are all characters beyond ASCII in them.

    Much faster than folding line by line: a text has few different characters, and each is replaced in the whole text at once.
    """
    text = "\n".join(lines)
    if not chars:
        return fold(text).split("\n")
    if not stand_alone(chars):
        return [fold(line) for line in lines]
    folds = {}
    # In lower case, where a capital sigma may become the one at the end of a word.
    for char in {*"".join(chars).lower(), "ς"}:
        folded = _folds.get(char)
        if folded is None:
            folded = _folds[char] = fold(char)
        if folded != char:
            folds[char] = folded
    return replaced(text.lower().replace("`", "'"), folds).split("\n")


def replaced(text: str, instead: Mapping[str, str]) -> str:
    """Return a text with some characters replaced. No replacement may contain a character that is replaced."""
    if len(instead) > _MANY:
        return text.translate({ord(char): other for char, other in instead.items()})
    for char, other in instead.items():
        text = text.replace(char, other)
    return text


def straighten(text: str) -> str:
    """Return ``text`` with straight quotes for curly ones and "-" for every dash, code point for code point."""
    return _CURLY.sub(_straight, text)


def _straight(match: re.Match[str]) -> str:
    return _FOLDED[match[0]]


def key(line: str) -> str:
    """Return the key that a line is compared by: links unwrapped, folded, with only letters and digits at its two ends."""
    return trimmed_to_letters(fold(unwrap_links(line)))


def trimmed_to_letters(text: str) -> str:
    """Return a text without marks and spaces at its two ends."""
    return to_last_letter(from_first_letter(text))


def unwrap_links(line: str) -> str:
    """Return a line with the text of each Markdown link in place of the link. Images stay as they are."""
    return _LINK.sub(r"\1", line) if "](" in line else line


def from_first_letter(text: str) -> str:
    """Return a text from its first letter or digit."""
    if text[:1].isalnum():
        return text
    marks = _MARKS.match(text)
    return text[marks.end() :] if marks else text


def to_last_letter(text: str) -> str:
    """Return a text up to its last letter or digit."""
    if text[-1:].isalnum():
        return text
    # Read backwards: a search forwards would look at every run of marks from each of its places.
    marks = _MARKS.match(text[::-1])
    return text[: len(text) - marks.end()] if marks else text
