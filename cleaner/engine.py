"""Passes over snapshots until nothing changes, and the record of what went."""

from __future__ import annotations

from cleaner.document import Document, Facts
from cleaner.kinds import KINDS
from cleaner.kinds.base import Context
from cleaner.lines import word_count
from cleaner.model import Explanation, Finding, FixedPointError, Hit, Rule
from cleaner.normalizing import kept_lines, normalized, normalized_lines, repair
from cleaner.screen import Elsewhere, in_order

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence, Set

    from cleaner.kinds.base import Judge, Matcher
    from cleaner.screen import Screen, Sight
    from cleaner.vocabulary import Vocabulary


# Real documents settle in two or three passes. The cap is a safety net: reaching it is a bug in a kind.
PASSES = 1000


class _Step:
    """What one pass did to one line of the original: the rules that met it and what they left."""

    __slots__ = ("left", "number", "rules")

    def __init__(self, number: int, rules: Sequence[str], left: str) -> None:
        self.number = number
        self.rules = rules
        self.left = left


class Zone:
    """The place of a line: so many kept lines from one end of the document."""

    __slots__ = ("_elsewhere", "_end", "_kept")

    def __init__(self, end: str, kept: int, screen: Screen) -> None:
        self._end = end
        self._kept = kept
        self._elsewhere = Elsewhere([sight for sight in screen.elsewhere if self.fits(sight.payload.rule)])

    def fits(self, rule: Rule) -> bool:
        """Tell whether a rule reaches a line here."""
        return self._kept <= rule.reach and rule.where in (self._end, "edge")

    def sights(self, document: Document, index: int, screen: Screen) -> list[Sight]:
        """Return the patterns that a line here may meet."""
        line = document.lines[index]
        reading = document.facts.reading
        folded = reading.folded[line]
        found = document.facts.sights_at_ends.get(line)
        if found is None:
            start = reading.starts[line]
            found = document.facts.sights_at_ends[line] = (
                screen.at_start(start, folded) if screen.may_start((start,), reading.digits) else []
            )
        elsewhere = self._elsewhere.of(folded)
        return in_order([*elsewhere, *found]) if elsewhere or found else found


