"""A document as rules see it: its lines, and facts about each of them.

Facts about a line depend on its text alone, so they are kept from one pass to the next. Facts about a snapshot are computed from
its lines, so a pass gives the same result whatever ran before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from cleaner.matching.patterns import Pattern
from cleaner.model import Hints, Rule
from cleaner.text.lines import is_prose, undress, word_count

NO_PATTERNS: Sequence[Pattern] = ()


class Line:
    """One line that rules may judge.

    ``text`` is normalized and not blank; ``number`` counts lines of the original from 1. ``key`` is the key for comparison (see
    ``cleaner.text.folding.key``), "" for a line that is too long or has neither letter nor digit. ``candidates`` are the
    patterns that may match it. ``shown`` is the line as it is written if it stays: with its own spaces if the layout is kept.
    """

    __slots__ = ("_is_prose", "_undressed", "_words", "candidates", "key", "number", "shown", "text", "verdicts")

    def __init__(
        self, text: str, number: int, key: str, candidates: Sequence[Pattern] = NO_PATTERNS, shown: str | None = None
    ) -> None:
        self.text = text
        self.number = number
        self.key = key
        self.candidates = candidates
        self.shown = text if shown is None else shown
        # The verdicts of rules that judge single lines; None until they have been asked.
        self.verdicts: list[tuple[Rule, str]] | None = None
        # Computed for some lines only.
        self._words: int | None = None
        self._is_prose: bool | None = None
        self._undressed: tuple[str, int] | None = None

    @property
    def indent(self) -> str:
        """The spaces that the line begins with if it stays."""
        return self.shown[: len(self.shown) - len(self.shown.lstrip())]

    @property
    def words(self) -> int:
        """The number of words."""
        if self._words is None:
            self._words = word_count(self.text)
        return self._words

    @property
    def is_prose(self) -> bool:
        """Whether the line is running text."""
        if self._is_prose is None:
            self._is_prose = is_prose(self.text)
        return self._is_prose

    @property
    def is_ruler(self) -> bool:
        """Whether the line has neither letter nor digit: a ruler, or an empty row of a table."""
        return not self.key and not any(map(str.isalnum, self.text))

    @property
    def undressed(self) -> tuple[str, int]:
        """The line as patterns see it, and its offset in ``text``, or -1 if a link was unwrapped."""
        if self._undressed is None:
            self._undressed = undress(self.text)
        return self._undressed

    @property
    def plain(self) -> str:
        """The line as patterns see it: without Markdown dress, with straight quotes and "-" for dashes."""
        return self.undressed[0]


class Snapshot:
    """The lines of a document that rules may judge, in order, and the hints that came with it.

    Blank lines and fenced code are left out. ``known`` are the places of lines that equal a phrase of some rule; ``hints``
    say what is known of the page.
    """

    def __init__(self, lines: Sequence[Line], known: Sequence[int], hints: Hints) -> None:
        self.lines = lines
        self.known = known
        self.hints = hints

    @cached_property
    def candidates(self) -> Mapping[tuple[str, str], Sequence[tuple[int, Pattern]]]:
        """The patterns that lines may match, each with the place of the line, by the rule and the key of its file that holds them."""
        found: dict[tuple[str, str], list[tuple[int, Pattern]]] = {}
        for place, line in enumerate(self.lines):
            for pattern in line.candidates:
                found.setdefault((pattern.rule, pattern.field), []).append((place, pattern))
        return found
