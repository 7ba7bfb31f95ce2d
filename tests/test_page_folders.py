"""Folders of pages and pages in corpora: every form, errors, stopping, and the same bytes however a run is made."""

from __future__ import annotations

import gzip
import io
import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from cleaner.corpus import clean_files, clean_pages
from cleaner.model import InputError, SettingsError
from tests.conftest import ROOT, Run
from tests.corpus_files import digests, pa, pq, read, zstandard
from tests.test_html import PROSE

pytest.importorskip("trafilatura", reason="needs the extra `html`")

# A few rules, so that workers start quickly.
FEW: dict[str, Any] = {"select": ["comments", "bylines"], "workers": 1}


def page(number: int) -> bytes:
    dirt = "<p>Jane Roe</p><p>Please enter your comment!</p>"
    prose = "".join(f"<p>{line}</p>" for line in PROSE)
    head = '<meta charset="utf-8"><title>Storm</title><meta name="author" content="Jane Roe">'
    return f"<html><head>{head}</head><body><article>{dirt}{prose}<p>Page {number} “ends” here.</p></article></body></html>".encode()


def text(number: int) -> str:
    return "\n".join([*PROSE, f"Page {number} “ends” here."])


def folder_of(home: Path, number: int = 6) -> Path:
    pages = home / "pages"
    (pages / "below").mkdir(parents=True)
    for each in range(number):
        name, content = f"{each}.html", page(each)
        if each % 3 == 1:
            name, content = f"below/{each}.htm.gz", gzip.compress(content)
        elif each % 3 == 2:
            name, content = f"{each}.xhtml.zst", zstandard.compress(content)
        (pages / name).write_bytes(content)
    (pages / "_hidden.html").write_bytes(page(99))
    (pages / "notes.txt").write_text("No page.")
    return pages


def archive(path: Path, number: int) -> None:
    warcio: Any = pytest.importorskip("warcio.warcwriter", reason="needs the extra `warc`")
    from warcio.statusandheaders import StatusAndHeaders

    with path.open("wb") as file:
        writer = warcio.WARCWriter(file, gzip=path.suffix == ".gz")
        for each in range(number):
            for kind, status in (
                ("text/html; charset=utf-8", "200 OK"),
                ("image/png", "200 OK"),
                ("text/html", "404 Not Found"),
            ):
                headers = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1")
                url = f"https://www.example.org/{each}"
                record = writer.create_warc_record(
                    url, "response", payload=io.BytesIO(page(each)), http_headers=headers
                )
                writer.write_record(record)


def test_every_page_of_a_folder_becomes_a_text(tmp_path: Path) -> None:
    summary = clean_pages(folder_of(tmp_path), tmp_path / "out", keep_source=tmp_path / "source", **FEW)
    assert (summary.files, summary.documents, summary.failed) == (6, 6, 0)
    names = {0: "0.txt", 1: "below/1.txt", 2: "2.txt", 3: "3.txt", 4: "below/4.txt", 5: "5.txt"}
    assert digests(tmp_path / "out").keys() == {*names.values(), "summary.json"}
    for number, name in names.items():
        assert (tmp_path / "out" / name).read_text(encoding="utf-8") == text(number) + "\n"
        assert "Please enter your comment!\n" in (tmp_path / "source" / name).read_text(encoding="utf-8")


