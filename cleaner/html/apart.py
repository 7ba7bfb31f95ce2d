"""Extracts one page in a process of its own: ``python -m cleaner.html.apart``, with JSON as input and output."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from cleaner.html.limits import limit_this_process
from cleaner.html.reading import extract_here
from cleaner.model import CleanerError


def main() -> None:
    """Read a page from standard input, and write its text, or what is wrong with it."""
    limit_this_process()
    given: dict[str, Any] = json.load(sys.stdin)
    # What packages print must not get into the answer.
    answer, sys.stdout = os.fdopen(os.dup(1), "w", encoding="utf-8"), sys.stderr
    try:
        text, known = extract_here(given["page"], given["url"], given["options"], "")
        found: dict[str, Any] = {"text": text, "known": known}
    except CleanerError as error:
        found = {"error": str(error).removeprefix(": ")}
    with answer:
        json.dump(found, answer)


if __name__ == "__main__":
    main()
