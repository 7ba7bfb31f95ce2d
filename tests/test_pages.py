"""Pages: what they say of themselves, the extractors, hostile pages."""

from __future__ import annotations

import gzip
import subprocess
import sys
from typing import Any

import pytest

import cleaner
from cleaner.html import limits
from cleaner.html.reading import extract
from cleaner.sources import pages
from tests.conftest import Run
from tests.test_html import PROSE

pytest.importorskip("trafilatura", reason="needs the extra `html`")

FIRST = "By evening the storm had passed over the coast, and thousands of households were still without power."
TEXT = f"{FIRST}\nThe mayor opened the sports hall for the night.\nSchools stay closed on Tuesday."


def page_of(*parts: str, head: str = "") -> str:
    return f"<html><head><title>Storm</title>{head}</head><body><article>{''.join(parts)}</article></body></html>"


STAYS: list[tuple[str, dict[str, Any], str]] = [
    ("a first paragraph that is the description", {"description": FIRST}, FIRST),
    ("a link inside the text", {"links": ["The mayor opened the sports hall for the night."]}, FIRST),
    ("a heading that is a tag", {"tags": ["bridge", "mayor"]}, "Bridge"),
    ("a sentence about the author", {"author": "Jane Doe"}, "Jane Doe opened the sports hall."),
    ("another day", {"date": "2023-03-23"}, "March 24, 2023"),
    ("a part of a caption", {"captions": ["The old mill before the storm"]}, "The old mill"),
    (
        "a caption, by default",
        {"captions": ["The old mill before the storm"], "preset": "default"},
        "The old mill before the storm",
    ),
    (
        "a line that a comment quotes",
        {"comments": ["Schools stay closed on Tuesday.", "So what?", "Oh no."]},
        "So it goes.",
    ),
    ("the title, by default", {"title": "Storm over the coast", "preset": "default"}, "Storm over the coast"),
]


@pytest.mark.parametrize(("known", "line"), [case[1:] for case in STAYS], ids=[case[0] for case in STAYS])
def test_a_line_stays_that_only_looks_like_what_is_known(known: dict[str, Any], line: str) -> None:
    text = "\n".join(dict.fromkeys([line, *TEXT.split("\n")]))
    assert cleaner.clean(text, **{"preset": "body", **known}) == text


GOES: list[tuple[str, dict[str, Any], str]] = [
    (
        "titles/known",
        {"title": "Storm over the coast", "site_name": "The Daily Post"},
        "Storm over the coast - The Daily Post",
    ),
    ("titles/known", {"title": "Storm over the coast | The Daily Post"}, "Storm over the coast"),
    ("titles/known", {"title": ["Storm", "Storm over the coast"]}, "Storm over the coast"),
    ("bylines/author-name", {"author": ["jane doe"]}, "Jane Doe and John Roe, Staff Writers"),
    ("bylines/author-name", {"author": "Jane Doe; John Roe"}, "By John Roe"),
    ("datelines/known-date", {"date": "2023-03-23T10:15:00Z"}, "Updated: March 23, 2023 at 10:20"),
    ("footers/known-tags", {"tags": ["bridge", "mayor", "taxes"]}, "Bridge, Mayor, Taxes"),
    ("captions/known", {"captions": "The old mill before the storm."}, "The old mill before the storm."),
    ("titles/standfirst-copy", {"description": FIRST}, f"{FIRST[:60].rsplit(' ', 1)[0]}..."),
]


@pytest.mark.parametrize(("rule", "known", "line"), GOES, ids=[case[2] for case in GOES])
def test_a_line_goes_that_repeats_what_is_known(rule: str, known: dict[str, Any], line: str) -> None:
    text = f"{line}\n{TEXT}"
    assert cleaner.clean(text, preset="body") == text
    explained = cleaner.explain(text, preset="body", **known)
    assert explained.text == TEXT
    assert [(finding.rule, finding.line) for finding in explained.findings] == [(rule, 1)]


def test_links_go_from_above_and_below_an_article() -> None:
    # An article has paragraphs of twenty words.
    article = [
        "Storm over the coast",
        PROSE[0],
        f"{PROSE[1]} {PROSE[2]}",
        "New pictures",
        f"{PROSE[3]} {PROSE[2]}",
        f"{PROSE[2]} {PROSE[0]}",
    ]
    page = ["Old pictures » New pictures", *article, "New pictures | Old pictures", "All pictures"]
    assert cleaner.clean("\n".join(page)).split("\n") == page
    assert cleaner.clean("\n".join(page), links=["Old pictures", "New pictures", "All pictures"]).split("\n") == article


