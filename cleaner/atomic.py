"""Files written whole or not at all: under another name first, then renamed."""

from __future__ import annotations

import contextlib
import os
import stat

from cleaner.model import InputError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]  # a module cannot be typed as optional

# Files that are being written have names that begin so; the next run removes those that a killed run left.
_ASIDE = ".cleaner-"


def write_atomically(path: str, content: bytes, before: os.stat_result | None = None) -> None:
    """Replace a file's content, or make the file, and keep its owner and mode. No half-written file is ever visible.

    A symbolic link stays one: the file that it names is replaced. ``before`` is the file's state when it was read. Raises InputError,
    and leaves the file alone, if it has changed since, if its owner cannot be kept, or if it cannot be written.
    """
    target = os.path.realpath(path)
    try:
        now = os.stat(target) if os.path.exists(target) else None
        if before is not None:
            _check_unchanged(path, target, before)
        _replace(path, target, content, now, before)
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror}; it was not changed") from error


def write_private(path: str, content: bytes) -> bool:
    """Write a file that nobody else can read or change, and tell whether that worked."""
    try:
        _replace(path, path, content, None, None, mode=0o600)
    except OSError:
        return False
    return True


def remove_leftovers(folder: str) -> None:
    """Remove the half-written files that killed runs left in a folder; those of running ones are locked."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(_ASIDE) and entry.is_file(follow_symlinks=False):
                with contextlib.suppress(OSError), open(entry.path, "rb") as file:
                    if fcntl is not None:
                        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    os.unlink(entry.path)


def _replace(
    path: str,
    target: str,
    content: bytes,
    now: os.stat_result | None,
    before: os.stat_result | None,
    mode: int = 0o644,
) -> None:
    handle, aside = _opened_aside(os.path.dirname(target))
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            os.chmod(aside, mode if now is None else _owned(path, aside, now))
            if fcntl is None:
                file.close()  # Windows cannot rename an open file; elsewhere it stays locked until it is renamed
            if before is not None:
                _check_unchanged(path, target, before)
            os.replace(aside, target)
    except BaseException:
        os.unlink(aside)
        raise


def _opened_aside(folder: str) -> tuple[int, str]:
    """Make a file in a folder and lock it; return its descriptor and its path."""
    import tempfile  # slow to import, and only needed for writing

    while True:
        handle, aside = tempfile.mkstemp(prefix=_ASIDE, dir=folder)
        if fcntl is None:
            return handle, aside
        # Some network file systems have no locks; leftovers are not removed there.
        with contextlib.suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        if os.fstat(handle).st_nlink:
            return handle, aside
        os.close(handle)  # another run took it for a leftover before it was locked


def _owned(path: str, aside: str, now: os.stat_result) -> int:
    """Give a file the owner and group of the one that it will replace, and return the mode that it may then have.

    Raises InputError if the owner cannot be kept.
    """
    mode = stat.S_IMODE(now.st_mode)
    if not hasattr(os, "chown"):
        return mode
    with contextlib.suppress(OSError):
        os.chown(aside, -1, now.st_gid)
    with contextlib.suppress(OSError):
        os.chown(aside, now.st_uid, -1)
    made = os.stat(aside)
    if made.st_uid != now.st_uid:
        raise InputError(
            f"{path}: belongs to another user, who would lose it; it was not changed: write the text to a file of your own"
        )
    return mode if made.st_gid == now.st_gid else mode & ~stat.S_ISGID


def _check_unchanged(path: str, target: str, before: os.stat_result) -> None:
    """Raise InputError if a file has changed."""
    try:
        now = os.stat(target)
    except FileNotFoundError:
        raise InputError(f"{path}: was removed while it was cleaned; nothing is written") from None
    if any([getattr(now, name) != getattr(before, name) for name in ("st_dev", "st_ino", "st_size", "st_mtime_ns")]):
        raise InputError(f"{path}: was changed while it was cleaned; it is left as it is now: clean it again")
