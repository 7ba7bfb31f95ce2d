"""Do the figures of quality still hold? Exits with 1 if one is below its floor.

    python benchmarks/gate.py PATH... [--raise] [--floors FILE]

A PATH is a folder of pages, lines or prose, or a file of field cases (``corpora.py``). The floors are in ``floors.json``
beside this file, by the name of the folder or file: F1 and the share of the way of each system's output, tokens lost of
10,000 of the gold, segments, labelled lines, words lost of a million of prose, field cases passed; and F1 with learned
rules if there are many pages of few sites. All gold is measured; of the outputs in a large folder, a fixed sample is. An
output without a floor may not be worse than before cleaning. ``--raise`` writes better and new figures into the file and
leaves all others alone; a floor is lowered only by hand, in a commit that says why.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs as a file, too

from benchmarks import field, prose, quality
from benchmarks.corpora import Corpus, CorpusError, read_cases, read_corpus, read_prose, shuffled, sort_of
from benchmarks.learn import Learned, is_of_sites
from benchmarks.running import each
from benchmarks.tables import parser_of
from cleaner.model import PRESETS

FLOORS = Path(__file__).with_name("floors.json")
SIZE = 2_500_000  # code points of a folder of pages or lines, all outputs together
SYSTEMS = 2  # of a folder whose sites are learned: the last by name
# A floor is a figure rounded towards the worse, so that the last digit of a float does not matter.
_DIGITS = {"f1": 4, "way": 3, "junk_gone_share": 3, "precision": 3, "passed": 0, "gone": 0}
_CEILINGS = {"lost_of_10000": 1, "fit_lost_of_10000": 1, "lost_of_a_million": 0, "lost": 0, "real_lines_lost": 0}


class Figure(NamedTuple):
    """One figure, and the path to its floor: folder or file, what was measured, preset, name."""

    path: tuple[str, str, str, str]
    value: float

    @property
    def pinned(self) -> float:
        """The floor that this figure would set."""
        name = self.path[-1]
        scale: int = 10 ** {**_DIGITS, **_CEILINGS}[name]
        return (math.ceil if name in _CEILINGS else math.floor)(round(self.value * scale, 6)) / scale

    def is_worse_than(self, floor: float) -> bool:
        """Tell whether the figure is on the wrong side of a floor."""
        return self.pinned > floor if self.path[-1] in _CEILINGS else self.pinned < floor


def sample(corpus: Corpus) -> Corpus:
    """Return a corpus with all the gold, and with outputs and lines up to SIZE, always those of the same documents."""
    documents = shuffled(corpus.documents)
    lengths = (sum(map(len, [*one.outputs.values(), *(text for text, _ in one.lines)])) for one in documents)
    sizes = accumulate(lengths, initial=0)
    some = (
        one if size < SIZE else replace(one, outputs={}, lines=()) for one, size in zip(documents, sizes, strict=False)
    )
    return corpus._replace(documents=tuple(some))


def of_pages(corpora: Sequence[Corpus], jobs: int) -> Iterator[tuple[Figure, bool]]:
    """Yield the figures of samples of pages and lines, each with whether an output is worse than before cleaning."""
    found = quality.figures(quality.measure(map(sample, corpora), quality.Task(), jobs))
    parts = {
        "lift": ("f1", "way"),
        "gold_loss": ("lost_of_10000",),
        "segments": ("gone", "lost"),
        "lines": ("junk_gone_share", "precision", "fit_lost_of_10000"),
    }
    for part, names in parts.items():
        for row in found[part]:
            for name in names:
                if row[name] is not None:
                    is_worse = name == "f1" and row["f1"] < row["f1_before"] - 1e-9
                    yield Figure((row["corpus"], row.get("system", part), row["method"], name), row[name]), is_worse


def _learned(task: tuple[Corpus, str]) -> list[Figure]:
    corpus, system = task
    return [Figure((corpus.name, system, name, "f1"), f1) for name, f1 in Learned(corpus, system).f1().items()]


def measure(paths: Sequence[Path], jobs: int) -> Iterator[tuple[Figure, bool]]:
    """Yield every figure of some folders and files, with whether it is worse than before cleaning."""
    corpora = [read_corpus(path) for path in paths if sort_of(path) == "corpus"]
    yield from of_pages(corpora, jobs)
    tasks = [(corpus, system) for corpus in corpora if is_of_sites(corpus) for system in corpus.systems[-SYSTEMS:]]
    yield from ((figure, False) for own in each(_learned, tasks, jobs) for figure in own)
    for path in paths:
        if sort_of(path) == "prose":
            [row] = prose.rows_by("all", prose.measure(read_prose(path), PRESETS, jobs))
            for preset in PRESETS:
                yield Figure((path.resolve().name, "prose", preset, "lost_of_a_million"), row[preset]), False
        elif sort_of(path) == "cases":
            for row in field.rows(map(field.run, read_cases(path)), ("file", "preset")):
                for name in ("passed", "real_lines_lost"):
                    yield Figure((row["file"], "cases", row["preset"], name), row[name]), False


def raise_floors(floors: dict[str, Any], measured: Sequence[Figure]) -> int:
    """Write figures that are better than their floors, or new, into ``floors``; return how many."""
    raised = 0
    for figure in measured:
        floor = floor_of(floors, figure)
        if floor is None or (not figure.is_worse_than(floor) and figure.pinned != floor):
            table = floors
            for name in figure.path[:-1]:
                table = table.setdefault(name, {})
            table[figure.path[-1]] = figure.pinned
            raised += 1
    return raised


def floor_of(floors: Mapping[str, Any], figure: Figure) -> float | None:
    """Return the floor of a figure, None if it has none."""
    table: Any = floors
    for name in figure.path:
        table = table.get(name, {})
    return None if table == {} else float(table)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, compare, report; return 1 if a floor does not hold and 2 for a path that cannot be used."""
    parser = parser_of(__doc__, "gate")
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="pages, lines, prose; or field cases")
    parser.add_argument("--raise", action="store_true", dest="is_raising", help="write better figures as floors")
    parser.add_argument("--floors", type=Path, default=FLOORS, metavar="FILE", help="where the floors are")
    options = parser.parse_args(arguments)
    floors = json.loads(options.floors.read_text(encoding="utf-8")) if options.floors.exists() else {}
    try:
        found = list(measure(options.paths, options.jobs))
    except CorpusError as error:
        print(error, file=sys.stderr)
        return 2
    measured = [figure for figure, _ in found]
    unknown = [figure for figure in measured if floor_of(floors, figure) is None]
    failed = 0
    for figure, is_sunk in found:
        floor = floor_of(floors, figure)
        if floor is not None and figure.is_worse_than(floor):
            print(f"{' '.join(figure.path)}: {figure.value:g} is worse than its floor of {floor:g}")
            failed += 1
        elif is_sunk:
            print(f"{' '.join(figure.path)}: {figure.value:g} is worse than before cleaning")
            failed += floor is None
    if absent := floors.keys() - {figure.path[0] for figure in measured}:
        print(f"Not checked, because they are not there: {', '.join(sorted(absent))}")
    if options.is_raising:
        raised = raise_floors(floors, measured)
        options.floors.write_text(json.dumps(floors, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        print(f"{raised} floors raised in {options.floors}")
    print(f"{len(measured)} figures, {failed} of them failed; {len(unknown)} had no floor")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
