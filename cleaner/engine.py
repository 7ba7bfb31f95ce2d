"""Passes over snapshots until nothing changes, and the record of what went."""

from __future__ import annotations

from cleaner.document import Document, Facts
from cleaner.kinds import KINDS
from cleaner.kinds.base import Context
from cleaner.lines import word_count
from cleaner.model import Explanation, Finding, FixedPointError, Hit, Rule
from cleaner.normalizing import kept_lines, normalized, normalized_lines, repair
from cleaner.screen import Elsewhere, in_order
from cleaner.sketching import sketch_key, words_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence, Set
    from typing import Any

    from cleaner.indexes import Index
    from cleaner.kinds.base import Judge, Matcher
    from cleaner.screen import Sight
    from cleaner.vocabulary import Vocabulary


# Real documents settle in two or three passes. The cap is a safety net: reaching it is a bug in a kind.
PASSES = 1000
# So many code points of a text are read at once; what is known of the lines of a longer text is not all kept.
_CHUNK = 1 << 18


class _Step:
    """What one pass did to one line of the original: the rules that met it and what they left."""

    __slots__ = ("left", "number", "rules")

    def __init__(self, number: int, rules: Sequence[str], left: str) -> None:
        self.number = number
        self.rules = rules
        self.left = left


class Place:
    """A place of a line: so many kept lines from one end of the document."""

    __slots__ = ("_end", "_kept")

    def __init__(self, end: str, kept: int) -> None:
        self._end = end
        self._kept = kept

    def fits(self, rule: Rule) -> bool:
        """Tell whether a rule reaches a line here."""
        return self._kept <= rule.reach and rule.where in (self._end, "edge")


class _Ends:
    """What rules that look at one end of a document look for there: ``reach`` is how far any of them does, in kept lines."""

    def __init__(self, end: str, rules: Iterable[Rule], elsewhere: Elsewhere) -> None:
        self.end = end
        self.reach = max([rule.reach for rule in rules if rule.where in (end, "edge")], default=-1)
        self.elsewhere = elsewhere
        self.places = [Place(end, kept) for kept in range(self.reach + 1)]

    def order(self, document: Document) -> Sequence[int]:
        """Return the lines that may be judged, from this end on."""
        return document.live if self.end == "head" else document.live[::-1]

    def look(self, document: Document, indexes: Sequence[int]) -> None:
        """Learn which patterns lines may meet here."""
        facts = document.facts
        fresh = list(dict.fromkeys([document.lines[index] for index in indexes]))
        found = self.elsewhere.survey(list(map(facts.line, fresh)), facts.words)
        for place, line in enumerate(fresh):
            facts.around[self.end, line] = in_order([*found.get(place, ()), *facts.begun.get(line, ())])


