"""A cache of things that take long to make, in files: read back if they are fresh and nobody else can have written them.

The files are pickles, and a pickle can run code when it is read. So one is read only from a folder of this package, which holds
code anyway, or if file and folder belong to this user and nobody else may write to them.
"""

from __future__ import annotations

import os
import pickle
import stat
import sys
from contextlib import suppress
from typing import Any

import regex

from cleaner.atomic import write_private
from cleaner.version import __version__

# Raised whenever the layout of cached things changes.
_FORMAT = 1
# Only this many files are kept, those used most recently.
_MOST_FILES = 32
_SUFFIX = ".pickle"
# The errors of reading a file that is missing, broken, or not one of our pickles.
_NOT_KEPT = (
    OSError, EOFError, pickle.UnpicklingError, AttributeError, ImportError, IndexError, KeyError, TypeError, ValueError,
    OverflowError, MemoryError,
)  # fmt: skip


def _made_by() -> tuple[Any, ...]:
    """Return what must be the same, besides the digest, for a cached thing to be fresh."""
    return _FORMAT, __version__, sys.hexversion, sys.implementation.name, regex.__version__


def cache_folder() -> str:
    """Return the folder of this user's cache."""
    import platformdirs  # not needed with the rules of a wheel

    return platformdirs.user_cache_dir("boilerplate-cleaner", appauthor=False)


def cached_path(name: str) -> str:
    """Return the path of a cached thing in this user's cache."""
    return os.path.join(cache_folder(), f"{name}{_SUFFIX}")


def load(path: str, digest: str, *, is_ours: bool = False) -> Any:
    """Return what was saved; None if there is nothing, if it is not fresh, or if others could have written it.

    ``is_ours`` means that the file is part of this package.
    """
    try:
        with open(path, "rb") as file:
            if not is_ours and not _is_private(file.fileno(), os.path.dirname(path)):
                return None
            thing = pickle.load(file) if pickle.load(file) == (*_made_by(), digest) else None
    except _NOT_KEPT:
        return None
    if not is_ours:
        with suppress(OSError):
            os.utime(path)
    return thing


def save(path: str, digest: str, thing: Any) -> bool:
    """Save a thing with the digest of what it was made from, and tell whether that worked."""
    folder = os.path.dirname(path)
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        _make_room(folder)
    except OSError:
        return False
    content = pickle.dumps((*_made_by(), digest), pickle.HIGHEST_PROTOCOL)
    return write_private(path, content + pickle.dumps(thing, pickle.HIGHEST_PROTOCOL))


def _is_private(handle: int, folder: str) -> bool:
    """Tell whether an open file and its folder belong to this user and nobody else may write to them.

    Windows tells neither; there the cache is in the user's profile, which other users may not write to.
    """
    if sys.platform == "win32":
        return True
    return all(
        [
            state.st_uid == os.geteuid() and not state.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
            for state in (os.fstat(handle), os.stat(folder))
        ]
    )


def _make_room(folder: str) -> None:
    with os.scandir(folder) as entries:
        found = sorted([(entry.stat().st_mtime_ns, entry.path) for entry in entries if entry.name.endswith(_SUFFIX)])
    for _, path in found[: max(0, len(found) + 1 - _MOST_FILES)]:
        os.unlink(path)
