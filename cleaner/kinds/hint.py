"""Kind ``hint``: lines that equal the page's title or author, if the caller knows them."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.kinds.base import REQUIRED, Field, Kind, Matcher
from cleaner.model import Hit, Rule
from cleaner.snapshot import Snapshot

_LEAST = 3


def _matcher(rules: Sequence[Rule]) -> Matcher:
    def match(snapshot: Snapshot, hits: list[Hit]) -> None:
        for rule in rules:
            if rule.spec["of"] == "title":
                names = [snapshot.hints.title]
            else:
                # Extractors join several authors with semicolons.
                names = [*map(str.strip, snapshot.hints.author.split(";")), snapshot.hints.author]
            wanted = {name for name in names if len(name) >= _LEAST}
            if not wanted:
                continue
            wanted |= {f"{word}{join} {name}" for name in wanted for word in rule.spec["before"] for join in ("", ":")}
            hits.extend([Hit(place, rule, "") for place, line in enumerate(snapshot.lines) if line.key in wanted])

    return match


KIND = Kind(
    "hint",
    "lines that equal the page's title or author, if the caller knows them",
    {
        "of": Field("word", REQUIRED, "which hint", ("title", "author")),
        "before": Field("phrases", {}, "words that may come before it (`By`), a list for each language"),
    },
    _matcher,
)
