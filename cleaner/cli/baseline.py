"""A baseline: findings that are known, and are not reported again.

A finding is known by its file, its rule and its line's text, and as often as it is there; the line's number may change.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from typing import Any

from cleaner.atomic import remove_leftovers, write_atomically
from cleaner.model import Explanation, Finding, InputError

_VERSION = 1
# File, rule, text.
Known = tuple[str, str, str]


class Baseline:
    """Findings that are known (``--baseline``), or that are gathered to be known (``--write-baseline``), in a file."""

    def __init__(self, path: str, is_read: bool) -> None:
        self._path = path
        # Files are named from the baseline's own folder, so it can be used from any other.
        self._folder = os.path.dirname(os.path.abspath(path))
        self._known: Counter[Known] = self._read() if is_read else Counter()
        self._left = self._known.copy()

    def _read(self) -> Counter[Known]:
        try:
            with open(self._path, encoding="utf-8") as file:
                table = json.load(file)
            if table["version"] != _VERSION:
                raise ValueError(f"it has version {table['version']!r}")
            return Counter(
                {(each["path"], each["rule"], each["text"]): int(each["count"]) for each in table["findings"]}
            )
        except OSError as error:
            raise InputError(f"{self._path}: cannot be read: {error.strerror}") from error
        except (ValueError, KeyError, TypeError) as error:
            cure = "write it anew with --write-baseline"
            raise InputError(f"{self._path}: is not a baseline of this version ({error}); {cure}") from error

    def _name(self, path: str) -> str:
        return (
            os.path.relpath(os.path.abspath(path), self._folder).replace(os.sep, "/") if os.path.exists(path) else path
        )

    def add(self, path: str, explained: Explanation) -> None:
        """Gather the findings of a document."""
        name = self._name(path)
        self._known.update([(name, finding.rule, finding.text) for finding in explained.by_line])

    def new(self, path: str, explained: Explanation) -> Explanation:
        """Return what cleaning made of a document without the findings that are known."""
        name = self._name(path)
        return explained._replace(
            findings=tuple([each for each in explained.by_line if not self._is_known(name, each)])
        )

    def _is_known(self, name: str, finding: Finding) -> bool:
        known = name, finding.rule, finding.text
        if self._left[known] < 1:
            return False
        self._left[known] -= 1
        return True

    def write(self) -> int:
        """Write the findings that were gathered, and return how many they are."""
        entries: list[dict[str, Any]] = [
            {"path": path, "rule": rule, "text": text, "count": count}
            for (path, rule, text), count in sorted(self._known.items())
        ]
        lines = ",\n".join([f"  {json.dumps(entry, ensure_ascii=False)}" for entry in entries])
        content = f'{{"version": {_VERSION}, "findings": [\n{lines}\n]}}\n'
        remove_leftovers(os.path.dirname(os.path.realpath(self._path)))
        write_atomically(self._path, content.encode("utf-8", "replace"))
        return self._known.total()
