"""Compiled patterns on disk, as Python keeps its byte code: compiling one takes 2 to 40 ms, reading it back a tenth of one.

They lie in a folder of this package and nowhere else, so they are trusted as far as the code beside them is. A file says what it
was made of (the expanded pattern or what it is expanded from, the file of regex, the version of Python); where that is not the same
to the letter, or the file cannot be read, the pattern is compiled as if there were none. Where nothing can be written, nothing is.

What matches is one module of regex in C, which needs nothing of the rest of it; the rest reads and compiles patterns, takes
longer to import than a text to clean, and is imported when a pattern must be compiled.
"""

from __future__ import annotations

import marshal
import os
import sys
import zlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "compiled_patterns")
_state = {"files": -1}
# From a folder of so many files the older half goes: some are of rules, or of versions, that are no longer there.
MOST_FILES = 4000
# As regex.IGNORECASE and regex.VERSION0.
IGNORECASE, VERSION0 = 0x2, 0x2000
_MATCHER = "regex._regex"
_matchers: list[tuple[Any, tuple[str, int, int]]] = []


def _matcher() -> tuple[Any, tuple[str, int, int]]:
    """Return the module of regex that matches, and which file it is: its path, time and size."""
    if not _matchers:
        if _MATCHER not in sys.modules:
            try:
                _import_alone()
            except (ImportError, AttributeError):
                sys.modules.pop(_MATCHER, None)
        if _MATCHER not in sys.modules:
            import regex
        module = sys.modules[_MATCHER]
        try:
            path = str(module.__file__)
            state = os.stat(path)
            file = path, state.st_mtime_ns, state.st_size
        except (OSError, AttributeError):
            import regex

            file = regex.__version__, 0, 0
        _matchers.append((module, file))
    return _matchers[0]


def _import_alone() -> None:
    """Import the module that matches without its package. Whoever imports regex later finds it where it would have put it."""
    from importlib.machinery import PathFinder

    package = PathFinder.find_spec("regex")
    spec = package and PathFinder.find_spec(_MATCHER, package.submodule_search_locations)
    if spec is None or spec.loader is None:
        raise ImportError(_MATCHER)
    module = spec.loader.create_module(spec)
    if module is None:
        raise ImportError(_MATCHER)
    module.__spec__ = spec
    spec.loader.exec_module(module)
    sys.modules[_MATCHER] = module


def _made_of(recipe: Any, flags: int) -> tuple[Any, ...]:
    file = _matcher()[1]
    return recipe, int(flags), file, sys.hexversion, sys.implementation.name, sys.byteorder, sys.maxsize


def _path(made_of: tuple[Any, ...]) -> str:
    content = repr(made_of).encode("utf-8", "backslashreplace")
    return os.path.join(_FOLDER, f"{zlib.crc32(content):08x}{zlib.adler32(content):08x}")


def compiled(source: str, flags: int) -> Any:
    """Return a pattern compiled, from disk where it is there; raises ``regex.error``."""
    return compiled_of(source, flags, lambda: source)


def compiled_of(recipe: Any, flags: int, expand: Callable[[], str]) -> Any:
    """Return the pattern that ``expand`` returns compiled; a ``recipe`` of plain values says all that it is expanded from."""
    made_of = _made_of(recipe, flags)
    path = _path(made_of)
    try:
        with open(path, "rb") as file:
            known, data = marshal.loads(file.read())
        if known == made_of:
            return _matcher()[0].compile(*data)
    except (OSError, ValueError, EOFError, TypeError, AttributeError):
        pass
    import regex

    pattern = regex.compile(expand(), flags)
    _write(path, made_of, pattern)
    return pattern


def _write(path: str, made_of: tuple[Any, ...], pattern: Any) -> None:
    aside = f"{path}.{os.getpid()}"
    try:
        if _state["files"] < 0:
            os.makedirs(_FOLDER, exist_ok=True)
            _state["files"] = len(os.listdir(_FOLDER))
        if _state["files"] >= MOST_FILES:
            _drop_older_half()
        _state["files"] += 1
        content = marshal.dumps((made_of, pattern._pickled_data))
        with open(aside, "wb") as file:
            file.write(content)
        os.replace(aside, path)
    except (OSError, ValueError, AttributeError):
        if os.path.exists(aside):
            os.unlink(aside)


def _drop_older_half() -> None:
    with os.scandir(_FOLDER) as entries:
        found = sorted([(entry.stat().st_mtime_ns, entry.path) for entry in entries])
    old = found[: (len(found) + 1) // 2]
    for _, path in old:
        os.unlink(path)
    _state["files"] = len(found) - len(old)
