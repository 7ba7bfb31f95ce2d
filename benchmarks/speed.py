"""Measures what cleaning costs: ``python benchmarks/speed.py [FOLDER|FILE ...]``, a folder of texts or a corpus (see ``corpora.py``).

Everything that is compared runs by turns in one run; times are CPU times, figures are medians, and what counts is the ratios. Without
a name it takes the seeds many times over, and documents mixed from the rules' own examples. ``--only`` chooses among:

throughput  clean, explain and normalize beside ftfy, datatrove's C4 line filter, clean-text and a bare loop; by language, pure ASCII apart
repair      normalizing what needs repair, beside ftfy on the same lines, by what is wrong with them
cold        a new process: the command, the import, and ``python -c pass``
growth      the cost of a document as it grows fourfold from 1 kB
rules       twice and four times as many rules
memory      peaks of new processes against the size of the document
workers     two processes beside one; a pickled Cleaner beside a new one
hostile     time at 16 n over time at n for texts made to hurt (see ``hostile.py``)
profile     which steps, kinds, rules and patterns take the time (left out unless named)
"""

from __future__ import annotations

import argparse
import json
import pickle
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs as a file, too

import ftfy

import cleaner
from benchmarks import costs, hostile, texts, timing
from benchmarks.corpora import CorpusError
from benchmarks.more_rules import write_rules
from benchmarks.peers import load_peers
from benchmarks.tables import table
from benchmarks.texts import Text

Row = dict[str, Any]
Clean = Callable[[str, str], Any]

FEW_TEXTS = 3  # languages with fewer have no row
KILO, MEGA = 1000, 1000 * 1000
SEED = texts.SEEDS / "001_9a6267f58daf3221.txt"


# --- Throughput ------------------------------------------------------------------------------------


def contestants() -> tuple[dict[str, Clean], list[str]]:
    """Return what runs, by name, and a sentence for each that cannot."""
    default, body = cleaner.Cleaner(), cleaner.Cleaner("body")
    known = frozenset(phrase for file in texts.rule_files() for phrase in _all_phrases(file.table))

    def loop(text: str, lang: str) -> str:
        kept = []
        for line in text.split("\n"):
            if line not in known:
                kept.append(line)
        return "\n".join(kept)

    found: dict[str, Clean] = {
        "clean": partial(_clean, default),
        "clean, body": partial(_clean, body),
        "explain": lambda text, lang: default.explain(text),
        "normalize": lambda text, lang: cleaner.normalize(text),
        "ftfy": lambda text, lang: ftfy.fix_text(text),
        "bare loop": loop,
    }
    missing = []
    peers = {peer.name: peer for peer in load_peers()[0]}
    if "c4-datatrove" in peers:
        found["C4"] = peers["c4-datatrove"].clean
    else:
        missing.append("C4 is left out: pip install datatrove")
    if _version("clean-text"):
        from cleantext import clean as clean_text

        found["clean-text"] = lambda text, lang: clean_text(text, to_ascii=False, lower=False)
    else:
        missing.append("clean-text is left out: pip install clean-text")
    return found, missing


def _all_phrases(found: Mapping[str, Any]) -> Iterator[str]:
    for group in found.get("phrases", {}).values():
        yield from group


