"""``cleaner FILE ...``: a filter, a fixer of files, and a check."""

from __future__ import annotations

import argparse
import difflib
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cleaner.atomic import remove_leftovers, write_atomically
from cleaner.cleaning import Cleaner
from cleaner.cli.baseline import Baseline
from cleaner.cli.commands import SHELLS, SUBCOMMANDS, completion
from cleaner.cli.files import (
    Source,
    check_encoding,
    decode,
    encode,
    name_of,
    read_bytes,
    read_lines,
    state_to_rewrite,
)
from cleaner.cli.findings import FORMATS, Place, Teller, Told, is_whitespace, teller
from cleaner.cli.forms import NoProseError, check_bytes, check_layout, check_running, check_text, check_unpacked
from cleaner.cli.messages import complain, printable
from cleaner.cli.options import (
    add_hint_fields,
    add_hints,
    add_options,
    add_page_options,
    cleaner_options,
    hints_given,
    page_options,
    settings_text,
)
from cleaner.cli.parsing import Parser, nearest
from cleaner.cli.terminal import is_coloured, paint
from cleaner.model import HINTS, NORMALIZE, CleanerError, Explanation, InputError
from cleaner.reporting.drawing import pieces
from cleaner.settings import find
from cleaner.sources.documents import Document, hints
from cleaner.sources.jsonlines import field_span, read_value, replace_field, value_of

FINE, FOUND, WRONG = 0, 1, 2
# In place, a file that would lose more than this share of its words stays as it is, unless --max-drop says otherwise.
_MOST_IN_PLACE = 0.5
# At most this many lines of a file that cannot be cleaned are named.
_NAMED = 5


def make_parser() -> Parser:
    """Return what reads the command line."""
    parser = Parser(
        prog="cleaner",
        description="Take the boilerplate out of text, and repair its encoding and whitespace.",
        epilog="`cleaner rules` lists the rules, `cleaner corpus` cleans folders of JSONL and Parquet, "
        "`cleaner learn` learns what a site repeats; "
        "each says more with --help. "
        "Settings come from [tool.cleaner] in the nearest pyproject.toml or from cleaner.toml, and options win. Exit status: 0 "
        "fine, 1 found or changed where asked for, 2 wrong use or bad input.",
    )
    parser.add_argument("files", nargs="*", metavar="FILE", help="files to clean; - or none: standard input")
    how = parser.add_mutually_exclusive_group()
    how.add_argument(
        "-i",
        "--in-place",
        action="store_true",
        help="rewrite the files; owner, mode, newline style and final newline stay, and unless you say otherwise a file that would lose "
        "more than half of its words is left as it is",
    )
    how.add_argument(
        "--check",
        action="store_true",
        help="write nothing; print path:line: rule: text for each finding, and their number; exit 1 if there is one",
    )
    how.add_argument("--diff", action="store_true", help="print a unified diff, coloured on a terminal")
    parser.add_argument("--explain", action="store_true", help="print the findings to standard error beside the output")
    parser.add_argument(
        "--format",
        choices=FORMATS,
        default="text",
        help="the form of findings: text for people, json (one list), jsonl (one per line), github (annotations), sarif (default: text)",
    )
    parser.add_argument(
        "--repairs",
        action="store_true",
        help="list lines in which only whitespace is repaired, too, instead of counting them",
    )
    parser.add_argument(
        "--statistics", action="store_true", help="print how many lines each rule takes, instead of the lines"
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="print no findings, only errors")
    parser.add_argument("--out", metavar="DIR", help="write each clean text to DIR, under the name of its file")
    parser.add_argument("--exit-code", action="store_true", help="with --diff: exit 1 if there is a difference")
    parser.add_argument(
        "--write-baseline", metavar="FILE", help="with --check: write the findings to FILE, as known ones, and exit 0"
    )
    parser.add_argument(
        "--baseline", metavar="FILE", help="with --check: findings that FILE knows are not reported again"
    )
    parser.add_argument(
        "--report", metavar="FILE", help="also write a page (HTML) that shows what goes; needs the extra `report`"
    )
    parser.add_argument("--fail-on-change", action="store_true", help="with --in-place: exit 1 when a file changed")
    parser.add_argument(
        "--only-scraped",
        action="store_true",
        help="leave files alone that do not look like scraped text: pages, tables and code, which are an error otherwise; files with "
        "tabs in columns or most lines indented; files in which less than three quarters of what stays are sentences on one line; and, "
        "without a message, files in which no rule takes a line. With --whitespace, only pages, tables and code are left alone",
    )
    add_options(parser)
    add_hints(parser)
    parser.add_argument("--site-field", metavar="FIELD", help="with --jsonl: the field that holds a document's site")
    parser.add_argument("--url-field", metavar="FIELD", help="with --jsonl: the field that holds its URL")
    add_hint_fields(parser)
    parser.add_argument(
        "--html",
        action="store_true",
        help="the inputs are pages, or with --out also folders of pages (.html, .html.gz, .html.zst) and WARC archives, which are cleaned "
        "with all cores; a stopped run continues with the same command. Findings are of the extracted text; needs the extra `html`",
    )
    add_page_options(parser)
    parser.add_argument(
        "--keep-source",
        metavar="DIR",
        help="with --html: also write the extracted texts, to which findings refer, to DIR",
    )
    parser.add_argument(
        "--workers", type=int, metavar="N", help="with --html and --out: processes (default: all cores)"
    )
    parser.add_argument(
        "--restart",
        action="store_true",
        help="with --html and --out: start over, and remove what an earlier run wrote to DIR",
    )
    parser.add_argument(
        "--jsonl", metavar="FIELD", help="one JSON document per line: clean FIELD, leave the rest of the line untouched"
    )
    parser.add_argument("--encoding", metavar="NAME", help="the encoding of the input (default: utf-8)")
    parser.add_argument(
        "--errors",
        choices=("strict", "replace", "ignore"),
        help="what to do with bytes that do not decode (default: strict)",
    )
    parser.add_argument(
        "--show-settings",
        action="store_true",
        help="print the settings in use and where each is from, and do nothing else",
    )
    parser.add_argument("--version", action=_Version, help="print the version and a digest of the rules, and exit")
    parser.add_argument(
        "--print-completion",
        choices=SHELLS,
        action=_Completion,
        help="print what lets a shell complete this command, and exit; needs the extra `completion`",
    )
    return parser


