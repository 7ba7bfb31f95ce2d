"""Things that take long to make, kept in files: read back where they are fresh and where nobody else could have written them.

What is kept is a pickle, and a pickle can run code when it is read. So one is read only from a folder of this package, which holds
code anyway, or from a folder and file that belong to this user and that no other may write to.
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

# Changes whenever what is kept is laid out in another way.
_FORMAT = 1
# So many files are kept; those go that nobody used for longest.
_MOST_FILES = 32
_SUFFIX = ".pickle"
# What reading a file raises that is not there, or is none of these, or broken.
_NOT_KEPT = (
    OSError, EOFError, pickle.UnpicklingError, AttributeError, ImportError, IndexError, KeyError, TypeError, ValueError,
    OverflowError, MemoryError,
)  # fmt: skip


def _made_by() -> tuple[Any, ...]:
    """Return by what a kept thing is known as fresh, besides its digest."""
    return _FORMAT, __version__, sys.hexversion, sys.implementation.name, regex.__version__


def cache_folder() -> str:
    """Return the folder of this user's cache."""
    import platformdirs  # a wheel has no use for it

    return platformdirs.user_cache_dir("boilerplate-cleaner", appauthor=False)


def cached_path(name: str) -> str:
    """Return where a thing is kept in this user's cache."""
    return os.path.join(cache_folder(), f"{name}{_SUFFIX}")


def load(path: str, digest: str, *, is_ours: bool = False) -> Any:
    """Return what was saved, None where there is nothing, where it is not fresh, or where others could have written it.

    ``is_ours`` says that the file lies in this package.
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
    """Keep a thing that was made of what the digest says, and tell whether that worked."""
    folder = os.path.dirname(path)
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        _make_room(folder)
    except OSError:
        return False
    content = pickle.dumps((*_made_by(), digest), pickle.HIGHEST_PROTOCOL)
    return write_private(path, content + pickle.dumps(thing, pickle.HIGHEST_PROTOCOL))


def _is_private(handle: int, folder: str) -> bool:
    """Tell whether an open file and its folder belong to this user, and to nobody else who may write there.

    Windows tells of neither; there the cache lies in the user's profile, which other users may not write to.
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
