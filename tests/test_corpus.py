"""Corpora: the output for files of every form, in which only the texts change."""

from __future__ import annotations

import datetime
import json
import os
import re
import time
from pathlib import Path
from typing import Any

import pytest

import cleaner
from cleaner.corpus import clean_files, shards
from cleaner.corpus.shards import Shard, Task, cut
from cleaner.corpus.worker import clean_shard
from cleaner.sources.inputs import JSONL_ZST, PARQUET, Fields, find_sources
from cleaner.sources.reading import read_documents
from tests.conftest import Run
from tests.corpus_files import (
    ALL_DIRT,
    CLEAN,
    DIRTY,
    FEW,
    FORMS,
    digests,
    lines_of,
    pa,
    pq,
    read,
    records,
    write,
    write_lines,
)
from tests.rule_lines import lines_that

UNTOUCHED = (
    b'{"id": 1e5 , "n":123456789012345678901234567890, "text": "Clean.", "f": 1.50, "u": "\\u00e9"}\r\n'
    b'  {"text":"Clean.","a":{"text":"Please enter your comment!"},"nan":NaN, "a":2}  \n'
)
SPLICED = [
    (
        b'{"n": 1.50, "text": "The council met on Monday.\\n\\nPlease enter your comment!", "z": "\\u00e9"}',
        b'{"n": 1.50, "text": "The council met on Monday.", "z": "\\u00e9"}',
    ),
    (
        b'{"a":"Met.","text":"The council met on Monday.\\nPlease enter your comment!","b":-0.0}',
        b'{"a":"Met.","text":"The council met on Monday.","b":-0.0}',
    ),
    (
        b'{"text":"The council met \\ud800 on Monday.\\nPlease enter your comment!","x":NaN}',
        b'{"text":"The council met \\ufffd on Monday.","x":NaN}',
    ),
]


@pytest.mark.parametrize(
    "form", [pytest.param(form, marks=pytest.mark.all if form in ("jsonl", "jsonl.gz") else []) for form in FORMS]
)
def test_texts_are_cleaned_and_everything_else_stays(tmp_path: Path, form: str) -> None:
    found = records(30)
    write(tmp_path / "in" / "deep" / f"a.{form}", found)
    summary = clean_files(
        tmp_path / "in", tmp_path / "out", id_field="id", url_field="url", findings=True, workers=1, **FEW
    )
    made = read(tmp_path / "out" / "deep" / f"a.{form}")
    wanted = [{**record, "text": cleaner.clean(record["text"], **FEW)} for record in found]
    assert made == wanted
    assert [list(record) for record in made] == [list(record) for record in found]
    taken = read(tmp_path / "out" / "findings" / "deep" / f"a.{form}")
    assert taken == [
        {"id": record["id"], "url": record["url"], **finding._asdict(), "also": list(finding.also)}
        for record in found
        for finding in cleaner.explain(record["text"], **FEW).taken
    ]
    assert (summary.documents, summary.changed, summary.empty, summary.failed) == (30, 11, 1, 0)
    assert summary.rules == {"comments/form-prompt": [len(taken), 26 * len(taken)]}


def test_of_a_line_only_the_text_changes(tmp_path: Path) -> None:
    lines = UNTOUCHED + b"\n" + b"\n".join(before for before, _ in SPLICED)
    write_lines(tmp_path / "a.jsonl", b"\xef\xbb\xbf" + lines)
    clean_files(tmp_path / "a.jsonl", tmp_path / "out", workers=1, **FEW)
    assert lines_of(tmp_path / "out" / "a.jsonl") == UNTOUCHED + b"".join(after + b"\n" for _, after in SPLICED)


