"""Takes one document through every system and every way to clean it, and records what the measures say.

A document is judged on its own, so documents can be judged in parallel; ``quality.py`` adds the records up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from functools import cache, lru_cache
from typing import Any, NamedTuple

from benchmarks.corpora import Document
from benchmarks.measures import (
    Loss,
    Match,
    Neutral,
    Segments,
    Standing,
    Taken,
    gold_loss,
    judge,
    lost_segments,
    match,
    oracle,
    segments,
    standing,
    taken,
    tokens,
    visible,
)
from benchmarks.peers import Peer, load_peers

AS_EXTRACTED = "as extracted"
ORACLE = "oracle"
PRESETS = ("default", "body")


@dataclass(frozen=True, slots=True)
class Task:
    """What to do with each document. ``show`` and ``idempotence`` ask for records that cost time or memory.

    ``even`` takes invisible characters out of gold and outputs before they are compared for lift.
    """

    corpus: str
    presets: tuple[str, ...] = PRESETS
    peers: bool = False
    oracle: bool = False
    show: bool = False
    idempotence: bool = False
    even: bool = False

    @property
    def methods(self) -> tuple[str, ...]:
        """The ways to clean, in the order of the tables."""
        peers = [peer.name for peer in load_peers()[0]] if self.peers else []
        return (AS_EXTRACTED, *([ORACLE] if self.oracle else []), *self.presets, *peers)


class LiftRecord(NamedTuple):
    """One output cleaned in one way, beside its gold."""

    corpus: str
    document: str
    lang: str
    system: str
    method: str
    match: Match


class LossRecord(NamedTuple):
    """The gold text itself cleaned in one way; ``by_rules`` are the tokens that findings account for."""

    corpus: str
    document: str
    lang: str
    method: str
    loss: Loss
    by_rules: int


class GoldLine(NamedTuple):
    """A line of a gold text that a rule took or trimmed."""

    corpus: str
    document: str
    lang: str
    preset: str
    neutral: bool
    taken: Taken


class Fire(NamedTuple):
    """A rule on a line of a system's output, and whether it was right to take what it took."""

    corpus: str
    document: str
    system: str
    preset: str
    verdict: str
    taken: Taken


class SegmentRecord(NamedTuple):
    """The segments of one output cleaned in one way."""

    corpus: str
    document: str
    system: str
    method: str
    segments: Segments


class LostSegment(NamedTuple):
    """A wanted segment that cleaning took, and the rules whose findings touch it ("?" where none does)."""

    corpus: str
    document: str
    system: str
    preset: str
    rules: tuple[str, ...]
    segment: str


class StandingRecord(NamedTuple):
    """A line that is not the article's and still stands after cleaning with a preset."""

    corpus: str
    document: str
    site: str
    system: str
    preset: str
    line: Standing


class Unstable(NamedTuple):
    """A text that a second cleaning changes; ``once`` and ``twice`` are the first lines that differ."""

    corpus: str
    document: str
    source: str
    preset: str
    once: str
    twice: str


@dataclass
class Records:
    """Everything that was recorded, in the order of the documents."""

    lift: list[LiftRecord] = field(default_factory=list)
    loss: list[LossRecord] = field(default_factory=list)
    gold_lines: list[GoldLine] = field(default_factory=list)
    fires: list[Fire] = field(default_factory=list)
    segments: list[SegmentRecord] = field(default_factory=list)
    lost_segments: list[LostSegment] = field(default_factory=list)
    standing: list[StandingRecord] = field(default_factory=list)
    unstable: list[Unstable] = field(default_factory=list)
    cleaned: int = 0  # texts that were cleaned twice

    def extend(self, other: Records) -> None:
        """Add the records of another batch after these."""
        for one in fields(self):
            mine = getattr(self, one.name)
            if isinstance(mine, list):
                mine.extend(getattr(other, one.name))
        self.cleaned += other.cleaned


def judge_documents(task: Task, documents: Sequence[Document]) -> Records:
    """Return the records of a batch of documents."""
    records = Records()
    for document in documents:
        neutral = Neutral(document.titles, document.optional)
        if document.gold is not None:
            _judge_gold(task, document, document.gold, neutral, records)
        for system, text in document.outputs.items():
            _judge_output(task, document, system, text, neutral, records)
    return records


class Cleaned(NamedTuple):
    """A text after one way to clean it, and the findings where the way has them."""

    text: str
    takings: tuple[Taken, ...] = ()


