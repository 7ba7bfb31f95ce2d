"""One text as notebooks show it."""

from __future__ import annotations

from cleaner.model import CleanerError, Explanation
from cleaner.reporting.drawing import rows_of, stretches
from cleaner.reporting.hues import hues
from cleaner.templates.rendering import render


def shown(explained: Explanation) -> str | None:
    """Return a piece of HTML that shows a text and what went; None if Jinja is missing."""
    rows = rows_of(explained)
    taken = [row for row in rows if row.is_taken]
    try:
        return render(
            "notebook.html.j2",
            stretches=list(stretches(rows)),
            hues=hues(row.family for row in taken),
            taken=taken,
            total=len(rows),
            is_flagged=explained.flagged,
        )
    except CleanerError:
        return None
