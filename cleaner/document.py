"""One snapshot of a document, as rules see it: its lines, their keys, their shapes.

Everything here is computed from the snapshot alone, so a pass over a text is the same whatever ran before.
"""

from __future__ import annotations

from cleaner.lines import LONGEST_KEY, fold, from_first_letter, has_digit, is_prose, key, undress
from cleaner.sketching import drawn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence, Set
    from typing import Any

    from cleaner.screen import Sight
    from cleaner.signs import Signs
    from cleaner.sketching import Line
    from cleaner.vocabulary import Vocabulary


class Shape:
    """A line as patterns ask about it: undressed (see there), folded, and which pieces of the vocabulary it can meet."""

    __slots__ = ("_first", "_folded", "_held", "_present", "_vocabulary", "offset", "plain")

    def __init__(self, line: str, vocabulary: Vocabulary) -> None:
        self.plain, self.offset = undress(line)
        self._vocabulary = vocabulary
        self._folded: str | None = None
        self._present: dict[str, set[str]] | None = None
        self._first: frozenset[str] | None = None
        self._held: dict[tuple[str, str], bool] = {}

    @property
    def folded(self) -> str:
        """The undressed line, folded."""
        if self._folded is None:
            self._folded = fold(self.plain)
        return self._folded

    def shows(self, signs: Signs, language: str) -> bool:
        """Tell whether the whole line could match a pattern of a language with these signs."""
        if signs.starts is not None:
            literals, lists, digit = signs.starts
            start = from_first_letter(self.folded)
            if not (
                start.startswith(literals)
                or (digit and start[:1].isdigit())
                or (lists and not self.first_lists().isdisjoint(lists))
            ):
                return False
        return self._meets(signs, language)

    def first_lists(self) -> frozenset[str]:
        """Return the word lists with a word of which the line begins."""
        if self._first is None:
            self._first = self._vocabulary.first_lists(from_first_letter(self.folded))
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
        if signs.digit and not has_digit(self.plain):
            return False
        folded = self.folded
        for literals, pieces in signs.clauses:
            for literal in literals:
                if literal in folded:
                    break
            else:
                if not any([self.holds(name, language) for name in pieces]):
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


class Facts:
    """What is known of the lines of one text, in every pass over it.

    ``same`` gives for each line what it is compared by, ``words`` those of their words by which patterns are found. ``sights`` are
    the lines that patterns may match, with these patterns, for rules that look anywhere; ``begun`` the same for rules that look at
    the ends, by how the line begins, and ``around`` in all, for each end and line; ``matches`` what came of trying a
    pattern on a line.
    """

    __slots__ = ("_drawn", "around", "begun", "keys", "matches", "prose", "same", "shapes", "sights", "words")

    def __init__(self) -> None:
        self._drawn: dict[str, Line] = {}
        self.same: dict[str, str] = {}
        self.words: set[str] = set()
        self.sights: dict[str, list[Sight]] = {}
        self.begun: dict[str, list[Sight]] = {}
        self.around: dict[tuple[str, str], list[Sight]] = {}
        self.matches: dict[tuple[str, object], Any] = {}
        self.keys: dict[str, str] = {}
        self.prose: dict[str, bool] = {}
        self.shapes: dict[str, Shape] = {}

    def draw(self, lines: Sequence[str], chars: Set[str] | None = None) -> list[Line]:
        """Return lines as the screen sees them; ``chars`` are their characters beyond ASCII where they are known."""
        read = drawn(lines, chars)
        self._drawn.update(zip(lines, read, strict=True))
        self.same.update(zip(lines, [line.same for line in read], strict=True))
        return read

    def line(self, line: str) -> Line:
        """Return a line as the screen sees it."""
        found = self._drawn.get(line)
        return self.draw([line])[0] if found is None else found

    def forget(self, lines: Iterable[str]) -> None:
        """Free the room that drawn lines take, which is more than the lines themselves."""
        for line in lines:
            del self._drawn[line]


class Document:
    """A snapshot: its lines, which of them are out of reach (fenced code), and the hints that came with it.

    ``lines`` are normalized; blank ones are "". ``live`` are the indexes of the lines that rules may judge, in order.
    ``same`` are the sketches of all lines from the first to the last letter, "" where there is none or the line is too long to have a
    key: lines with the same key are the same there. ``known`` are the live lines that some rule may know word for word, and
    ``sights`` those that a pattern may match, with these patterns. All of ``lines`` must have been read.
    """

    __slots__ = ("_positions", "author", "facts", "fenced", "known", "lines", "live", "same", "sights", "title")

    def __init__(
        self,
        lines: Sequence[str],
        facts: Facts,
        phrases: Container[str],
        fenced: Sequence[int] | None = None,
        title: str | None = None,
        author: str | None = None,
    ) -> None:
        self.lines = lines
        self.fenced = fenced
        self.facts = facts
        if fenced is None:
            live = [index for index, line in enumerate(lines) if line]
        else:
            live = [index for index, line in enumerate(lines) if line and not fenced[index]]
        self.live = live
        self.same = same = [facts.same[line] for line in lines]
        self.known = dict.fromkeys([index for index in live if same[index] in phrases])
        table = facts.sights
        self.sights = {index: table[line] for index in live if (line := lines[index]) in table} if table else {}
        self.title = key(title) if title else ""
        self.author = key(author) if author else ""
        self._positions: dict[int, int] | None = None

    def key(self, index: int) -> str:
        """Return the key of a line (see the function of that name), "" for one that is too long to have one."""
        line = self.lines[index]
        found = self.facts.keys.get(line)
        if found is None:
            found = self.facts.keys[line] = key(line) if len(line) <= LONGEST_KEY else ""
        return found

    def position(self, index: int) -> int:
        """Return where a live line stands among the live lines."""
        if self._positions is None:
            self._positions = {index: position for position, index in enumerate(self.live)}
        return self._positions[index]

    def is_ruler(self, index: int) -> bool:
        """Tell whether a line has neither letter nor digit: a ruler, or an empty row of a table."""
        return not self.facts.line(self.lines[index]).start and not any(map(str.isalnum, self.lines[index]))

    def is_prose(self, index: int) -> bool:
        """Tell whether a line is running text (see the function of that name)."""
        line = self.lines[index]
        found = self.facts.prose.get(line)
        if found is None:
            found = self.facts.prose[line] = is_prose(line)
        return found

    def shape(self, index: int, vocabulary: Vocabulary) -> Shape:
        """Return a line as patterns ask about it."""
        line = self.lines[index]
        found = self.facts.shapes.get(line)
        if found is None:
            found = self.facts.shapes[line] = Shape(line, vocabulary)
        return found
