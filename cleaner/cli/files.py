"""Bytes at the edges: decode files, remember how they were written, and encode them the same way."""

from __future__ import annotations

import codecs
import os
import stat
import sys
from collections.abc import Iterator
from typing import IO, NamedTuple

from cleaner.model import InputError

STDIN = "<stdin>"

_BOM = b"\xef\xbb\xbf"
# As in git, a NUL among the first bytes means that a file is binary.
_PROBE = 8000


class Source(NamedTuple):
    """A text and how its file holds it: encoding, byte order mark, newline style, final newline."""

    text: str
    encoding: str
    bom: bytes
    newline: str
    final_newline: bool


def name_of(path: str) -> str:
    """Return a file's name for messages; ``-`` is standard input."""
    return STDIN if path == "-" else path


def _opened(path: str) -> IO[bytes]:
    return sys.stdin.buffer if path == "-" else open(path, "rb")


def read_bytes(path: str) -> bytes:
    """Return the bytes of a file, or of standard input for ``-``; raises InputError naming the file and why it cannot be read."""
    try:
        with _opened(path) as file:
            return file.read()
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error


def read_lines(path: str) -> Iterator[bytes]:
    """Yield the lines of a file, or of standard input for ``-``, with their line breaks; raises InputError as ``read_bytes`` does."""
    try:
        with _opened(path) as file:
            yield from file
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: str, error: Exception) -> InputError:
    return InputError(f"{name_of(path)}: cannot be read: {getattr(error, 'strerror', None) or error}")


def state_to_rewrite(path: str) -> os.stat_result:
    """Return the state of a file to rewrite; raises InputError if it is missing or not a regular file."""
    try:
        found = os.stat(path)
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    if stat.S_ISDIR(found.st_mode):
        raise InputError(f"{path}: is a folder; name the files in it")
    if not stat.S_ISREG(found.st_mode):
        raise InputError(f"{path}: is not a regular file, so it cannot be rewritten; filter it: cleaner < FILE")
    return found


def decode(content: bytes, name: str, encoding: str = "utf-8", errors: str = "strict") -> Source:
    """Return the text in ``content``, which came from ``name``.

    Raises InputError, naming the byte, if it is not text in that encoding.
    """
    if (
        errors == "strict"
        and b"\0" in content[:_PROBE]
        and not encoding.lower().startswith(("utf-16", "utf_16", "utf-32", "utf_32"))
    ):
        hint = (
            "it looks like UTF-16: try --encoding utf-16"
            if content[:2] in (b"\xff\xfe", b"\xfe\xff")
            else "leave it out"
        )
        raise InputError(f"{name}: is a binary file (NUL at byte {content.index(0)}); {hint}, or pass --errors replace")
    bom = _BOM if encoding.lower().replace("_", "-") in ("utf-8", "utf8") and content.startswith(_BOM) else b""
    try:
        text = content[len(bom) :].decode(encoding, errors)
    except UnicodeDecodeError as error:
        place = len(bom) + error.start
        line = content.count(b"\n", 0, place) + 1
        raise InputError(
            f"{name}:{line}: is not {encoding.upper()} at byte {place} (0x{content[place]:02x}); "
            "name its encoding with --encoding, or pass --errors replace"
        ) from error
    except (LookupError, ValueError) as error:
        raise _unusable_encoding(name, encoding, error) from error
    newline = _newline_of(text)
    return Source(text, encoding, bom, newline, text.endswith(("\n", "\r")))


def check_encoding(name: str, encoding: str) -> None:
    """Raise InputError if there is no such encoding, or if it does not encode text."""
    try:
        # Not b"": that decodes without a look at the encoding.
        b" ".decode(codecs.lookup(encoding).name, "replace")
    except (LookupError, ValueError) as error:
        raise _unusable_encoding(name, encoding, error) from error


def _unusable_encoding(name: str, encoding: str, error: Exception) -> InputError:
    if isinstance(error, UnicodeError):
        return InputError(f"{name}: cannot be read in the encoding {encoding!r}: {error}; name another with --encoding")
    return InputError(f"{name}: there is no encoding {encoding!r}; use one of Python's names, such as cp1252")


def _newline_of(text: str) -> str:
    """Return the line break that a text uses most; ``"\\n"`` for a text with none."""
    windows = text.count("\r\n")
    unix = text.count("\n") - windows
    old = text.count("\r") - windows
    if windows >= max(unix, old) and windows:
        return "\r\n"
    return "\r" if old > unix else "\n"


def encode(source: Source, text: str, name: str) -> bytes:
    """Return ``text`` as bytes, written as ``source`` was; raises InputError if its encoding lacks a character."""
    if text and source.final_newline:
        text += "\n"
    if source.newline != "\n":
        text = text.replace("\n", source.newline)
    try:
        return source.bom + text.encode(source.encoding)
    except UnicodeEncodeError as error:
        raise InputError(
            f"{name}: the cleaned text has {text[error.start]!r}, which {source.encoding} cannot hold; convert the file to UTF-8 first"
        ) from error
    except ValueError as error:
        raise _unusable_encoding(name, source.encoding, error) from error