def test_an_archive_becomes_lines_of_json(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    archive(tmp_path / "pages" / "a.warc.gz", 3)
    summary = clean_pages(tmp_path / "pages", tmp_path / "out", **FEW)
    assert (summary.files, summary.documents, summary.failed) == (1, 3, 0)
    found = read(tmp_path / "out" / "a.jsonl")
    assert [(each["url"], each["title"], each["text"]) for each in found] == [
        (f"https://www.example.org/{number}", "Storm", text(number)) for number in range(3)
    ]
    assert all(each["id"].startswith("<urn:uuid:") for each in found)


def test_a_broken_archive_is_named(tmp_path: Path) -> None:
    archive(tmp_path / "a.warc.gz", 3)
    whole = (tmp_path / "a.warc.gz").read_bytes()
    (tmp_path / "b.warc.gz").write_bytes(b"\0" * 100 + whole)
    summary = clean_pages([tmp_path / "b.warc.gz"], tmp_path / "out", **FEW)
    assert summary.files == 0 and "b.warc.gz: is broken: " in next(iter(summary.failures.values()))


def test_a_page_without_text_is_listed_and_has_no_output(tmp_path: Path) -> None:
    pages = folder_of(tmp_path, 1)
    (pages / "empty.html").write_bytes(b"<html></html>")
    (pages / "cut.html.gz").write_bytes(gzip.compress(page(1))[:-20])
    (pages / "none.html.zst").write_bytes(zstandard.compress(page(1))[:-20])
    summary = clean_pages(pages, tmp_path / "out", **FEW)
    assert (summary.files, summary.failed) == (2, 1)
    assert sorted(Path(path).name for path in summary.failures) == ["cut.html.gz", "none.html.zst"]
    assert all(
        "is cut off: it ends before its compressed data does; fetch it again" in said
        for said in summary.failures.values()
    )
    assert digests(tmp_path / "out").keys() == {"0.txt", "summary.json", "errors.jsonl"}
    error = json.loads((tmp_path / "out" / "errors.jsonl").read_text().splitlines()[0])
    assert error["file"].endswith("empty.html") and error["error"].startswith("no text was found in it")


def test_a_run_continues_and_the_bytes_are_the_same(tmp_path: Path) -> None:
    pages = folder_of(tmp_path)
    clean_pages(pages, tmp_path / "out", **FEW)
    before = digests(tmp_path / "out")
    (tmp_path / "out" / "0.txt").unlink()
    assert clean_pages(pages, tmp_path / "out", **FEW).resumed == 5
    assert digests(tmp_path / "out") == before
    with pytest.raises(InputError, match=r"holds a run with other settings: page was \{\} and is \{'markdown': True\}"):
        clean_pages(pages, tmp_path / "out", markdown=True, **FEW)


@pytest.mark.all
def test_a_run_that_was_killed_continues(tmp_path: Path) -> None:
    pages = folder_of(tmp_path, 30)
    command = [sys.executable, "-m", "cleaner", str(pages), "--html", "--select", "comments,bylines", "--out"]
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    subprocess.run([*command, str(whole)], check=True, capture_output=True, cwd=ROOT)
    process = subprocess.Popen([*command, str(killed)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT)
    while process.poll() is None and len(list(killed.rglob("*.txt"))) < 5:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    subprocess.run([*command, str(killed)], check=True, capture_output=True, cwd=ROOT)
    assert digests(killed) == digests(whole)


def test_the_command_cleans_a_folder(run: Run, tmp_path: Path) -> None:
    pages = folder_of(tmp_path, 3)
    (pages / "empty.html").write_bytes(b"<html></html>")
    options = ["--html", "--select", "comments,bylines", "--workers", "1"]
    done = run("pages", *options, "--out", "out")
    assert done.returncode == 1
    assert b"pages/empty.html:1: no text was found in it" in done.stderr and b"4 files finished" in done.stdout
    assert (tmp_path / "out" / "below" / "1.txt").read_text(encoding="utf-8") == text(1) + "\n"
    done = run("pages", *options)
    assert (
        done.returncode == 2
        and b"pages: is a folder; write the texts of its pages to another one with --out DIR" in done.stderr
    )
    done = run("pages", *options, "--out", "other", "--title", "Storm")
    assert done.returncode == 2 and b"--title is about one page; leave it out" in done.stderr


def test_findings_are_of_the_extracted_texts(run: Run, tmp_path: Path) -> None:
    folder_of(tmp_path, 2)
    options = ["--html", "--select", "comments,bylines", "--check"]
    done = run("pages", *options)
    assert done.returncode == 1
    assert b"pages/0.html:2: comments/form-prompt: Please enter your comment!" in done.stdout.replace(b"\\", b"/")
    assert b"the lines are those of the extracted texts; --keep-source DIR writes these" in done.stderr
    done = run("pages", *options, "--keep-source", "source")
    assert b"--keep-source" not in done.stderr
    for line in done.stdout.decode().splitlines():
        path, number, rest = line.split(":", 2)
        assert rest.endswith((tmp_path / path).read_text(encoding="utf-8").splitlines()[int(number) - 1])


def test_one_page_is_written_under_the_name_of_a_text(run: Run, tmp_path: Path) -> None:
    folder_of(tmp_path, 1)
    done = run("pages/0.html", "--html", "--select", "comments,bylines", "--out", "out")
    assert (done.returncode, done.stderr) == (0, b"")
    assert (tmp_path / "out" / "0.txt").read_text(encoding="utf-8") == text(0) + "\n"


def test_a_corpus_of_pages(tmp_path: Path) -> None:
    rows = [{"id": number, "html": page(number).decode(), "score": 1.5} for number in range(3)]
    rows[2]["html"] = ""
    lines = [json.dumps(row, ensure_ascii=False).replace("1.5", "1.50") for row in rows]
    (tmp_path / "a.jsonl").write_text(
        "\n".join([*lines[:2], lines[2].replace("}", ', "text": "old"}'), ""]), encoding="utf-8"
    )
    summary = clean_files(tmp_path / "a.jsonl", tmp_path / "out", html_field="html", id_field="id", **FEW)
    assert (summary.documents, summary.failed) == (3, 1)
    out = (tmp_path / "out" / "a.jsonl").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(out):
        assert line == f"{lines[number][:-1]}, {json.dumps({'text': text(number)}, ensure_ascii=False)[1:]}"
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet")
    clean_files(tmp_path / "a.parquet", tmp_path / "rows", html_field="html", **FEW)
    assert [row["text"] for row in read(tmp_path / "rows" / "a.parquet")] == [text(0), text(1)]
    assert pq.read_schema(tmp_path / "rows" / "a.parquet").names == ["id", "html", "score", "text"]


def test_hints_of_a_corpus(tmp_path: Path) -> None:
    record = {
        "text": "Jane Roe\nThe council met on Monday.\nbridge, mayor",
        "by": "Jane Roe",
        "tags": ["bridge", "mayor"],
        "date": 3,
    }
    (tmp_path / "a.jsonl").write_text(json.dumps(record) + "\n")
    pq.write_table(pa.Table.from_pylist([record]), tmp_path / "b.parquet")
    fields: dict[str, Any] = {"author_field": "by", "tags_field": "tags", "date_field": "date"}
    clean_files([tmp_path / "a.jsonl", tmp_path / "b.parquet"], tmp_path / "out", workers=1, **fields)
    for name in ("a.jsonl", "b.parquet"):
        assert read(tmp_path / "out" / name)[0]["text"] == "The council met on Monday."


def test_wrong_use_of_pages(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "Prose.", "page": "<p>x</p>"}\n')
    with pytest.raises(SettingsError, match="markdown is about pages; it goes with html_field"):
        clean_files(tmp_path / "a.jsonl", tmp_path / "out", markdown=True)
    with pytest.raises(
        InputError, match="no document has a field 'html'; name one of these with --html-field: page, text"
    ):
        clean_files(tmp_path / "a.jsonl", tmp_path / "out", html_field="html")
    with pytest.raises(SettingsError, match="there is no extractor 'goose'"):
        clean_pages(tmp_path, tmp_path / "out", extractor="goose")
    with pytest.raises(InputError, match=r"there are no pages; their names end in \.arc\.gz, \.htm"):
        clean_pages(tmp_path, tmp_path / "out")


def test_pipelines_take_hints(tmp_path: Path) -> None:
    from cleaner.integrations.arrow import CleanBatch
    from cleaner.integrations.datasets import CleanColumn

    rows = {
        "text": ["Jane Roe\nThe council met on Monday.\nbridge, mayor"],
        "by": ["Jane Roe"],
        "labels": [["bridge", "mayor"]],
    }
    named = {"author": "by", "tags": "labels"}
    assert CleanBatch(hint_fields=named)(pa.table(rows))["text"].to_pylist() == ["The council met on Monday."]
    assert CleanColumn(hint_fields=named)(rows) == {"text": ["The council met on Monday."]}
    with pytest.raises(InputError, match="there is no hint 'autor'; use one of url, site, title, author"):
        CleanBatch(hint_fields={"autor": "by"})


def test_the_benchmark_of_pages_measures_extractors(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from benchmarks import pages

    truth = {str(number): {"articleBody": text(number), "url": f"https://example.org/{number}"} for number in range(2)}
    (tmp_path / "ground-truth.json").write_text(json.dumps(truth))
    (tmp_path / "html").mkdir()
    for number in range(2):
        (tmp_path / "html" / f"{number}.html.gz").write_bytes(gzip.compress(page(number)))
    figures = tmp_path / "figures.json"
    assert (
        pages.main([str(tmp_path), "--extractors", "trafilatura", "--jobs", "1", "--json", str(figures), "--show"]) == 0
    )
    rows = {row["method"]: row for row in json.loads(figures.read_text())["pages"]}
    assert rows["body"]["exact"] == 1 and rows["body"]["f1"] > rows["alone"]["f1"]
    assert "2 pages" in capsys.readouterr().out
    assert pages.main([str(tmp_path / "html")]) == 2
