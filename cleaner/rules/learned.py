"""Rules learned from sites, kept packed: each is unpacked when a document of its site comes, because a file may hold thousands."""

from __future__ import annotations

import pickle
import warnings
from typing import Any

from cleaner.model import Rule

# Never packed: all rules of a file share one calendar, and a rule is chosen by its sites.
_SHARED = ("sites", "calendar")


class PackedSpec(dict[str, Any]):
    """The fields of a rule of the kind ``site``: the shared ones, and the others pickled until one is asked for."""

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
    """Tell whether a learned rule has the old names of its lists: `keep` for `drop`, and `never` for `keep`."""
    return table.get("kind") == "site" and "never" in table and "drop" not in table


def renewed(table: dict[str, Any]) -> dict[str, Any]:
    """Return a learned rule with the new names of its lists."""
    names = {"keep": "drop", "never": "keep"}
    return {names.get(name, name): value for name, value in table.items()}


def warn_of_old_names(path: object) -> None:
    """Warn that a file of learned rules has the old names."""
    warnings.warn(
        f"{path}: was learned by an older version, in which the lists `drop` and `keep` were called `keep` and `never`; learn again "
        "with it as the output to rewrite it",
        FutureWarning,
        stacklevel=2,
    )


def packed(rule: Rule) -> Rule:
    """Return a rule, with its fields packed if it is of the kind ``site``."""
    if rule.kind != "site":
        return rule
    shared = {name: rule.spec[name] for name in _SHARED}
    rest = {name: value for name, value in rule.spec.items() if name not in _SHARED}
    return rule._replace(spec=PackedSpec(shared, pickle.dumps(rest, pickle.HIGHEST_PROTOCOL)))
