"""Documents of any form, named by inputs: texts, pages, JSONL, Parquet."""

from __future__ import annotations

import argparse
import glob
import os
from collections.abc import Iterator, Mapping
from typing import Any

from cleaner.cli.files import decode, name_of, read_bytes
from cleaner.cli.forms import check_bytes, check_text
from cleaner.cli.messages import complain
from cleaner.cli.options import add_hint_fields
from cleaner.html.reading import extract
from cleaner.model import HINTS, CleanerError, InputError
from cleaner.reporting.pool import Text
from cleaner.sources.inputs import Fields, Source, find_sources, form_of
from cleaner.sources.reading import check_field, read_documents
from cleaner.sources.storage import is_remote, names_below

_PAGES = (".html", ".htm", ".xhtml")
_TEXTS = (".txt", ".text", ".md")
# At most this many documents that cannot be read are named.
_NAMED = 5


def add_reading_options(parser: argparse.ArgumentParser) -> None:
    """Add the inputs, and the options that say how to read them."""
    parser.add_argument(
        "inputs",
        nargs="+",
        metavar="INPUT",
        help="texts, pages (.html), JSONL (.gz, .zst too) and Parquet: files, folders and globs; - is a text on standard input",
    )
    parser.add_argument(
        "--field",
        default="text",
        metavar="NAME",
        help="the field of JSONL and Parquet that holds the text; a.b goes into an object (default: text)",
    )
    for name, what in (
        ("id", "its id"),
        ("url", "its URL, whose host is the site"),
        ("site", "its site, if it is not the URL's host"),
    ):
        parser.add_argument(
            f"--{name}-field", metavar="NAME", help=f"the field that holds {what} (default: {name}, if there is one)"
        )
    add_hint_fields(parser, "(default: the field of that name, if there is one)")
    parser.add_argument("--encoding", metavar="NAME", help="the encoding of texts (default: utf-8)")
    parser.add_argument(
        "--errors",
        choices=("strict", "replace", "ignore"),
        help="what to do with bytes that do not decode (default: strict)",
    )


class Reader:
    """Reads the documents of all inputs; ``failed`` counts those that could not be read, which are named."""

    def __init__(self, given: argparse.Namespace, settings: Mapping[str, Any]) -> None:
        self._inputs: list[str] = given.inputs
        self._encoding: str = given.encoding or settings.get("encoding", "utf-8")
        self._errors: str = given.errors or settings.get("errors", "strict")
        asked = {name: getattr(given, f"{name}_field") for name in ("id", "url", "site", *HINTS)}
        named: dict[str, Any] = {name: field or name for name, field in asked.items()}
        self._fields = Fields(
            given.field,
            **named,
            optional=tuple(name for name, field in asked.items() if field is None),
        )
        self.failed = 0

    def texts(self) -> Iterator[Text]:
        """Go through the documents."""
        for given in self._inputs:
            for path, name in _files_of(given):
                try:
                    if path != given and os.path.exists(path) and not is_remote(path) and not os.path.isfile(path):
                        raise InputError(f"{path}: is not a regular file")
                    yield from self._texts_of(path, name)
                except CleanerError as error:
                    self._fail(str(error))

    def end(self) -> None:
        """Tell how many more documents could not be read than were named."""
        if self.failed > _NAMED:
            complain(f"{self.failed - _NAMED:,} more could not be read")

    def _fail(self, message: str) -> None:
        self.failed += 1
        if self.failed <= _NAMED:
            complain(message)

    def _texts_of(self, path: str, name: str) -> Iterator[Text]:
        if form_of(path):
            (source,) = find_sources([path])
            check_field([source], self._fields.text)
            yield from self._documents(source, name)
        elif path.lower().endswith(_PAGES):
            try:
                page = extract(read_bytes(path))
            except InputError as error:
                raise InputError(str(error).replace("the page:", f"{path}:", 1)) from error
            yield Text(name, page.text, page.known)
        else:
            content = read_bytes(path)
            check_bytes(name_of(path), content)
            text = decode(content, name_of(path), self._encoding, self._errors).text
            check_text(name_of(path), text)
            yield Text(name, text, {})

    def _documents(self, source: Source, name: str) -> Iterator[Text]:
        for chunk in read_documents(source, self._fields):
            for document in chunk.documents:
                if document.fault:
                    self._fail(f"{source.path}:{document.number}: {document.fault}")
                    continue
                called = str(document.id) if document.id is not None else f"{name}:{document.number}"
                yield Text(called, document.text, document.known)


def _files_of(given: str) -> list[tuple[str, str]]:
    """Return the files that an input means, each with what it is called. Raises InputError if there are none."""
    if given == "-":
        return [(given, name_of(given))]
    known = (*_PAGES, *_TEXTS)
    if is_remote(given):
        return [(source.path, source.name) for source in find_sources([given])]
    if os.path.isdir(given):
        names = [
            name for name in names_below(given) if not any(part.startswith((".", "_")) for part in name.split("/"))
        ]
        found = [(os.path.join(given, name), name) for name in names if form_of(name) or name.lower().endswith(known)]
    elif glob.has_magic(given) and not os.path.exists(given):
        found = [(path, path) for path in sorted(glob.glob(given, recursive=True)) if os.path.isfile(path)]
    else:
        return [(given, given)]
    if not found:
        raise InputError(
            f"{given}: there are no documents; name files, or a folder with .jsonl, .parquet, .txt or .html"
        )
    return found
