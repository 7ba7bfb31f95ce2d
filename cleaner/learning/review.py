"""A page for review: each learned line with its pages, its place, contexts, and how much text it takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from cleaner.kinds.frames import Frames
from cleaner.learning.dates import calendar
from cleaner.learning.pages import Page
from cleaner.learning.site import SiteResult
from cleaner.learning.support import Line
from cleaner.rules.loading import identity
from cleaner.templates.rendering import check_jinja, render
from cleaner.text.folding import key

_CONTEXTS = 3


class _Context(NamedTuple):
    """A line on one page, between its neighbours."""

    page: str
    above: str
    line: str
    below: str


class _Row(NamedTuple):
    """A line as the page shows it; ``size`` is how many code points it takes on all pages."""

    line: Line
    size: int
    contexts: Sequence[_Context]


class _Site(NamedTuple):
    """What was learned of one site: what is said of all of it, and its lines in tables with a title."""

    name: str
    said: str
    tables: Sequence[tuple[str, Sequence[_Row]]]
    pages: int


class Review:
    """Collects the sites one by one; ``text`` is the page."""

    def __init__(self) -> None:
        check_jinja()
        self._sites: list[_Site] = []

    def add(self, result: SiteResult) -> None:
        """Add a site; one without learned or doubtful lines is left out."""
        judged = result.judgement
        tables = [
            ("Lines", judged.lines),
            ("Lines that vary", judged.frames),
            ("Lists below a line", judged.lists),
            ("The article ends at these lines", judged.ends),
            ("Runs of words that lines begin or end with", judged.runs),
            ("Doubtful: these recur and stay", judged.doubtful),
        ]
        if not any(lines for _, lines in tables):
            return
        occurrences = _Occurrences(result.pages, judged.frames)
        taken = sum(occurrences.size(line) for line in (*judged.lines, *judged.frames))
        said = f"{result.different} different pages, {result.copies} copies left out, {taken:,} characters go"
        shown = [
            (title, [_Row(line, occurrences.size(line), _contexts(line, occurrences)) for line in lines])
            for title, lines in tables
            if lines
        ]
        self._sites.append(_Site(result.site, said, shown, result.different))

    @property
    def text(self) -> str:
        """The page, which needs nothing from elsewhere."""
        return render("review.html.j2", sites=self._sites, version=identity())


class _Occurrences:
    """Where the lines of a site are on its pages."""

    def __init__(self, pages: Sequence[Page], frames: Sequence[Line]) -> None:
        self._found: dict[str, list[tuple[Page, int]]] = defaultdict(list)
        varied = Frames((frame.text for frame in frames), calendar())
        for page in sorted(pages, key=lambda page: (page.id, page.digest)):
            for place, line in enumerate(page.keys):
                if line:
                    self._found[line].append((page, place))
                    if (frame := varied.find(line)) is not None:
                        self._found[frame.text].append((page, place))

    def of(self, line: Line) -> list[tuple[Page, int]]:
        return self._found[line.text] or self._found[key(line.text)]

    def size(self, line: Line) -> int:
        """Return how many code points a line takes on all pages."""
        return sum(len(page.lines[place]) for page, place in self.of(line))


def _contexts(line: Line, occurrences: _Occurrences) -> list[_Context]:
    found: list[_Context] = []
    met: set[str] = set()
    for page, place in occurrences.of(line):
        if page.id in met:
            continue
        met.add(page.id)
        above = page.lines[place - 1] if place else ""
        below = page.lines[place + 1] if place + 1 < len(page.lines) else ""
        found.append(_Context(page.id, above, page.lines[place], below))
        if len(found) == _CONTEXTS:
            break
    return found
