"""Which rules there are: the built-in ones, quickly, and those that users bring."""

from __future__ import annotations

import marshal
import os
import zlib

from cleaner.files import write_aside
from cleaner.model import Rule, RuleError, SettingsError
from cleaner.vocabulary import Vocabulary

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any

# Reading a hundred TOML files takes a quarter of a second, so what the engine needs of them is kept in the form in which
# Python keeps byte code (plain values, read in a few milliseconds): written when the project is installed, and in a
# checkout again whenever the content of the rules has changed.
HERE = os.path.dirname(os.path.abspath(__file__))
_COMPILED = os.path.join(HERE, "compiled_rules.bin")
_FORMAT = 18
# Understood by every Python that this project runs on.
MARSHAL_VERSION = 4
ENTRY_POINTS = "cleaner.rules"


class RuleSet:
    """Rules by id and the vocabulary of their patterns."""

    __slots__ = ("digest", "rules", "vocabulary")

    def __init__(self, rules: Sequence[Rule], vocabulary: Vocabulary, digest: int) -> None:
        self.rules = {rule.id: rule for rule in rules}
        self.vocabulary = vocabulary
        self.digest = digest


def is_in_package() -> bool:
    """Tell whether the built-in rules lie inside the package, as in a wheel, where nothing changes."""
    return os.path.isdir(os.path.join(HERE, "rules"))


def rules_folder() -> str:
    """Return the folder of the built-in rules: beside pyproject.toml in a checkout, inside the package in a wheel."""
    checkout = os.path.join(os.path.dirname(HERE), "rules")
    inside = os.path.join(HERE, "rules")
    if is_in_package():
        return inside
    if os.path.isdir(checkout) and os.path.isfile(os.path.join(os.path.dirname(HERE), "pyproject.toml")):
        return checkout
    raise RuleError(f"{inside}: the built-in rules are missing; install boilerplate-cleaner again")


def _digest(folder: str) -> int:
    """Return a checksum of the names and contents of all rule files, and of the code that reads them."""
    checksum = _FORMAT
    for root, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            if name.endswith(".toml"):
                path = os.path.join(root, name)
                with open(path, "rb") as file:
                    checksum = zlib.crc32(file.read(), zlib.crc32(path[len(folder) :].encode(), checksum))
    kinds = [os.path.join("kinds", name) for name in sorted(os.listdir(os.path.join(HERE, "kinds")))]
    for name in ("rulefile.py", "lines.py", "signs.py", "vocabulary.py", *kinds):
        if not name.endswith(".py"):
            continue
        with open(os.path.join(HERE, name), "rb") as file:
            checksum = zlib.crc32(file.read(), checksum)
    return checksum


def content_digest() -> int:
    """Return a checksum of the rules and of all code that makes something of them before texts come."""
    checksum = _digest(rules_folder())
    for name in ("characters.py", "engine.py", "indexes.py", "ruleset.py", "screen.py", "sketching.py"):
        with open(os.path.join(HERE, name), "rb") as file:
            checksum = zlib.crc32(file.read(), checksum)
    return checksum


def plain_vocabulary(vocabulary: Vocabulary) -> tuple[Any, ...]:
    """Return plain values of which the same vocabulary can be made again."""
    return (
        vocabulary.pieces,
        vocabulary.tokens,
        vocabulary.loose,
        plain(vocabulary.signs),
        vocabulary.all_folded(),
    )


def compile_rules() -> RuleSet:
    """Read the built-in rules from their files and write the compiled form; where that cannot be written, do without."""
    from pathlib import Path

    from cleaner.rulefile import read_folder

    folder = rules_folder()
    # Before they are read, so that what changes meanwhile is seen the next time.
    digest = _digest(folder)
    files, vocabulary = read_folder(Path(folder))
    compiled = RuleSet([file.rule for file in files], vocabulary, digest)
    content = {
        "digest": compiled.digest,
        "vocabulary": plain_vocabulary(vocabulary),
        "rules": [plain(rule) for rule in compiled.rules.values()],
    }
    write_aside(_COMPILED, marshal.dumps(content, MARSHAL_VERSION))
    return compiled


def plain(value: Any) -> Any:
    """Return a value with plain tuples for named ones."""
    if isinstance(value, tuple):
        return tuple([plain(part) for part in value])
    if isinstance(value, list):
        return [plain(part) for part in value]
    return {name: plain(part) for name, part in value.items()} if isinstance(value, dict) else value


def _read_compiled() -> dict[str, Any] | None:
    """Return the compiled form when it is there and fresh."""
    try:
        with open(_COMPILED, "rb") as file:
            content = marshal.loads(file.read())
        return content if content["digest"] == _digest(rules_folder()) else None
    except (OSError, ValueError, EOFError, TypeError, KeyError):
        return None


def is_compiled() -> bool:
    """Tell whether the compiled form of the rules is there and fresh, so that no rule file need be read."""
    return _read_compiled() is not None


def builtin_rules() -> RuleSet:
    """Return the built-in rules, from the compiled form when it is fresh."""
    content = _read_compiled()
    if content is None:
        return compile_rules()
    return RuleSet([Rule(*rule) for rule in content["rules"]], Vocabulary(*content["vocabulary"]), content["digest"])


def _own_folder(name: str | os.PathLike[str]) -> Path:
    """Return the folder or file that ``name`` means: a path, or an entry point of the group ``cleaner.rules``."""
    from pathlib import Path

    path = Path(name)
    if path.exists():
        return path
    from importlib.metadata import entry_points
    from importlib.resources import files

    for entry in entry_points(group=ENTRY_POINTS, name=str(name)):
        return Path(str(files(entry.value)))
    raise SettingsError(
        f"{name}: there is no such rule file or folder, and no entry point {ENTRY_POINTS} of that name; check the path"
    )


def load(own: Sequence[str | os.PathLike[str]] = ()) -> RuleSet:
    """Return the built-in rules and those of the user's own files and folders.

    Raises RuleError for a rule that cannot be used, or that takes the id of another.
    """
    found = builtin_rules()
    if not own:
        return found
    from cleaner.learnedfiles import learned_rules
    from cleaner.rulefile import read_folder

    rules = list(found.rules.values())
    vocabulary = found.vocabulary
    digest = found.digest
    taken = set(found.rules)
    for name in own:
        folder = _own_folder(name)
        learned = learned_rules(folder, vocabulary)
        if learned is None:
            files, vocabulary = read_folder(folder, vocabulary)
            read = [(file.path, file.rule) for file in files]
        else:
            read = [(folder, rule) for rule in learned]
        for path, rule in read:
            if rule.id in taken:
                raise RuleError(f"{path}: the id {rule.id!r} is taken by another rule; rename the file")
            taken.add(rule.id)
            rules.append(rule)
        for path in dict.fromkeys([path for path, _ in read]):
            digest = zlib.crc32(path.read_bytes(), digest)
    return RuleSet(rules, vocabulary, digest)
