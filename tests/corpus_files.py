"""Small corpora for tests: documents, and files of every form that hold them."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

_NEEDED = "needs the packages of the extra `corpus`: pip install -e '.[test,corpus]'"
pa: Any = pytest.importorskip("pyarrow", reason=_NEEDED)
pq: Any = pytest.importorskip("pyarrow.parquet", reason=_NEEDED)
zstandard: Any = pytest.importorskip("zstandard", reason=_NEEDED)
for _package in ("filelock", "fsspec", "orjson", "rich"):
    pytest.importorskip(_package, reason=_NEEDED)

FORMS = ("jsonl", "jsonl.gz", "jsonl.zst", "parquet")
# A few rules, so that workers start quickly. One test runs all rules.
FEW: dict[str, Any] = {"select": ["comments"], "drop": ["Gone for good"]}
# The same on the command line.
FEW_OPTIONS = [option for name, values in FEW.items() for value in values for option in (f"--{name}", value)]
DIRTY = "The council met on Monday, number {}.\n\nPlease enter your comment!\n\nIt will meet again in May."
ALL_DIRT = "Gone for good\n\nPlease enter your comment!"
CLEAN = "The council met on Monday, number {}.\n\nIt will meet again in May."


def records(number: int) -> list[dict[str, Any]]:
    """Return documents: every third one has boilerplate, 10 has nothing else, so it stays whole, and 11 is blank."""
    whole = {10: ALL_DIRT, 11: " "}
    return [
        {
            "id": place,
            "text": whole.get(place) or (CLEAN if place % 3 else DIRTY).format(place),
            "url": f"https://site.example/{place}",
            "meta": {"score": place / 7, "tags": ["a", "ü"], "text": DIRTY.format(place)},
        }
        for place in range(number)
    ]


def write(path: Path, found: Sequence[dict[str, Any]]) -> Path:
    """Write documents to a file of the form that its name tells."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        pq.write_table(
            pa.Table.from_pylist(list(found)), path, row_group_size=max(len(found) // 3, 1), write_page_checksum=True
        )
        return path
    return write_lines(path, "".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in found).encode())


def write_lines(path: Path, lines: bytes) -> Path:
    """Write lines to a file, compressed as its name tells."""
    if path.suffix == ".gz":
        lines = gzip.compress(lines)
    elif path.suffix == ".zst":
        lines = zstandard.ZstdCompressor(write_checksum=True).compress(lines)
    path.write_bytes(lines)
    return path


def lines_of(path: Path) -> bytes:
    """Return the lines of a file of JSONL, decompressed as other programs do it."""
    data = path.read_bytes()
    if path.suffix == ".gz":
        return gzip.decompress(data)
    return zstandard.ZstdDecompressor().stream_reader(data).read() if path.suffix == ".zst" else data


def read(path: Path) -> list[dict[str, Any]]:
    """Return the documents of a file of any form."""
    if path.suffix == ".parquet":
        found: list[dict[str, Any]] = pq.read_table(path).to_pylist()
        return found
    return [json.loads(line) for line in lines_of(path).splitlines()]


def digests(folder: Path) -> dict[str, str]:
    """Return a digest of every file that a run wrote, by name, without its own records."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".cleaner" not in path.parts
    }
