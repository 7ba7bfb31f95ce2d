"""Reads a folder of extracted articles and what people marked as the article.

The layout is that of the public benchmark https://github.com/scrapinghub/article-extraction-benchmark, so a clone of it
is such a folder: ``ground-truth.json`` maps a document id to its truth and ``output/SYSTEM.json`` maps the same ids to
``{"articleBody": text}``. Either file may be gzipped (``.json.gz``), and either may be wrapped as
``{"version": ..., "output": {...}}``.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SUFFIXES = (".json", ".json.gz")


class CorpusError(Exception):
    """A folder that cannot be measured; the message says which file, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Document:
    """One page: what people marked, and what each extractor made of it.

    ``gold`` is the article's text, or None where the truth is only segments. ``titles`` and ``optional`` are lines that
    count for nobody. ``lang`` is as the corpus writes it, "" where it does not say; ``site`` is the host of its page.
    ``wanted`` and ``unwanted`` are the segments that must stand in the output and those that must not (trafilatura's
    "with" and "without").
    """

    id: str
    gold: str | None = None
    titles: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    lang: str = ""
    site: str = ""
    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()
    outputs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Corpus:
    """A folder: its name, its documents in the order of the truth, and its systems in alphabetical order."""

    name: str
    documents: tuple[Document, ...]
    systems: tuple[str, ...]


def read_corpus(folder: Path) -> Corpus:
    """Return the corpus in ``folder``; raise CorpusError where it is not one."""
    if not folder.is_dir():
        raise CorpusError(f"{folder}: no such folder; name one that holds ground-truth.json and output/")
    truths = _read_mapping(_find(folder, "ground-truth"))
    outputs = {name: _read_output(path, truths.keys()) for name, path in sorted(_systems(folder).items())}
    documents = tuple(_document(id, truth, outputs) for id, truth in truths.items())
    return Corpus(folder.resolve().name, documents, tuple(outputs))


def read_json(path: Path) -> Any:
    """Return what a ``.json`` or ``.json.gz`` file holds; raise CorpusError where it is not JSON in UTF-8."""
    data = path.read_bytes()
    try:
        return json.loads((gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8"))
    except (ValueError, OSError, EOFError) as error:
        raise CorpusError(f"{path}: not readable as JSON ({error}); fetch or write the file again") from error


def _find(folder: Path, stem: str) -> Path:
    for suffix in SUFFIXES:
        path = folder / f"{stem}{suffix}"
        if path.is_file():
            return path
    raise CorpusError(f"{folder}: holds no {stem}.json or {stem}.json.gz; name the folder above output/")


def _systems(folder: Path) -> dict[str, Path]:
    """Return the output files by system name; a plain ``.json`` wins over a gzipped one of the same name."""
    found: dict[str, Path] = {}
    for suffix in reversed(SUFFIXES):
        for path in (folder / "output").glob(f"*{suffix}"):
            found[path.name.removesuffix(suffix)] = path
    return found


def _read_mapping(path: Path) -> dict[str, Any]:
    """Return the mapping in ``path``, without the ``{"version", "output"}`` wrapping."""
    data = read_json(path)
    if isinstance(data, dict) and isinstance(data.get("output"), dict) and set(data) <= {"version", "output"}:
        data = data["output"]
    if not isinstance(data, dict):
        raise CorpusError(f"{path}: holds a {type(data).__name__}, not a mapping from document ids")
    return data


def _read_output(path: Path, ids: Any) -> dict[str, str]:
    """Return a system's texts by id. An empty text is an answer; a missing one is an error, as it is there."""
    data = _read_mapping(path)
    missing = [id for id in ids if id not in data]
    if missing:
        raise CorpusError(
            f"{path}: lacks {len(missing)} of {len(ids)} documents of the truth ({missing[0]} is the first)"
        )
    return {id: data[id].get("articleBody") or "" for id in ids}


def _document(id: str, truth: Mapping[str, Any], outputs: Mapping[str, Mapping[str, str]]) -> Document:
    return Document(
        id=id,
        gold=truth.get("articleBody"),
        titles=tuple(truth.get("titles") or ()),
        optional=tuple(truth.get("optional") or ()),
        lang=truth.get("lang") or "",
        site=urlsplit(truth.get("url") or "").netloc.removeprefix("www."),
        wanted=tuple(truth.get("with") or ()),
        unwanted=tuple(truth.get("without") or ()),
        outputs={system: texts[id] for system, texts in outputs.items()},
    )
