"""The summary of a run, as a table by family and rule."""

from __future__ import annotations

from cleaner.corpus.tally import Summary
from cleaner.sources.storage import needed


def print_summary(summary: Summary) -> None:
    """Print the counts of a run to standard output."""
    console = needed("rich.console").Console()
    if not console.is_terminal:
        console.width = 120
    table = needed("rich.table").Table(box=None, pad_edge=False)
    for heading, justify in (("family", "left"), ("rule", "left"), ("lines", "right"), ("characters", "right")):
        table.add_column(heading, justify=justify, no_wrap=True)
    about = summary.as_dict()
    for family, rules in about["families"].items():
        lines, characters = (sum(taken[key] for taken in rules.values()) for key in ("lines", "characters"))
        table.add_row(family, "", f"{lines:,}", f"{characters:,}", style="bold")
        for rule, taken in rules.items():
            table.add_row("", rule.split("/", 1)[-1], f"{taken['lines']:,}", f"{taken['characters']:,}")
    if about["families"]:
        console.print(table)
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
