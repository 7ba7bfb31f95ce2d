"""Learning from documents: sites told apart, each judged on its own, and one rule file made of all."""

from __future__ import annotations

import multiprocessing
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Any, NamedTuple

from cleaner.files import write_atomically
from cleaner.learning.site import SiteResult, learn_site
from cleaner.learning.store import Store
from cleaner.learning.writing import file_text
from cleaner.model import InputError
from cleaner.sites import ANY_SITE, site_name, site_of

_SLUG = re.compile(r"[^a-z0-9]+")


class SiteSummary(NamedTuple):
    """What was learned of one site, in numbers; ``has_rule`` says whether that is enough for a rule."""

    site: str
    pages: int
    copies: int
    lines: int
    frames: int
    lists: int
    doubtful: int
    has_rule: bool


class LearnedRules:
    """Rules as learned: ``rules`` are the tables of the rule file by name, ``sites`` what was found of each site."""

    def __init__(self, rules: Mapping[str, Mapping[str, Any]], sites: tuple[SiteSummary, ...]) -> None:
        self.rules = rules
        self.sites = sites

    @property
    def text(self) -> str:
        """The rule file."""
        return file_text(self.rules)

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write the rule file, whole or not at all."""
        if not self.rules:
            raise InputError(
                f"{path}: nothing was learned, so nothing is written; it takes three different pages of a site"
            )
        write_atomically(os.fspath(path), self.text.encode())


def learn(
    documents: Iterable[str | Mapping[str, Any]],
    *,
    field: str = "text",
    site_field: str = "site",
    url_field: str = "url",
    id_field: str = "id",
    rules: str | os.PathLike[str] | None = None,
    workers: int = 1,
    seen: Callable[[SiteResult], None] | None = None,
) -> LearnedRules:
    """Learn from documents what each site repeats on its pages, and return it as rules.

    ``documents``
        Texts, or mappings that hold one and, where it is known, its site, its URL (whose host is the site then) and an id. Documents
        of which neither is known are one site, and its rule looks at every document. The order does not matter.
    ``rules``
        A rule file that was learned before: its ``keep`` and ``never`` lists hold, and sites that have no document now stay.
    ``workers``
        Processes that judge sites side by side. A script that asks for several calls this below ``if __name__ == "__main__":``.
    ``seen``
        Is called with each site's result, in the order of their names.

    Raises InputError for a document without a text, SettingsError where a package of the extra ``learn`` is missing.
    """
    store = Store()
    try:
        for number, document in enumerate(documents, 1):
            store.add(*_named(document, number, field, site_field, url_field, id_field))
        return learn_stored(store, rules, workers, seen)
    finally:
        store.close()


def _named(
    document: str | Mapping[str, Any], number: int, field: str, site_field: str, url_field: str, id_field: str
) -> tuple[str, str, str]:
    if isinstance(document, str):
        return ANY_SITE, f"{number}", document
    text = document.get(field)
    if not isinstance(text, str):
        raise InputError(f"document {number}: has no text in its field {field!r}; name the field that holds it")
    name = document.get(id_field)
    return (
        site_for(document.get(site_field), document.get(url_field)),
        str(document.get(url_field) or number) if name is None else str(name),
        text,
    )


def site_for(site: Any, url: Any) -> str:
    """Return the site of a document by what is known of it."""
    if isinstance(site, str) and site_name(site):
        return site_name(site)
    return (site_of(url) if isinstance(url, str) else "") or ANY_SITE


def learn_stored(
    store: Store,
    rules: str | os.PathLike[str] | None,
    workers: int,
    seen: Callable[[SiteResult], None] | None = None,
) -> LearnedRules:
    """Learn from what is in a store (see :func:`learn`)."""
    before = _rules_by_site(rules)
    tables: dict[str, dict[str, Any]] = dict(before)
    found: list[SiteSummary] = []
    for result in _results(store, before, workers):
        if seen is not None:
            seen(result)
        tables.pop(result.site, None)
        if result.table is not None:
            tables[result.site] = result.table
        judged = result.judgement
        counts = (len(judged.lines), len(judged.frames), len(judged.lists), len(judged.doubtful))
        found.append(SiteSummary(result.site, len(result.pages), result.copies, *counts, result.table is not None))
    named: dict[str, Mapping[str, Any]] = {}
    for site in sorted(tables):
        named[_name(site, named)] = tables[site]
    return LearnedRules(named, tuple(found))


def _rules_by_site(path: str | os.PathLike[str] | None) -> dict[str, dict[str, Any]]:
    if path is None or not os.path.exists(path):
        return {}
    from pathlib import Path

    from cleaner.rulefile import read_folder
    from cleaner.ruleset import builtin_rules

    files, _ = read_folder(Path(path), builtin_rules().vocabulary)
    found = {}
    for file in files:
        if file.rule.kind != "site":
            raise InputError(f"{path}: {file.rule.id} was not learned, and learning would lose it; name another output")
        found[site_name(file.table["sites"][0])] = file.table
    return found


def _results(store: Store, before: Mapping[str, Any], workers: int) -> Iterator[SiteResult]:
    """Judge the sites, several side by side, and give back what was found in the order of their names."""
    if workers < 2:
        for site, documents in store.sites():
            yield learn_site(site, documents, before.get(site))
        return
    waiting: list[Future[SiteResult]] = []
    # Not forked: the store's threads are running.
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        for site, documents in store.sites():
            waiting.append(pool.submit(learn_site, site, documents, before.get(site)))
            # No more texts are held than the workers need to be busy.
            if len(waiting) > 2 * workers:
                yield waiting.pop(0).result()
        for future in waiting:
            yield future.result()


def _name(site: str, taken: Mapping[str, Any]) -> str:
    """Return a name for a site's rule that no other has."""
    base = _SLUG.sub("-", site.lower()).strip("-") or ("any-site" if site == ANY_SITE else "site")
    name, number = base, 2
    while name in taken:
        name, number = f"{base}-{number}", number + 1
    return name
