"""What a change changes: lines that two settings, two folders of rules, or an earlier run judge differently."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from cleaner.cleaning import cleaner_for, hints_of
from cleaner.engine.own_lines import OwnLines
from cleaner.engine.passes import Engine, Options
from cleaner.model import Explanation, Finding, InputError
from cleaner.reporting.pool import Text
from cleaner.rules.choosing import Choice, choose
from cleaner.rules.files import read_folder
from cleaner.sources.inputs import PARQUET, find_sources
from cleaner.sources.jsonl import read_blocks
from cleaner.sources.storage import needed, open_input

# Lines around a difference.
_AROUND = 5


class Verdict(NamedTuple):
    """What becomes of a line: the rule that takes it, "" if it stays, and what is left of it."""

    rule: str = ""
    left: str = ""


STAYS = Verdict()


class Side(Protocol):
    """One of two sides that judge documents."""

    def judge(self, text: Text) -> Mapping[int, Verdict]:
        """Return what becomes of the lines that do not stay, by their number."""


class Difference(NamedTuple):
    """A line that two sides judge differently, with the lines around it (number and text)."""

    document: str
    line: int
    text: str
    new: Verdict
    old: Verdict
    above: Sequence[tuple[int, str]]
    below: Sequence[tuple[int, str]]

    @property
    def mark(self) -> str:
        """ "-" if the line goes now, "+" if it stays now, "~" if something else is left of it."""
        return "-" if not self.old.rule else "+" if not self.new.rule else "~"

    def as_dict(self) -> dict[str, Any]:
        """Return the difference as it is written to JSON."""
        about = self._asdict()
        return {**about, "new": self.new._asdict(), "old": self.old._asdict(), "mark": self.mark}


def differences(text: Text, new: Side, old: Side) -> list[Difference]:
    """Return the lines of a document that two sides judge differently: one keeps them, or leaves something else of them."""
    ours, theirs = new.judge(text), old.judge(text)
    lines = text.text.splitlines()
    found = []
    for number in sorted({*ours, *theirs}):
        one, other = ours.get(number, STAYS), theirs.get(number, STAYS)
        if number > len(lines) or (bool(one.rule) == bool(other.rule) and one.left == other.left):
            continue
        around = [(place, lines[place - 1]) for place in range(1, len(lines) + 1) if lines[place - 1].strip()]
        above = [item for item in around if item[0] < number][-_AROUND:]
        below = [item for item in around if item[0] > number][:_AROUND]
        found.append(Difference(text.name, number, lines[number - 1], one, other, above, below))
    return found


def _verdicts(explained: Explanation) -> dict[int, Verdict]:
    return {finding.line: Verdict(finding.rule, finding.replacement) for finding in explained.taken}


class SettingsSide:
    """Judges with the built-in rules, and options of a Cleaner."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._cleaner = cleaner_for(options)

    def judge(self, text: Text) -> Mapping[int, Verdict]:
        """Return what becomes of the lines that do not stay."""
        return _verdicts(self._cleaner.explain(text.text, **text.known))


class FolderSide:
    """Judges with the rules of a folder in the place of the built-in ones, such as those of another branch."""

    def __init__(self, folder: str | os.PathLike[str], options: Mapping[str, Any]) -> None:
        files, _ = read_folder(Path(folder))
        choice = Choice(
            options.get("preset") or "default",
            options.get("select"),
            options.get("ignore") or (),
            options.get("languages"),
        )
        chosen = choose({file.rule.id: file.rule for file in files}, choice)
        keep, drop = (OwnLines(options.get(name) or (), name) for name in ("keep", "drop"))
        self._engine = Engine(chosen, None, Options(options.get("max_drop"), options.get("whitespace"), keep, drop))

    def judge(self, text: Text) -> Mapping[int, Verdict]:
        """Return what becomes of the lines that do not stay."""
        return _verdicts(self._engine.explain(text.text, hints_of(text.known)))


class FindingsSide:
    """Judges as an earlier run did: findings of ``cleaner corpus --findings``, or of ``cleaner --check --format jsonl``."""

    def __init__(self, path: str) -> None:
        self._found: dict[str, dict[int, Verdict]] = {}
        for record in _records(path):
            try:
                finding = Finding(
                    **{name: record[name] for name in ("rule", "line", "start", "end", "text", "replacement")}
                )
                name = record["id"] if "id" in record else record["path"]
            except (KeyError, TypeError) as error:
                raise InputError(f"{path}: has a line that is not a finding: {error} is missing") from error
            document = f"{name}:{record['record']}" if record.get("record") else str(name)
            if finding.rule != "normalize":
                self._found.setdefault(document, {})[finding.line] = Verdict(finding.rule, finding.replacement)

    def judge(self, text: Text) -> Mapping[int, Verdict]:
        """Return what became of the lines that did not stay. A document is known by its name, or by the last part of its path."""
        return self._found.get(text.name) or self._found.get(text.name.rsplit("/", 1)[-1]) or {}


def _records(path: str) -> Iterator[dict[str, Any]]:
    for source in find_sources([path]):
        with open_input(source.path) as file:
            if source.form == PARQUET:
                yield from needed("pyarrow.parquet").read_table(file).to_pylist()
                continue
            for block in read_blocks(file, source.form, source.path):
                for line in block.data.splitlines():
                    try:
                        record = json.loads(line)
                    except ValueError as error:
                        raise InputError(f"{source.path}: is not JSON: {error}") from error
                    if not isinstance(record, dict):
                        raise InputError(f"{source.path}: has a line that is not a finding")
                    yield record
