"""The built-in rules and users' own, read once and cached ready to use.

The code that reads rule files takes a while to import, so it is imported only if nothing is cached.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from cleaner.matching import store
from cleaner.model import Rule, RuleError, SettingsError
from cleaner.rules.learned import warn_of_old_names
from cleaner.rules.ruleset import STORE, RuleSet, builtin_digest, digest_of, is_in_package, rules_folder
from cleaner.version import __version__

ENTRY_POINTS = "cleaner.rules"
# So many digits of a digest tell rules apart.
_SHOWN = 12


def builtin_rules() -> RuleSet:
    """Return the built-in rules: the cached ones, if they are fresh."""
    digest = builtin_digest()
    inside = store.load(str(STORE), digest, is_ours=True) if is_in_package() else None
    if inside is not None:
        return RuleSet(digest, inside)
    path = store.cached_path(f"builtin-{digest}")
    kept = store.load(path, digest)
    if kept is not None:
        return RuleSet(digest, kept)
    if sys.stderr is not None and sys.stderr.isatty():
        print("cleaner: reading the rules; this takes some seconds, once after they change", file=sys.stderr)
    from cleaner.rules.making import make_builtin

    made = make_builtin(rules_folder(), digest)
    store.save(path, digest, made.parts)
    return made


def own_folder(name: str | os.PathLike[str]) -> Path:
    """Return the folder or file that ``name`` means: a path, or an entry point of the group ``cleaner.rules``."""
    path = Path(name)
    if os.path.exists(name):  # false also for a name that no file can have
        return path
    from importlib.metadata import entry_points
    from importlib.resources import files

    for entry in entry_points(group=ENTRY_POINTS, name=str(name)):
        return Path(str(files(entry.value)))
    raise SettingsError(
        f"{name}: there is no such rule file or folder, and no entry point {ENTRY_POINTS} of that name; check the path"
    )


def _own_rules(path: Path, builtin: RuleSet) -> RuleSet:
    """Return the rules of a user's folder or file: the cached ones, if they are fresh."""
    digest = digest_of(path, start=builtin.digest)
    place = store.cached_path(f"own-{digest}")
    kept = store.load(place, digest)
    if kept is not None:
        return RuleSet(digest, kept)
    from cleaner.rules.making import make_own

    made = make_own(path, builtin, digest)
    store.save(place, digest, made.parts)
    return made


def load(own: Sequence[str | os.PathLike[str]]) -> dict[str, Rule]:
    """Return the built-in rules and those of the user's own files and folders, by id.

    Raises RuleError for a rule that cannot be used, that has the id of another without ``replaces``, or that replaces none.
    """
    builtin = builtin_rules()
    rules = dict(builtin.searchable)
    for name in own:
        path = own_folder(name)
        own_rules = _own_rules(path, builtin)
        if own_rules.is_old:
            warn_of_old_names(path)
        for rule_id, rule in own_rules.searchable.items():
            if rule.replaces and rule_id not in builtin.rules:
                raise RuleError(
                    f"{path}: {rule_id}: replaces: there is no built-in rule with this id; `cleaner rules list` shows them"
                )
            if rule_id in rules and not (rule.replaces and rules[rule_id] is builtin.rules[rule_id]):
                cure = "rename the file, or write replaces = true to use it in place of the built-in one"
                raise RuleError(f"{path}: the id {rule_id!r} is taken by another rule; {cure}")
            rules[rule_id] = rule
    return rules


def rules_digest(own: Sequence[str | os.PathLike[str]] | str | os.PathLike[str] = ()) -> str:
    """Return a digest of the built-in rules and of the user's own files and folders."""
    digest = builtin_digest()
    for name in [own] if isinstance(own, (str, os.PathLike)) else own:
        digest = digest_of(own_folder(name), start=digest)
    return digest


def identity(own: Sequence[str | os.PathLike[str]] = ()) -> str:
    """Return what output depends on besides the settings: the version, and a digest of the built-in rules and of the user's own.

    It is the same for the same rules, in a wheel and in a checkout.
    """
    digest = digest_of(rules_folder())
    for name in own:
        digest = digest_of(own_folder(name), start=digest)
    return f"{__version__} (rules {digest[:_SHOWN]})"
