"""Learning on a real Ray of two workers gives the same rules, page and errors as on this machine, byte for byte."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path
from typing import Any

import pytest

from cleaner.cli.learn import main
from cleaner.learning import cluster as learning_cluster
from cleaner.learning import sampling
from cleaner.learning.cluster import find_end, read_parts, table_of, up_to_ends
from cleaner.learning.reading import read_rows
from cleaner.learning.sampling import Row, samples, size_of
from cleaner.model import CleanerError
from cleaner.sources.inputs import Fields, find_sources
from tests.conftest import Run
from tests.corpus_files import pa as arrow
from tests.corpus_files import write, write_lines
from tests.made_up_site import HEADING, documents

compute: Any = pytest.importorskip("pyarrow.compute")

SITES = {"gazette.example": 20, "other.example": 9, "ärzte.example": 12, "few.example": 2}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with files of all forms, which share sites and some documents, and some of which cannot be read."""
    folder = tmp_path_factory.mktemp("pages")
    found = [document for site, pages in SITES.items() for document in documents(pages, site)]
    random.Random(1).shuffle(found)
    unnamed = [{name: value for name, value in document.items() if name != "id"} for document in found]
    write(folder / "in" / "a.jsonl", [*found[:15], {"id": "no text", "text": None, "url": None}])
    write(folder / "in" / "b.jsonl.gz", unnamed[10:25])
    write(folder / "in" / "below" / "c.parquet", [*found[20:], {"id": "null", "text": None, "url": ""}])
    write_lines(
        folder / "in" / "d.jsonl.zst", b'no JSON\n{"id": "\\ud800", "text": "Home", "url": "http://few.example"}\n'
    )
    return folder


def learn(folder: Path, corpus: Path, engine: str, *options: str) -> tuple[int, bytes, bytes]:
    """Learn in a folder and return the exit status, the rules and the page."""
    folder.mkdir(exist_ok=True)
    rules, review = folder / "rules.toml", folder / "review.html"
    page = [] if "--workers" in options else ["--review", str(review)]
    status = main([str(corpus / "in"), "-o", str(rules), "--engine", engine, *page, *options])
    return status, rules.read_bytes(), review.read_bytes() if page else b""


@pytest.mark.all
@pytest.mark.parametrize("options", [["--id-field", "id"], ["--site-field", "id"], ["--workers", "1"]])
def test_the_same_bytes_as_here(
    cluster: None, corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    wanted = learn(tmp_path / "rules", corpus, "local", *options)
    told = capsys.readouterr().out
    (tmp_path / "rules" / "rules.toml").unlink()
    assert learn(tmp_path / "rules", corpus, "ray", *options) == wanted
    assert capsys.readouterr().out == told
    assert "3 documents could not be read" in told
    assert b"[rules." in wanted[1]


@pytest.mark.all
def test_edits_hold(cluster: None, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, learned, _ = learn(tmp_path, corpus, "local")
    edited = learned.replace(b"drop = []", f'drop = ["{HEADING}"]'.encode()).replace(b"keep = []", b'keep = ["Sport"]')
    for engine in ("local", "ray"):
        (tmp_path / engine).mkdir()
        (tmp_path / engine / "rules.toml").write_bytes(edited)
    again = learn(tmp_path / "ray", corpus, "ray")
    assert again == learn(tmp_path / "local", corpus, "local")
    # The ends of large sites' samples are only looked for if there is much text; that must not change the result.
    monkeypatch.setattr(learning_cluster, "_ROOMY", 0)
    (tmp_path / "ray" / "rules.toml").write_bytes(edited)
    assert learn(tmp_path / "ray", corpus, "ray") == again
    assert again[1].count(b'keep = [\n  "Sport",\n]') == learned.count(b"keep = []") > 1


@pytest.mark.all
@pytest.mark.parametrize("what", ["cut off", "no column"])
def test_what_cannot_be_read_is_told_as_here(cluster: None, corpus: Path, tmp_path: Path, what: str) -> None:
    write(tmp_path / "in" / "a.jsonl", documents(5))
    if what == "cut off":
        lines = "".join(f"{json.dumps(document)}\n" for document in documents(50)).encode()
        (tmp_path / "in" / "b.jsonl.gz").write_bytes(gzip.compress(lines)[:-9])
    else:
        write(tmp_path / "in" / "b.parquet", [{"body": "a"}])
    said: list[Any] = []
    for engine in ("local", "ray"):
        with pytest.raises(CleanerError) as caught:
            main([str(tmp_path / "in"), "-o", str(tmp_path / "rules.toml"), "--engine", engine])
        said.append((type(caught.value), str(caught.value)))
    assert said[0] == said[1] and what in said[0][1]
    assert not (tmp_path / "rules.toml").exists()


@pytest.mark.all
def test_the_command_with_a_ray_of_its_own(corpus: Path, tmp_path: Path, run: Run) -> None:
    _, wanted, _ = learn(tmp_path / "here", corpus, "local")
    done = run("learn", str(corpus / "in"), "-o", "rules.toml", "--engine", "ray", "--workers", "2")
    assert done.returncode == 0, done.stderr.decode()
    assert (tmp_path / "rules.toml").read_bytes() == wanted


@pytest.mark.parametrize(("pages", "text"), [(2, 10**9), (10**9, 2_500)])
@pytest.mark.parametrize(("held", "is_cut"), [(2_000, True), (35_000, False), (10**9, False)])
def test_samples_of_parts_have_the_sample_of_all(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, pages: int, text: int, held: int, is_cut: bool
) -> None:
    fields = Fields("text", "id", "url")
    every = [(source, list(read_rows(source, fields))) for source in find_sources([corpus / "in"])]
    monkeypatch.setattr(sampling, "MOST_PAGES", pages)
    monkeypatch.setattr(sampling, "MOST_TEXT", text)
    monkeypatch.setattr(learning_cluster, "_HELD", held)
    there = sorted(row for _, rows in every for row in rows if row)
    parts = [part for source, _ in every for part in read_parts(source, fields)]
    found = [row for part in parts for row in part]
    assert [int(row.id) for row in found if not row.site] == [rows.count(None) for _, rows in every]
    rows = sorted(row for row in found if row.site)
    assert list(samples(rows, size_of)) == list(samples(there, size_of))
    tables = [table_of(part) for part in parts]
    ends = [find_end(arrow.concat_tables(tables).filter(compute.field("site") == site)).to_pylist() for site in SITES]
    last = {end["site"]: end["checksum"] for (end,) in filter(None, ends)}
    left = [Row(**row) for table in tables for row in up_to_ends(table, last).to_pylist()]
    assert list(samples(sorted(row for row in left if row.site), size_of)) == list(samples(there, size_of))
    assert len(left) < len(found) or not last
    # If the samples of a file fit into memory, they are one part, without the rest of the file.
    assert (len(parts) > len(every)) is is_cut
    assert is_cut or len(rows) < len(there)


def test_the_sample_ends_at_either_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "MOST_PAGES", 3)
    monkeypatch.setattr(sampling, "MOST_TEXT", 10)
    rows = [Row("a", "1", "x", "few"), *(Row("b", str(n), "x", "") for n in range(5)), Row("c", "1", "x", "y" * 10)]
    rows += [Row("c", "2", "x", "one too many")]
    assert [(site, len(found)) for site, found in samples(rows, size_of)] == [("a", 1), ("b", 3), ("c", 1)]
