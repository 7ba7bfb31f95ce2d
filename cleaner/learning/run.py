"""Learning from documents: group them by site, judge each site on its own, and make one rule file of all."""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from typing import Any, NamedTuple

from cleaner.atomic import remove_leftovers, write_atomically
from cleaner.learning.sampling import Row, row_of
from cleaner.learning.site import How, SiteResult, learn_site
from cleaner.learning.store import Store
from cleaner.learning.support import LEAST
from cleaner.learning.writing import file_text
from cleaner.model import CleanerError, InputError, SettingsError
from cleaner.sources.processes import start_processes
from cleaner.text.hosts import ANY_SITE, site_for, site_name

_SLUG = re.compile(r"[^a-z0-9]+")


class SiteSummary(NamedTuple):
    """The counts of what was learned about one site; ``has_rule`` says whether that is enough for a rule."""

    site: str
    pages: int
    copies: int
    lines: int
    frames: int
    lists: int
    doubtful: int
    has_rule: bool


class LearnedRules:
    """Rules as learned: ``rules`` are the tables of the rule file by name, ``sites`` the counts of each site.

    ``earlier`` is the text of the rule file that they come after; its comments stay.
    """

    def __init__(
        self, rules: Mapping[str, Mapping[str, Any]], sites: tuple[SiteSummary, ...], earlier: str = ""
    ) -> None:
        self.rules = rules
        self.sites = sites
        self._earlier = earlier

    @property
    def text(self) -> str:
        """The rule file."""
        return file_text(self.rules, self._earlier)

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write the rule file, whole or not at all. Raises InputError if it cannot be written or could not be used."""
        check_output(path)
        if not self.rules:
            raise InputError(
                f"{path}: nothing was learned, so nothing is written; it takes three different pages of a site"
            )
        remove_leftovers(os.path.dirname(os.path.realpath(path)))
        write_atomically(os.fspath(path), self.text.encode())


def check_output(path: str | os.PathLike[str]) -> None:
    """Raise InputError or RuleError if a rule file cannot be written to a path, or could not be used there."""
    from pathlib import Path

    from cleaner.rules.files import id_of

    if not os.fspath(path).endswith(".toml"):
        raise InputError(f"{path}: a rule file ends in .toml; rename it")
    id_of(Path(path), Path(Path(path).name))
    check_folder(path)


def check_folder(path: str | os.PathLike[str]) -> None:
    """Raise InputError if the folder of a file is missing or cannot be written to."""
    folder = os.path.dirname(os.path.realpath(path))
    if not os.path.isdir(folder) or not os.access(folder, os.W_OK):
        raise InputError(f"{path}: nothing can be written to the folder {folder}; make it, or name another")


def learn(
    documents: Iterable[str | Mapping[str, Any]],
    *,
    field: str = "text",
    site_field: str = "site",
    url_field: str = "url",
    id_field: str = "id",
    rules: str | os.PathLike[str] | None = None,
    min_pages: int = LEAST,
    workers: int = 1,
    seen: Callable[[SiteResult], None] | None = None,
) -> LearnedRules:
    """Learn from documents what each site repeats on its pages, and return it as rules.

    ``documents``
        Texts, or mappings that hold a text and, if known, its site, its URL (whose host is then the site) and an id. Documents
        without site and URL count as one site, whose rule looks at every document. The order does not matter.
    ``rules``
        A rule file that was learned before: its ``drop`` and ``keep`` lists are respected, its comments stay, and so do sites without
        documents now.
    ``min_pages``
        The least number of different pages of a site that a line must be on, however few pages there are: 2 or more.
    ``workers``
        Processes that judge sites side by side. A script that uses several must call this below ``if __name__ == "__main__":``.
    ``seen``
        Is called with each site's result, in the order of their names.

    Raises InputError for a document without a text, SettingsError for an impossible setting or if a package of the extra ``learn``
    is missing.
    """
    check_min_pages(min_pages)
    before = rules_by_site(rules)
    store = Store()
    try:
        for number, document in enumerate(documents, 1):
            store.add(_row(document, number, field, site_field, url_field, id_field))
        how = How(min_pages, with_pages=seen is not None)
        return gathered(judged(store, before, workers, how), before, seen, text_of(rules))
    finally:
        store.close()


def check_min_pages(min_pages: int) -> None:
    """Raise SettingsError for a number of pages that shows nothing."""
    if min_pages < 2:
        raise SettingsError(f"min_pages: a line on {min_pages} pages may belong to an article; use 2 or more")


def _row(
    document: str | Mapping[str, Any], number: int, field: str, site_field: str, url_field: str, id_field: str
) -> Row:
    if isinstance(document, str):
        return row_of(ANY_SITE, f"{number}", document)
    text = document.get(field)
    if not isinstance(text, str):
        raise InputError(f"document {number}: has no text in its field {field!r}; name the field that holds it")
    name = document.get(id_field)
    return row_of(
        site_for(document.get(site_field), document.get(url_field)),
        str(document.get(url_field) or number) if name is None else str(name),
        text,
    )


def gathered(
    results: Iterable[SiteResult],
    before: Mapping[str, dict[str, Any]],
    seen: Callable[[SiteResult], None] | None = None,
    earlier: str = "",
) -> LearnedRules:
    """Return the rules of the sites' results, and the earlier rules of other sites, by name; ``earlier`` is the text of these."""
    tables = dict(before)
    found: list[SiteSummary] = []
    for result in results:
        if seen is not None:
            seen(result)
        tables.pop(result.site, None)
        if result.table is not None:
            tables[result.site] = result.table
        judged = result.judgement
        counts = (len(judged.lines), len(judged.frames), len(judged.lists), len(judged.doubtful))
        found.append(SiteSummary(result.site, result.different, result.copies, *counts, result.table is not None))
    named: dict[str, Mapping[str, Any]] = {}
    for site in sorted(tables):
        named[_name(site, named)] = tables[site]
    return LearnedRules(named, tuple(found), earlier)


