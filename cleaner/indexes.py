"""The finished index of a preset: what its rules gather for looking at lines, kept on disk and read as texts need it.

Gathering it from the rules takes a tenth of a second, and reading all of it a tenth of that; yet a text begins its lines in few
ways and meets few patterns. So the tables that are looked up by how a line begins lie there in parts, one for each three letters, and
each pattern, with its signs, is a part of its own. Like the compiled rules (see ``cleaner.ruleset``), of which it is made, it holds
plain values, is written when the project is installed, and in a checkout again whenever rules or code have changed.
"""

from __future__ import annotations

import marshal
import os
from mmap import ACCESS_READ, mmap
from time import time_ns

from cleaner import __version__
from cleaner.files import write_aside
from cleaner.model import Rule
from cleaner.patterns import LazyPattern
from cleaner.ruleset import (
    HERE,
    MARSHAL_VERSION,
    content_digest,
    is_in_package,
    plain,
    plain_vocabulary,
    rules_folder,
)
from cleaner.screen import Elsewhere, Group, Sight
from cleaner.signs import as_signs
from cleaner.vocabulary import Vocabulary

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    from cleaner.kinds.base import Context
    from cleaner.sketching import Line

_FORMAT = 3
# Parts are named by so many characters; what is shorter is read at once.
_NAMED_BY = 3
# After so many lines the rest is read, and looking for what is still to be read is over.
_MANY_LINES = 5000
# A file that was changed within so many nanoseconds may be changed again without showing it: clocks of file systems tick slowly.
_TICK = 2_000_000_000
# Of the header, in bytes.
_LENGTH = 8
_FIELDS = ("pieces", "tokens", "loose", "signs", "folded")


class _StoredPattern(LazyPattern):
    """A pattern of which source and signs are read when a line is tried."""

    __slots__ = ("_index", "_place")

    def __init__(self, index: Index, place: int, language: str, rule: str) -> None:
        self._index = index
        self._place = place
        self.language = language
        self.rule = rule
        self._vocabulary = index.vocabulary
        self._compiled = {}

    def __getattr__(self, name: str) -> Any:
        if name not in ("source", "signs"):
            raise AttributeError(name)
        self.source, known = self._index.part(self._place)
        self.signs = as_signs(known)
        return getattr(self, name)


class _StoredGroup:
    """A group of words that is read when a line is asked for them."""

    __slots__ = ("_index", "_place")

    def __init__(self, index: Index, place: int) -> None:
        self._index = index
        self._place = place

    def meets(self, words: Iterable[str], text: str) -> bool:
        """Tell whether a sketch holds one of the group (see ``Group``)."""
        return self._index.group(self._place).meets(words, text)


class _StoredVocabulary(Vocabulary):
    """A vocabulary of which each part is read when it is first asked for."""

    __slots__ = ("_index",)

    def __init__(self, index: Index) -> None:
        self._index = index
        self._used = index.header["used"]
        self.digest = index.header["pieces"]

    def __getattr__(self, name: str) -> Any:
        if name not in _FIELDS:
            raise AttributeError(name)
        value = self._index.part(self._index.header["vocabulary"][name])
        if name == "signs":
            value = {piece: as_signs(known) for piece, known in value.items()}
        setattr(self, name, value)
        return value