def test_comments_go_from_below_the_text() -> None:
    comments = ["What a storm!\nSchools stay closed on Tuesday.", "Stay safe, all of you."]
    text = "\n".join([TEXT, "It will rain, too.", *comments])
    assert cleaner.clean(text, comments=comments) == f"{TEXT}\nIt will rain, too."


@pytest.mark.parametrize("value", [1, {"a": "b"}, [1]])
def test_a_hint_is_a_text_or_a_list_of_texts(value: Any) -> None:
    with pytest.raises(TypeError, match="tags is a text or a list of texts, not "):
        cleaner.clean(TEXT, tags=value)


def test_a_page_tells_its_hints() -> None:
    head = """<meta name="author" content="Jane Roe"><meta property="article:published_time" content="2023-03-23T10:00:00Z">
    <meta property="og:site_name" content="The Daily Post"><meta name="description" content="A storm.">
    <meta name="keywords" content="storm, coast">"""
    figure = "<figure><img src='a.jpg' alt='Waves break over the old harbour wall'><figcaption>Waves at the harbour</figcaption></figure>"
    heading = "<img src='b.jpg' alt='What the mayor said about it'><h2>What the mayor said about it</h2>"
    page = page_of(figure, heading, *[f"<p>{line}</p>" for line in PROSE], head=head)
    known = extract(page, "https://www.example.org/storm").known
    assert (known["author"], known["date"], known["site_name"]) == ("Jane Roe", "2023-03-23", "The Daily Post")
    assert (known["description"], known["tags"]) == ("A storm.", ["storm, coast"])
    # What is also a heading is none.
    assert known["captions"] == ["Waves at the harbour", "Waves break over the old harbour wall"]
    assert known["url"] == "https://www.example.org/storm"


def test_what_is_given_wins() -> None:
    page = page_of(
        "<p>John Poe</p>", *[f"<p>{line}</p>" for line in PROSE], head='<meta name="author" content="Jane Roe">'
    )
    assert "John Poe" in cleaner.clean_html(page, extractor=by_lines)
    assert "John Poe" not in cleaner.clean_html(page, extractor=by_lines, author="John Poe")


def by_lines(page: str, url: str | None) -> str:
    """The text of all paragraphs, as a user's extractor might return it."""
    return "\n".join(part.split("</p>")[0] for part in page.split("<p>")[1:])


PAGE = page_of("<h1>Storm</h1>", *[f"<p>{line}</p>" for line in PROSE], "<p>Please enter your comment!</p>")


@pytest.mark.parametrize("extractor", ["trafilatura", "resiliparse", "readability", by_lines])
def test_every_extractor_finds_the_article(extractor: Any) -> None:
    if isinstance(extractor, str) and extractor != "trafilatura":
        pytest.importorskip("resiliparse", reason="needs the extra `resiliparse`")
        pytest.importorskip(extractor, reason=f"needs the extra `{extractor}`")
    text = cleaner.clean_html(PAGE, extractor=extractor, preset="body", title="Storm")
    assert [line for line in text.splitlines() if line] == PROSE


def test_an_extractor_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(
        cleaner.SettingsError, match="there is no extractor 'goose'; use one of trafilatura, resiliparse"
    ):
        cleaner.clean_html(PAGE, extractor="goose")


def test_an_extractor_whose_package_is_missing_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resiliparse.extract.html2text", None)
    with pytest.raises(
        cleaner.CleanerError, match=r"resiliparse needs resiliparse: pip install 'boilerplate-cleaner\[resil"
    ):
        cleaner.clean_html(PAGE, extractor="resiliparse")


def test_an_extractor_of_ones_own_that_fails_is_named() -> None:
    def broken(page: str, url: str | None) -> str:
        raise ValueError("no luck")

    with pytest.raises(cleaner.InputError, match="the page: broken could not read it: no luck"):
        cleaner.clean_html(PAGE, extractor=broken)


def test_what_no_extractor_finds_is_an_error_or_all_paragraphs() -> None:
    def nothing(page: str, url: str | None) -> None:
        return None

    finder: Any = nothing
    with pytest.raises(cleaner.InputError, match=r"no text was found in it; .*--fallback takes all paragraphs"):
        cleaner.clean_html(PAGE, extractor=finder)
    assert PROSE[1] in cleaner.clean_html(PAGE, extractor=finder, fallback=True)


def test_markdown_stays_markdown_when_asked() -> None:
    page = PAGE.replace(f"<p>{PROSE[2]}", f"<h2>The roads</h2><p><b>Crews</b>{PROSE[2][5:]}")
    text = cleaner.clean_html(page, markdown=True)
    assert "## The roads" in text and f"**Crews**{PROSE[2][5:]}" in text
    assert "#" not in cleaner.clean_html(page) and "*" not in cleaner.clean_html(page)


