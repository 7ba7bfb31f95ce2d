"""Rules learned from sites, kept packed: a file of three thousand sites is read when it is given, each site's rule when it is met."""

from __future__ import annotations

import pickle
import warnings
from typing import Any

from cleaner.model import Rule

# The calendar is one and the same in all rules of a file; the sites choose among them.
_SHARED = ("sites", "calendar")


class PackedSpec(dict[str, Any]):
    """The fields of a rule of the kind ``site``: what all of them share, and the rest in bytes, read when it is first asked for."""

    def __init__(self, shared: dict[str, Any], rest: bytes) -> None:
        super().__init__(shared)
        self._shared = shared
        self._rest = rest

    def __missing__(self, name: str) -> Any:
        rest: dict[str, Any] = pickle.loads(self._rest)
        self.update(rest)
        return rest[name]

    def __reduce__(self) -> tuple[Any, ...]:
        return PackedSpec, (self._shared, self._rest)


def is_old(table: dict[str, Any]) -> bool:
    """Tell whether a learned rule is written with the old names of its lists: `keep` for what is `drop` now, `never` for `keep`."""
    return table.get("kind") == "site" and "never" in table and "drop" not in table


def renewed(table: dict[str, Any]) -> dict[str, Any]:
    """Return a learned rule with the new names of its lists."""
    names = {"keep": "drop", "never": "keep"}
    return {names.get(name, name): value for name, value in table.items()}


def warn_of_old_names(path: object) -> None:
    """Warn that a file of learned rules is written with the old names."""
    warnings.warn(
        f"{path}: was learned by an older version, which called `keep` and `never` what is `drop` and `keep` now; learning again "
        "with it as the output rewrites it",
        FutureWarning,
        stacklevel=2,
    )


def packed(rule: Rule) -> Rule:
    """Return a rule with its fields packed, where it is one of a site."""
    if rule.kind != "site":
        return rule
    shared = {name: rule.spec[name] for name in _SHARED}
    rest = {name: value for name, value in rule.spec.items() if name not in _SHARED}
    return rule._replace(spec=PackedSpec(shared, pickle.dumps(rest, pickle.HIGHEST_PROTOCOL)))
