"""Learning from the documents of files, on this machine or on Ray."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from cleaner.learning.needs import needed_package
from cleaner.learning.reading import read_rows
from cleaner.learning.review import Review
from cleaner.learning.run import gathered, judged, rules_by_site, text_of
from cleaner.learning.site import How, SiteResult
from cleaner.learning.store import Store
from cleaner.sources.inputs import Fields, Source
from cleaner.sources.processes import cpus
from cleaner.sources.storage import needed
from cleaner.text.hosts import ANY_SITE


class Reading(NamedTuple):
    """Files to learn from, and who does it: see ``cleaner.learn`` and ``cleaner.corpus.clean_files``.

    With ``is_forgiving`` a broken file teaches what could be read of it; otherwise it is an error.
    """

    sources: Sequence[Source]
    fields: Fields
    engine: str = "local"
    workers: int | None = None
    address: str | None = None
    is_forgiving: bool = False


@contextmanager
def judged_files(reading: Reading, before: Mapping[str, Any], how: How) -> Iterator[tuple[int, Iterable[SiteResult]]]:
    """Read files and judge their sites, with bars on a terminal; give back how many documents could not be read, and the results."""
    with _progress() as progress:
        if reading.engine == "ray":
            from cleaner.learning.cluster import judged_on_ray

            progress.add_task("learning on Ray", total=None)
            with judged_on_ray(
                reading.sources,
                reading.fields,
                before,
                how=how,
                workers=reading.workers,
                address=reading.address,
                is_forgiving=reading.is_forgiving,
            ) as found:
                yield found
            return
        store = Store()
        try:
            skipped = 0
            task = progress.add_task("reading", total=sum(source.size for source in reading.sources))
            for source in reading.sources:
                for row in read_rows(source, reading.fields, reading.is_forgiving):
                    if row is None:
                        skipped += 1
                    else:
                        store.add(row)
                progress.advance(task, source.size)
            results = judged(store, before, reading.workers or cpus(), how)
            yield skipped, progress.track(results, total=store.count(), description="judging sites")
        finally:
            store.close()


def teach(
    sources: Sequence[Source],
    fields: Fields,
    before: str | None,
    *,
    engine: str = "local",
    workers: int | None = None,
    address: str | None = None,
) -> tuple[str, str, str]:
    """Learn from a corpus for ``cleaner.corpus.clean_files``: return a rule file, its review page, and what to say of them.

    The rule file is empty where nothing was learned. ``before`` is a rule file whose ``drop`` and ``keep`` lists hold. What could not
    be read is left out; cleaning tells of it.
    """
    for package in ("duckdb", "datasketch"):
        needed_package(package)
    lists = rules_by_site(before)
    review = Review()
    reading = Reading(sources, fields, engine, workers, address, is_forgiving=True)
    with judged_files(reading, lists, How(with_pages=True)) as (_, results):
        learned = gathered(results, lists, review.add, text_of(before))
    said = f"learned {len(learned.rules):,} rules from {len(learned.sites):,} sites"
    if not learned.rules:
        said = "nothing was learned: it takes three different pages of a site that have lines in common"
    elif all(site.site == ANY_SITE for site in learned.sites):
        said += "; no document tells its site or URL, so all are one site: name --url-field or --site-field"
    return learned.text if learned.rules else "", review.text, said


def _progress() -> Any:
    """Return bars on standard error, where that is a terminal."""
    progress = needed("rich.progress")
    return progress.Progress(
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.TaskProgressColumn(),
        progress.TimeRemainingColumn(),
        console=needed("rich.console").Console(stderr=True),
        disable=not sys.stderr.isatty(),
    )
