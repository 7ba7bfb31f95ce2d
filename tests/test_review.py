"""The page to review what was learned, read and clicked on in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import cleaner
from cleaner.learning.review import Review
from tests.browser import BROWSER, opened
from tests.made_up_site import MENU, NOTICE, documents

# Markup in a line must be shown, and neither obeyed nor lost.
ODD = 'Read <script>document.title = "taken"</script> & <b>more</b> "here"'
PAGES = 20

for _package in ("duckdb", "datasketch", "playwright"):
    pytest.importorskip(_package, reason="needs a package of the extra `test-all`: pip install -e '.[test-all]'")
pytestmark = [
    pytest.mark.all,
    pytest.mark.usefixtures("browser"),
    pytest.mark.skipif(BROWSER is None, reason="needs Chromium: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The page, open in a browser as wide as a phone."""
    found = [{**document, "text": f"{document['text']}\n{ODD}"} for document in documents(PAGES)]
    found += documents(PAGES, "other.example")
    review = Review()
    cleaner.learn(found, seen=review.add)
    path = tmp_path_factory.mktemp("review") / "review.html"
    path.write_text(review.text, encoding="utf-8")
    with opened(path, width=390) as page:
        yield page


def row(page: Any, line: str) -> Any:
    summary = page.locator("summary", has_text=line)
    return page.locator("#site-1 tr").filter(has=summary).first


def test_each_line_has_its_support(page: Any) -> None:
    for line in (*MENU, NOTICE):
        assert f"{PAGES} of {PAGES}" in row(page, line).inner_text()
    assert f"{PAGES * len(NOTICE):,}" in row(page, NOTICE).inner_text()


def test_contexts_open_at_a_click(page: Any) -> None:
    contexts = row(page, NOTICE).locator(".context")
    assert contexts.count() == 3 and not contexts.first.is_visible()
    row(page, NOTICE).locator("summary").click()
    assert contexts.first.is_visible()
    assert contexts.first.inner_text().split("\n")[0] == "gazette.example-000"
    assert NOTICE in contexts.first.inner_text()


def test_markup_in_a_line_is_text(page: Any) -> None:
    assert page.title() == "What was learned"
    assert row(page, "document.title").locator("summary").inner_text() == ODD
    assert page.locator("script").count() == 0


def test_every_site_is_reached_from_the_top(page: Any) -> None:
    links = page.locator("ul a")
    assert links.all_inner_texts() == ["gazette.example", "other.example"]
    links.nth(1).click()
    heading = page.locator("h2", has_text="other.example")
    assert -1 < heading.bounding_box()["y"] < 200


def test_nothing_is_wider_than_a_phone(page: Any) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
