"""How fast is cleaning, and how much memory does it take?

    python benchmarks/speed.py [FOLDER...] [--system NAME,...] [--each N] [--only PART,...] [--against CHECKOUT [--python FILE]]

The texts are the outputs of some or all systems in folders of pages (``corpora.py``): every one, or N of each system of each
folder. Without a folder they are the seeds and documents mixed from the rules' examples. Things that are compared take turns
in one run; times are CPU times, figures are medians, and only the ratios matter. The parts:

throughput  clean, explain and normalize beside ftfy and datatrove's C4 line filter
against     this checkout beside another, each in processes of its own: cleaning, and cold starts (only with --against)
cold        new processes beside ``python -c pass``
build       reading all rules from source, loading them from the store, building a Cleaner
tries       patterns tried on a line, and which are tried most
growth      the cost of a document as it grows fourfold from 1 kB; 1 over linear is linear
rules       twice as many rules
memory      peak memory of new processes against the size of the document
processes   two processes beside one
hostile     time at 16 n over time at n for texts made to hurt: the worst of ``hostile.py``
profile     functions that take the most time (only if named)
"""

from __future__ import annotations

import argparse
import cProfile
import json
import pickle
import pstats
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs as a file, too

import ftfy

import cleaner
from benchmarks import hostile, mixed
from benchmarks.corpora import CorpusError, read_corpus, shuffled
from benchmarks.peers import load_peers
from benchmarks.running import ROOT, by_turns, cpu_of_process, output_of, peak_memory, ratio, repeated_seconds, seconds
from benchmarks.tables import Row, cut, named, parser_of, table, versions, write_json
from cleaner.matching import store
from cleaner.matching.patterns import Pattern
from cleaner.model import PRESETS
from cleaner.rules.loading import builtin_rules
from cleaner.rules.making import make_builtin
from cleaner.rules.ruleset import builtin_digest, rules_folder

KILO, MEGA = 1000, 1000 * 1000
TOP = 25  # rows of long tables
Clean = Callable[[str], object]


def run_all(run: Clean, texts: Sequence[str]) -> None:
    """Run over all texts."""
    for text in texts:
        run(text)


def clocked(runs: Mapping[str, Clean], texts: Sequence[str], rounds: int) -> dict[str, list[float]]:
    """Return the seconds of runs over all texts, by turns; a first round, which loads patterns, does not count."""
    clocks = {name: partial(seconds, partial(run_all, run, texts)) for name, run in runs.items()}
    by_turns(clocks, 1)
    return by_turns(clocks, rounds)


def throughput(texts: Sequence[str], rounds: int) -> Iterator[Row]:
    """Yield MB/s (of code points), and the ratios to ftfy and C4."""
    cleaners = {preset: cleaner.Cleaner(preset) for preset in PRESETS}
    runs: dict[str, Clean] = {f"clean, {preset}": one.clean for preset, one in cleaners.items()}
    runs |= {f"explain, {preset}": one.explain for preset, one in cleaners.items()}
    runs |= {"normalize": cleaner.normalize, "ftfy": ftfy.fix_text}
    runs |= {peer.name: peer.clean for peer in load_peers()[0] if peer.name == "c4"}
    spent = clocked(runs, texts, rounds)
    for name, own in spent.items():
        ratios = {f"times_{peer}": ratio(spent[peer], own) for peer in ("ftfy", "c4") if peer in spent}
        yield {"what": name, "mb_a_second": sum(map(len, texts)) / statistics.median(own) / MEGA, **ratios}


# Cleans all texts twice in each way that all checkouts have, and prints the seconds of the second time.
_CLEAN_ALL = """
import json, sys, time
import cleaner
with open(sys.argv[1]) as file:
    texts = json.load(file)
runs = {"normalize": cleaner.normalize}
for preset in ("default", "body"):
    one = cleaner.Cleaner(preset)
    runs |= {f"clean, {preset}": one.clean, f"explain, {preset}": one.explain}
spent = {}
for name, run in 2 * list(runs.items()):
    start = time.process_time()
    for text in texts:
        run(text)
    spent[name] = time.process_time() - start
print(json.dumps(spent))
"""


