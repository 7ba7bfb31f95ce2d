"""How much does cleaning take of texts in which nothing is boilerplate?

    python benchmarks/prose.py FOLDER... [--preset NAME,...] [--show] [--json FILE]

Prints the words lost of a million, in all, by genre and by language, and which rules took them: a file of a folder is a genre (see
``corpora.py``). In scripts without spaces every character is a word. ``--show`` prints the lines that went, by rule.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs as a file, too

from benchmarks.corpora import CorpusError, Text, read_prose
from benchmarks.measures import lost, taken, words
from benchmarks.running import each
from benchmarks.tables import Row, named, parser_of, table, write_json
from cleaner import Cleaner
from cleaner.rules.files import PRESETS

MILLION = 1_000_000
NO_RULE = "(a repair)"


class Loss(NamedTuple):
    """What one preset took of a text: its words, those lost, and the lines as (rule, words, line, what is left of it)."""

    text: Text
    preset: str
    words: int
    lost: int
    lines: list[tuple[str, int, str, str]]


cleaner_of = cache(Cleaner)


def measure(texts: Sequence[Text], presets: Sequence[str], jobs: int) -> list[Loss]:
    """Clean every text with every preset."""
    for preset in presets:
        cleaner_of(preset)  # before the processes begin, so that they share it
    return list(each(_loss, [(text, preset) for preset in presets for text in texts], jobs))


def _loss(task: tuple[Text, str]) -> Loss:
    text, preset = task
    found = cleaner_of(preset).explain(text.text)
    before = words(text.text)
    takings = [] if found.flagged else taken(found.findings)
    lines = [(one.rules[0], lost(words(one.text), words(one.left)), one.text, one.left) for one in takings]
    return Loss(text, preset, len(before), lost(before, words(found.text)), lines)


def rows_by(field: str, losses: Sequence[Loss]) -> list[Row]:
    """Return the words lost of a million under each preset, by a field of the texts ("" for all in one row): the worst first."""
    groups: dict[str, list[Loss]] = defaultdict(list)
    for one in losses:
        groups[getattr(one.text, field) if field else "all"].append(one)
    rows = []
    for name, own in groups.items():
        texts = {one.text.id: one for one in own}
        row: Row = {field or "texts": name, "documents": len(texts), "words": sum(one.words for one in texts.values())}
        for preset in _presets(losses):
            row[preset] = MILLION * sum(one.lost for one in own if one.preset == preset) / max(1, row["words"])
        rows.append(row)
    return sorted(rows, key=_worst_first)


def rows_by_rule(losses: Sequence[Loss]) -> list[Row]:
    """Return the words of a million that each rule took, the worst first. What no rule took was repaired into other words."""
    gone: dict[str, Counter[str]] = defaultdict(Counter)
    documents: dict[str, set[str]] = defaultdict(set)
    for one in losses:
        for rule, count, *_ in one.lines:
            gone[rule][one.preset] += count
            documents[rule].add(one.text.id)
        gone[NO_RULE][one.preset] += one.lost - sum(count for _, count, *_ in one.lines)
    total = sum(one.words for one in losses) / max(1, len(_presets(losses)))
    rows = [
        {"rule": rule, "documents": len(documents[rule])}
        | {preset: MILLION * counts[preset] / max(1, total) for preset in _presets(losses)}
        for rule, counts in gone.items()
    ]
    return sorted(rows, key=_worst_first)


def _presets(losses: Iterable[Loss]) -> list[str]:
    return list(dict.fromkeys(one.preset for one in losses))


def _worst_first(row: Row) -> list[float]:
    return [-value for value in row.values() if isinstance(value, float)]


def shown(losses: Iterable[Loss]) -> Iterator[str]:
    """Yield the lines that went, by preset and rule."""
    found = sorted(
        (PRESETS.index(one.preset), rule, one.text.id, line, left)
        for one in losses
        for rule, _, line, left in one.lines
    )
    for preset, rule, id, line, left in found:
        yield f"{PRESETS[preset]}  {rule}  {id}"
        yield f"      - {line.strip()}"
        if left:
            yield f"      > {left}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark and return the exit code: 2 for a folder that cannot be used, else 0."""
    parser = parser_of(__doc__, "prose")
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="holds GENRE.json files")
    parser.add_argument("--preset", default=",".join(PRESETS), help="with commas (default: %(default)s)")
    parser.add_argument("--show", action="store_true", help="print the lines that went")
    options = parser.parse_args(arguments)
    try:
        texts = [text for folder in options.folders for text in read_prose(folder)]
    except CorpusError as error:
        print(error, file=sys.stderr)
        return 2
    if not texts:
        parser.error(f"no texts in {options.folders[0]}; name a folder that holds GENRE.json files")
    losses = measure(texts, named(options.preset), options.jobs)
    figures = {
        name: rows_by(field, losses) for name, field in (("all", ""), ("genres", "genre"), ("languages", "lang"))
    }
    figures["rules"] = rows_by_rule(losses)
    for name, rows in figures.items():
        hurt = [row for row in rows if any(_worst_first(row))]
        print(f"\n## Words lost of a million: {name} ({len(rows) - len(hurt)} lose nothing)\n")
        print("\n".join(table(hurt, {name: _FORMATS[type(value)] for name, value in rows[0].items()})))
    if options.show:
        print("\n## The lines\n", *shown(losses), sep="\n")
    write_json(options.json, figures)
    return 0


_FORMATS = {str: "", int: ",", float: ",.1f"}


if __name__ == "__main__":
    sys.exit(main())
