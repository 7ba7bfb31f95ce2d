"""What workers do, in this process: pieces of files, other forms, conversions, and files of an object store in memory."""

from __future__ import annotations

import decimal
import gzip
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from cleaner.corpus import progress, shards
from cleaner.corpus.assembly import AbandonedError, Assembly
from cleaner.corpus.convert import lines_as_rows, rows_as_lines
from cleaner.corpus.outputs import join
from cleaner.corpus.shards import Shard, Task, cut
from cleaner.corpus.tally import Tally
from cleaner.corpus.worker import clean_shard
from cleaner.model import CleanerError, InputError
from cleaner.sources import jsonl, storage
from cleaner.sources.inputs import Fields, find_sources
from cleaner.sources.storage import OutputError
from tests.corpus_files import FEW, FORMS, digests, pa, pq, read, records, write, write_lines


@pytest.mark.parametrize("to", [None, "parquet", "jsonl.zst"])
@pytest.mark.parametrize("form", FORMS)
def test_the_pieces_of_a_file_join_to_what_one_worker_makes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, to: str | None
) -> None:
    monkeypatch.setattr(shards, "_LEAST_SPAN", 6000)
    monkeypatch.setattr(jsonl, "_LEAST_BLOCK", 2000)
    (source,) = find_sources([write(tmp_path / f"a.{form}", records(60))])
    whole = Task(str(tmp_path / "whole"), FEW, Fields(), findings=True, to=to)
    pieces = whole._replace(out=str(tmp_path / "pieces"))
    clean_shard(whole, Shard(source, source.size))
    cuts = list(cut(source))
    for shard in cuts:
        clean_shard(pieces, shard)
        assert shard.place == f"{source.path} (part {(shard.part or 0) + 1})"
    assert cuts[0].place != Shard(source, 0).place == source.path
    join(pieces, source, range(len(cuts)))
    assert digests(tmp_path / "pieces") == digests(tmp_path / "whole")
    assert len(cuts) > 1 and (form != "parquet" or all([shard.groups for shard in cuts]))
    assert len(read(tmp_path / "whole" / f"a.{to or form}")) == 60


def test_a_large_group_of_rows_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "_LEAST_SPAN", 200)
    pq.write_table(pa.Table.from_pylist(records(60)), tmp_path / "a.parquet")
    (source,) = find_sources([tmp_path / "a.parquet"])
    task = Task(str(tmp_path / "out"), FEW, Fields())
    found = list(cut(source))
    assert all([shard.rows is not None for shard in found])
    assert sum([int(clean_shard(task, shard)["documents"]) for shard in found]) == 60


# --- Conversions ---


def test_what_json_has_no_type_for_is_spelled_or_refused() -> None:
    row = pa.RecordBatch.from_pylist([{"text": "a", "price": decimal.Decimal("1.50")}])
    assert json.loads(rows_as_lines(row, "x")) == {"text": "a", "price": "1.50"}
    bytes_of = pa.RecordBatch.from_pylist([{"text": "a", "page": b"\xff"}])
    with pytest.raises(InputError, match=r"x: cannot be written as JSON: .*; leave the column out"):
        rows_as_lines(bytes_of, "x")


def test_what_does_not_fit_a_column_is_refused() -> None:
    schema = pa.schema([("n", pa.int64())])
    assert lines_as_rows(b'{"n": 1}\n', schema, "x").to_pylist() == [{"n": 1}]
    # Python reads this, and orjson does not.
    with pytest.raises(InputError, match=r"x: cannot be written as Parquet: .*; stay with JSONL"):
        lines_as_rows(b'{"n": NaN}\n', schema, "x")


def test_fields_of_several_types_make_no_column(tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", b'{"text": "a", "n": 1}\n{"text": "b", "n": "one"}\n')
    (source,) = find_sources([tmp_path / "a.jsonl"])
    with pytest.raises(InputError, match=r"in the lines from 1 on: .*stay with JSONL"):
        clean_shard(Task(str(tmp_path / "out"), FEW, Fields(), to="parquet"), Shard(source, source.size))


@pytest.mark.parametrize("rows", [0, 3])
def test_a_column_of_a_dictionary_stays_one(tmp_path: Path, rows: int) -> None:
    texts = pa.array(["They met.", "Please enter your comment!", "They met."][:rows], pa.string()).dictionary_encode()
    pq.write_table(pa.table({"text": texts}), tmp_path / "a.parquet")
    (source,) = find_sources([tmp_path / "a.parquet"])
    clean_shard(Task(str(tmp_path / "out"), FEW, Fields()), Shard(source, source.size))
    made = pq.read_table(tmp_path / "out" / "a.parquet")
    assert made.num_rows == rows and pa.types.is_dictionary(made.schema.field("text").type)


def test_a_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    (source,) = find_sources([write(tmp_path / "a.parquet", records(3))])
    with pytest.raises(InputError, match=r"has no column 'meta\.none'; name the column"):
        clean_shard(Task(str(tmp_path / "out"), FEW, Fields("meta.none")), Shard(source, source.size))


# --- Lines ---


@pytest.mark.parametrize("behind", [b'{"text": "b"}\n', b""])
@pytest.mark.parametrize("before", [b'{"text": "a"}\n', b""])
def test_a_line_without_end_is_a_fault_of_its_own(
    monkeypatch: pytest.MonkeyPatch, before: bytes, behind: bytes
) -> None:
    monkeypatch.setattr(jsonl, "LONGEST_LINE", 50)
    monkeypatch.setattr(jsonl, "_READ", 20)
    end = b"\n" if behind else b""
    blocks = list(jsonl.read_blocks(io.BytesIO(before + b"x" * 200 + end + behind), "jsonl", "a", 1000))
    assert b"".join([block.data for block in blocks]) == before + behind
    (fault,) = [block for block in blocks if block.fault]
    assert fault.fault.startswith("the line is longer than") and fault.first == 1 + bool(before)
    (document,) = jsonl.Lines(fault, Fields()).documents
    assert document.fault == fault.fault


def test_a_line_as_long_as_may_be_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "LONGEST_LINE", 50)
    monkeypatch.setattr(jsonl, "_READ", 20)
    lines = b'{"text": "a"}\n{"text": "%s"}\n{"text": "b"}\n' % (b"x" * 30)
    blocks = list(jsonl.read_blocks(io.BytesIO(lines), "jsonl", "a", 1000))
    assert b"".join([block.data for block in blocks]) == lines and not any([block.fault for block in blocks])


