"""Bytes at the edges: files read as text with what must survive remembered, and written back whole or not at all."""

from __future__ import annotations

from typing import NamedTuple

from cleaner.model import InputError

_BOM = b"\xef\xbb\xbf"
# As git does: a NUL among the first bytes means that a file is no text.
_PROBE = 8000


class Source(NamedTuple):
    """A text and how it stood in its file: encoding, byte order mark, newline style, final newline."""

    text: str
    encoding: str
    bom: bytes
    newline: str
    final_newline: bool


def read_bytes(path: str) -> bytes:
    """Return the bytes of a file; raises InputError naming the file and why it cannot be read."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error


def decode(content: bytes, name: str, encoding: str = "utf-8", errors: str = "strict") -> Source:
    """Return the text in ``content``, which came from ``name``.

    Raises InputError, naming the byte, where it is not text in that encoding.
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
    except LookupError as error:
        raise unknown_encoding(name, encoding) from error
    newline = _newline_of(text)
    return Source(text, encoding, bom, newline, text.endswith(("\n", "\r")))


def unknown_encoding(name: str, encoding: str) -> InputError:
    """Return the error that says that there is no such encoding."""
    return InputError(f"{name}: there is no encoding {encoding!r}; Python's names are meant, such as cp1252")


def _newline_of(text: str) -> str:
    """Return the line break that a text uses most; ``"\\n"`` for a text with none."""
    windows = text.count("\r\n")
    unix = text.count("\n") - windows
    old = text.count("\r") - windows
    if windows >= max(unix, old) and windows:
        return "\r\n"
    return "\r" if old > unix else "\n"


def encode(source: Source, text: str, name: str) -> bytes:
    """Return ``text`` as bytes in the way that ``source`` stood; raises InputError where its encoding has no such character."""
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