class Index:
    """The index of a preset, read from disk as far as texts need it. ``rules`` are the preset's, without what is in the index."""

    __slots__ = (
        "_at",
        "_by_id",
        "_data",
        "_firsts",
        "_groups",
        "_owners",
        "_parts",
        "_patterns",
        "_tables",
        "_until_all",
        "header",
        "rules",
        "vocabulary",
    )

    def __init__(self, header: dict[str, Any], data: memoryview, at: int) -> None:
        self.header = header
        self._data = data
        self._at = at
        self.rules = [Rule(*rule) for rule in header["rules"]]
        self.vocabulary: Vocabulary = _StoredVocabulary(self)
        self._by_id = {rule.id: rule for rule in self.rules}
        self._owners: Mapping[str, tuple[object, Rule]] = {}
        self._patterns: dict[int, tuple[Any, ...]] = {}
        self._groups: dict[int, Group] = {}
        # Where parts lie, and by their first letter, where it is said where they lie.
        self._parts: dict[str, int] = {}
        self._firsts: dict[str, int] = header["parts"]
        self._tables: list[dict[str, Any]] = []
        self._until_all = _MANY_LINES

    def part(self, place: int) -> Any:
        """Return the value that lies at a place."""
        return marshal.loads(self._data[self._at + place :])

    def bind(self, context: Context, phrases: dict[str, Any]) -> list[Elsewhere]:
        """Have the tables of a context, and the sketches of ``phrases``, filled from here; return what is looked for elsewhere.

        That is what may stand anywhere in a text, at its head, and at its tail.
        """
        self._owners = context.owners
        tables: list[dict[str, Any]] = [{} for _ in range(self.header["screen_tables"])]
        self._tables = [*tables, phrases, *context.tables]
        context.screen.restore(tables, self.header["lists"], self.header["digit"], self._sight)
        self._take(self.part(self.header["short"]))
        return [Elsewhere.restored(tiers, context.screen.sights) for tiers in self.header["elsewhere"]]

    def fill(self, lines: Sequence[Line]) -> None:
        """Fill the tables with all that begins as one of some lines does."""
        parts, firsts = self._parts, self._firsts
        if not (parts or firsts):
            return
        self._until_all -= len(lines)
        is_all = self._until_all < 0
        starts = {line.start[:_NAMED_BY] for line in lines}
        # What is said to be missing goes last, as this is what tells another thread that it is there.
        for first in list(firsts) if is_all else firsts.keys() & {start[:1] for start in starts}:
            if (place := firsts.get(first)) is not None:
                parts.update(self.part(place))
                firsts.pop(first, None)
        for start in list(parts) if is_all else parts.keys() & starts:
            if (place := parts.get(start)) is not None:
                self._take(self.part(place))
                parts.pop(start, None)

    def _take(self, part: list[tuple[int, dict[str, Any]]]) -> None:
        of_rules = self.header["screen_tables"] + 1
        for number, entries in part:
            if number >= of_rules:
                entries = {phrase: tuple([self._by_id[rule] for rule in rules]) for phrase, rules in entries.items()}
            self._tables[number].update(entries)

    def _sight(self, order: tuple[int, int]) -> Sight:
        _, count = order
        found = self._patterns.get(count)
        if found is None:
            rule, language, place, needs, words, size, digit, groups = self.part(self.header["patterns"][count - 1])
            owner, bound = self._owners[rule]
            pattern = _StoredPattern(self, place, language, rule)
            own: tuple[Any, ...] = tuple([_StoredGroup(self, place) for place in groups])
            made = owner, (bound, pattern), needs, words, size, digit, own
            # Another thread may have made it meanwhile; there is one.
            found = self._patterns.setdefault(count, made)
        return Sight(order, *found)

    def group(self, place: int) -> Group:
        """Return a group, the same for all patterns that have it."""
        found = self._groups.get(place)
        if found is None:
            words, literals = self.part(place)
            found = self._groups[place] = Group(frozenset(words), literals)
        return found


# --- Reading and writing -------------------------------------------------------------------------------------------


def _path(preset: str) -> str:
    return os.path.join(HERE, f"compiled_{preset}.bin")


def read_index(preset: str) -> Index | None:
    """Return the index of a preset when it is there and fresh."""
    try:
        with open(_path(preset), "rb") as file:
            data = memoryview(mmap(file.fileno(), 0, access=ACCESS_READ))
        at = _LENGTH + int.from_bytes(data[:_LENGTH], "big")
        header = marshal.loads(data[_LENGTH:at])
        if header["format"] != (_FORMAT, __version__) or len(data) != at + header["size"]:
            return None
        if not is_in_package():
            # Files of a wheel do not change; those of a checkout do.
            stamp = _stamp()
            if header["stamp"] != stamp:
                if header["digest"] != content_digest():
                    return None
                _write(preset, {**header, "stamp": _unless_young(stamp)}, data[at:])
        return Index(header, data, at)
    except (OSError, ValueError, EOFError, TypeError, KeyError):
        return None


def state() -> dict[str, Any]:
    """Return by what an index is known as fresh, if it is made of rules that are read after this."""
    stamp = _stamp()
    return {"stamp": _unless_young(stamp), "digest": content_digest()}


