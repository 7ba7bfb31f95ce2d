"""The repair of text that was read in the wrong encoding, by ftfy, and the signs that a line needs it.

ftfy costs tens of milliseconds to import and runs at about 1 MB/s, so it is called only for lines that show a sign.
It repairs encodings only where its "badness" heuristic finds an unlikely pair or triple of characters
(ftfy/badness.py names the categories). The classes below are wider than its own, so whatever it would find is found
here, while quotes beside accented letters, Cyrillic in guillemets and the like are not a sign. Tests compare the two.

The signs are sets, not a regular expression: one for all of them takes 20 ms to compile, and is slow on a text without any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from functools import cache, partial

from cleaner.text.characters import beyond_ascii

Predicate = Callable[[str], bool]

_BAD = "¦¤¨¬¯¸ƒˆˇ˘˛˜†‡‰⌐◊\ufffdªº"
_UPPER = "À-ÑÒ-ÖØ-ÝĂĀĄĆČĎĐĘĚĒĖĞĢİĪĶĹĽŁĻŃŇŅŒŘŚŞŠŢŤŮŰŸŹŻŽҐŐŌŪŲ"
_LOWER = "ß-ñòóôõöøùúûüăąāćčďđęěēėğģįīķĺľłļœŕśşšťüźżžґﬁﬂ"
_LAW = "¶§"
_MONEY = "¢£¥₧€"
_OPENING = "¡«¿©΄΅‘‚“„•‹\uf8ff"
_CLOSING = "®»˝”›™"
_NUMBER = "²³¹±¼½¾×µ÷⁄∂∆∏∑√∞∩∫≈≠≡≤≥№"
_LETTER = "Þ\u0370-\u03ff\u0400-\u045f"
_BOX = "│┌┐┘├┤┬┼═-╬▀▄█▌▐░▒▓"

# Characters of English prose: no two of them are a sign.
_PLAIN = frozenset("‘’“”„–—…")
_C1 = frozenset(map(chr, range(0x80, 0xA0)))
# Half of what mojibake of Latin letters begins with. Each is a sign unless a letter follows, as in "SÃO" and "cœur".
_LEADING = frozenset("ŒœÃÂ")


@cache
def _signs() -> list[tuple[Set[str] | None, Set[str] | None, Predicate | None, Predicate | None]]:
    """Return the pairs of characters that are a sign: the first, the second, and the tests for what is before and after.

    None means any character beyond ASCII, and around the pair anything.
    """

    def those(*classes: str) -> Set[str]:
        return frozenset(_expanded("".join(classes)))

    marks = those(_OPENING, _NUMBER)
    twins = those("ВГРСΒΓΞΟ")
    return [
        (None, those(_BAD), None, None),
        (those(_BAD), None, None, None),
        (None, those(_BOX), None, None),
        (those(_BOX), None, None, None),
        (those(_LOWER, _LETTER, _CLOSING, _MONEY, _NUMBER), those(_UPPER), None, None),
        (those(_CLOSING, _MONEY, _NUMBER), those(_LOWER), None, None),
        (those(_LOWER, _UPPER, _CLOSING), those(_MONEY), None, None),
        (those(_UPPER), those(_NUMBER, _LAW, "°"), None, None),
        (those(_MONEY, _NUMBER), those(_OPENING), None, None),
        (those("ÎÐ"), those(_OPENING, _CLOSING, "€œŠš¢£Ÿž\xa0\xad°·–—´"), None, None),
        (those("à×"), those(_NUMBER), None, None),
        (those("√"), those(_CLOSING, _NUMBER, _MONEY, "´ø"), None, None),
        (those("≈"), those(_MONEY, "°"), None, None),
        (those("вВ"), those("Ђ"), None, None),
        (those("βā"), those("€"), None, None),
        (those("‚"), those("Äâó"), None, _is_beyond_ascii),
        (those("ØÙ"), None, None, those("ØÙ").__contains__),
        (those(_UPPER), those(_OPENING, _MONEY), those("a-z").__contains__, None),
        (those(_LOWER, _UPPER), those(_OPENING, _CLOSING), None, lambda char: _is_word(char) or char in marks),
        (those(_CLOSING), those(_OPENING), None, those(_NUMBER).__contains__),
        (those(_MONEY, _NUMBER, _LAW), those(_CLOSING), None, those(_OPENING).__contains__),
        (twins, those(_BAD, _OPENING, _CLOSING, _MONEY, "°µ"), None, twins.__contains__),
    ]


def _expanded(classes: str) -> Iterator[str]:
    """Yield the characters of a class in which "a-c" stands for "abc"."""
    at = 0
    while at < len(classes):
        if classes[at + 1 : at + 2] == "-":
            yield from map(chr, range(ord(classes[at]), ord(classes[at + 2]) + 1))
            at += 3
        else:
            yield classes[at]
            at += 1


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def _is_beyond_ascii(char: str) -> bool:
    return not char.isascii()


def may_be_mojibake(text: str) -> bool:
    """Tell whether a text has a sign of mojibake; if not, ftfy would find none in it either."""
    if text.isascii():
        return False
    runs = beyond_ascii(text)
    return has_sign(text, runs, set(runs) - {" "})


def has_sign(text: str, runs: str, chars: Set[str]) -> bool:
    """Tell the same as ``may_be_mojibake``, of a text about which more is known.

    ``runs`` is what ``beyond_ascii`` returns for it, ``chars`` are the characters in them. Signs are looked for there, because
    that is short; only those that need something around them are looked up in the text.
    """
    if chars <= _PLAIN:
        return False
    if not chars.isdisjoint(_C1):
        return True
    for char in chars & _LEADING:
        for rest in text.split(char)[1:]:
            if not (rest[:1].isascii() and rest[:1].isalpha()):
                return True
    if len(runs) == 2 * len(chars) - 1 and runs.count(" ") == len(chars) - 1:
        return False  # each of the runs is one character
    for first, second, before, behind in _signs():
        if (first is None or not chars.isdisjoint(first)) and (second is None or not chars.isdisjoint(second)):
            pairs = _pairs(runs, chars if first is None else chars & first, chars if second is None else chars & second)
            if pairs and ((before is None and behind is None) or _stands(pairs, text, before, behind)):
                return True
    return False


def _pairs(runs: str, firsts: Set[str], seconds: Set[str]) -> Set[str]:
    """Return the pairs of a first and a second character that are side by side in runs."""
    found = set()
    # With a space at both ends, a part is empty only between two of the characters that the text was split at.
    runs = f" {runs} "
    if len(firsts) < len(seconds):
        for char in firsts:
            for part in runs.split(char)[1:]:
                if (second := part[:1] or char) in seconds:
                    found.add(char + second)
    else:
        for char in seconds:
            for part in runs.split(char)[:-1]:
                if (first := part[-1:] or char) in firsts:
                    found.add(first + char)
    return found


def _stands(pairs: Set[str], text: str, before: Predicate | None, behind: Predicate | None) -> bool:
    """Tell whether one of the pairs is in a text, with the right characters around it."""
    sides = [{pair[side] for pair in pairs} for side in (0, 1)]
    side = 0 if len(sides[0]) < len(sides[1]) else 1
    for char in sides[side]:
        at = text.find(char)
        while at >= 0:
            start = at - side
            if (
                text[max(start, 0) : start + 2] in pairs
                and (before is None or before(text[max(start - 1, 0) : start]))
                and (behind is None or behind(text[start + 2 : start + 3]))
            ):
                return True
            at = text.find(char, at + 1)
    return False


@cache
def _fixer() -> Callable[[str], str]:
    from ftfy import TextFixerConfig, fix_text

    config = TextFixerConfig(
        unescape_html=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        normalization=None,  # takes time that grows with the square of a run of marks; see compose
        explain=False,
    )
    return partial(fix_text, config=config)


def fix_encoding(line: str) -> str:
    """Return a line as ftfy repairs it: decoded again if it was read in a wrong encoding, and without control characters."""
    return _fixer()(line)
