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
from tempfile import gettempdir

# A fork server listens at a socket in the folder for temporary files. The path of a socket may have about 100 bytes.
_LONGEST_FOLDER = 65


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
    # Forking a process that has threads can lock it up. A fork server, if there can be one, is quicker than a fresh start.
    has_server = (
        "forkserver" in multiprocessing.get_all_start_methods() and len(os.fsencode(gettempdir())) <= _LONGEST_FOLDER
    )
    context = multiprocessing.get_context("forkserver" if has_server else "spawn")
    theirs, alive = context.Pipe(duplex=False)
    return ProcessPoolExecutor(workers, context, _prepare, (theirs, dict(os.environ))), alive
