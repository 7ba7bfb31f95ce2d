"""Kind ``repeat``: lines that say again what the document already said."""

from __future__ import annotations

import re

from cleaner.document import Document, word_count
from cleaner.kinds.base import Field, Kind
from cleaner.model import Hit, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleaner.kinds.base import Context, Matcher

# A site's name behind a title: a separator, then a few words. Keys are folded, so every dash is "-".
_SITE = re.compile(r"\s*(?:[-|:·•/]+|::|>+)\s+\S.{0,60}")
_SITE_WORDS = 6


def _is_title_with_site(line: str, title: str) -> bool:
    rest = line[len(title) :]
    return line.startswith(title) and bool(_SITE.fullmatch(rest)) and word_count(rest.strip()) <= _SITE_WORDS + 1


def _copies_of_title(document: Document, rule: Rule, hits: list[Hit]) -> None:
    if not document.live:
        return
    titles = {document.key(document.live[0]), document.title}
    for title in titles:
        if word_count(title) < rule.spec["min_words"]:
            continue
        same = [index for index in document.live if document.key(index) == title]
        longer = [index for index in document.live if _is_title_with_site(document.key(index), title)]
        # One copy stays: the first plain one, or, where the title never stands alone, the first with a site's name.
        hits.extend([Hit(index, rule, "") for index in (same + longer if same else longer)[1:]])


def _copies_of_lines(document: Document, rule: Rule, hits: list[Hit]) -> None:
    seen: set[str] = set()
    least = rule.spec["min_words"]
    for index in document.live:
        key = document.key(index)
        if key.count(" ") + 1 < least and word_count(key) < least:
            continue
        if key in seen:
            hits.append(Hit(index, rule, ""))
        seen.add(key)


def _matcher(rules: Sequence[Rule], context: Context) -> Matcher:
    def match(document: Document, hits: list[Hit]) -> None:
        for rule in rules:
            (_copies_of_title if rule.spec["of"] == "title" else _copies_of_lines)(document, rule, hits)

    return match


KIND = Kind(
    "repeat",
    "lines that say again what the document already said; the first copy stays",
    {
        "of": Field(
            "word",
            "line",
            "`title`: the first line or the title hint, also with a site's name behind it; `line`: any",
            ("title", "line"),
        ),
        "min_words": Field("number", 3, "a shorter line may stand twice"),
    },
    _matcher,
)
