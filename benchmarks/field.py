"""Which field cases pass: short texts after bug reports, each with what a user expects?

    python benchmarks/field.py FILE... [--preset NAME] [--show] [--json FILE]

A case passes if the output is as expected, apart from newlines at the ends. Prints by file and genre the cases that pass, the
boilerplate lines (in the input, not expected) that are gone, and the real lines (in both) that are lost. Cases with an option
that the cleaner does not have are skipped and counted. ``--show`` prints a diff for each case that fails: ``-`` is expected.
"""

from __future__ import annotations

import difflib
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from inspect import signature
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs as a file, too

from benchmarks.corpora import Case, CorpusError, read_cases
from benchmarks.tables import Row, parser_of, table, write_json
from cleaner.cleaning import Cleaner, cleaner_for
from cleaner.model import PRESETS

DEFAULT_PRESET = "default"


class Result(NamedTuple):
    """The result of a case; ``output`` is None if it was skipped."""

    case: Case
    output: str | None
    junk: int = 0
    junk_gone: int = 0
    real_lost: int = 0

    @property
    def is_passed(self) -> bool:
        """Whether the output is as expected."""
        return self.output is not None and self.output.strip("\n") == self.case.expect.strip("\n")


def run(case: Case) -> Result:
    """Clean the input of a case with its options."""
    hints = {name: value for name, value in case.options.items() if _knows(Cleaner.clean, name)}
    settings = {name: value for name, value in case.options.items() if name not in hints}
    if not all(_knows(Cleaner, name) for name in settings):
        return Result(case, None)
    output = cleaner_for(settings).clean(case.input, **hints)
    given, expected, left = (_lines(text) for text in (case.input, case.expect, output))
    junk = given - expected
    return Result(case, output, junk.total(), (junk - (left - expected)).total(), (given & (expected - left)).total())


def _knows(function: Callable[..., object], name: str) -> bool:
    return name in signature(function).parameters


def _lines(text: str) -> Counter[str]:
    """Return the lines of a text that are not blank, without spaces around them."""
    return Counter(spaced for line in text.splitlines() if (spaced := " ".join(line.split())))


def rows(results: Iterable[Result], fields: Sequence[str]) -> Iterator[Row]:
    """Yield the results of the cases, grouped by some fields."""
    groups: dict[tuple[str, ...], list[Result]] = {}
    for one in results:
        values = {**one.case._asdict(), "preset": one.case.options.get("preset", DEFAULT_PRESET)}
        groups.setdefault(tuple(values[name] for name in fields), []).append(one)
    for key, own in sorted(groups.items()):
        yield dict(zip(fields, key, strict=True)) | {
            "cases": len(own),
            "passed": sum(one.is_passed for one in own),
            "skipped": sum(one.output is None for one in own),
            "junk_lines": sum(one.junk for one in own),
            "gone": sum(one.junk_gone for one in own),
            "real_lines_lost": sum(one.real_lost for one in own),
        }


def shown(result: Result) -> Iterator[str]:
    """Yield the diff of a case that fails."""
    case = result.case
    yield f"\n{case.file}: {case.id} ({case.genre}; {', '.join(f'{name} {value}' for name, value in case.options.items())})"
    yield f"  {case.why}"
    expected, output = case.expect.strip("\n").split("\n"), (result.output or "").strip("\n").split("\n")
    for line in difflib.ndiff(expected, output):
        if line[0] in "-+":
            yield f"  {line}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark and return the exit code: 2 for a file that cannot be used, else 0."""
    parser = parser_of(__doc__, "field")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="JSON lines: id, input, expect, options")
    parser.add_argument("--preset", choices=PRESETS, help="only the cases that ask for it")
    parser.add_argument("--show", action="store_true", help="print what differs")
    options = parser.parse_args(arguments)
    try:
        cases = [case for file in options.files for case in read_cases(file)]
    except CorpusError as error:
        print(error, file=sys.stderr)
        return 2
    wanted = [options.preset] if options.preset else PRESETS
    results = [run(case) for case in cases if case.options.get("preset", DEFAULT_PRESET) in wanted]
    figures = {"files": list(rows(results, ("file", "preset"))), "genres": list(rows(results, ("file", "genre")))}
    for name, found in figures.items():
        print(f"\n## Field cases: {name}\n")
        columns = {name: "" if isinstance(value, str) else "d" for name, value in found[0].items()}
        print(*table(found, columns), sep="\n")
    if options.show:
        failed = [one for one in results if one.output is not None and not one.is_passed]
        print(*(line for one in failed for line in shown(one)), sep="\n")
    write_json(options.json, figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
