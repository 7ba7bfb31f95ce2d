"""Records that the parts exchange, and errors that are meant for people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

# Named sets of rules, each part of the next.
PRESETS = ("default", "body")
# How sure a rule is of the lines that it hits, surest first.
EVIDENCE = ("certain", "strong", "fair", "weak", "faint", "attached")
# What is done to the spaces of a text.
WHITESPACE = ("text", "layout", "off")
# Takes the place of a rule's id in findings of lines whose encoding or whitespace was repaired.
NORMALIZE = "normalize"


class CleanerError(Exception):
    """An error that the caller can fix; the message says where, what, and what to do."""


class RuleError(CleanerError):
    """A rule file that cannot be used. The message names the file, the key and the fix."""


class SettingsError(CleanerError):
    """An option or a configuration file that asks for something that does not exist."""


class InputError(CleanerError):
    """Input that cannot be read or cleaned; the message says why, and what to do."""


class PatternTimeoutError(CleanerError):
    """A pattern ran out of time on a line. The text is not returned half cleaned."""


class Finding(NamedTuple):
    """What happened to one line, and the rule that decided.

    ``start`` and ``end`` are code point offsets of the line in the original text, without its line break;
    ``text`` is ``original[start:end]``; ``line`` counts from 1, at every kind of line break that ``str.splitlines`` knows.
    ``replacement`` is what is left of the normalized line: empty if the line is dropped. ``also`` are the ids of other
    rules that would have left the same. A line that no rule hit but whose encoding or whitespace was repaired has a finding of
    the rule ``normalize``; its replacement is the repaired line, or empty for a surplus blank line.
    """

    rule: str
    line: int
    start: int
    end: int
    text: str
    replacement: str
    also: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the finding as the command prints it: the line's number, the rule, the line, and what is left of it."""
        left = f" => {self.replacement}" if self.replacement else ""
        return f"{self.line}: {self.rule}: {self.text}{left}"


class Held(NamedTuple):
    """A rule that came near a line that stays, and what held it back."""

    rule: str
    why: str


class Kept(NamedTuple):
    """A line that stays, its number in the original, and the rules that came near it."""

    line: int
    text: str
    held: tuple[Held, ...]


class Explanation(NamedTuple):
    """The result of cleaning a text, and the reasons.

    ``findings`` are sorted by line. A line that was trimmed in one pass and judged again in a later one has a finding for each, in
    that order. ``changed`` tells whether ``text`` differs from the input, apart from line break style and a final line break.
    ``flagged`` means that the text was kept whole, only normalized, although rules hit it: more than ``max_drop`` of its words
    would have gone, or everything, or its only running text, or the rules did not settle. Then ``findings`` list what would
    have gone. ``whitespace`` is what was done to the spaces: "text", "layout" or "off". ``source`` is the text that lines and
    spans refer to: the one that was given, or what trafilatura found in a page. ``kept``, if it was asked for, are the
    lines that stay although rules came near them.
    """

    text: str
    findings: tuple[Finding, ...]
    changed: bool
    flagged: bool
    whitespace: str = "text"
    source: str = ""
    kept: tuple[Kept, ...] = ()

    @property
    def by_line(self) -> tuple[Finding, ...]:
        """One finding for each line: the last, if there are several, because it shows the final state of the line."""
        return tuple({finding.line: finding for finding in self.findings}.values())

    @property
    def taken(self) -> tuple[Finding, ...]:
        """One finding for each line that a rule dropped or trimmed; none if the text was kept whole."""
        return () if self.flagged else tuple([finding for finding in self.by_line if finding.rule != NORMALIZE])

    def _repr_html_(self) -> str | None:
        """Return the text for notebooks, with what went struck through; None, which means plain text, without the extra `report`."""
        return None if draw is None else draw(self)


# What draws an Explanation for notebooks. The package sets it, since every part uses this module, and only the report can draw.
draw: Callable[[Explanation], str | None] | None = None


class Hints(NamedTuple):
    """The caller's knowledge of the page that a text comes from, each hint with all its texts, which may be none.

    ``title`` and ``author`` are those of the text, ``date`` the day of its publication ("2023-03-23"), ``site_name`` what the site
    calls itself, ``description`` the summary in the head of the page. ``tags`` are its tags, keywords and categories, ``captions`` the
    captions and alternative texts of its pictures, ``comments`` the lines of its readers' comments, ``links`` lines that are nothing but
    links. ``site`` is a host, or "".
    """

    title: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    site_name: tuple[str, ...] = ()
    description: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    site: str = ""


NO_HINTS = Hints()
# The hints that are texts.
HINTS = tuple([name for name in Hints._fields if name != "site"])


class Rule(NamedTuple):
    """A rule as the engine needs it: everything in its file except the reasons and the examples.

    ``spec`` holds the kind's own fields. Phrases (keys of lines, see ``cleaner.text.folding.key``) and patterns
    (``cleaner.matching.patterns.Pattern``) are in lists by language; once rules are chosen, in one tuple. ``replaces`` means
    that it takes the place of the built-in rule with its id, ``in_body`` is the evidence under the preset ``body``, "" if it is the same.
    """

    id: str
    kind: str
    preset: str
    where: str
    reach: int
    evidence: str
    spec: dict[str, Any]
    replaces: bool = False
    in_body: str = ""

    @property
    def family(self) -> str:
        """The folder of the rule's file."""
        return self.id.split("/", 1)[0]

    @property
    def is_certain(self) -> bool:
        """Whether a hit is enough in any text, because the line is known from other pages."""
        return self.evidence == "certain"

    @property
    def is_strong(self) -> bool:
        """Whether a hit is enough by itself, at the right place."""
        return self.evidence in ("certain", "strong")

    def looks_at(self, end: str) -> bool:
        """Tell whether the rule looks at an end of the document: "head" or "tail"."""
        return self.where in (end, "edge")


class Hit(NamedTuple):
    """A verdict of one rule on one line of a snapshot: the line's place there, and what is left of it ("" if it goes)."""

    place: int
    rule: Rule
    left: str