def test_a_disk_that_fails_is_told() -> None:
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(InputError, match=r"a\.jsonl: cannot be read: Input/output error"):
        list(jsonl.read_blocks(Failing(), "jsonl", "a.jsonl"))
    with pytest.raises(InputError, match=r"a\.gz: is cut off"):
        list(jsonl.read_blocks(io.BytesIO(gzip.compress(b"{}\n")[:12]), "jsonl.gz", "a.gz"))


# --- A file of several pieces, and one that is given up ---


def test_who_waits_for_a_file_that_is_given_up_learns_it(tmp_path: Path) -> None:
    (source,) = find_sources([write(tmp_path / "a.jsonl", records(3))])
    assembly = Assembly(source)
    assembly.add(0, Tally())
    assembly.abandon()
    with pytest.raises(AbandonedError):
        list(assembly.parts())


# --- Stores ---


def test_an_object_store_is_used_like_a_disk(tmp_path: Path) -> None:
    place = storage.joined("memory://corpus/", "out", "a.json")
    assert place == "memory://corpus/out/a.json"
    assert not storage.exists(place) and storage.read_json(place) is None
    storage.write_json(place, {"a": "ü"}, str(tmp_path))
    assert storage.exists(place) and storage.read_json(place) == {"a": "ü"}
    size, modified = storage.state(place)
    assert size > 0 and storage.content_hash(place) == modified
    with storage.open_input(place) as file:
        assert json.loads(file.read()) == {"a": "ü"}
    assert storage.names_below("memory://corpus") == ["out/a.json"]
    storage.remove("memory://corpus")
    assert not storage.exists(place)
    storage.remove("memory://corpus")
    assert not list(tmp_path.iterdir())


def test_what_cannot_be_read_or_written_is_named(tmp_path: Path) -> None:
    none = str(tmp_path / "none")
    for read_it in (storage.state, storage.open_input, storage.content_hash):
        with pytest.raises(InputError, match=r"none: cannot be read: No such file or directory"):
            read_it(none)
    (tmp_path / "file").write_text("{")
    with pytest.raises(InputError, match=r"file: is not JSON: .*--restart"):
        storage.read_json(str(tmp_path / "file"))
    for path, aside in ((str(tmp_path / "file" / "a"), str(tmp_path)), (str(tmp_path / "a"), str(tmp_path / "file"))):
        with (
            pytest.raises(OutputError, match=r"cannot be written: .*run the same command again"),
            storage.written_whole(path, aside),
        ):
            pass
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_package_that_is_missing_is_named() -> None:
    with pytest.raises(CleanerError, match=r"corpora need nowhere: pip install 'boilerplate-cleaner\[corpus\]'"):
        storage.needed("nowhere")


# --- Progress ---


def test_a_terminal_has_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    err = Terminal()
    monkeypatch.setattr(sys, "stderr", err)
    tally = Tally()
    tally.count_failed()
    with progress.Progress(True, 2000) as bar:
        bar.begin()
        bar.advance(1000, tally)
        bar.skip(1000)
        bar.say("the file \x1b[2J is whole")
    shown = err.getvalue()
    assert "1 failed" in shown and "100%" in shown and "the file \\x1b[2J is whole" in shown


def test_sizes_and_times_have_the_unit_that_suits_them(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    now = iter([0.0, *[step for step in (100.0, 700.0, 20_000.0) for _ in range(3)]])
    monkeypatch.setattr("cleaner.corpus.progress.time.monotonic", lambda: next(now, 20_000.0))
    for total in (10, 30_000, 9_000_000_000):
        bar = progress.Progress(True, total)
        bar._told = -1000.0
        bar.advance(total // 10, Tally())
    said = capsys.readouterr().err
    assert "1 B of 10 B" in said and "3.0 kB of 30.0 kB" in said and "900.0 MB of 9.0 GB" in said
