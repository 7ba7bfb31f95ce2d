"""Kind ``header``: a run of lines that begin with labels of a form, such as the fields above a message."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cleaner.kinds.base import REQUIRED, Field, Kind, Matcher, rules_by_phrase
from cleaner.model import Hit, Rule
from cleaner.snapshot import Snapshot
from cleaner.text.folding import key

# A label is not longer than this, in code points, and its line may begin with so many signs of Markdown.
_LONGEST_LABEL, _DRESS = 40, 8
_COLONS = (":", "：")


def _has_colon(beginning: str) -> bool:
    return ":" in beginning or "：" in beginning


def _label(text: str) -> str:
    """Return what stands before the first colon of a line, folded, or "" if that is no label."""
    beginning = text[:_LONGEST_LABEL]
    ends = [end for colon in _COLONS if (end := beginning.find(colon)) > 0]
    return key(beginning[: min(ends)]) if ends else ""


def _runs(places: Sequence[int]) -> Iterator[Sequence[int]]:
    first = 0
    for end in range(1, len(places) + 1):
        if end == len(places) or places[end] != places[end - 1] + 1:
            yield places[first:end]
            first = end


def _matcher(rules: Sequence[Rule]) -> Matcher:
    by_label = rules_by_phrase(rules, "labels")

    def match(snapshot: Snapshot, hits: list[Hit]) -> None:
        labels = {
            place: label
            for place, line in enumerate(snapshot.lines)
            if _has_colon(line.text[: _LONGEST_LABEL + _DRESS]) and (label := _label(line.plain)) in by_label
        }
        if not labels:
            return
        first = next((place for place, line in enumerate(snapshot.lines) if line.is_prose), len(snapshot.lines))
        for rule in rules:
            for run in _runs([place for place, label in labels.items() if rule in by_label[label]]):
                if rule.spec["below_text"] and run[0] <= first:
                    continue
                if len({labels[place] for place in run}) >= rule.spec["least"]:
                    hits.extend([Hit(place, rule, "") for place in run])

    return match


KIND = Kind(
    "header",
    "a run of lines, each a known label, a colon and a value, such as the fields above a message",
    {
        "labels": Field("phrases", REQUIRED, "the labels, a list for each language"),
        "least": Field("number", 3, "how many different labels the run has, at least"),
        "below_text": Field("flag", False, "whether running text must stand above the run"),
    },
    _matcher,
)
