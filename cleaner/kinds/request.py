"""Kind ``request``: a page asks its reader to do something: to sign up for a newsletter, to follow, to log in, to comment.

Such requests are worded anew on every site, but they are made of the same parts: an act ("subscribe", "join"), a thing of the page
("newsletter", "account"), an offer ("free", "daily"), and the reader or the page addressed ("you", "our").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

from cleaner.kinds.base import Field, Kind
from cleaner.kinds.outside import outside_matcher
from cleaner.matching.vocabulary import Vocabulary
from cleaner.model import Rule
from cleaner.snapshot import Line
from cleaner.text.folding import key
from cleaner.text.lines import UNSPACED

_LISTS = {"acts": "request_act", "things": "request_thing", "offers": "request_offer", "addresses": "request_address"}
_WORD = re.compile(r"\w+(?:['’-]\w+)*")
# In what others say, on a list, in steps to follow, or with an address to go to, a request is the author's.
_NOT_THE_PAGE = re.compile(r"""^(?:[-*+•–]\s|\d{1,3}[.)]\s)|["“”„«»]|://""")
# Words before the act: "Please subscribe", "Want more? Subscribe".
_BEFORE = 2

# Entries of a list that a line has, each with its place and its languages.
_Found = Sequence[tuple[str, int, Set[str]]]


class _Words:
    """The words of a list, each with its languages; those of scripts without spaces are looked for anywhere in a line."""

    def __init__(self, lists: Mapping[str, Iterable[str]]) -> None:
        self._unspaced: dict[str, set[str]] = {}
        self._by_first: dict[str, dict[tuple[str, ...], set[str]]] = {}
        for language, entries in lists.items():
            for entry in map(key, entries):
                words = tuple(_WORD.findall(entry))
                if UNSPACED.search(entry):
                    self._unspaced.setdefault(entry, set()).add(language)
                elif words:
                    self._by_first.setdefault(words[0], {}).setdefault(words, set()).add(language)

    def found(self, words: Sequence[str], line_key: str) -> list[tuple[str, int, Set[str]]]:
        """Return the entries that a line has, each with its place among the words and its languages."""
        found: list[tuple[str, int, Set[str]]] = [
            (" ".join(entry), place, languages)
            for place, word in enumerate(words)
            for entry, languages in self._by_first.get(word, {}).items()
            if tuple(words[place : place + len(entry)]) == entry
        ]
        found += [(entry, 0, languages) for entry, languages in self._unspaced.items() if entry in line_key]
        return found


def _prepared(values: dict[str, Any], vocabulary: Vocabulary) -> dict[str, Any]:
    """Return the values of a rule with the words of requests."""
    pieces = {name: vocabulary.pieces.get(words, {}) for name, words in _LISTS.items()}
    return values | {name: _Words({} if isinstance(piece, str) else piece) for name, piece in pieces.items()}


def _is_request(line: Line, rule: Rule, signs: int) -> bool:
    spec = rule.spec
    if not line.key or line.words > spec["max_words"] or _NOT_THE_PAGE.search(line.text):
        return False
    words = _WORD.findall(line.key)
    acts = spec["acts"].found(words, line.key)
    if not acts:
        return False
    parts = [spec[name].found(words, line.key) for name in ("things", "offers", "addresses")]
    is_short = line.words <= spec["short"]
    # The parts of a request are in one language: "her" is "here" in Danish.
    languages = {language for _, place, own in acts if is_short or place <= _BEFORE for language in own}
    return any([_is_in(language, acts, parts, signs) for language in languages])


def _is_in(language: str, acts: _Found, parts: Sequence[_Found], least: int) -> bool:
    """Tell whether the parts of a line are a request in a language."""
    own = [one for one in acts if language in one[2]]
    things, offers, addresses = [
        {entry for entry, _, languages in part if language in languages or "und" in languages} for part in parts
    ]
    place, act = min([(place, entry) for entry, place, _ in own])
    # "Email" is an act and a thing.
    if not things - {act}:
        return False
    opens = place <= _BEFORE
    return opens + (len(things - {act}) > 1) + bool(offers) + bool(addresses) >= least


def _is_request_above(line: Line, rule: Rule) -> bool:
    return _is_request(line, rule, rule.spec["signs_above"])


def _is_request_below(line: Line, rule: Rule) -> bool:
    return _is_request(line, rule, rule.spec["signs"])


KIND = Kind(
    "request",
    "a line above or below the text that asks the reader to do something with the page: an act, a thing, and other signs of a request",
    {
        "max_words": Field("number", 28, "words of the line, at most"),
        "short": Field("number", 14, "in a line of more words, the act must come first"),
        "signs": Field(
            "number",
            2,
            "how many more signs: the act comes first, a second thing, an offer, the reader or the page addressed",
        ),
        "signs_above": Field("number", 3, "the same above the text, where headlines are"),
    },
    outside_matcher(_is_request_above, _is_request_below),
    prepare=_prepared,
)
