"""Many documents cleaned and gathered by several processes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from itertools import chain, islice
from typing import Any, NamedTuple

from cleaner.cleaning import cleaner_for
from cleaner.model import CleanerError
from cleaner.reporting.gathering import Gathering, Limits
from cleaner.sources.processes import start_processes

# Code points of texts that go to a process together.
_BATCH = 1 << 20


class Text(NamedTuple):
    """A document to clean: what it is called, its text, and what is known of its page (see ``cleaner.cleaning.Known``)."""

    name: str
    text: str
    known: Mapping[str, Any]


def gather(texts: Iterable[Text], options: Mapping[str, Any], workers: int, gathered: Gathering) -> None:
    """Clean texts and gather what went. Few texts are cleaned here, many by processes.

    Raises CleanerError if a process dies.
    """
    batches = _batches(texts)
    first = list(islice(batches, 2))
    if workers < 2 or len(first) < 2:
        for batch in chain(first, batches):
            _add(batch, options, gathered)
        return
    waiting: deque[Future[dict[str, Any]]] = deque()
    executor, alive = start_processes(workers)
    try:
        for batch in chain(first, batches):
            waiting.append(executor.submit(_gather, batch, options, gathered.limits))
            # No more texts are held than the processes need to be busy.
            if len(waiting) > 2 * workers:
                gathered.join(waiting.popleft().result())
        while waiting:
            gathered.join(waiting.popleft().result())
    except BrokenProcessPool as error:
        raise CleanerError("a worker died, perhaps because memory ran out; try again with fewer --workers") from error
    finally:
        # Closing the connection ends the workers at once, so stopping early does not wait for running work.
        alive.close()
        with suppress(RuntimeError):
            executor.shutdown(wait=True, cancel_futures=True)


def _batches(texts: Iterable[Text]) -> Iterator[list[Text]]:
    batch: list[Text] = []
    size = 0
    for text in texts:
        batch.append(text)
        size += len(text.text)
        if size > _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _add(batch: Iterable[Text], options: Mapping[str, Any], gathered: Gathering) -> None:
    cleaner = cleaner_for(options)
    for name, text, known in batch:
        gathered.add(name, cleaner.explain(text, **known), known.get("url") or "")


def _gather(batch: Iterable[Text], options: Mapping[str, Any], limits: Limits) -> dict[str, Any]:
    gathered = Gathering(limits)
    _add(batch, options, gathered)
    return gathered.as_dict()
