"""The report, read, filtered and clicked on in a real browser."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import cleaner
from tests.browser import BROWSER, opened

for _package in ("jinja2", "playwright"):
    pytest.importorskip(_package, reason="needs a package of the extra `test-all`: pip install -e '.[test-all]'")
pytestmark = [
    pytest.mark.all,
    pytest.mark.usefixtures("browser"),
    pytest.mark.skipif(BROWSER is None, reason="needs Chromium: apt-get install chromium"),
]

PROSE = "The council voted on Monday to build a bridge across the harbour, as {} people had asked it to."
FORM = "Leave a Reply\nYour email address will not be published."
# Markup in a line, a name and a URL must be shown, and neither obeyed nor lost.
ODD = """<script>document.title = "taken"</script><img src="http://example.org/x" onerror="alert(1)"> & 'quotes' \\ {{ 7 * 7 }}"""
DOCUMENTS = [
    {"id": "a-1", "text": f"{PROSE.format(12)}\n\n{FORM}\n\nSource link", "url": "https://example.org/a"},
    {"id": "a-2", "text": f"{PROSE.format(13)}\n\n{FORM}"},
    {"id": "b-1", "text": PROSE.format(14)},
    {"id": f"odd {ODD}", "text": f"{ODD}\n{PROSE.format(15)}\n{ODD} again", "url": "javascript:alert(1)"},
    {"id": "flagged", "text": f"One more short line.\n{FORM}\nRelated Articles\nShare this article\nSource link"},
    {"id": "long", "text": "\n".join([*map(PROSE.format, range(20, 50)), FORM])},
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("report") / "report.html"
    cleaner.report(DOCUMENTS, drop=[ODD], ignore=["weather"], max_drop=0.5).write(found)
    return found


@pytest.fixture
def page(path: Path) -> Iterator[Any]:
    """The page; at the end nothing may have been said on the console, and no request made."""
    with opened(path) as page:
        yield page
        assert page.told == []


def visible(page: Any) -> list[str]:
    return [name.split(" ")[0] for name in page.locator(".doc:visible h3 a:first-child").all_text_contents()]


def configuration(page: Any) -> dict[str, Any]:
    page.locator("[data-config]").click()
    return tomllib.loads(page.locator("#config pre").inner_text())


def test_the_counts_are_those_of_the_documents(page: Any) -> None:
    tiles = dict(
        zip(page.locator(".tiles dt").all_inner_texts(), page.locator(".tiles dd").all_inner_texts(), strict=True)
    )
    assert tiles["documents"] == "6" and tiles["of which lines went"] == "4" and tiles["flagged, kept whole"] == "1"
    assert page.locator(".lead b").first.inner_text() == "8 lines"
    row = page.locator("#families details").filter(has_text="comments").locator("summary .n")
    assert row.inner_text() == "6"
    assert page.locator(".common tr:visible").filter(has_text="Leave a Reply").locator("td.n").first.inner_text() == "3"


def test_documents_are_filtered_by_rule_and_by_search(page: Any) -> None:
    assert visible(page) == ["a-1", "a-2", "flagged", "long", "odd"]
    page.select_option("#filter", "")
    assert visible(page) == ["a-1", "a-2", "b-1", "flagged", "long", "odd"]
    page.select_option("#filter", "footers/source-link")
    assert visible(page) == ["a-1", "flagged"]
    page.select_option("#filter", "comments/")
    page.fill("#search", "13 PEOPLE")
    page.locator("#found", has_text="1 of").wait_for()
    assert visible(page) == ["a-2"]
    page.fill("#search", "no such words")
    page.locator("#nothing button").click()
    assert len(visible(page)) == 6
    page.select_option("#filter", "*flagged")
    assert visible(page) == ["flagged"]
    page.select_option("#filter", "")
    page.select_option("#order", "share")
    assert visible(page)[:2] == ["flagged", "a-1"]


def test_a_click_on_a_rule_shows_its_documents(page: Any) -> None:
    page.locator("#families [data-filter='footers/source-link']").click()
    assert visible(page) == ["a-1", "flagged"]


def test_every_document_and_line_has_a_link(page: Any, path: Path) -> None:
    link = page.locator("#d1 .row.gone a").first
    assert link.get_attribute("href") == "#d1-3"
    link.click()
    assert page.url == f"{path.as_uri()}#d1-3" and page.locator("#d1-3").evaluate("e => e.matches(':target')")
    # A link to a line inside a fold, of a document that the filter hides, shows it.
    page.select_option("#filter", "footers/source-link")
    inside = page.locator("#d5 .fold .row").first.get_attribute("id")
    page.evaluate(f"location.hash = '{inside}'")
    page.locator(f"#{inside}").wait_for(state="visible")
    sample = page.locator(".sample figcaption a").first
    target = sample.get_attribute("href")
    page.locator(".reason > summary").first.click()
    sample.click()
    assert page.locator(target).is_visible()


def test_what_went_is_struck_through_and_what_was_spared_is_not(page: Any) -> None:
    def lines(selector: str) -> str:
        return str(page.locator(selector).first.evaluate("e => getComputedStyle(e).textDecorationLine"))

    assert page.locator("#d1 .gone del").all_inner_texts() == [*FORM.split("\n"), "Source link"]
    assert lines("#d1 .gone del") == "line-through" and lines(".flagged .spared del") == "underline"
    assert page.locator(".flagged .keep").count() == 0


def test_lines_to_keep_and_rules_to_ignore_become_a_configuration(page: Any, path: Path) -> None:
    assert not page.locator(".basket").is_visible()
    page.locator("#d1 .row", has_text="Source link").locator(".keep").click()
    page.locator(".common tr", has_text="Leave a Reply").locator(".keep").click()
    # The same line is kept wherever it is.
    assert page.locator("#d2 .row.kept").count() == 1
    page.locator("[id='rule-comments/form-prompt'] > summary").click()
    page.locator("[id='rule-comments/form-prompt'] .tools .ignore").click()
    assert page.locator("#count").inner_text() == "3 changes"
    found = configuration(page)
    assert found == {"keep": ["Source link", "Leave a Reply"], "ignore": ["weather", "comments/form-prompt"]}
    page.locator("[data-copy]").click()
    page.locator("[data-copy]", has_text="Copied").wait_for()
    page.locator("#config [data-close]").click()
    # It does what it says.
    text = DOCUMENTS[0]["text"]
    assert cleaner.clean(text, **found) == text
    page.reload()
    assert page.locator("#count").inner_text() == "3 changes"
    page.locator("[data-config]").click()
    page.locator("[data-reset]").click()
    assert not page.locator(".basket").is_visible()


def test_a_rule_is_ignored_beside_its_line(page: Any) -> None:
    row = page.locator("#d1 .row", has_text="Source link")
    row.hover()
    row.locator(".ignore").click()
    assert page.locator(".row.ignored[data-rule='footers/source-link']").count() >= 2
    assert configuration(page) == {"ignore": ["weather", "footers/source-link"]}


def test_odd_lines_are_kept_as_they_are(page: Any) -> None:
    page.locator(".doc", has_text="15 people").locator(".row.gone .keep").first.click()
    found = configuration(page)
    assert found == {"keep": [ODD]}
    text = DOCUMENTS[3]["text"]
    assert cleaner.clean(text, drop=[ODD], **found) == text


def test_markup_is_shown_and_not_obeyed(page: Any) -> None:
    odd = page.locator(".doc", has_text="15 people")
    assert odd.locator(".gone del").text_content() == ODD
    assert odd.locator("h3").text_content().strip() == f"odd {ODD}"
    assert page.title() == "What was cleaned"
    assert page.locator("script").count() == 1 and page.locator("img").count() == 0
    assert odd.locator("a.out").count() == 0
    assert page.locator("#d1 a.out").get_attribute("href") == "https://example.org/a"


def test_keys_move_and_choose(page: Any) -> None:
    def current() -> str:
        return str(page.locator(".row.current").get_attribute("id"))

    page.keyboard.press("j")
    assert current() == "d1-3"
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator("#d1-4.kept").count() == 1
    page.keyboard.press("k")
    page.keyboard.press("i")
    assert page.locator("#count").inner_text() == "2 changes"
    page.keyboard.press("n")
    assert current() == "d2-3"
    page.keyboard.press("p")
    assert current() == "d1-3"
    page.keyboard.press("/")
    page.keyboard.type("jjj")
    assert page.input_value("#search") == "jjj"
    page.keyboard.press("Escape")
    assert page.input_value("#search") == "" and len(visible(page)) == 6
    page.keyboard.press("?")
    assert page.locator("#help").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    assert page.locator("#config").is_visible()


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_every_screen_in_light_and_dark(path: Path, width: int, scheme: str) -> None:
    with opened(path, width, color_scheme=scheme) as page:
        for each in page.locator("details").all():
            each.evaluate("e => e.open = true")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (sum(int(part) for part in paper[4:-1].split(", ")) > 380) == (scheme == "light")
        assert page.told == []


def test_texts_can_be_read_on_their_ground(path: Path) -> None:
    """The contrast of small coloured text is that of WCAG AA at least."""
    measure = """e => {
        const context = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
        const light = (colour) => {
            context.fillStyle = colour; context.fillRect(0, 0, 1, 1);
            const linear = (v) => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
            const [r, g, b] = [...context.getImageData(0, 0, 1, 1).data].map((v) => linear(v / 255));
            return .2126 * r + .7152 * g + .0722 * b;
        };
        const colours = [getComputedStyle(e.querySelector('del')).color, getComputedStyle(e).backgroundColor];
        const [a, b] = colours.map(light).sort((a, b) => b - a);
        return (a + .05) / (b + .05);
    }"""
    for scheme in ("light", "dark"):
        with opened(path, color_scheme=scheme) as page:
            for row in page.locator(".doc .row.gone").all():
                assert row.evaluate(measure) >= 4.5


def test_it_can_be_printed_whole(path: Path) -> None:
    with opened(path) as page:
        assert page.pdf()[:5] == b"%PDF-"
        page.emulate_media(media="print")
        assert not page.locator(".finder").is_visible() and not page.locator(".bar").is_visible()


def test_a_notebook_shows_a_text_with_the_same_colours(tmp_path: Path) -> None:
    path = tmp_path / "cell.html"
    shown = cleaner.explain(DOCUMENTS[0]["text"])._repr_html_()
    path.write_text(f"<!doctype html><meta charset=utf-8><body><p id=outside>Outside</p>{shown}", encoding="utf-8")
    with opened(path) as page:
        assert page.locator(".gone del").count() == 3
        assert "line-through" in page.locator(".gone del").first.evaluate("e => getComputedStyle(e).textDecorationLine")
        font = "e => getComputedStyle(e).fontFamily"
        assert page.locator("#outside").evaluate(font) != page.locator(".row p").first.evaluate(font)
        assert page.told == []