def against(texts: Sequence[str], rounds: int, checkout: Path, python: str) -> Iterator[Row]:
    """Yield the time of this checkout and of another, by turns in one run, and the ratio of their medians."""
    places = {"this": (sys.executable, ROOT), "other": (python, checkout.resolve())}
    spent: dict[str, dict[str, list[float]]] = {side: {} for side in places}
    starts = {"import": (["-c", "import cleaner"], b""), "cold": (["-m", "cleaner"], mixed.seeds("raw")[0].encode())}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "texts.json"
        file.write_text(json.dumps(texts))
        for number in range(rounds):
            for side in [*places][:: 1 if number % 2 else -1]:
                own, place = places[side]
                found = json.loads(output_of([own, "-c", _CLEAN_ALL, str(file)], checkout=place))
                for name, (arguments, data) in starts.items():
                    found[name] = min(cpu_of_process([own, *arguments], data, place) for _ in range(3))
                for name, one in found.items():
                    spent[side].setdefault(name, []).append(one)
    for name, this in spent["this"].items():
        other = spent["other"][name]
        medians = {"this_ms": 1000 * statistics.median(this), "other_ms": 1000 * statistics.median(other)}
        yield {"what": name, **medians, "ratio": ratio(this, other)}


def cold(rounds: int) -> Iterator[Row]:
    """Yield the CPU time of new processes, and the ratio to one that does nothing."""
    commands = {
        "python -c pass": (["-c", "pass"], b""),
        "import cleaner": (["-c", "import cleaner"], b""),
        "cleaner, one line": (["-m", "cleaner"], b"A line of prose.\n"),
        "cleaner, a seed": (["-m", "cleaner"], mixed.seeds("raw")[0].encode()),
        "import ftfy": (["-c", "import ftfy"], b""),
    }
    runs = {name: partial(cpu_of_process, [sys.executable, *args], data) for name, (args, data) in commands.items()}
    by_turns(runs, 1)  # may fill the cache on disk
    spent = by_turns(runs, 4 * rounds)
    for name, own in spent.items():
        nothing = spent["python -c pass"]
        yield {"process": name, "ms": 1000 * statistics.median(own), "over_nothing": ratio(own, nothing)}


def build(rounds: int) -> Iterator[Row]:
    """Yield the CPU time of making and loading the store of the rules, and of building a Cleaner."""
    digest = builtin_digest()
    yield {"step": "reading all rules from source", "ms": 1000 * seconds(partial(make_builtin, rules_folder(), digest))}
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "rules.pickle")
        store.save(path, digest, builtin_rules().parts)
        steps: dict[str, Callable[[], object]] = {
            f"loading them from {Path(path).stat().st_size / MEGA:.1f} MB": partial(store.load, path, digest),
            **{f"building a Cleaner, {preset}": partial(cleaner.Cleaner, preset) for preset in PRESETS},
            "a pickled Cleaner": partial(pickle.loads, pickle.dumps(cleaner.Cleaner())),
        }
        spent = by_turns({name: partial(repeated_seconds, step) for name, step in steps.items()}, rounds)
    for name, own in spent.items():
        yield {"step": name, "ms": 1000 * statistics.median(own)}


def tries(texts: Sequence[str]) -> Iterator[Row]:
    """Yield how many patterns are tried on a nonblank line, by preset; then those that are tried most, with their time."""
    lines = max(1, sum(bool(line) for text in texts for line in cleaner.normalize(text).split("\n")))
    original = Pattern.fullmatch
    tried, matched, spent = Counter[str](), Counter[str](), Counter[str]()

    def fullmatch(self: Pattern, line: str) -> Any:
        start = time.perf_counter()
        match = original(self, line)
        name = f"{self.rule} {self.language}: {self.source}"
        spent[name] += time.perf_counter() - start  # type: ignore[assignment]
        tried[name] += 1
        matched[name] += match is not None
        return match

    for preset in PRESETS:
        one = cleaner.Cleaner(preset)
        run_all(one.clean, texts)
        for counter in (tried, matched, spent):
            counter.clear()
        with mock.patch.object(Pattern, "fullmatch", fullmatch):
            run_all(one.clean, texts)
        counts = {"lines": lines, "tries": tried.total(), "matches": matched.total()}
        yield {"preset": preset, **counts, "tries_a_line": tried.total() / lines}
    for name, count in tried.most_common(TOP):
        yield {"pattern": cut(name), "tries": count, "percent_of_time": 100 * spent[name] / spent.total()}