class Engine:
    """Rules bound to their kinds, ready for any number of texts; it holds nothing of the texts it has seen.

    With an ``index`` that was made of the same rules in all languages, nothing is gathered from the rules again.
    """

    def __init__(
        self,
        rules: Iterable[Rule],
        languages: Sequence[str] | None,
        vocabulary: Vocabulary,
        index: Index | None = None,
    ) -> None:
        self.context = context = Context(languages, vocabulary, index)
        by_kind: dict[tuple[str, bool], list[Rule]] = {}
        for rule in sorted(rules, key=lambda rule: rule.id):
            by_kind.setdefault((rule.kind, rule.where == "anywhere"), []).append(rule)
        self._matchers: list[Matcher] = []
        self._judges: list[Judge] = []
        self._judges_at_ends: list[Judge] = []
        at_ends: list[Rule] = []
        for (kind, anywhere), own in by_kind.items():
            if not anywhere:
                at_ends += own
            if (judge := KINDS[kind].judge) is not None:
                (self._judges if anywhere else self._judges_at_ends).append(judge(own, context))
            if (matcher := KINDS[kind].matcher) is not None:
                self._matchers.append(matcher(own, context))
        self._screen = context.screen
        self._index = index
        if index is None:
            self._phrases = dict.fromkeys(map(sketch_key, context.phrases))
            around = [sight for sight in self._screen.elsewhere if sight.owner in self._judges_at_ends]
            self._elsewhere, *at_end = (
                Elsewhere([sight for sight in self._screen.elsewhere if sight.owner not in self._judges_at_ends]),
                *(
                    Elsewhere([sight for sight in around if sight.payload[0].where in (end, "edge")])
                    for end in ("head", "tail")
                ),
            )
        else:
            self._phrases = {}
            self._elsewhere, *at_end = index.bind(context, self._phrases)
        self._ends = [_Ends(end, at_ends, own) for end, own in zip(("head", "tail"), at_end, strict=True)]
        self._words = self._elsewhere.words.union(*(ends.elsewhere.words for ends in self._ends))

    def plain(self) -> dict[str, Any]:
        """Return, as plain values, all that was gathered from the rules."""
        return {
            "screen": self._screen.plain(),
            "elsewhere": [one.plain() for one in (self._elsewhere, *(ends.elsewhere for ends in self._ends))],
            "phrases": self._phrases,
            "tables": self.context.tables,
            "owned": set(self.context.owners),
        }

    def _read(self, facts: Facts, lines: Iterable[str], chars: Set[str] | None) -> None:
        """Learn of lines what rules ask about them; ``chars`` are their characters beyond ASCII where they are known."""
        chunk: list[str] = []
        size = 0
        for line in dict.fromkeys(lines):
            chunk.append(line)
            size += len(line)
            if size > _CHUNK:
                # What is known of a line takes more room than the line, and few will be asked for.
                self._read_chunk(facts, chunk, chars)
                facts.forget(chunk)
                chunk = []
                size = 0
        if chunk:
            self._read_chunk(facts, chunk, chars)

    def _read_chunk(self, facts: Facts, lines: list[str], chars: Set[str] | None) -> None:
        read = facts.draw(lines, chars)
        if self._index is not None:
            self._index.fill(read)
        facts.words |= self._words.intersection(words_in("\n".join([line.sketch for line in read])))
        found: dict[int, list[Sight]] = {}
        for index in self._screen.may_start(read):
            for sight in self._screen.at_start(read[index]):
                if sight.owner in self._judges_at_ends:
                    facts.begun.setdefault(lines[index], []).append(sight)
                else:
                    found.setdefault(index, []).append(sight)
        for index, sights in self._elsewhere.survey(read, facts.words).items():
            found.setdefault(index, []).extend(sights)
        facts.sights.update((lines[index], in_order(sights)) for index, sights in found.items())

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
        self._add_from_the_ends(document, verdicts, candidates)
        return verdicts

    def _add_from_the_ends(
        self, document: Document, verdicts: dict[int, list[Hit]], candidates: dict[int, list[Hit]]
    ) -> None:
        """Add the hits that stand in the run of boilerplate which opens or closes the document.

        A rule with ``where = "head"`` takes a line when at most ``reach`` kept lines stand above it, and so from the end. Only
        kept lines with a letter or digit count, so dropping one line brings no other within reach, and rulers and empty
        rows of tables are no distance. ``candidates`` are the hits of structural
        rules; rules that judge single lines are asked only about the lines near an end, and only those that reach there.
        """
        asked: dict[tuple[str, int], int] = {}
        around = document.facts.around
        changed = True
        while changed:
            changed = False
            for ends in self._ends:
                kept = 0
                order = ends.order(document)
                for place, index in enumerate(order):
                    if kept > ends.reach:
                        break
                    key = ends.end, document.lines[index]
                    if key not in around:
                        ends.look(document, order[place : place + ends.reach + 1])
                    sights = around[key]
                    if (sights or index in document.known) and kept < asked.get((ends.end, index), kept + 1):
                        asked[ends.end, index] = kept
                        hits: list[Hit] = []
                        for judge in self._judges_at_ends:
                            judge(document, index, sights, hits, ends.places[kept].fits)
                        if hits:
                            candidates.setdefault(index, []).extend(hits)
                    taken = verdicts.get(index, ())
                    if index in candidates:
                        fits = ends.places[kept].fits
                        new = [hit for hit in candidates[index] if hit not in taken and fits(hit.rule)]
                        if new:
                            taken = verdicts.setdefault(index, [])
                            taken.extend(new)
                            changed = True
                    if not (taken and any([not hit.left for hit in taken])) and not document.is_ruler(index):
                        kept += 1

    def _settle(
        self,
        lines: list[str],
        fenced: Sequence[int] | None,
        title: str | None,
        author: str | None,
        chars: Set[str] | None = None,
        site: str = "",
    ) -> tuple[list[str], list[_Step]]:
        """Run passes until one changes nothing; return the lines that stay and what was done, pass by pass."""
        numbers: Sequence[int] = range(1, len(lines) + 1)
        steps: list[_Step] = []
        facts = Facts()
        self._read(facts, lines, chars)
        for _ in range(PASSES):
            kept = kept_lines(lines, fenced) if "" in lines or fenced is not None else None
            if kept is not None and len(kept) < len(lines):
                lines = [lines[index] for index in kept]
                numbers = [numbers[index] for index in kept]
                fenced = None if fenced is None else [fenced[index] for index in kept]
            verdicts = self._verdicts(Document(lines, facts, self._phrases, fenced, title, author, site))
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
            self._read(facts, [line for line in lines if line not in facts.same], None)
        raise FixedPointError(
            f"cleaning did not settle in {PASSES} passes; the last ones were by "
            f"{', '.join(sorted({rule for step in steps[-8:] for rule in step.rules}))}. "
            "This is a bug: please report it with the text"
        )

    def clean(self, text: str, title: str | None, author: str | None, max_drop: float | None, site: str = "") -> str:
        """Return the text cleaned, or only normalized where more than ``max_drop`` of its words would go."""
        lines, fenced, chars = normalized(text)
        stay, steps = self._settle(lines, fenced, title, author, chars, site)
        if steps and max_drop is not None and _share_dropped(lines, stay) > max_drop:
            stay = [lines[index] for index in kept_lines(lines, fenced)]
        return "\n".join(stay)

    def explain(
        self, text: str, title: str | None, author: str | None, max_drop: float | None, site: str = ""
    ) -> Explanation:
        """Return the text cleaned and a finding for every line that a rule met."""
        lines, fenced, chars = normalized(text)
        stay, steps = self._settle(lines, fenced, title, author, chars, site)
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