def throughput(sample: Sequence[Text], rounds: int) -> Iterator[Row]:
    """Yield MB/s (of code points) of all texts and of their ASCII lines, by contestant; then the ratios by language."""
    runs, missing = contestants()
    groups = {"all": list(sample), "ASCII lines": texts.ascii_lines(sample)}
    every = [*dict.fromkeys(text for group in groups.values() for text in group)]
    first = {name: timing.seconds(partial(_run_all, run, sample)) for name, run in runs.items()}
    times: list[dict[Text, dict[str, float]]] = []
    for number in range(rounds):
        times.append({})
        for place, one in enumerate(every):
            turned = timing.turned(runs, number + place)
            times[-1][one] = {name: timing.seconds(partial(runs[name], *one)) for name in turned}

    def series(own: Sequence[Text], name: str) -> list[float]:
        return [sum(one_round[one][name] for one in own) for one_round in times]

    for group, own in groups.items():
        size = sum(len(one.text) for one in own)
        for name in runs:
            spent = series(own, name)
            yield {
                "texts": group,
                "documents": len(own),
                "code_points": size,
                "what": name,
                "mb_per_second": size / statistics.median(spent) / MEGA,
                "times_ftfy": timing.ratio(series(own, "ftfy"), spent),
                "times_c4": timing.ratio(series(own, "C4"), spent) if "C4" in runs else None,
                "first_over_later": first[name] / statistics.median(spent) if group == "all" else None,
            }
    for lang in sorted({one.lang for one in sample if one.lang}):
        own = [one for one in sample if one.lang == lang]
        if len(own) >= FEW_TEXTS:
            pairs = [("clean", "ftfy"), ("clean", "C4"), ("explain", "ftfy"), ("normalize", "ftfy")]
            yield {"language": lang, "documents": len(own), "code_points": sum(len(one.text) for one in own)} | {
                f"{name}_times_{other}".lower(): timing.ratio(series(own, other), series(own, name))
                for name, other in pairs
                if other in runs
            }
    for sentence in missing:
        yield {"note": sentence}


def _run_all(run: Clean, sample: Sequence[Text]) -> None:
    for one in sample:
        run(*one)


# --- Repair ----------------------------------------------------------------------------------------


def repair(sample: Sequence[Text], rounds: int) -> Iterator[Row]:
    """Yield what normalizing costs beside ftfy on the same lines, by what is wrong with them, and among sound lines."""
    sound = [line for one in sample for line in one.text.split("\n") if line and cleaner.normalize(line) == line]
    for name, lines in texts.damaged(sample).items():
        bad = "\n".join(lines)
        among = "\n".join(line for place, one in enumerate(lines) for line in (one, *_sound(sound, place)))
        rest = "\n".join(line for place in range(len(lines)) for line in _sound(sound, place))
        spent = timing.by_turns(
            {
                "normalize": partial(cleaner.normalize, bad),
                "ftfy": partial(ftfy.fix_text, bad),
                "among": partial(cleaner.normalize, among),
                "rest": partial(cleaner.normalize, rest),
            },
            rounds,
            timing.LEAST,
        )
        alone = [one + other for one, other in zip(spent["normalize"], spent["rest"], strict=True)]
        yield {
            "damage": name,
            "lines": len(lines),
            "over_ftfy": timing.ratio(spent["normalize"], spent["ftfy"]),
            "sound_over_ftfy": timing.ratio(spent["rest"], spent["ftfy"]),
            "mixed_over_apart": timing.ratio(spent["among"], alone),
        }


def _sound(lines: Sequence[str], place: int) -> list[str]:
    """Return nine sound lines to stand beside a damaged one."""
    return [lines[(9 * place + number) % len(lines)] for number in range(9)]


# --- Cold start ------------------------------------------------------------------------------------


def cold(rounds: int, seed: Path = SEED) -> Iterator[Row]:
    """Yield the CPU of new processes, and the ratio to one that does nothing."""
    python, text = sys.executable, seed.read_bytes()
    commands: dict[str, tuple[list[str], bytes]] = {
        "python -c pass": ([python, "-c", "pass"], b""),
        "import cleaner": ([python, "-c", "import cleaner"], b""),
        "cleaner, one line": ([python, "-m", "cleaner"], b"A line of prose.\n"),
        f"cleaner < {seed.name}": ([python, "-m", "cleaner"], text),
        "import ftfy": ([python, "-c", "import ftfy"], b""),
    }
    timing.cpu_of_process(*commands[f"cleaner < {seed.name}"])  # it may write byte code and the compiled rules
    spent: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(max(5, 3 * rounds)):
        for name, command in commands.items():
            spent[name].append(timing.cpu_of_process(*command))
    for name in commands:
        yield {
            "process": name,
            "ms": 1000 * statistics.median(spent[name]),
            "over_nothing": timing.ratio(spent[name], spent["python -c pass"]),
        }


