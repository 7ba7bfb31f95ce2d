"""The documents of a run that could not be cleaned, for people."""

from __future__ import annotations

import json

from cleaner.cli.messages import complain
from cleaner.sources.storage import exists, open_input

_NAMED = 5


def name_errors(path: str, failed: int) -> None:
    """Name the first documents that could not be cleaned, and the file that lists all of them."""
    if not failed or not exists(path):
        return
    with open_input(path) as file:
        for _, line in zip(range(min(_NAMED, failed)), file, strict=False):
            error = json.loads(line)
            complain(f"{error['file']}:{error['number']}: {error['error']}")
    if failed > _NAMED:
        complain(f"{failed - _NAMED:,} more documents failed; {path} lists them all")
