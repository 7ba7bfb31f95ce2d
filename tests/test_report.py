"""The report: what it counts and what it shows, whatever the documents are and wherever they come from."""

from __future__ import annotations

import json
import pickle
import re
from pathlib import Path
from typing import Any

import pytest

import cleaner
from cleaner.model import InputError
from cleaner.reporting import pool
from cleaner.reporting.drawing import GONE, REPAIRED, SPARED, STAYS, TRIMMED, rows_of, stretches
from cleaner.reporting.gathering import Gathering, Limits
from tests.conftest import ROOT, Run

pytest.importorskip("jinja2", reason="needs the extra `report`: pip install -e '.[test,report]'")

PROSE = "The council voted on Monday to build a bridge across the harbour, as {} people had asked it to."
FORM = "Leave a Reply\nYour email address will not be published."
DOCUMENT = f"{PROSE.format(12)}\n\n{FORM}\n\nSource link"
ODD = "<script>document.title = 'taken'</script><img src=x onerror=alert(1)>"


def gathered(*texts: str, limits: Limits | None = None, **options: Any) -> Gathering:
    found = Gathering(limits or Limits())
    for number, text in enumerate(texts, 1):
        found.add(f"text {number}", cleaner.explain(text, **options))
    return found


# --- what is drawn ---


def test_every_line_of_a_text_is_drawn_with_what_became_of_it() -> None:
    rows = rows_of(cleaner.explain(f"{DOCUMENT}\n\nschÃ¶n ist es."))
    assert [(row.number, row.state) for row in rows] == [(1, STAYS), (3, GONE), (4, GONE), (6, GONE), (8, REPAIRED)]
    assert [row.is_opening for row in rows] == [False, True, False, True, True]
    assert rows[-1].pieces == [("same", "sch"), ("cut", "Ã¶"), ("new", "ö"), ("same", "n ist es.")]


def test_a_trim_is_drawn_inside_its_line() -> None:
    finding = cleaner.Finding("titles/site-suffix", 1, 0, 20, "A bridge | The Times", "A bridge")
    row = rows_of(cleaner.Explanation("A bridge", (finding,), True, False, "text", "A bridge | The Times"))[0]
    assert row.state == TRIMMED and row.pieces == [("same", "A bridge"), ("cut", " | The Times")]


def test_lines_of_a_text_that_was_kept_whole_are_spared() -> None:
    rows = rows_of(cleaner.explain(DOCUMENT, max_drop=0.1))
    assert [row.state for row in rows] == [STAYS, SPARED, SPARED, SPARED]


def test_what_cannot_be_seen_is_shown() -> None:
    (row,) = rows_of(cleaner.explain("a\u200b\u200bb\xa0 c"))
    assert row.pieces == [("same", "a"), ("cut", "U+200BU+200B"), ("same", "b"), ("cut", "⍽"), ("same", " c")]


def test_long_stretches_that_stay_are_folded() -> None:
    rows = rows_of(cleaner.explain("\n".join([*map(PROSE.format, range(30)), FORM])))
    parts = list(stretches(rows))
    assert [part.is_folded for part in parts] == [False, True, False]
    assert [row for part in parts for row in part.rows] == rows


# --- what is counted ---


def test_everything_is_counted() -> None:
    counts = gathered(DOCUMENT, PROSE.format(1), f"{PROSE.format(2)}  \n{FORM}", "").counts
    assert (counts.documents, counts.touched, counts.lines_gone, counts.trimmed, counts.flagged) == (4, 2, 5, 0, 0)
    assert counts.words_gone == 2 * 10 + 2 and counts.whitespace == 1
    assert sum(counts.histogram) == 4 and counts.histogram[0] == 2


def test_flagged_documents_lose_nothing_and_are_marked() -> None:
    found = gathered(DOCUMENT, max_drop=0.1)
    assert found.counts.flagged == 1 and found.counts.words_gone == 0 and not found.rules
    assert sum(found.counts.spared) == 1 and not sum(found.counts.histogram)