def test_a_table_of_data_stays_one_and_one_of_layout_does_not() -> None:
    data = "<table><tr><td>Town</td><td>Households</td></tr><tr><td>Oldport</td><td>1,200</td></tr></table>"
    layout = f"<table><tr><td>Menu</td><td><h1>Storm</h1>Jane Roe<br>{PROSE[0]}<p>{PROSE[1]}</p><p>{PROSE[2]}</p></td></tr></table>"
    lines = [line.strip() for line in extract(page_of(layout, f"<p>{PROSE[3]}</p>", data)).text.splitlines()]
    assert [line for line in lines if line in PROSE] == PROSE
    assert "| Oldport | 1,200 |" in lines


@pytest.mark.parametrize("tag", ["p", "div", "blockquote", "q"])
def test_a_line_break_of_the_source_is_a_space(tag: str) -> None:
    wrapped = f"<{tag}>{PROSE[0].replace(', and', f',{chr(10)} and')}</{tag}>"
    text = extract(PAGE.replace(f"<p>{PROSE[0]}</p>", wrapped)).text
    assert PROSE[0] in text.splitlines()


PROSE_HTML = "".join(f"<p>{line}</p>" for line in PROSE)
HOSTILE: list[tuple[str, str | bytes, str]] = [
    ("deep nesting", page_of("<div>" * 100_000, PROSE_HTML), "its elements are nested too deeply"),
    ("deep nesting that is closed", page_of("<b>" * 50_000, "</b>" * 50_000, PROSE_HTML), ""),
    ("many attributes", page_of("<p " + " ".join(f"a{n}='x'" for n in range(200_000)) + "></p>", PROSE_HTML), ""),
    ("one long attribute", page_of(f"<p class='{'a' * 1_000_000}'></p>", PROSE_HTML), ""),
    (
        "entities in entities",
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
        + page_of("&c;", PROSE_HTML),
        "no text was found in it",
    ),
    ("NUL", "\0".join(page_of(PROSE_HTML)), ""),
    ("cut off", page_of(PROSE_HTML)[:-60], ""),
    ("no charset of that name", b'<meta charset="undefined">' + page_of(PROSE_HTML).encode(), ""),
    ("a charset that is no text", b'<meta charset="unicode_escape">' + page_of(PROSE_HTML).encode(), ""),
    ("a charset that is bytes", b'<meta charset="base64">' + page_of(PROSE_HTML).encode(), ""),
    ("a broken byte", page_of(PROSE_HTML, "<p>\udcff</p>").encode("utf-8", "surrogateescape"), ""),
    ("JSON in JSON", page_of(f"<script type='application/ld+json'>{'[' * 100_000}</script>", PROSE_HTML), ""),
    ("open tags", page_of(PROSE_HTML, "<" * 200_000), ""),
]


@pytest.mark.parametrize(("page", "fault"), [case[1:] for case in HOSTILE], ids=[case[0] for case in HOSTILE])
def test_a_hostile_page_is_read_or_is_an_error(page: str | bytes, fault: str) -> None:
    try:
        text = cleaner.clean_html(page)
    except cleaner.InputError as error:
        assert str(error).startswith("the page: ") and (fault or "nested too deeply") in str(error)
    else:
        assert not fault and all(line in text for line in PROSE[:3])


def test_a_page_that_is_too_large_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LARGEST", 1000)
    with pytest.raises(
        cleaner.InputError, match="the page: is larger than 1,000 characters; an article is not so large"
    ):
        cleaner.clean_html(PAGE + " " * 1000)


def test_a_heavy_page_is_extracted_by_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = extract(PAGE, "https://example.org/storm", markdown=True)
    monkeypatch.setattr(limits, "_MANY_TAGS", 5)
    assert extract(PAGE, "https://example.org/storm", markdown=True) == usual
    with pytest.raises(cleaner.InputError, match="the page: no text was found in it; is it an article"):
        extract("<html>" + "<br>" * 10 + "</html>")


def test_a_page_that_takes_too_long_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_MANY_TAGS", 5)
    # As if the system had ended the process.
    monkeypatch.setattr(limits, "_COMMAND", [sys.executable, "-c", "import os; os.abort()"])
    with pytest.raises(
        cleaner.InputError, match=r"the page: takes too long, or too much memory, to extract: it has \d+ tags"
    ):
        extract(PAGE)


