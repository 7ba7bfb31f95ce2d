"""A file that is cut: its parts come in any order, and are joined in the right one while others are still being made."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from cleaner.corpus.tally import Tally
from cleaner.sources.inputs import Source


class AbandonedError(Exception):
    """The file will not be whole: a part failed, or the run ends."""


class Assembly:
    """Which parts of a file are finished; shared by the thread that learns of them and the one that joins them."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.tally = Tally()
        self.is_abandoned = False
        self._finished: set[int] = set()
        self._number: int | None = None
        self._news = threading.Condition()

    def add(self, part: int, tally: Tally) -> None:
        """Note that a part is finished."""
        with self._news:
            self._finished.add(part)
            self.tally.add(tally)
            self._news.notify_all()

    def end(self, number: int) -> None:
        """Note how many parts there are, once the last one has been cut."""
        with self._news:
            self._number = number
            self._news.notify_all()

    def abandon(self) -> None:
        """Note that the file will not be whole."""
        with self._news:
            self.is_abandoned = True
            self._news.notify_all()

    def parts(self) -> Iterator[int]:
        """Yield the parts in order, waiting for each; raises AbandonedError if the file will not be whole."""
        part = 0
        while True:
            with self._news:
                while part not in self._finished and part != self._number and not self.is_abandoned:
                    self._news.wait()
                if self.is_abandoned:
                    raise AbandonedError
                if part == self._number:
                    return
            yield part
            part += 1
