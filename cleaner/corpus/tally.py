"""Counts: of a shard, of a file, of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from cleaner.model import Explanation


@dataclass
class Tally:
    """Counts of documents, of their code points before and after, and of the lines and code points that each rule took.

    ``documents`` counts all: ``failed`` ones could not be cleaned and are not in the output, ``flagged`` ones would have lost
    too much and stayed whole, ``empty`` ones have no text, ``changed`` ones came out different.
    """

    documents: int = 0
    changed: int = 0
    empty: int = 0
    flagged: int = 0
    failed: int = 0
    characters_before: int = 0
    characters_after: int = 0
    rules: dict[str, list[int]] = field(default_factory=dict)

    def count(self, text: str, explained: Explanation) -> None:
        """Count a document that was cleaned."""
        self.documents += 1
        self.characters_before += len(text)
        self.characters_after += len(explained.text)
        self.changed += explained.text != text
        self.empty += not explained.text
        self.flagged += explained.flagged
        for finding in explained.taken:
            taken = self.rules.setdefault(finding.rule, [0, 0])
            taken[0] += 1
            taken[1] += len(finding.text) - len(finding.replacement)

    def count_failed(self) -> None:
        """Count a document that could not be cleaned."""
        self.documents += 1
        self.failed += 1

    def add(self, other: Tally) -> None:
        """Add the counts of another part."""
        for each in fields(Tally):
            if each.name != "rules":
                setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))
        for rule, (lines, characters) in other.rules.items():
            taken = self.rules.setdefault(rule, [0, 0])
            taken[0] += lines
            taken[1] += characters

    def as_dict(self) -> dict[str, Any]:
        """Return the counts as they are written to JSON."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


def tally_from(record: Mapping[str, Any]) -> Tally:
    """Return counts that were read from JSON."""
    return Tally(**{each.name: record[each.name] for each in fields(Tally)})


@dataclass
class Summary(Tally):
    """The result of a run over a corpus: the counts of all its files, including those finished by earlier starts.

    ``files`` were finished, ``resumed`` of them by an earlier start; ``failures`` says, for each file that could not be
    read to its end or whose worker died, why it has no output.
    """

    files: int = 0
    resumed: int = 0
    failures: dict[str, str] = field(default_factory=dict)

    @property
    def share_dropped(self) -> float:
        """The share of all code points that went, from 0 to 1."""
        return 1 - self.characters_after / self.characters_before if self.characters_before else 0.0

    def as_dict(self) -> dict[str, Any]:
        """Return the summary as it is written to ``summary.json``: the same for the same input, however it was run."""
        families: dict[str, dict[str, dict[str, int]]] = {}
        for rule, (lines, characters) in sorted(self.rules.items()):
            families.setdefault(rule.split("/")[0], {})[rule] = {"lines": lines, "characters": characters}
        counts = {each.name: getattr(self, each.name) for each in fields(Tally) if each.name != "rules"}
        return {
            "files": self.files,
            "files_failed": dict(sorted(self.failures.items())),
            **counts,
            "families": families,
        }
