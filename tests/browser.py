"""Pages opened in a real browser, which all tests of a module share."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

_running: list[Any] = []


@contextmanager
def running_browser() -> Iterator[None]:
    """Run Chromium, so that ``opened`` can open files in it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        _running.append(playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"]))
        yield
        _running.pop().close()


@contextmanager
def opened(path: Path, width: int = 1280, **context: Any) -> Iterator[Any]:
    """Open a file as if for the first time. The page's ``told`` lists all that the console says and all requests that leave the page."""
    opening = _running[-1].new_context(viewport={"width": width, "height": 800}, **context)
    page: Any = opening.new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("dialog", lambda dialog: told.append(dialog.message))
    page.on("request", lambda request: told.append(request.url) if request.url != path.as_uri() else None)
    page.told = told
    page.goto(path.as_uri())
    yield page
    opening.close()
