"""The comments that people wrote into a file of learned rules, so that learning anew keeps them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Array, Comment, Table

# Where a comment is: the rule's name, the key, the entry of its list; each may be missing at the end.
Place = tuple[str, ...]
# A rule begins with the comments directly above its header.
_RULE = re.compile(r"(?m)(?:^#.*\n)*^\[rules\.[^.\]\n]+\]")


class Note(NamedTuple):
    """The comments of one place, with their ``#``: lines above it, and one beside it."""

    above: tuple[str, ...] = ()
    beside: str = ""


class Notes:
    """The comments of a file by their place. Each is handed out once, so those whose place is gone can be told."""

    def __init__(self, text: str = "", ours: Sequence[str] = ()) -> None:
        self._by_place: dict[Place, Note] = {}
        starts = [match.start() for match in _RULE.finditer(text)]
        head = text[: starts[0] if starts else len(text)]
        own = tuple(line for line in head.splitlines() if line.startswith("#") and line not in ours)
        if own:
            self._by_place[()] = Note(own)
        for start, end in pairwise([*starts, len(text)]):
            # Parsing with comments is slow, and a file may hold thousands of rules.
            if "#" in (section := text[start:end]):
                self._by_place.update(_notes(section, ours))

    def take(self, *place: str) -> Note:
        """Return the comments of a place, and forget them."""
        return self._by_place.pop(place, Note())

    def take_rest(self, *place: str) -> tuple[str, ...]:
        """Return all comments at and below a place that nothing took, and forget them."""
        rest = [known for known in self._by_place if known[: len(place)] == place]
        notes = [self._by_place.pop(known) for known in rest]
        return tuple([line for note in notes for line in (*note.above, note.beside) if line])


def entry_name(entry: Any) -> str:
    """Return what tells an entry of a list from others: its text, which learning anew does not change."""
    return str(next(iter(entry.values()), "")) if isinstance(entry, dict) else str(entry)


def _notes(section: str, ours: Sequence[str]) -> Iterator[tuple[Place, Note]]:
    try:
        document = tomlkit.parse(section)
    except TOMLKitError:
        # A header inside a text of several lines; the file as a whole is read strictly elsewhere.
        return
    above = [item.as_string().strip() for _, item in document.body if isinstance(item, Comment)]
    for name, rule in document["rules"].items():
        yield (name,), Note(tuple([line for line in above if line not in ours]), rule.trivia.comment)
        yield from _of_table((name,), rule)


def _of_table(place: Place, table: Table) -> Iterator[tuple[Place, Note]]:
    above: list[str] = []
    for key, item in table.value.body:
        if isinstance(item, Comment):
            above.append(item.as_string().strip())
        elif key is not None:
            here = (*place, key.key)
            if above or item.trivia.comment:
                yield here, Note(tuple(above), item.trivia.comment)
            above = []
            if isinstance(item, Table):
                yield from _of_table(here, item)
            elif isinstance(item, Array):
                yield from _of_list(here, item.as_string())
    if above:
        yield (*place, ""), Note(tuple(above))


def _of_list(place: Place, written: str) -> Iterator[tuple[Place, Note]]:
    """Yield the comments of a list that has one entry on each line."""
    above: list[str] = []
    for line in map(str.strip, written.removeprefix("[").removesuffix("]").splitlines()):
        if line.startswith("#"):
            above.append(line)
            continue
        entries, beside = _entries(line)
        if entries and (above or beside):
            yield (*place, entry_name(entries[0])), Note(tuple(above), beside)
            above = []
    if above:
        yield (*place, ""), Note(tuple(above))


def _entries(line: str) -> tuple[list[Any], str]:
    """Return the entries on a line of a list, and the comment after them."""
    for end in [place for place, character in enumerate(line) if character == "#"] + [len(line)]:
        try:
            found: list[Any] = tomllib.loads(f"x = [{line[:end]}]")["x"]
        except tomllib.TOMLDecodeError:
            continue
        return found, line[end:]
    return [], ""
