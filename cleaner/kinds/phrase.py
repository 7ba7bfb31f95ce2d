"""Kind ``phrase``: whole lines that are known word for word."""

from __future__ import annotations

from cleaner.document import Document
from cleaner.kinds.base import REQUIRED, Field, Kind
from cleaner.model import Hit, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cleaner.kinds.base import Context, Judge
    from cleaner.screen import Sight


def _ends_with_a_stop(line: str) -> bool:
    """Tell whether a line ends with one full stop, that of an abbreviation in capitals apart."""
    return line[-1] == "." and line[-2:-1].islower()


def _judge(rules: Sequence[Rule], context: Context) -> Judge:
    index = context.phrase_table(rules)

    def judge(
        document: Document, line: int, _: Sequence[Sight], hits: list[Hit], fits: Callable[[Rule], bool] | None
    ) -> None:
        found = index.get(document.key(line)) if line in document.known else None
        if found:
            stops = _ends_with_a_stop(document.lines[line])
            for rule in found:
                if (not stops or rule.spec["full_stop"] == "yes") and (fits is None or fits(rule)):
                    hits.append(Hit(line, rule, ""))

    return judge


KIND = Kind(
    "phrase",
    "whole lines that are known word for word",
    {
        "phrases": Field("phrases", REQUIRED, "whole lines, a list for each language"),
        "full_stop": Field(
            "word", "yes", "whether a line may end with a full stop, or is a sentence of the text then", ("yes", "no")
        ),
    },
    judge=_judge,
)
