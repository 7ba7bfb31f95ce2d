"""Where the article of a page ends: at a line of the site below which no running text goes on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cleaner.text.lines import ends_sentence, is_prose, word_count

# A sentence of fewer words may be a label ("Share this.").
_SENTENCE = 4
# Teasers below an article are short beside it; what is longer may be the rest of it.
_SHARE = 0.25
# Fewer short lines are no list of the article's.
_LIST = 3
# Words of a headline in the mean.
_HEADLINE = 4


def is_text(line: str) -> bool:
    """Tell whether a line may be a part of an article's text: running text, or a sentence."""
    return is_prose(line) or (ends_sentence(line) and word_count(line) >= _SENTENCE)


class Below:
    """What stands below each line of a page. Of each line it is given whether it is the site's; of the others, which are text.

    Reads the page once, whatever is asked of it then.
    """

    def __init__(self, lines: Sequence[str], known: Sequence[bool], text: Sequence[bool]) -> None:
        count = len(lines)
        # For each line: how many words of text are above it and below it, whether two lines of text in a row are below it, and how
        # many other lines are below it.
        self._above = [0] * (count + 1)
        self._below = [0] * (count + 1)
        self._goes_on = [False] * (count + 1)
        self._others = [0] * (count + 1)
        # Whether the next lines that are not the site's, from a line on, are headlines, or none.
        self._is_furniture = [True] * (count + 1)
        words = [word_count(line) for line in lines]
        run = _NO_RUN
        for place in range(count):
            self._above[place + 1] = self._above[place] + words[place] * text[place]
        for place in reversed(range(count)):
            follows = text[place] and place + 1 < count and text[place + 1]
            self._below[place] = self._below[place + 1] + words[place] * text[place]
            self._goes_on[place] = self._goes_on[place + 1] or follows
            self._others[place] = self._others[place + 1] + (not known[place])
            if known[place]:
                run = _NO_RUN
                self._is_furniture[place] = self._is_furniture[place + 1]
                continue
            if any(map(str.isalpha, lines[place])):
                run = run.with_line(words[place], lines[place][:1].isdigit())
            self._is_furniture[place] = not text[place] and run.is_of_headlines

    def ends_at(self, place: int) -> bool:
        """Tell whether the article ends above a line: what is below it begins with headlines, and no text goes on there."""
        below = place + 1
        return (
            self._is_furniture[below]
            and self._above[place] > 0
            and not self._goes_on[below]
            and self._below[below] <= _SHARE * self._above[place]
        )

    @property
    def has_text(self) -> bool:
        """Whether there is any text on the page."""
        return self._above[-1] > 0

    def others(self, place: int) -> int:
        """Return how many lines below one are not the site's."""
        return self._others[place + 1]


class _Run(NamedTuple):
    """Lines one below the other that are not the site's: how many, their words, and how many begin with a digit."""

    lines: int
    words: int
    counted: int

    def with_line(self, words: int, is_counted: bool) -> _Run:
        return _Run(self.lines + 1, self.words + words, self.counted + is_counted)

    @property
    def is_of_headlines(self) -> bool:
        """Whether these are no ingredients, results or steps."""
        return self.lines < _LIST or (self.words >= _HEADLINE * self.lines and 2 * self.counted <= self.lines)


_NO_RUN = _Run(0, 0, 0)
