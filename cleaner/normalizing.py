"""The repair of encoding and whitespace, line by line, as a fixed point.

A text is split at every kind of line break first and each line is repaired by itself: mojibake, control characters and
terminal escapes by ftfy, entities by a step of our own, then NFC, invisible characters and spaces. Curly quotes, dashes,
ligatures and full-width forms are content and stay.

ftfy costs tens of milliseconds to import and runs at about 1 MB/s, so it is called only for lines that show one of
the signs below; a property test holds the guarded and the unguarded path equal.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from cleaner.folding import CONTROL, beyond_ascii, stand_alone
from cleaner.model import FixedPointError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence, Set

# A line settles in two or three rounds; more than this many is a bug.
_ROUNDS = 32

# --- Entities -------------------------------------------------------------------------------------------------------
# One round must be a fixed point, or "&amp;amp;lt;" would change with every cleaning. A run of ampersand references
# collapses to "&" first; then every other reference with a semicolon is decoded once. None of those can complete a new
# reference, because those that stand for an ASCII letter, a digit, "#", "&" or ";" are left alone. (It will be wrong
# about text that spells its letters as "&#116;", which is how addresses are hidden from harvesters.)
_AMPERSAND = re.compile(r"&(?:(?:amp|AMP|#0{0,5}38|#[xX]0{0,4}26);)+")
_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_KEPT_REFERENCES = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789#&;")
_LOWEST_SURROGATE, _HIGHEST_SURROGATE, _HIGHEST = 0xD800, 0xDFFF, 0x10FFFF


def _decode_reference(match: re.Match[str]) -> str:
    from html.entities import html5

    reference = match[0]
    if reference[1] != "#":
        char = html5.get(reference[1:], reference)
    else:
        code = int(reference[3:-1], 16) if reference[2] in "xX" else int(reference[2:-1])
        if (
            code > _HIGHEST
            or _LOWEST_SURROGATE <= code <= _HIGHEST_SURROGATE
            or (code < 32 and code not in (9, 10, 13))
        ):
            return reference
        # Browsers read references to C1 controls as the characters of Windows-1252 at the same place.
        char = bytes([code]).decode("cp1252", "replace") if 0x80 <= code <= 0x9F else chr(code)
    return reference if char in _KEPT_REFERENCES else char


def _decode_entities(line: str) -> str:
    return _ENTITY.sub(_decode_reference, _AMPERSAND.sub("&", line))


# --- Signs that ftfy has work ---------------------------------------------------------------------------------------
# ftfy repairs encodings only where its "badness" heuristic finds an unlikely pair or triple of characters
# (ftfy/badness.py names the categories). The classes below are wider than its own, so that whatever it would find is found here,
# while quotes beside accented letters, Cyrillic in guillemets and the like pass by. A test compares the two.
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
_ANY = "\xa0-\uffff"
_MOJIBAKE = (
    "[\x80-\x9fŒœÃÂЂ]"
    f"|[{_ANY}][{_BAD}]|[{_BAD}][{_ANY}]"
    f"|[{_LOWER}{_LETTER}{_BOX}{_CLOSING}{_MONEY}{_NUMBER}][{_UPPER}]"
    f"|[{_BOX}{_CLOSING}{_MONEY}{_NUMBER}][{_LOWER}]"
    f"|[{_LOWER}{_UPPER}{_BOX}{_CLOSING}][{_MONEY}]"
    f"|[{_UPPER}{_BOX}][{_NUMBER}{_LAW}°]"
    f"|[{_LOWER}{_UPPER}{_BOX}{_MONEY}{_CLOSING}][{_OPENING}][{_NUMBER}]"
    f"|[{_LOWER}{_UPPER}{_MONEY}{_NUMBER}{_BOX}{_LAW}][{_CLOSING}][{_OPENING}]"
    f"|[{_MONEY}{_NUMBER}{_BOX}][{_OPENING}]"
    f"|[a-z][{_UPPER}][{_OPENING}{_MONEY}]"
    f"|[{_BOX}][{_ANY}]|[{_ANY}][{_BOX}]"
    f"|[{_LOWER}{_UPPER}][{_OPENING}{_CLOSING}]\\w"
    f"|[ÎÐ][{_ANY}]|[ØÙ][{_ANY}][ØÙ]|[à×√≈‚][{_ANY}]"
    f"|[ВГРСΒΓΞΟ][{_BAD}{_OPENING}{_CLOSING}{_MONEY}°µ][ВГРСΒΓΞΟ]"
    "|[βā]€"
)
# What English prose is written with: no two of these are a sign. Building the expression above takes
# longer than cleaning a text, so it is asked only when there is something else.
_PLAIN = re.compile("[^\x00-\x7f‘’“”„–—…]")
# Control characters, terminal escapes and the like, which ftfy removes wherever they stand.
_CONTROL = "\x00-\x08\x0b\x0e-\x1f\x7f\u206a-\u206f\ufff9-\ufffc\ufeff"
_CONTROL_SIGN = re.compile(f"[{_CONTROL}]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SURROGATE_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


@cache
def _mojibake_sign() -> re.Pattern[str]:
    return re.compile(_MOJIBAKE)


@cache
def _mojibake_run_sign() -> re.Pattern[str]:
    """Return what any run of characters beyond ASCII shows that holds a sign: the signs without the letters around them."""
    return re.compile(_MOJIBAKE.replace("[a-z][", "[").replace("]\\w", "]"))


def may_be_mojibake(text: str) -> bool:
    """Tell whether a text has a sign of mojibake; ftfy would find none in a text of which this is False."""
    return _PLAIN.search(text) is not None and _mojibake_sign().search(text) is not None


# --- Invisible characters -------------------------------------------------------------------------------------------
# Joiners shape the letters of these scripts, and of emoji; anywhere else they are left-overs of layout.
_JOINED_SCRIPT = (
    "\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u18af\u1b00-\u1bff\ua840-\ua87f\ua980-\ua9df\U00010a00-\U00011fff"
)
_EMOJI = "\u2190-\u2bff\u3030\u303d\u3297\u3299\ufe0f\U0001f000-\U0001faff\U000e0020-\U000e007f"
_NO_SPACE_SCRIPT = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer: a zero-width space parts words
)
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_INVISIBLE = re.compile(
    "[\x80-\x84\x86-\x9f\xad\u180e\u2060-\u2064\ufeff]"
    f"|(?<![{_NO_SPACE_SCRIPT}])\u200b|\u200b(?![{_NO_SPACE_SCRIPT}])"
    f"|(?<![{_JOINED_SCRIPT}{_EMOJI}])[\u200c\u200d]"
    f"|(?<=[{_EMOJI}])[\u200c\u200d](?![{_EMOJI}])"
)
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

# What must be absent beyond ASCII for a line, or a whole text, to be taken as it is.
_ODD = re.compile("[\x7f-\xa0\xad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufff9-\ufffc]")
# Characters side by side beyond ASCII, with what stands around them: whatever of mojibake is not in one character is in these.
_TOGETHER = re.compile("[a-z]?[^\x00-\x7f]{2,}(?=(\\w?))")
_SINGLE_SIGN = re.compile("[\x80-\x9fŒœÃÂЂ]")


def _bare_chars(text: str) -> Set[str] | None:
    """Return the characters beyond ASCII of a text of which no line needs repair, or None when one does.

    This is the guard, for one line or for many. It looks at bytes and at each run of characters beyond ASCII only once, so that
    a text pays for the few letters that it is written with and not for its length.
    """
    runs = beyond_ascii(text)
    if runs:
        if CONTROL in runs or _ODD.search(runs) or _SURROGATE.search(runs):
            return None
        chars: Set[str] = set(runs) - {" "}
        if not stand_alone(chars) and not unicodedata.is_normalized("NFC", text):
            return None
        if _PLAIN.search(runs) and _has_sign(text, runs):
            return None
    else:
        chars = _NO_CHARS
    if (
        "  " in text
        or text.startswith(" ")
        or text.endswith(" ")
        or " \n" in text
        or "\n " in text
        or ("&" in text and _ENTITY.search(text))
    ):
        return None
    return chars


_NO_CHARS: Set[str] = frozenset()


def _has_sign(text: str, runs: str) -> bool:
    """Tell what ``may_be_mojibake`` tells of a text that is not plain, from its runs of characters beyond ASCII."""
    if _SINGLE_SIGN.search(runs):
        return _mojibake_sign().search(text) is not None
    if _mojibake_run_sign().search(runs) is None:
        return False
    together = [match[0] + match[1] for match in _TOGETHER.finditer(text)]
    return _mojibake_sign().search(" ".join(together)) is not None


def _fix_encoding(line: str) -> str:
    from ftfy import TextFixerConfig, fix_text

    config = TextFixerConfig(
        unescape_html=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        explain=False,
    )
    return fix_text(line, config)


def repair(line: str, *, guarded: bool = True) -> str:
    """Return one line repaired: no line break in it, one space between words, none at the ends.

    ``guarded=False`` asks ftfy about every line, sign or no sign; it exists for the test that both ways agree.
    """
    if guarded and (not line or (_bare_chars(line) is not None and "\n" not in line)):
        return line
    for _ in range(_ROUNDS):
        before = line
        if "&" in line:
            line = _decode_entities(line)
        if not guarded or _CONTROL_SIGN.search(line) or may_be_mojibake(line):
            line = _fix_encoding(line)
        if not line.isascii():
            line = _INVISIBLE.sub("", line)
            if _DIRECTION.search(line) and not _RIGHT_TO_LEFT.search(line):
                line = _DIRECTION.sub("", line)
            line = unicodedata.normalize("NFC", line)
        line = " ".join(line.split())
        if line == before:
            return line
    raise FixedPointError(
        f"normalizing did not settle in {_ROUNDS} rounds on a line of {len(line)} characters: {line[:80]!r}"
    )


# --- Fenced code ----------------------------------------------------------------------------------------------------
_FENCE = re.compile(r"(`{3,}|~{3,})(.*)")


OUTSIDE, FENCE, INSIDE = 0, 1, 2


def fenced_lines(lines: Sequence[str]) -> list[int] | None:
    """Tell of each of the repaired ``lines`` whether it is OUTSIDE of code, a FENCE, or INSIDE; None when there is no code.

    A fence is as in CommonMark, but one that nothing closes is no fence: a stray ``` in scraped text must not
    shelter all that follows.
    """
    marks: dict[int, tuple[str, int, bool]] = {}
    for index, line in enumerate(lines):
        if line.startswith(("```", "~~~")):
            match = _FENCE.match(line)
            if match and not (match[1][0] == "`" and "`" in match[2]):
                marks[index] = (match[1][0], len(match[1]), not match[2])
    if not marks:
        return None
    # For each mark, the longest closing mark of its character below it, so that an opening that nothing closes
    # is known at once and the whole stays linear.
    longest = {"`": 0, "~": 0}
    closed: dict[int, bool] = {}
    for index in reversed(marks):
        char, length, bare = marks[index]
        closed[index] = longest[char] >= length
        if bare:
            longest[char] = max(longest[char], length)
    fenced = [OUTSIDE] * len(lines)
    opened: tuple[int, str, int] | None = None
    for index, (char, length, bare) in marks.items():
        if opened is None:
            if closed[index]:
                opened = (index, char, length)
        elif bare and char == opened[1] and length >= opened[2]:
            fenced[opened[0] : index + 1] = [INSIDE] * (index + 1 - opened[0])
            fenced[opened[0]] = fenced[index] = FENCE
            opened = None
    return fenced if any(fenced) else None


