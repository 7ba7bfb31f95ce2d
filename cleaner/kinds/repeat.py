"""Kind ``repeat``: lines that repeat an earlier line or the title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from cleaner.kinds.base import REQUIRED, Field, Kind, Matcher
from cleaner.model import Hit, Rule
from cleaner.snapshot import Snapshot
from cleaner.text.folding import key as key_of
from cleaner.text.lines import is_cry, word_count

# A site's name behind a title: a separator, then a few words. Keys are folded, so every dash is "-".
_SITE = re.compile(r"\s*(?:[-|:·•/]+|::|>+)\s+\S.{0,60}")
# The same, read backwards: a site's name without separators, a space, the separator, a space.
_LAST_SITE = re.compile(r"[^-|:·•/>]{2,61}+(?<= )(?:[-|:·•/]++|>++) ")
_SITE_WORDS = 6
# Titles may end in a question mark or in three dots, but not in these.
_NO_HEADLINE = (".", ":", ",", ";", "：", "，", "。")


def _is_title_with_site(line: str, title: str) -> bool:
    rest = line[len(title) :]
    return line.startswith(title) and bool(_SITE.fullmatch(rest)) and word_count(rest.strip()) <= _SITE_WORDS + 1


def _is_headline(line: str) -> bool:
    """Tell whether a first line may be a title, not a row of a table, a full sentence, or an introduction to the next line."""
    return not line.startswith("|") and (line.endswith("...") or not line.endswith(_NO_HEADLINE))


def _copies_of_title(snapshot: Snapshot, rule: Rule, hits: list[Hit]) -> None:
    if not snapshot.lines:
        return
    keys = [line.key for line in snapshot.lines]
    titles = {key_of(title) for title in snapshot.hints.title}
    if _is_headline(snapshot.lines[0].text):
        titles.add(keys[0])
        if site := _LAST_SITE.match(keys[0][::-1]):
            titles.add(keys[0][: -site.end()])
    for title in titles:
        if not _is_fit(title, rule):
            continue
        begun = [place for place, key in enumerate(keys) if key.startswith(title)]
        copies = [place for place in begun if keys[place] == title]
        longer = [place for place in begun if _is_title_with_site(keys[place], title)]
        # One copy stays: the first plain one, or else the first with a site's name.
        hits.extend([Hit(place, rule, "") for place in (copies + longer if copies else longer)[1:]])


def _copies_of_neighbours(snapshot: Snapshot, rule: Rule, hits: list[Hit]) -> None:
    for place, (above, line) in enumerate(pairwise(snapshot.lines), 1):
        if above.key == line.key and _is_fit(line.key, rule) and not is_cry(line.text):
            hits.append(Hit(place, rule, ""))


def _is_fit(key: str, rule: Rule) -> bool:
    least: int = rule.spec["min_words"]
    most: int = rule.spec["max_words"]
    return len(key) <= most * 16 and least <= word_count(key) <= most


def _matcher(rules: Sequence[Rule]) -> Matcher:
    def match(snapshot: Snapshot, hits: list[Hit]) -> None:
        for rule in rules:
            (_copies_of_title if rule.spec["of"] == "title" else _copies_of_neighbours)(snapshot, rule, hits)

    return match


KIND = Kind(
    "repeat",
    "lines that repeat an earlier line or the title; the first copy stays",
    {
        "of": Field(
            "word",
            REQUIRED,
            "`title`: of the first line or the title hint, anywhere, also with a site's name behind it; `neighbour`: of the line "
            "above",
            ("title", "neighbour"),
        ),
        "min_words": Field("number", 3, "a shorter line may be repeated"),
        "max_words": Field("number", 25, "a longer line is neither a title nor a caption"),
    },
    _matcher,
)