def rich_table() -> Any:
    """Return a table with types, metadata and a column order that a careless writer would lose."""
    number = 50
    texts = [(DIRTY if place % 2 else CLEAN).format(place) for place in range(number)]
    schema = pa.schema(
        [
            pa.field("small", pa.int8(), nullable=False, metadata={"unit": "m"}),
            ("when", pa.timestamp("us", "Europe/Athens")),
            ("kind", pa.dictionary(pa.int16(), pa.string())),
            ("text", pa.large_string()),
            ("blob", pa.binary()),
            ("nested", pa.struct([("text", pa.string()), ("list", pa.list_(pa.float32()))])),
            ("price", pa.decimal128(9, 2)),
        ],
        metadata={"pandas": "{}", "made by": "hand"},
    )
    return pa.table(
        {
            "small": range(number),
            "when": [datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)] * number,
            "kind": pa.array(["news", "blog"] * (number // 2)).dictionary_encode().cast(schema.field("kind").type),
            "text": texts,
            "blob": [b"\xff\x00"] * number,
            "nested": [None if place == 7 else {"text": texts[place], "list": [0.5]} for place in range(number)],
            "price": [None] * number,
        },
        schema=schema,
    )


def test_parquet_keeps_schema_metadata_and_compression(tmp_path: Path) -> None:
    table = rich_table()
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=20, compression={"text": "gzip", "small": "none"})
    clean_files(tmp_path / "a.parquet", tmp_path / "out", workers=1, **FEW)
    before, after = (pq.ParquetFile(path / "a.parquet") for path in (tmp_path, tmp_path / "out"))
    assert after.schema_arrow.equals(before.schema_arrow, check_metadata=True)
    # The Arrow schema is there again in an encoding of its own; it was compared above.
    assert {**after.metadata.metadata, b"ARROW:schema": b""} == {**before.metadata.metadata, b"ARROW:schema": b""}
    old, new = (
        [about.metadata.row_group(0).column(place).compression for place in range(8)] for about in (before, after)
    )
    assert old == new
    made = after.read()
    assert made.drop(["text"]).equals(table.drop(["text"]))
    assert made["text"].to_pylist() == [CLEAN.format(place) for place in range(50)]


def test_a_path_leads_into_objects_and_structs(tmp_path: Path) -> None:
    found = records(4)
    write(tmp_path / "a.jsonl", [*found, {"meta.text": DIRTY, "meta": {"text": DIRTY}}])
    pq.write_table(rich_table().drop(["text"]), tmp_path / "b.parquet")
    clean_files(tmp_path / "a.jsonl", tmp_path / "out", field="meta.text", workers=1, **FEW)
    summary = clean_files(tmp_path / "b.parquet", tmp_path / "rows", field="nested.text", workers=1, **FEW)
    made = read(tmp_path / "out" / "a.jsonl")
    assert [record["meta"].pop("text") for record in made[:4]] == [CLEAN.format(place) for place in range(4)]
    assert [record["text"] for record in made[:4]] == [record["text"] for record in found]
    # A field with exactly that name wins over a path.
    assert made[4] == {"meta.text": CLEAN, "meta": {"text": DIRTY}}
    rows = pq.read_table(tmp_path / "rows" / "b.parquet")
    assert rows.schema.equals(rich_table().drop(["text"]).schema)
    # A row without a text has failed and is left out.
    assert summary.failed == 1
    kept = [place for place in range(50) if place != 7]
    assert rows["nested"].to_pylist() == [{"text": CLEAN.format(place), "list": [0.5]} for place in kept]


@pytest.mark.parametrize(
    ("form", "to"),
    [
        pytest.param(form, to, marks=[] if form == "jsonl.gz" and to == PARQUET else pytest.mark.all)
        for form in FORMS
        for to in (PARQUET, JSONL_ZST)
    ],
)
def test_another_form(tmp_path: Path, form: str, to: str) -> None:
    found = records(20)
    write(tmp_path / f"a.{form}", found)
    clean_files(tmp_path / f"a.{form}", tmp_path / "out", to=to, findings=True, id_field="id", workers=1, **FEW)
    assert read(tmp_path / "out" / f"a.{to}") == [
        {**record, "text": cleaner.clean(record["text"], **FEW)} for record in found
    ]
    assert {row["id"] for row in read(tmp_path / "out" / "findings" / f"a.{to}")} == {0, 3, 6, 9, 12, 15, 18}