# --- Whole texts ----------------------------------------------------------------------------------------------------
def normalized_lines(text: str, *, guarded: bool = True) -> tuple[list[str], list[int] | None]:
    """Return the lines of ``text`` repaired, one for each line of the original, and which of them are fenced code.

    Lines inside fences are as they came. Lone surrogates, which no file can hold, become U+FFFD everywhere.
    """
    lines, fenced, _ = normalized(text, guarded=guarded)
    return lines, fenced


def normalized(text: str, *, guarded: bool = True) -> tuple[list[str], list[int] | None, Set[str] | None]:
    """Return what ``normalized_lines`` returns, and the characters beyond ASCII of a text that needed no repair.

    The last is None where lines were repaired.
    """
    chars = _bare_chars(text) if guarded else None
    if chars is None and _SURROGATE.search(text):
        text = _SURROGATE_PAIR.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)
        text = _SURROGATE.sub("\ufffd", text)
    if chars is not None:
        lines = text.split("\n")
        return lines, (fenced_lines(lines) if "```" in text or "~~~" in text else None), chars
    raw = text.splitlines()
    lines = [repair(line, guarded=guarded) for line in raw]
    fenced = fenced_lines(lines)
    if fenced is not None:
        for index, place in enumerate(fenced):
            if place == INSIDE:
                lines[index] = raw[index]
    return lines, fenced, None


def kept_lines(lines: Sequence[str], fenced: Sequence[int] | None) -> list[int]:
    """Return the indexes of ``lines`` that stay when blank runs become one and the ends are bare."""
    kept: list[int] = []
    for index, line in enumerate(lines):
        if line or (fenced is not None and fenced[index]) or (kept and lines[kept[-1]]):
            kept.append(index)
    while kept and not lines[kept[-1]] and not (fenced is not None and fenced[kept[-1]]):
        kept.pop()
    return kept


def normalize(text: str) -> str:
    """Return ``text`` with its encoding and whitespace repaired, and nothing dropped.

    Lines are joined with "\\n", blank runs become one blank line, the ends are bare (no final line break).
    ``normalize(normalize(x)) == normalize(x)`` for every string.
    """
    lines, fenced = normalized_lines(text)
    return "\n".join([lines[index] for index in kept_lines(lines, fenced)])
