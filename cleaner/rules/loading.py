"""Which rules there are: the built-in ones, and those that users bring; read once, and kept ready to use."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from cleaner.kinds import KINDS, sought_patterns
from cleaner.matching import store
from cleaner.matching.patterns import Pattern
from cleaner.matching.prefilter import Table, make_table, ranked
from cleaner.matching.vocabulary import Vocabulary
from cleaner.model import Rule, RuleError, SettingsError
from cleaner.rules.choosing import Choice, choose
from cleaner.rules.examples import Example
from cleaner.rules.files import PRESETS, RuleFile, read_examples, read_folder, read_toml, rule_paths
from cleaner.rules.learned import packed
from cleaner.text.folding import fold

PACKAGE = Path(__file__).resolve().parent.parent
# Where wheels have the rules, and what is made of them.
_INSIDE = PACKAGE / "builtin_rules"
STORE = PACKAGE / "builtin_rules.pickle"
# The code that what is kept depends on.
_CODE = ("text", "matching", "kinds", "rules")
ENTRY_POINTS = "cleaner.rules"


class RuleSet(NamedTuple):
    """Rules by id, the vocabulary of their patterns, and a digest of the files that they were read from.

    ``tables`` are made for the presets, whole.
    """

    rules: dict[str, Rule]
    vocabulary: Vocabulary
    digest: str
    tables: dict[str, Table]


def is_in_package() -> bool:
    """Tell whether the built-in rules lie inside the package, as in a wheel."""
    return _INSIDE.is_dir()


def rules_folder() -> Path:
    """Return the folder of the built-in rules: inside the package in a wheel, beside pyproject.toml in a checkout."""
    if is_in_package():
        return _INSIDE
    checkout = PACKAGE.parent / "rules"
    if checkout.is_dir() and (PACKAGE.parent / "pyproject.toml").is_file():
        return checkout
    raise RuleError(f"{_INSIDE}: the built-in rules are missing; install boilerplate-cleaner again")


def _digest_of(folder: Path, others: Iterable[Path] = (), start: str = "") -> str:
    """Return a digest of the names and contents of the rule files in a folder, or of one file, and of other files."""
    digest = hashlib.blake2b(start.encode(), digest_size=16)
    for path in [*(sorted(folder.rglob("*.toml")) if folder.is_dir() else [folder]), *others]:
        name = path.relative_to(folder).as_posix() if path.is_relative_to(folder) and path != folder else path.name
        digest.update(f"{name}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _code() -> list[Path]:
    """Return the files of code that what is kept depends on. In a wheel they are as the version says."""
    return [] if is_in_package() else sorted(path for name in _CODE for path in (PACKAGE / name).glob("*.py"))


def builtin_digest() -> str:
    """Return a digest of the built-in rules, and in a checkout of the code that reads them."""
    return _digest_of(rules_folder(), _code())


def builtin_rules() -> RuleSet:
    """Return the built-in rules, as they are kept where that is fresh."""
    digest = builtin_digest()
    inside = store.load(str(STORE), digest, is_ours=True) if is_in_package() else None
    if inside is not None:
        return RuleSet(*inside)
    path = store.cached_path(f"builtin-{digest}")
    kept = store.load(path, digest)
    if kept is not None:
        return RuleSet(*kept)
    if sys.stderr is not None and sys.stderr.isatty():
        print("cleaner: reading the rules; this takes some seconds, once after they change", file=sys.stderr)
    made = make_builtin(digest)
    store.save(path, digest, tuple(made))
    return made


def make_builtin(digest: str) -> RuleSet:
    """Read the built-in rules from their files."""
    found, vocabulary = read_folder(rules_folder())
    _rank(found, samples_of(example for file in found for example in file.examples))
    everything = RuleSet({file.rule.id: file.rule for file in found}, vocabulary, digest, {})
    for preset in PRESETS:
        everything.tables[preset] = make_table(sought_patterns(choose(everything.rules, Choice(preset))))
    return everything


def builtin_examples() -> Iterator[Example]:
    """Yield the examples of the built-in rules, without reading the rest of them."""
    for path in rule_paths(rules_folder())[1]:
        yield from read_examples(path, read_toml(path)["examples"])


def samples_of(examples: Iterable[Example]) -> list[str]:
    """Return the lines of examples, folded: which literals are rare shows in them."""
    return [fold(line.text) for example in examples for line in example.lines if line.text]


def _rank(read: Iterable[RuleFile], samples: Sequence[str]) -> None:
    """Put what the patterns of some rules ask for in the order in which it is looked for."""
    patterns: list[Pattern] = []
    for file in read:
        for name in KINDS[file.rule.kind].sought:
            if KINDS[file.rule.kind].fields[name].type == "patterns":
                patterns += [pattern for own in file.rule.spec[name].values() for pattern in own]
    for pattern, own in zip(patterns, ranked([pattern.required for pattern in patterns], samples), strict=True):
        pattern.required = own


def own_folder(name: str | os.PathLike[str]) -> Path:
    """Return the folder or file that ``name`` means: a path, or an entry point of the group ``cleaner.rules``."""
    path = Path(name)
    if path.exists():
        return path
    for entry in entry_points(group=ENTRY_POINTS, name=str(name)):
        return Path(str(files(entry.value)))
    raise SettingsError(
        f"{name}: there is no such rule file or folder, and no entry point {ENTRY_POINTS} of that name; check the path"
    )


def _own_rules(path: Path, builtin: RuleSet) -> RuleSet:
    """Return the rules of a user's folder or file, as they are kept where that is fresh."""
    digest = _digest_of(path, start=builtin.digest)
    place = store.cached_path(f"own-{digest}")
    kept = store.load(place, digest)
    if kept is None:
        found, vocabulary = read_folder(path, builtin.vocabulary)
        if any([KINDS[file.rule.kind].sought for file in found]):
            # A few examples of one's own do not show what is rare.
            _rank(found, samples_of(builtin_examples()))
        kept = {file.rule.id: packed(file.rule) for file in found}, vocabulary, digest, {}
        store.save(place, digest, kept)
    return RuleSet(*kept)


def load(own: Sequence[str | os.PathLike[str]] = ()) -> RuleSet:
    """Return the built-in rules and those of the user's own files and folders.

    Raises RuleError for a rule that cannot be used, or that takes the id of another.
    """
    found = builtin_rules()
    if not own:
        return found
    rules = dict(found.rules)
    digest = found.digest
    for name in own:
        path = own_folder(name)
        more = _own_rules(path, found)
        for rule_id, rule in more.rules.items():
            if rule_id in rules:
                raise RuleError(f"{path}: the id {rule_id!r} is taken by another rule; rename the file")
            rules[rule_id] = rule
        digest = hashlib.blake2b(f"{digest} {more.digest}".encode(), digest_size=16).hexdigest()
    return RuleSet(rules, found.vocabulary, digest, {})


def rules_digest(own: Sequence[str | os.PathLike[str]] | str | os.PathLike[str] = ()) -> str:
    """Return a digest of the built-in rules and of the user's own files and folders: other rules, another digest."""
    return load([own] if isinstance(own, (str, os.PathLike)) else own).digest
