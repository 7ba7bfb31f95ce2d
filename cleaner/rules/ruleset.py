"""Rules with everything precomputed from them, and the place of the built-in ones."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

from cleaner.kinds import KINDS
from cleaner.matching.patterns import Clause, Pattern
from cleaner.matching.prefilter import Table
from cleaner.matching.vocabulary import Vocabulary
from cleaner.model import Rule, RuleError
from cleaner.regular import files_below, read_regular

PACKAGE = Path(__file__).resolve().parent.parent
# Where wheels have the rules and the store that is made from them.
_INSIDE = PACKAGE / "builtin_rules"
STORE = PACKAGE / "builtin_rules.pickle"
_OLD = "old names"
# The code that cached rules depend on.
_CODE = ("text", "matching", "kinds", "rules")


class RuleSet:
    """Rules ready to use, with everything precomputed from them; each part is unpacked when it is first needed.

    ``digest`` is the digest of the files that the rules were read from.
    """

    def __init__(self, digest: str, parts: Mapping[str, bytes]) -> None:
        self.digest = digest
        self.parts = parts

    @classmethod
    def pack(
        cls, digest: str, rules: Mapping[str, Rule], vocabulary: Vocabulary, tables: Mapping[str, tuple[Table, Table]]
    ) -> RuleSet:
        """Return a set of rules by id, with the vocabulary of their patterns and the tables of whole presets."""
        patterns = [pattern for rule in rules.values() for pattern in _patterns_of(rule)]
        required = [pattern.required for pattern in patterns]
        parts = {name: _packed(table) for name, table in tables.items()}
        parts["vocabulary"] = _packed(vocabulary)
        parts["clauses"] = _packed([own.clauses for own in required])
        # Clauses are not needed if there is a table, so they are packed apart from the rules.
        for pattern in patterns:
            pattern.required = pattern.required._replace(clauses=())
        parts["rules"] = _packed(dict(rules))
        for pattern, own in zip(patterns, required, strict=True):
            pattern.required = own
        return cls(digest, parts)

    def marked_old(self) -> RuleSet:
        """Return the set marked as read from files with the old names (see ``cleaner.rules.learned``)."""
        return RuleSet(self.digest, {**self.parts, _OLD: b""})

    @property
    def is_old(self) -> bool:
        """Whether its files have the old names."""
        return _OLD in self.parts

    @cached_property
    def rules(self) -> dict[str, Rule]:
        """The rules by id, without the clauses of their patterns, which are in the tables; see ``searchable``."""
        rules: dict[str, Rule] = pickle.loads(self.parts["rules"])
        return rules

    @cached_property
    def searchable(self) -> dict[str, Rule]:
        """The rules by id, with the clauses of their patterns, from which tables can be made."""
        clauses: list[tuple[Clause, ...]] = pickle.loads(self.parts["clauses"])
        patterns = [pattern for rule in self.rules.values() for pattern in _patterns_of(rule)]
        for pattern, own in zip(patterns, clauses, strict=True):
            pattern.required = pattern.required._replace(clauses=own)
        return self.rules

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The pieces that the patterns share."""
        vocabulary: Vocabulary = pickle.loads(self.parts["vocabulary"])
        return vocabulary

    def tables(self, preset: str) -> tuple[Table, Table] | None:
        """Return the tables of the patterns of a whole preset, None if they were not made."""
        return pickle.loads(self.parts[preset]) if preset in self.parts else None


def _packed(thing: object) -> bytes:
    return pickle.dumps(thing, pickle.HIGHEST_PROTOCOL)


def _patterns_of(rule: Rule) -> list[Pattern]:
    """Return the patterns of a rule that are looked for in every line."""
    lists = [rule.spec[name] for name in KINDS[rule.kind].sought if KINDS[rule.kind].fields[name].type == "patterns"]
    return [pattern for by_language in lists for own in by_language.values() for pattern in own]


def is_in_package() -> bool:
    """Tell whether the built-in rules are inside the package, as in a wheel."""
    return _INSIDE.is_dir()


def rules_folder() -> Path:
    """Return the folder of the built-in rules: inside the package in a wheel, beside pyproject.toml in a checkout."""
    if is_in_package():
        return _INSIDE
    checkout = PACKAGE.parent / "rules"
    if checkout.is_dir() and (PACKAGE.parent / "pyproject.toml").is_file():
        return checkout
    raise RuleError(f"{_INSIDE}: the built-in rules are missing; install boilerplate-cleaner again")


def digest_of(folder: Path, others: Iterable[Path] = (), start: str = "") -> str:
    """Return a digest of the names and contents of the rule files in a folder, or of one file, and of other files."""
    digest = hashlib.blake2b(start.encode(), digest_size=16)
    paths = toml_files(folder) if folder.is_dir() else [folder]
    named = [(path.relative_to(folder).as_posix() if path != folder else path.name, path) for path in paths]
    for name, path in [*named, *[(path.name, path) for path in others]]:
        digest.update(f"{name}\0".encode())
        digest.update(_content(path))
    return digest.hexdigest()


def toml_files(folder: Path) -> list[Path]:
    """Return the TOML files below a folder. Raises RuleError if it holds a folder that cannot be read: no rule vanishes quietly."""
    try:
        return files_below(folder, ".toml")
    except OSError as error:
        raise RuleError(f"{error.filename}: cannot be read: {error.strerror}") from error


def _content(path: Path) -> bytes:
    try:
        return read_regular(path)
    except OSError as error:
        raise RuleError(f"{path}: cannot be read: {error.strerror}") from error


def _code() -> list[Path]:
    """Return the code files that cached rules depend on; none in a wheel, whose version identifies its code."""
    return [] if is_in_package() else sorted(path for name in _CODE for path in (PACKAGE / name).glob("*.py"))


def builtin_digest() -> str:
    """Return a digest of the built-in rules and, in a checkout, of the code that reads them."""
    return digest_of(rules_folder(), _code())
