"""Connects to Ray, on this machine or on a cluster."""

from __future__ import annotations

import os
from typing import Any

from cleaner.model import CleanerError

# Where the work is done: in processes of this machine, or on Ray.
ENGINES = ("local", "ray")
# A local Ray stores nothing but the blocks that are handed over.
_LOCAL_STORE = 256 << 20


def connect(workers: int | None, address: str | None) -> tuple[Any, bool]:
    """Return Ray, ready for work, and whether it was started here, in which case the caller must shut it down.

    Uses the Ray that is running in this process, or else the cluster at ``address`` (or ``RAY_ADDRESS``), or else starts Ray on
    this machine with ``workers`` CPUs. Raises CleanerError if Ray is not installed or cannot be reached.
    """
    try:
        import ray
    except ImportError as error:
        raise CleanerError(f"--engine ray needs Ray: pip install 'boilerplate-cleaner[ray]' ({error})") from error
    if ray.is_initialized():
        return ray, False
    address = address or os.environ.get("RAY_ADDRESS")
    try:
        if address:
            ray.init(address=address, log_to_driver=False)
        else:
            # Nobody has agreed to usage statistics.
            os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
            ray.init(num_cpus=workers, include_dashboard=False, log_to_driver=False, object_store_memory=_LOCAL_STORE)
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise CleanerError(f"Ray cannot be reached at {address or 'this machine'}: {error}") from error
    return ray, True


def slots(ray: Any, workers: int | None) -> int:
    """Return how many tasks can run now: a cluster may grow and shrink."""
    return workers or max(1, int(ray.cluster_resources().get("CPU", 1)))
