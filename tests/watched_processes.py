"""Processes that are watched and stopped."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from typing import Any

import psutil

# Long enough: any event that tests wait for has happened by then, or never will.
PATIENCE = 60.0


def wait_until(happens: Callable[[], Any], running: subprocess.Popen[bytes] | None = None) -> None:
    end = time.monotonic() + PATIENCE
    while not happens():
        assert time.monotonic() < end, "it never happened"
        assert running is None or running.poll() is None, "it ended before it happened"
        time.sleep(0.005)


def family(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def is_gone(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
