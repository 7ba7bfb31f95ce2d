"""Takes the boilerplate out of text: bylines, bios, comment forms, repeated titles, ad labels, credits.

>>> import cleaner
>>> cleaner.clean("The council met on Monday.\\n\\nLeave a Reply")
'The council met on Monday.'

Each part is loaded when it is first used, so normalizing a text does not wait for the rules.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING

from cleaner.version import __version__

if TYPE_CHECKING:
    from cleaner.cleaning import Cleaner, CleanerOptions, clean, clean_html, explain, explain_html
    from cleaner.integrations.frames import clean_many, explain_many
    from cleaner.learning.run import learn
    from cleaner.model import CleanerError, Explanation, Finding, Held, InputError, Kept, RuleError, SettingsError
    from cleaner.reporting.run import report
    from cleaner.text.normalizing import normalize

__all__ = [
    "Cleaner",
    "CleanerError",
    "CleanerOptions",
    "Explanation",
    "Finding",
    "Held",
    "InputError",
    "Kept",
    "RuleError",
    "SettingsError",
    "__version__",
    "clean",
    "clean_html",
    "clean_many",
    "explain",
    "explain_html",
    "explain_many",
    "learn",
    "normalize",
    "report",
]

_HOMES = {
    "Cleaner": "cleaning",
    "clean": "cleaning",
    "explain": "cleaning",
    "CleanerOptions": "cleaning",
    "clean_html": "cleaning",
    "clean_many": "integrations.frames",
    "explain_html": "cleaning",
    "explain_many": "integrations.frames",
    "learn": "learning.run",
    "normalize": "text.normalizing",
    "report": "reporting.run",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'cleaner' has no attribute {name!r}")
    value = getattr(import_module(f"cleaner.{_HOMES.get(name, 'model')}"), name)
    if (model := sys.modules.get("cleaner.model")) is not None:
        model.draw = _drawn  # type: ignore[attr-defined]  # a module of any name
    globals()[name] = value
    return value


def _drawn(explained: Explanation) -> str | None:
    shown: str | None = import_module("cleaner.reporting.notebook").shown(explained)
    return shown
