"""The command ``cleaner`` and its subcommands."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

from cleaner.cli.messages import complain
from cleaner.model import CleanerError

FINE, WRONG = 0, 2
# Each has a module of its own here, imported when it is asked for; without one of them, the command is the filter.
_SUBCOMMANDS = ("rules", "learn", "corpus")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    name, rest = (given[0], given[1:]) if given[:1] and given[0] in _SUBCOMMANDS else ("filter", given)
    try:
        status: int = import_module(f"cleaner.cli.{name}").main(rest)
        return status
    except CleanerError as error:
        complain(str(error))
        return WRONG
    except BrokenPipeError:
        _forget_output()
        return FINE


def run() -> None:
    """Run the command and leave with its exit status."""
    for stream in (sys.stdout, sys.stderr):
        # The stubs call these TextIO, which has no reconfigure; at run time they are TextIOWrapper.
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    status = main()
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _forget_output()
    sys.exit(status)


def _forget_output() -> None:
    """Drop what is still buffered: its reader has gone, as `head` does, and nothing is wrong."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
