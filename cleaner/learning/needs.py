"""Packages that learning needs and that are not always installed."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from cleaner.model import SettingsError


def needed_package(name: str) -> Any:
    """Return a package of the extra ``learn``; raises SettingsError, saying how to install it, if it is missing."""
    try:
        return import_module(name)
    except ImportError as error:
        raise SettingsError(
            f"learning needs the package {name}; install it with: pip install 'boilerplate-cleaner[learn]'"
        ) from error
