"""Pages as input: read by trafilatura, decoded as they declare, with title and author as hints."""

from __future__ import annotations

from pathlib import Path

import pytest

import cleaner
from cleaner.html.decoding import decode_page
from cleaner.html.reading import extract
from tests.conftest import Run

PROSE = [
    "By evening the storm had passed over the coast, and thousands of households were still without power, the company said.",
    "The mayor opened the sports hall for the night, and volunteers brought blankets, soup and batteries for the radios.",
    "Crews from three counties worked through the night to clear the roads that fallen trees had blocked since noon.",
    "Schools stay closed on Tuesday, and the ferry to the islands will not run before the wind has dropped, the ministry said.",
]
PAGE = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Storm leaves thousands in the dark | The Daily Post</title>
<meta name="author" content="Jane Roe"><meta property="og:title" content="Storm leaves thousands in the dark"></head><body>
<article><h1>Storm leaves thousands in the dark</h1><p>Jane Roe</p><p>{PROSE[0]}</p><p>{PROSE[1]}</p><p>{PROSE[2]}</p>
<p>{PROSE[3]} “Café”</p><p>Please enter your comment!</p><p>Your email address will not be published.</p></article></body></html>"""


def test_the_article_comes_out_clean() -> None:
    text = cleaner.clean_html(PAGE, preset="body")
    assert text.split("\n") == [*PROSE[:3], PROSE[3] + " “Café”"]


CODE = "def roof(size):\n    if size:\n\treturn  1\n    return 2"


@pytest.mark.parametrize(
    ("block", "wanted"),
    [
        (f"<pre><code>{CODE}</code></pre>", f"```\n{CODE}\n```"),
        (f"<pre>{CODE}</pre>", f"```\n{CODE}\n```"),
        ("<pre><code>a ```\n  b</code></pre>", "````\na ```\n  b\n````"),
        ("<pre><code><span>a</span> = 1<br>   <b>b</b> = 2</code></pre>", "```\na = 1\n   b = 2\n```"),
        (
            "<p>Run <code>pip install</code> first, and wait until it is done with all that.</p>",
            "Run pip install first, and",
        ),
    ],
    ids=["code", "pre", "ticks", "line breaks", "in a sentence"],
)
def test_code_keeps_its_indentation(block: str, wanted: str) -> None:
    page = PAGE.replace(f"<p>{PROSE[1]}</p>", f"{block}<p>{PROSE[1]}</p>")
    text = cleaner.clean_html(page)
    assert wanted in text and ("`" in text) == ("<pre>" in block)
    assert f"\n{PROSE[1]}\n" in text
    assert cleaner.clean(text) == text


def test_options_reach_the_text_of_a_page(run: Run, tmp_path: Path) -> None:
    assert PROSE[1] not in cleaner.clean_html(PAGE, drop=[PROSE[1]])
    (tmp_path / "page.html").write_bytes(PAGE.encode())
    kept = run("--html", "--keep", "Please enter your comment!", "page.html").stdout.decode().splitlines()
    assert "Please enter your comment!" in kept and "Your email address will not be published." not in kept


def test_findings_are_of_the_extracted_text() -> None:
    extracted, known = extract(PAGE)
    titles = ["Storm leaves thousands in the dark", "Storm leaves thousands in the dark | The Daily Post"]
    assert (known["title"], known["author"], known["url"]) == (titles, "Jane Roe", None)
    explained = cleaner.explain_html(PAGE)
    assert {finding.rule for finding in explained.findings} >= {"comments/form-prompt", "bylines/author-name"}
    for finding in explained.findings:
        assert extracted[finding.start : finding.end] == finding.text


def test_the_same_page_gives_the_same_text_however_often() -> None:
    assert len({cleaner.clean_html(PAGE) for _ in range(8)}) == 1


BYTES = [
    ("declared UTF-8", PAGE.encode()),
    ("declared Latin-1", PAGE.replace('charset="utf-8"', 'charset="iso-8859-1"').encode("cp1252")),
    (
        "declared in http-equiv",
        PAGE.replace(
            '<meta charset="utf-8">', '<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">'
        ).encode("cp1252"),
    ),
    ("not declared", PAGE.replace('<meta charset="utf-8">', "").encode()),
    ("UTF-16 with its mark", PAGE.encode("utf-16")),
    ("UTF-8 with its mark", b"\xef\xbb\xbf" + PAGE.encode()),
    ("declared wrongly", PAGE.replace('charset="utf-8"', 'charset="nosuch"').encode()),
]


@pytest.mark.parametrize("content", [case[1] for case in BYTES], ids=[case[0] for case in BYTES])
def test_bytes_are_decoded(content: bytes) -> None:
    assert "“Café”" in decode_page(content)
    assert cleaner.clean_html(content, preset="body") == cleaner.clean_html(PAGE, preset="body")


@pytest.mark.parametrize("page", ["", "<html></html>", "<html><body></body></html>", b"", "no page at all"])
def test_a_page_without_text_is_an_error(page: str | bytes) -> None:
    with pytest.raises(cleaner.InputError, match="the page: no text was found in it"):
        cleaner.clean_html(page)


def test_the_command_reads_pages(run: Run, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(PAGE.encode())
    done = run("--html", "--preset", "body", "page.html")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode().splitlines() == [*PROSE[:3], PROSE[3] + " “Café”"]
    done = run("--html", "--encoding", "utf-9", "page.html")
    assert done.returncode == 2 and b"page.html: there is no encoding 'utf-9'" in done.stderr
    (tmp_path / "empty.html").write_bytes(b"<html></html>")
    done = run("--html", "empty.html")
    assert (done.returncode, done.stdout) == (2, b"")
    assert (
        done.stderr
        == b"cleaner: empty.html: no text was found in it; is it an article, and is it whole?; --fallback takes all paragraphs there are\n"
    )
