"""Break every command that writes, in every way that can be made, and look at what is left of the files.

A command is killed before each of its steps that write, in the middle of writing, and at random moments; each step fails; the disk is
full after some bytes; the folder is read-only; files are links, pipes or devices, change while they are cleaned, and are cleaned by
several runs at once. After each try, every file must be as it was or as an undisturbed run makes it, and the same command once more
must lead to the same result, with nothing left behind. `--doc FILE` writes the table into the documentation.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import json
import os
import random
import resource
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs as a file, too

from cleaner.cli.main import main as run_command
from cleaner.rules.loading import builtin_rules
from tests.made_up_site import documents

ROOT = Path(__file__).resolve().parent.parent
DIRTY = "The council met on Monday, number {}, to vote on the bridge.\n\nPlease enter your comment!\n\nIt will meet again in May.\n"
PAGE = "<html><head><title>A</title></head><body><article>{}</article><footer>Source link</footer></body></html>"
BEGIN, END = "<!-- made by benchmarks/faults.py -->", "<!-- end -->"
# Audit events of steps that change the file system, beside files that are opened for writing.
_STEPS = {
    "os.rename",
    "os.remove",
    "os.mkdir",
    "os.rmdir",
    "os.chmod",
    "os.chown",
    "os.link",
    "os.symlink",
    "os.truncate",
}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
# More steps than any command has; a run that needs more never ends.
_MOST_STEPS = 400

Files = dict[str, bytes]


class Job(NamedTuple):
    """A command that writes: its arguments, and the files that it may leave whatever they hold (a corpus' notes for going on)."""

    name: str
    arguments: list[str]
    notes: tuple[str, ...] = ()


JOBS = [
    Job("in place", ["-i", "a.txt", "b.txt", "c.txt"]),
    Job("in place, JSON", ["-i", "--jsonl", "text", "d.jsonl"]),
    Job("into a folder", ["--out", "clean", "a.txt", "b.txt"]),
    Job("pages into a folder", ["--html", "--out", "clean", "p.html"]),
    Job("differences with a report", ["--diff", "--report", "r.html", "a.txt", "b.txt"]),
    Job("baseline", ["--check", "--write-baseline", "known.jsonl", "a.txt", "b.txt"]),
    Job("report", ["report", "a.txt", "d.jsonl", "-o", "r.html", "--workers", "1"]),
    Job("learn", ["learn", "d.jsonl", "-o", "rules.toml", "--review", "v.html", "--workers", "1"]),
    Job("new rule", ["rules", "new", "own/line", "--phrase", "Read our standards", "--to", "own"]),
    Job("corpus", ["corpus", "d.jsonl", "--out", "out", "--workers", "1", "--select", "comments"], ("out/.cleaner/", "out/summary.json")),
]  # fmt: skip


class Found(NamedTuple):
    """What one row of the table says: how often it was tried, and in how many tries something was lost or broken, with the first."""

    fault: str
    job: str
    tried: int
    lost: list[str]


def prepare(folder: Path) -> None:
    """Make the files that the commands read."""
    for number, name in enumerate("abc"):
        (folder / f"{name}.txt").write_text(DIRTY.format(number), encoding="utf-8")
    (folder / "b.txt").chmod(0o640)
    (folder / "d.jsonl").write_text("".join(json.dumps(each) + "\n" for each in documents(12)), encoding="utf-8")
    text = "".join(f"<p>{DIRTY.format(number) * 3}</p>" for number in range(9))
    (folder / "p.html").write_text(PAGE.format(text), encoding="utf-8")


def files_of(folder: Path, job: Job | None = None) -> Files:
    """Return the files below a folder with their contents, apart from what a job may leave in any state."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not (job and name.startswith(job.notes or ("\0",))):
            found[name] = path.read_bytes()
    return found


# --- One run, broken ---


def run(arguments: Sequence[str], folder: Path, fault: Callable[[], None] = lambda: None) -> tuple[int, str]:
    """Run the command in a process of its own, which ``fault`` prepares. Return its status, negative for a signal, and what it said."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        status = 70
        try:
            os.setsid()
            os.chdir(folder)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.dup2(theirs, 2)
            os.close(ours)
            sys.stdout, sys.stderr = (open(number, "w", closefd=False) for number in (1, 2))  # noqa: SIM115
            fault()
            status = run_command(arguments)
            sys.stdout.flush()
            sys.stderr.flush()
        except BaseException as error:
            os.write(2, f"Traceback: {error!r}".encode())
        finally:
            os._exit(status)
    os.close(theirs)
    _, ended = os.waitpid(child, 0)
    # Its workers end with it.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    with os.fdopen(ours, "rb") as said:
        return os.waitstatus_to_exitcode(ended), said.read().decode("utf-8", "replace")


def at_step(number: int, act: Callable[[], None]) -> Callable[[], None]:
    """Return a fault: ``act`` before the step of that number, counted from 0, that changes the file system."""
    count = -1

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal count
        if event == "open":
            path, _, flags = arguments
            is_step = bool(flags & _WRITING) and not str(path).startswith("/dev/")
        else:
            is_step = event in _STEPS
        if is_step:
            count += 1
            if count == number:
                act()

    return lambda: sys.addaudithook(hook)


def die() -> None:
    """End this process as kill -9 does."""
    os.kill(os.getpid(), signal.SIGKILL)


def fail() -> None:
    """Fail as a step does on a disk with errors."""
    raise OSError(errno.EIO, os.strerror(errno.EIO))


def limited(size: int, *, dies: bool) -> Callable[[], None]:
    """Return a fault: no file may grow beyond a size. Writing more ends the process in the middle, or is an error as on a full disk."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL if dies else signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


# --- Judging ---


class Bench:
    """One job with the files before it and after it, and the folder in which it is broken."""

    def __init__(self, job: Job, home: Path) -> None:
        self.job = job
        self.folder = home / "work"
        self.reset()
        if "--workers" not in job.arguments:
            # Runs are forks of this process, and short if it has loaded already what the job needs.
            with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere), contextlib.chdir(self.folder):
                run_command(job.arguments)
            self.reset()
        self.before = files_of(self.folder)
        self.status, said = run(job.arguments, self.folder)
        assert self.status == 0, (job.name, self.status, said)
        self.after = files_of(self.folder, job)
        assert self.after != self.before, f"{job.name} does nothing"

    def reset(self) -> None:
        """Make the folder as it was before the job."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        prepare(self.folder)

    def broken(self) -> Iterator[str]:
        """Yield each file that is neither as it was nor as it should become, or that is gone."""
        now = files_of(self.folder, self.job)
        for name in sorted({*now, *self.before}):
            known = [files[name] for files in (self.before, self.after) if name in files]
            if name not in now:
                yield f"{name} is gone"
            elif now[name] not in known and not _is_aside(name):
                yield f"{name} is broken"

    def mended(self) -> Iterator[str]:
        """Run the job undisturbed; yield what then differs from a run that nothing ever disturbed."""
        status, said = run(self.job.arguments, self.folder)
        if status != self.status:
            yield f"exit {status} when run again: {said[:200]}"
        now = files_of(self.folder, self.job)
        for name in sorted({*now, *self.after}):
            if now.get(name) != self.after.get(name):
                yield f"{name} {'is left behind' if name not in self.after else 'differs when run again'}"
        mode = stat.S_IMODE((self.folder / "b.txt").stat().st_mode)
        if mode != 0o640:
            yield f"b.txt has the mode {mode:o}"

    def tries(self, fault: Callable[[], None], *, told: bool) -> tuple[int, list[str]]:
        """Break the job once; return its status, and what is wrong. ``told`` means that a failure must be told in one line."""
        self.reset()
        status, said = run(self.job.arguments, self.folder, fault)
        wrong = list(self.broken())
        if told and status and ("Traceback" in said or not said.startswith("cleaner: ")):
            wrong.append(f"it is told so: {said[-300:]!r}")
        if told and status > 0 and any(map(_is_aside, files_of(self.folder))):
            wrong.append("a half-written file is left")
        return status, wrong + list(self.mended())


def _is_aside(name: str) -> bool:
    """Tell whether a file is a half-written one. A corpus keeps these in a folder of its notes."""
    return ".cleaner/aside/" in name or any(part.startswith(".cleaner-") for part in name.split("/"))


# --- The faults ---


def killed_steps(bench: Bench) -> tuple[int, list[str]]:
    """Kill a job before each of its steps, until it has no more."""
    wrong: list[str] = []
    for number in range(_MOST_STEPS):
        status, found = bench.tries(at_step(number, die), told=False)
        wrong += [f"step {number}: {each}" for each in found]
        if status >= 0:
            return number, wrong
    return _MOST_STEPS, wrong


def failing_steps(bench: Bench, steps: int) -> tuple[int, list[str]]:
    """Let each of so many steps of a job fail; some failures are passed over, so the job itself does not tell how many it has."""
    wrong: list[str] = []
    for number in range(steps):
        wrong += [f"step {number}: {each}" for each in bench.tries(at_step(number, fail), told=True)[1]]
    return steps, wrong


def sizes(bench: Bench, *, dies: bool) -> tuple[int, list[str]]:
    """Break a job in the middle of writing, at several sizes."""
    largest = max(map(len, bench.after.values()))
    tried = sorted({0, 1, 100, *(largest * part // 8 for part in range(1, 8))})
    wrong: list[str] = []
    for size in tried:
        _, found = bench.tries(limited(size, dies=dies), told=not dies)
        wrong += [f"at {size} bytes: {each}" for each in found]
    return len(tried), wrong


def killed_at_random(bench: Bench, times: int, chance: random.Random) -> tuple[int, list[str]]:
    """Kill a job and its workers at random moments."""
    wrong: list[str] = []
    bench.reset()
    began = time.monotonic()
    run(bench.job.arguments, bench.folder)
    longest = time.monotonic() - began
    for _ in range(times):
        moment = chance.random() * longest

        def alarm(moment: float = moment) -> None:
            signal.signal(signal.SIGALRM, lambda *_: os.killpg(os.getpgid(0), signal.SIGKILL))
            signal.setitimer(signal.ITIMER_REAL, max(moment, 1e-4))

        wrong += [f"after {moment:.3f} s: {each}" for each in bench.tries(alarm, told=False)[1]]
    return times, wrong


# --- Odd files ---


def odd_files(home: Path) -> Iterator[Found]:
    """Yield what becomes of files that are not plain files of one's own, rewritten in place."""
    for name, make, wanted, holds in _ODD:
        folder = home / "work"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        prepare(folder)
        clean = _clean(folder / "a.txt")
        make(folder)
        wrong = []
        status, said = _process(["-i", "x.txt"], folder)
        if "Traceback" in said or (status and not said.startswith("cleaner: ")):
            wrong.append(f"it is told so: {said[-300:]!r}")
        wrong += [] if status == wanted and holds(folder, clean) else [f"status {status}, {said!r}"]
        wrong += [f"{each} is left" for each in files_of(folder) if _is_aside(each)]
        yield Found(name, "in place", 1, wrong)


def _clean(path: Path) -> bytes:
    import cleaner

    return (cleaner.clean(path.read_text("utf-8")) + "\n").encode()


def _process(arguments: Sequence[str], folder: Path, *before: str) -> tuple[int, str]:
    command = [*before, sys.executable, "-m", "cleaner", *arguments]
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, timeout=120, check=False
    )
    return done.returncode, done.stderr.decode("utf-8", "replace")


def _linked(folder: Path) -> None:
    (folder / "x.txt").symlink_to("a.txt")


def _hard(folder: Path) -> None:
    os.link(folder / "a.txt", folder / "x.txt")


def _read_only_file(folder: Path) -> None:
    (folder / "a.txt").rename(folder / "x.txt")
    (folder / "x.txt").chmod(0o444)


class Odd(NamedTuple):
    """A file that is no plain file: how to make it, the status that rewriting it has, and what then holds."""

    fault: str
    make: Callable[[Path], object]
    status: int
    holds: Callable[[Path, bytes], bool]


def _is_clean(name: str) -> Callable[[Path, bytes], bool]:
    return lambda at, clean: (at / name).read_bytes() == clean


_ODD = (
    Odd(
        "a link to a file", _linked, 0, lambda at, clean: (at / "x.txt").is_symlink() and _is_clean("a.txt")(at, clean)
    ),
    Odd("a hard link", _hard, 0, lambda at, clean: _is_clean("x.txt")(at, clean) and not _is_clean("a.txt")(at, clean)),
    Odd(
        "a broken link", lambda at: (at / "x.txt").symlink_to("nowhere"), 2, lambda at, _: not (at / "nowhere").exists()
    ),
    Odd(
        "a link to itself", lambda at: (at / "x.txt").symlink_to("x.txt"), 2, lambda at, _: (at / "x.txt").is_symlink()
    ),
    Odd("a pipe", lambda at: os.mkfifo(at / "x.txt"), 2, lambda at, _: (at / "x.txt").is_fifo()),
    Odd("a device", lambda at: (at / "x.txt").symlink_to("/dev/zero"), 2, lambda at, _: (at / "x.txt").is_symlink()),
    Odd("a folder", lambda at: (at / "x.txt").mkdir(), 2, lambda at, _: (at / "x.txt").is_dir()),
    Odd("a read-only file", _read_only_file, 0, _is_clean("x.txt")),
)


def together(home: Path, times: int) -> Iterator[Found]:
    """Yield what becomes of files that are named twice, cleaned by several runs at once, or written by others meanwhile."""
    lists: list[list[str]] = [[] for _ in range(5)]
    twice, link, several, changed, closed = lists
    for _ in range(times):
        folder = _fresh(home)
        clean = _clean(folder / "a.txt")
        status, said = _process(["-i", "a.txt", "./a.txt", "a.txt"], folder)
        twice += [] if status == 0 and (folder / "a.txt").read_bytes() == clean else [said]
        folder = _fresh(home)
        _linked(folder)
        status, said = _process(["-i", "x.txt", "a.txt"], folder)
        link += [] if status == 0 and (folder / "a.txt").read_bytes() == clean else [said]

        folder = _fresh(home)
        command = [sys.executable, "-m", "cleaner", "-i", "a.txt", "b.txt", "c.txt"]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        runs = [subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.PIPE) for _ in range(4)]
        ends = [(each.communicate()[1].decode(), each.returncode) for each in runs]
        several += [said for said, status in ends if status and "was changed while it was cleaned" not in said]
        several += [] if (folder / "a.txt").read_bytes() == clean else ["a.txt is broken"]
        several += [f"{each} is left" for each in files_of(folder) if _is_aside(each)]

        # Another program writes to the file before each of the steps.
        for step in range(4):
            folder = _fresh(home)
            more = b"Another line, written meanwhile.\n"

            def append(path: Path = folder / "a.txt", more: bytes = more) -> None:
                with path.open("ab") as file:
                    file.write(more)

            run(["-i", "a.txt"], folder, at_step(step, append))
            if more not in (folder / "a.txt").read_bytes():
                changed.append(f"step {step}: what another program wrote is gone")
    yield Found("the same file named three times", "in place", times, twice)
    yield Found("a link and the file it names", "in place", times, link)
    yield Found("four runs at once", "in place", times, several)
    yield Found("another program writes meanwhile", "in place", 4 * times, changed)
    # Root may write everywhere, until it gives that up.
    bare = ["setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner"] if os.geteuid() == 0 else []
    folder = _fresh(home)
    before = files_of(folder)
    folder.chmod(0o555)
    for arguments in (job.arguments for job in JOBS):
        status, said = _process(arguments, folder, *bare)
        if status != 2 or not _is_told(said) or files_of(folder) != before:
            closed.append(f"{arguments}: {status}, {said[-200:]!r}")
    folder.chmod(0o755)
    yield Found("a folder without permission to write", "every command", len(JOBS), closed)


def _is_told(said: str) -> bool:
    """Tell whether each line is a message of the command's own."""
    return said != "" and all([line.startswith("cleaner: ") for line in said.splitlines()])


def _fresh(home: Path) -> Path:
    folder = home / "work"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    prepare(folder)
    return folder


# --- All of it ---


def chosen(names: Sequence[str]) -> list[Job]:
    """Return the jobs of these names; a name that no job has means those whose names contain it, and no name means all."""
    known = {job.name for job in JOBS}
    return [
        job
        for job in JOBS
        if not names or any(name == job.name or (name not in known and name in job.name) for name in names)
    ]


def found(names: Sequence[str], times: int, seed: int) -> Iterator[Found]:
    """Yield the rows of the table, for all jobs or those that are named."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        for job in chosen(names):
            bench = Bench(job, home)
            steps, wrong = killed_steps(bench)
            yield Found("kill -9 before each step that writes", job.name, steps, wrong)
            yield Found("kill -9 in the middle of writing", job.name, *sizes(bench, dies=True))
            yield Found("kill -9 at random moments", job.name, *killed_at_random(bench, times, chance))
            yield Found("an input/output error at each step that writes", job.name, *failing_steps(bench, steps))
            yield Found("a disk that is full", job.name, *sizes(bench, dies=False))
        if not names or "odd files" in names:
            yield from odd_files(home)
            yield from together(home, max(1, times // 10))


def write_doc(path: Path, rows: Sequence[Found]) -> None:
    """Write the rows into the table of a page, in place of those of the same faults and commands."""
    before, _, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    old, _, behind = rest.partition(END)
    known = {tuple(line.split(" | ")[:2]): line for line in old.splitlines() if line.startswith("| ")}
    known.update(
        {
            (f"| {row.fault}", row.job): f"| {row.fault} | {row.job} | {row.tried:,} | {len(row.lost):,} |"
            for row in rows
        }
    )
    head = ["| fault | command | tried | lost or broken |", "| --- | --- | ---: | ---: |"]
    lines = head + [line for line in known.values() if line not in head]
    path.write_text(f"{before}{BEGIN}\n\n" + "\n".join(lines) + f"\n\n{END}{behind}", encoding="utf-8")


def main() -> int:
    """Break the commands, print the table and what was lost, and return 1 if anything was."""
    parser = argparse.ArgumentParser(prog="benchmarks/faults.py", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="COMMAND",
        help="break these commands only: a name in the table, or a part of some; or `odd files`",
    )
    parser.add_argument(
        "--times", type=int, default=20, metavar="N", help="how often to kill at random (default: %(default)s)"
    )
    parser.add_argument(
        "--seed", type=int, default=0, metavar="N", help="for the random moments (default: %(default)s)"
    )
    parser.add_argument("--doc", type=Path, metavar="FILE", help="write the rows into the table of FILE")
    given = parser.parse_args()
    sys.dont_write_bytecode = True
    # The rules are loaded before a run is forked, once for all of them.
    with mock.patch("cleaner.rules.loading.builtin_rules", cache(builtin_rules)):
        rows = []
        for row in found(given.only, given.times, given.seed):
            rows.append(row)
            print(f"{row.fault}, {row.job}: {row.tried} tries, {len(row.lost)} lost or broken", flush=True)
            for each in row.lost[:5]:
                print(f"  {each}", flush=True)
            if given.doc:
                write_doc(given.doc, rows)
    return 1 if any([row.lost for row in rows]) else 0


if __name__ == "__main__":
    sys.exit(main())