class _Completion(argparse.Action):
    """Prints the script for a shell."""

    def __init__(self, option_strings: Sequence[str], dest: str, **more: Any) -> None:
        super().__init__(option_strings, argparse.SUPPRESS, **more)

    def __call__(self, parser: argparse.ArgumentParser, _: Any, shell: Any, *__: Any) -> None:
        print(completion(shell))
        parser.exit()


class _Version(argparse.Action):
    """Prints the version and the rules' digest, which is computed only if someone asks."""

    def __init__(self, option_strings: Sequence[str], dest: str, help: str | None = None) -> None:
        super().__init__(option_strings, argparse.SUPPRESS, nargs=0, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from cleaner.rules.loading import identity

        print(f"{parser.prog} {identity()}")
        parser.exit()


class _Job:
    """One call of the command: its options joined with the settings, and the exit status so far."""

    def __init__(self, options: Any) -> None:
        path, settings = find(options.config)
        self.options: Any = options
        self.status = FINE
        self.encoding: str = options.encoding or settings.get("encoding", "utf-8")
        self.errors: str = options.errors or settings.get("errors", "strict")
        chosen = cleaner_options(options, settings)
        # Whoever sets --whitespace knows the files.
        self.is_careful = options.only_scraped and chosen["whitespace"] is None
        if options.in_place and chosen["max_drop"] is None:
            chosen["max_drop"] = _MOST_IN_PLACE
        self.chosen = chosen
        self.settings = path, settings
        self.told = Told()
        # Where findings go: they are the output, or beside it.
        self.stream = sys.stdout if options.check else sys.stderr
        self.teller: Teller | None = None
        if (options.check or options.explain) and not options.quiet and not options.statistics:
            self.teller = teller(options.format, self.stream, options.repairs, chosen["rules"])
        self.cleaner: Cleaner = Cleaner(**chosen)
        self.baseline: Baseline | None = None
        if options.baseline or options.write_baseline:
            if not options.check or (options.baseline and options.write_baseline):
                raise InputError(
                    "a baseline goes with --check; either --write-baseline writes it, or --baseline reads it"
                )
            self.baseline = Baseline(options.baseline or options.write_baseline, bool(options.baseline))
        self.gathered = None
        if options.report:
            from cleaner.reporting.gathering import Gathering
            from cleaner.reporting.run import check_page

            check_page(options.report)
            self.gathered = Gathering()
        self.has_put = False
        # Folders already cleared of what killed runs left in them.
        self.tidied: set[str] = set()

    # --- shared by all modes ---

    def explain(self, text: str, known: Mapping[str, Any]) -> Explanation:
        return self.cleaner.explain(text, **{**known, **hints_given(self.options)})

    def tell(self, place: Place, explained: Explanation) -> None:
        """Print each line that changes and what becomes of it."""
        if self.teller is not None:
            self.teller.tell(place, explained)

    def refuse(self, name: str, left: str) -> None:
        """Report that a text would have lost too much."""
        share = self.cleaner.max_drop
        most = "everything" if share is None else f"more than {share:.0%} of its words"
        cure = "--explain shows what" if share is None else "--explain shows what, --max-drop raises the limit"
        complain(f"{name}: {left}: {most}, or all of its running text, would go; {cure}")

    def gather(self, name: str, explained: Explanation, url: str | None = None) -> None:
        """Add a document to the report, if there is one."""
        if self.gathered is not None:
            self.gathered.add(name, explained, self.options.url or url or "")

    def write_report(self) -> None:
        if self.gathered is not None:
            from cleaner.reporting.page import page
            from cleaner.reporting.run import TITLE, write_page

            write_page(self.options.report, page(self.gathered, TITLE, self.chosen))

    def found(self) -> None:
        self.status = max(self.status, FOUND)

    # --- the modes ---

    def run(self) -> int:
        options = self.options
        if options.show_settings:
            print(settings_text(options, self.settings, self.chosen), end="")
            return FINE
        paths = options.files or ["-"]
        if "-" in paths and sys.stdin.isatty():
            complain("reading text from the terminal; Ctrl-D ends it, `cleaner --help` shows what else there is")
        if options.in_place and "-" in paths:
            raise InputError(
                "--in-place needs files to rewrite; name them, or leave the option out to filter standard input"
            )
        if options.html and (options.in_place or options.jsonl):
            raise InputError("--html turns a page into text; it does not go with --in-place or --jsonl")
        if not options.html and (page_options(options) or options.keep_source):
            raise InputError("--extractor, --markdown and the like are about pages; they go with --html")
        if options.only_scraped and not (options.in_place or options.check or options.diff):
            raise InputError("--only-scraped leaves files alone; it goes with --in-place, --check or --diff")
        if not options.jsonl and any(self.fields.values()):
            raise InputError("--title-field and its like name fields of JSON; they go with --jsonl")
        if options.html:
            # Who cleans texts does not wait for what reads pages.
            from cleaner.cli.pages import are_many, page_files

            if options.out and are_many(paths):
                self.status = self.clean_pages(paths)
                return self.status
            paths = page_files(paths, has_output=bool(options.check or options.diff))
        if options.out:
            self.check_out(paths)
        if options.exit_code and not options.diff:
            raise InputError("--exit-code is about differences; it goes with --diff")
        if options.jsonl and options.diff:
            raise InputError("--diff is for texts; with --jsonl use --check or --explain")
        way = self.lines_of_json if options.jsonl else self.whole_text
        for path in paths:
            try:
                way(path)
            except NoProseError as error:
                complain(f"{error}; left as it is" if options.only_scraped else str(error))
                if not options.only_scraped:
                    self.status = WRONG
            except CleanerError as error:
                complain(f"{error}{_meant(path)}")
                self.status = WRONG
        self.end()
        return self.status

    def clean_pages(self, paths: Sequence[str]) -> int:
        """Clean folders of pages into a folder of texts."""
        from cleaner.cli.pages import run_pages

        options = self.options
        if options.check or options.diff or options.explain or options.baseline:
            raise InputError("--out writes clean texts; it does not go with --check, --diff or --explain")
        if options.encoding or options.errors:
            raise InputError(
                "--encoding and --errors are about one page; leave them out, each page declares its encoding"
            )
        if given := [name for name in hints_given(options) if name != "site"]:
            raise InputError(
                f"--{given[0].replace('_', '-')} is about one page; leave it out, each page says it of itself"
            )
        return run_pages(paths, options, self.chosen, self.gathered, self.write_report)

    def end(self) -> None:
        """Print what comes after all documents: the last line, the statistics; and write the report."""
        options = self.options
        self.write_report()
        if self.baseline is not None and options.write_baseline:
            count = self.baseline.write()
            findings = "1 finding is" if count == 1 else f"{count:,} findings are"
            print(f"{printable(options.write_baseline)}: {findings} known now", file=sys.stderr)
            return
        if self.teller is not None:
            self.teller.end()
        if options.quiet or not (options.check or options.diff or options.explain or options.statistics):
            return
        if options.statistics:
            rows = self.told.statistics()
            if options.format != "text":
                print(json.dumps([{"rule": rule, "lines": count} for rule, count in rows]), file=self.stream)
                return
            places = max([len(f"{count:,}") for _, count in rows], default=0)
            for rule, count in rows:
                print(f"{count:>{places},}  {rule}", file=self.stream)
        if (
            options.html
            and not options.keep_source
            and options.format == "text"
            and self.told.rules
            and not options.diff
        ):
            sys.stdout.flush()
            complain("the lines are those of the extracted texts; --keep-source DIR writes these")
        has_changes = bool(self.told.rules or self.told.whitespace or self.told.characters)
        if options.format == "text" and (has_changes or sys.stderr.isatty()):
            sys.stdout.flush()
            noun = "document" if options.jsonl else "file"
            print(self.told.said(not (options.check or options.diff), noun), file=sys.stderr)

    def check_out(self, paths: Sequence[str]) -> None:
        """Raise InputError if the files cannot be written to DIR."""
        options = self.options
        if options.in_place or options.check or options.diff or options.jsonl:
            raise InputError("--out writes clean texts; it does not go with --in-place, --check, --diff or --jsonl")
        names: dict[str, str] = {}
        for path in paths:
            name = self.output_name(path)
            if name in names:
                raise InputError(
                    f"{path}: would be written to the same place as {names[name]}; clean them into two folders"
                )
            names[name] = path
            if os.path.realpath(path) == os.path.realpath(os.path.join(options.out, name)):
                raise InputError(f"{path}: is in the folder {options.out}; name another one, or use --in-place")
        try:
            os.makedirs(options.out, exist_ok=True)
        except OSError as error:
            raise InputError(f"{options.out}: cannot be made: {error.strerror}") from error

    def whole_text(self, path: str) -> None:
        options = self.options
        before = state_to_rewrite(path) if options.in_place else None
        name, content = name_of(path), read_bytes(path)
        known: dict[str, Any] = {}
        if options.html:
            from cleaner.cli.pages import named_page
            from cleaner.sources.pages import unpacked

            content = unpacked(content, name)
            # Unless another encoding was asked for, the page itself declares its encoding.
            page = content if self.encoding == "utf-8" else decode(content, name, self.encoding, self.errors).text
            text, known = named_page(name, page, options.url, page_options(options))
            source = decode(text.encode("utf-8", "replace"), name)
            if options.keep_source:
                path = self.keep_source(path, text)
                name = path
        else:
            check_bytes(name, content)
            source = decode(content, name, self.encoding, self.errors)
            check_text(name, source.text)
            if self.is_careful:
                check_layout(name, source.text)
        explained = self.explain(source.text, known)
        if self.is_careful and not explained.flagged:
            if not explained.taken:
                return
            check_running(name, explained.text)
        self.gather(name, explained, known.get("url"))
        explained = self.unknown(path, explained)
        self.told.count(explained)
        if options.explain and not options.check:
            self.tell(Place(name), explained)
        if options.check:
            self.check(Place(name), explained)
        elif options.diff:
            self.diff(name, source.text, explained)
        elif before is not None:
            self.rewrite(path, before, content, source, explained)
        else:
            if explained.flagged:
                self.refuse(name, "only normalized")
            self.put(path, name, explained.text)

    def put(self, path: str, name: str, text: str) -> None:
        """Write a clean text: to its place in DIR, or to standard output, below a heading if there are several."""
        content = text.encode("utf-8", "replace") + b"\n" if text else b""
        if self.options.out:
            self.tidy(os.path.realpath(self.options.out))
            write_atomically(os.path.join(self.options.out, self.output_name(path)), content)
            return
        if len(self.options.files) > 1:
            # As head and tail do.
            above = "\n" if self.has_put else ""
            _print(f"{above}==> {printable(name)} <==")
            self.has_put = True
        sys.stdout.buffer.write(content)

    def output_name(self, path: str) -> str:
        """Return the name that a text has in DIR."""
        if path == "-":
            return "stdin.txt"
        name = os.path.basename(path)
        return self.text_name(name) if self.options.html and not self.options.keep_source else name

    def text_name(self, name: str) -> str:
        """Return the name of the text of a page."""
        from cleaner.sources.inputs import HTML, form_of, renamed

        form = "md" if self.options.markdown else "txt"
        return renamed(name, form) if form_of(name, of_pages=True) == HTML else f"{name}.{form}"

    def keep_source(self, path: str, text: str) -> str:
        """Write the text of a page to the folder for such texts, and return its path."""
        folder = self.options.keep_source
        name = "stdin.txt" if path == "-" else self.text_name(os.path.relpath(path).replace(f"..{os.sep}", ""))
        kept = os.path.join(folder, name)
        try:
            os.makedirs(os.path.dirname(kept), exist_ok=True)
        except OSError as error:
            raise InputError(f"{folder}: cannot be made: {error.strerror}") from error
        write_atomically(kept, text.encode("utf-8", "replace") + b"\n")
        return kept

    def unknown(self, path: str, explained: Explanation) -> Explanation:
        """Return what cleaning made of a document without the findings that a baseline knows; one that is written knows all."""
        if self.baseline is None or explained.flagged:
            return explained
        if self.options.write_baseline:
            self.baseline.add(path, explained)
            return explained._replace(findings=())
        return self.baseline.new(path, explained)

    def check(self, place: Place, explained: Explanation) -> None:
        """Print what cleaning would change, line by line."""
        if explained.flagged:
            self.refuse(str(place), "would be left as it is")
        elif explained.findings:
            self.tell(place, explained)
            self.found()

    def diff(self, name: str, before: str, explained: Explanation) -> None:
        """Print a unified diff; on a terminal in colour, with what changes inside a line marked."""
        lines = list(
            difflib.unified_diff(
                before.splitlines(), explained.text.splitlines(), f"a/{name}", f"b/{name}", lineterm=""
            )
        )
        if lines and self.options.exit_code:
            self.found()
        if self.options.quiet:
            return
        for line in _painted(lines, explained) if is_coloured(sys.stdout) else map(printable, lines):
            _print(line)

    def rewrite(
        self, path: str, before: os.stat_result, content: bytes, source: Source, explained: Explanation
    ) -> None:
        if explained.flagged:
            self.refuse(path, "left as it is")
            return
        cleaned = encode(source, explained.text, path)
        if cleaned != content:
            self.write(path, before, cleaned)
            if self.options.fail_on_change:
                complain(f"{path}: {_changes(explained)}")
                self.found()

    def write(self, path: str, before: os.stat_result, content: bytes) -> None:
        """Rewrite a file unless it has changed since it was read."""
        self.tidy(os.path.dirname(os.path.realpath(path)))
        write_atomically(path, content, before)
        if before.st_nlink > 1:
            complain(f"{path}: rewritten; its other names (hard links: {before.st_nlink - 1}) still have the old text")

    def tidy(self, folder: str) -> None:
        """Clear a folder, once, of what killed runs left in it."""
        if folder not in self.tidied:
            remove_leftovers(folder)
            self.tidied.add(folder)

    # --- JSON lines ---

    def lines_of_json(self, path: str) -> None:
        """Clean the documents of a file one by one; a line that cannot be cleaned is named and left out."""
        options = self.options
        before = state_to_rewrite(path) if options.in_place else None
        name = name_of(path)
        check_encoding(name, self.encoding)
        written: list[bytes] = []
        count = changed = faults = 0
        for number, raw in enumerate(read_lines(path), 1):
            if number == 1:
                check_unpacked(name, raw, is_corpus=True)
            try:
                line = self.cleaned_line(raw, name, number)
            except CleanerError as error:
                faults += 1
                if faults <= _NAMED:
                    complain(str(error))
                continue
            count += 1
            changed += line != raw
            if before is not None:
                written.append(line)
            elif not options.check:
                sys.stdout.buffer.write(line)
        if faults:
            if before is not None:
                rest = "the file was not changed"
            else:
                rest = f"{_lines(count)} checked" if options.check else f"left out, and {_lines(count)} written"
            raise InputError(f"{name}: {_lines(faults)} could not be cleaned; {rest}")
        if before is not None and changed:
            self.write(path, before, b"".join(written))
            if options.fail_on_change:
                complain(f"{path}: {changed:,} of {count:,} {'document' if count == 1 else 'documents'} cleaned")
                self.found()

    @property
    def fields(self) -> dict[str, str | None]:
        """The fields of JSON that hold hints, by the names of the hints."""
        return {name: getattr(self.options, f"{name}_field") for name in ("site", "url", *HINTS)}

    def known_of_json(self, line: str) -> dict[str, Any]:
        """Return what a JSON document says of its page, in the fields that the options name."""
        fields = {name: field for name, field in self.fields.items() if field}
        if not fields:
            return {}
        record = read_value(line)
        return Document(0, "", **hints({name: value_of(record, field) for name, field in fields.items()})).known

    def cleaned_line(self, raw: bytes, name: str, number: int) -> bytes:
        """Return a line with its field cleaned; raises CleanerError if that fails."""
        options = self.options
        if not raw.strip():
            return raw
        place = f"{name}:{number}"
        try:
            line = raw.decode(self.encoding, self.errors)
        except UnicodeDecodeError as error:
            raise InputError(
                f"{place}: is not {self.encoding.upper()} at byte {error.start} of the line; "
                "name its encoding with --encoding, or pass --errors replace"
            ) from error
        except UnicodeError as error:
            raise InputError(f"{place}: cannot be read in the encoding {self.encoding!r}: {error}") from error
        start, end, text = field_span(line, options.jsonl, place)
        about = self.known_of_json(line)
        explained = self.explain(text, about)
        self.gather(place, explained, about.get("url"))
        explained = self.unknown(f"{name}:{number}", explained)
        self.told.count(explained)
        if options.explain and not options.check:
            self.tell(Place(name, number), explained)
        if options.check:
            self.check(Place(name, number), explained)
        elif explained.flagged:
            self.refuse(place, "only normalized")
        if explained.text == text:
            return raw
        try:
            return replace_field(line, start, end, explained.text).encode(self.encoding)
        except UnicodeEncodeError as error:
            raise InputError(
                f"{place}: the cleaned text has {error.object[error.start]!r}, which {self.encoding} cannot hold; "
                "convert the file to UTF-8 first"
            ) from error


def _changes(explained: Explanation) -> str:
    """Describe what cleaning changes in a file."""
    taken = explained.taken
    repairs = [finding for finding in explained.by_line if finding.rule == NORMALIZE]
    spaces = [finding for finding in repairs if is_whitespace(finding)]
    dropped = [finding for finding in taken if not finding.replacement]
    counts = (
        (len(dropped), "{} dropped"),
        (len(taken) - len(dropped), "{} trimmed"),
        (len(spaces), "whitespace repaired in {}"),
        (len(repairs) - len(spaces), "characters repaired in {}"),
    )
    said = [words.format(_lines(count)) for count, words in counts if count]
    return ", ".join(said) or "line breaks unified"


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count:,} lines"


