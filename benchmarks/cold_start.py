"""What the command costs before it has done anything: CPU of a cold `cleaner` on one text, as a ratio to `python3 -c pass`.

    python benchmarks/cold_start.py [FILE]          the text; seeds/raw/001_9a6267f58daf3221.txt unless said

The two are run by turns, so that a busy machine slows both; medians of user and system time of the whole process.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SEED = ROOT / "seeds" / "raw" / "001_9a6267f58daf3221.txt"
RUNS = 21


def cpu_milliseconds(command: list[str], text: bytes) -> float:
    """Return the CPU time of one run of a command, in milliseconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, input=text, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def main() -> None:
    """Print both medians and the ratio."""
    text = Path(sys.argv[1] if len(sys.argv) > 1 else SEED).read_bytes()
    nothing, cleaner = [sys.executable, "-c", "pass"], [sys.executable, "-m", "cleaner"]
    cpu_milliseconds(cleaner, text)  # the first run may write byte code and compile the rules
    times = [(cpu_milliseconds(nothing, b""), cpu_milliseconds(cleaner, text)) for _ in range(RUNS)]
    base = statistics.median(time for time, _ in times)
    cold = statistics.median(time for _, time in times)
    print(f"python3 -c pass: {base:.1f} ms CPU; cleaner: {cold:.1f} ms CPU; ratio {cold / base:.1f}")


if __name__ == "__main__":
    main()
