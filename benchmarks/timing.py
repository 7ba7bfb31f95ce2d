"""How speed is taken: by turns, as CPU time, as medians of ratios; cold starts and peaks of memory in processes of their own."""

from __future__ import annotations

import gc
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LEAST = 0.02  # seconds: what is shorter is run again and again until it is as long

Run = Callable[[], Any]


def seconds(run: Run) -> float:
    """Return the CPU time of one call."""
    start = time.process_time()
    run()
    return time.process_time() - start


def repeated_seconds(run: Run, least: float = LEAST) -> float:
    """Return the CPU time of one call, measured over so many that it can be measured."""
    times = 1
    while True:
        start = time.process_time()
        for _ in range(times):
            run()
        spent = time.process_time() - start
        if spent >= least:
            return spent / times
        times *= 2 if spent == 0 else max(2, min(64, int(1.2 * least / spent) + 1))


def by_turns(runs: Mapping[str, Run], rounds: int, least: float = 0.0) -> dict[str, list[float]]:
    """Return the CPU seconds of every run in every round; each round starts with another of them."""
    found: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(rounds):
        gc.collect()
        for name in turned(runs, number):
            found[name].append(repeated_seconds(runs[name], least) if least else seconds(runs[name]))
    return found


def turned(names: Iterable[str], number: int) -> list[str]:
    """Return the names in their order, but beginning with another one for each number."""
    found = list(names)
    start = number % len(found)
    return found[start:] + found[:start]


def ratio(above: Sequence[float], below: Sequence[float]) -> float:
    """Return the median of the ratios of two series, round by round."""
    return statistics.median(one / other for one, other in zip(above, below, strict=True) if other)


def cpu_of_process(command: Sequence[str], data: bytes = b"") -> float:
    """Return the CPU seconds, user and system, of a process from its start to its end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, input=data, stdout=subprocess.DEVNULL, check=True, env=environment())
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


# A process that was started by a large one has its parent's peak in ru_maxrss on Linux, so the kernel's other
# count is asked for where there is one.
_PEAK = """
import resource, sys
def peak():
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
"""


def peak_memory(code: str, *arguments: str) -> int:
    """Return the most bytes that a new interpreter held while it ran ``code``."""
    return int(float(in_new_process(_PEAK + code + "\nprint(peak())", *arguments)))


def in_new_process(code: str, *arguments: str, data: bytes = b"") -> str:
    """Return what a new interpreter prints that runs ``code``."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], input=data, stdout=subprocess.PIPE, check=True, env=environment()
    )
    return done.stdout.decode()


def environment() -> dict[str, str]:
    """Return the environment for processes that must find this checkout, wherever they run."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])}
