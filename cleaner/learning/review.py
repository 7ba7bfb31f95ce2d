"""A page for review: each learned line with its pages, its place, contexts, and how much text it takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from html import escape

from cleaner.kinds.frames import Frames
from cleaner.learning.dates import calendar
from cleaner.learning.pages import Page
from cleaner.learning.site import SiteResult
from cleaner.learning.support import Line
from cleaner.text.folding import key

_CONTEXTS = 3
_SHOWN = 160

_HEAD = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>What was learned</title>
<style>
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; margin-bottom: 2rem; }
caption { text-align: start; font-weight: bold; padding: .5rem 0; }
th, td { border-top: 1px solid #8888; padding: .35rem .6rem; text-align: start; vertical-align: top; }
td.n, th.n { text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.line { overflow-wrap: anywhere; width: 45%; }
summary { cursor: pointer; }
.context { border-inline-start: 3px solid #8888; margin: .4rem 0; padding-inline-start: .6rem; font-size: .9rem; }
.context b { font-weight: 600; text-decoration: line-through; }
.context i { opacity: .7; }
@media (max-width: 40rem) {
  body { margin: 1rem auto; padding: 0 .5rem; }
  table { font-size: .8rem; }
  th, td { padding: .3rem .2rem; }
}
</style>
</head>
<body>
<h1>What was learned</h1>
<p>Each site's own lines, those on most pages first. Put a line that should stay into <code>keep</code> of its rule, one that should go
into <code>drop</code>; learning again keeps both.</p>
"""


class Review:
    """Collects the sites one by one; ``text`` is the page."""

    def __init__(self) -> None:
        self._index: list[str] = []
        self._sites: list[str] = []

    def add(self, result: SiteResult) -> None:
        """Add a site; one without learned or doubtful lines is left out."""
        judged = result.judgement
        tables = [
            ("Lines", judged.lines),
            ("Lines that vary", judged.frames),
            ("Lists below a line", judged.lists),
            ("Doubtful: these recur and stay", judged.doubtful),
        ]
        if not any(lines for _, lines in tables):
            return
        occurrences = _Occurrences(result.pages, judged.frames)
        name = f"site-{len(self._sites) + 1}"
        taken = sum(occurrences.size(line) for line in (*judged.lines, *judged.frames))
        said = f"{result.different} different pages, {result.copies} copies left out, {taken:,} characters go"
        self._index.append(f'<li><a href="#{name}">{escape(result.site)}</a>: {said}</li>\n')
        body = "".join(_table(title, lines, occurrences, result.different) for title, lines in tables if lines)
        self._sites.append(f'<section id="{name}">\n<h2>{escape(result.site)}</h2>\n<p>{said}.</p>\n{body}</section>\n')

    @property
    def text(self) -> str:
        """The page, which loads nothing from elsewhere."""
        return "".join([_HEAD, "<ul>\n", *self._index, "</ul>\n", *self._sites, "</body>\n</html>\n"])


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


def _table(title: str, lines: Sequence[Line], occurrences: _Occurrences, pages: int) -> str:
    head = '<tr><th>line</th><th class="n">pages</th><th>goes</th><th>is mostly at</th><th class="n">characters</th></tr>\n'
    rows = [
        f'<tr><td class="line"><details><summary>{_shown(line.text)}{_end(line)}</summary>{_contexts(line, occurrences)}</details></td>'
        f'<td class="n">{line.pages} of {pages}</td><td>{line.place}</td><td>{line.near}</td>'
        f'<td class="n">{occurrences.size(line):,}</td></tr>\n'
        for line in lines
    ]
    return f"<table>\n<caption>{title} ({len(lines)})</caption>\n{head}{''.join(rows)}</table>\n"


def _end(line: Line) -> str:
    if not line.entries:
        return ""
    return f" <i>up to {line.entries} lines below it{f', until {_shown(line.until)}' if line.until else ''}</i>"


def _contexts(line: Line, occurrences: _Occurrences) -> str:
    found: list[str] = []
    met: set[str] = set()
    for page, place in occurrences.of(line):
        if page.id in met:
            continue
        met.add(page.id)
        above = page.lines[place - 1] if place else ""
        below = page.lines[place + 1] if place + 1 < len(page.lines) else ""
        found.append(
            f'<div class="context"><i>{escape(page.id)}</i><br>{_shown(above)}<br>'
            f"<b>{_shown(page.lines[place])}</b><br>{_shown(below)}</div>"
        )
        if len(found) == _CONTEXTS:
            break
    return "".join(found)


def _shown(text: str) -> str:
    return escape(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")
