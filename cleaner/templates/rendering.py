"""Templates filled in. All that comes from documents is escaped, and the page itself forbids whatever it did not bring."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import Any

from cleaner.model import CleanerError


def check_jinja() -> None:
    """Raise CleanerError, saying what to install, if Jinja is missing: before the work, and not after it."""
    _environment()


def render(template: str, **values: Any) -> str:
    """Return a page: a template of this folder with values in it. Raises CleanerError if Jinja is missing."""
    page: str = _environment().get_template(template).render(**values)
    # A lone surrogate cannot be written.
    return page.encode("utf-8", "replace").decode()


@cache
def _environment() -> Any:
    try:
        jinja = import_module("jinja2")
    except ImportError as error:
        raise CleanerError(f"pages need jinja2: pip install 'boilerplate-cleaner[report]' ({error})") from error
    environment = jinja.Environment(
        loader=jinja.FunctionLoader(_source),
        autoescape=True,
        undefined=jinja.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    safe = import_module("markupsafe").Markup
    # Styles and scripts are ours, so they go in as they are.
    environment.globals["own"] = lambda name: safe(_source(name))
    environment.globals["digest"] = lambda name: _digest(_source(name))
    environment.filters["number"] = _number
    environment.filters["share"] = _share
    environment.filters["plural"] = _plural
    return environment


def _source(name: str) -> str:
    return files("cleaner.templates").joinpath(name).read_text(encoding="utf-8")


def _digest(script: str) -> str:
    """Return the name under which a page's security policy allows a script."""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"


def _number(value: int) -> str:
    return f"{value:,}"


def _share(value: float) -> str:
    """Return a share of 1 in percent, never rounded to nothing."""
    percent = 100 * value
    if 0 < percent < 0.1:
        return "< 0.1 %"
    return f"{percent:.0f} %" if percent >= 10 or not percent else f"{percent:.1f} %"


def _plural(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"
