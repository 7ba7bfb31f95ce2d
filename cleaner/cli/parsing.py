"""Command lines read as argparse does, with the nearest word suggested for one that does not exist."""

from __future__ import annotations

import argparse
import difflib
import re
import sys
from collections.abc import Iterable
from typing import Any, NoReturn

from cleaner.cli.messages import printable

_UNKNOWN = re.compile(r"unrecognized arguments: (\S+)")
_CHOICE = re.compile(r"invalid choice: '?([^' ]+)'?")


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word that is most like another, "" if none is."""
    return next(iter(difflib.get_close_matches(word, list(known), n=1)), "")


class Parser(argparse.ArgumentParser):
    """A parser whose errors suggest what was meant, and whose help is written or fails."""

    def _print_message(self, message: str, file: Any = None) -> None:
        # argparse passes over what cannot be written.
        if file is sys.stdout:
            file.write(message)
        else:
            super()._print_message(message, file)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong on one line, and exit with 2."""
        meant = ""
        if match := _UNKNOWN.search(message):
            meant = nearest(match[1].split("=")[0], self._option_string_actions)
        elif match := _CHOICE.search(message):
            meant = nearest(match[1], [str(choice) for action in self._actions for choice in action.choices or ()])
        cure = f"did you mean {meant}?" if meant else f"`{self.prog} --help` shows what there is"
        self.exit(2, f"{self.prog}: {printable(f'{message}; {cure}')}\n")