def test_parts_joined_are_the_whole() -> None:
    texts = [f"{PROSE.format(number)}\n{FORM}\nSource link {number % 3}" for number in range(60)]
    limits = Limits(documents=10, samples=4)
    whole = gathered(*texts, limits=limits)
    joined = Gathering(limits)
    for start in range(0, 60, 7):
        part = Gathering(limits)
        for number in range(start, min(start + 7, 60)):
            part.add(f"text {number + 1}", cleaner.explain(texts[number]))
        joined.join(json.loads(json.dumps(part.as_dict())))
    assert joined.counts == whole.counts and joined.rules == whole.rules
    assert joined.documents() == whole.documents() and joined.common(5) == whole.common(5)
    for rule in whole.rules:
        assert joined.samples(rule) == whole.samples(rule) and len(whole.samples(rule)) <= 4


def test_documents_of_which_lines_went_are_shown_before_others() -> None:
    texts = [PROSE.format(number) for number in range(50)] + [DOCUMENT]
    shown = gathered(*texts, limits=Limits(documents=3)).documents()
    assert "text 51" in [each.name for each in shown] and len(shown) == 3


# --- the page ---


def test_what_documents_hold_is_escaped_and_markup_cannot_break_out() -> None:
    text = cleaner.report([{"id": ODD, "url": "javascript:alert(1)", "text": f"{DOCUMENT}\n{ODD}"}], drop=[ODD]).text
    assert ODD not in text and "javascript:" not in text
    assert text.count("<script>") == 1


def test_text_that_cannot_be_encoded_is_written() -> None:
    assert "?" in cleaner.report([f"\ud800 {DOCUMENT}"]).text.encode().decode()


def test_the_page_asks_for_nothing() -> None:
    text = cleaner.report([DOCUMENT]).text
    assert not re.findall(r"(?:src|href)\s*=\s*[\"'](?!#)[^\"']*", text)
    assert "default-src 'none'" in text


def test_no_documents_and_no_findings_make_a_page_too() -> None:
    assert "There are no documents" in cleaner.report([]).text
    assert "No rule took a line" in cleaner.report([PROSE.format(1)]).text


def test_a_document_without_a_text_is_named() -> None:
    with pytest.raises(InputError, match="document 2: has no text in its field 'text'"):
        cleaner.report([DOCUMENT, {"body": "…"}])


def test_explanations_are_documents() -> None:
    report = cleaner.report([cleaner.explain(DOCUMENT)])
    assert report.counts.lines_gone == 3
    assert report._repr_html_().startswith("<iframe srcdoc=")


def test_every_rule_has_its_reason_and_its_price() -> None:
    text = cleaner.report([DOCUMENT]).text
    assert text.count('class="price"') == len({finding.rule for finding in cleaner.explain(DOCUMENT).taken})


# --- notebooks ---


def test_a_notebook_shows_what_went() -> None:
    explained = cleaner.explain(f"{DOCUMENT}\n{ODD}")
    shown = explained._repr_html_()
    assert shown is not None and "<del>Source link</del>" in shown and ODD not in shown
    assert "3 lines of 5 go" in shown
    assert pickle.loads(pickle.dumps(explained)) == explained


def test_without_jinja_a_notebook_shows_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    from cleaner.templates import rendering

    monkeypatch.setitem(__import__("sys").modules, "jinja2", None)
    rendering._environment.cache_clear()
    try:
        assert cleaner.explain(DOCUMENT)._repr_html_() is None
        with pytest.raises(cleaner.CleanerError, match=r"pip install 'boilerplate-cleaner\[report\]'"):
            cleaner.report([])
    finally:
        rendering._environment.cache_clear()


# --- the command ---


def test_texts_pages_and_lines_of_json_in_one_report(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("orjson", reason="needs the extra `corpus`")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(DOCUMENT)
    page = (
        f"<html><body><article><h1>Bridge</h1><p>{PROSE.format(1)}</p><p>{PROSE.format(2)}</p></article></body></html>"
    )
    (tmp_path / "in" / "b.html").write_text(page)
    (tmp_path / "in" / "c.jsonl").write_text(f"{json.dumps({'text': DOCUMENT, 'id': 'c-1'})}\nbroken\n")
    done = run("report", "in", "-o", "r.html")
    assert done.returncode == 1 and b"c.jsonl:2: is not JSON" in done.stderr
    assert done.stdout.decode() == "r.html: 6 lines in 2 of 3 documents\n"
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert all(name in text for name in (">a.txt<", ">b.html<", ">c-1<"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("report", "nothing.txt", "-o", "r.html"), b"nothing.txt: cannot be read"),
        (("report", ".", "-o", "r.html"), b"there are no documents"),
        (("report", "-", "-o", "no/r.html"), b"nothing can be written to the folder"),
        (
            (
                "--report",
                "no/r.html",
            ),
            b"nothing can be written to the folder",
        ),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], said: bytes
) -> None:
    done = run(*arguments)
    assert done.returncode == 2 and said in done.stderr and not list(tmp_path.glob("*.html"))


