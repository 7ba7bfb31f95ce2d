"""Says which steps, kinds, rules and patterns take the time, by clocks around them; the shares are of a run without clocks."""

from __future__ import annotations

import cProfile
import pstats
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest import mock

import cleaner
from cleaner.kinds import KINDS
from cleaner.kinds.base import Context, Kind
from cleaner.matching.patterns import LazyPattern
from cleaner.model import Rule

Row = dict[str, Any]
_FOLDER = str(Path(cleaner.__file__).parent)


class Clock:
    """Seconds and calls by name; what runs inside a clocked call counts for both."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.calls: Counter[str] = Counter()

    def around(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return ``function`` with a clock around it."""

        def clocked(*arguments: Any) -> Any:
            start = time.perf_counter()
            try:
                return function(*arguments)
            finally:
                self.seconds[name] += time.perf_counter() - start
                self.calls[name] += 1

        return clocked


def profile(sample: Sequence[str], top: int = 30) -> Iterator[Row]:
    """Yield what cleaning a sample with all rules spends on kinds, on rules, on patterns, and in each function."""
    one = cleaner.Cleaner("body")
    _clean(one, sample)
    start = time.perf_counter()
    _clean(one, sample)
    whole = time.perf_counter() - start
    # Clocks cost as much as what they measure where that is little, so kinds and patterns are clocked in runs of their own.
    yield from _rows("kind", _clocked_kinds(sample), whole, top)
    patterns, rules = _clocked_patterns(sample)
    yield from _rows("rule", rules, whole, top)
    yield from _rows("pattern", patterns, whole, top)
    yield from _functions(one, sample, top)


def _clean(one: cleaner.Cleaner, sample: Sequence[str]) -> None:
    for text in sample:
        one.clean(text)


def _clocked_kinds(sample: Sequence[str]) -> Clock:
    clock = Clock()

    def bound(name: str, bind: Callable[..., Any] | None) -> Callable[..., Any] | None:
        if bind is None:
            return None

        def rebind(rules: Sequence[Rule], context: Context) -> Callable[..., Any]:
            return clock.around(name, bind(rules, context))

        return rebind

    clocked: dict[str, Kind] = {
        name: kind._replace(matcher=bound(name, kind.matcher), judge=bound(name, kind.judge))
        for name, kind in KINDS.items()
    }
    with mock.patch.dict(KINDS, clocked):
        one = cleaner.Cleaner("body")
    _run_clocked(one, sample, clock)
    return clock


def _clocked_patterns(sample: Sequence[str]) -> tuple[Clock, Clock]:
    patterns, rules = Clock(), Clock()
    original = LazyPattern.fullmatch

    def fullmatch(self: LazyPattern, *arguments: Any) -> Any:
        start = time.perf_counter()
        try:
            return original(self, *arguments)
        finally:
            spent = time.perf_counter() - start
            for clock, name in ((patterns, f"{self.rule} {self.language}: {self.source}"), (rules, self.rule)):
                clock.seconds[name] += spent
                clock.calls[name] += 1

    one = cleaner.Cleaner("body")
    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(LazyPattern, "fullmatch", fullmatch))
        _clean(one, sample)
        for clock in (patterns, rules):
            clock.seconds.clear()
            clock.calls.clear()
        _clean(one, sample)
    return patterns, rules


def _run_clocked(one: cleaner.Cleaner, sample: Sequence[str], clock: Clock) -> None:
    """Run twice and keep the second: patterns are compiled in the first."""
    _clean(one, sample)
    clock.seconds.clear()
    clock.calls.clear()
    _clean(one, sample)


def _rows(what: str, clock: Clock, whole: float, top: int) -> Iterator[Row]:
    for name, spent in sorted(clock.seconds.items(), key=lambda item: -item[1])[:top]:
        calls = clock.calls[name]
        short = name if len(name) <= 100 else name[:99] + "…"
        yield {what: short, "percent": 100 * spent / whole, "calls": calls, "us_each": 1e6 * spent / calls}


def _functions(one: cleaner.Cleaner, sample: Sequence[str], top: int) -> Iterator[Row]:
    """Yield the functions that most of the time is spent in itself, as cProfile sees it; it makes small functions look large."""
    profiler = cProfile.Profile()
    profiler.runcall(_clean, one, sample)
    stats: dict[tuple[str, int, str], tuple[int, int, float, float, Any]] = pstats.Stats(profiler).stats  # type: ignore[attr-defined]
    whole = sum(own for _, _, own, _, _ in stats.values())
    for (file, line, name), (_, calls, own, total, _) in sorted(stats.items(), key=lambda item: -item[1][2])[:top]:
        place = f"{Path(file).relative_to(_FOLDER)}:{line} {name}" if file.startswith(_FOLDER) else name
        yield {"function": place, "own_percent": 100 * own / whole, "with_calls": 100 * total / whole, "calls": calls}
