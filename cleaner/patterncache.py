"""Compiled patterns on disk, as Python keeps its byte code: compiling one takes 2 to 40 ms, reading it back a tenth of one.

They lie in a folder of this package and nowhere else, so they are trusted as far as the code beside them is. A file says what it
was made of (the expanded pattern, the versions of Python and regex); where that is not the same to the letter, or the file cannot be
read, the pattern is compiled as if there were none. Where nothing can be written, nothing is.
"""

from __future__ import annotations

import marshal
import os
import sys
import zlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "compiled_patterns")
_state = {"files": -1}
# A folder of more files than this is no longer added to; the patterns of all rules in all languages are fewer.
MOST_FILES = 4000


def _made_of(source: str, flags: int) -> tuple[Any, ...]:
    import regex

    return source, int(flags), regex.__version__, sys.hexversion, sys.implementation.name, sys.byteorder, sys.maxsize


def _path(made_of: tuple[Any, ...]) -> str:
    content = repr(made_of).encode("utf-8", "backslashreplace")
    return os.path.join(_FOLDER, f"{zlib.crc32(content):08x}{zlib.adler32(content):08x}")


def compiled(source: str, flags: int) -> Any:
    """Return a pattern compiled, from disk where it is there; raises ``regex.error``."""
    import regex

    made_of = _made_of(source, flags)
    path = _path(made_of)
    try:
        with open(path, "rb") as file:
            known, data = marshal.loads(file.read())
        if known == made_of:
            return regex._regex.compile(*data)
    except (OSError, ValueError, EOFError, TypeError, AttributeError):
        pass
    pattern = regex.compile(source, flags)
    _write(path, made_of, pattern)
    return pattern


def _write(path: str, made_of: tuple[Any, ...], pattern: Any) -> None:
    aside = f"{path}.{os.getpid()}"
    try:
        if _state["files"] < 0:
            os.makedirs(_FOLDER, exist_ok=True)
            _state["files"] = len(os.listdir(_FOLDER))
        if _state["files"] >= MOST_FILES:
            return
        _state["files"] += 1
        content = marshal.dumps((made_of, pattern._pickled_data))
        with open(aside, "wb") as file:
            file.write(content)
        os.replace(aside, path)
    except (OSError, ValueError, AttributeError):
        if os.path.exists(aside):
            os.unlink(aside)