# --- Growth ----------------------------------------------------------------------------------------


def growth(rounds: int, largest: int) -> Iterator[Row]:
    """Yield the cost of documents that grow fourfold, of prose and of short and long lines with boilerplate among them."""
    one = cleaner.Cleaner()
    for name, make in (("prose", texts.prose), ("articles", texts.articles)):
        before: tuple[int, float] | None = None
        one.clean(make(64 * KILO))
        size = KILO
        while size <= largest:
            text = make(size)
            few = rounds if size < 4 * MEGA else 1
            spent = statistics.median(timing.by_turns({"": partial(one.clean, text)}, few, timing.LEAST)[""])
            exponent = spent / before[1] / (len(text) / before[0]) if before else None
            yield {
                "document": name,
                "code_points": len(text),
                "ms": 1000 * spent,
                "ns_per_code_point": 1e9 * spent / len(text),
                "over_linear": exponent,
            }
            before = len(text), spent
            size *= 4


def rules(sample: Sequence[Text], rounds: int) -> Iterator[Row]:
    """Yield what twice and four times as many rules cost, in building and in cleaning."""
    built: dict[str, cleaner.Cleaner] = {}
    builds: dict[str, float] = {}
    counts: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, copies in (("x1", 0), ("x2", 1), ("x4", 3)):
            own = Path(folder) / name
            own.mkdir()
            write_rules(own, copies)
            start = time.process_time()
            built[name] = cleaner.Cleaner(rules=[own] if copies else [])
            builds[name] = time.process_time() - start
            counts[name] = len(built[name].rules)
    runs = {name: partial(_run_all, partial(_clean, one), sample) for name, one in built.items()}
    for run in runs.values():
        run()
    spent = timing.by_turns(runs, rounds)
    for name in built:
        yield {
            "rules": name,
            "count": counts[name],
            "over_builtin": timing.ratio(spent[name], spent["x1"]),
            "build_seconds": builds[name],
        }


def _clean(one: cleaner.Cleaner, text: str, lang: str) -> str:
    return one.clean(text)


# --- Memory and processes --------------------------------------------------------------------------

_CLEAN_FILE = """
import cleaner
with open(sys.argv[1], encoding="utf-8", newline="") as file:
    text = file.read()
getattr(cleaner, sys.argv[2])(text)
"""
_BASE = 16 * KILO


