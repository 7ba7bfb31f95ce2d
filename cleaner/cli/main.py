"""The command ``cleaner`` and its subcommands."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from cleaner.cli.commands import SUBCOMMANDS
from cleaner.cli.messages import complain, forget
from cleaner.model import CleanerError

FINE, WRONG, STOPPED = 0, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    with warnings.catch_warnings():
        warnings.showwarning = _tell
        return _run(sys.argv[1:] if arguments is None else list(arguments))


def _tell(message: Warning | str, *_: Any, **__: Any) -> None:
    complain(str(message))


def _run(given: Sequence[str]) -> int:
    name, rest = (given[0], given[1:]) if given[:1] and given[0] in SUBCOMMANDS else ("filter", given)
    try:
        try:
            status: int = import_module(f"cleaner.cli.{name}").main(rest)
        except SystemExit as leaving:  # argparse, after --help or wrong use
            status = leaving.code if isinstance(leaving.code, int) else FINE
        sys.stdout.flush()
        return status
    except CleanerError as error:
        complain(str(error))
        return WRONG
    except KeyboardInterrupt:
        forget(sys.stdout)
        return STOPPED
    except BrokenPipeError:
        forget(sys.stdout)
        return FINE
    except OSError as error:
        # Reading and writing files raises InputError, which names the file.
        if isinstance(error, FileNotFoundError) and not error.filename:
            complain("the working directory is gone; change to another one")
        else:
            place = os.fsdecode(error.filename) if error.filename else "standard output"
            complain(f"{place}: cannot be written: {error.strerror or error}; the output is incomplete")
        forget(sys.stdout)
        return WRONG


def run() -> None:
    """Run the command and leave with its exit status."""
    _open_streams()
    for stream in (sys.stdout, sys.stderr):
        # The stubs call these TextIO, which has no reconfigure; at run time they are TextIOWrapper.
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(main())


def _open_streams() -> None:
    """Replace standard streams that are closed.

    Otherwise the next file that is opened would get their number. Using a replacement fails, except that messages on standard
    error go nowhere.
    """
    ways: tuple[tuple[str, str, int], ...] = (
        ("stdin", "r", os.O_WRONLY),
        ("stdout", "w", os.O_RDONLY),
        ("stderr", "w", os.O_WRONLY),
    )
    for number, (name, mode, way) in enumerate(ways):
        if getattr(sys, name) is None:
            opened = os.open(os.devnull, way)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
            stream: Any = os.fdopen(number, mode)
            setattr(sys, name, stream)
