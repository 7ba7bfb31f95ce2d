"""The command lines of the benchmarks, their tables for people, and their figures for programs."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

Row = dict[str, Any]
CUT = 110  # characters of a line in a list of many
_PACKAGES = ("boilerplate-cleaner", "regex", "ftfy", "datatrove")


def parser_of(doc: str | None, name: str) -> argparse.ArgumentParser:
    """Return a parser with the description of a benchmark and the options that all have."""
    parser = argparse.ArgumentParser(prog=f"benchmarks/{name}.py", description=(doc or "").split("\n\n")[0])
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure to FILE")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="processes (default: %(default)s)")
    return parser


def named(names: str) -> list[str]:
    """Return the names in a comma-separated list."""
    return [name for name in names.split(",") if name]


def table(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> Iterator[str]:
    """Yield an aligned table of rows; ``columns`` maps the fields of a row to the formats of their values ("" for texts).

    A column of texts is aligned to the left, any other to the right; None is shown as "-".
    """
    cells = [[name.replace("_", " ") for name in columns]]
    cells += [["-" if row[name] is None else format(row[name], form) for name, form in columns.items()] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for line in (cells[0], ["-" * width for width in widths], *cells[1:]):
        fitted = zip(line, widths, columns.values(), strict=True)
        yield "  ".join(text.rjust(width) if form else text.ljust(width) for text, width, form in fitted).rstrip()


def cut(text: str) -> str:
    """Return ``text`` on one line, in at most CUT characters."""
    text = " ".join(text.split())
    return text if len(text) <= CUT else text[: CUT - 1] + "…"


def write_json(path: Path | None, figures: Mapping[str, Any]) -> None:
    """Write figures to a file, if one is named, with the versions of the packages that they depend on."""
    if path is not None:
        content = json.dumps({"versions": versions(), **figures}, ensure_ascii=False, indent=1)
        path.write_text(content + "\n", encoding="utf-8")


def versions() -> dict[str, str]:
    """Return the versions of the packages that figures depend on."""
    installed = {found.metadata["Name"]: found.version for found in metadata.distributions()}
    return {name: installed[name] for name in _PACKAGES if name in installed}
