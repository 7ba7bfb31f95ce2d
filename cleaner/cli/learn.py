"""``cleaner learn``: write the lines that sites repeat as a rule file, with a summary and a page for review."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Sequence

from cleaner.atomic import remove_leftovers, write_atomically
from cleaner.cli.messages import complain, printable
from cleaner.cli.options import add_engine_options, check_engine
from cleaner.cli.parsing import Parser
from cleaner.learning.files import Reading, judged_files
from cleaner.learning.review import Review
from cleaner.learning.run import (
    SiteSummary,
    check_folder,
    check_min_pages,
    check_output,
    gathered,
    rules_by_site,
    text_of,
)
from cleaner.learning.site import How
from cleaner.learning.support import LEAST
from cleaner.model import SettingsError
from cleaner.sources.inputs import Fields, find_sources
from cleaner.sources.storage import check_installed, needed
from cleaner.text.hosts import ANY_SITE

_FINE, _NOTHING, _STOPPED = 0, 1, 130
_SITES_SHOWN = 30


def make_parser() -> Parser:
    """Return what reads the command line."""
    parser = Parser(
        prog="cleaner learn",
        description="Learn what each site repeats on its pages, and write it as a rule file to read, keep and apply with --rules.",
        epilog="Exit status: 0 fine; 1 nothing was learned; 2 wrong use or bad input.",
    )
    parser.add_argument(
        "inputs",
        nargs="+",
        metavar="INPUT",
        help="files, folders and globs of JSONL (.gz, .zst too) and Parquet, on a disk or in an object store",
    )
    parser.add_argument(
        "-o",
        "--output",
        required=True,
        metavar="FILE",
        help="the rule file; if it exists, its `drop` and `keep` lists and its comments are kept",
    )
    parser.add_argument(
        "--review", metavar="FILE", help="also write a page (HTML) that shows each line in its contexts"
    )
    parser.add_argument(
        "--field",
        default="text",
        metavar="NAME",
        help="the field that holds the text; a.b goes into an object (default: text)",
    )
    parser.add_argument(
        "--url-field",
        metavar="NAME",
        help="the field that holds its URL, whose host is the site (default: url, if there is one)",
    )
    parser.add_argument(
        "--site-field",
        metavar="NAME",
        help="the field that holds its site, if it is not the URL's host (default: site, if there is one)",
    )
    parser.add_argument(
        "--id-field",
        metavar="NAME",
        help="the field that holds its id (default: id, if there is one, else file and number)",
    )
    parser.add_argument(
        "--min-pages",
        type=int,
        default=LEAST,
        metavar="N",
        help=f"the least number of different pages of a site that a line must be on (default: {LEAST})",
    )
    parser.add_argument(
        "--workers", type=int, metavar="N", help="processes that judge sites side by side (default: all cores)"
    )
    add_engine_options(parser)
    return parser


def main(arguments: Sequence[str]) -> int:
    """Run ``cleaner learn`` and return its exit status: 1 if nothing was learned."""
    given = make_parser().parse_args(arguments)
    # Errors show now, not after the hours that a large corpus takes.
    check_output(given.output)
    if given.review:
        check_folder(given.review)
    check_engine(given)
    check_installed()
    if given.workers is not None and given.workers < 1:
        raise SettingsError(f"--workers: {given.workers} cannot work; use 1 or more, or leave it out for all cores")
    check_min_pages(given.min_pages)
    review = Review() if given.review else None
    before = rules_by_site(given.output)
    unreadable: dict[str, str] = {}
    sources = find_sources(given.inputs, unreadable=unreadable)
    for said in unreadable.values():
        complain(f"{said}; passed over")
    fields = Fields(given.field, id=given.id_field, url=given.url_field, site=given.site_field)
    reading = Reading(sources, fields.with_usual("id", "url", "site"), given.engine, given.workers, given.address)
    try:
        with judged_files(reading, before, How(given.min_pages, with_pages=bool(given.review))) as (skipped, results):
            learned = gathered(results, before, review.add if review else None, text_of(given.output))
    except KeyboardInterrupt:
        complain("stopped; nothing was written")
        return _STOPPED
    _print_summary(learned.sites, skipped)
    if review is not None:
        remove_leftovers(os.path.dirname(os.path.realpath(given.review)))
        write_atomically(given.review, review.text.encode("utf-8", "replace"))
    if not learned.rules:
        print("nothing was learned: it takes three different pages of a site that have lines in common")
        return _NOTHING
    learned.write(given.output)
    named = printable(shlex.quote(given.output))
    print(f"{len(learned.rules):,} rules in {named}; apply them with: cleaner --rules {named} --url URL FILE")
    return _FINE


def _print_summary(sites: Iterable[SiteSummary], skipped: int) -> None:
    escape = needed("rich.markup").escape
    found = sorted(sites, key=lambda site: (-site.pages, site.site))
    table = needed("rich.table").Table(
        "site", "pages", "copies", "lines", "that vary", "lists", "doubtful", "rule", box=None, pad_edge=False
    )
    for column in table.columns[1:7]:
        column.justify = "right"
    for site in found[:_SITES_SHOWN]:
        counts = (site.pages, site.copies, site.lines, site.frames, site.lists, site.doubtful)
        name = "(every document)" if site.site == ANY_SITE else escape(printable(site.site))
        table.add_row(name, *(f"{count:,}" for count in counts), "yes" if site.has_rule else "no")
    console = needed("rich.console").Console()
    if not console.is_terminal:
        console.width = 120
    console.print(table)
    if len(found) > _SITES_SHOWN:
        console.print(f"and {len(found) - _SITES_SHOWN:,} more sites")
    if skipped:
        console.print(f"{skipped:,} documents could not be read and were passed over")
