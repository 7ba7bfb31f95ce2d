"""Holds quality to floors that only rise: ``python benchmarks/gate.py FOLDER...`` exits 1 where a figure is below its floor.

The floors are in ``floors.json`` beside this file: for each folder, by its name, F1 and exact of each system's cleaned
output, the tokens of 10,000 that the gold bodies may lose, the segments that are gone and those that are lost; and where there
are many pages of few sites, F1 with rules learned from all of them, and from five a site (see ``learn.py``). No output may be
worse than before cleaning, floor or none. ``--raise`` writes better figures into the file and leaves all others as they are; a
floor is lowered only by hand, in a commit that says why. What each figure means is said in ``measures.py``.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs as a file, too

from benchmarks import figures
from benchmarks.corpora import Corpus, CorpusError, read_corpus
from benchmarks.judging import PRESETS, Task, build_cleaners
from benchmarks.learn import is_of_sites, learned_f1
from benchmarks.quality import measure

FLOORS = Path(__file__).with_name("floors.json")
# A floor is a figure rounded towards the worse, so that the last digit of a float decides nothing.
_DIGITS = {"f1": 4, "exact": 4, "lost_per_10000": 1, "gone": 0, "lost": 0}
# Of these, less is better.
_CEILINGS = ("lost_per_10000", "lost")


class Figure(NamedTuple):
    """One figure with the path to its floor: corpus, system or "gold", preset, name."""

    path: tuple[str, str, str, str]
    value: float

    @property
    def is_ceiling(self) -> bool:
        """Whether less is better."""
        return self.path[-1] in _CEILINGS

    @property
    def pinned(self) -> float:
        """The floor that this figure makes."""
        scale: int = 10 ** _DIGITS[self.path[-1]]
        return (math.ceil if self.is_ceiling else math.floor)(round(self.value * scale, 6)) / scale

    def is_worse_than(self, floor: float) -> bool:
        """Tell whether the figure is on the wrong side of a floor."""
        return self.pinned > floor if self.is_ceiling else self.pinned < floor


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, compare, report; return 1 where a floor does not hold and 2 for a folder that cannot be used."""
    options = _parser().parse_args(arguments)
    task = Task("", PRESETS)
    try:
        corpora = [read_corpus(folder) for folder in options.folders]
        build_cleaners(task)
    except CorpusError as error:
        print(error, file=sys.stderr)
        return 2
    result = figures.figures(measure(corpora, task, options.jobs), task, show=False)
    measured = [*gather(result), *_learned(corpora)]
    floors = json.loads(options.floors.read_text(encoding="utf-8")) if options.floors.exists() else {}
    if options.raise_floors:
        raised = lift_floors(floors, measured)
        options.floors.write_text(json.dumps(floors, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        print(f"{raised} of {len(measured)} floors raised in {options.floors}")
    worse, unknown = compare(floors, measured), [one for one in measured if _floor(floors, one) is None]
    for figure, floor in worse:
        print(f"{' '.join(figure.path)}: {figure.value:g} is worse than its floor of {floor:g}")
    worsened = list(sunk(result["lift"]))
    for line in worsened:
        print(line)
    print(
        f"{len(measured)} figures, {len(worse)} below the floor, {len(unknown)} without one; "
        f"{len(worsened)} outputs worse than before cleaning"
    )
    return 1 if worse or worsened else 0


def gather(result: Mapping[str, list[figures.Row]]) -> Iterator[Figure]:
    """Yield the figures that have floors."""
    for row in result["lift"]:
        if row["lang"] == figures.ALL and row["method"] in PRESETS:
            for name in ("f1", "exact"):
                yield Figure((row["corpus"], row["system"], row["method"], name), row[name])
    for row in result["gold_loss"]:
        if row["lang"] == figures.ALL and row["corpus"] != figures.ALL and row["method"] in PRESETS:
            yield Figure((row["corpus"], "gold", row["method"], "lost_per_10000"), row["lost_per_10000"])
    for row in result["segments"]:
        if row["method"] in PRESETS:
            path = row["corpus"], row["system"], row["method"]
            yield Figure((*path, "gone"), row["unwanted"] - row["unwanted_kept"])
            yield Figure((*path, "lost"), row["wanted"] - row["wanted_kept"])


def _learned(corpora: Sequence[Corpus]) -> Iterator[Figure]:
    for corpus in filter(is_of_sites, corpora):
        for system, name, f1 in learned_f1(corpus):
            yield Figure((corpus.name, system, name, "f1"), f1)


def compare(floors: Mapping[str, Any], measured: Sequence[Figure]) -> list[tuple[Figure, float]]:
    """Return the figures that are worse than their floors, with the floors."""
    known = [(figure, floor) for figure in measured if (floor := _floor(floors, figure)) is not None]
    return [(figure, floor) for figure, floor in known if figure.is_worse_than(floor)]


def lift_floors(floors: dict[str, Any], measured: Sequence[Figure]) -> int:
    """Write figures that are better than their floors, or have none, into ``floors``; return how many."""
    raised = 0
    for figure in measured:
        floor = _floor(floors, figure)
        if floor is None or (not figure.is_worse_than(floor) and figure.pinned != floor):
            table = floors
            for name in figure.path[:-1]:
                table = table.setdefault(name, {})
            table[figure.path[-1]] = figure.pinned
            raised += 1
    return raised


def sunk(lift: Sequence[figures.Row]) -> Iterator[str]:
    """Yield a line for each system that is worse after cleaning than before: the floor that needs no file."""
    before = {(row["corpus"], row["system"], row["lang"]): row for row in lift if row["method"] not in PRESETS}
    for row in lift:
        if row["method"] in PRESETS and row["lang"] == figures.ALL:
            found = before[row["corpus"], row["system"], row["lang"]]
            if row["f1"] < found["f1"] - 1e-9:
                yield (
                    f"{row['corpus']} {row['system']} {row['method']}: F1 {row['f1']:.4f} after cleaning is below "
                    f"{found['f1']:.4f} as extracted"
                )


def _floor(floors: Mapping[str, Any], figure: Figure) -> float | None:
    table: Any = floors
    for name in figure.path:
        table = table.get(name, {})
    return None if table == {} else float(table)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks/gate.py", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="holds ground-truth.json and output/")
    parser.add_argument("--raise", action="store_true", dest="raise_floors", help="write better figures as floors")
    parser.add_argument("--floors", type=Path, default=FLOORS, metavar="FILE", help="where the floors are")
    parser.add_argument("--jobs", type=int, default=2, help="processes (default: %(default)s)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
