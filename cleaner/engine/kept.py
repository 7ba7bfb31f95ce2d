"""Why lines stay: the rules that come near each, and what holds them back."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from cleaner.engine.evidence import held_back
from cleaner.engine.own_lines import OwnLines
from cleaner.engine.passes import Engine, Options
from cleaner.kinds import KINDS
from cleaner.matching.prefilter import Table
from cleaner.model import NORMALIZE, Explanation, Held, Hints, Kept, Rule
from cleaner.snapshot import Line

# A near miss is this much like a phrase, from 0 to 1; no more of them are named.
_ALIKE, _MOST = 0.78, 3
# Phrases that share most words with a line are compared with it letter by letter.
_COMPARED = 60
# Longer lines are not like phrases.
_LONGEST = 120


class Reasons:
    """Tells of the lines that a Cleaner leaves why they stay.

    ``rules`` are all that there are, of which ``chosen`` are used, with the phrases of some languages; ``keep`` are the lines that the
    user keeps.
    """

    def __init__(
        self,
        rules: Sequence[Rule],
        tables: tuple[Table, Table] | None,
        chosen: Iterable[str],
        preset: str,
        keep: OwnLines,
    ) -> None:
        self._rules = {rule.id: rule for rule in rules}
        self._engine = Engine(rules, tables, Options())
        self._chosen = frozenset(chosen)
        self._preset = preset
        self._keep = keep

    def kept(self, explained: Explanation, engine: Engine, hints: Hints) -> tuple[Kept, ...]:
        """Return the lines that stay and that rules came near; ``engine`` is the one that cleaned the text."""
        lines, hits, openings = engine.seen(explained.text, explained.whitespace, hints)
        held = {(hit.place, hit.rule.id): why for hit, why in held_back(lines, hits, openings)}
        if explained.flagged:
            held = {(hit.place, hit.rule.id): "the text stays whole: too much of it would go" for hit in hits} | held
        found: dict[int, dict[str, str]] = {}
        for hit in self._engine.seen(explained.text, explained.whitespace, hints)[1]:
            if hit.rule.evidence == "attached":  # any short line looks like one, so that tells nothing
                continue
            why = held.get((hit.place, hit.rule.id)) or self._otherwise(hit.rule, lines[hit.place])
            found.setdefault(hit.place, {})[hit.rule.id] = why
        numbers = _numbers(explained)
        kept = []
        for place, line in enumerate(lines):
            reasons = found.get(place) or dict(self._near(line))
            if reasons and line.number in numbers:
                own = tuple([Held(rule, why) for rule, why in reasons.items()])
                kept.append(Kept(numbers[line.number], line.shown, own))
        return tuple(kept)

    def _otherwise(self, rule: Rule, line: Line) -> str:
        """Return why a rule that would hit a line is not among the hits of the Cleaner."""
        if self._keep.hold(line):
            return "you keep this line"
        if rule.id in self._chosen:
            return "its words are of a language that is not chosen"
        if rule.preset == "body" and self._preset != "body":
            return f"it is not in the preset {self._preset}, only in body"
        return "it is ignored, or not selected"

    @cached_property
    def _phrases(self) -> Mapping[str, str]:
        """The phrases of all rules, each with a rule that has it."""
        found: dict[str, str] = {}
        for rule in self._rules.values():
            for name, field in KINDS[rule.kind].fields.items():
                if field.type == "phrases":
                    found.update({phrase: rule.id for phrase in rule.spec[name] if phrase not in found})
        return found

    @cached_property
    def _by_word(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = {}
        for phrase in self._phrases:
            for word in set(phrase.split()):
                found.setdefault(word, []).append(phrase)
        return found

    def _near(self, line: Line) -> Iterator[tuple[str, str]]:
        """Yield the rules that have a phrase like a line, and how alike they are, the nearest first."""
        if not line.key or len(line.key) > _LONGEST:
            return
        shared = Counter([phrase for word in set(line.key.split()) for phrase in self._by_word.get(word, ())])
        matcher = difflib.SequenceMatcher(autojunk=False)
        matcher.set_seq2(line.key)
        alike: list[tuple[float, str]] = []
        for phrase, _ in shared.most_common(_COMPARED):
            matcher.set_seq1(phrase)
            if (
                matcher.real_quick_ratio() >= _ALIKE
                and matcher.quick_ratio() >= _ALIKE
                and (ratio := matcher.ratio()) >= _ALIKE
            ):
                alike.append((ratio, phrase))
        for ratio, phrase in sorted(alike, key=lambda item: (-item[0], item[1]))[:_MOST]:
            yield self._phrases[phrase], f"a near miss: it is {ratio:.0%} like the phrase {phrase!r}"


def _numbers(explained: Explanation) -> dict[int, int]:
    """Return, for the number of each line of the clean text that is not blank, its number in the original."""
    gone = {
        finding.line
        for finding in explained.by_line
        if not finding.replacement and (finding.rule == NORMALIZE or not explained.flagged)
    }
    stay = [
        number for number, line in enumerate(explained.source.splitlines(), 1) if number not in gone and line.strip()
    ]
    clean = [number for number, line in enumerate(explained.text.split("\n"), 1) if line.strip()]
    return dict(zip(clean, stay, strict=False))
