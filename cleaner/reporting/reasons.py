"""What the files of rules say of them: why, and at what price."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cleaner.engine.passes import DROP
from cleaner.model import CleanerError
from cleaner.rules.files import rule_tables
from cleaner.rules.loading import own_folder
from cleaner.rules.ruleset import rules_folder

_PRICE = re.compile(r"(?:^|(?<=\s))Price:\s*")


class Reason(NamedTuple):
    """Why a rule is there, paragraph by paragraph, what it will get wrong, and how it works."""

    why: tuple[str, ...]
    price: str = ""
    kind: str = ""
    evidence: str = ""


_OWN = Reason(("You named these lines in drop.",), "", "own", "certain")


def reasons(wanted: Iterable[str], own: Sequence[str | os.PathLike[str]] = ()) -> dict[str, Reason]:
    """Return the reasons of rules by id; a rule that is not known, such as one of findings made elsewhere, has none."""
    asked = set(wanted)
    found = {DROP.id: _OWN} if DROP.id in asked else {}
    for folder in [rules_folder(), *[own_folder(name) for name in own]]:
        try:
            tables = rule_tables(folder)
        except CleanerError:
            continue
        for rule_id in asked & set(tables):
            _, table = tables[rule_id]
            found[rule_id] = _reason(table)
    return found


def _reason(table: dict[str, object]) -> Reason:
    why, *price = _PRICE.split(str(table.get("why", "")).strip())
    paragraphs = tuple(" ".join(part.split()) for part in why.split("\n\n") if part.strip())
    default = "certain" if table.get("kind") == "site" else "strong"
    evidence = str(table.get("evidence", default))
    return Reason(paragraphs, " ".join(" ".join(price).split()), str(table.get("kind", "")), evidence)
