"""Which hits are on content. The lines around a hit show this, and a hit on content never counts.

A line may look like a label, a button or a date and still belong to the text. Call the lines that no rule would drop the *rest*. A hit
is on content if its line is

- *announced*: the rest line above it ends in a colon, and the hit line is the list or the quotation that follows;
- *a heading*: it opens a block of lines, and the rest line directly below it is a sentence (weak and faint rules only);
- *wrapped*: it is part of a sentence that begins in the rest line above or continues in the one below;
- *returning*: the same rule hits several lines with other lines between them, like the dates of a diary or the names in minutes. In an
  article this applies only to bylines and datelines: weak and faint rules that look at the head.

This applies to rules that judge each line by itself. A line that a rule takes as part of a block (comments, a menu) goes with the block.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import pairwise

from cleaner.model import Hit
from cleaner.snapshot import Line
from cleaner.text.lines import ends_sentence

# A heading has at most so many words, the sentence below it at least so many.
_HEADING, _SENTENCE = 8, 3
# A line that breaks off in the middle of a sentence has at least so many words.
_BROKEN_OFF = 4
# A form that returns stands in so many places.
_PLACES = 3
_COLONS = (":", "：")
_BULLETS = tuple("-*+•·–—")
_SINGLE = ("phrase", "pattern")

Hits = Mapping[int, Sequence[Hit]]


def without_content(lines: Sequence[Line], hits: Hits, openings: Set[int], is_article: bool) -> dict[int, list[Hit]]:
    """Return hits that would drop lines, by the place of the line, except those on content.

    ``openings`` are the places of the lines that open a block: the first one, and those below a blank line.
    """
    context = _Context(lines, hits, openings)
    announced = set(context.announced())
    returning = context.returning(is_article)
    found: dict[int, list[Hit]] = {}
    for place, own in hits.items():
        is_wrapped = context.is_wrapped(place)
        is_listed = place in announced
        is_heading = context.is_heading(place)
        stay = [
            hit
            for hit in own
            if hit.rule.is_certain
            or not (is_listed or is_wrapped or hit.rule.id in returning or (is_heading and not hit.rule.is_strong))
            or (hit.rule.kind not in _SINGLE and not context.is_alone(hit))
        ]
        if stay:
            found[place] = stay
    return found


def reasons(lines: Sequence[Line], hits: Hits, openings: Set[int], is_article: bool) -> Iterator[tuple[Hit, str]]:
    """Yield the hits on content, each with what shows that it is one."""
    context = _Context(lines, hits, openings)
    announced = set(context.announced())
    returning = context.returning(is_article)
    left = without_content(lines, hits, openings, is_article)
    for place, own in hits.items():
        for hit in own:
            if hit in left.get(place, ()):
                continue
            if place in announced:
                yield hit, "content: a colon above announces it"
            elif context.is_wrapped(place):
                yield hit, "content: it is part of a sentence that goes on in the next line"
            elif hit.rule.id in returning:
                yield hit, "content: lines of this form return between other lines"
            else:
                yield hit, "content: it is a heading above a sentence"


class _Context:
    """The lines around hits."""

    def __init__(self, lines: Sequence[Line], hits: Hits, openings: Set[int]) -> None:
        self._lines = lines
        self._hits = hits
        self._openings = openings

    def announced(self) -> Iterator[int]:
        """Yield the places of the lines below a colon: the first, and then those that are hit or have the same bullet, up to a sure one."""
        # The bullets of the lists that have not ended ("" for one without), and of the one that begins here.
        bullets: set[str] = set()
        begun: set[str] = set()
        colon = next((place for place, line in enumerate(self._lines) if line.text.endswith(_COLONS)), len(self._lines))
        for place in range(colon, len(self._lines)):
            line = self._lines[place]
            own = self._hits.get(place, ())
            if any([hit.rule.is_strong and not hit.rule.is_certain for hit in own]):
                bullets.clear()
            bullets |= begun
            begun = set()
            if not own:
                bullets &= {line.text[:1]}
            if bullets:
                yield place
            if not own and line.words >= 2 and line.text.endswith(_COLONS) and place + 1 < len(self._lines):
                first = self._lines[place + 1].text
                begun = {first[:1] if first.startswith(_BULLETS) else ""}

    def is_alone(self, hit: Hit) -> bool:
        """Tell whether the lines beside that of a hit are not hit by the same rule."""
        beside = [*self._hits.get(hit.place - 1, ()), *self._hits.get(hit.place + 1, ())]
        return all([other.rule != hit.rule for other in beside])

    def is_heading(self, place: int) -> bool:
        """Tell whether a line opens a block and a sentence of the text follows."""
        if place not in self._openings or self._lines[place].words > _HEADING or not self._is_rest(place + 1):
            return False
        below = self._lines[place + 1]
        return place + 1 not in self._openings and below.words >= _SENTENCE and ends_sentence(below.text)

    def is_wrapped(self, place: int) -> bool:
        """Tell whether a line is a piece of a sentence that another line of its block holds the rest of."""
        return self._goes_on(place, place + 1) or (
            self._goes_on(place - 1, place) and self._lines[place - 1].words >= _BROKEN_OFF
        )

    def returning(self, is_article: bool) -> set[str]:
        """Return the ids of the rules whose lines return between other lines."""
        places: dict[str, set[int]] = {}
        for place, own in self._hits.items():
            for hit in own:
                # Buttons and teasers return in an article, but bylines and datelines belong to its head.
                if not is_article or (hit.rule.where == "head" and not hit.rule.is_strong):
                    places.setdefault(hit.rule.id, set()).add(place)
        return {rule for rule, own in places.items() if _stretches(sorted(own)) >= _PLACES}

    def _is_rest(self, place: int) -> bool:
        return 0 <= place < len(self._lines) and place not in self._hits

    def _goes_on(self, place: int, below: int) -> bool:
        """Tell whether a sentence goes on from a line to the next one, one of which is hit and the other is not."""
        if not (self._is_rest(place) or self._is_rest(below)) or below in self._openings or below >= len(self._lines):
            return False
        upper = self._lines[place].text
        return self._lines[below].text[:1].islower() and not ends_sentence(upper) and not upper.endswith(_COLONS)


def _stretches(places: Sequence[int]) -> int:
    """Return in how many places of a document lines stand that are not beside each other."""
    return 1 + sum([other > one + 1 for one, other in pairwise(places)])