def text_of(path: str | os.PathLike[str] | None) -> str:
    """Return the text of a learned file, "" if there is none."""
    if path is None or not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8") as file:
        return file.read()


def rules_by_site(path: str | os.PathLike[str] | None) -> dict[str, dict[str, Any]]:
    """Return the rules of a learned file by site, none if there is no file. Raises InputError for a rule of another kind."""
    if path is None or not os.path.exists(path):
        return {}
    from pathlib import Path

    from cleaner.rules.files import read_folder
    from cleaner.rules.learned import warn_of_old_names
    from cleaner.rules.loading import builtin_rules

    files, _ = read_folder(Path(path), builtin_rules().vocabulary)
    if any([file.has_old_names for file in files]):
        warn_of_old_names(path)
    found = {}
    for file in files:
        if file.rule.kind != "site":
            raise InputError(f"{path}: {file.rule.id} was not learned, and learning would lose it; name another output")
        found[site_name(file.table["sites"][0])] = file.table
    return found


def judged(store: Store, before: Mapping[str, Any], workers: int, how: How) -> Iterator[SiteResult]:
    """Judge the sites, several side by side, and yield their results by name."""
    if workers < 2:
        for site, documents in store.sites():
            yield learn_site(site, documents, before.get(site), how)
        return
    waiting: deque[tuple[str, Future[SiteResult]]] = deque()
    executor, alive = start_processes(workers)
    try:
        for site, documents in store.sites():
            waiting.append((site, executor.submit(learn_site, site, documents, before.get(site), how)))
            # Hold no more texts than keep the workers busy.
            if len(waiting) > 2 * workers:
                yield _result(*waiting.popleft())
        while waiting:
            yield _result(*waiting.popleft())
    finally:
        # Closing the connection ends the workers at once, so a caller who stops early does not wait for them.
        alive.close()
        # After Ctrl-C while it starts, the pool has nothing to wait for, and raises an error.
        with suppress(RuntimeError):
            executor.shutdown(wait=True, cancel_futures=True)


def _result(site: str, future: Future[SiteResult]) -> SiteResult:
    try:
        return future.result()
    except BrokenProcessPool as error:
        raise CleanerError(
            f"{site}: a worker died near it, perhaps out of memory; nothing was written: run it with fewer --workers or on a "
            "larger machine"
        ) from error


def _name(site: str, taken: Mapping[str, Any]) -> str:
    """Return a name for a site's rule that no other has."""
    base = _SLUG.sub("-", site.lower()).strip("-") or ("any-site" if site == ANY_SITE else "site")
    name, number = base, 2
    while name in taken:
        name, number = f"{base}-{number}", number + 1
    return name
