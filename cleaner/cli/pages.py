"""Pages for the command: one that is named in its errors, and folders of pages."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cleaner.cli.errors import name_errors
from cleaner.cli.messages import complain
from cleaner.cli.options import page_options
from cleaner.html.reading import Page, extract
from cleaner.model import InputError
from cleaner.reporting.gathering import Gathering
from cleaner.sources.inputs import HTML, WARC, find_sources, form_of
from cleaner.sources.storage import is_remote, joined

FINE, SOME_FAILED, STOPPED = 0, 1, 130


def named_page(name: str, content: str | bytes, url: str | None, options: Mapping[str, Any]) -> Page:
    """Return the text of a page and what it says of itself; errors name the file that it is from."""
    try:
        return extract(content, url, **options)
    except InputError as error:
        raise InputError(str(error).replace(f"{url or 'the page'}:", f"{name}:", 1)) from error


def are_many(paths: Sequence[str]) -> bool:
    """Tell whether inputs are more than one page, so that all cores should work on them."""
    return len(paths) > 1 or any([_is_folder(path) or form_of(path, of_pages=True) == WARC for path in paths])


def _is_folder(path: str) -> bool:
    return is_remote(path) or os.path.isdir(path)


def page_files(paths: Sequence[str], has_output: bool) -> list[str]:
    """Return the pages that inputs mean. Raises InputError for a folder or an archive whose texts would have no place."""
    found: list[str] = []
    for path in paths:
        if form_of(path, of_pages=True) == WARC and os.path.isfile(path):
            raise InputError(f"{path}: is an archive of pages; write their texts to a folder with --out DIR")
        if not _is_folder(path):
            found.append(path)
            continue
        if not has_output:
            raise InputError(f"{path}: is a folder; write the texts of its pages to another one with --out DIR")
        below = [source.name for source in find_sources([path], of_pages=True) if source.form == HTML]
        found += [joined(path, name) for name in below]
    return found


def run_pages(
    paths: Sequence[str],
    given: Any,
    options: Mapping[str, Any],
    gathered: Gathering | None,
    write_report: Callable[[], None],
) -> int:
    """Clean pages into a folder with all cores, print the sum, and return the exit status: 1 if some pages have no text."""
    # Only who cleans folders waits for their machinery.
    from cleaner.corpus.manifest import ERRORS
    from cleaner.corpus.run import clean_pages
    from cleaner.corpus.summary import print_summary

    if "-" in paths:
        raise InputError("standard input is one page; write its text with: cleaner --html < PAGE > TEXT")
    try:
        summary = clean_pages(
            list(paths),
            given.out,
            keep_source=given.keep_source,
            restart=given.restart,
            workers=given.workers,
            progress=True,
            observer=gathered,
            **options,
            **page_options(given),
        )
    except KeyboardInterrupt:
        complain("stopped; give the same command again to resume")
        return STOPPED
    if not given.quiet:
        print_summary(summary, given.statistics, "--statistics")
    write_report()
    if not summary.failed and not summary.failures:
        return FINE
    name_errors(joined(given.out, ERRORS), summary.failed)
    return SOME_FAILED
