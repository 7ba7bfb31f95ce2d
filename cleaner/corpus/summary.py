"""The summary of a run, as a table by family and rule."""

from __future__ import annotations

from cleaner.corpus.tally import Summary
from cleaner.sources.storage import needed

# Families that are named without --details, so that the summary fits a screen.
_FAMILIES = 14


def print_summary(summary: Summary, details: bool = False, option: str = "--details") -> None:
    """Print the counts of a run to standard output: those of families, and with ``details``, which ``option`` asks for, of every rule."""
    console = needed("rich.console").Console()
    if not console.is_terminal:
        console.width = 120
    table = needed("rich.table").Table(box=None, pad_edge=False)
    headings = ("family", *(["rule"] if details else []), "lines", "characters")
    for heading in headings:
        table.add_column(heading, justify="right" if heading in ("lines", "characters") else "left", no_wrap=True)
    families = summary.as_dict()["families"]
    sums = {
        family: tuple(sum(taken[key] for taken in rules.values()) for key in ("lines", "characters"))
        for family, rules in families.items()
    }
    ordered = sorted(sums, key=lambda family: (-sums[family][0], family))
    for family in ordered if details else ordered[:_FAMILIES]:
        lines, characters = (f"{count:,}" for count in sums[family])
        table.add_row(family, *([""] if details else []), lines, characters, style="bold" if details else None)
        for rule, taken in families[family].items() if details else ():
            table.add_row("", rule.split("/", 1)[-1], f"{taken['lines']:,}", f"{taken['characters']:,}")
    if families:
        console.print(table)
        if not details:
            more = len(ordered) - _FAMILIES
            said = f"and {more} more families; " if more > 0 else ""
            console.print(
                f"{said}{option} shows every rule, summary.json has them all",
                markup=False,
                highlight=False,
                style="dim",
            )
        console.print()
    resumed = f", {summary.resumed:,} of them by an earlier start" if summary.resumed else ""
    broken = f"; {len(summary.failures):,} could not be read" if summary.failures else ""
    for line in (
        f"{summary.files:,} files finished{resumed}{broken}",
        f"{summary.documents:,} documents: {summary.changed:,} changed, {summary.empty:,} without text now, "
        f"{summary.flagged:,} flagged, {summary.failed:,} failed",
        f"{summary.characters_before:,} characters, {summary.share_dropped:.2%} dropped",
    ):
        console.print(line, highlight=False, markup=False)
