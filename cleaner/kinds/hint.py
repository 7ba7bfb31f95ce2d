"""Kind ``hint``: lines that equal what the caller knows of the page, such as its title, or that hold little else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from cleaner.kinds.base import REQUIRED, Field, Kind, Matcher, matches_any
from cleaner.kinds.outside import outside_text
from cleaner.model import HINTS, Hints, Hit, Rule
from cleaner.snapshot import Line, Snapshot
from cleaner.text.folding import LONGEST_KEY, key, straighten
from cleaner.text.lines import word_count

_LEAST = 3
# Patterns see one of these private-use characters for each text of a hint; the vocabulary calls them `known_title` and so on.
MARKS = {name: chr(0xE000 + place) for place, name in enumerate(HINTS)}
# Hints whose texts are marked in lines. Others are whole lines.
_MARKED = ("title", "author", "site_name", "tags")
# Longer lines are not marked: no byline and no row of tags has so many words.
_LONGEST, _WORDS = 300, 40
_NUMBER = re.compile(r"\d+")
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
# A site's name behind a title.
_SITE = re.compile(r"(.+\S) (?:[-|:·•»/]|::|>+) \S.*")
_SITE_WORDS, _TITLE_WORDS = 6, 3
# A text that repeats another one has so many words; if it is cut off, dots show it.
_COPY_WORDS, _DOTS = 6, ("...", "…")
_BETWEEN_LINKS = re.compile(r"\\?[|·•»«/,–]+| [-:>]+ ")
# Comments are in a text if it has at least so many lines of them, and at least so great a part.
_COMMENT_LINES, _COMMENT_SHARE = 2, 0.5


def _texts(name: str, hints: Hints) -> tuple[str, ...]:
    found: tuple[str, ...] = getattr(hints, name)
    if name == "author":
        # Extractors join several authors with semicolons.
        return _once([one.strip() for each in found for one in (each, *each.split(";"))])
    if name == "title":
        return _once([one for each in found for one in _titles(each)])
    return found


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _titles(title: str) -> list[str]:
    """Return a title, and the title without the name of the site behind it."""
    found = _SITE.fullmatch(straighten(title))
    if found is None:
        return [title]
    bare = title[: found.end(1)]
    site = title[found.end(1) :]
    return [title, bare] if word_count(bare) >= _TITLE_WORDS and word_count(site) <= _SITE_WORDS else [title]


@lru_cache(maxsize=64)
def _keys(texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset([one for one in map(key, texts) if len(one) >= _LEAST])


@lru_cache(maxsize=16)
def _finder(hints: Hints) -> re.Pattern[str] | None:
    """Return an expression that finds the texts of hints in a line, the longest first; None if there are none."""
    named = {straighten(text).strip(): name for name in _MARKED for text in _texts(name, hints)}
    wanted = sorted(
        [text for text in named if len(key(text)) >= _LEAST or named[text] == "tags"], key=len, reverse=True
    )
    groups: dict[str, list[str]] = {}
    for text in wanted:
        if len(text) <= _LONGEST:
            groups.setdefault(named[text], []).append(text)
    if not groups:
        return None
    parts = [f"(?P<{name}>{'|'.join([re.escape(text) for text in texts])})" for name, texts in groups.items()]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)


def marked(line: str, hints: Hints) -> str:
    """Return a line, as patterns see it, with a mark in the place of each text of a hint."""
    finder = _finder(hints._replace(description=(), captions=(), comments=(), date=(), site=""))
    if finder is None or len(line) > _LONGEST:
        return line
    return finder.sub(lambda match: MARKS[match.lastgroup or ""], line)


def _equal(rule: Rule, snapshot: Snapshot) -> Iterable[int]:
    """Return the places of lines that equal a text of the hint."""
    wanted = _keys(_texts(rule.spec["of"], snapshot.hints))
    if rule.spec["before"]:
        wanted |= {f"{word}{join} {name}" for name in wanted for word in rule.spec["before"] for join in ("", ":")}
    if any([len(each) > LONGEST_KEY for each in wanted]):
        return [place for place, line in enumerate(snapshot.lines) if _key_of(line) in wanted]
    return [place for place, line in enumerate(snapshot.lines) if line.key in wanted]


def _key_of(line: Line) -> str:
    return line.key or key(line.text)


def _marked(rule: Rule, snapshot: Snapshot) -> Iterable[int]:
    """Return the places of lines that hold a text of the hint and match a pattern."""
    mark = MARKS[rule.spec["of"]]
    for place, line in enumerate(snapshot.lines):
        if len(line.text) <= _LONGEST and line.words <= _WORDS:
            shown = marked(line.plain, snapshot.hints)
            if mark in shown and matches_any(rule.spec["patterns"], shown):
                yield place


def _dated(rule: Rule, snapshot: Snapshot) -> Iterable[int]:
    """Return the places of lines that match a pattern and name the day of the hint."""
    days = [(int(found[1]), int(found[3])) for date in snapshot.hints.date if (found := _ISO.match(date))]
    for place, line in enumerate(snapshot.lines):
        if len(line.text) > _LONGEST or not days:
            continue
        numbers = [int(one) for one in _NUMBER.findall(line.plain) if len(one) <= 4]
        if any([day in numbers and (year in numbers or year % 100 in numbers) for year, day in days]) and matches_any(
            rule.spec["patterns"], marked(line.plain, snapshot.hints)
        ):
            yield place


def _copies(rule: Rule, snapshot: Snapshot) -> Iterable[int]:
    """Return the places of lines that are the hint, or its beginning with dots behind it, and that another line begins with."""
    keys = [_key_of(line) for line in snapshot.lines]
    for text in _keys(snapshot.hints.description):
        for place, line in enumerate(snapshot.lines):
            own = keys[place]
            is_cut = line.text.endswith(_DOTS) and text.startswith(own) and word_count(own) >= _COPY_WORDS
            if (own == text and word_count(own) >= _COPY_WORDS) or (is_cut and own):
                # The last one of several that are equal stays.
                rest = [one for other, one in enumerate(keys) if other > place or (other < place and one != own)]
                if any([one.startswith(own) for one in rest]):
                    yield place


def _of_comments(rule: Rule, snapshot: Snapshot) -> Iterable[int]:
    """Return the places of lines of comments, if the text holds the comments and does not only share lines with them."""
    wanted = _keys(_once([line for text in snapshot.hints.comments for line in text.splitlines()]))
    places: dict[str, int] = {}
    for place, line in enumerate(snapshot.lines):
        if (line_key := _key_of(line)) in wanted:
            # A comment that quotes the text is below it.
            places[line_key] = place
    if len(places) < _COMMENT_LINES or len(places) < _COMMENT_SHARE * len(wanted):
        return []
    # Comments are together: a line that has none of them beside it is the text's.
    found = set(places.values())
    return [place for place in found if {place - 1, place + 1} & found]


def _linked(rule: Rule, snapshot: Snapshot) -> Iterable[int]:
    """Return the places of lines that are links, or rows of links, outside the running text."""
    wanted = _keys(snapshot.hints.links)

    def is_of_links(line: Line) -> bool:
        return line.key in wanted or (line.key != "" and all([key(one) in wanted for one in _parts(line.text)]))

    return outside_text(snapshot.lines, is_of_links, is_of_links)


def _parts(text: str) -> list[str]:
    """Return the parts of a line between marks, without what has neither letter nor digit."""
    return [part.strip() for part in _BETWEEN_LINKS.split(text) if any(map(str.isalnum, part))]


_WAYS: dict[str, Callable[[Rule, Snapshot], Iterable[int]]] = {
    "date": _dated,
    "description": _copies,
    "comments": _of_comments,
    "links": _linked,
    # One tag is also a heading.
    "tags": lambda rule, snapshot: (),
}


def _matcher(rules: Sequence[Rule]) -> Matcher:
    def match(snapshot: Snapshot, hits: list[Hit]) -> None:
        for rule in rules:
            name = rule.spec["of"]
            if not getattr(snapshot.hints, name):
                continue
            places = set(_WAYS.get(name, _equal)(rule, snapshot))
            if name in _MARKED and rule.spec["patterns"]:
                places |= set(_marked(rule, snapshot))
            hits.extend([Hit(place, rule, "") for place in sorted(places)])

    return match


KIND = Kind(
    "hint",
    "lines that equal what the caller knows of the page, such as its title, or that hold little else",
    {
        "of": Field(
            "word",
            REQUIRED,
            "which hint: lines that equal one of its texts; of `date`, lines that name the day and match a pattern; of `description`, "
            "its copies; of `comments`, lines beside each other; of `tags`, only what matches a pattern; "
            "of `links`, rows of them outside the running text",
            HINTS,
        ),
        "before": Field("phrases", {}, "words that may come before it (`By`), a list for each language"),
        "patterns": Field(
            "patterns",
            {},
            "patterns in which `(?&known_title)`, `(?&known_author)`, `(?&known_site_name)` and `(?&known_tags)` are texts of the hints; "
            "a line that holds one of `of` and matches goes, too",
        ),
    },
    _matcher,
)
