"""Fuzz for as long as one likes: `python -m tests.fuzz --minutes 60`, or one target with `--target NAME`.

Each target of `tests/test_fuzzing.py` runs in a process of its own, one after the other: guided by coverage where atheris is installed
(its wheels are for Linux and some versions of Python), and otherwise with the examples that Hypothesis makes. What breaks is printed with
its input: mend it, and pin it as a test.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings


def main() -> int:
    """Run the targets by turns until the time is up; return 1 if one of them broke."""
    # The tests take their settings when they are read.
    settings.register_profile(
        "fuzz",
        max_examples=100,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    settings.load_profile("fuzz")
    is_guided = "--run" in sys.argv and importlib.util.find_spec("atheris") is not None
    with _instrumented() if is_guided else contextlib.nullcontext():
        from tests.test_fuzzing import TARGETS

    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument(
        "--minutes", type=float, default=1, metavar="N", help="how long, for all targets together (default: 1)"
    )
    parser.add_argument("--target", choices=TARGETS, action="append", help="only this one (may be repeated)")
    parser.add_argument("--run", choices=TARGETS, help=argparse.SUPPRESS)
    given, rest = parser.parse_known_args()
    if given.run:
        return _fuzz(TARGETS[given.run], given.minutes * 60, rest)
    names = given.target or list(TARGETS)
    broken = []
    for name in names:
        minutes = str(given.minutes / len(names))
        print(f"== {name}", flush=True)
        done = subprocess.run(
            [sys.executable, "-m", "tests.fuzz", "--run", name, "--minutes", minutes, *rest], check=False
        )
        broken += [name] if done.returncode else []
    print(f"broken: {', '.join(broken)}" if broken else "nothing broke")
    return 1 if broken else 0


def _instrumented() -> Any:
    """Return a context in which imports of this package are instrumented, so that new paths through it are noticed."""
    import atheris

    return atheris.instrument_imports(include=["cleaner"])


def _fuzz(test: Any, seconds: float, rest: list[str]) -> int:
    if importlib.util.find_spec("atheris"):
        return _with_atheris(test, seconds, rest)
    return _with_hypothesis(test, seconds)


def _with_atheris(test: Any, seconds: float, rest: list[str]) -> int:
    import atheris

    aside = tempfile.mkdtemp(prefix="fuzz-")
    print(f"inputs that break it, or take long, are written to {aside}")
    atheris.Setup(
        [
            sys.argv[0],
            f"-max_total_time={max(1, int(seconds))}",
            "-timeout=120",
            "-rss_limit_mb=4096",
            "-verbosity=0",
            f"-artifact_prefix={aside}/",
            *(rest or [_beginnings()]),
        ],
        test.hypothesis.fuzz_one_input,
    )
    atheris.Fuzz()  # leaves the process
    return 0


def _beginnings() -> str:
    """Return a folder of random inputs to begin with. Grown from nothing, inputs long enough for a document come late."""
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    chance = random.Random()
    for number in range(64):
        (folder / str(number)).write_bytes(chance.randbytes(chance.choice([30, 100, 300, 1000, 3000])))
    return str(folder)


def _with_hypothesis(test: Any, seconds: float) -> int:
    end = time.monotonic() + seconds
    rounds = 0
    while time.monotonic() < end:
        test()
        rounds += 1
    print(f"{rounds} rounds")
    return 0


if __name__ == "__main__":
    sys.exit(main())
