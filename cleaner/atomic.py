"""Files written whole or not at all: under another name first, then renamed."""

from __future__ import annotations

import os

from cleaner.model import InputError


def write_atomically(path: str, content: bytes) -> None:
    """Replace a file's content, or make the file, and keep its mode. No half-written file is ever there.

    A symbolic link stays one: the file that it names is replaced. Raises InputError when that cannot be done.
    """
    target = os.path.realpath(path)
    try:
        mode = os.stat(target).st_mode if os.path.exists(target) else 0o644
        _replace(target, content, mode & 0o7777)
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror}; it is as it was") from error


def write_private(path: str, content: bytes) -> bool:
    """Write a file that nobody else can read or change, and tell whether that worked."""
    try:
        _replace(path, content, 0o600)
    except OSError:
        return False
    return True


def _replace(target: str, content: bytes, mode: int) -> None:
    import tempfile  # not needed where nothing is written, and slow to import

    handle, aside = tempfile.mkstemp(prefix=".cleaner-", dir=os.path.dirname(target))
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(aside, mode)
        os.replace(aside, target)
    except BaseException:
        os.unlink(aside)
        raise
