"""Large files of learned rules, packed on disk when they are first read, so that each site's rule is read when it is needed.

A file of three thousand sites (60 MB) takes eleven seconds to read and check, and 650 MB to hold; every worker would do both.
What is packed lies beside the compiled rules and is called by a digest of the file, of this version and of the format: a file
that was edited is read and checked anew. Where nothing can be written, the rules are packed in memory.
"""

from __future__ import annotations

import hashlib
import marshal
import mmap
import os
from typing import TYPE_CHECKING, Any

from cleaner import __version__
from cleaner.files import write_aside
from cleaner.model import Rule

if TYPE_CHECKING:
    from pathlib import Path

    from cleaner.vocabulary import Vocabulary

_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "compiled_learned")
_FORMAT = 1
# Understood by every Python that this project runs on.
_MARSHAL_VERSION = 4
# Bytes of a file that is as quickly read as it is.
LEAST = 1 << 18
# So many are kept; the oldest go.
_MOST_FILES = 16
_HEAD = 8


class _Packed(dict[str, Any]):
    """The fields of a rule: its sites, and all others when one of them is asked for."""

    def __init__(self, sites: list[str], content: bytes | mmap.mmap, start: int, end: int) -> None:
        super().__init__(sites=sites)
        self._content, self._start, self._end = content, start, end

    def __missing__(self, field: str) -> Any:
        whole: dict[str, Any] = marshal.loads(self._content[self._start : self._end])
        self.update(whole)
        return whole[field]


def learned_rules(path: Path, vocabulary: Vocabulary) -> list[Rule] | None:
    """Return the rules of a large file of learned rules; None for another file. Raises RuleError for one that cannot be used."""
    if not path.is_file() or path.stat().st_size < LEAST:
        return None
    digest = hashlib.blake2b(repr((path.stem, __version__, _FORMAT, _MARSHAL_VERSION)).encode(), digest_size=20)
    digest.update(path.read_bytes())
    packed = os.path.join(_FOLDER, digest.hexdigest())
    try:
        with open(packed, "rb") as file:
            return _unpacked(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except (OSError, ValueError, EOFError, TypeError):
        pass
    from cleaner.rulefile import read_folder

    files, _ = read_folder(path, vocabulary)
    if any(file.rule.kind != "site" for file in files):
        return None
    content = _pack([file.rule for file in files])
    _make_room()
    write_aside(packed, content)
    return _unpacked(content)


def _pack(rules: list[Rule]) -> bytes:
    specs = [marshal.dumps(rule.spec, _MARSHAL_VERSION) for rule in rules]
    heads = []
    end = 0
    for rule, spec in zip(rules, specs, strict=True):
        heads.append(
            (rule.id, rule.kind, rule.preset, rule.where, rule.reach, rule.spec["sites"], end, end + len(spec))
        )
        end += len(spec)
    head = marshal.dumps(heads, _MARSHAL_VERSION)
    return b"".join([len(head).to_bytes(_HEAD, "little"), head, *specs])


def _unpacked(content: bytes | mmap.mmap) -> list[Rule]:
    size = int.from_bytes(content[:_HEAD], "little")
    heads = marshal.loads(content[_HEAD : _HEAD + size])
    first = _HEAD + size
    if heads and len(content) != first + heads[-1][-1]:
        raise ValueError("the file was cut off")
    return [
        Rule(name, kind, preset, where, reach, _Packed(sites, content, first + start, first + end))
        for name, kind, preset, where, reach, sites, start, end in heads
    ]


def _make_room() -> None:
    try:
        os.makedirs(_FOLDER, exist_ok=True)
        with os.scandir(_FOLDER) as entries:
            found = sorted([(entry.stat().st_mtime_ns, entry.path) for entry in entries])
        for _, path in found[: max(0, len(found) + 1 - _MOST_FILES)]:
            os.unlink(path)
    except OSError:
        pass