@pytest.mark.all
def test_lines_whose_fields_fit_no_column(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", [{"text": "A.", "x": 1}, {"text": "B.", "x": "one"}])
    summary = clean_files(tmp_path / "a.jsonl", tmp_path / "out", to=PARQUET, workers=1, **FEW)
    (said,) = summary.failures.values()
    assert "a.jsonl: cannot be written as Parquet: in the lines from 1 on" in said


@pytest.mark.parametrize("form", [pytest.param("jsonl.zst", marks=pytest.mark.all), "parquet"])
def test_documents_that_are_left_out_or_set_apart(tmp_path: Path, form: str) -> None:
    write(tmp_path / f"a.{form}", records(12))
    write(tmp_path / f"b.{form}", [{"text": "Nothing to see."}])
    kept = clean_files(tmp_path / f"*.{form}", tmp_path / "kept", drop_empty=True, workers=1, **FEW)
    apart = clean_files(tmp_path / f"*.{form}", tmp_path / "apart", flagged="separate", workers=1, **FEW)
    assert (kept.flagged, apart.flagged, kept.empty) == (1, 1, 1)
    assert [record["id"] for record in read(tmp_path / "kept" / f"a.{form}")] == list(range(11))
    assert [record["id"] for record in read(tmp_path / "apart" / f"a.{form}")] == [*range(10), 11]
    assert [record["text"] for record in read(tmp_path / "apart" / "flagged" / f"a.{form}")] == [ALL_DIRT]
    assert not (tmp_path / "apart" / "flagged" / f"b.{form}").exists()


def test_a_title_is_a_hint(tmp_path: Path) -> None:
    text = "The council met\n\nThe council met on Monday, and it will meet again."
    write(tmp_path / "a.jsonl", [{"text": text, "head": {"title": "The council met"}}])
    clean_files(
        tmp_path / "a.jsonl", tmp_path / "out", title_field="head.title", preset="body", workers=1, select=["titles"]
    )
    wanted = cleaner.clean(text, title="The council met", preset="body", select=["titles"])
    assert wanted != text
    assert read(tmp_path / "out" / "a.jsonl")[0]["text"] == wanted


def test_which_files_an_input_means(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "in/a.jsonl",
        "in/b/a.parquet",
        "in/b/.hidden.jsonl",
        "in/_old/a.jsonl",
        "in/c.NDJSON.GZ",
        "out/a.jsonl",
    ):
        write(tmp_path / name, records(1)) if not name.endswith("GZ") else (tmp_path / name).write_bytes(b"")
    (tmp_path / "in" / "notes.txt").write_text("no documents")
    monkeypatch.chdir(tmp_path)
    out = str(tmp_path / "out")
    folder = ["a.jsonl", "b/a.parquet", "c.NDJSON.GZ"]
    assert [source.name for source in find_sources(["in"])] == folder
    assert [source.name for source in find_sources([f"file://{tmp_path}/in"])] == folder
    assert [source.name for source in find_sources(["."], out)] == [f"in/{name}" for name in folder]
    assert [source.name for source in find_sources(["in/*/*.parquet", "in/a.jsonl"])] == ["a.jsonl", "b/a.parquet"]
    assert [source.name for source in find_sources(["in/**/a.*"])] == ["a.jsonl", "b/a.parquet"]


@pytest.mark.parametrize(
    ("form", "groups", "documents"),
    [
        ("jsonl.zst", 0, 300),
        *(
            pytest.param(form, groups, 1200, marks=pytest.mark.all)
            for form, groups in (("jsonl", 0), ("jsonl.gz", 0), ("jsonl.zst", 0), ("parquet", 420), ("parquet", 10**6))
        ),
    ],
)
def test_a_file_that_is_cut_is_the_same_as_one_that_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, groups: int, documents: int
) -> None:
    # With fewer documents, a smaller file is worth cutting.
    monkeypatch.setattr(shards, "WORTH_CUTTING", documents * 20_000)
    found = [
        # A column of noise makes a file large, and texts of all lengths make it uneven.
        {"text": "\n".join([DIRTY.format(place)] * (place % 5)), "noise": os.urandom(20_000).hex()}
        for place in range(documents)
    ]
    path = tmp_path / f"a.{form}"
    if form == "parquet":
        pq.write_table(pa.Table.from_pylist(found), path, row_group_size=groups)
    else:
        write(path, found)
    (source,) = find_sources([path])
    assert len(list(cut(source))) > 2
    clean_files(path, tmp_path / "cut", findings=True, workers=2, **FEW)
    task = Task(str(tmp_path / "whole"), FEW, Fields(), findings=True)
    clean_shard(task, Shard(source, source.size))
    made = digests(tmp_path / "cut")
    del made["summary.json"]
    assert made == digests(tmp_path / "whole")
    assert [record["text"] for record in read(tmp_path / "cut" / f"a.{form}")] == [
        cleaner.clean(record["text"], **FEW) for record in found
    ]