# The process of a page, with an extractor that would not end, or would take all memory, and less of both to use.
_INSATIABLE = """
from cleaner.html import apart, limits

def extract_here(*arguments):
    {work}

limits.CPU_SECONDS, limits.MEMORY = 1, 512 << 20
apart.extract_here = extract_here
apart.main()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs the limits of Linux")
@pytest.mark.parametrize("work", ["while True: pass", "bytearray(limits.MEMORY)"], ids=["time", "memory"])
def test_a_page_may_use_so_much_time_and_memory_and_no_more(monkeypatch: pytest.MonkeyPatch, work: str) -> None:
    monkeypatch.setattr(limits, "_MANY_TAGS", 5)
    monkeypatch.setattr(limits, "_COMMAND", [sys.executable, "-c", _INSATIABLE.format(work=work)])
    with pytest.raises(cleaner.InputError, match="takes too long, or too much memory"):
        extract(PAGE)


def test_json_lines_have_fields_of_hints(run: Run) -> None:
    line = '{"body": "Jane Doe\\nThe council met on Monday.\\nbridge, mayor", "by": {"name": "Jane Doe"}, "tags": ["bridge", "mayor"]}\n'
    done = run("--jsonl", "body", "--author-field", "by.name", "--tags-field", "tags", stdin=line.encode())
    assert (done.returncode, done.stderr) == (0, b"")
    assert b'{"body": "The council met on Monday.", "by"' in done.stdout
    done = run("--author-field", "by", stdin=b"Text.")
    assert (
        done.returncode == 2 and b"--title-field and its like name fields of JSON; they go with --jsonl" in done.stderr
    )


def test_hints_are_options_of_the_command(run: Run) -> None:
    text = b"Jane Doe\nThe council met on Monday.\nbridge, mayor\n"
    options = ["--author", "Jane Doe", "--tags", "bridge", "--tags", "mayor"]
    assert run(*options, stdin=text).stdout == b"The council met on Monday.\n"
    done = run("explain", *options, stdin=text)
    assert b"footers/known-tags" in done.stdout and b"bylines/author-name" in done.stdout


def test_options_of_pages_need_pages(run: Run) -> None:
    done = run("--markdown", stdin=b"Text.")
    assert done.returncode == 2 and b"they go with --html" in done.stderr


@pytest.mark.all
def test_the_command_starts_no_machinery_for_folders() -> None:
    code = "import sys, cleaner.cli.filter; print('cleaner.corpus.run' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code]).strip() == b"False"


def test_a_table_in_a_table_lays_out_the_page() -> None:
    inner = f"<table><tr><td><b>{PROSE[0]}</b> and <i>more</i>.</td></tr></table>"
    text = extract(
        page_of(f"<table><tr><td>{inner}</td><td></td></tr></table>", *[f"<p>{line}</p>" for line in PROSE[1:]])
    ).text
    assert "|" not in text and PROSE[0] in text


def test_an_extractor_of_ones_own_returns_a_text() -> None:
    def broken(page: str, url: str | None) -> Any:
        return 3

    with pytest.raises(cleaner.InputError, match="the extractor returned a int, which is neither a text nor None"):
        cleaner.clean_html(PAGE, extractor=broken)


def test_a_page_tells_its_links_that_are_no_part_of_a_text() -> None:
    menu = "<ul><li><a href='/a'>Town hall</a></li><li><a href='/b'>The harbour</a> | <a href='/c'>Sport</a></li></ul>"
    page = page_of(
        f"<p>{PROSE[0]} <a href='/d'>More on the storm</a></p>", f"<p>{PROSE[1]}</p>", menu, "<a href='#x'>Top</a>"
    )
    links = extract(page).known["links"]
    assert {"Town hall", "The harbour", "Sport"} <= set(links) and "Top" not in links
    assert not any(["More on the storm" in link for link in links])


@pytest.mark.parametrize("how", ["gzip", "zstd"])
def test_a_broken_or_heavy_page_is_refused(monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    zstandard = pytest.importorskip("zstandard")
    pack = gzip.compress if how == "gzip" else zstandard.compress
    content = pack(PAGE.encode() * 3)
    assert pages.unpacked(content, "p") == PAGE.encode() * 3
    with pytest.raises(cleaner.InputError, match="p: is cut off"):
        pages.unpacked(content[:-12], "p")
    with pytest.raises(cleaner.InputError, match=r"p: cannot be decompressed: .*; fetch it again"):
        pages.unpacked(content[: 10 if how == "gzip" else 4] + b"\xff" * 40, "p")
    monkeypatch.setattr(pages, "LARGEST", 100)
    with pytest.raises(cleaner.InputError, match="p: is larger than 0 MB; an article is not so large"):
        pages.unpacked(content, "p")
