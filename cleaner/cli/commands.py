"""All commands: the module of each, and the script that lets a shell complete them."""

from __future__ import annotations

import argparse
from importlib import import_module
from typing import Any

from cleaner.cli.parsing import Parser
from cleaner.model import InputError

# Each subcommand is a module of this package, imported when it is needed; without one of them, the command is the filter.
SUBCOMMANDS = ("compare", "corpus", "explain", "learn", "report", "rules")
SHELLS = ("bash", "zsh", "tcsh")
_COMPLETED = {"FILE": "FILE", "INPUT": "FILE", "PATH": "FILE", "DIR": "DIRECTORY"}


def parser_of(command: str) -> Parser:
    """Return what reads the command line of a subcommand, or of ``filter``."""
    made: Parser = import_module(f"cleaner.cli.{command}").make_parser()
    return made


def completion(shell: str) -> str:
    """Return the script with which a shell completes ``cleaner``. Raises InputError if shtab is not installed."""
    try:
        import shtab
    except ImportError as error:
        raise InputError("completion needs shtab: pip install 'boilerplate-cleaner[completion]'") from error
    whole = parser_of("filter")
    ways = whole.add_subparsers(parser_class=_known)  # type: ignore[call-overload]  # any callable will do
    for name in SUBCOMMANDS:
        ways.add_parser(name, command=name, help=(parser_of(name).description or "").partition(".")[0])
    _name_files(whole, shtab)
    # The first word is a subcommand or a FILE.
    whole._actions.remove(ways)
    whole._actions.insert(0, ways)
    script: str = shtab.complete(whole, shell)
    # What begins no subcommand is a file.
    return script.replace("complete -o bashdefault -F", "complete -o bashdefault -o default -F")


def _known(command: str, **_: Any) -> Parser:
    return parser_of(command)


def _name_files(parser: argparse.ArgumentParser, shtab: Any) -> None:
    """Tell shtab which words are files and folders."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for each in action.choices.values():
                _name_files(each, shtab)
        elif isinstance(action.metavar, str) and action.metavar in _COMPLETED:
            action.complete = getattr(shtab, _COMPLETED[action.metavar])  # type: ignore[attr-defined]
