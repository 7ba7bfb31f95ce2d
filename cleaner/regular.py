"""Reading of regular files only: a pipe would be waited for, and a device never ends."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path


def read_regular(path: str | os.PathLike[str], most: int = -1) -> bytes:
    """Return the bytes of a file, at most ``most`` of them unless that is negative. Raises OSError, also if it is not a regular file."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        mode = os.fstat(handle).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, "it is a folder", os.fspath(path))
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "it is not a regular file", os.fspath(path))
        with open(handle, "rb", closefd=False) as file:
            return file.read(most)
    finally:
        os.close(handle)


def files_below(folder: Path, ending: str) -> list[Path]:
    """Return the files below a folder whose names end so, sorted. Raises OSError for a folder that cannot be read."""

    def stop(error: OSError) -> None:
        raise error

    return sorted(
        [
            Path(place, name)
            for place, _, names in os.walk(folder, onerror=stop)
            for name in names
            if name.endswith(ending)
        ]
    )