class Engine:
    """Rules bound to their kinds, ready for any number of texts; it holds nothing of the texts it has seen."""

    def __init__(self, rules: Iterable[Rule], languages: Sequence[str] | None, vocabulary: Vocabulary) -> None:
        context = Context(languages, vocabulary)
        context_at_ends = Context(languages, vocabulary, context.phrases)
        by_kind: dict[tuple[str, bool], list[Rule]] = {}
        for rule in sorted(rules, key=lambda rule: rule.id):
            by_kind.setdefault((rule.kind, rule.where == "anywhere"), []).append(rule)
        self._matchers: list[Matcher] = []
        self._judges: list[Judge] = []
        self._judges_at_ends: list[Judge] = []
        self._reach = -1
        for (kind, anywhere), own in by_kind.items():
            if not anywhere:
                self._reach = max(self._reach, *(rule.reach for rule in own))
            if (judge := KINDS[kind].judge) is not None:
                (self._judges if anywhere else self._judges_at_ends).append(
                    judge(own, context if anywhere else context_at_ends)
                )
            if (matcher := KINDS[kind].matcher) is not None:
                self._matchers.append(matcher(own, context))
        self._phrases = context.phrases
        self._screen = context.screen
        self._screen_at_ends = context_at_ends.screen
        self._zones: dict[tuple[str, int], Zone] = {}

    def _read(self, facts: Facts, lines: Sequence[str], chars: Set[str] | None) -> None:
        """Learn of lines what rules ask about them; ``chars`` are their characters beyond ASCII where they are known."""
        fresh = list(dict.fromkeys(lines))
        if fresh:
            facts.reading.read(fresh, chars)
            self._screen.survey(facts.reading, [line for line in fresh if line], facts.sights)

    def _verdicts(self, document: Document) -> dict[int, list[Hit]]:
        """Return the hits that count on one snapshot, by line."""
        hits: list[Hit] = []
        none: list[Sight] = []
        sights = document.sights
        for index in {*document.known, *sights}:
            for judge in self._judges:
                judge(document, index, sights.get(index, none), hits, None)
        for matcher in self._matchers:
            matcher(document, hits)
        verdicts: dict[int, list[Hit]] = {}
        candidates: dict[int, list[Hit]] = {}
        for hit in hits:
            (verdicts if hit.rule.where == "anywhere" else candidates).setdefault(hit.place, []).append(hit)
        if self._reach >= 0:
            self._add_from_the_ends(document, verdicts, candidates)
        return verdicts

    def _add_from_the_ends(
        self, document: Document, verdicts: dict[int, list[Hit]], candidates: dict[int, list[Hit]]
    ) -> None:
        """Add the hits that stand in the run of boilerplate which opens or closes the document.

        A rule with ``where = "head"`` takes a line when at most ``reach`` kept lines stand above it, and so from the end. Only
        kept lines with a letter or digit count, so dropping one line brings no other within reach, and rulers and empty
        rows of tables are no distance. ``candidates`` are the hits of structural
        rules; rules that judge single lines are asked only about the lines that the walk comes to, and only those that reach there.
        """
        asked: dict[tuple[str, int], int] = {}
        known_lines = frozenset(document.known)
        changed = True
        while changed:
            changed = False
            for end, order in (("head", document.live), ("tail", document.live[::-1])):
                kept = 0
                for index in order:
                    if kept > self._reach:
                        break
                    if kept < asked.get((end, index), kept + 1):
                        asked[end, index] = kept
                        zone = self._zones.get((end, kept))
                        if zone is None:
                            zone = self._zones[end, kept] = Zone(end, kept, self._screen_at_ends)
                        found = self._judge_at_end(document, index, zone, index in known_lines)
                        if found:
                            candidates.setdefault(index, []).extend(found)
                    known = verdicts.get(index, ())
                    if index in candidates:
                        new = [
                            hit
                            for hit in candidates[index]
                            if hit.rule.where in (end, "edge") and kept <= hit.rule.reach and hit not in known
                        ]
                        if new:
                            verdicts.setdefault(index, []).extend(new)
                            known = verdicts[index]
                            changed = True
                    if not (known and any([not hit.left for hit in known])) and not document.is_ruler(index):
                        kept += 1

    def _judge_at_end(self, document: Document, index: int, zone: Zone, known: bool) -> list[Hit]:
        """Return the hits on one line of the rules that reach so far from an end."""
        sights = zone.sights(document, index, self._screen_at_ends)
        hits: list[Hit] = []
        if sights or known:
            for judge in self._judges_at_ends:
                judge(document, index, sights, hits, zone.fits)
        return hits

    def _settle(
        self,
        lines: list[str],
        fenced: Sequence[int] | None,
        title: str | None,
        author: str | None,
        chars: Set[str] | None = None,
    ) -> tuple[list[str], list[_Step]]:
        """Run passes until one changes nothing; return the lines that stay and what was done, pass by pass."""
        numbers = [index + 1 for index in range(len(lines))]
        steps: list[_Step] = []
        facts = Facts()
        self._read(facts, lines, chars)
        for _ in range(PASSES):
            kept = kept_lines(lines, fenced) if "" in lines or fenced is not None else None
            if kept is not None and len(kept) < len(lines):
                lines = [lines[index] for index in kept]
                numbers = [numbers[index] for index in kept]
                fenced = None if fenced is None else [fenced[index] for index in kept]
            verdicts = self._verdicts(Document(lines, facts, self._phrases, fenced, title, author))
            if not verdicts:
                return lines, steps
            trims: dict[int, str] = {}
            for index in sorted(verdicts):
                left, rules = _outcome(verdicts[index])
                left = repair(left)
                steps.append(_Step(numbers[index], rules, left))
                if left:
                    trims[index] = left
            stay = [index for index in range(len(lines)) if index not in verdicts or index in trims]
            lines = [trims.get(index, lines[index]) for index in stay]
            numbers = [numbers[index] for index in stay]
            if fenced is not None or any(left.startswith(("```", "~~~")) for left in trims.values()):
                # A fence may have come to light, so the lines are read as a text of their own would be.
                lines, fenced = normalized_lines("\n".join(lines))
                numbers = numbers[: len(lines)]
            if fresh := [line for line in lines if line not in facts.reading.keys]:
                self._read(facts, fresh, None)
        raise FixedPointError(
            f"cleaning did not settle in {PASSES} passes; the last ones were by "
            f"{', '.join(sorted({rule for step in steps[-8:] for rule in step.rules}))}. "
            "This is a bug: please report it with the text"
        )

    def clean(self, text: str, title: str | None, author: str | None, max_drop: float | None) -> str:
        """Return the text cleaned, or only normalized where more than ``max_drop`` of its words would go."""
        lines, fenced, chars = normalized(text)
        stay, steps = self._settle(lines, fenced, title, author, chars)
        if steps and max_drop is not None and _share_dropped(lines, stay) > max_drop:
            stay = [lines[index] for index in kept_lines(lines, fenced)]
        return "\n".join(stay)

    def explain(self, text: str, title: str | None, author: str | None, max_drop: float | None) -> Explanation:
        """Return the text cleaned and a finding for every line that a rule met."""
        lines, fenced, chars = normalized(text)
        stay, steps = self._settle(lines, fenced, title, author, chars)
        flagged = max_drop is not None and _share_dropped(lines, stay) > max_drop
        if flagged:
            stay = [lines[index] for index in kept_lines(lines, fenced)]
        cleaned = "\n".join(stay)
        return Explanation(cleaned, _findings(text, steps), cleaned != "\n".join(text.splitlines()), flagged)


def _outcome(hits: list[Hit]) -> tuple[str, list[str]]:
    """Return what is left of a line and the rules that made it so: a drop wins over trims, the shortest trim over others."""
    left = min((hit.left for hit in hits), key=lambda left: (len(left), left))
    return left, sorted({hit.rule.id for hit in hits if hit.left == left})


def _share_dropped(before: Sequence[str], after: Sequence[str]) -> float:
    words = sum(map(word_count, before))
    return 1 - sum(map(word_count, after)) / words if words else 0.0


def _findings(text: str, steps: list[_Step]) -> tuple[Finding, ...]:
    if not steps:
        return ()
    spans: dict[int, tuple[int, int]] = {}
    wanted = {step.number for step in steps}
    start = 0
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        if number in wanted:
            spans[number] = (start, start + len(line.splitlines()[0]))
        start += len(line)
    found = [
        Finding(rule, step.number, *spans[step.number], text[slice(*spans[step.number])], step.left)
        for step in sorted(steps, key=lambda step: step.number)
        for rule in step.rules
    ]
    return tuple(found)


def replay(text: str, findings: Iterable[Finding]) -> str:
    """Return what ``findings`` make of a text: its normalized lines with each finding's replacement in place.

    For the findings of an :class:`Explanation` that is not flagged, this is its ``text``.
    """
    lines, fenced = normalized_lines(text)
    left = {finding.line - 1: finding.replacement for finding in findings}
    stay = [index for index in range(len(lines)) if left.get(index, "stays")]
    lines = [left.get(index, lines[index]) for index in stay]
    fenced = None if fenced is None else [fenced[index] for index in stay]
    return "\n".join([lines[index] for index in kept_lines(lines, fenced)])
