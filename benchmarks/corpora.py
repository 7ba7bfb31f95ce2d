"""Reads the material of the benchmarks: folders of pages, lines and prose, files of field cases. Any ``.json`` may be gzipped.

pages   ``ground-truth.json`` maps an id to its truth: ``articleBody``, or segments (``with``, ``without``), or both; ``titles``,
        ``optional``, ``lang``, and ``site``, ``host`` or ``url``. ``output/SYSTEM.json`` maps the same ids to
        ``{"articleBody": text}``. This is the layout of https://github.com/scrapinghub/article-extraction-benchmark.
lines   ``labels.json``: ``{id: {"lang": …, "lines": [[text, "fit" or "junk"], …]}}``
prose   ``GENRE.json``: ``{id: {"text": …, "lang": …}}``; nothing in these texts is boilerplate
cases   JSON lines with ``id``, ``genre``, ``input``, ``expect``, ``why``, ``options``
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit


class CorpusError(Exception):
    """A folder or file that cannot be measured; the message says which, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Document:
    """One page: the marks of people, and the output of each extractor.

    ``gold`` is the text of the article, None if the truth is something else. ``titles`` and ``optional`` are lines that do not
    count. ``wanted`` and ``unwanted`` are segments that must, or must not, be in the output. ``lines`` are the lines of a labelled
    document, each with whether it is junk. ``site`` is the host, or the id if none is known.
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
    lines: tuple[tuple[str, bool], ...] = ()


class Corpus(NamedTuple):
    """A folder of pages or lines: its name, its documents in the order of the truth, and its systems by name."""

    name: str
    documents: tuple[Document, ...]
    systems: tuple[str, ...]


class Text(NamedTuple):
    """A text in which everything is content."""

    id: str
    genre: str
    lang: str
    text: str


class Case(NamedTuple):
    """A short text and the output that a user expects. ``file`` is the name of its file."""

    file: str
    id: str
    genre: str
    input: str
    expect: str
    why: str
    options: Mapping[str, Any]


def sort_of(path: Path) -> str:
    """Return what a path holds: "cases", "corpus" (pages or lines) or "prose"; raises CorpusError if it does not exist."""
    if not path.exists():
        raise CorpusError(f"{path}: no such folder or file; check the path")
    names = {*_json_files(path)} if path.is_dir() else set()
    return "cases" if path.is_file() else "corpus" if "ground-truth" in names or names == {"labels"} else "prose"


def read_corpus(folder: Path, systems: Collection[str] = ()) -> Corpus:
    """Return the pages or lines in ``folder``, with the outputs of some systems, or of all."""
    name, files = folder.resolve().name, _json_files(folder)
    if "labels" in files:
        return Corpus(name, tuple(_labelled(id, truth) for id, truth in read_json(files["labels"]).items()), ())
    if "ground-truth" not in files:
        raise CorpusError(f"{folder}: holds neither ground-truth.json nor labels.json; name the folder above output/")
    truths = read_json(files["ground-truth"])
    found = _json_files(folder / "output").items()
    outputs = {system: _output(path, truths) for system, path in found if system in (systems or (system,))}
    return Corpus(name, tuple(_page(id, truth, outputs) for id, truth in truths.items()), tuple(outputs))


def read_prose(folder: Path) -> list[Text]:
    """Return the texts of a folder of prose, by genre."""
    return [
        Text(f"{genre}/{id}", genre, one.get("lang") or "", one["text"])
        for genre, path in _json_files(folder).items()
        for id, one in read_json(path).items()
    ]


def read_cases(path: Path) -> list[Case]:
    """Return the field cases of a file."""
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        own = ("id", "genre", "input", "expect", "why", "options")
        return [Case(path.stem, *(row[name] for name in own)) for row in rows]
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise CorpusError(f"{path}: is not a file of field cases ({error!r}); see benchmarks/corpora.py") from error


def read_json(path: Path) -> Any:
    """Return the content of a ``.json`` or ``.json.gz`` file, without the ``{"version", "output"}`` wrapping."""
    data = path.read_bytes()
    try:
        found = json.loads(gzip.decompress(data) if path.suffix == ".gz" else data)
    except (ValueError, OSError, EOFError) as error:
        raise CorpusError(f"{path}: not readable as JSON ({error}); fetch or write the file again") from error
    if not isinstance(found, dict):
        raise CorpusError(f"{path}: holds a {type(found).__name__}, not a mapping from ids")
    return found["output"] if set(found) == {"version", "output"} else found


def shuffled(documents: Iterable[Document]) -> list[Document]:
    """Return documents in an order that depends on their ids only, so that the first ones are a fixed sample."""
    return sorted(documents, key=lambda document: hashlib.sha1(document.id.encode()).digest())


def _json_files(folder: Path) -> dict[str, Path]:
    """Return the JSON files of a folder by name; a plain one wins over a gzipped one of the same name."""
    gzipped = {path.name.removesuffix(".json.gz"): path for path in folder.glob("*.json.gz")}
    return dict(sorted({**gzipped, **{path.stem: path for path in folder.glob("*.json")}}.items()))


def _output(path: Path, ids: Collection[str]) -> dict[str, str]:
    """Return the texts of a system by id. An empty text is an answer; a missing one is an error, as in the public benchmark."""
    data = read_json(path)
    if missing := [id for id in ids if id not in data]:
        raise CorpusError(f"{path}: lacks {len(missing)} of {len(ids)} documents of the truth, {missing[0]} first")
    return {id: data[id].get("articleBody") or "" for id in ids}


def _page(id: str, truth: Mapping[str, Any], outputs: Mapping[str, Mapping[str, str]]) -> Document:
    host = truth.get("site") or truth.get("host") or urlsplit(truth.get("url") or "").netloc
    return Document(
        id=id,
        gold=truth.get("articleBody"),
        titles=tuple(truth.get("titles") or ()),
        optional=tuple(truth.get("optional") or ()),
        lang=truth.get("lang") or "",
        site=host.removeprefix("www.") or id,
        wanted=tuple(truth.get("with") or ()),
        unwanted=tuple(truth.get("without") or ()),
        outputs={system: texts[id] for system, texts in outputs.items()},
    )


def _labelled(id: str, truth: Mapping[str, Any]) -> Document:
    # A label belongs to one line, even if its text has line breaks.
    lines = tuple((" ".join(text.split()), label == "junk") for text, label in truth["lines"])
    return Document(id=id, lang=truth.get("lang") or "", site=id, lines=lines)
