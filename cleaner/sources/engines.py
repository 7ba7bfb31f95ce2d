"""Who does the work of a command: this machine, or a Ray cluster."""

from __future__ import annotations

import argparse

from cleaner.model import InputError

ENGINES = ("local", "ray")


def add_engine_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that choose the engine."""
    parser.add_argument("--engine", choices=ENGINES, default="local", help="who runs it (default: local)")
    parser.add_argument("--address", metavar="ADDR", help="where the Ray cluster is, such as auto or ray://head:10001")


def check_engine(given: argparse.Namespace) -> None:
    """Raise InputError for an address without the engine that it is for."""
    if given.address and given.engine != "ray":
        raise InputError("--address is where a Ray cluster is; it goes with --engine ray")
