"""The files that an input (a file, a folder or a glob) means, and the form that each name tells."""

from __future__ import annotations

import glob
import os
from collections.abc import MutableMapping, Sequence
from typing import NamedTuple

from cleaner.model import InputError
from cleaner.sources.storage import absolute, filesystem, is_remote, joined, names_below, state

JSONL, JSONL_GZ, JSONL_ZST, PARQUET = "jsonl", "jsonl.gz", "jsonl.zst", "parquet"
_SUFFIXES = {
    ".jsonl": JSONL,
    ".ndjson": JSONL,
    ".jsonl.gz": JSONL_GZ,
    ".ndjson.gz": JSONL_GZ,
    ".json.gz": JSONL_GZ,
    ".jsonl.zst": JSONL_ZST,
    ".ndjson.zst": JSONL_ZST,
    ".json.zst": JSONL_ZST,
    ".parquet": PARQUET,
}


class Fields(NamedTuple):
    """The names of the fields that hold a document's text, id, URL, title and site; a dot goes into an object or struct.

    A missing column is an error unless its field is named in ``optional``.
    """

    text: str = "text"
    id: str | None = None
    url: str | None = None
    title: str | None = None
    site: str | None = None
    optional: tuple[str, ...] = ()

    def with_usual(self, *names: str) -> Fields:
        """Return the fields with those of ``names`` that are not named under their own names; a document need not have them."""
        usual = [name for name in names if getattr(self, name) is None]
        return self._replace(**{name: name for name in usual}, optional=(*self.optional, *usual))

    def named(self) -> dict[str, str]:
        """Return the fields that are asked for besides the text, with their names in the documents."""
        found = {"id": self.id, "url": self.url, "title": self.title, "site": self.site}
        return {name: field for name, field in found.items() if field is not None}


class Source(NamedTuple):
    """One file of the input: its path, its path below the output folder, its form, and its state when it was found."""

    path: str
    name: str
    form: str
    size: int
    modified: str


def form_of(name: str) -> str | None:
    """Return the form that a file's name tells, None if it tells none."""
    return next((form for suffix, form in _SUFFIXES.items() if name.lower().endswith(suffix)), None)


def renamed(name: str, form: str) -> str:
    """Return a file's name with the ending of another form: ``a.parquet`` for ``a.jsonl.gz``."""
    if form_of(name) == form:
        return name
    suffix = next(suffix for suffix in _SUFFIXES if name.lower().endswith(suffix))
    return f"{name[: -len(suffix)]}.{form}"


def find_sources(
    inputs: Sequence[str | os.PathLike[str]], out: str | None = None, unreadable: MutableMapping[str, str] | None = None
) -> list[Source]:
    """Return the files that ``inputs`` mean, sorted by name.

    A folder means all files below it whose names tell a form and do not begin with "." or "_"; a glob means the same of its
    matches. Both skip files in ``out``, which raise InputError if named themselves. A file that cannot be read, such as a broken
    link, is entered in ``unreadable`` with the reason, or raises InputError if ``unreadable`` is None, as an input does that
    means nothing.
    """
    found: dict[str, Source] = {}
    for given in inputs:
        path = absolute(given)
        files = _files_of(os.fspath(given), path, out)
        if not files:
            raise InputError(
                f"{given}: there are no files of documents; their names end in {', '.join(sorted(_SUFFIXES))}"
            )
        for file, name in files:
            form = form_of(file)
            if form is None:
                raise InputError(
                    f"{file}: its name does not tell its format; rename it to end in one of {', '.join(sorted(_SUFFIXES))}"
                )
            other = found.get(name)
            if other is not None and other.path != file:
                raise InputError(
                    f"{file}: would be written to the same place as {other.path}: {name}; name the folder that holds both, "
                    "or run them into two folders"
                )
            if other is not None:
                continue
            try:
                found[name] = Source(file, name, form, *state(file))
            except InputError as error:
                if unreadable is None:
                    raise
                unreadable[file] = str(error)
    return [found[name] for name in sorted(found)]


def _files_of(given: str, path: str, out: str | None) -> list[tuple[str, str]]:
    """Return the files of one input as (path, name)."""
    remote = is_remote(path)
    system, inside = filesystem(path) if remote else (None, path)
    if system.isdir(inside) if system else os.path.isdir(path):
        if out is not None and (path == out or (not remote and os.path.realpath(path) == os.path.realpath(out))):
            raise InputError(f"{given}: the input is the output folder; name another folder with --out")
        return [
            (joined(path, name), name)
            for name in names_below(path)
            if form_of(name) and not _hidden(name) and not _within(joined(path, name), out)
        ]
    if system.exists(inside) if system else os.path.exists(path):
        if _within(path, out):
            raise InputError(f"{given}: is in the output folder {out}; name another folder with --out")
        return [(path, path.rsplit("/" if remote else os.sep, 1)[1])]
    if not glob.has_magic(given):
        raise InputError(f"{given}: there is no such file or folder; check the path")
    fixed = path[: min(path.index(magic) for magic in "*?[" if magic in path)]
    base = fixed.rsplit("/" if remote else os.sep, 1)[0]
    matches = (
        [system.unstrip_protocol(match) for match in system.glob(inside)] if system else glob.glob(path, recursive=True)
    )
    return [
        (match, match[len(base) + 1 :].replace(os.sep, "/"))
        for match in sorted(matches)
        if form_of(match) and not _hidden(match[len(base) + 1 :]) and not _within(match, out)
    ]


def _hidden(name: str) -> bool:
    return any(part.startswith((".", "_")) for part in name.replace(os.sep, "/").split("/"))


def _within(path: str, out: str | None) -> bool:
    if out is None or is_remote(path) != is_remote(out):
        return False
    if not is_remote(path):
        path, out = os.path.realpath(path), os.path.realpath(out)
    return path.startswith(out.rstrip("/" + os.sep) + ("/" if is_remote(out) else os.sep))
