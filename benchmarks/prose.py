"""How much does cleaning take from texts without boilerplate?

    python benchmarks/prose.py FOLDER... [--preset NAME,...] [--show] [--json FILE]

Prints the words lost of a million, in all, by genre and by language, and which rules took them: each file of a folder is a genre
(see ``corpora.py``). In scripts without spaces, every character is a word. ``--show`` prints the lines that went, by rule.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs as a file, too

from benchmarks.corpora import CorpusError, Text, read_prose
from benchmarks.measures import lost, taken, words
from benchmarks.running import each
from benchmarks.tables import Row, named, parser_of, table, write_json
from cleaner import Cleaner
from cleaner.model import PRESETS

MILLION = 1_000_000
NO_RULE = "(a repair)"


class Loss(NamedTuple):
    """The loss of a text under one preset: its words, those lost, and the lines as (rule, words, line, rest of the line)."""

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
    """Return the words lost of a million under each preset, the worst first: by "genre", "lang", "rule", or "all" in one row."""
    presets = list(dict.fromkeys(one.preset for one in losses))
    gone: Counter[tuple[str, str]] = Counter()
    hurt: dict[str, set[str]] = defaultdict(set)
    size: dict[str, dict[str, int]] = defaultdict(dict)
    for one in losses:
        for name, count in _shares(field, one):
            gone[name, one.preset] += count
            hurt[name] |= {one.text.id} if count else set()
            size["" if field == "rule" else name][one.text.id] = one.words
    rows: list[Row] = []
    for name, ids in hurt.items():
        words = sum(size.get(name, size[""]).values())
        million = {preset: MILLION * gone[name, preset] / max(1, words) for preset in presets}
        rows.append({field: name, "words": words, "documents_hurt": len(ids), **million})
    return sorted(rows, key=lambda row: [-row[preset] for preset in presets])


def _shares(field: str, one: Loss) -> list[tuple[str, int]]:
    """Return how many words of a text each rule took; words that no rule took were changed by repair."""
    if field != "rule":
        return [(getattr(one.text, field, field), one.lost)]
    by_rule = [(rule, count) for rule, count, *_ in one.lines]
    return [*by_rule, (NO_RULE, one.lost - sum(count for _, count in by_rule))]


def shown(losses: Sequence[Loss]) -> Iterator[str]:
    """Yield the lines that went, by preset and rule."""
    lines = ((one.preset, rule, one.text.id, line, left) for one in losses for rule, _, line, left in one.lines)
    for preset, rule, id, line, left in sorted(lines):
        yield f"{preset}  {rule}  {id}\n      - {line.strip()}" + (f"\n      > {left}" if left else "")


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
    figures = {field: rows_by(field, losses) for field in ("all", "genre", "lang", "rule")}
    for field, rows in figures.items():
        hurt = [row for row in rows if row["documents_hurt"]]
        print(f"\n## Words lost of a million: {field} ({len(rows) - len(hurt)} lose nothing)\n")
        print(*table(hurt, {name: _FORMATS[type(value)] for name, value in rows[0].items()}), sep="\n")
    if options.show:
        print("\n## The lines\n", *shown(losses), sep="\n")
    write_json(options.json, figures)
    return 0


_FORMATS = {str: "", int: ",", float: ",.1f"}


if __name__ == "__main__":
    sys.exit(main())