def _meant(path: str) -> str:
    """Return a question for a file that is not there and whose name is nearly that of a subcommand."""
    meant = nearest(path, SUBCOMMANDS) if not os.path.exists(path) else ""
    return f"; did you mean `cleaner {meant}`?" if meant else ""


def _painted(lines: Sequence[str], explained: Explanation) -> Iterator[str]:
    """Return the lines of a diff in colour."""
    changes = {finding.text: finding for finding in explained.by_line if finding.replacement}
    results = {finding.replacement: finding for finding in changes.values()}
    styles = {"-": "gone", "+": "stays", "@": "place"}
    for number, line in enumerate(lines):
        mark, text = line[:1], line[1:]
        finding = (changes if mark == "-" else results if mark == "+" else {}).get(text) if number > 1 else None
        if number < 2:
            yield paint(printable(line), "head")
        elif finding is None:
            yield paint(printable(line), styles[mark]) if mark in styles else printable(line)
        else:
            shown = {"-": ("same", "cut"), "+": ("same", "new")}[mark]
            parts = [(kind, piece) for kind, piece in pieces(finding.text, finding.replacement) if kind in shown]
            inside = [paint(printable(piece), styles[mark] if kind == "same" else kind) for kind, piece in parts]
            yield paint(mark, styles[mark]) + "".join(inside)


def _print(line: str) -> None:
    sys.stdout.buffer.write(line.encode("utf-8", "replace") + b"\n")


def main(arguments: Sequence[str]) -> int:
    """Run the filter and return its exit status."""
    return _Job(make_parser().parse_args(arguments)).run()