def memory(largest: int) -> Iterator[Row]:
    """Yield the peak of a new process that cleans one document, less that of one that cleans a tiny one, over its bytes."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "text"

        def peak(text: str, function: str) -> tuple[int, int]:
            file.write_text(text, encoding="utf-8")
            return timing.peak_memory(_CLEAN_FILE, str(file), function), file.stat().st_size

        for name, make in (("prose", texts.prose), ("articles", texts.articles)):
            for function in ("clean", "explain", "normalize"):
                base, _ = peak(make(_BASE), function)
                size = largest if function == "clean" else largest // 4
                sizes = [size // 16, size // 4, size] if function == "clean" else [size]
                for one in sizes:
                    most, length = peak(make(one), function)
                    yield {
                        "document": name,
                        "function": function,
                        "bytes": length,
                        "peak_mb": most / MEGA,
                        "base_mb": base / MEGA,
                        "over_size": (most - base) / length,
                        "whole_over_size": most / length,
                    }


_worker: list[cleaner.Cleaner] = []


def _prepare(pickled: bytes, warming: Sequence[str]) -> None:
    _worker[:] = [pickle.loads(pickled)]
    _clean_all(warming)


def _clean_all(some: Sequence[str]) -> int:
    return sum(len(_worker[0].clean(text)) for text in some)


_BUILD = """
import sys, time, pickle
import cleaner
pickled = sys.stdin.buffer.read()
start = time.process_time()
one = pickle.loads(pickled) if pickled else cleaner.Cleaner()
print(time.process_time() - start)
"""


def workers(sample: Sequence[Text], rounds: int) -> Iterator[Row]:
    """Yield the wall time of one process over that of two, and the build of a pickled Cleaner over that of a new one."""
    pickled = pickle.dumps(cleaner.Cleaner())
    own = [one.text for one in sample]
    batches = [own[start::16] for start in range(16)] * 4
    wall: dict[int, list[float]] = {1: [], 2: []}
    with (
        ProcessPoolExecutor(1, initializer=_prepare, initargs=(pickled, own)) as one,
        ProcessPoolExecutor(2, initializer=_prepare, initargs=(pickled, own)) as two,
    ):
        pools = {1: one, 2: two}
        for pool in pools.values():
            list(pool.map(_clean_all, batches))
        for _ in range(rounds):
            for count, pool in pools.items():
                start = time.perf_counter()
                list(pool.map(_clean_all, batches))
                wall[count].append(time.perf_counter() - start)
    yield {"what": "two processes do, times one", "ratio": timing.ratio(wall[1], wall[2])}
    builds: dict[bytes, list[float]] = {b"": [], pickled: []}
    for _ in range(max(5, rounds)):
        for data, spent in builds.items():
            spent.append(float(timing.in_new_process(_BUILD, data=data)))
    yield {"what": "a pickled Cleaner, over its first build", "ratio": timing.ratio(builds[pickled], builds[b""])}


# --- Hostile texts ---------------------------------------------------------------------------------

TIMES = 16
LONG = 5  # seconds: what takes longer is measured once


def hostile_growth(rounds: int, size: int, named: str = "") -> Iterator[Row]:
    """Yield for each family the time at 16 n over the time at n, of cleaning with the preset that has all rules."""
    one = cleaner.Cleaner("body")
    for family in hostile.families():
        if named not in family.name:
            continue
        small, large = family.make(size * family.weight), family.make(TIMES * size * family.weight)
        # Patterns are compiled when first needed, and that is no part of growth.
        runs = {"n": partial(one.clean, small), "16 n": partial(one.clean, large)}
        is_long = sum(map(timing.seconds, runs.values())) > LONG
        spent = timing.by_turns(runs, 1 if is_long else rounds, timing.LEAST)
        yield {
            "family": family.name,
            "code_points": len(large),
            "seconds": statistics.median(spent["16 n"]),
            "ns_per_code_point": 1e9 * statistics.median(spent["16 n"]) / max(1, len(large)),
            "growth": timing.ratio(spent["16 n"], spent["n"]) * TIMES * max(1, len(small)) / max(1, len(large)),
        }


# --- What it prints --------------------------------------------------------------------------------

PARTS = ("throughput", "repair", "cold", "growth", "rules", "memory", "workers", "hostile", "profile")
_LEFT_OUT = ("profile",)
_HEADS = {
    "throughput": "MB/s in millions of code points; times: how many times as fast",
    "repair": "CPU over ftfy's on the same lines; of nine times as many sound lines; both mixed over both apart",
    "cold": "CPU of new processes",
    "growth": "over linear: cost of a code point over that of the document before; 1 is linear",
    "rules": "CPU of cleaning with more rules",
    "memory": "peak less that for a document of 16 kB, and the whole peak, over the size in bytes",
    "workers": "wall and CPU time",
    "hostile": "growth: time at 16 n over time at n; 16 is linear",
    "profile": "shares of CPU time",
}


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, float):
        return f"{value:,}" if isinstance(value, int) else str(value)
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}" if abs(value) < 1 else f"{value:.2f}"


def report(part: str, rows: Sequence[Row]) -> Iterator[str]:
    """Yield a part as a table, and its notes."""
    yield f"\n## {part}: {_HEADS[part]}\n"
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row), []).append(row)
    for names, own in groups.items():
        if names == ("note",):
            yield from (row["note"] for row in own)
            continue
        left = next((place for place, name in enumerate(names) if not isinstance(own[0][name], str)), len(names))
        yield from table(
            [name.replace("_", " ") for name in names], ([_text(n, row[n]) for n in names] for row in own), left
        )
        yield ""


def run(part: str, sample: Sequence[Text], options: argparse.Namespace) -> Iterator[Row]:
    """Yield the rows of a part."""
    rounds, largest = options.repeat, round(options.largest * MEGA)
    if part == "throughput":
        yield from throughput(sample, rounds)
    elif part == "repair":
        yield from repair(sample, rounds)
    elif part == "cold":
        yield from cold(rounds)
    elif part == "growth":
        yield from growth(rounds, largest)
    elif part == "rules":
        yield from rules(sample, rounds)
    elif part == "memory":
        yield from memory(largest)
    elif part == "workers":
        yield from workers(sample, rounds)
    elif part == "hostile":
        rows = list(hostile_growth(rounds, options.hostile_size, options.family))
        yield from sorted(rows, key=lambda row: (row["family"] != "prose", -row["growth"]))
    else:
        yield from costs.profile([one.text for one in sample], options.top)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the parts and return the exit code: 2 for a folder or option that cannot be used, else 0."""
    parser = _parser()
    options = parser.parse_args(arguments)
    parts = [part for part in PARTS if part not in _LEFT_OUT] if not options.only else options.only.split(",")
    if options.profile and "profile" not in parts:
        parts = [*parts, "profile"] if options.only else ["profile"]
    if unknown := [part for part in parts if part not in PARTS]:
        parser.error(f"no part {unknown[0]!r}; choose from {', '.join(PARTS)}")
    try:
        sample = texts.read_texts(options.paths, options.system.split(",")) if options.paths else texts.default_texts()
    except (CorpusError, OSError, UnicodeDecodeError) as error:
        print(error, file=sys.stderr)
        return 2
    if not sample:
        parser.error(
            f"no text there: name files, folders of .txt files, or corpora that hold output/{options.system}.json"
        )
    result: dict[str, Any] = {"versions": _versions(), "texts": len(sample), "repeat": options.repeat}
    print(
        f"{len(sample)} texts, {sum(len(one.text) for one in sample):,} code points; {', '.join(_versions().values())}"
    )
    for part in parts:
        result[part] = list(run(part, sample, options))
        print("\n".join(report(part, result[part])), flush=True)
        if options.json:
            options.json.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="benchmarks/speed.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paths", nargs="*", type=Path, metavar="FOLDER", help="texts, folders of .txt files, corpora")
    parser.add_argument("--system", default="trafilatura", help="which outputs of a corpus (default: %(default)s)")
    parser.add_argument("--only", default="", metavar="PART,...", help=f"some of {', '.join(PARTS)}")
    parser.add_argument("--repeat", type=int, default=5, help="rounds (default: %(default)s)")
    parser.add_argument(
        "--largest", type=float, default=64, metavar="MB", help="largest document (default: %(default)s)"
    )
    parser.add_argument(
        "--hostile-size", type=int, default=16 * KILO, metavar="N", help="n of hostile texts (default: %(default)s)"
    )
    parser.add_argument("--family", default="", help="only hostile texts with this in their name")
    parser.add_argument("--profile", action="store_true", help="say which steps, kinds, rules and patterns cost what")
    parser.add_argument("--top", type=int, default=30, help="rows of each table of --profile (default: %(default)s)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure to FILE")
    return parser


def _versions() -> dict[str, str]:
    names = ("boilerplate-cleaner", "ftfy", "regex", "datatrove", "clean-text")
    found = {name: f"{name} {_version(name)}" for name in names if _version(name)}
    return {"python": f"Python {platform.python_version()}"} | found


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


if __name__ == "__main__":
    sys.exit(main())
