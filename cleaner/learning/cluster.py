"""Learning on a cluster: Ray Data brings each site's documents together, and the sites are judged where they are."""

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

# The code points of documents that a task holds before it takes its sample of them and hands it over.
_HELD = 64 << 20
# A partition is sorted and judged by one task, whose memory must hold a few times its text.
_PARTITION = 64 << 20
# Each part of the documents is cut into all partitions, so many more would cost more than they save.
_MOST_PARTITIONS = 2_000
# Of so many bytes of samples any site's fit into memory. Beyond, the samples of a large site from many files may not.
_ROOMY = 512 << 20
# No document has this site: under it go the numbers of those that could not be read. It is the first of all names.
_UNREAD = ""


class _TaskError(Exception):
    """What was wrong in a task. Ray adds to an error's message, and leaves one alone that it carries."""


@contextmanager
def judged_on_ray(
    sources: Sequence[Source],
    fields: Fields,
    before: Mapping[str, Any],
    *,
    how: How,
    workers: int | None,
    address: str | None,
) -> Iterator[tuple[int, Iterator[SiteResult]]]:
    """Read and judge on Ray; give back how many documents could not be read, and the sites' results in the order of their names.

    ``before`` are the rules as they stand, by site. Raises InputError where a file is broken, CleanerError where Ray fails.
    """
    needed_package("datasketch")
    ray, is_ours = connect(workers, address)
    logger = logging.getLogger("ray.data")
    level = logger.level
    try:
        # Its plans and stack traces are no help to who must act; errors come back as such.
        logger.setLevel(logging.CRITICAL)
        results = _results(ray, sources, fields, before, how, workers)
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
) -> Iterator[Any]:
    """Go through the results: first the number of documents that could not be read, then those of the sites."""
    dataset = ray.data.from_items([source._asdict() for source in sources], override_num_blocks=len(sources))
    dataset.context.enable_progress_bars = False
    dataset.context.raise_original_map_exception = True
    if workers:
        dataset.context.execution_options.resource_limits = ray.data.ExecutionResources(cpu=workers)
    tables: dict[str, Any] = {"batch_format": "pyarrow", "batch_size": None}
    try:
        rows = dataset.map_batches(_read, **tables, fn_kwargs={"fields": fields}).materialize()
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
        # Judging has all CPUs when nothing that waits for its results reserves some.
        for row in judged.materialize().sort("site").iter_rows():
            yield pickle.loads(row["result"])
    except ray.exceptions.RayTaskError as error:
        if isinstance(error.cause, _TaskError):
            raise error.cause.args[0] from error
        raise
    except ray.exceptions.RayError as error:
        raise CleanerError(f"Ray could not finish: {str(error).splitlines()[0]}; nothing was written") from error


def _read(batch: Any, fields: Fields) -> Iterator[Any]:
    """Read files; give back tables of rows, a sample of each site's in each."""
    for found in batch.to_pylist():
        try:
            yield from map(table_of, read_parts(Source(**found), fields))
        except CleanerError as error:
            raise _TaskError(error) from error


def read_parts(source: Source, fields: Fields) -> Iterator[list[Row]]:
    """Read a file in parts that fit into memory, and cut each to its samples; in the last one stands how many could not be read."""
    held: list[Row] = []
    size = unread = 0
    for row in read_rows(source, fields):
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
    """Return the site of a table and the checksum that ends the site's sample; no row where there are too few for an end."""
    compute = needed("pyarrow.compute")
    if table.num_rows <= sampling.MOST_PAGES:
        return table.slice(0, 0)
    first = compute.select_k_unstable(table, sampling.MOST_PAGES, [("checksum", "ascending")])
    return table.take(first[-1:])


def up_to_ends(table: Any, ends: Mapping[str, str]) -> Any:
    """Leave out the rows beyond the ends of their sites' samples."""
    sites, checksums = table["site"].to_pylist(), table["checksum"].to_pylist()
    stay = [site not in ends or checksum <= ends[site] for site, checksum in zip(sites, checksums, strict=True)]
    return table.filter(needed("pyarrow").array(stay, "bool"))


def _cut(rows: Sequence[Row]) -> list[Row]:
    return [row for _, found in samples(sorted(rows), size_of) for row in found]


def _judge(table: Any, before: Mapping[str, Any], how: How) -> Any:
    """Judge one site: a table with its rows from all files becomes one with its result."""
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
    # A column of an ordinary text type ends at two gigabytes.
    columns = (arrow.array(values, arrow.large_string()) for values in zip(*rows, strict=True))
    return arrow.table(dict(zip(Row._fields, columns, strict=True)))