def profile(texts: Sequence[str]) -> Iterator[Row]:
    """Yield the functions that take most of the time of cleaning with all rules, after a first run."""
    one = cleaner.Cleaner("body")
    run_all(one.clean, texts)
    profiler = cProfile.Profile()
    profiler.runcall(run_all, one.clean, texts)
    stats: dict[tuple[str, int, str], tuple[int, int, float, float, Any]] = pstats.Stats(profiler).stats  # type: ignore[attr-defined]
    whole = sum(own for _, _, own, _, _ in stats.values())
    for (file, line, name), (_, calls, own, total, _) in sorted(stats.items(), key=lambda item: -item[1][2])[:TOP]:
        place = f"{file.removeprefix(str(ROOT))}:{line} {name}"
        yield {"function": place, "own_percent": 100 * own / whole, "with_calls": 100 * total / whole, "calls": calls}


def growth(rounds: int, largest: int) -> Iterator[Row]:
    """Yield the cost of documents that grow fourfold: of prose, and of short and long lines with boilerplate among them."""
    one = cleaner.Cleaner()
    for name, make in (("prose", mixed.prose), ("articles", mixed.articles)):
        one.clean(make(64 * KILO))
        size, before = KILO, 0.0
        while size <= largest:
            run = partial(one.clean, make(size))
            cost = statistics.median(repeated_seconds(run) for _ in range(rounds if size < 4 * MEGA else 1)) / size
            linear = cost / before if before else None
            yield {"document": name, "code_points": size, "ns_a_code_point": 1e9 * cost, "over_linear": linear}
            size, before = size * 4, cost


def rules(texts: Sequence[str], rounds: int) -> Iterator[Row]:
    """Yield the cost of twice as many rules."""
    with tempfile.TemporaryDirectory() as folder:
        mixed.write_rules(Path(folder), 1)
        one, two = cleaner.Cleaner(), cleaner.Cleaner(rules=[folder])
    spent = clocked({"x1": one.clean, "x2": two.clean}, texts, rounds)
    yield {"rules": len(two.rules), "built_in": len(one.rules), "over_built_in": ratio(spent["x2"], spent["x1"])}


_CLEAN_FILE = """
import cleaner, sys
with open(sys.argv[1], encoding="utf-8", newline="") as file:
    text = file.read()
getattr(cleaner, sys.argv[2])(text)
"""


