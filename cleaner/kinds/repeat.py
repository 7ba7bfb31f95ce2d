"""Kind ``repeat``: lines that say again what the document already said."""

from __future__ import annotations

from itertools import pairwise

from cleaner.document import Document
from cleaner.expressions import expression
from cleaner.kinds.base import REQUIRED, Field, Kind
from cleaner.lines import word_count
from cleaner.model import Hit, Rule
from cleaner.sketching import sketch_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleaner.kinds.base import Context, Matcher

# A site's name behind a title: a separator, then a few words. Keys are folded, so every dash is "-".
_SITE = expression(r"\s*(?:[-|:·•/]+|::|>+)\s+\S.{0,60}")
# The same, read backwards: a site's name without separators, a space, the separator, a space.
_LAST_SITE = expression(r"[^-|:·•/>]{2,61}+(?<= )(?:[-|:·•/]++|>++) ")
_SITE_WORDS = 6


def _is_title_with_site(line: str, title: str) -> bool:
    rest = line[len(title) :]
    return line.startswith(title) and bool(_SITE.fullmatch(rest)) and word_count(rest.strip()) <= _SITE_WORDS + 1


def _copies_of_title(document: Document, rule: Rule, hits: list[Hit]) -> None:
    if not document.live:
        return
    same = document.same
    first = document.key(document.live[0])
    titles = {first: same[document.live[0]]}
    if document.title:
        titles[document.title] = sketch_key(document.title)
    if site := _LAST_SITE.match(first[::-1]):
        titles[first[: -site.end()]] = sketch_key(first[: -site.end()])
    for title, opening in titles.items():
        if not _is_fit(title, rule):
            continue
        begun = [place for place in document.live if same[place].startswith(opening)]
        copies = [place for place in begun if document.key(place) == title]
        longer = [place for place in begun if _is_title_with_site(document.key(place), title)]
        # One copy stays: the first plain one, or, where the title never stands alone, the first with a site's name.
        hits.extend([Hit(place, rule, "") for place in (copies + longer if copies else longer)[1:]])


def _copies_of_neighbours(document: Document, rule: Rule, hits: list[Hit]) -> None:
    same = document.same
    for above, place in pairwise(document.live):
        if same[above] == same[place] and document.key(above) == (key := document.key(place)) and _is_fit(key, rule):
            hits.append(Hit(place, rule, ""))


def _is_fit(key: str, rule: Rule) -> bool:
    least: int = rule.spec["min_words"]
    most: int = rule.spec["max_words"]
    return len(key) <= most * 16 and least <= word_count(key) <= most


def _matcher(rules: Sequence[Rule], context: Context) -> Matcher:
    def match(document: Document, hits: list[Hit]) -> None:
        for rule in rules:
            (_copies_of_title if rule.spec["of"] == "title" else _copies_of_neighbours)(document, rule, hits)

    return match


KIND = Kind(
    "repeat",
    "lines that say again what the document already said; the first copy stays",
    {
        "of": Field(
            "word",
            REQUIRED,
            "`title`: of the first line or the title hint, anywhere, also with a site's name behind it; `neighbour`: of the line above",
            ("title", "neighbour"),
        ),
        "min_words": Field("number", 3, "a shorter line may stand twice"),
        "max_words": Field("number", 25, "a longer line is neither a title nor a caption"),
    },
    _matcher,
)
