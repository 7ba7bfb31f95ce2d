"""How good is the text of web pages: the extractor's alone, and cleaned with what the page says of itself?

    python benchmarks/pages.py FOLDER... [--extractors NAME,...] [--show] [--json FILE]

A folder holds marked pages (see ``corpora.py``), and the pages themselves: ``pages.json`` maps an id to HTML, or ``html/`` holds a
file ID.html for each. Any of these may be gzipped. Pages whose HTML is missing are left out. Prints, by corpus and extractor, for the
extractor alone, for each preset, and for the preset ``body`` without hints: F1, recall, the share of documents that are exact (see
``measures.py``), how much recall is lost, and how much more CPU time it takes than the extractor alone.

``--show`` lists the pages that lose recall, with the lines and the rules that took them.
"""

from __future__ import annotations

import gzip
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs as a file, too

from benchmarks import measures
from benchmarks.corpora import CorpusError, Document, read_corpus, read_json
from benchmarks.measures import Article, Match, Neutral, tokens
from benchmarks.running import each
from benchmarks.tables import Row, cut, named, parser_of, table, write_json
from cleaner import Cleaner
from cleaner.html.extractors import EXTRACTORS
from cleaner.html.reading import extract
from cleaner.model import PRESETS, InputError

ALONE, BARE = "alone", "body without hints"
_COLUMNS = {
    **{"corpus": "", "documents": "d", "extractor": "", "method": ""},
    **{"f1": ".4f", "recall": ".4f", "exact": ".3f", "recall_lost": ".4f", "time": ".1%"},
}


class Task(NamedTuple):
    """A page and its truth, and the extractors to try."""

    corpus: str
    document: Document
    page: str
    extractors: tuple[str, ...]


class Judged(NamedTuple):
    """The matches of one page, by extractor and method, with the CPU seconds that each method took; and lines for --show."""

    corpus: str
    matches: list[tuple[str, str, Match, float]]
    notes: list[str]


cleaner_of = cache(Cleaner)


def _trafilatura(page: str) -> str | None:
    import trafilatura

    # With what the page says of itself, which hints need, too.
    found: Any = trafilatura.bare_extraction(page, include_comments=False, with_metadata=True)
    return None if found is None else found.text


def _resiliparse(page: str) -> str | None:
    from resiliparse.extract.html2text import extract_plain_text

    found: str = extract_plain_text(page, main_content=True, preserve_formatting=True, alt_texts=False)
    return found


def _readability(page: str) -> str | None:
    from readability import Document as Readable
    from resiliparse.extract.html2text import extract_plain_text

    found: str = extract_plain_text(Readable(page).summary(html_partial=True), preserve_formatting=True)
    return found


# What each extractor does without this package.
_ALONE = {"trafilatura": _trafilatura, "resiliparse": _resiliparse, "readability": _readability}


def judge(task: Task) -> Judged:
    """Extract the text of a page in every way, clean it, and compare it with the marked article."""
    document = task.document
    neutral = Neutral(document.titles, document.optional)
    gold_lines = neutral.without(document.gold or "")
    article, goal = Article(gold_lines), tokens("\n".join(gold_lines))
    judged = Judged(task.corpus, [], [])
    for extractor in task.extractors:
        begun = time.process_time()
        alone = _match(_ALONE[extractor](task.page) or "", neutral, goal)
        judged.matches.append((extractor, ALONE, alone, time.process_time() - begun))
        begun = time.process_time()
        try:
            text, known = extract(task.page, extractor=extractor)
        except InputError:
            text, known = "", {}
        reading = time.process_time() - begun
        for method in (*PRESETS, BARE):
            cleaner, hints = cleaner_of("body" if method == BARE else method), {} if method == BARE else known
            begun = time.process_time()
            explained = cleaner.explain(text, **hints)
            spent = reading + time.process_time() - begun
            found = _match(explained.text, neutral, goal)
            judged.matches.append((extractor, method, found, spent))
            lost = (alone.recall or 0.0) - (found.recall or 0.0)
            if method == "body" and lost > 0:
                takings = [] if explained.flagged else measures.taken(explained.findings)
                verdicts = measures.judge(takings, text, explained.text, article, neutral)
                judged.notes.append(f"{task.corpus}/{document.id} ({extractor}): {lost:.4f} of recall is lost")
                judged.notes.extend(
                    f"      - {taking.rules[0]}: {cut(taking.text)}"
                    for taking, verdict in zip(takings, verdicts, strict=True)
                    if verdict == "wrong"
                )
    return judged


