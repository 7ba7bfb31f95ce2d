"""One site: its pages in, its rule out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from cleaner.learning.copies import different
from cleaner.learning.examples import example_of
from cleaner.learning.judgement import Judgement, judge
from cleaner.learning.pages import Page, distinct, read_page
from cleaner.learning.support import LEAST, Line
from cleaner.text.folding import key

_WHY = """\
Lines that {site} repeats on its pages, learned from {pages} different ones. A line is here because it recurs on more of them than
chance explains (a line that looks like prose needs more) and because it keeps company with other such lines.
Price: a heading or a stock phrase of the site's authors among such lines goes with them.
"""


class How(NamedTuple):
    """How sites are judged: the least number of pages that a line must be on, and whether results hold the pages, to show them."""

    min_pages: int = LEAST
    with_pages: bool = False


class SiteResult(NamedTuple):
    """What was learned about a site: its rule as a table, or None; the judgement, and the number of different pages it is based on;
    these pages, if asked for.
    """

    site: str
    different: int
    copies: int
    judgement: Judgement
    table: dict[str, Any] | None
    pages: tuple[Page, ...]


def learn_site(
    site: str, documents: Iterable[tuple[str, str]], edits: Mapping[str, Any] | None, how: How
) -> SiteResult:
    """Learn the rule of a site from its documents, pairs of id and text in any order.

    ``edits`` is the existing rule, whose ``drop`` and ``keep`` lists are respected.
    """
    edits = edits or {}
    drop, keep = list(edits.get("drop", ())), list(edits.get("keep", ()))
    every = distinct(read_page(id, text) for id, text in documents)
    # Too few pages teach nothing, copies or not.
    pages, copies = different(every) if len(every) >= how.min_pages else (every, 0)
    judgement = judge(pages, frozenset(map(key, (*keep, *drop))), how.min_pages)
    example = example_of(judgement, pages)
    table: dict[str, Any] | None = None
    if example is not None:
        table = {
            "kind": "site",
            "sites": [site],
            "why": _WHY.format(site="the corpus" if site == "*" else site, pages=len(pages)),
            "pages": len(pages),
            "drop": drop,
            "keep": keep,
            "lines": [_entry(line, "place", "near") for line in judgement.lines],
            "frames": [_entry(line, "place", "near") for line in judgement.frames],
            "lists": [_entry(line, *(["until"] if line.until else []), "entries", "near") for line in judgement.lists],
            "ends": [_entry(line, "entries", "near") for line in judgement.ends],
            "runs": [_entry(line, "near") for line in judgement.runs],
            "doubtful": [_entry(line, "near") for line in judgement.doubtful],
            "examples": {"und": example},
        }
    elif drop or keep:
        table = dict(edits)
    return SiteResult(site, len(pages), copies, judgement, table, tuple(pages) if how.with_pages else ())


def _entry(line: Line, *names: str) -> dict[str, Any]:
    found = line._asdict()
    return {name: found[name] for name in ("text", "pages", *names, "example")}
