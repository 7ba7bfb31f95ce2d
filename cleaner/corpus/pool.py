"""One machine: a pool of processes, which survives the death of a worker and leaves none behind."""

from __future__ import annotations

from collections import deque
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Connection
from typing import Any

from cleaner.corpus.lessons import cleaner_of
from cleaner.corpus.shards import Shard, Task
from cleaner.corpus.worker import clean_shard
from cleaner.model import CleanerError, InputError
from cleaner.sources.processes import cpus, start_processes

# Shards that wait for each worker: enough that none is idle, few enough that little is read ahead.
_AHEAD = 2
# With so many files for each worker, all are busy nearly to the end.
_FILES_FOR_EACH = 8


class LocalPool:
    """Shards given to processes of this machine, a bounded number at a time."""

    def __init__(self, task: Task, workers: int | None) -> None:
        self._task = task
        self._workers = workers or cpus()
        self._running: dict[Future[dict[str, Any]], Shard] = {}
        # Shards that were in a pool when one of its workers died: one of them may have killed it.
        self._suspects: deque[Shard] = deque()
        self._executor: ProcessPoolExecutor
        self._alive: Connection
        self._start()
        try:
            self._executor.submit(_warm, task).result()
        except BrokenProcessPool as error:
            raise CleanerError(
                "the workers could not be started; their errors are above. In a script of your own, call clean_files "
                'below `if __name__ == "__main__":`'
            ) from error

    def _start(self) -> None:
        self._executor, self._alive = start_processes(self._workers)

    def cuts(self, files: int) -> bool:
        """Return whether large files are cut: always, because a stopped run continues with the parts that are missing."""
        return True

    def has_few(self, files: int) -> bool:
        """Return whether there are too few files to keep all workers busy to the end."""
        return files < _FILES_FOR_EACH * self._workers

    def has_room(self) -> bool:
        """Return whether another shard may be submitted."""
        return not self._suspects and len(self._running) < self._workers * _AHEAD

    def is_busy(self) -> bool:
        """Return whether there are shards whose result has not been taken."""
        return bool(self._running or self._suspects)

    def submit(self, shard: Shard) -> None:
        """Give a shard to the workers."""
        self._running[self._executor.submit(clean_shard, self._task, shard)] = shard

    def take(self) -> tuple[Shard, dict[str, Any] | Exception]:
        """Wait for a shard to end, and return it with its record or its error."""
        while True:
            alone = not self._running
            if alone:
                self.submit(self._suspects.popleft())
            future = wait(self._running, return_when=FIRST_COMPLETED).done.pop()
            shard = self._running.pop(future)
            try:
                return shard, future.result()
            except BrokenProcessPool:
                # It takes every shard of the pool with it; those that are not at fault will succeed when they are tried alone.
                broken = [other for other in self._running if isinstance(other.exception(), BrokenProcessPool)]
                others = [self._running.pop(other) for other in broken]
                self.stop()
                self._start()
                if alone:
                    return shard, InputError(
                        f"{shard.place}: the worker died twice over it, the second time alone; it may need more memory than "
                        "there is: run it with fewer --workers or on a larger machine"
                    )
                self._suspects.extend([shard, *others])
            except Exception as error:
                return shard, error

    def stop(self) -> None:
        """End the workers at once, whatever they are doing."""
        self._alive.close()
        self._executor.shutdown(wait=True, cancel_futures=True)


def _warm(task: Task) -> None:
    cleaner_of(task)
