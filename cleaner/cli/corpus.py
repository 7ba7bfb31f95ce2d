"""``cleaner corpus``: the options, the run, and the table at its end."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.cli.errors import name_errors
from cleaner.cli.messages import complain
from cleaner.cli.options import (
    add_engine_options,
    add_hint_fields,
    add_options,
    add_page_options,
    check_engine,
    cleaner_options,
    page_options,
)
from cleaner.cli.parsing import Parser
from cleaner.corpus.run import FLAGGED, FORMS, clean_files
from cleaner.corpus.summary import print_summary
from cleaner.learning.files import teach
from cleaner.model import HINTS
from cleaner.reporting.gathering import Gathering
from cleaner.reporting.page import page
from cleaner.reporting.run import TITLE, check_page, write_page
from cleaner.settings import find
from cleaner.sources.storage import StrictError, joined

_FINE, _SOME_FAILED, _STOPPED = 0, 1, 130


def make_parser() -> Parser:
    """Return what reads the command line."""
    parser = Parser(
        prog="cleaner corpus",
        description="Clean the documents in files of JSONL (.gz, .zst too) and Parquet, with all cores of this machine or on "
        "a Ray cluster. To resume a stopped run, give the same command again.",
        epilog="Exit status: 0 fine; 1 some documents or files could not be cleaned, and errors.jsonl in the output folder names "
        "them; 2 the run could not start or continue.",
    )
    parser.add_argument(
        "inputs", nargs="+", metavar="INPUT", help="files, folders and globs, on a disk or in an object store (s3://…)"
    )
    parser.add_argument(
        "--out",
        required=True,
        metavar="DIR",
        help="the output folder: one file for each input file, with the same name",
    )
    parser.add_argument(
        "--field",
        default="text",
        metavar="NAME",
        help="the field that holds the text; a.b goes into an object (default: text)",
    )
    parser.add_argument(
        "--id-field", metavar="NAME", help="the field that holds a document's id, for findings and errors"
    )
    parser.add_argument(
        "--url-field",
        metavar="NAME",
        help="the field that holds its URL, for findings and errors, and for rules that belong to a site",
    )
    add_hint_fields(parser)
    parser.add_argument(
        "--html-field",
        metavar="NAME",
        help="the field that holds the page of a document: the text is extracted from it, and its clean form written to the --field; "
        "needs the extra `html`",
    )
    add_page_options(parser)
    parser.add_argument(
        "--site-field",
        metavar="NAME",
        help="the field that holds its site, for rules that belong to a site, if it is not the URL's host",
    )
    parser.add_argument(
        "--learn",
        action="store_true",
        help="learn first what each site repeats on its pages, and drop that, too; the rules go to DIR/learned.toml, a page to review "
        "them to DIR/learned.html; a document tells its site by --url-field or --site-field (default: url and site, if "
        "there are any)",
    )
    parser.add_argument("--to", choices=FORMS, help="the format of the output (default: the input's)")
    parser.add_argument("--findings", action="store_true", help="also write the findings, one per line or row")
    parser.add_argument(
        "--report", metavar="FILE", help="also write a page (HTML) that shows what went; needs the extra `report`"
    )
    parser.add_argument("--drop-empty", action="store_true", help="leave out documents that have no text left")
    parser.add_argument(
        "--flagged",
        choices=FLAGGED,
        default="keep",
        help="what to do with documents that were kept whole: leave them with the others, or write them to a folder",
    )
    parser.add_argument("--details", action="store_true", help="print what each rule took, not only each family")
    parser.add_argument("--strict", action="store_true", help="stop at the first document that cannot be cleaned")
    parser.add_argument(
        "--restart", action="store_true", help="start over, and remove what an earlier run wrote to DIR"
    )
    parser.add_argument(
        "--workers", type=int, metavar="N", help="processes that clean side by side (default: all cores)"
    )
    add_engine_options(parser)
    add_options(parser)
    return parser


def main(arguments: Sequence[str]) -> int:
    """Run ``cleaner corpus`` and return its exit status: 1 if documents or files could not be cleaned."""
    given = make_parser().parse_args(arguments)
    check_engine(given)
    _, settings = find(given.config)
    if given.report:
        check_page(given.report)
    gathered = Gathering() if given.report else None
    options = cleaner_options(given, settings)
    try:
        summary = clean_files(
            given.inputs,
            given.out,
            field=given.field,
            id_field=given.id_field,
            url_field=given.url_field,
            **{f"{name}_field": getattr(given, f"{name}_field") for name in HINTS},
            html_field=given.html_field,
            site_field=given.site_field,
            to=given.to,
            findings=given.findings,
            drop_empty=given.drop_empty,
            flagged=given.flagged,
            strict=given.strict,
            restart=given.restart,
            engine=given.engine,
            workers=given.workers,
            address=given.address,
            progress=True,
            observer=gathered,
            learn=teach if given.learn else None,
            **page_options(given),
            **options,
        )
    except StrictError as error:
        complain(str(error))
        return _SOME_FAILED
    except KeyboardInterrupt:
        complain("stopped; give the same command again to resume")
        return _STOPPED
    print_summary(summary, given.details)
    if gathered is not None:
        write_page(given.report, page(gathered, TITLE, options))
    if not summary.failed and not summary.failures:
        return _FINE
    name_errors(joined(given.out, "errors.jsonl"), summary.failed)
    return _SOME_FAILED
