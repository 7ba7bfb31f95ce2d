"""The files that an input (a file, a folder or a glob) means, and the form that each name tells."""

from __future__ import annotations

import glob
import os
from collections.abc import MutableMapping, Sequence
from typing import Any, NamedTuple

from cleaner.model import HINTS, InputError
from cleaner.sources.storage import absolute, filesystem, is_remote, joined, names_below, state

JSONL, JSONL_GZ, JSONL_ZST, PARQUET = "jsonl", "jsonl.gz", "jsonl.zst", "parquet"
# A page, compressed or not, and an archive of pages.
HTML, WARC = "html", "warc"
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


_PAGE_SUFFIXES = {
    **{f"{suffix}{packed}": HTML for suffix in (".html", ".htm", ".xhtml", ".shtml") for packed in ("", ".gz", ".zst")},
    **dict.fromkeys((".warc", ".warc.gz", ".arc.gz"), WARC),
}


class Html(NamedTuple):
    """Where the page of a document is, if its text is extracted from one: the field; and how (see ``cleaner.html.options.PageOptions``).

    ``is_ours`` means that the field is none of the user's and is left out of the output.
    """

    field: str
    options: dict[str, Any]
    is_ours: bool = False


class Fields(NamedTuple):
    """The names of the fields that hold a document's text, id, URL, site, and hints; a dot goes into an object or struct.

    A missing column is an error unless its field is named in ``optional``. With ``html`` the text is extracted from a page, and
    written to the field of the text.
    """

    text: str = "text"
    id: str | None = None
    url: str | None = None
    title: str | None = None
    site: str | None = None
    optional: tuple[str, ...] = ()
    author: str | None = None
    date: str | None = None
    site_name: str | None = None
    description: str | None = None
    tags: str | None = None
    captions: str | None = None
    comments: str | None = None
    links: str | None = None
    html: Html | None = None

    def with_usual(self, *names: str) -> Fields:
        """Return the fields with those of ``names`` that are not named under their own names; a document need not have them."""
        usual = [name for name in names if getattr(self, name) is None]
        named: dict[str, Any] = {name: name for name in usual}
        return self._replace(**named, optional=(*self.optional, *usual))

    def named(self) -> dict[str, str]:
        """Return the fields that are asked for besides the text, with their names in the documents."""
        found = {name: getattr(self, name) for name in ("id", "url", "site", *HINTS)}
        return {name: field for name, field in found.items() if field is not None}


class Source(NamedTuple):
    """One file of the input: its path, its path below the output folder, its form, and its state when it was found."""

    path: str
    name: str
    form: str
    size: int
    modified: str


def form_of(name: str, *, of_pages: bool = False) -> str | None:
    """Return the form that a file's name tells, None if it tells none; ``of_pages``: of files of pages instead of documents."""
    suffixes = _PAGE_SUFFIXES if of_pages else _SUFFIXES
    return next((form for suffix, form in suffixes.items() if name.lower().endswith(suffix)), None)


def renamed(name: str, form: str) -> str:
    """Return a file's name with the ending of another form: ``a.parquet`` for ``a.jsonl.gz``."""
    if form_of(name) == form:
        return name
    known = (*_SUFFIXES, *_PAGE_SUFFIXES)
    suffix = max([suffix for suffix in known if name.lower().endswith(suffix)], key=len)
    return f"{name[: -len(suffix)]}.{form}"


def find_sources(
    inputs: Sequence[str | os.PathLike[str]],
    out: str | None = None,
    unreadable: MutableMapping[str, str] | None = None,
    *,
    of_pages: bool = False,
) -> list[Source]:
    """Return the files that ``inputs`` mean, sorted by name.

    A folder means all files below it whose names tell a form and do not begin with "." or "_"; a glob means the same of its
    matches. Both skip files in ``out``, which raise InputError if named themselves. A file that cannot be read, such as a broken
    link, is entered in ``unreadable`` with the reason, or raises InputError if ``unreadable`` is None, as an input does that
    means nothing. ``of_pages``: the files are pages and archives of pages instead of documents.
    """
    found: dict[str, Source] = {}
    endings = ", ".join(sorted(_PAGE_SUFFIXES if of_pages else _SUFFIXES))
    for given in inputs:
        path = absolute(given)
        files = _files_of(os.fspath(given), path, out, of_pages)
        if not files:
            what = "pages" if of_pages else "files of documents"
            raise InputError(f"{given}: there are no {what}; their names end in {endings}")
        for file, name in files:
            form = form_of(file, of_pages=of_pages)
            if form is None:
                raise InputError(f"{file}: its name does not tell its format; rename it to end in one of {endings}")
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


def _files_of(given: str, path: str, out: str | None, of_pages: bool) -> list[tuple[str, str]]:
    """Return the files of one input as (path, name)."""
    remote = is_remote(path)
    system, inside = filesystem(path) if remote else (None, path)
    if system.isdir(inside) if system else os.path.isdir(path):
        if out is not None and (path == out or (not remote and os.path.realpath(path) == os.path.realpath(out))):
            raise InputError(f"{given}: the input is the output folder; name another folder with --out")
        return [
            (joined(path, name), name)
            for name in names_below(path)
            if form_of(name, of_pages=of_pages) and not _hidden(name) and not _within(joined(path, name), out)
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
        if form_of(match, of_pages=of_pages) and not _hidden(match[len(base) + 1 :]) and not _within(match, out)
    ]


def _hidden(name: str) -> bool:
    return any(part.startswith((".", "_")) for part in name.replace(os.sep, "/").split("/"))


def _within(path: str, out: str | None) -> bool:
    if out is None or is_remote(path) != is_remote(out):
        return False
    if not is_remote(path):
        path, out = os.path.realpath(path), os.path.realpath(out)
    return path.startswith(out.rstrip("/" + os.sep) + ("/" if is_remote(out) else os.sep))
