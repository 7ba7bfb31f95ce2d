"""A run over a corpus: it finds the work, gives it to workers, and counts the results."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple, Protocol, Unpack

from cleaner.cleaning import CleanerOptions, cleaner_for, parted
from cleaner.corpus.assembly import AbandonedError, Assembly
from cleaner.corpus.lessons import LEARNED, REVIEW, Teacher, learned
from cleaner.corpus.manifest import ERRORS, SUMMARY, Run, record_whole
from cleaner.corpus.outputs import ERRORS as FAULTS
from cleaner.corpus.outputs import OBSERVED, join, output_path
from cleaner.corpus.progress import Progress
from cleaner.corpus.shards import Observer, Shard, Task, cut, is_worth_cutting
from cleaner.corpus.tally import Summary, tally_from
from cleaner.html.options import PageOptions
from cleaner.html.reading import check_extractor
from cleaner.model import CleanerError, InputError, SettingsError
from cleaner.rules.loading import identity
from cleaner.sources.cluster import ENGINES
from cleaner.sources.inputs import JSONL_ZST, PARQUET, Fields, Html, Source, find_sources
from cleaner.sources.pages import ARCHIVED
from cleaner.sources.reading import check_field
from cleaner.sources.storage import (
    OutputError,
    StrictError,
    absolute,
    check_installed,
    exists,
    joined,
    open_input,
    remove,
    write_json,
    written_whole,
)

FORMS = (PARQUET, JSONL_ZST)
FLAGGED = ("keep", "separate")
_JOINERS = 2


class Crew(Protocol):
    """Does the work: a pool of processes, or a cluster."""

    def cuts(self, files: int) -> bool: ...
    def has_few(self, files: int) -> bool: ...
    def has_room(self) -> bool: ...
    def is_busy(self) -> bool: ...
    def submit(self, shard: Shard) -> None: ...
    def take(self) -> tuple[Shard, dict[str, Any] | Exception]: ...
    def stop(self) -> None: ...


def clean_files(
    inputs: Sequence[str | os.PathLike[str]] | str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    field: str = "text",
    id_field: str | None = None,
    url_field: str | None = None,
    title_field: str | None = None,
    site_field: str | None = None,
    author_field: str | None = None,
    date_field: str | None = None,
    site_name_field: str | None = None,
    description_field: str | None = None,
    tags_field: str | None = None,
    captions_field: str | None = None,
    comments_field: str | None = None,
    html_field: str | None = None,
    to: str | None = None,
    findings: bool = False,
    drop_empty: bool = False,
    flagged: str = "keep",
    strict: bool = False,
    restart: bool = False,
    engine: str = "local",
    workers: int | None = None,
    address: str | None = None,
    progress: bool = False,
    observer: Observer | None = None,
    learn: Teacher | None = None,
    **options: Unpack[CorpusOptions],
) -> Summary:
    """Clean the documents in files of JSONL (.gz, .zst too) and Parquet, and return what was counted.

    ``inputs``
        Files, folders and globs, of a disk or of an object store (``s3://…``, through fsspec).
    ``out``
        The folder of the output: a file for each input file, with the same name and form, in which only the texts change.
        A run that was stopped continues where it was; one whose settings or rules have changed is refused.
    ``field``, ``id_field``, ``url_field``, ``title_field``, ``site_field``
        The names of the fields or columns that hold a document's text, id, URL, title and site. A dot goes into an object.
        The title is a hint for the rules; the site, or else the URL's host, chooses rules that belong to a site; id and URL appear
        in findings and errors.
    ``author_field``, ``date_field``, ``site_name_field``, ``description_field``, ``tags_field``, ``captions_field``, ``comments_field``
        The names of fields that hold more hints (see :class:`cleaner.cleaning.Known`): texts, or lists of texts.
    ``html_field``
        The name of a field that holds the page of a document. The text is extracted from it, and its clean form written to ``field``.
    ``to``
        ``"parquet"`` or ``"jsonl.zst"``, for an output in another form.
    ``findings``
        Write the findings, too, below ``out/findings``.
    ``drop_empty``, ``flagged``
        Leave out documents without text; ``"separate"`` writes flagged ones (see ``max_drop``) below ``out/flagged``.
    ``strict``
        Stop at the first document that cannot be cleaned. Otherwise it is listed in ``out/errors.jsonl`` and left out of the output.
    ``restart``
        Start over, and remove what an earlier run wrote to ``out``.
    ``engine``, ``workers``, ``address``
        ``"local"``, a pool of processes on this machine, or ``"ray"``, the cluster at that address or a Ray of this machine.
        The output is the same, byte for byte.
    ``observer``
        Sees every document, side by side with others in the workers; what they saw is joined in it. ``cleaner corpus --report`` has
        one that gathers the report.
    ``learn``
        ``cleaner.learning.files.teach``: learn first what each site of the corpus repeats on its pages, and clean with these rules, too.
        They are written to ``out/learned.toml``, a page to review them to ``out/learned.html``. A document's site is then looked for in
        the fields ``site`` and ``url`` if no others are named.
    ``options``
        Those of :class:`cleaner.Cleaner`, and with ``html_field`` those of :class:`cleaner.html.options.PageOptions`.

    A script must call this below ``if __name__ == "__main__":``, like everything that starts processes. Raises InputError,
    OutputError or SettingsError if the run cannot start or continue; what was finished stays. A broken file does not raise: it
    is listed in ``Summary.failures``. Raises StrictError if ``strict`` stops the run.
    """
    for name, value, known in (("to", to, (None, *FORMS)), ("flagged", flagged, FLAGGED)):
        _check_word(name, value, known)
    page, chosen = parted(options, PageOptions)
    if page and html_field is None:
        raise SettingsError(f"{next(iter(page))} is about pages; it goes with html_field")
    hints: dict[str, Any] = {
        "author": author_field,
        "date": date_field,
        "site_name": site_name_field,
        "description": description_field,
        "tags": tags_field,
        "captions": captions_field,
        "comments": comments_field,
    }
    html = None if html_field is None else Html(html_field, page)
    fields = Fields(field, id_field, url_field, title_field, site_field, html=html, **hints)
    if learn is not None:
        fields = fields.with_usual("url", "site")
    task = Task(
        absolute(out),
        _settings(chosen),
        fields,
        to,
        findings,
        drop_empty,
        flagged,
        strict,
        learns=learn is not None,
    )
    return _clean(_listed(inputs), task, restart, Engine(engine, workers, address), progress, observer, learn)


def clean_pages(
    inputs: Sequence[str | os.PathLike[str]] | str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    keep_source: str | os.PathLike[str] | None = None,
    strict: bool = False,
    restart: bool = False,
    engine: str = "local",
    workers: int | None = None,
    address: str | None = None,
    progress: bool = False,
    observer: Observer | None = None,
    **options: Unpack[CorpusOptions],
) -> Summary:
    """Extract the texts of web pages, clean them, and return what was counted.

    ``inputs``
        Files, folders and globs: pages (``.html``, also ``.gz`` and ``.zst``), and WARC archives of pages.
    ``out``
        The folder of the output: a text for each page, with the same name but its ending ``.txt`` (``.md`` with ``markdown``), and
        for each archive a file of JSONL with ``id``, ``url``, ``title`` and ``text``. A run that was stopped continues where it was.
    ``keep_source``
        A folder for the texts as they were extracted, before they were cleaned.
    ``options``
        Those of :class:`cleaner.Cleaner` and of :class:`cleaner.html.options.PageOptions`.

    The other parameters, and what is raised, are those of :func:`clean_files`. A page without text is listed in ``out/errors.jsonl``.
    """
    page, chosen = parted(options, PageOptions)
    kept = absolute(keep_source) if keep_source is not None else ""
    fields = Fields("text", "id", "url", html=ARCHIVED._replace(options=page))
    task = Task(absolute(out), _settings(chosen), fields, strict=strict, keep_source=kept)
    return _clean(
        _listed(inputs), task, restart, Engine(engine, workers, address), progress, observer, None, of_pages=True
    )


class CorpusOptions(CleanerOptions, PageOptions, total=False):
    """The options of a Cleaner, and those of pages."""


class Engine(NamedTuple):
    """What runs the work: its name, how many processes it has, and where it is."""

    name: str
    workers: int | None
    address: str | None


def _check_word(name: str, value: object, known: Sequence[str | None]) -> None:
    if value not in known:
        raise SettingsError(f"{name}: there is no {value!r}; use one of {', '.join(filter(None, known))}")


def _listed(inputs: Sequence[str | os.PathLike[str]] | str | os.PathLike[str]) -> list[str | os.PathLike[str]]:
    return [inputs] if isinstance(inputs, (str, os.PathLike)) else list(inputs)


def _settings(options: Mapping[str, Any]) -> dict[str, Any]:
    chosen = {name: value for name, value in options.items() if value is not None}
    if chosen.get("rules"):
        chosen["rules"] = _found_from_anywhere(chosen["rules"])
    return chosen


def _clean(
    inputs: Sequence[str | os.PathLike[str]],
    task: Task,
    restart: bool,
    engine: Engine,
    progress: bool,
    observer: Observer | None,
    learn: Teacher | None,
    *,
    of_pages: bool = False,
) -> Summary:
    """Run a task over all its inputs."""
    _check_word("engine", engine.name, ENGINES)
    if engine.workers is not None and engine.workers < 1:
        raise SettingsError(f"workers: {engine.workers} cannot work; use 1 or more, or leave it out for all CPUs")
    check_installed()
    fields = task.fields
    if fields.html is not None:
        check_extractor(fields.html.options.get("extractor", "trafilatura"))
    checked = cleaner_for(task.options)  # wrong settings raise here, not in every worker
    unreadable: dict[str, str] = {}
    sources = find_sources(inputs, task.out, unreadable, of_pages=of_pages)
    _check_names(task, sources)
    if fields.html is None:
        check_field(sources, fields.text)
    elif not of_pages:
        check_field(sources, fields.html.field, "--html-field")
    if observer is not None:
        task = task._replace(observer=observer.part(sum(source.size for source in sources)))
    run = Run(task, restart)
    try:
        told = ""
        if learn is not None:
            whose = fields.with_usual("id")
            task, told = learned(
                task, run, sources, learn, whose, engine=engine.name, workers=engine.workers, address=engine.address
            )
        with Progress(progress, sum(source.size for source in sources)) as shown:
            if told:
                shown.say(told)
            if checked.is_of_sites and not (fields.url or fields.site or fields.html):
                shown.say("the rules of sites have nothing to go by: name --url-field or --site-field")
            driver = _Driver(task, sources, run, shown)
            for path, said in unreadable.items():
                driver.fail(path, said)
            summary = driver.drive(engine.name, engine.workers, engine.address)
            if observer is not None:
                _join_observed(task, sources, observer)
            return summary
    finally:
        run.release()


def _join_observed(task: Task, sources: Sequence[Source], observer: Observer) -> None:
    for source in sources:
        path = output_path(task, source, OBSERVED)
        if exists(path):
            with open_input(path) as file:
                for line in file:
                    observer.join(json.loads(line))


def _found_from_anywhere(rules: Any) -> list[str]:
    """Return paths of rules that workers find wherever they are started; names of entry points stay."""
    given = [rules] if isinstance(rules, (str, os.PathLike)) else rules
    return [os.path.abspath(path) if os.path.exists(path) else os.fspath(path) for path in given]


def _check_names(task: Task, sources: Sequence[Source]) -> None:
    """Raise InputError if two files, or a file and something else that is written, would have the same name."""
    taken: dict[str, str] = {
        SUMMARY: "the summary",
        ERRORS: "the errors",
        LEARNED: "the learned rules",
        REVIEW: "their review",
    }
    for source in sources:
        name = task.output_name(source)
        folder = name.split("/")[0]
        if (
            folder in ("findings" if task.findings else "", "flagged" if task.flagged == "separate" else "")
            and "/" in name
        ):
            raise InputError(f"{source.path}: would be written among the {folder}; name its folder differently")
        if name in taken:
            raise InputError(
                f"{source.path}: would be written to the same place as {taken[name]}: {name}; run them into two folders"
            )
        taken[name] = source.path


class _Driver:
    def __init__(self, task: Task, sources: Sequence[Source], run: Run, progress: Progress) -> None:
        self._task, self._sources, self._run, self._progress = task, sources, run, progress
        self._summary = Summary()
        self._failed: dict[str, Source] = {}
        self._assemblies: dict[str, Assembly] = {}
        self._joins: dict[Future[dict[str, Any]], Source] = {}

    def drive(self, engine: str, workers: int | None, address: str | None) -> Summary:
        to_do = []
        for source in self._sources:
            record = self._run.finished(source)
            if record is None:
                to_do.append(source)
                continue
            self._summary.resumed += 1
            self._count(record)
            self._progress.skip(source.size)
        try:
            if to_do:
                # Large files first, so that no worker is left with one when the others are done.
                to_do.sort(key=lambda source: -source.size)
                self._work(to_do, engine, workers, address)
        finally:
            self._write_errors()
        own = self._task.options.get("rules") or ()
        made_by = identity([own] if isinstance(own, (str, os.PathLike)) else own)
        write_json(joined(self._task.out, SUMMARY), {"made_by": made_by, **self._summary.as_dict()}, self._task.aside)
        remove(self._task.aside)
        return self._summary

    def _work(self, to_do: Sequence[Source], engine: str, workers: int | None, address: str | None) -> None:
        crew: Crew
        if engine == "ray":
            from cleaner.corpus.cluster import RayPool

            crew = RayPool(self._task, workers, address)
        else:
            from cleaner.corpus.pool import LocalPool

            crew = LocalPool(self._task, workers)
        self._progress.begin()
        with ThreadPoolExecutor(_JOINERS) as self._joiners:
            try:
                for shard in self._shards(to_do, crew.cuts(len(to_do)), crew.has_few(len(to_do))):
                    while not crew.has_room():
                        self._take(crew)
                    crew.submit(shard)
                while crew.is_busy():
                    self._take(crew)
                for joined_file in list(self._joins):
                    self._end_join(joined_file)
            finally:
                for assembly in self._assemblies.values():
                    assembly.abandon()
                crew.stop()

    def _shards(self, to_do: Sequence[Source], cuts: bool, are_few: bool) -> Iterator[Shard]:
        """Yield the shards of files; the next shard of a large file is read when it is asked for."""
        for source in to_do:
            if not cuts or not is_worth_cutting(source, self._task, are_few):
                yield Shard(source, source.size)
                continue
            assembly = self._assemblies[source.name] = Assembly(source)
            finished = self._run.finished_parts(source)
            self._joins[self._joiners.submit(self._join, assembly)] = source
            number = 0
            try:
                for shard in cut(source):
                    number += 1
                    if assembly.is_abandoned:
                        break
                    record = finished.get(number - 1)
                    if record is None:
                        yield shard
                    else:
                        assembly.add(number - 1, tally_from(record))
                        self._progress.skip(shard.weight)
                assembly.end(number)
            except InputError as error:
                self._fail(source, error)

    def _join(self, assembly: Assembly) -> dict[str, Any]:
        paths = join(self._task, assembly.source, assembly.parts())
        return record_whole(self._task, assembly.source, paths, assembly.tally)

    def _take(self, crew: Crew) -> None:
        """Wait for a shard to end and account for it."""
        shard, result = crew.take()
        source = shard.source
        if isinstance(result, Exception):
            self._progress.skip(shard.weight)
            self._fail(source, result)
        else:
            tally = tally_from(result)
            self._progress.advance(shard.weight, tally)
            if shard.part is None:
                self._count(result)
            elif source.name in self._assemblies:
                self._assemblies[source.name].add(shard.part, tally)
        for joined_file in [future for future in self._joins if future.done()]:
            self._end_join(joined_file)

    def _end_join(self, future: Future[dict[str, Any]]) -> None:
        source = self._joins.pop(future)
        try:
            self._count(future.result())
        except AbandonedError:
            pass
        except InputError as error:
            self._fail(source, error)
        del self._assemblies[source.name]

    def _count(self, record: dict[str, Any]) -> None:
        self._summary.files += 1
        self._summary.add(tally_from(record))

    def _fail(self, source: Source, error: Exception) -> None:
        """Note that a file has no output. What cannot be written ends the run, and so does everything if ``strict``."""
        if isinstance(error, OutputError):
            raise error
        said = str(error) if isinstance(error, CleanerError) else f"{source.path}: {type(error).__name__}: {error}"
        self.fail(source.path, said)
        if source.name in self._assemblies:
            self._assemblies[source.name].abandon()

    def fail(self, path: str, said: str) -> None:
        """Note that a file has no output, and why; raises StrictError if that ends the run."""
        if self._task.strict:
            raise StrictError(f"{said}; what was finished stays, and without --strict the run goes on")
        if path not in self._summary.failures:
            self._summary.failures[path] = said
            self._progress.say(said)

    def _write_errors(self) -> None:
        """Gather the errors of all files, in the order of the files, into one file; without errors there is no file."""
        path = joined(self._task.out, ERRORS)
        found = [output_path(self._task, source, FAULTS) for source in self._sources]
        found = [each for each in found if exists(each)]
        if not found and not self._summary.failures:
            remove(path)
            return
        with written_whole(path, self._task.aside) as made, open(made, "wb") as file:
            for each in found:
                with open_input(each) as errors:
                    while data := errors.read(1 << 20):
                        file.write(data)
            for name, said in sorted(self._summary.failures.items()):
                file.write(
                    json.dumps({"file": name, "number": None, "error": said}, ensure_ascii=False).encode() + b"\n"
                )
