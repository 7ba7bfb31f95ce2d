"""``cleaner report``: documents of any form, and a page that shows what cleaning takes from them."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.cli.messages import printable
from cleaner.cli.options import add_options, cleaner_options
from cleaner.cli.parsing import Parser
from cleaner.cli.reading import Reader, add_reading_options
from cleaner.model import InputError, SettingsError
from cleaner.reporting.gathering import Gathering
from cleaner.reporting.page import page
from cleaner.reporting.pool import gather
from cleaner.reporting.run import TITLE, check_page, write_page
from cleaner.settings import find
from cleaner.sources.processes import cpus

_FINE, _SOME_FAILED = 0, 1


def make_parser() -> Parser:
    """Return what reads the command line."""
    parser = Parser(
        prog="cleaner report",
        description="Write a page (HTML) that shows what cleaning takes from documents: by rule, by line, and in each document. The "
        "documents stay as they are.",
        epilog="Exit status: 0 fine; 1 some documents could not be read; 2 wrong use or bad input.",
    )
    add_reading_options(parser)
    parser.add_argument("-o", "--output", default="report.html", metavar="FILE", help="the page (default: report.html)")
    parser.add_argument("--heading", default=TITLE, metavar="TEXT", help=f"the heading of the page (default: {TITLE})")
    parser.add_argument(
        "--workers", type=int, metavar="N", help="processes that clean side by side (default: all cores)"
    )
    add_options(parser)
    return parser


def main(arguments: Sequence[str]) -> int:
    """Run ``cleaner report`` and return its exit status: 1 if documents could not be read."""
    given = make_parser().parse_args(arguments)
    check_page(given.output)
    if given.workers is not None and given.workers < 1:
        raise SettingsError(f"--workers: {given.workers} cannot work; use 1 or more, or leave it out for all cores")
    _, settings = find(given.config)
    options = {name: value for name, value in cleaner_options(given, settings).items() if value is not None}
    reader = Reader(given, settings)
    gathered = Gathering()
    gather(reader.texts(), options, given.workers or cpus(), gathered)
    reader.end()
    if not gathered.counts.documents:
        raise InputError("there is no document to report on; nothing was written")
    write_page(given.output, page(gathered, given.heading, options))
    print(f"{printable(given.output)}: {said(gathered)}")
    return _SOME_FAILED if reader.failed else _FINE


def said(gathered: Gathering) -> str:
    """Return the sum of a report in one sentence."""
    counts = gathered.counts
    lines = counts.lines_gone + counts.trimmed
    noun = "line" if lines == 1 else "lines"
    documents = "document" if counts.documents == 1 else "documents"
    return f"{lines:,} {noun} in {counts.touched:,} of {counts.documents:,} {documents}"
