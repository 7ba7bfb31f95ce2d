"""The report of documents at hand."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any, Unpack

from cleaner.atomic import remove_leftovers, write_atomically
from cleaner.cleaning import CleanerOptions, cleaner_for
from cleaner.model import HINTS, Explanation, InputError
from cleaner.reporting.gathering import Gathering
from cleaner.reporting.page import page
from cleaner.sources.documents import Document, hints
from cleaner.templates.rendering import check_jinja

TITLE = "What was cleaned"


class Report:
    """What cleaning takes from documents, as a page. Notebooks show it where it is the value of a cell."""

    def __init__(self, gathered: Gathering, title: str, options: Mapping[str, Any]) -> None:
        self.counts = gathered.counts
        self.rules = gathered.rules
        self.text = page(gathered, title, options)

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write the page to a file, whole or not at all."""
        write_page(path, self.text)

    def _repr_html_(self) -> str:
        from html import escape

        # The page has styles of its own, which must not reach the notebook.
        style = "width: 100%; height: 40rem; border: 1px solid #8886; border-radius: 8px"
        return f'<iframe srcdoc="{escape(self.text)}" style="{style}" sandbox="allow-scripts"></iframe>'


def report(
    documents: Iterable[str | Mapping[str, Any] | Explanation],
    *,
    field: str = "text",
    id_field: str = "id",
    url_field: str = "url",
    title_field: str = "title",
    site_field: str = "site",
    heading: str = TITLE,
    **options: Unpack[CleanerOptions],
) -> Report:
    """Return a page that shows what cleaning takes from documents: by rule, by line, and in each document.

    ``documents``
        Texts, or mappings that hold one and, where it is known, an id, a URL, a site and hints (see :class:`cleaner.cleaning.Known`)
        under their own names; or what ``explain`` returned.
    ``heading``
        The heading of the page.
    ``options``
        Those of :class:`cleaner.Cleaner`.

    Everything is counted. A page shows at most 200 documents, chosen by a checksum, those of which something goes first, and
    twenty lines of each rule. Raises InputError for a document without a text, CleanerError if the extra ``report`` is missing.
    """
    check_jinja()
    cleaner = cleaner_for(options)
    gathered = Gathering()
    for number, document in enumerate(documents, 1):
        if isinstance(document, Explanation):
            gathered.add(f"document {number}", document)
            continue
        about: Mapping[str, Any] = {field: document} if isinstance(document, str) else document
        text = about.get(field)
        if not isinstance(text, str):
            raise InputError(f"document {number}: has no text in its field {field!r}; name the field that holds it")
        url = _text(about.get(url_field))
        name = about.get(id_field)
        beside = {hint: about.get(hint) for hint in HINTS} | {
            "title": about.get(title_field),
            "site": about.get(site_field),
            "url": url,
        }
        explained = cleaner.explain(text, **Document(0, "", **hints(beside)).known)
        gathered.add(str(name if name is not None else url or f"document {number}"), explained, url or "")
    return Report(gathered, heading, options)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def check_page(path: str | os.PathLike[str]) -> None:
    """Raise CleanerError if a page cannot be made, or not be written to this path: before the work, and not after it."""
    check_jinja()
    folder = os.path.dirname(os.path.realpath(path))
    if os.path.isdir(path):
        raise InputError(f"{path}: is a folder; name a file in it, such as {os.path.join(path, 'report.html')}")
    if not os.path.isdir(folder) or not os.access(folder, os.W_OK):
        raise InputError(f"{path}: nothing can be written to the folder {folder}; make it, or name another")


def write_page(path: str | os.PathLike[str], text: str) -> None:
    """Write a page, whole or not at all. Raises InputError if that cannot be done."""
    check_page(path)
    remove_leftovers(os.path.dirname(os.path.realpath(path)))
    write_atomically(os.fspath(path), text.encode("utf-8", "replace"))
