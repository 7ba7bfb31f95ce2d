"""Passes over snapshots until nothing changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set

from cleaner.engine.findings import Step, findings_of, outcome
from cleaner.kinds import KINDS, sought_patterns, sought_phrases
from cleaner.kinds.base import Judge, Matcher
from cleaner.matching.prefilter import Prefilter, Table
from cleaner.model import NO_HINTS, Explanation, FixedPointError, Hints, Hit, Rule
from cleaner.snapshot import NO_PATTERNS, Line, Snapshot
from cleaner.text.characters import beyond_ascii
from cleaner.text.folding import LONGEST_KEY, fold_lines, trimmed_to_letters, unwrap_links
from cleaner.text.lines import word_count
from cleaner.text.normalizing import FENCES, fenced_lines, kept_lines, normalized, normalized_lines, repair

# Real documents settle in two or three passes. The cap is a safety net: reaching it is a bug in a kind.
PASSES = 1000
# So many code points of a text are read at once, which bounds the room that reading takes.
_CHUNK = 1 << 18

# A line of a document: one that rules may judge, or a blank one or one of code, as it is.
Row = Line | str
ENDS = ("head", "tail")


class Engine:
    """Rules bound to their kinds, ready for any number of texts; it holds nothing of the texts it has seen.

    ``tables`` are those of the rules' patterns (see ``cleaner.matching.prefilter``), where they are at hand.
    """

    def __init__(self, rules: Iterable[Rule], tables: tuple[Table, Table] | None = None) -> None:
        chosen = sorted(rules, key=lambda rule: rule.id)
        self._phrases = sought_phrases(chosen)
        self._prefilter = Prefilter(sought_patterns(chosen), tables)
        self._matchers: list[Matcher] = []
        self._judges: list[Judge] = []
        self._end_judges: list[Judge] = []
        for is_anywhere in (True, False):
            for name, kind in KINDS.items():
                own = [rule for rule in chosen if rule.kind == name and (rule.where == "anywhere") is is_anywhere]
                if own and kind.judge is not None:
                    (self._judges if is_anywhere else self._end_judges).append(kind.judge(own))
                if own and kind.matcher is not None:
                    self._matchers.append(kind.matcher(own))
        self._reach = {
            end: max([rule.reach for rule in chosen if rule.where in (end, "edge")], default=-1) for end in ENDS
        }

    def clean(self, text: str, hints: Hints = NO_HINTS, max_drop: float | None = None) -> str:
        """Return the text cleaned, or only normalized where more than ``max_drop`` of its words would go."""
        return self._cleaned(text, hints, max_drop)[0]

    def explain(self, text: str, hints: Hints = NO_HINTS, max_drop: float | None = None) -> Explanation:
        """Return the text cleaned and a finding for every line that a rule dropped or trimmed."""
        cleaned, steps, flagged = self._cleaned(text, hints, max_drop)
        return Explanation(cleaned, findings_of(text, steps), cleaned != "\n".join(text.splitlines()), flagged)

    def _cleaned(self, text: str, hints: Hints, max_drop: float | None) -> tuple[str, list[Step], bool]:
        lines, fenced, chars = normalized(text)
        stay, steps = self._settled(self._read(lines, fenced, chars), hints)
        flagged = bool(steps) and max_drop is not None and _share_dropped(lines, stay) > max_drop
        if flagged or not steps:
            stay = lines
        kept = kept_lines(stay, fenced_lines(stay) if fenced is not None or steps else None)
        return "\n".join([stay[index] for index in kept]), steps, flagged

    # --- Reading -------------------------------------------------------------------------------------------------

    def _read(self, lines: Sequence[str], fenced: Sequence[int] | None, chars: Set[str] | None) -> list[Row]:
        """Return normalized lines as rules see them; ``chars`` are their characters beyond ASCII where they are known."""
        rows: list[Row] = list(lines)
        chunk: list[int] = []
        size = 0
        for index, line in enumerate(lines):
            if line and (fenced is None or not fenced[index]):
                chunk.append(index)
                size += len(line)
                if size > _CHUNK:
                    self._read_chunk(rows, chunk, chars)
                    chunk = []
                    size = 0
        if chunk:
            self._read_chunk(rows, chunk, chars)
        return rows

    def _read_chunk(self, rows: list[Row], chunk: Sequence[int], chars: Set[str] | None) -> None:
        """Put lines in the place of some texts."""
        texts = [row for index in chunk if isinstance(row := rows[index], str)]
        if chars is None:
            chars = set(beyond_ascii("\n".join(texts)))
        unwrapped = list(map(unwrap_links, texts))
        folded = fold_lines(unwrapped, chars)
        candidates = self._prefilter.candidates(unwrapped, folded, chars)
        for place, (index, text, line) in enumerate(zip(chunk, texts, folded, strict=True)):
            line_key = trimmed_to_letters(line) if len(text) <= LONGEST_KEY else ""
            rows[index] = Line(text, index + 1, line_key, candidates.get(place, NO_PATTERNS))

    # --- Passes --------------------------------------------------------------------------------------------------

    def _settled(self, rows: list[Row], hints: Hints) -> tuple[list[str], list[Step]]:
        """Run passes until one changes nothing; return the lines that stay and what was done, pass by pass."""
        steps: list[Step] = []
        for _ in range(PASSES):
            lines = [row for row in rows if not isinstance(row, str)]
            known = [place for place, line in enumerate(lines) if line.key in self._phrases]
            verdicts = self._verdicts(Snapshot(lines, known, hints))
            if not verdicts:
                return [row if isinstance(row, str) else row.text for row in rows], steps
            left: dict[int, str] = {}
            for place in sorted(verdicts):
                rest, rules = outcome(verdicts[place])
                left[id(lines[place])] = rest = repair(rest)
                steps.append(Step(lines[place].number, rules, rest))
            rows = self._after(rows, left)
        raise FixedPointError(
            f"cleaning did not settle in {PASSES} passes; the last ones were by "
            f"{', '.join(sorted({rule for step in steps[-8:] for rule in step.rules}))}. "
            "This is a bug: please report it with the text"
        )

    def _after(self, rows: Sequence[Row], left: Mapping[int, str]) -> list[Row]:
        """Return the rows after a pass; ``left`` is what it left of lines, by their identity."""
        after: list[Row] = []
        for row in rows:
            rest = left.get(id(row))
            if isinstance(row, str) or rest is None:
                after.append(row)
            elif rest:
                after.append(self._trimmed(row, rest))
        if any(rest.startswith(FENCES) for rest in left.values()):
            # A fence may have come to light, so the lines are read as a text of their own would be.
            return self._read_again(after)
        return after

    def _trimmed(self, line: Line, rest: str) -> Line:
        rows: list[Row] = [rest]
        self._read_chunk(rows, [0], None)
        (trimmed,) = rows
        assert isinstance(trimmed, Line)
        trimmed.number = line.number
        return trimmed

    def _read_again(self, rows: Sequence[Row]) -> list[Row]:
        texts = [row if isinstance(row, str) else row.text for row in rows]
        lines, fenced = normalized_lines("\n".join(texts))
        again = self._read(lines, fenced, None)
        for row, old in zip(again, rows, strict=False):
            if isinstance(row, Line) and isinstance(old, Line):
                row.number = old.number
        return again

    # --- Verdicts ------------------------------------------------------------------------------------------------

    def _verdicts(self, snapshot: Snapshot) -> dict[int, list[Hit]]:
        """Return the hits that count on one snapshot, by the place of the line."""
        hits: list[Hit] = []
        lines = snapshot.lines
        judged = {*snapshot.known, *[place for place, line in enumerate(lines) if line.candidates]}
        for place in judged:
            hits += [Hit(place, rule, left) for rule, left in _judged(lines[place], self._judges, "anywhere", None)]
        for matcher in self._matchers:
            matcher(snapshot, hits)
        verdicts: dict[int, list[Hit]] = {}
        of_ends: dict[int, list[Hit]] = {}
        for hit in hits:
            (verdicts if hit.rule.where == "anywhere" else of_ends).setdefault(hit.place, []).append(hit)
        self._add_from_the_ends(lines, judged, verdicts, of_ends)
        return verdicts

    def _add_from_the_ends(
        self, lines: Sequence[Line], judged: Set[int], verdicts: dict[int, list[Hit]], of_ends: Mapping[int, list[Hit]]
    ) -> None:
        """Add the hits that stand in the run of boilerplate which opens or closes the document.

        A rule with ``where = "head"`` takes a line when at most ``reach`` kept lines stand above it, and so from the end. Only
        kept lines with a letter or digit count, so dropping one line brings no other within reach, and rulers and empty
        rows of tables are no distance. ``of_ends`` are the hits of structural rules; rules that judge single lines are asked only
        about lines within reach.
        """
        changed = True
        while changed:
            changed = False
            for end in ENDS:
                kept = 0
                for place in range(len(lines)) if end == "head" else range(len(lines) - 1, -1, -1):
                    if kept > self._reach[end]:
                        break
                    line = lines[place]
                    fits = _reaching(end, kept)
                    found = [hit for hit in of_ends.get(place, ()) if fits(hit.rule)]
                    if place in judged:
                        found += [
                            Hit(place, rule, left) for rule, left in _judged(line, self._end_judges, (end, kept), fits)
                        ]
                    taken = verdicts.get(place, [])
                    if new := [hit for hit in found if hit not in taken]:
                        taken = verdicts[place] = [*taken, *new]
                        changed = True
                    if not any([not hit.left for hit in taken]) and not line.is_ruler:
                        kept += 1


def _judged(
    line: Line, judges: Sequence[Judge], where: object, fits: Callable[[Rule], bool] | None
) -> list[tuple[Rule, str]]:
    """Return what rules that look somewhere make of a line, which does not change from pass to pass."""
    found = line.verdicts.get(where)
    if found is None:
        found = line.verdicts[where] = [verdict for judge in judges for verdict in judge(line, fits)]
    return found


def _reaching(end: str, kept: int) -> Callable[[Rule], bool]:
    """Return a test for rules that look at an end of the document and reach over so many kept lines."""
    return lambda rule: kept <= rule.reach and rule.where in (end, "edge")


def _share_dropped(before: Sequence[str], after: Sequence[str]) -> float:
    words = sum(map(word_count, before))
    return 1 - sum(map(word_count, after)) / words if words else 0.0