def write_index(
    preset: str, rules: Iterable[Rule], vocabulary: Vocabulary, gathered: Mapping[str, Any], made_of: Mapping[str, Any]
) -> None:
    """Write the index of a preset; where it cannot be written, do without.

    ``gathered`` is what its engine gathered (see ``Engine.plain``), ``made_of`` the ``state`` before its rules were read.
    """
    from cleaner.sketching import sketch_key

    blob = bytearray()

    def put(value: Any) -> int:
        place = len(blob)
        blob.extend(marshal.dumps(value, MARSHAL_VERSION))
        return place

    tables, lists, digit, asked = gathered["screen"]
    every: list[tuple[dict[str, Any], Callable[[str], str]]] = [
        (table, str) for table in (*tables, gathered["phrases"])
    ]
    every += [
        ({phrase: [rule.id for rule in own] for phrase, own in table.items()}, sketch_key)
        for table in gathered["tables"]
    ]
    parts: dict[str, dict[int, dict[str, Any]]] = {}
    for number, (table, begins) in enumerate(every):
        for name, entry in table.items():
            start = begins(name)[:_NAMED_BY]
            parts.setdefault(start if len(start) == _NAMED_BY else "", {}).setdefault(number, {})[name] = entry
    groups: dict[Any, int] = {}
    patterns: list[int] = []
    for signs, _, (rule, pattern), words, needs, own in asked:
        for group in own:
            if group not in groups:
                groups[group] = put(group)
        place = put((pattern.source, plain(signs)))
        shown = needs, words, signs.longest, signs.digit, tuple([groups[group] for group in own])
        patterns.append(put((rule.id, pattern.language, place, *shown)))
    in_tables = {rule.id for table in gathered["tables"] for own in table.values() for rule in own}
    taken = {"phrases": in_tables, "patterns": gathered["owned"]}
    by_first: dict[str, dict[str, int]] = {}
    short = put(list(parts.pop("", {}).items()))
    for start, part in sorted(parts.items()):
        by_first.setdefault(start[0], {})[start] = put(list(part.items()))
    header: dict[str, Any] = {
        "format": (_FORMAT, __version__),
        **made_of,
        "rules": [
            (
                *rule[:-1],
                {name: plain(value) for name, value in rule.spec.items() if rule.id not in taken.get(name, ())},
            )
            for rule in rules
        ],
        "screen_tables": len(tables),
        "lists": lists,
        "digit": digit,
        "elsewhere": gathered["elsewhere"],
        "short": short,
        "parts": {first: put(places) for first, places in by_first.items()},
        "patterns": patterns,
        "pieces": _digest_of(vocabulary),
        "used": {
            pattern[0]: vocabulary.used_by(pattern[0])
            for rule in rules
            for field, lists in rule.spec.items()
            if isinstance(lists, dict) and rule.id not in taken.get(field, ())
            for patterns_of in lists.values()
            for pattern in patterns_of
            if not isinstance(pattern, str)
        },
        "vocabulary": {
            name: put(_shared(value)) for name, value in zip(_FIELDS, plain_vocabulary(vocabulary), strict=True)
        },
    }
    header["size"] = len(blob)
    _write(preset, header, blob)


def _write(preset: str, header: Mapping[str, Any], blob: bytes | bytearray | memoryview) -> None:
    content = marshal.dumps(dict(header), MARSHAL_VERSION)
    write_aside(_path(preset), len(content).to_bytes(_LENGTH, "big") + content + bytes(blob))


def _shared(value: Any, known: dict[Any, Any] | None = None) -> Any:
    """Return a value with tuples for lists, in which what is equal is the same, so that it is written and read once."""
    known = {} if known is None else known
    if isinstance(value, dict):
        return {_shared(name, known): _shared(entry, known) for name, entry in value.items()}
    if isinstance(value, (list, tuple)):
        value = tuple([_shared(entry, known) for entry in value])
    return known.setdefault((type(value), value), value)


def _digest_of(vocabulary: Vocabulary) -> str:
    """Return a checksum of the pieces of a vocabulary and of the code that makes patterns of them."""
    from hashlib import sha256

    with open(os.path.join(HERE, "vocabulary.py"), "rb") as file:
        return sha256(file.read() + repr(sorted(vocabulary.pieces.items())).encode()).hexdigest()


def _stamp() -> list[tuple[str, int, int]]:
    """Return names, times and sizes of all files of which an index is made, rules and code."""
    found: list[tuple[str, int, int]] = []
    waiting = [rules_folder(), HERE]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                name = entry.name
                if name.endswith((".toml", ".py")):
                    state = entry.stat()
                    found.append((entry.path, state.st_mtime_ns, state.st_size))
                elif "." not in name and name[0] != "_" and entry.is_dir():
                    waiting.append(entry.path)
    found.sort()
    return found


def _unless_young(stamp: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Return a stamp, or one that no files have, where files may yet change without changing it."""
    return stamp if max([time for _, time, _ in stamp]) < time_ns() - _TICK else []
