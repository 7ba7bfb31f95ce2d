"""Settings from ``[tool.cleaner]`` in the nearest ``pyproject.toml``, or from ``cleaner.toml``."""

from __future__ import annotations

import difflib
import os
from typing import Any

from cleaner.model import SettingsError

# Each key: its type, and the words for it in errors.
TYPES: dict[str, tuple[type | tuple[type, ...], str]] = {
    "preset": (str, "a text"),
    "select": (list, "a list of texts"),
    "ignore": (list, "a list of texts"),
    "languages": (list, "a list of texts"),
    "rules": (list, "a list of texts"),
    "max-drop": ((int, float), "a number from 0 to 1"),
    "whitespace": (str, "a text"),
    "keep": (list, "a list of texts"),
    "drop": (list, "a list of texts"),
    "encoding": (str, "a text"),
    "errors": (str, "a text"),
}


# What each key means, for editors; the reference says more.
MEANINGS = {
    "preset": "`default` drops what is never part of an article; `body` returns only the running text",
    "select": "use only these rules: ids, families or shell patterns",
    "ignore": "use all but these rules",
    "languages": "BCP 47 codes of the phrases and patterns to use",
    "rules": "files or folders of your own rules, relative to this file, or names of entry points",
    "max-drop": "a text that would lose more than this share of its words stays whole",
    "whitespace": "what is done to spaces",
    "keep": "whole lines that must stay, or regular expressions after `re:`",
    "drop": "whole lines that must go, or regular expressions after `re:`",
    "encoding": "how to decode the input",
    "errors": "what to do with bytes that do not decode",
}


def find(config: str | None = None) -> tuple[str, dict[str, Any]]:
    """Return the file of the nearest settings from the working directory upwards ("" if there is none), and the settings.

    In one folder ``cleaner.toml`` wins over ``pyproject.toml``; a pyproject.toml without ``[tool.cleaner]`` is skipped. Paths
    under ``rules`` are relative to the file's folder. Raises SettingsError for an unknown key or a value of the wrong type.
    """
    if config is not None:
        return config, _named(config)
    folder = os.getcwd()
    while True:
        for name in ("cleaner.toml", "pyproject.toml"):
            path = os.path.join(folder, name)
            try:
                with open(path, "rb") as file:
                    content = file.read()
            except OSError:
                continue
            table = _read(path, content, name == "pyproject.toml")
            if table is not None:
                return path, table
        above = os.path.dirname(folder)
        if above == folder:
            return "", {}
        folder = above


def _named(path: str) -> dict[str, Any]:
    try:
        with open(path, "rb") as file:
            content = file.read()
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from error
    table = _read(path, content, os.path.basename(path) == "pyproject.toml")
    if table is None:
        raise SettingsError(
            f"{path}: has no table [tool.cleaner]; write one, or name a file with settings at the top level"
        )
    return table


def _read(path: str, content: bytes, is_pyproject: bool) -> dict[str, Any] | None:
    import tomllib  # most runs have no settings file

    try:
        table: Any = tomllib.loads(content.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: is not TOML: {error}") from error
    except RecursionError:
        raise SettingsError(f"{path}: is nested too deeply to be read") from None
    if is_pyproject:
        tool = table.get("tool", {})
        table = tool.get("cleaner") if isinstance(tool, dict) else None
        if table is None:
            return None
        if not isinstance(table, dict):
            raise SettingsError(f"{path}: tool.cleaner: is not a table; write [tool.cleaner] and the settings below it")
    for name, value in table.items():
        if name not in TYPES:
            close = difflib.get_close_matches(name, TYPES, n=1)
            cure = f"did you mean {close[0]!r}?" if close else f"known keys are {', '.join(TYPES)}"
            raise SettingsError(f"{path}: {name}: unknown key; {cure}")
        wanted, called = TYPES[name]
        right = isinstance(value, wanted) and not isinstance(value, bool)
        if not right or (wanted is list and not all(isinstance(entry, str) for entry in value)):
            raise SettingsError(f"{path}: {name}: is {value!r}; write {called}")
    own = os.path.dirname(path)
    if "rules" in table:
        table["rules"] = [
            joined if os.path.exists(joined := os.path.join(own, name)) else name for name in table["rules"]
        ]
    return dict(table)