def _match(text: str, neutral: Neutral, goal: Sequence[str]) -> Match:
    return measures.match(goal, tokens("\n".join(neutral.without(text))))


def read_pages(folder: Path) -> Mapping[str, str]:
    """Return the HTML of a folder's pages by id; raises CorpusError if it holds none."""
    for path in (folder / "pages.json", folder / "pages.json.gz"):
        if path.exists():
            pages: Mapping[str, str] = read_json(path)
            return pages
    found: dict[str, str] = {}
    for path in sorted((folder / "html").glob("*.html*")):
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        found[path.name.split(".html")[0]] = content.decode("utf-8", "replace")
    if not found:
        raise CorpusError(f"{folder}: holds neither pages.json nor html/; name a folder with pages")
    return found


def tasks_of(folder: Path, extractors: Sequence[str]) -> list[Task]:
    """Return a task for each page of a folder."""
    corpus, pages = read_corpus(folder, ["no system"]), read_pages(folder)
    return [
        Task(corpus.name, document, pages[document.id], tuple(extractors))
        for document in corpus.documents
        if document.id in pages and document.gold is not None
    ]


def figures(judged: Sequence[Judged]) -> list[Row]:
    """Return a row for each corpus, extractor and method."""
    groups: dict[tuple[str, str, str], list[tuple[Match, float]]] = {}
    for one in judged:
        for extractor, method, found, spent in one.matches:
            groups.setdefault((one.corpus, extractor, method), []).append((found, spent))
    rows = []
    for (corpus, extractor, method), own in groups.items():
        alone = groups[corpus, extractor, ALONE]
        score, before = (measures.score([found for found, _ in some]) for some in (own, alone))
        seconds, basis = (sum(spent for _, spent in some) for some in (own, alone))
        change = (None, None) if method == ALONE else (before.recall - score.recall, seconds / basis - 1)
        values = (corpus, len(own), extractor, method, score.f1, score.recall, score.exact, *change)
        rows.append(dict(zip(_COLUMNS, values, strict=True)))
    return rows


def report(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the figures as tables, one for each corpus."""
    for corpus in dict.fromkeys(row["corpus"] for row in rows):
        own = [row for row in rows if row["corpus"] == corpus]
        yield f"\n## {corpus}: {own[0]['documents']} pages\n"
        yield from table(own, {name: form for name, form in _COLUMNS.items() if name not in ("corpus", "documents")})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark and return the exit code: 2 for a folder or option that cannot be used, else 0."""
    parser = parser_of(__doc__, "pages")
    parser.add_argument(
        "folders", nargs="+", type=Path, metavar="FOLDER", help="pages that people marked, with their HTML"
    )
    parser.add_argument("--extractors", default=",".join(EXTRACTORS), help="with commas (default: %(default)s)")
    parser.add_argument("--show", action="store_true", help="list the pages that lose recall, and the rules")
    options: Any = parser.parse_args(arguments)
    extractors = named(options.extractors)
    if unknown := set(extractors) - set(EXTRACTORS):
        parser.error(f"no extractor {unknown.pop()!r}; choose from {', '.join(EXTRACTORS)}")
    try:
        tasks = [task for folder in options.folders for task in tasks_of(folder, extractors)]
    except CorpusError as error:
        print(error, file=sys.stderr)
        return 2
    for preset in PRESETS:
        cleaner_of(preset)  # before the processes begin, so that they share it
    judged = list(each(judge, tasks, options.jobs))
    rows = figures(judged)
    print(*report(rows), sep="\n")
    if options.show:
        print("\n## Recall that is lost\n", *(note for one in judged for note in one.notes), sep="\n")
    write_json(options.json, {"pages": rows})
    return 0


if __name__ == "__main__":
    sys.exit(main())
