"""Learning on a cluster: Ray Data brings each site's documents together, and its workers judge the sites."""

from __future__ import annotations

import logging
import pickle
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from cleaner.learning import sampling
from cleaner.learning.needs import needed_package
from cleaner.learning.reading import read_rows
from cleaner.learning.sampling import Row, samples, size_of
from cleaner.learning.site import How, SiteResult, learn_site
from cleaner.model import CleanerError
from cleaner.sources.cluster import connect, slots
from cleaner.sources.inputs import Fields, Source
from cleaner.sources.storage import needed

# How many code points of documents a task holds before it takes its sample of them and hands it over.
_HELD = 64 << 20
# A partition is sorted and judged by one task, whose memory must hold a few times its text.
_PARTITION = 64 << 20
# Each part of the documents is cut into all partitions, so many more would cost more than they save.
_MOST_PARTITIONS = 2_000
# Up to this many bytes in all, the samples of any site fit into memory; beyond, those of a large site from many files may not.
_ROOMY = 512 << 20
# The site of rows that hold the numbers of unreadable documents. No document has it, and it sorts first.
_UNREAD = ""


class _TaskError(Exception):
    """Carries an error out of a task: Ray adds to the message of an error, but not to that of one inside it."""


@contextmanager
def judged_on_ray(
    sources: Sequence[Source],
    fields: Fields,
    before: Mapping[str, Any],
    *,
    how: How,
    workers: int | None,
    address: str | None,
    is_forgiving: bool = False,
) -> Iterator[tuple[int, Iterator[SiteResult]]]:
    """Read and judge on Ray; yield the number of documents that could not be read, and the sites' results by name.

    ``before`` are the existing rules, by site. Raises InputError if a file is broken, CleanerError if Ray fails.
    """
    needed_package("datasketch")
    ray, is_ours = connect(workers, address)
    logger = logging.getLogger("ray.data")
    level = logger.level
    try:
        # Its plans and stack traces do not help the user; errors are raised anyway.
        logger.setLevel(logging.CRITICAL)
        results = _results(ray, sources, fields, before, how, workers, is_forgiving)
        yield next(results), results
    finally:
        logger.setLevel(level)
        if is_ours:
            ray.shutdown()


def _results(
    ray: Any,
    sources: Sequence[Source],
    fields: Fields,
    before: Mapping[str, Any],
    how: How,
    workers: int | None,
    is_forgiving: bool,
) -> Iterator[Any]:
    """Yield the number of documents that could not be read, then the sites' results."""
    dataset = ray.data.from_items([source._asdict() for source in sources], override_num_blocks=len(sources))
    dataset.context.enable_progress_bars = False
    dataset.context.raise_original_map_exception = True
    if workers:
        dataset.context.execution_options.resource_limits = ray.data.ExecutionResources(cpu=workers)
    tables: dict[str, Any] = {"batch_format": "pyarrow", "batch_size": None}
    try:
        rows = dataset.map_batches(
            _read, **tables, fn_kwargs={"fields": fields, "is_forgiving": is_forgiving}
        ).materialize()
        enough = rows.size_bytes() // _PARTITION
        partitions = min(max(4 * slots(ray, workers), enough), _MOST_PARTITIONS)
        if rows.size_bytes() > _ROOMY:
            by_site = rows.select_columns(["site", "checksum"]).groupby("site", num_partitions=partitions)
            ends = by_site.map_groups(find_end, batch_format="pyarrow").take_all()
            rows = rows.map_batches(
                up_to_ends, **tables, fn_kwargs={"ends": {row["site"]: row["checksum"] for row in ends}}
            )
        judged = rows.groupby("site", num_partitions=partitions).map_groups(
            _judge, batch_format="pyarrow", fn_kwargs={"before": before, "how": how}
        )
        # Materialized first, so that a consumer that waits for results does not reserve CPUs that judging needs.
        for row in judged.materialize().sort("site").iter_rows():
            yield pickle.loads(row["result"])
    except ray.exceptions.RayTaskError as error:
        if isinstance(error.cause, _TaskError):
            raise error.cause.args[0] from error
        raise
    except ray.exceptions.RayError as error:
        raise CleanerError(f"Ray could not finish: {str(error).splitlines()[0]}; nothing was written") from error


def _read(batch: Any, fields: Fields, is_forgiving: bool) -> Iterator[Any]:
    """Read files; give back tables of rows, a sample of each site's in each."""
    for found in batch.to_pylist():
        try:
            yield from map(table_of, read_parts(Source(**found), fields, is_forgiving))
        except CleanerError as error:
            raise _TaskError(error) from error


def read_parts(source: Source, fields: Fields, is_forgiving: bool = False) -> Iterator[list[Row]]:
    """Read a file in parts that fit into memory, and cut each to its samples; in the last one stands how many could not be read."""
    held: list[Row] = []
    size = unread = 0
    for row in read_rows(source, fields, is_forgiving):
        if row is None:
            unread += 1
            continue
        held.append(row)
        size += len(row.text)
        if size > _HELD:
            held = _cut(held)
            size = sum(len(row.text) for row in held)
            if size > _HELD // 2:
                yield held
                held, size = [], 0
    yield [*_cut(held), Row(_UNREAD, "", str(unread), "")]


def find_end(table: Any) -> Any:
    """Return the row of a site's table that ends the site's sample; no row if all are in the sample."""
    compute = needed("pyarrow.compute")
    if table.num_rows <= sampling.MOST_PAGES:
        return table.slice(0, 0)
    first = compute.select_k_unstable(table, sampling.MOST_PAGES, [("checksum", "ascending")])
    return table.take(first[-1:])


def up_to_ends(table: Any, ends: Mapping[str, str]) -> Any:
    """Return a table without the rows beyond the ends of their sites' samples."""
    sites, checksums = table["site"].to_pylist(), table["checksum"].to_pylist()
    stay = [site not in ends or checksum <= ends[site] for site, checksum in zip(sites, checksums, strict=True)]
    return table.filter(needed("pyarrow").array(stay, "bool"))


def _cut(rows: Sequence[Row]) -> list[Row]:
    return [row for _, found in samples(sorted(rows), size_of) for row in found]


def _judge(table: Any, before: Mapping[str, Any], how: How) -> Any:
    """Judge one site: take a table of its rows from all files, and return a table with its result."""
    rows = sorted(map(Row, *(table[name].to_pylist() for name in Row._fields)))
    ((site, rows),) = samples(rows, size_of)
    result: Any
    if site == _UNREAD:
        result = sum(map(int, table["id"].to_pylist()))
    else:
        try:
            result = learn_site(site, [(row.id, row.text) for row in rows], before.get(site), how)
        except CleanerError as error:
            raise _TaskError(error) from error
    arrow = needed("pyarrow")
    return arrow.table({"site": [site], "result": arrow.array([pickle.dumps(result)], arrow.large_binary())})


def table_of(rows: Sequence[Row]) -> Any:
    arrow = needed("pyarrow")
    # A column of the ordinary text type holds at most two gigabytes.
    columns = (arrow.array(values, arrow.large_string()) for values in zip(*rows, strict=True))
    return arrow.table(dict(zip(Row._fields, columns, strict=True)))