def memory(largest: int) -> Iterator[Row]:
    """Yield the peak memory of a new process that cleans one document, and its growth per byte of the document."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "text"
        for name, make in (("prose", mixed.prose), ("articles", mixed.articles)):
            for function, size in (("clean", largest // 4), ("clean", largest), ("explain", largest // 4)):
                peaks = []
                for length in (16 * KILO, size):
                    file.write_text(make(length), encoding="utf-8")
                    peaks.append(peak_memory(_CLEAN_FILE, str(file), function))
                share = (peaks[1] - peaks[0]) / file.stat().st_size
                yield {
                    "document": name,
                    "function": function,
                    "code_points": size,
                    "peak_mb": peaks[1] / MEGA,
                    "over_size": share,
                }


_worker: list[cleaner.Cleaner] = []


def _clean_batch(texts: Sequence[str]) -> None:
    if not _worker:
        _worker.append(cleaner.Cleaner())
    run_all(_worker[0].clean, texts)


def processes(texts: Sequence[str], rounds: int) -> Iterator[Row]:
    """Yield the wall time of one process over that of two."""
    batches = [texts[start::16] for start in range(16)] * 4

    def wall(pool: ProcessPoolExecutor) -> float:
        start = time.perf_counter()
        list(pool.map(_clean_batch, batches))
        return time.perf_counter() - start

    with ProcessPoolExecutor(1) as one, ProcessPoolExecutor(2) as two:
        runs = {"one": partial(wall, one), "two": partial(wall, two)}
        by_turns(runs, 2)
        spent = by_turns(runs, rounds)
    yield {"what": "two processes do, times one", "ratio": ratio(spent["one"], spent["two"])}


# --- The command ----------------------------------------------------------------------------------


def parts_of(texts: Sequence[str], options: argparse.Namespace) -> dict[str, Callable[[], Iterator[Row]]]:
    """Return the parts by name."""
    rounds, largest = options.repeat, round(options.largest * MEGA)
    return {
        "throughput": partial(throughput, texts, rounds),
        "against": partial(against, texts, rounds, options.against, options.python),
        "cold": partial(cold, rounds),
        "build": partial(build, rounds),
        "tries": partial(tries, texts),
        "growth": partial(growth, rounds, largest),
        "rules": partial(rules, texts, rounds),
        "memory": partial(memory, largest),
        "processes": partial(processes, texts, rounds),
        "hostile": lambda: iter(hostile.growth(rounds, 16 * KILO)[:TOP]),
        "profile": partial(profile, texts),
    }


def read_texts(folders: Sequence[Path], systems: Sequence[str], each: int) -> list[str]:
    """Return the outputs of systems in folders of pages that are not blank: N of each system of each folder, or all of them."""
    found = []
    for corpus in (read_corpus(folder, systems) for folder in folders):
        for system in corpus.systems:
            texts = [document.outputs[system] for document in shuffled(corpus.documents)]
            found += [text for text in texts if text.strip()][: each or None]
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the parts and return the exit code: 2 for a folder or option that cannot be used, else 0."""
    parser = parser_of(__doc__, "speed")
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER", help="pages with the outputs of systems")
    parser.add_argument("--system", default="", metavar="NAME,...", help="only these systems' outputs")
    parser.add_argument("--each", type=int, default=0, metavar="N", help="N texts of each system of each folder")
    parser.add_argument("--only", default="", metavar="PART,...", help="only these parts, which the file lists")
    parser.add_argument("--against", type=Path, metavar="CHECKOUT", help="compare with the cleaner of this folder")
    parser.add_argument("--python", default=sys.executable, metavar="FILE", help="the Python to run that one with")
    parser.add_argument("--repeat", type=int, default=5, metavar="N", help="rounds (default: %(default)s)")
    parser.add_argument("--largest", type=float, default=64, metavar="MB", help="document (default: %(default)s)")
    parser.add_argument("--profile", action="store_true", help="the same as --only profile")
    options = parser.parse_args(arguments)
    try:
        texts = read_texts(options.folders, named(options.system), options.each)
    except CorpusError as error:
        print(error, file=sys.stderr)
        return 2
    if not options.folders:
        texts = [*mixed.seeds("raw"), *(document["text"] for document in mixed.documents(100))]
    if not texts:
        parser.error("no text there: name folders that hold output/SYSTEM.json, and systems that they have")
    parts = parts_of(texts, options)
    left_out = ["profile"] if options.against else ["profile", "against"]
    wanted = ["profile"] if options.profile else named(options.only) or [part for part in parts if part not in left_out]
    if unknown := set(wanted) - set(parts):
        parser.error(f"no part {unknown.pop()!r}; choose from {', '.join(parts)}")
    print(f"{len(texts)} texts, {sum(map(len, texts)):,} code points; {', '.join(map(' '.join, versions().items()))}")
    figures: dict[str, list[Row]] = {}
    for part in wanted:
        figures[part] = list(parts[part]())
        print(f"\n## {part}\n", *_tables(figures[part]), sep="\n", flush=True)
        write_json(options.json, figures)
    return 0


def _tables(rows: Sequence[Row]) -> Iterator[str]:
    """Yield a table for each set of columns."""
    forms = {str: "", int: ",", float: ",.3f", type(None): ",.3f"}
    for names in dict.fromkeys(map(tuple, rows)):
        own = [row for row in rows if tuple(row) == names]
        yield from (*table(own, {name: forms[type(own[-1][name])] for name in names}), "")


if __name__ == "__main__":
    sys.exit(main())
