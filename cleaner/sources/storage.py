"""Files on a disk or in an object store, read as streams, and written whole or not at all.

A path with a protocol (``s3://…``) goes through fsspec; any other is a path on the disk.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from typing import IO, Any

from cleaner.model import CleanerError, InputError

_READ_AHEAD = 8 << 20
_EXTRA = ("filelock", "fsspec", "orjson", "pyarrow", "rich", "zstandard")


class OutputError(CleanerError):
    """Output that cannot be written. What was finished before stays."""


class StrictError(CleanerError):
    """A document or file that cannot be cleaned, in a run that stops at the first."""


def needed(module: str) -> Any:
    """Return a module of the extra ``corpus``, imported when it is first needed; raises CleanerError if it is missing."""
    from importlib import import_module

    try:
        return import_module(module)
    except ImportError as error:
        raise CleanerError(f"corpora need {module}: pip install 'boilerplate-cleaner[corpus]' ({error})") from error


def check_installed() -> None:
    """Raise CleanerError, saying what to install, if a module of the extra ``corpus`` is missing, before workers fail one by one."""
    from importlib.util import find_spec

    missing = [module for module in _EXTRA if find_spec(module) is None]
    if missing:
        raise CleanerError(f"corpora need {', '.join(missing)}: pip install 'boilerplate-cleaner[corpus]'")


def is_remote(path: str) -> bool:
    """Return whether a path is in an object store or another file system of fsspec."""
    return "://" in path


def filesystem(path: str) -> tuple[Any, str]:
    """Return fsspec's file system for a path with a protocol, and the path in it."""
    # Files that other processes have just written must be seen, so listings are not cached.
    system, inside = needed("fsspec").core.url_to_fs(path, use_listings_cache=False)
    return system, inside


def absolute(path: str | os.PathLike[str]) -> str:
    """Return a path that means the same from any working folder; the protocol ``file`` is dropped."""
    path = os.fspath(path)
    if path.startswith("file://"):
        path = path[len("file://") :]
    return path.rstrip("/") if is_remote(path) else os.path.abspath(path)


def joined(folder: str, *names: str) -> str:
    """Return the path of ``names``, whose parts are separated by "/", below a folder."""
    if is_remote(folder):
        return "/".join([folder.rstrip("/"), *names])
    return os.path.join(folder, *(part for name in names for part in name.split("/")))


def exists(path: str) -> bool:
    """Return whether there is a file or folder."""
    if is_remote(path):
        system, inside = filesystem(path)
        return bool(system.exists(inside))
    return os.path.exists(path)


def state(path: str) -> tuple[int, str]:
    """Return a file's size in bytes, and the time when it was modified, or what its store has instead (an ETag).

    Raises InputError if it cannot be read or, being local, is not a regular file.
    """
    try:
        if not is_remote(path):
            found = os.stat(path)
            if not stat.S_ISREG(found.st_mode):
                raise InputError(f"{path}: is not a regular file; write it to one first")
            return found.st_size, str(found.st_mtime_ns)
        system, inside = filesystem(path)
        info = system.info(inside)
    except OSError as error:
        raise unreadable(path, error) from error
    modified = next((info[key] for key in ("ETag", "etag", "LastModified", "mtime", "created") if key in info), "")
    return int(info["size"]), str(modified)


def open_input(path: str) -> IO[bytes]:
    """Open a file for reading; raises InputError saying why it cannot be read."""
    try:
        if not is_remote(path):
            return open(path, "rb", buffering=1 << 20)
        system, inside = filesystem(path)
        stream: IO[bytes] = system.open(inside, "rb", block_size=_READ_AHEAD)
    except OSError as error:
        raise unreadable(path, error) from error
    return stream


def content_hash(path: str) -> str:
    """Return the SHA-256 of a file's content, or what its store has instead, so nothing is fetched twice."""
    import hashlib

    if is_remote(path):
        return state(path)[1]
    try:
        with open_input(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    except OSError as error:
        raise unreadable(path, error) from error


def unreadable(path: str, error: BaseException) -> InputError:
    """Return the error of a file that cannot be read."""
    return InputError(f"{path}: cannot be read: {reason(error)}")


def unwritable(path: str, error: BaseException) -> OutputError:
    """Return the error of a file that cannot be written."""
    return OutputError(
        f"{path}: cannot be written: {reason(error)}; what was finished stays; fix this and run the same command again"
    )


def reason(error: BaseException) -> str:
    """Return the message of a system error, without the path that our own message already names."""
    number = getattr(error, "errno", None)
    return os.strerror(number) if number else str(error) or type(error).__name__


@contextlib.contextmanager
def written_whole(path: str, aside: str) -> Iterator[str]:
    """Yield the path of a local file to write, which becomes ``path`` if the block succeeds and is removed if it fails.

    On a disk the file is made in the folder ``aside``, synced, and renamed; for an object store it is made in the system's
    temporary folder and uploaded, which is atomic there.
    """
    remote = is_remote(path)
    try:
        if not remote:
            os.makedirs(aside, exist_ok=True)
        handle, made = tempfile.mkstemp(
            prefix=f"{os.getpid()}-", suffix=f"-{os.path.basename(path)}"[-60:], dir=None if remote else aside
        )
        os.close(handle)
    except OSError as error:
        raise unwritable(path, error) from error
    try:
        try:
            yield made
            if remote:
                system, inside = filesystem(path)
                system.put_file(made, inside)
            else:
                _settle(made, path)
        except OSError as error:
            raise unwritable(path, error) from error
    finally:
        if os.path.exists(made):
            os.unlink(made)


def _settle(made: str, path: str) -> None:
    """Sync a file to the disk and rename it; it gets the mode of a new file of this user."""
    with open(made, "rb") as file:
        os.fsync(file.fileno())
    os.makedirs(os.path.dirname(path), exist_ok=True)
    mask = os.umask(0)
    os.umask(mask)
    os.chmod(made, 0o666 & ~mask)
    os.replace(made, path)


def write_json(path: str, value: object, aside: str) -> None:
    """Write a value as a JSON file, whole or not at all."""
    with written_whole(path, aside) as made, open(made, "w", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=False, indent=1)
        file.write("\n")


def read_json(path: str) -> Any:
    """Return what a JSON file holds, None if there is no file; raises InputError for a broken one."""
    if not exists(path):
        return None
    try:
        with open_input(path) as file:
            return json.loads(file.read())
    except ValueError as error:
        raise InputError(f"{path}: is not JSON: {error}; start over with --restart") from error


def remove(path: str) -> None:
    """Remove a file, or a folder with everything in it, if it is there."""
    if is_remote(path):
        system, inside = filesystem(path)
        if system.exists(inside):
            system.rm(inside, recursive=True)
    elif os.path.isdir(path):
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)


def names_below(folder: str) -> list[str]:
    """Return the files below a folder, sorted, as relative paths whose parts are separated by "/".

    Raises InputError for a folder that cannot be read: what is in it would be left out quietly.
    """
    if is_remote(folder):
        system, inside = filesystem(folder)
        inside = inside.rstrip("/")
        return sorted(path[len(inside) + 1 :] for path in system.find(inside) if path.startswith(inside + "/"))
    found = []

    def stop(error: OSError) -> None:
        # What is not there, or is gone by now, holds no files.
        if isinstance(error, FileNotFoundError):
            return
        raise unreadable(error.filename, error) from error

    for root, folders, files in os.walk(folder, onerror=stop):
        folders.sort()
        below = os.path.relpath(root, folder).replace(os.sep, "/")
        found += [name if below == "." else f"{below}/{name}" for name in files]
    return sorted(found)
