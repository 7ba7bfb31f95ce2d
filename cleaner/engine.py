"""Passes over snapshots until nothing changes, and the record of what went."""

from __future__ import annotations

from cleaner.document import Document
from cleaner.kinds import KINDS
from cleaner.kinds.base import Context
from cleaner.lines import word_count
from cleaner.model import Explanation, Finding, FixedPointError, Hit, Rule
from cleaner.normalizing import kept_lines, normalized_lines, repair

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cleaner.kinds.base import Judge, Matcher
    from cleaner.vocabulary import Vocabulary

    _Judged = dict[str, Sequence[Hit]]

# Real documents settle in two or three passes. The cap is a safety net: reaching it is a bug in a kind.
PASSES = 1000


class _Step:
    """What one pass did to one line of the original: the rules that met it and what they left."""

    __slots__ = ("left", "number", "rules")

    def __init__(self, number: int, rules: Sequence[str], left: str) -> None:
        self.number = number
        self.rules = rules
        self.left = left


class Engine:
    """Rules bound to their kinds, ready for any number of texts; it holds nothing of the texts it has seen."""

    def __init__(self, rules: Iterable[Rule], languages: Sequence[str] | None, vocabulary: Vocabulary) -> None:
        context = Context(languages, vocabulary)
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
                (self._judges if anywhere else self._judges_at_ends).append(judge(own, context))
            if (matcher := KINDS[kind].matcher) is not None:
                self._matchers.append(matcher(own, context))

    def _verdicts(self, document: Document, anywhere: _Judged, at_ends: _Judged) -> dict[int, list[Hit]]:
        """Return the hits that count on one snapshot, by line; what judges have said of a line is looked up and added."""
        hits: list[Hit] = []
        for index in document.live:
            hits += _judge(self._judges, document, index, anywhere)
        for matcher in self._matchers:
            matcher(document, hits)
        verdicts: dict[int, list[Hit]] = {}
        candidates: dict[int, list[Hit]] = {}
        for hit in hits:
            (verdicts if hit.rule.where == "anywhere" else candidates).setdefault(hit.place, []).append(hit)
        if self._reach >= 0:
            self._add_from_the_ends(document, verdicts, candidates, at_ends)
        return verdicts

    def _add_from_the_ends(
        self, document: Document, verdicts: dict[int, list[Hit]], candidates: dict[int, list[Hit]], judged: _Judged
    ) -> None:
        """Add the hits that stand in the run of boilerplate which opens or closes the document.

        A rule with ``where = "head"`` takes a line when at most ``reach`` kept lines stand above it, and so from the end. Only
        kept lines with a letter or digit count, so dropping one line brings no other within reach, and rulers and empty
        rows of tables are no distance. ``candidates`` are the hits of structural
        rules; rules that judge single lines are asked only about the lines that the walk comes to.
        """
        asked: set[int] = set()
        changed = True
        while changed:
            changed = False
            for end, order in (("head", document.live), ("tail", document.live[::-1])):
                kept = 0
                for index in order:
                    if kept > self._reach:
                        break
                    if index not in asked:
                        asked.add(index)
                        candidates.setdefault(index, []).extend(_judge(self._judges_at_ends, document, index, judged))
                    known = verdicts.get(index, [])
                    new = [
                        hit
                        for hit in candidates[index]
                        if hit.rule.where in (end, "edge") and kept <= hit.rule.reach and hit not in known
                    ]
                    if new:
                        known = verdicts.setdefault(index, [])
                        known.extend(new)
                        changed = True
                    if not any([not hit.left for hit in known]) and not document.is_ruler(index):
                        kept += 1

    def _settle(
        self, lines: list[str], fenced: Sequence[int] | None, title: str | None, author: str | None
    ) -> tuple[list[str], list[_Step]]:
        """Run passes until one changes nothing; return the lines that stay and what was done, pass by pass."""
        numbers = [index + 1 for index in range(len(lines))]
        steps: list[_Step] = []
        # A judge looks at nothing but the line, so its word holds for equal lines, in this pass and the next.
        anywhere: _Judged = {}
        at_ends: _Judged = {}
        for _ in range(PASSES):
            kept = kept_lines(lines, fenced)
            if len(kept) < len(lines):
                lines = [lines[index] for index in kept]
                numbers = [numbers[index] for index in kept]
                fenced = None if fenced is None else [fenced[index] for index in kept]
            verdicts = self._verdicts(Document(lines, fenced, title, author), anywhere, at_ends)
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
        raise FixedPointError(
            f"cleaning did not settle in {PASSES} passes; the last ones were by "
            f"{', '.join(sorted({rule for step in steps[-8:] for rule in step.rules}))}. "
            "This is a bug: please report it with the text"
        )

    def clean(self, text: str, title: str | None, author: str | None, max_drop: float | None) -> str:
        """Return the text cleaned, or only normalized where more than ``max_drop`` of its words would go."""
        lines, fenced = normalized_lines(text)
        stay, steps = self._settle(lines, fenced, title, author)
        if steps and max_drop is not None and _share_dropped(lines, stay) > max_drop:
            stay = [lines[index] for index in kept_lines(lines, fenced)]
        return "\n".join(stay)

    def explain(self, text: str, title: str | None, author: str | None, max_drop: float | None) -> Explanation:
        """Return the text cleaned and a finding for every line that a rule met."""
        lines, fenced = normalized_lines(text)
        stay, steps = self._settle(lines, fenced, title, author)
        flagged = max_drop is not None and _share_dropped(lines, stay) > max_drop
        if flagged:
            stay = [lines[index] for index in kept_lines(lines, fenced)]
        cleaned = "\n".join(stay)
        return Explanation(cleaned, _findings(text, steps), cleaned != "\n".join(text.splitlines()), flagged)


def _judge(judges: Sequence[Judge], document: Document, index: int, judged: _Judged) -> Sequence[Hit]:
    """Return the hits on one line, from what has been said of an equal line where there is such."""
    line = document.lines[index]
    known = judged.get(line)
    if known is not None:
        return [hit._replace(place=index) for hit in known] if known else known
    hits: list[Hit] = []
    for judge in judges:
        judge(document, index, hits)
    judged[line] = hits
    return hits


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