def _clean(task: Task, document: Document, text: str) -> dict[str, Cleaned]:
    """Return ``text`` cleaned in every way of the task but the oracle's; no title is handed over."""
    ways = {AS_EXTRACTED: Cleaned(text)}
    for preset in task.presets:
        explanation = _cleaner(preset).explain(text)
        ways[preset] = Cleaned(explanation.text, () if explanation.flagged else tuple(taken(explanation.findings)))
    for peer in _peers() if task.peers else ():
        ways[peer.name] = Cleaned(peer.clean(text, document.lang))
    return ways


def build_cleaners(task: Task) -> None:
    """Build the cleaners ahead of the first document: a rule that cannot load is told at once, and forks share them."""
    for preset in task.presets:
        _cleaner(preset)


@cache
def _cleaner(preset: str) -> Any:
    from cleaner import Cleaner  # here, so that the measures can be used without it

    return Cleaner(preset=preset)


@lru_cache(maxsize=1)
def _peers() -> tuple[Peer, ...]:
    return tuple(load_peers()[0])


def _judge_gold(task: Task, document: Document, gold: str, neutral: Neutral, records: Records) -> None:
    ways = _clean(task, document, gold)
    if task.idempotence:
        _clean_twice(task, document, "gold", ways, records)
    for method, cleaned in ways.items():
        if method == AS_EXTRACTED:
            continue
        counted = [taking for taking in cleaned.takings if taking.text not in neutral]
        by_rules = sum(taking.tokens for taking in counted)
        loss = gold_loss(gold, cleaned.text, neutral)
        records.loss.append(LossRecord(task.corpus, document.id, document.lang, method, loss, by_rules))
        records.gold_lines += [
            GoldLine(task.corpus, document.id, document.lang, method, taking.text in neutral, taking)
            for taking in cleaned.takings
        ]


def _judge_output(task: Task, document: Document, system: str, text: str, neutral: Neutral, records: Records) -> None:
    ways = _clean(task, document, text)
    if task.idempotence:
        _clean_twice(task, document, system, ways, records)
    if document.gold is not None:
        _judge_lift(task, document, document.gold, system, ways, neutral, records)
    if document.wanted or document.unwanted:
        _judge_segments(task, document, system, ways, records)


def _judge_lift(
    task: Task,
    document: Document,
    gold: str,
    system: str,
    ways: dict[str, Cleaned],
    neutral: Neutral,
    records: Records,
) -> None:
    goal, before = _tokens(task, gold, neutral), ways[AS_EXTRACTED].text
    if task.oracle:
        ways = {**ways, ORACLE: Cleaned(oracle(before, gold, neutral))}
    for method, cleaned in ways.items():
        found = match(goal, _tokens(task, cleaned.text, neutral))
        records.lift.append(LiftRecord(task.corpus, document.id, document.lang, system, method, found))
    for preset in task.presets:
        cleaned = ways[preset]
        records.fires += [
            Fire(task.corpus, document.id, system, preset, one.verdict, one.taken)
            for one in judge(cleaned.takings, before, cleaned.text, gold, neutral)
        ]
        if task.show:
            records.standing += [
                StandingRecord(task.corpus, document.id, document.site, system, preset, line)
                for line in standing(cleaned.text, gold, neutral)
            ]


def _tokens(task: Task, text: str, neutral: Neutral) -> list[str]:
    counted = "\n".join(neutral.without(text))
    return tokens(visible(counted) if task.even else counted)


def _judge_segments(task: Task, document: Document, system: str, ways: dict[str, Cleaned], records: Records) -> None:
    before = ways[AS_EXTRACTED].text
    for method, cleaned in ways.items():
        found = segments(document.wanted, document.unwanted, before, cleaned.text)
        records.segments.append(SegmentRecord(task.corpus, document.id, system, method, found))
    for preset in task.presets:
        cleaned = ways[preset]
        for segment in lost_segments(document.wanted, before, cleaned.text):
            rules = sorted({one.rule for one in cleaned.takings if _touch(segment, one.text)})
            records.lost_segments.append(
                LostSegment(task.corpus, document.id, system, preset, tuple(rules) or ("?",), segment)
            )


def _touch(segment: str, line: str) -> bool:
    return bool(line.strip()) and (segment.strip() in line or line.strip() in segment)


def _clean_twice(task: Task, document: Document, source: str, ways: dict[str, Cleaned], records: Records) -> None:
    for preset in task.presets:
        once = ways[preset].text
        twice = _cleaner(preset).clean(once)
        records.cleaned += 1
        if once != twice:
            first, second = _first_difference(once, twice)
            records.unstable.append(Unstable(task.corpus, document.id, source, preset, first, second))


def _first_difference(once: str, twice: str) -> tuple[str, str]:
    before, after = once.split("\n"), twice.split("\n")
    for line, other in zip(before, after, strict=False):
        if line != other:
            return line, other
    return "\n".join(before[len(after) :]), "\n".join(after[len(before) :])
