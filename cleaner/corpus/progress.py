"""The progress of a run: a bar on a terminal, a line every ten seconds if standard error is piped, nothing unless asked for."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any

from cleaner.corpus.tally import Tally
from cleaner.sources.storage import needed
from cleaner.text.printing import printable

_EVERY = 10.0


class Progress:
    """How many of a number of bytes are done, shown on standard error."""

    def __init__(self, is_shown: bool, total: int) -> None:
        self._total = total
        self._done = self._skipped = 0
        self._tally = Tally()
        self._is_shown = is_shown
        self._since = self._told = time.monotonic()
        self._bar: Any = None
        if is_shown and sys.stderr.isatty():
            self._bar = _bar()
            self._job = self._bar.add_task("", total=total, said="")

    def __enter__(self) -> Progress:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def begin(self) -> None:
        """Start the clock: the workers are ready."""
        self._since = self._told = time.monotonic()

    def advance(self, size: int, tally: Tally) -> None:
        """Count input of this many bytes as cleaned."""
        self._done += size
        self._tally.add(tally)
        self._tell()

    def skip(self, size: int) -> None:
        """Count input that needs no cleaning: it was finished before, or cannot be read."""
        self._skipped += size
        self._tell()

    def say(self, sentence: str) -> None:
        """Print a sentence for the person who watches."""
        sentence = printable(sentence)
        if self._bar is not None:
            self._bar.console.print(sentence, markup=False, highlight=False)
        elif self._is_shown:
            print(f"cleaner: {sentence}", file=sys.stderr)

    def _tell(self) -> None:
        if self._bar is not None:
            self._bar.update(self._job, completed=self._done + self._skipped, said=self._figures())
        elif self._is_shown and time.monotonic() - self._told >= _EVERY:
            self._told = time.monotonic()
            share = (self._done + self._skipped) / max(self._total, 1)
            left = (self._total - self._done - self._skipped) * (self._told - self._since) / max(self._done, 1)
            size = f"{_size(self._done + self._skipped)} of {_size(self._total)}"
            print(f"{share:.0%}: {size}, {self._figures()}, about {_spelled(left)} left", file=sys.stderr, flush=True)

    def _figures(self) -> str:
        tally = self._tally
        seconds = max(time.monotonic() - self._since, 1e-3)
        dropped = 1 - tally.characters_after / tally.characters_before if tally.characters_before else 0.0
        return f"{tally.documents:,} documents, {self._done / seconds / 1e6:.1f} MB/s, {dropped:.1%} dropped" + (
            f", {tally.failed:,} failed" if tally.failed else ""
        )


def _size(count: int) -> str:
    """Return a number of bytes in the unit that suits it."""
    for unit, power in (("GB", 9), ("MB", 6), ("kB", 3)):
        if count >= 10**power:
            return f"{count / 10**power:.1f} {unit}"
    return f"{count} B"


def _spelled(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _bar() -> Any:
    progress = needed("rich.progress")
    return progress.Progress(
        progress.BarColumn(),
        progress.TaskProgressColumn(),
        progress.DownloadColumn(),
        progress.TextColumn("{task.fields[said]}"),
        progress.TimeRemainingColumn(),
        console=needed("rich.console").Console(stderr=True),
    )
