"""What a line is compared by, and what it looks like: keys, undressed lines, words, sentences."""

from __future__ import annotations

import unicodedata

from cleaner.expressions import expression

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
_TO_FOLD = expression(f"[{''.join(map(chr, _FOLDED))}]")
# Accents of Latin, Greek and Cyrillic, and the vowel points of Arabic; the signs of Indic scripts and kana are letters.
_ACCENT = expression("[\u0300-\u036f\u064b-\u0652]")
_MARKS = expression(r"[\W_]+")
_UNSPACED = expression("[\u3040-\u30ff\u4e00-\u9fff]")
_DIGIT = expression(r"\d")
_LINK = expression(r"!?\[([^\[\]]*)\]\([^()\s]*\)")
_DRESS = expression(r"(?:(?:#{1,6}|>+|[-*+•▪●■►▶»›→]+|\|)\s+)+|[*_|]{1,3}(?=\S)")
# Read backwards from the end of a line: a search forwards would try every run of marks from each of its places.
_DRESS_BEHIND = expression(r"(?:(?:#{1,6}|\|)\s+|[*_])+")
_LAST_OF_DRESS = tuple("#|*_")
_STOP = expression(r"""[.!?。！？।؟…]["'”’»)\]]*$""")


def fold(text: str) -> str:
    """Return ``text`` as phrases are compared: without case, accents and curly quotes.

    Accents go because headings in capitals lose them (Greek, Spanish) and old translations never had them.
    """
    if text.isascii():
        return text.lower().replace("`", "'")
    text = _ACCENT.sub("", unicodedata.normalize("NFD", text.casefold()))
    text = unicodedata.normalize("NFC", text)
    return text.translate(_FOLDED) if _TO_FOLD.search(text) else text


def key(line: str) -> str:
    """Return what a line is compared by: links unwrapped, folded, with nothing but letters and digits at its two ends."""
    if "](" in line:
        line = _LINK.sub(r"\1", line)
    return fold(to_last_letter(from_first_letter(line)))


def has_digit(text: str) -> bool:
    """Tell whether a text holds a decimal digit of any script."""
    return _DIGIT.search(text) is not None


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
    if text.endswith(_LAST_OF_DRESS) and (match := _DRESS_BEHIND.match(text[::-1])):
        text = text[: len(text) - match.end()]
    if "](" in text and (unwrapped := _LINK.sub(r"\1", text)) != text:
        text, offset = unwrapped, -1
    return (text.translate(_STRAIGHT) if _TO_FOLD.search(text) else text), offset


def word_count(line: str) -> int:
    """Return the words of a line, counted by spaces; every two characters count as a word where a script has no spaces."""
    count = line.count(" ") + 1 if line else 0
    if not line.isascii():
        count += len(_UNSPACED.findall(line)) // 2
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
