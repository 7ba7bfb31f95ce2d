"""Passes over snapshots until nothing changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import NamedTuple

from cleaner.engine.evidence import counting, furniture_of, may_attach
from cleaner.engine.findings import Step, findings_of, step_of
from cleaner.engine.own_lines import OwnLines
from cleaner.kinds import KINDS, sought_patterns, sought_phrases
from cleaner.kinds.base import Judge, Matcher
from cleaner.matching.prefilter import Prefilter, Table
from cleaner.model import NO_HINTS, Explanation, Hints, Hit, Rule
from cleaner.snapshot import NO_PATTERNS, Line, Snapshot
from cleaner.text.characters import beyond_ascii
from cleaner.text.folding import LONGEST_KEY, fold_lines, trimmed_to_letters, unwrap_links
from cleaner.text.layout import has_layout
from cleaner.text.lines import is_prose, word_count
from cleaner.text.normalizing import FENCES, Normalized, fenced_lines, normalized, repair

# Real documents settle in one to three passes.
PASSES = 8
# Code points of a text that are read at once, which bounds the memory that reading takes.
_CHUNK = 1 << 18

# A line of a document: a Line that rules may judge, or the text of a blank line or of code.
Row = Line | str


class Options(NamedTuple):
    """Settings of the engine; ``cleaner.Cleaner`` says what each of them means."""

    max_drop: float | None = None
    whitespace: str | None = None
    keep: OwnLines = OwnLines((), "keep")
    drop: OwnLines = OwnLines((), "drop")
    trusting: bool = False  # rules need no company; their own examples are tested so


# The rule in findings of lines that a user says must go.
DROP = Rule("own/drop", "phrase", "default", "anywhere", 0, "certain", {})


class Engine:
    """Rules bound to their kinds, ready for any number of texts; it keeps nothing of the texts it has seen.

    ``tables`` are those of the rules' patterns (see ``cleaner.matching.prefilter``), if they have been made.
    """

    def __init__(
        self, rules: Iterable[Rule], tables: tuple[Table, Table] | None = None, options: Options | None = None
    ) -> None:
        chosen = sorted(rules, key=lambda rule: rule.id)
        self._options = options or Options()
        self._phrases = sought_phrases(chosen)
        self._prefilter = Prefilter(sought_patterns(chosen), tables)
        self._matchers: list[Matcher] = []
        # Of attached rules, which hit nearly every line, and the least furniture that one of them asks for.
        self._attaching: list[Matcher] = []
        self._least_furniture = min([furniture_of(rule) for rule in chosen if rule.evidence == "attached"], default=0)
        self._judges: list[Judge] = []
        for name, kind in KINDS.items():
            own = [rule for rule in chosen if rule.kind == name]
            if own and kind.judge is not None:
                self._judges.append(kind.judge(own))
            if kind.matcher is not None:
                for matchers, is_attached in ((self._matchers, False), (self._attaching, True)):
                    if some := [rule for rule in own if (rule.evidence == "attached") == is_attached]:
                        matchers.append(kind.matcher(some))

    def clean(self, text: str, hints: Hints = NO_HINTS) -> str:
        """Return the text cleaned, or only normalized if too much of it would go."""
        return self._cleaned(text, hints).text

    def explain(self, text: str, hints: Hints = NO_HINTS) -> Explanation:
        """Return the text cleaned and a finding for every line that changed."""
        cleaned, steps, flagged, normal = self._cleaned(text, hints)
        findings = findings_of(text, steps, normal)
        return Explanation(cleaned, findings, cleaned != "\n".join(text.splitlines()), flagged, normal.whitespace, text)

    def seen(self, text: str, whitespace: str, hints: Hints = NO_HINTS) -> tuple[list[Line], list[Hit], set[int]]:
        """Return the lines of a text as rules see them in the first pass, all hits on them, and the places of lines that open a block."""
        rows = self._read(normalized(text, whitespace))
        lines = [row for row in rows if not isinstance(row, str)]
        known = [place for place, line in enumerate(lines) if line.key in self._phrases]
        return lines, list(self._hits(Snapshot(lines, known, hints))), _openings(rows)

    def _cleaned(self, text: str, hints: Hints) -> _Cleaned:
        whitespace = self._options.whitespace
        if whitespace is not None:
            return self._cleaned_as(text, hints, whitespace)
        if has_layout(text):
            cleaned = self._cleaned_as(text, hints, "layout")
            # The result must have a layout, too, or cleaning it again would flatten it.
            if has_layout(cleaned.text):
                return cleaned
        return self._cleaned_as(text, hints, "text")

    def _cleaned_as(self, text: str, hints: Hints, whitespace: str) -> _Cleaned:
        normal = normalized(text, whitespace)
        stay, steps = self._settled(self._read(normal), hints)
        flagged = stay is None or (bool(steps) and not self._is_acceptable(normal.lines, stay))
        after = normal
        if steps and stay is not None and not flagged:
            after = normal._replace(lines=stay, fenced=fenced_lines(stay))
        return _Cleaned("\n".join([after.lines[place] for place in after.kept]), steps, flagged, normal)

    def _is_acceptable(self, before: Sequence[str], after: Sequence[str]) -> bool:
        """Tell whether a text may become another one: not if everything goes, or all running text, or too many words."""
        if not any(after) or (any(map(is_prose, before)) and not any(map(is_prose, after))):
            return False
        max_drop = self._options.max_drop
        return max_drop is None or _share_dropped(before, after) <= max_drop

    # --- Reading -------------------------------------------------------------------------------------------------

    def _read(self, normal: Normalized) -> list[Row]:
        """Return the lines of a text as rules see them."""
        lines, fenced, chars, whitespace = normal
        is_spaced = whitespace != "text"
        rows: list[Row] = list(lines)
        chunk: list[int] = []
        size = 0
        for index, line in enumerate(lines):
            if line and not line.isspace() and (fenced is None or not fenced[index]):
                chunk.append(index)
                size += len(line)
                if size > _CHUNK:
                    self._read_chunk(rows, chunk, chars, is_spaced)
                    chunk = []
                    size = 0
        if chunk:
            self._read_chunk(rows, chunk, chars, is_spaced)
        return rows

    def _read_chunk(self, rows: list[Row], chunk: Sequence[int], chars: Set[str] | None, is_spaced: bool) -> None:
        """Replace some texts by lines.

        ``chars`` are their characters beyond ASCII, if they are known; ``is_spaced`` means that they may hold more than one space
        between words.
        """
        shown = [row for index in chunk if isinstance(row := rows[index], str)]
        # Rules see one space between words, even if the output has more.
        texts = [" ".join(text.split()) for text in shown] if is_spaced else shown
        if chars is None:
            chars = set(beyond_ascii("\n".join(texts)))
        unwrapped = list(map(unwrap_links, texts))
        folded = fold_lines(unwrapped, chars)
        candidates = self._prefilter.candidates(unwrapped, folded, chars)
        for place, (index, text, line) in enumerate(zip(chunk, texts, folded, strict=True)):
            line_key = trimmed_to_letters(line) if len(text) <= LONGEST_KEY else ""
            rows[index] = Line(text, index + 1, line_key, candidates.get(place, NO_PATTERNS), shown[place])

    # --- Passes --------------------------------------------------------------------------------------------------

    def _settled(self, rows: list[Row], hints: Hints) -> tuple[list[str] | None, list[Step]]:
        """Run passes until one changes nothing; return the lines that stay, and what was done, pass by pass.

        The lines are None if the passes do not settle.
        """
        steps: list[Step] = []
        for _ in range(PASSES):
            lines = [row for row in rows if not isinstance(row, str)]
            known = [place for place, line in enumerate(lines) if line.key in self._phrases]
            hits = list(self._hits(Snapshot(lines, known, hints)))
            counted = counting(lines, hits, _openings(rows), self._options.trusting) if hits else {}
            if not counted:
                return [row if isinstance(row, str) else row.shown for row in rows], steps
            left: dict[int, str] = {}
            for place in sorted(counted):
                step = step_of(lines[place].number, counted[place])
                left[id(lines[place])] = step.left
                steps.append(step)
            rows = self._after(rows, left)
        return None, steps

    def _hits(self, snapshot: Snapshot) -> Iterator[Hit]:
        """Yield all hits on a snapshot, whether they count or not; those of attached rules only if they may."""
        keep, drop = self._options.keep, self._options.drop
        hits: list[Hit] = []
        for matcher in self._matchers:
            matcher(snapshot, hits)
        for place, line in enumerate(snapshot.lines):
            if line.verdicts is None:
                # Rules that judge single lines say the same in every pass.
                is_judged = line.candidates or line.key in self._phrases
                line.verdicts = [verdict for judge in self._judges for verdict in judge(line)] if is_judged else []
            if line.verdicts:
                hits += [Hit(place, rule, left) for rule, left in line.verdicts]
            if drop and drop.hold(line):
                hits.append(Hit(place, DROP, ""))
        if self._options.trusting or may_attach(snapshot.lines, hits, self._least_furniture):
            for matcher in self._attaching:
                matcher(snapshot, hits)
        for hit in hits:
            line = snapshot.lines[hit.place]
            if keep and keep.hold(line):
                continue
            left = repair(hit.left) if hit.left else ""
            if not left:
                yield hit._replace(left="") if hit.left else hit
            # What is left of a line may not look like a code fence: it would open or close a block. A trim that takes nothing is none.
            elif not left.startswith(FENCES) and line.indent + left != line.shown:
                yield hit._replace(left=line.indent + left)

    def _after(self, rows: Sequence[Row], left: Mapping[int, str]) -> list[Row]:
        """Return the rows after a pass; ``left`` is what it left of lines, by their ``id()``."""
        after: list[Row] = []
        for row in rows:
            rest = left.get(id(row))
            if isinstance(row, str) or rest is None:
                after.append(row)
            elif rest:
                trimmed: list[Row] = [rest]
                self._read_chunk(trimmed, [0], None, is_spaced=True)
                if isinstance(line := trimmed[0], Line):
                    line.number = row.number
                after += trimmed
        return after


def _openings(rows: Sequence[Row]) -> set[int]:
    """Return the places of the lines that open a block: the first one, and those below a blank line or code."""
    found: set[int] = set()
    place = 0
    above: Row = ""
    for row in rows:
        if not isinstance(row, str):
            if isinstance(above, str):
                found.add(place)
            place += 1
        above = row
    return found


class _Cleaned(NamedTuple):
    """A clean text, what was done in which order, whether it was kept whole after all, and how it was normalized."""

    text: str
    steps: list[Step]
    flagged: bool
    normal: Normalized


def _share_dropped(before: Sequence[str], after: Sequence[str]) -> float:
    words = sum(map(word_count, before))
    return 1 - sum(map(word_count, after)) / words if words else 0.0
