"""Running and timing: with several processes, by turns, in CPU time; new processes with their CPU and memory (on Linux)."""

from __future__ import annotations

import gc
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import timeit
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import psutil

ROOT = Path(__file__).resolve().parent.parent
LEAST = 0.02  # seconds: a shorter run is repeated until it takes as long
_EVERY = 0.25  # seconds between two looks at a tree of processes

Item = TypeVar("Item")
Result = TypeVar("Result")


def each(function: Callable[[Item], Result], items: Sequence[Item], jobs: int) -> Iterator[Result]:
    """Yield a function's result for each item, in order, with ``jobs`` processes."""
    if jobs < 2:
        yield from map(function, items)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(function, items, chunksize=max(1, min(8, len(items) // (4 * jobs))))


def seconds(run: Callable[[], object], times: int = 1) -> float:
    """Return the CPU time of ``times`` calls."""
    return timeit.timeit(run, timer=time.process_time, number=times)


def repeated_seconds(run: Callable[[], object]) -> float:
    """Return the CPU time of one call, measured over as many as it takes to measure it."""
    times = 1
    while (spent := seconds(run, times)) < LEAST:
        times *= 4
    return spent / times


def by_turns(runs: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Return the seconds that every run returns in every round. Each round starts with another run."""
    found: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(rounds):
        gc.collect()
        start = number % len(found)
        for name in [*runs][start:] + [*runs][:start]:
            found[name].append(runs[name]())
    return found


def ratio(above: Sequence[float], below: Sequence[float]) -> float:
    """Return the ratio of the medians of two series."""
    return statistics.median(above) / max(statistics.median(below), 1e-9)


# --- New processes --------------------------------------------------------------------------------


def within(checkout: Path) -> dict[str, Any]:
    """Return the options of a process that uses the cleaner of a checkout, and keeps its bytecode as an installed package does."""
    own = {"PYTHONPATH": str(checkout), "PYTHONDONTWRITEBYTECODE": ""}
    return {"cwd": checkout, "env": {**os.environ, **own}}


def cpu_of_process(command: Sequence[str], data: bytes = b"", checkout: Path = ROOT) -> float:
    """Return the CPU seconds, user and system, of a process from its start to its end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, input=data, stdout=subprocess.DEVNULL, check=True, **within(checkout))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def output_of(command: Sequence[str], checkout: Path = ROOT) -> str:
    """Return what a process prints."""
    return str(subprocess.run(command, stdout=subprocess.PIPE, check=True, **within(checkout)).stdout, "utf-8")


# The peak that getrusage reports includes that of a large parent process; this count of the kernel does not.
_PRINT_PEAK = """
with open("/proc/self/status") as status:
    print(next(line.split()[1] for line in status if line.startswith("VmHWM")))
"""


def peak_memory(code: str, *arguments: str) -> int:
    """Return the most bytes that a new interpreter held while it ran ``code``."""
    return 1024 * int(output_of([sys.executable, "-c", f"{code}\n{_PRINT_PEAK}", *arguments]))


class Watched(NamedTuple):
    """The cost of a run: seconds, seconds of CPU of the whole tree, peak memory in bytes; and its output."""

    seconds: float
    cpu: float
    peak: int
    output: str


def watch(command: Sequence[str]) -> Watched:
    """Run a command and watch it; the memory is that of the whole tree, shared memory counted once (PSS).

    Raises SystemExit with the command's errors if it failed.
    """
    begun, peak = time.perf_counter(), 0
    cpu: dict[int, float] = {}
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as complaint:
        process = subprocess.Popen(command, stdout=said, stderr=complaint, text=True, **within(ROOT))
        while process.poll() is None:
            peak = max(peak, sum(_look(process.pid, cpu)))
            time.sleep(_EVERY)
        spent = time.perf_counter() - begun
        said.seek(0)
        complaint.seek(0)
        if process.returncode:
            raise SystemExit(f"{' '.join(command[:4])} failed:\n{complaint.read()}")
        return Watched(spent, sum(cpu.values()), peak, said.read())


def _look(pid: int, cpu: dict[int, float]) -> Iterator[int]:
    """Yield the memory of a process and of all below it, and note the CPU seconds of each; some may have ended."""
    try:
        for process in [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]:
            times = process.cpu_times()
            cpu[process.pid] = times.user + times.system
            yield process.memory_full_info().pss
    except psutil.Error:
        return
