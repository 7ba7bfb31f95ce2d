"""Worker processes that end when this process ends."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import warnings
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import Connection


def cpus() -> int:
    """Return how many CPUs this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _prepare(alive: Connection, environment: dict[str, str]) -> None:
    """Make a worker end with its parent, however that ends, and leave Ctrl-C to the parent.

    ``environment`` is the parent's current one; a fork server keeps the one that it was started with.
    """
    os.environ.update(environment)
    # The parent has printed it.
    warnings.simplefilter("ignore", FutureWarning)

    def watch() -> None:
        # Nothing is ever sent. The pipe ends when the parent closes it or is killed, so this needs no help from the parent.
        with contextlib.suppress(EOFError, OSError):
            alive.recv_bytes()
        os._exit(1)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=watch, daemon=True).start()


def start_processes(workers: int) -> tuple[ProcessPoolExecutor, Connection]:
    """Start processes that end with this one, or when the returned connection is closed."""
    # Forking a process that has threads can lock it up. A fork server, if there is one, is quicker than a fresh start.
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    theirs, alive = context.Pipe(duplex=False)
    return ProcessPoolExecutor(workers, context, _prepare, (theirs, dict(os.environ))), alive
