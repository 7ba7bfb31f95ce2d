"""The manifest of a run, in the folder ``.cleaner`` of its output: its settings, and what is finished.

``manifest.json`` holds the settings and a digest of the rules, ``learned.json`` one of those that the run learned. Each finished
file has a record below ``finished/``, and each finished part of a file that is cut has one below ``parts/``. A record is written
whole, and after the output that it records, so a run can stop at any moment and find what it had finished.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from cleaner.corpus.outputs import parts_folder
from cleaner.corpus.shards import Task
from cleaner.corpus.tally import Tally
from cleaner.model import HINTS, InputError
from cleaner.rules.loading import rules_digest
from cleaner.sources.inputs import Source
from cleaner.sources.storage import (
    content_hash,
    exists,
    is_remote,
    joined,
    names_below,
    needed,
    read_json,
    remove,
    state,
    unwritable,
    write_json,
)
from cleaner.version import __version__

_FOLDER = ".cleaner"
# A run without an observer can continue one that had one.
_MAY_BE_GONE = ("observed",)
_RECORD = ".json"
_LESSON = "learned.json"
# The files in the output folder beside the outputs.
SUMMARY, ERRORS = "summary.json", "errors.jsonl"


def settings_of(task: Task) -> dict[str, Any]:
    """Return everything except the input that the output depends on: settings, rules, version."""
    options = {name: list(value) if isinstance(value, tuple) else value for name, value in task.options.items()}
    return {
        "version": __version__,
        "rules": rules_digest(options.pop("rules", None) or []),
        "preset": options.get("preset", "default"),
        **{name: options.get(name, []) for name in ("ignore", "keep", "drop")},
        **{name: options.get(name) for name in ("select", "languages", "max_drop", "whitespace")},
        **{f"{name}_field": getattr(task.fields, name) for name in ("text", "id", "url", "title", "site")},
        # Manifests of older runs do not have these.
        **{f"{name}_field": value for name in HINTS[1:] if (value := getattr(task.fields, name)) is not None},
        **_of_pages(task),
        **{name: getattr(task, name) for name in ("to", "findings", "drop_empty", "flagged")},
        # Older runs did not learn, and their manifests do not say so.
        "learn": task.learns or None,
        **({"observed": True} if task.observer is not None else {}),
    }


def _of_pages(task: Task) -> dict[str, Any]:
    html = task.fields.html
    if html is None:
        return {}
    options = {name: value if isinstance(value, (str, bool)) else repr(value) for name, value in html.options.items()}
    return {"html_field": html.field, "page": options}


class Run:
    """The manifest of an output folder, held by one run at a time."""

    def __init__(self, task: Task, restart: bool) -> None:
        self._task = task
        self.settings = settings_of(task)
        self._home = joined(task.out, _FOLDER)
        self._lock: Any = None
        if not is_remote(task.out):
            self._hold()
        try:
            self._begin(restart)
        except BaseException:
            self.release()
            raise

    def _hold(self) -> None:
        """Lock the folder; raises InputError if another run holds it. A lock ends with the process that holds it."""
        filelock = needed("filelock")
        out = self._task.out
        try:
            if os.path.isdir(out) and not os.path.isdir(self._home) and os.listdir(out):
                raise InputError(
                    f"{out}: holds other files, which are not of a run of this command; name an empty or new folder with --out"
                )
            os.makedirs(self._home, exist_ok=True)
            self._lock = filelock.FileLock(joined(self._home, "lock"))
            self._lock.acquire(timeout=0)
        except filelock.Timeout as error:
            raise InputError(
                f"{out}: another run is writing there; wait for it, or name another folder with --out"
            ) from error
        except OSError as error:
            raise unwritable(out, error) from error

    def release(self) -> None:
        """Let another run have the folder."""
        if self._lock is not None:
            self._lock.release()

    def _begin(self, restart: bool) -> None:
        path = joined(self._home, "manifest.json")
        before = read_json(path) if not restart else None
        if restart:
            self._remove_all()
        if before is not None:
            changed = [
                f"{name} was {before.get(name)!r} and is {self.settings.get(name)!r}"
                for name in {**self.settings, **before}
                if before.get(name) != self.settings.get(name) and (name in self.settings or name not in _MAY_BE_GONE)
            ]
            if changed:
                raise InputError(
                    f"{self._task.out}: holds a run with other settings: {'; '.join(changed)}; "
                    "name another folder with --out, or start over with --restart"
                )
        else:
            write_json(path, self.settings, self._task.aside)
        remove(self._task.aside)

    def _remove_all(self) -> None:
        for name in names_below(joined(self._home, "finished")):
            self._forget(joined(self._home, "finished", name))
        for name in (SUMMARY, ERRORS):
            remove(joined(self._task.out, name))
        for name in ("parts", "errors", "observed", "aside", _LESSON):
            remove(joined(self._home, name))

    def _forget(self, path: str) -> None:
        record = read_json(path)
        remove(path)
        for output in record["outputs"]:
            remove(joined(self._task.out, output))

    def lesson(self) -> str | None:
        """Return the digest of the rules that this run learned, "" if there were none; None if it has not learned yet."""
        record = read_json(joined(self._home, _LESSON))
        return None if record is None else str(record["digest"])

    def record_lesson(self, digest: str) -> None:
        """Record which rules the run learned, once they are written."""
        write_json(joined(self._home, _LESSON), {"digest": digest}, self._task.aside)

    def finished(self, source: Source) -> dict[str, Any] | None:
        """Return the record of a file if it is finished: its outputs are there, and the input has not changed.

        Output of an input that has changed since is removed.
        """
        path = _finished_path(self._task, source)
        record: dict[str, Any] | None = read_json(path)
        if record is None:
            return None
        if _is_unchanged(record, source) and all(exists(joined(self._task.out, name)) for name in record["outputs"]):
            return record
        self._forget(path)
        return None

    def finished_parts(self, source: Source) -> dict[int, dict[str, Any]]:
        """Return the records of the finished parts of a file that is cut, by their number."""
        folder = parts_folder(self._task, source)
        found = {
            int(name.removesuffix(_RECORD)): read_json(joined(folder, name))
            for name in names_below(folder)
            if name.endswith(_RECORD)
        }
        if all(record["size"] == source.size and record["modified"] == source.modified for record in found.values()):
            return found
        remove(folder)
        return {}


def _is_unchanged(record: Mapping[str, Any], source: Source) -> bool:
    if record["size"] != source.size:
        return False
    same = record["input"] == source.path and record["modified"] == source.modified
    return bool(same or record["hash"] == content_hash(source.path))


def _finished_path(task: Task, source: Source) -> str:
    return joined(task.out, _FOLDER, "finished", f"{task.output_name(source)}{_RECORD}")


def record_whole(task: Task, source: Source, outputs: Sequence[str], tally: Tally) -> dict[str, Any]:
    """Record a file as finished, with the paths of its outputs, and return the record; its parts are removed."""
    record = {
        "input": source.path,
        "size": source.size,
        "modified": source.modified,
        "hash": content_hash(source.path),
        "outputs": [path[len(task.out) + 1 :].replace(os.sep, "/") for path in outputs],
        **tally.as_dict(),
    }
    if state(source.path) != (source.size, source.modified):
        raise InputError(f"{source.path}: was changed while it was read; run the same command again")
    write_json(_finished_path(task, source), record, task.aside)
    remove(parts_folder(task, source))
    return record


def record_part(task: Task, source: Source, part: int, tally: Tally) -> dict[str, Any]:
    """Record a part of a file as finished, and return the record."""
    record = {"size": source.size, "modified": source.modified, **tally.as_dict()}
    write_json(joined(parts_folder(task, source), f"{part:08}{_RECORD}"), record, task.aside)
    return record