def test_the_number_of_workers_changes_nothing(tmp_path: Path) -> None:
    for place in range(5):
        write(tmp_path / "in" / f"{place}.jsonl.gz", records(10 + place))
    for workers in (1, 3):
        clean_files(tmp_path / "in", tmp_path / str(workers), findings=True, workers=workers, **FEW)
    assert digests(tmp_path / "1") == digests(tmp_path / "3")
    assert len(digests(tmp_path / "1")) == 11


def test_documents_can_be_read_without_cleaning(tmp_path: Path) -> None:
    (source, rows) = find_sources(
        [write(tmp_path / "a.jsonl.zst", records(3)), write(tmp_path / "b.parquet", records(3))]
    )
    fields = Fields("meta.text", id="id", url="url")
    for each in (source, rows):
        read_back = [document for chunk in read_documents(each, fields) for document in chunk.documents]
        assert [(document.number, document.id, document.url) for document in read_back] == [
            (place + 1, place, f"https://site.example/{place}") for place in range(3)
        ]
        assert [document.text for document in read_back] == [DIRTY.format(place) for place in range(3)]


def texts() -> list[str]:
    """Return documents that are mixed from the examples of all rules."""
    lines = lines_that("drop", "trim", "keep")
    return ["\n".join(["The council met", *lines[start::400][:12]]) for start in range(15)]


def test_the_command_from_the_readme(run: Run, tmp_path: Path) -> None:
    found: list[dict[str, Any]] = [
        {"id": number, "title": "The council met", "text": text} for number, text in enumerate(texts())
    ]
    write(tmp_path / "documents" / "a.jsonl.gz", found)
    (tmp_path / "cleaner.toml").write_text('preset = "body"\n')
    done = run("corpus", "documents/", "--out", "cleaned/", "--findings", "--title-field", "title", "--id-field", "id")
    assert (done.returncode, done.stderr) == (0, b"")
    made = read(tmp_path / "cleaned" / "a.jsonl.gz")
    explained = [cleaner.explain(text, title="The council met", preset="body") for text in texts()]
    assert [record["text"] for record in made] == [each.text for each in explained]
    told = json.loads((tmp_path / "cleaned" / "summary.json").read_bytes())
    assert (told["documents"], told["changed"]) == (len(found), sum(each.changed for each in explained))
    lines = sum(rule["lines"] for family in told["families"].values() for rule in family.values())
    assert (
        lines
        == sum(len(each.taken) for each in explained)
        == len(read(tmp_path / "cleaned" / "findings" / "a.jsonl.gz"))
    )
    table = done.stdout.decode()
    sums = {family: sum(rule["lines"] for rule in own.values()) for family, own in told["families"].items()}
    assert re.search(rf"^{max(sums, key=lambda family: sums[family])} +{max(sums.values()):,} ", table, re.MULTILINE)
    assert table.count("\n") <= 24, "it fits a screen"
    again = run(
        "corpus",
        "documents/",
        "--out",
        "cleaned/",
        "--findings",
        "--title-field",
        "title",
        "--id-field",
        "id",
        "--details",
    )
    assert all(rule.split("/")[-1] in again.stdout.decode() for own in told["families"].values() for rule in own)
    assert "1 files finished" in table and f"{len(found)} documents: {told['changed']} changed" in table


