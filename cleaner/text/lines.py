"""The form of a line: its text without Markdown, its number of words, whether it is a sentence or running text."""

from __future__ import annotations

import re

from cleaner.text.folding import straighten, unwrap_links

# Kana, and the characters that Chinese, Japanese and Korean share: they are written without spaces.
UNSPACED = re.compile("[\u3040-\u30ff\u4e00-\u9fff]+")
# Only tells whether there may be one of them: a search for one range takes half the time of two.
_MAY_BE_UNSPACED = re.compile("[\u3040-\u9fff]")
_DRESS = re.compile(r"(?:(?:#{1,6}|>+|[-*+•▪●■►▶»›→]+|\|)\s+)+|[*_|]{1,3}(?=\S)")
# Read backwards from the end of a line: a search forwards would try every run of marks from each of its places.
_DRESS_BEHIND = re.compile(r"(?:(?:#{1,6}|\|)\s+|[*_])+")
_LAST_OF_DRESS = tuple("#|*_")
_CRIES = tuple("!?！？؟")
_CLOSING = "\"'”’»)] "
_STOP = re.compile(r"""[.!?。！？।؟…]["'”’»)\]]*$""")


def without_dress(line: str) -> tuple[str, int]:
    """Return a line without the Markdown at its two ends (marks of headings, lists, quotes, tables, emphasis), and its offset."""
    offset = 0
    if not line[:1].isalnum() and (match := _DRESS.match(line)):
        offset = match.end()
        line = line[offset:]
    if line.endswith(_LAST_OF_DRESS) and (match := _DRESS_BEHIND.match(line[::-1])):
        line = line[: len(line) - match.end()]
    return line, offset


def undress(line: str) -> tuple[str, int]:
    """Return ``line`` as patterns see it: without Markdown, with straight quotes, "-" for every dash; and its offset.

    Each code point is replaced by one, so a span of the result, moved by the offset, is the same span of the line.
    The offset is -1 if a link was unwrapped, because then there is no such span.
    """
    text, offset = without_dress(line)
    unwrapped = unwrap_links(text)
    if unwrapped != text:
        text, offset = unwrapped, -1
    return straighten(text), offset


def word_count(line: str) -> int:
    """Return the number of words of a line; in scripts without spaces, every two characters count as a word."""
    count = line.count(" ") + 1 if line else 0
    if not line.isascii() and _MAY_BE_UNSPACED.search(line):
        count += sum(map(len, UNSPACED.findall(line))) // 2
    return count


def ends_sentence(line: str) -> bool:
    """Tell whether a line ends as a sentence does, apart from closing quotes and brackets."""
    return bool(_STOP.search(line[-8:]))


def is_cry(line: str) -> bool:
    """Tell whether a line asks or exclaims. People repeat such lines: chants, songs, the cries of hawkers."""
    return line.rstrip(_CLOSING).endswith(_CRIES)


def is_prose(line: str) -> bool:
    """Tell whether a line is running text: a sentence of some length, or any long line.

    Headlines and form labels are neither; a short exclamation ("Please enter your comment!") is too short to be prose.
    """
    words = word_count(line)
    return words >= 30 or (words >= 8 and ends_sentence(line))
