"""Settings from ``[tool.cleaner]`` in the nearest ``pyproject.toml``, or from ``cleaner.toml``."""

from __future__ import annotations

import os

from cleaner.model import SettingsError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence
    from typing import Any

# Each key: its type, and how the error calls it.
_KEYS: dict[str, tuple[type | tuple[type, ...], str]] = {
    "preset": (str, "a text"),
    "select": (list, "a list of texts"),
    "ignore": (list, "a list of texts"),
    "languages": (list, "a list of texts"),
    "rules": (list, "a list of texts"),
    "max-drop": ((int, float), "a number from 0 to 1"),
    "encoding": (str, "a text"),
    "errors": (str, "a text"),
}


def find(folder: str) -> tuple[str, dict[str, Any]]:
    """Return the nearest settings from ``folder`` upwards, and the file that they are from ("" when there is none).

    In one folder ``cleaner.toml`` goes before ``pyproject.toml``; a pyproject.toml without ``[tool.cleaner]`` is passed over.
    Paths under ``rules`` are from the file's own folder. Raises SettingsError for an unknown key or a value of the wrong type.
    """
    folder = os.path.abspath(folder)
    while True:
        for name in ("cleaner.toml", "pyproject.toml"):
            path = os.path.join(folder, name)
            try:
                with open(path, "rb") as file:
                    content = file.read()
            except OSError:
                continue
            # Reading TOML takes longer than a short text takes to clean, so it is read only where it is for us.
            if name == "cleaner.toml" or b"tool.cleaner" in content:
                table = _read(path, content, name == "pyproject.toml")
                if table is not None:
                    return path, table
        above = os.path.dirname(folder)
        if above == folder:
            return "", {}
        folder = above


def _read(path: str, content: bytes, is_pyproject: bool) -> dict[str, Any] | None:
    import tomllib

    try:
        table: Any = tomllib.loads(content.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: is not TOML: {error}") from error
    if is_pyproject:
        table = table.get("tool", {}).get("cleaner")
        if table is None:
            return None
    for name, value in table.items():
        if name not in _KEYS:
            import difflib

            close = difflib.get_close_matches(name, _KEYS, n=1)
            cure = f"did you mean {close[0]!r}?" if close else f"known keys are {', '.join(_KEYS)}"
            raise SettingsError(f"{path}: {name}: unknown key; {cure}")
        wanted, called = _KEYS[name]
        right = isinstance(value, wanted) and not isinstance(value, bool)
        if not right or (wanted is list and not all(isinstance(entry, str) for entry in value)):
            raise SettingsError(f"{path}: {name}: is {value!r}; write {called}")
    own = os.path.dirname(path)
    if "rules" in table:
        table["rules"] = [
            joined if os.path.exists(joined := os.path.join(own, name)) else name for name in table["rules"]
        ]
    return dict(table)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command that say what a Cleaner does."""
    parser.add_argument("--preset", metavar="NAME", help="default, or body: captions, credits and a known title go too")
    parser.add_argument(
        "--select",
        metavar="RULES",
        action="append",
        help="only these rules: ids, families or shell patterns, with commas",
    )
    parser.add_argument("--ignore", metavar="RULES", action="append", help="all but these rules")
    parser.add_argument(
        "--languages", metavar="CODES", action="append", help="only the words of these languages, with commas"
    )
    parser.add_argument(
        "--rules", metavar="PATH", action="append", help="a file or folder of your own rules, beside the built-in ones"
    )
    parser.add_argument(
        "--max-drop",
        metavar="SHARE",
        type=float,
        help="keep a text whole that would lose more than this share of its words",
    )


def cleaner_options(given: Any, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of a Cleaner: those given to the command, and else those of the settings."""
    return {
        "preset": given.preset or settings.get("preset", "default"),
        "select": _listed(given.select) or settings.get("select"),
        "ignore": _listed(given.ignore) or settings.get("ignore", ()),
        "languages": _listed(given.languages) or settings.get("languages"),
        "rules": given.rules if given.rules is not None else settings.get("rules", []),
        "max_drop": given.max_drop if given.max_drop is not None else settings.get("max-drop"),
    }


def _listed(values: Sequence[str] | None) -> list[str] | None:
    if values is None:
        return None
    return [entry for value in values for entry in value.replace(",", " ").split()]
