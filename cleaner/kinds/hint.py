"""Kind ``hint``: lines that equal what the caller knows of the page: its title, its author."""

from __future__ import annotations

from cleaner.document import Document
from cleaner.kinds.base import REQUIRED, Field, Kind
from cleaner.model import Hit, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleaner.kinds.base import Context, Matcher

_LEAST = 3


def _matcher(rules: Sequence[Rule], context: Context) -> Matcher:
    bound = [(rule, list(context.chosen(rule.spec["before"]))) for rule in rules]

    def match(document: Document, hits: list[Hit]) -> None:
        for rule, before in bound:
            hint = document.title if rule.spec["of"] == "title" else document.author
            # Extractors join several authors with semicolons.
            names = [hint] if rule.spec["of"] == "title" else [*map(str.strip, hint.split(";")), hint]
            wanted = {name for name in names if len(name) >= _LEAST}
            if not wanted:
                continue
            wanted |= {f"{word}{join} {name}" for name in wanted for word in before for join in ("", ":")}
            hits.extend([Hit(index, rule, "") for index in document.live if document.key(index) in wanted])

    return match


KIND = Kind(
    "hint",
    "lines that equal what the caller knows of the page",
    {
        "of": Field("word", REQUIRED, "which hint", ("title", "author")),
        "before": Field("phrases", {}, "words that may stand before it (`By`), a list for each language"),
    },
    _matcher,
)
