"""Corpora with faults: errors name file and place, and everything sound is still cleaned."""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cleaner.corpus import clean_files
from cleaner.model import InputError
from tests.conftest import ROOT, Run
from tests.corpus_files import CLEAN, DIRTY, FEW, FORMS, lines_of, pa, pq, read, records, write, write_lines

COMMAND = ["--workers", "1", "--select", "comments"]
GOOD = json.dumps({"text": DIRTY.format(1)}).encode() + b"\n"


def corpus(run: Run, folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command over the folder ``in``, which always has a sound file."""
    write(folder / "in" / "sound.jsonl", records(5))
    done = run("corpus", "in", "--out", "out", *COMMAND, *arguments, cwd=folder)
    if done.returncode < 2:
        assert len(read(folder / "out" / "sound.jsonl")) == 5
    return done


def errors(folder: Path) -> list[dict[str, Any]]:
    return read(folder / "out" / "errors.jsonl")


LINES = [
    ("a missing field", b'{"id": 1}', "has no field 'text'; name the field that holds the text with --field"),
    ("a field that is not text", b'{"text": 5}', "the field 'text' is not a text but 5"),
    ("null", b'{"text": null}', "the field 'text' is not a text but null"),
    ("no object", b'["text"]', "is not a JSON object"),
    ("half a line", b'{"text": "cut o', "is not JSON in UTF-8"),
    (
        "invalid UTF-8",
        b'{"text": "caf\xe9"}',
        'is not JSON in UTF-8: byte 13 (0xe9) is not UTF-8: {"text": "caf\\xe9"}',
    ),
    ("deeper than any reader goes", b"[" * 100_000, "is not JSON in UTF-8"),
    ("no text at all", b"\x00\x01", "is not JSON in UTF-8"),
]


def test_bad_lines_are_named_and_the_others_are_cleaned(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    # A good line, a blank one and a bad one, and so on.
    write_lines(tmp_path / "in" / "a.jsonl.zst", b"".join(GOOD + b"\n" + line + b"\n" for _, line, _ in LINES) + GOOD)
    done = corpus(run, tmp_path)
    assert done.returncode == 1
    found = errors(tmp_path)
    assert len(found) == len(LINES)
    for place, ((what, _, said), error) in enumerate(zip(LINES, found, strict=True)):
        number = 3 * place + 3
        assert (error["number"], error["id"]) == (number, f"a.jsonl.zst:{number}"), what
        assert error["file"] == str(tmp_path / "in" / "a.jsonl.zst") and said in error["error"], what
        # The command names the first of them.
        assert place >= 5 or f"in/a.jsonl.zst:{number}: {said}" in done.stderr.decode(), what
    assert [record["text"] for record in read(tmp_path / "out" / "a.jsonl.zst")] == [CLEAN.format(1)] * (len(LINES) + 1)
    assert json.loads((tmp_path / "out" / "summary.json").read_bytes())["failed"] == len(LINES)


def test_empty_files_have_empty_outputs(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number, form in enumerate(FORMS):
        if form == "parquet":
            pq.write_table(pa.table({"text": pa.array([], pa.string())}), tmp_path / "in" / f"{number}.{form}")
        else:
            write_lines(tmp_path / "in" / f"{number}.{form}", b"")
    done = corpus(run, tmp_path, "--findings")
    assert (done.returncode, done.stderr) == (0, b"")
    for name in [f"{number}.{form}" for number, form in enumerate(FORMS)]:
        assert read(tmp_path / "out" / name) == read(tmp_path / "out" / "findings" / name) == []


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def spoil(path: Path) -> None:
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 16] = bytes(16)
    path.write_bytes(content)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def lead_nowhere(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere")


BROKEN: list[tuple[str, Callable[[Path], None], str]] = [
    ("cut.jsonl.gz", cut_off, "is cut off: it ends before its compressed data does; fetch it again"),
    ("cut.jsonl.zst", cut_off, "is cut off: it ends before its compressed data does; fetch it again"),
    ("cut.parquet", cut_off, "is not a complete Parquet file"),
    ("spoilt.jsonl.gz", spoil, "is not a complete jsonl.gz file"),
    ("spoilt.jsonl.zst", spoil, "is not a complete jsonl.zst file"),
    ("spoilt.parquet", spoil, "is broken in row group"),
    ("empty.parquet", empty, "is not a complete Parquet file"),
    ("empty.jsonl.gz", empty, "is cut off: it ends before its compressed data does; fetch it again"),
    ("empty.jsonl.zst", empty, "is cut off: it ends before its compressed data does; fetch it again"),
    ("link.jsonl", lead_nowhere, "cannot be read: No such file or directory"),
]


def test_broken_files_have_no_output_and_are_named(run: Run, tmp_path: Path) -> None:
    found = [{"text": os.urandom(2000).hex()} for _ in range(300)]
    for name, harm, _ in BROKEN:
        harm(write(tmp_path / "in" / name, found))
    done = corpus(run, tmp_path)
    assert done.returncode == 1
    by_name = {Path(error["file"]).name: error for error in errors(tmp_path)}
    assert by_name.keys() == {name for name, _, _ in BROKEN}
    for name, _, said in BROKEN:
        assert by_name[name]["number"] is None and said in by_name[name]["error"]
        assert f"in/{name}: {said}" in done.stderr.decode()
        assert not (tmp_path / "out" / name).exists()
    # Once fixed, they are the only work left.
    for name, _, _ in BROKEN:
        write(tmp_path / "in" / name, found)
    done = corpus(run, tmp_path)
    assert done.returncode == 0
    assert b"11 files finished, 1 of them by an earlier start" in done.stdout
    assert not (tmp_path / "out" / "errors.jsonl").exists()


@pytest.mark.all
def test_a_large_file_that_is_cut_off(tmp_path: Path) -> None:
    found = [{"text": DIRTY, "noise": os.urandom(20_000).hex()} for _ in range(500)]
    cut_off(write(tmp_path / "a.jsonl.zst", found))
    write(tmp_path / "b.jsonl", records(3))
    summary = clean_files([tmp_path / "a.jsonl.zst", tmp_path / "b.jsonl"], tmp_path / "out", workers=1, **FEW)
    (said,) = summary.failures.values()
    assert "a.jsonl.zst: is cut off" in said
    assert (summary.files, summary.documents) == (1, 3)
    assert not (tmp_path / "out" / "a.jsonl.zst").exists()


COLUMNS: dict[str, tuple[dict[str, Any], str]] = {
    "missing": (
        {"body": ["a"]},
        "has no column 'text'; name the column that holds the text with --field: there are body",
    ),
    "numbers": ({"text": [5]}, "the column 'text' is not text but int64"),
    "structs": ({"text": [{"de": "a"}]}, "the column 'text' is not text but struct"),
}


def test_columns_that_cannot_be_cleaned(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name, (columns, _) in COLUMNS.items():
        pq.write_table(pa.table(columns), tmp_path / "in" / f"{name}.parquet")
    done = corpus(run, tmp_path)
    assert done.returncode == 1
    for name, (_, said) in COLUMNS.items():
        assert f"in/{name}.parquet: {said}" in done.stderr.decode()


def test_values_in_parquet_that_are_no_text(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    texts = pa.array(
        [b"Please enter your comment!\nThe council met on Monday.", None, b"caf\xe9", b"B."], pa.binary()
    ).view(pa.string())
    pq.write_table(pa.table({"text": texts, "id": ["a", "b", "c", "d"]}), tmp_path / "in" / "a.parquet")
    done = corpus(run, tmp_path, "--id-field", "id")
    assert done.returncode == 1
    assert [(error["number"], error["id"], error["error"]) for error in errors(tmp_path)] == [
        (2, "b", "the text in column 'text' is null"),
        (3, "c", "the text in column 'text' is not UTF-8"),
    ]
    assert read(tmp_path / "out" / "a.parquet") == [
        {"text": "The council met on Monday.", "id": "a"},
        {"text": "B.", "id": "d"},
    ]


@pytest.mark.all
@pytest.mark.parametrize("form", ["jsonl", "jsonl.zst"])
def test_a_line_of_200_megabytes(run: Run, tmp_path: Path, form: str) -> None:
    (tmp_path / "in").mkdir()
    write_lines(tmp_path / "in" / f"a.{form}", GOOD + b'{"text": "' + b"a" * 200_000_000 + b'"}\n' + GOOD)
    done = corpus(run, tmp_path)
    assert done.returncode == 1
    assert f"in/a.{form}:2: the line is longer than 64 MB; is a line break missing?" in done.stderr.decode()
    assert lines_of(tmp_path / "out" / f"a.{form}").count(b"\n") == 2


def test_many_failures_are_named_in_part_and_counted(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "in" / "a.jsonl", [{"text": place} for place in range(30)])
    done = corpus(run, tmp_path)
    said = done.stderr.decode().splitlines()
    assert len(said) == 6
    assert said[-1] == "cleaner: 25 more documents failed; out/errors.jsonl lists them all"
    assert [error["number"] for error in errors(tmp_path)] == list(range(1, 31))


def test_strict_stops_at_the_first(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "in" / "a.jsonl", [{"text": "A."}, {"text": 1}, {"text": 2}])
    done = run("corpus", "in", "--out", "out", *COMMAND, "--strict", cwd=tmp_path)
    assert done.returncode == 1
    (said,) = done.stderr.decode().splitlines()
    assert said.endswith(
        "in/a.jsonl:2: the field 'text' is not a text but 1; what was finished stays, and without --strict the run goes on"
    )
    assert not (tmp_path / "out" / "a.jsonl").exists()
    # The output does not depend on this option: the run goes on without it.
    assert run("corpus", "in", "--out", "out", *COMMAND, cwd=tmp_path).returncode == 1
    assert read(tmp_path / "out" / "a.jsonl") == [{"text": "A."}]


REFUSED = [
    (["missing"], "missing: there is no such file or folder; check the path"),
    (["in/*.csv"], "in/*.csv: there are no files of documents; their names end in"),
    (["notes"], "notes: there are no files of documents"),
    (["notes/a.txt"], "a.txt: its name does not tell its format; rename it to end in one of"),
    (["in/a.jsonl", "b/a.jsonl"], "would be written to the same place as"),
    (["in/a.jsonl", "b/a.jsonl.gz", "--to", "jsonl.zst"], "would be written to the same place as"),
    (["in", "--out", "in"], "in: the input is the output folder; name another folder with --out"),
    (["in/a.jsonl", "--out", "in"], "in/a.jsonl: is in the output folder"),
    (["in", "--out", "notes"], "notes: holds other files, which are not of a run of this command"),
    (["in", "--out", "notes/a.txt"], "notes/a.txt: cannot be written"),
    (["in", "--address", "auto"], "--address is where a Ray cluster is; it goes with --engine ray"),
    (["in", "--select", "coments"], "did you mean 'comments'?"),
]


@pytest.mark.parametrize(("arguments", "said"), REFUSED)
def test_what_cannot_be_run(run: Run, tmp_path: Path, arguments: list[str], said: str) -> None:
    for name in ("in/a.jsonl", "b/a.jsonl", "b/a.jsonl.gz"):
        write(tmp_path / name, records(1))
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.txt").write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    done = run("corpus", *arguments, *(["--out", "out"] if "--out" not in arguments else []), cwd=tmp_path)
    assert done.returncode == 2
    (line,) = done.stderr.decode().splitlines()
    assert said in line
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.all
def test_a_full_disk_ends_the_run_and_the_same_command_goes_on(tmp_path: Path) -> None:
    write(tmp_path / "in" / "small.jsonl", records(5))
    write(tmp_path / "in" / "large.parquet", [{"text": os.urandom(3_000_000).hex()}])
    command = [sys.executable, "-m", "cleaner", "corpus", "in", "--out", "out", *COMMAND]

    def fill() -> None:
        # No file may grow beyond this, as on a full disk.
        resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))

    where = {"cwd": tmp_path, "env": {**os.environ, "PYTHONPATH": str(ROOT)}, "capture_output": True, "text": True}
    full: Any = subprocess.run(command, preexec_fn=fill, check=False, **where)  # type: ignore[call-overload]
    assert full.returncode == 2
    # What is written first are the pieces of the file.
    assert re.search(r"out/\S*large\.parquet\S*: cannot be written: ", full.stderr)
    assert "what was finished stays; fix this and run the same command again" in full.stderr
    assert not (tmp_path / "out" / "large.parquet").exists()
    again: Any = subprocess.run(command, check=False, **where)  # type: ignore[call-overload]
    assert (again.returncode, again.stderr) == (0, "")
    assert len(read(tmp_path / "out" / "large.parquet")) == 1


@pytest.mark.all
def test_no_room_on_a_real_disk(tmp_path: Path) -> None:
    """The same on a full file system, if one may be made."""
    write(tmp_path / "in" / "large.parquet", [{"text": os.urandom(3_000_000).hex()}])
    (tmp_path / "out").mkdir()
    script = f"mount -t tmpfs -o size=1m none out || exit 99; {sys.executable} -m cleaner corpus in --out out {' '.join(COMMAND)}"
    done = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in (1, 2) or "unshare" in done.stderr:
        pytest.skip(f"no file system can be made here: {done.stderr}")
    assert done.returncode == 2
    assert re.search(r"out/\S*large\.parquet\S*: cannot be written: No space left on device", done.stderr)


@pytest.mark.all
def test_no_permission(tmp_path: Path) -> None:
    write(tmp_path / "in" / "a.jsonl", records(3))
    write(tmp_path / "in" / "secret.jsonl", records(3)).chmod(0)
    (tmp_path / "closed").mkdir(mode=0o500)
    # Root may read everything, until it gives that up.
    bare = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    said = {}
    for out in ("closed/out", "out"):
        done = subprocess.run(
            [*bare, sys.executable, "-m", "cleaner", "corpus", "in", "--out", out, *COMMAND],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        said[out] = (done.returncode, done.stderr)
    assert said["closed/out"][0] == 2 and "closed/out: cannot be written: Permission denied" in said["closed/out"][1]
    assert said["out"][0] == 1 and "in/secret.jsonl: cannot be read: Permission denied" in said["out"][1]
    assert len(read(tmp_path / "out" / "a.jsonl")) == 3


def test_a_folder_that_cannot_be_read_is_named(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "in" / "locked" / "a.jsonl", records(3))
    scandir = os.scandir

    def locked(path: str) -> object:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr("os.scandir", locked)
    with pytest.raises(InputError, match="locked: cannot be read: Permission denied"):
        clean_files([tmp_path / "in"], tmp_path / "out")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs POSIX")
def test_a_pipe_is_named_and_not_waited_for(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    os.mkfifo(tmp_path / "in" / "pipe.jsonl")
    os.mkfifo(tmp_path / "in" / "pipe.txt")
    done = corpus(run, tmp_path)
    assert done.returncode == 1 and b"in/pipe.jsonl: is not a regular file" in done.stderr
    for command in (["learn", "in", "-o", "rules.toml"], ["report", "in"]):
        told = run(*command).stderr
        assert b"in/pipe.jsonl: is not a regular file" in told
    assert b"in/pipe.txt: is not a regular file" in told


def test_an_input_that_changes_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cleaner.corpus.shards import Shard, Task
    from cleaner.corpus.worker import clean_shard
    from cleaner.sources.inputs import Fields, find_sources

    (source,) = find_sources([write(tmp_path / "a.jsonl", records(3))])
    write(tmp_path / "a.jsonl", records(4))
    with pytest.raises(InputError, match="was changed while it was read; run the same command again"):
        clean_shard(Task(str(tmp_path / "out"), FEW, Fields()), Shard(source, source.size))