def test_filter_and_check_write_the_same_report(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DOCUMENT)
    assert run("--check", "--report", "check.html", "a.txt").returncode == 1
    assert run("--report", "filter.html", "a.txt").returncode == 0
    assert run("report", "a.txt", "-o", "report.html").returncode == 0
    pages = [(tmp_path / f"{name}.html").read_text(encoding="utf-8") for name in ("check", "filter", "report")]
    assert len(set(pages)) == 1


def test_a_corpus_has_the_report_of_its_documents_and_resumes_with_it(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="needs the extra `corpus`")
    lines = [json.dumps({"id": f"d-{n}", "text": DOCUMENT if n % 2 else PROSE.format(n)}) for n in range(20)]
    (tmp_path / "in").mkdir()
    for name in ("a", "b"):
        (tmp_path / "in" / f"{name}.jsonl").write_text("\n".join(lines).replace("d-", f"{name}-") + "\n")
    command = ("corpus", "in", "--out", "out", "--id-field", "id", "--report")
    assert run(*command, "corpus.html", "--workers", "2").returncode == 0
    assert run(*command, "again.html").returncode == 0
    assert run("report", "in", "-o", "report.html").returncode == 0
    pages = [(tmp_path / f"{name}.html").read_text(encoding="utf-8") for name in ("corpus", "again", "report")]
    assert len(set(pages)) == 1
    assert "20</b> of 40 documents" in pages[0]


def test_seeds_of_the_repository_make_a_report() -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds" / "raw").glob("*.txt"))]
    report = cleaner.report(texts)
    assert report.counts.documents == len(texts) == report.counts.touched
    assert report.text.startswith("<!doctype html>\n")


# --- bounds, and processes ---


def test_many_texts_are_gathered_by_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_BATCH", 10)
    texts = [pool.Text(f"{number}", DOCUMENT, {"title": "The bridge"}) for number in range(9)]
    one, many = Gathering(), Gathering()
    pool.gather(texts, {"preset": "body"}, 1, one)
    pool.gather(texts, {"preset": "body"}, 2, many)
    assert json.dumps(one.as_dict()) == json.dumps(many.as_dict())
    assert one.counts.documents == one.rules["footers/source-link"].documents == 9


def test_no_more_lines_are_counted_than_there_is_room_for() -> None:
    texts = [
        f"{PROSE.format(12)}\n\nSource link {number}\nSource: Agency{number}\nLeave a Reply" for number in range(30)
    ]
    found = gathered(*texts, limits=Limits(lines=3), drop=["re:Source.*"])
    joined = Gathering(Limits(lines=3))
    joined.join(found.as_dict())
    joined.join(found.as_dict())
    for one, times in ((found, 1), (joined, 2)):
        assert one.is_rounded and one.counts.documents == 30 * times
        assert len(one.as_dict()["common"]) <= 2 * 3
        assert one.rules["own/drop"].lines == 60 * times


def test_a_long_document_is_shown_to_its_bound() -> None:
    found = gathered("\n".join([PROSE.format(number) for number in range(40)]), limits=Limits(characters=500))
    assert 0 < json.dumps(found.as_dict()).count("The council voted") < 10


def test_inputs_are_globs_and_standard_input_and_few_of_many_faults_are_named(run: Run, tmp_path: Path) -> None:
    for number in range(14):
        (tmp_path / f"{number:02}.txt").write_bytes(b"\xff" if number else DOCUMENT.encode())
    done = run("report", "*.txt", "-", "-o", "r.html", stdin=DOCUMENT.encode())
    said = done.stderr.decode().splitlines()
    assert sum(["is not UTF-8" in line for line in said]) < 13 and any(
        ["more could not be read" in line for line in said]
    )
    assert "2</b> of 2 documents" in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_a_page_that_cannot_be_read_is_named(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("trafilatura")
    (tmp_path / "p.html").write_bytes(b"<div>" * 10_000)
    (tmp_path / "a.txt").write_text(DOCUMENT)
    done = run("report", "p.html", "a.txt", "-o", "r.html")
    assert b"cleaner: p.html: " in done.stderr
