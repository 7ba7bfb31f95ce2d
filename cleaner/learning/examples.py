"""The examples of a learned rule: lines that it drops, and sentences of the same pages that share their words and stay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from functools import lru_cache

from cleaner.engine.passes import Engine
from cleaner.kinds.frames import Frame
from cleaner.kinds.runs import Runs
from cleaner.kinds.site import LEAST_ENTRIES
from cleaner.learning.dates import calendar
from cleaner.learning.judgement import Judgement
from cleaner.learning.pages import Page
from cleaner.learning.support import Line
from cleaner.rules.choosing import Choice, choose
from cleaner.rules.examples import words_of
from cleaner.rules.loading import builtin_rules
from cleaner.text.folding import from_first_letter, key
from cleaner.text.lines import word_count
from cleaner.text.normalizing import repair

_SHOWN = 8
_SHOWN_RUNS = 2
_NEAR_MISSES = 3
_LEAST_NEAR_MISSES = 2
_LONGEST_MISS = 300
# A short sentence that shares this many words is as near a miss as a long one that shares more.
_ENOUGH = 3
_TRIED = 200


@lru_cache(maxsize=1)
def _general() -> Engine:
    found = builtin_rules()
    return Engine(choose(found.rules, Choice("body")), found.tables("body"))


def example_of(judgement: Judgement, pages: Sequence[Page]) -> str | None:
    """Return an example with its gutter; None if nothing goes, or if no sentence on the pages can be a near miss."""
    dropped = _dropped(judgement, pages)
    runs = judgement.runs[:_SHOWN_RUNS]
    shown = [*dropped, *(line.text for line in runs)]
    if not shown:
        return None
    words = frozenset().union(*map(words_of, shown))
    taken = {key(line.text) for line in (*judgement.lines, *judgement.doubtful)}
    kept: list[str] = []
    found = _texts(pages, taken, Runs(line.text for line in judgement.runs))
    # A run that is quoted at the beginning of a line might be cut off.
    for line in (*_sentences(found, words), *_quoting(found, dropped)):
        if line not in kept and _stays([*kept, line], dropped):
            kept.append(line)
            if len(kept) == _NEAR_MISSES + len(runs):
                break
    if len(kept) < _LEAST_NEAR_MISSES + len(runs):
        return None
    # A sentence that stands twice would go once.
    trimmed = [_trimmed(run, kept.pop()) for run in runs]
    return "\n".join(
        filter(
            None,
            [
                "".join(f"  {line}\n" for line in kept),
                "".join(f"~ {line}\n> {left}\n" for line, left in trimmed),
                "".join(f"- {line}\n" for line in dropped),
            ],
        )
    )


def _trimmed(run: Line, sentence: str) -> tuple[str, str]:
    """Return a line that begins or ends with a run, and what is left of it."""
    sentence = from_first_letter(sentence)
    return (f"{run.text} | {sentence}" if run.near == "head" else f"{sentence} | {run.text}"), sentence


def _dropped(judgement: Judgement, pages: Sequence[Page]) -> list[str]:
    """Return lines that go, in an order that gives each the company that it needs at the end of a text."""
    by_place: dict[str, list[str]] = {"anywhere": [], "beside": [], "between": [], "within": []}
    for line in judgement.lines:
        by_place[line.place].append(line.text)
    known = {key(line.text) for line in judgement.lines}
    instances = [_instance(Frame(frame.text, calendar()), pages, known) for frame in judgement.frames[:_SHOWN]]
    varied = [instance for instance in instances if instance is not None]
    first = [*[*by_place["anywhere"], *by_place["beside"]][:_SHOWN], *varied]
    within = by_place["within"][:_SHOWN]
    if not first:
        return []
    return [*first, *by_place["between"][:_SHOWN], *(within if len(within) >= LEAST_ENTRIES else ())]


def _instance(frame: Frame, pages: Sequence[Page], known: Set[str]) -> str | None:
    """Return the first line, by name of the page, that fits a frame and is not known itself."""
    for page in sorted(pages, key=lambda page: (page.id, page.digest)):
        for line, line_key in zip(page.lines, page.keys, strict=True):
            if line_key and line_key not in known and frame.matches(calendar().masked(line_key)):
                return line
    return None


def _texts(pages: Sequence[Page], taken: set[str], runs: Runs) -> set[str]:
    """Return the running text of the pages that stays, without the runs at its ends."""
    found = {
        line if (rest := runs.rest(line, is_page=True)) is None else rest
        for page in pages
        for line, line_key, is_text in zip(page.lines, page.keys, page.prose, strict=True)
        if is_text and line_key not in taken
    }
    return {line for line in found if line and line == repair(line)}


def _sentences(found: Iterable[str], words: frozenset[str]) -> Iterator[str]:
    """Go through texts that share a word with what goes, those that share most first."""
    shared = sorted(
        (-min(_ENOUGH, len(words & words_of(line))), len(line), line)
        for line in found
        if word_count(line) <= _LONGEST_MISS
    )
    return (line for count, _, line in shared[:_TRIED] if count)


def _quoting(found: Iterable[str], dropped: Sequence[str]) -> Iterator[str]:
    """Go through texts that quote a line that goes: names in a byline are in no sentence of their pages."""
    # Not at its end, where a rule may trim it.
    for line in sorted(found, key=lambda line: (len(line), line))[:_TRIED] if dropped else ():
        yield f"“{dropped[0]}”: {line}"


def _stays(kept: Iterable[str], dropped: Sequence[str]) -> bool:
    """Tell whether the general rules keep all of these lines, with and without the dropped lines below them."""
    kept = list(kept)
    for below in (dropped, []):
        explained = _general().explain("\n".join([*kept, "", *below]))
        if any(finding.line <= len(kept) for finding in explained.findings):
            return False
    return True
