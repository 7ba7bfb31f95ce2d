"""Settings from ``[tool.cleaner]`` in the nearest ``pyproject.toml``, or from ``cleaner.toml``."""

from __future__ import annotations

import difflib
import os
import stat
from typing import Any

from cleaner.model import SettingsError
from cleaner.regular import read_regular

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


# Settings are short; a file of more bytes is a mistake, or worse.
_LARGEST = 1 << 20


def find(config: str | None = None) -> tuple[str, dict[str, Any]]:
    """Return the file of the nearest settings from the working directory upwards ("" if there is none), and the settings.

    In one folder ``cleaner.toml`` wins over ``pyproject.toml``; a pyproject.toml without ``[tool.cleaner]`` is skipped. The last folder
    that is looked at is the root of the repository (it has ``.git``) or the home folder. Paths under ``rules`` are relative to the file's
    folder. Raises SettingsError for an unknown key or a value of the wrong type; and, unless ``config`` names the file, for rules that are
    outside that last folder, and for a file that another user could have written if this is root.
    """
    if config is not None:
        return config, _named(config)
    for folder in _folders():
        for name in ("cleaner.toml", "pyproject.toml"):
            path = os.path.join(folder, name)
            content = _content(path)
            table = None if content is None else _read(path, content, name == "pyproject.toml")
            if table is not None:
                _check_trusted(path)
                _check_inside(path, table)
                return path, table
    return "", {}


def _folders() -> list[str]:
    """Return the folders that are searched for settings, the working directory first."""
    home = os.path.realpath(os.path.expanduser("~"))
    folder = os.getcwd()
    found = [folder]
    while folder != home and not os.path.exists(os.path.join(folder, ".git")):
        folder, below = os.path.dirname(folder), folder
        if folder == below:
            break
        found.append(folder)
    return found


def _content(path: str) -> bytes | None:
    """Return the content of a regular file, None if there is none; a pipe would be waited for."""
    try:
        content = read_regular(path, _LARGEST + 1)
    except OSError:
        return None
    if len(content) > _LARGEST:
        raise SettingsError(f"{path}: is too large for settings, more than {_LARGEST:,} bytes; is it another file?")
    return content


def _check_trusted(path: str) -> None:
    """Raise SettingsError if this is root and another user could have written a file."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return
    # With sudo, one's own files are as good as root's.
    owners = {"0", os.environ.get("SUDO_UID", "0")}
    folder = os.stat(os.path.dirname(path))
    for found, is_sticky in ((os.stat(path), False), (folder, bool(folder.st_mode & stat.S_ISVTX))):
        is_open = found.st_mode & stat.S_IWOTH or (found.st_mode & stat.S_IWGRP and found.st_gid != 0)
        # Where the folder is sticky, others cannot put another file in place of this one.
        if not is_sticky and (str(found.st_uid) not in owners or is_open):
            raise SettingsError(
                f"{path}: another user could have written it, and this is root; name it with --config to use it, or another file"
            )


def _check_inside(path: str, table: dict[str, Any]) -> None:
    """Raise SettingsError if settings that nobody named ask for rules outside the folders that are searched for settings."""
    own = os.path.dirname(path)
    last = _folders()[-1]
    # Without a repository and outside the home folder, only what is beside the file belongs to it.
    top = os.path.realpath(own if os.path.dirname(last) == last else last)
    for name in table.get("rules", ()):
        place = os.path.realpath(name) if os.path.exists(name) else top
        if place != top and not place.startswith(os.path.join(top, "")):
            raise SettingsError(
                f"{path}: rules: {name!r} is outside {top}; to use it, name it with --rules, or these settings with --config"
            )


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
    except ValueError as error:  # also for a number of thousands of digits
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
