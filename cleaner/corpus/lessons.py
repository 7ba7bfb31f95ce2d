"""What a corpus teaches of its own sites: the learned rules in the output folder, made once and used by all pieces of a run."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Protocol

from cleaner.cleaning import Cleaner, cleaner_for
from cleaner.corpus.manifest import Run
from cleaner.corpus.shards import Task
from cleaner.model import InputError
from cleaner.sources.inputs import Fields, Source
from cleaner.sources.storage import exists, is_remote, joined, open_input, remove, written_whole

# In the output folder: the learned rules, and the page to review them.
LEARNED, REVIEW = "learned.toml", "learned.html"


class Teacher(Protocol):
    """Learns from files: returns a rule file ("" for none), its review page, and a sentence about them.

    ``before`` is a rule file whose edits hold. ``cleaner.learning.files.teach`` is one.
    """

    def __call__(
        self,
        sources: Sequence[Source],
        fields: Fields,
        before: str | None,
        *,
        engine: str,
        workers: int | None,
        address: str | None,
    ) -> tuple[str, str, str]: ...


def learned(
    task: Task,
    run: Run,
    sources: Sequence[Source],
    teacher: Teacher,
    fields: Fields,
    *,
    engine: str,
    workers: int | None,
    address: str | None,
) -> tuple[Task, str]:
    """Return the task with rules learned from its files, and what to say of them.

    They are learned once in a run: when it continues, the same rules hold, whatever files have been added. Raises InputError if
    somebody changed them meanwhile.
    """
    path = joined(task.out, LEARNED)
    digest, said = run.lesson(), ""
    if digest is None:
        with _here(path) as before:
            rules, review, said = teacher(sources, fields, before, engine=engine, workers=workers, address=address)
        _write(task, path, rules)
        _write(task, joined(task.out, REVIEW), review)
        digest = _digest(path)
        run.record_lesson(digest)
    elif _digest(path) != digest:
        raise InputError(
            f"{path}: was changed since it was learned; --restart learns again, and its `drop` and `keep` lists hold then"
        )
    return task._replace(learned=digest), said


def cleaner_of(task: Task) -> Cleaner:
    """Return the cleaner of a task, with what was learned; the same one for the same task."""
    if not task.learned:
        return cleaner_for(task.options)
    options = {name: tuple(value) if isinstance(value, list) else value for name, value in task.options.items()}
    return _taught(joined(task.out, LEARNED), task.learned, tuple(sorted(options.items())))


@lru_cache(maxsize=4)
def _taught(path: str, digest: str, options: tuple[tuple[str, Any], ...]) -> Cleaner:
    given = dict(options)
    if given.get("select") is not None:
        # Whoever asks for learning wants what is learned, whatever else is chosen.
        given["select"] = (*given["select"], LEARNED.removesuffix(".toml"))
    with _here(path) as rules:
        return Cleaner(**{**given, "rules": [*given.get("rules", ()), rules]})


@contextlib.contextmanager
def _here(path: str) -> Iterator[str | None]:
    """Give back the path of a rule file on this machine; None if there is no such file."""
    if not exists(path):
        yield None
    elif not is_remote(path):
        yield path
    else:
        with tempfile.TemporaryDirectory(prefix="cleaner-") as folder:
            here = os.path.join(folder, LEARNED)
            with open_input(path) as file, open(here, "wb") as copy:
                copy.write(file.read())
            yield here


def _write(task: Task, path: str, text: str) -> None:
    """Write a text as a file, whole or not at all; an empty one is no file."""
    if not text:
        remove(path)
        return
    with written_whole(path, task.aside) as made, open(made, "wb") as file:
        file.write(text.encode("utf-8", "replace"))


def _digest(path: str) -> str:
    """Return a digest of a file's content; "" if there is no file."""
    if not exists(path):
        return ""
    with open_input(path) as file:
        return hashlib.sha256(file.read()).hexdigest()
