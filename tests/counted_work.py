"""Counts the work of cleaning without a clock: the steps of Python, and the text that methods and patterns get.

``count_work`` runs a function under ``sys.settrace`` and ``sys.setprofile``. In a ``counting_cleaner`` every expression of the
standard library's ``re`` and every pattern of a rule counts the text that it is asked about, and each pass of the engine is counted
by itself. What C does behind one line of Python (slices, ``in``, ``join``) is not seen.
"""

from __future__ import annotations

import ctypes
import importlib
import re
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, NamedTuple
from unittest import mock

import cleaner
from cleaner.rules.loading import builtin_rules


class Work(NamedTuple):
    """The work of one pass, or of what comes before the first.

    ``steps``: lines and calls of Python. ``text``: characters and items handed to methods of texts and lists.
    ``matched``: characters that patterns were asked about.
    """

    steps: int
    text: int
    matched: int


# Methods that look at all of a text or list whatever their arguments are. Others (find, startswith) may look at a part.
_WHOLE = frozenset(
    """casefold lower upper split splitlines strip lstrip rstrip translate replace encode
    isalnum isdigit isupper islower copy sort reverse remove insert""".split()  # noqa: SIM905
)

_matched = 0
# Called when a pass begins.
_at_pass: list[Callable[[], None]] = []


class CountingPattern:
    """A compiled pattern that adds up the characters it is asked about."""

    def __init__(self, pattern: Any) -> None:
        self._pattern = pattern

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pattern, name)

    def _one(self, name: str, text: str, *arguments: Any, **options: Any) -> Any:
        global _matched
        start = arguments[0] if arguments else 0
        end = min(len(text), arguments[1]) if len(arguments) > 1 else len(text)
        found = getattr(self._pattern, name)(text, *arguments, **options)
        _matched += max(0, (found.end() if found else end) - start)
        return found

    def _all(self, name: str, text: str, *arguments: Any) -> Any:
        global _matched
        _matched += len(text)
        return getattr(self._pattern, name)(text, *arguments)

    def match(self, text: str, *arguments: Any, **options: Any) -> Any:
        return self._one("match", text, *arguments, **options)

    def search(self, text: str, *arguments: Any, **options: Any) -> Any:
        return self._one("search", text, *arguments, **options)

    def fullmatch(self, text: str, *arguments: Any, **options: Any) -> Any:
        return self._one("fullmatch", text, *arguments, **options)

    def findall(self, text: str, *arguments: Any) -> Any:
        return self._all("findall", text, *arguments)

    def finditer(self, text: str, *arguments: Any) -> Any:
        return self._all("finditer", text, *arguments)

    def split(self, text: str, *arguments: Any) -> Any:
        return self._all("split", text, *arguments)

    def sub(self, replacement: Any, text: str, *arguments: Any) -> Any:
        global _matched
        _matched += len(text)
        return self._pattern.sub(replacement, text, *arguments)


def counting(fullmatch: Callable[[Any, str], Any]) -> Callable[[Any, str], Any]:
    """Return a method for a rule's pattern that counts the line it is asked about."""

    def fullmatch_and_count(pattern: Any, line: str) -> Any:
        global _matched
        _matched += len(line)
        return fullmatch(pattern, line)

    return fullmatch_and_count


def announced(make_snapshot: Callable[..., Any]) -> Callable[..., Any]:
    """Return what makes the snapshot of a pass, so that it also tells that a pass begins."""

    def announce_and_make(*arguments: Any) -> Any:
        for tell in _at_pass:
            tell()
        return make_snapshot(*arguments)

    return announce_and_make


@contextmanager
def counting_cleaner() -> Iterator[Any]:
    """Import the package and ftfy anew, so that patterns count; restore the old modules at the end."""

    def is_ours(name: str) -> bool:
        return name.split(".")[0] in ("cleaner", "ftfy")

    # Rules are read with patterns that do not count, and what the package loads on demand does not count either.
    builtin_rules()
    for name in cleaner.__all__:
        getattr(cleaner, name)
    before = {name: module for name, module in sys.modules.items() if is_ours(name)}
    for name in before:
        del sys.modules[name]
    standard = re.compile
    try:
        with mock.patch.object(re, "compile", lambda *arguments: CountingPattern(standard(*arguments))):
            pattern = importlib.import_module("cleaner.matching.patterns").Pattern
            passes = importlib.import_module("cleaner.engine.passes")
            with (
                mock.patch.object(pattern, "fullmatch", counting(pattern.fullmatch)),
                mock.patch.object(passes, "Snapshot", announced(passes.Snapshot)),
            ):
                yield importlib.import_module("cleaner")
    finally:
        for name in [name for name in sys.modules if is_ours(name)]:
            del sys.modules[name]
        sys.modules.update(before)


def count_work(run: Callable[[], object]) -> Work:
    """Return the most work of each sort in one pass of a call, or before the first pass.

    A longer text may need more passes, up to a fixed number. That makes its work jump, but not grow with its length.
    """
    global _matched
    steps = text = _matched = 0
    parts: list[Work] = []

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal steps
        if frame.f_code.co_filename == __file__:
            return None
        steps += 1
        return trace

    def profile(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal text
        if event == "c_call" and argument.__name__ in _WHOLE:
            owner = argument.__self__
            if isinstance(owner, (str, bytes, list)):
                text += len(owner)

    def end_part() -> None:
        nonlocal steps, text
        global _matched
        parts.append(Work(steps, text, _matched))
        steps = text = _matched = 0

    old_trace, old_profile = sys.gettrace(), sys.getprofile()
    _at_pass.append(end_part)
    sys.setprofile(profile)
    sys.settrace(trace)
    try:
        run()
    finally:
        sys.settrace(old_trace)
        sys.setprofile(old_profile)
        _at_pass.remove(end_part)
    end_part()
    return Work(*map(max, zip(*parts, strict=True)))


@contextmanager
def counting_steps() -> Iterator[Callable[[Any, str], int]]:
    """Yield a function that counts the steps of the regex package in a full match, in units of 256.

    After every 256 steps the package lets pending signals be handled. So one is always pending, and its handler, which is
    nothing but C, adds an entry to a list and raises the signal again. Works in the main thread of a POSIX system.
    """
    handled: list[int] = []
    again = ctypes.CDLL(None)["raise"]
    again.argtypes = [ctypes.c_int, ctypes.py_object]
    again.restype = handled.append

    def steps(pattern: Any, line: str) -> int:
        signal.signal(signal.SIGUSR1, again)
        signal.raise_signal(signal.SIGUSR1)
        before = len(handled)
        with suppress(TimeoutError):  # by then the count is large enough
            pattern.fullmatch(line, timeout=1.0)
        count = len(handled) - before
        signal.signal(signal.SIGUSR1, _ignore)  # handles the last one
        handled.clear()
        return max(0, count - _HANDLED_BESIDES) * 256

    old = signal.getsignal(signal.SIGUSR1)
    try:
        yield steps
    finally:
        signal.signal(signal.SIGUSR1, old)


# The start of a match and the return from it let signals be handled, too.
_HANDLED_BESIDES = 2


def _ignore(number: int, frame: object) -> None:
    pass
