"""What a process and all that it starts take: time, CPU, memory."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Sequence
from typing import NamedTuple

import psutil

_EVERY = 0.25


class Watched(NamedTuple):
    """What a run took: seconds, seconds of CPU of the whole tree, bytes of memory at its peak; and what it printed."""

    seconds: float
    cpu: float
    peak: int
    output: str


def watch(command: Sequence[str]) -> Watched:
    """Run a command and watch it; the memory is that of the whole tree, shared memory counted once (PSS).

    Raises SystemExit with what the command complained of where it failed.
    """
    begun = time.perf_counter()
    peak = 0
    cpu: dict[int, float] = {}
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as complaint:
        process = subprocess.Popen(command, stdout=said, stderr=complaint, text=True)
        while process.poll() is None:
            peak = max(peak, _look(process.pid, cpu))
            time.sleep(_EVERY)
        seconds = time.perf_counter() - begun
        said.seek(0)
        complaint.seek(0)
        if process.returncode:
            raise SystemExit(f"{' '.join(command[:4])} failed:\n{complaint.read()}")
        return Watched(seconds, sum(cpu.values()), peak, said.read())


def _look(pid: int, cpu: dict[int, float]) -> int:
    """Return the memory of a process and all below it, and note the CPU seconds of each."""
    total = 0
    try:
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.Error:
        return 0
    for process in family:
        try:
            total += process.memory_full_info().pss
            times = process.cpu_times()
            cpu[process.pid] = times.user + times.system
        except psutil.Error:
            continue
    return total
