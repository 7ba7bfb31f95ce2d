"""A cluster: Ray schedules the same shards, which the same function cleans, with the same manifest."""

from __future__ import annotations

from typing import Any

from cleaner.corpus.shards import Shard, Task
from cleaner.corpus.worker import clean_shard
from cleaner.model import InputError
from cleaner.sources.cluster import connect, slots

_AHEAD = 2


class RayPool:
    """Shards given to the workers of a Ray cluster, a bounded number at a time."""

    def __init__(self, task: Task, workers: int | None, address: str | None) -> None:
        self._ray, self._is_ours = connect(workers, address)
        self._workers = workers
        self._task = self._ray.put(task)
        # A worker that dies is replaced by Ray, and its shard tried once more.
        self._clean = self._ray.remote(clean_shard).options(num_cpus=1, max_retries=1)
        self._running: dict[Any, Shard] = {}

    def cuts(self, files: int) -> bool:
        """Return whether large files are cut: only if there are too few files for all workers, because this machine joins the parts."""
        return files < 4 * slots(self._ray, self._workers)

    def has_few(self, files: int) -> bool:
        """Return whether there are too few files to keep all workers busy to the end."""
        return self.cuts(files)

    def has_room(self) -> bool:
        """Return whether another shard may be submitted."""
        return len(self._running) < _AHEAD * slots(self._ray, self._workers)

    def is_busy(self) -> bool:
        """Return whether there are shards whose result has not been taken."""
        return bool(self._running)

    def submit(self, shard: Shard) -> None:
        """Give a shard to the cluster."""
        self._running[self._clean.remote(self._task, shard)] = shard

    def take(self) -> tuple[Shard, dict[str, Any] | Exception]:
        """Wait for a shard to end, and return it with its record or its error."""
        (ref,), _ = self._ray.wait(list(self._running), num_returns=1)
        shard = self._running.pop(ref)
        try:
            record: dict[str, Any] = self._ray.get(ref)
        except self._ray.exceptions.RayTaskError as error:
            return shard, error.cause
        except self._ray.exceptions.RayError as error:
            return shard, InputError(
                f"{shard.place}: its workers died, the second one too: {str(error).splitlines()[0]}"
            )
        return shard, record

    def stop(self) -> None:
        """End what is running; a Ray that was started for this run ends too."""
        for ref in self._running:
            self._ray.cancel(ref, force=True)
        if self._is_ours:
            self._ray.shutdown()