def test_progress_is_a_line_every_ten_seconds_where_it_is_piped(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from cleaner.corpus.progress import Progress
    from cleaner.corpus.tally import Tally

    now = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    with Progress(True, 4_000_000) as shown:
        shown.begin()
        for moment in (6.0, 11.0, 19.0, 22.0):
            now = moment
            shown.advance(1_000_000, Tally(documents=1000, characters_before=100, characters_after=90))
    assert capfd.readouterr().err.splitlines() == [
        "50%: 2.0 MB of 4.0 MB, 2,000 documents, 0.2 MB/s, 10.0% dropped, about 11 s left",
        "100%: 4.0 MB of 4.0 MB, 4,000 documents, 0.2 MB/s, 10.0% dropped, about 0 s left",
    ]


@pytest.mark.parametrize("form", ["jsonl", "jsonl.gz", "jsonl.zst", "parquet"])
def test_few_files_keep_every_worker_busy(tmp_path: Path, form: str) -> None:
    """No piece is so large that others wait for it, be it one file of 2,000 documents."""
    found = [{"text": f"{os.urandom(1200).hex()}\n{DIRTY.format(number)}"} for number in range(2000)]
    path = tmp_path / f"a.{form}"
    if form == "parquet":
        pq.write_table(pa.Table.from_pylist(found), path)
    else:
        write(path, found)
    (source,) = find_sources([path])
    assert shards.is_worth_cutting(source, Task("out", {}), are_few=True)
    assert not shards.is_worth_cutting(source, Task("out", {}))
    weights = [shard.weight for shard in cut(source)]
    assert len(weights) >= 12 and max(weights) <= 0.1 * sum(weights)


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_a_field_that_no_document_has_stops_at_once(run: Run, tmp_path: Path, form: str) -> None:
    found = [{"body": DIRTY.format(1), "meta": {"title": "T"}, "n": 1}] * 3
    for name in ("a", "b"):
        path = tmp_path / "in" / f"{name}.{form}"
        path.parent.mkdir(exist_ok=True)
        if form == "parquet":
            pq.write_table(pa.Table.from_pylist(found), path)
        else:
            write(path, found)
    done = run("corpus", "in", "--out", "out")
    assert done.returncode == 2 and not (tmp_path / "out").exists()
    assert re.search(
        rb"no document has a field 'text'; name one of these with --field: body, meta\.title\n$", done.stderr
    ), done.stderr
    assert run("corpus", "in", "--out", "out", "--field", "body").returncode == 0
    assert b"no document has a field 'text'" in run("report", "in").stderr


@pytest.mark.all
def test_progress_on_a_terminal(tmp_path: Path) -> None:
    import pty
    import subprocess
    import sys

    write(tmp_path / "a.jsonl", records(9))
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "cleaner", "corpus", "a.jsonl", "--out", "out", "--select", "comments"]
    done = subprocess.run(
        command, stderr=theirs, stdout=subprocess.PIPE, cwd=tmp_path, check=True, env={**os.environ, "COLUMNS": "160"}
    )
    os.close(theirs)
    shown = os.read(ours, 1 << 16).decode()
    os.close(ours)
    assert "100%" in shown and "9 documents" in shown and "dropped" in shown
    assert b"9 documents: 3 changed" in done.stdout


def test_settings_that_mean_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", records(1))
    wrong: list[dict[str, Any]] = [
        {"engine": "spark"},
        {"to": "csv"},
        {"flagged": "drop"},
        {"workers": 0},
        {"select": ["coments"]},
    ]
    for options in wrong:
        with pytest.raises(cleaner.SettingsError):
            clean_files(path, tmp_path / "out", **options)
    assert not (tmp_path / "out").exists()
