"""Passes over snapshots until nothing changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from cleaner.engine.evidence import counting
from cleaner.engine.findings import Step, findings_of, step_of
from cleaner.kinds import KINDS, sought_patterns, sought_phrases
from cleaner.kinds.base import Judge, Matcher
from cleaner.matching.prefilter import Prefilter, Table
from cleaner.model import NO_HINTS, Explanation, Hints, Hit, Rule
from cleaner.snapshot import NO_PATTERNS, Line, Snapshot
from cleaner.text.characters import beyond_ascii
from cleaner.text.folding import LONGEST_KEY, fold_lines, trimmed_to_letters, unwrap_links
from cleaner.text.lines import is_prose, word_count
from cleaner.text.normalizing import FENCES, fenced_lines, kept_lines, normalized, repair

# Real documents settle in one to three passes.
PASSES = 8
# So many code points of a text are read at once, which bounds the room that reading takes.
_CHUNK = 1 << 18

# A line of a document: one that rules may judge, or a blank one or one of code, as it is.
Row = Line | str


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
        for name, kind in KINDS.items():
            own = [rule for rule in chosen if rule.kind == name]
            if own and kind.judge is not None:
                self._judges.append(kind.judge(own))
            if own and kind.matcher is not None:
                self._matchers.append(kind.matcher(own))

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
        flagged = stay is None or (bool(steps) and not _is_acceptable(lines, stay, max_drop))
        kept = lines if stay is None or flagged or not steps else stay
        places = kept_lines(kept, fenced_lines(kept) if fenced is not None or steps else None)
        return "\n".join([kept[place] for place in places]), steps, flagged

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

    def _settled(self, rows: list[Row], hints: Hints) -> tuple[list[str] | None, list[Step]]:
        """Run passes until one changes nothing; return the lines that stay, and what was done, pass by pass.

        The lines are None where the passes do not settle.
        """
        steps: list[Step] = []
        for _ in range(PASSES):
            lines = [row for row in rows if not isinstance(row, str)]
            known = [place for place, line in enumerate(lines) if line.key in self._phrases]
            counted = counting(lines, self._hits(Snapshot(lines, known, hints)))
            if not counted:
                return [row if isinstance(row, str) else row.text for row in rows], steps
            left: dict[int, str] = {}
            for place in sorted(counted):
                step = step_of(lines[place].number, counted[place])
                left[id(lines[place])] = step.left
                steps.append(step)
            rows = self._after(rows, left)
        return None, steps

    def _hits(self, snapshot: Snapshot) -> Iterator[Hit]:
        """Go through all hits on a snapshot, wherever they stand."""
        hits: list[Hit] = []
        for matcher in self._matchers:
            matcher(snapshot, hits)
        for place, line in enumerate(snapshot.lines):
            if line.verdicts is None:
                # What rules that judge single lines make of one does not change from pass to pass.
                is_judged = line.candidates or line.key in self._phrases
                line.verdicts = [verdict for judge in self._judges for verdict in judge(line)] if is_judged else []
            hits += [Hit(place, rule, left) for rule, left in line.verdicts]
        for hit in hits:
            left = repair(hit.left) if hit.left else ""
            # What is left of a line may not look like the fence of code: it would open or close a block.
            if not left.startswith(FENCES):
                yield hit._replace(left=left)

    def _after(self, rows: Sequence[Row], left: Mapping[int, str]) -> list[Row]:
        """Return the rows after a pass; ``left`` is what it left of lines, by their identity."""
        after: list[Row] = []
        for row in rows:
            rest = left.get(id(row))
            if isinstance(row, str) or rest is None:
                after.append(row)
            elif rest:
                trimmed: list[Row] = [rest]
                self._read_chunk(trimmed, [0], None)
                if isinstance(line := trimmed[0], Line):
                    line.number = row.number
                after += trimmed
        return after


def _is_acceptable(before: Sequence[str], after: Sequence[str], max_drop: float | None) -> bool:
    """Tell whether a text may become another one: not where everything goes, or all running text, or too many words."""
    if not any(after) or (any(map(is_prose, before)) and not any(map(is_prose, after))):
        return False
    return max_drop is None or _share_dropped(before, after) <= max_drop


def _share_dropped(before: Sequence[str], after: Sequence[str]) -> float:
    words = sum(map(word_count, before))
    return 1 - sum(map(word_count, after)) / words if words else 0.0
