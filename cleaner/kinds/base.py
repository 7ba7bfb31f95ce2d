"""The interface of a kind: the keys of its rule files, and how its rules look at a snapshot."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from cleaner.matching.patterns import UNBOUNDED, Pattern
from cleaner.matching.vocabulary import Vocabulary
from cleaner.model import Hit, Rule
from cleaner.snapshot import Line, Snapshot

# Finds the hits of some rules on a snapshot and adds them to a list.
Matcher = Callable[[Snapshot, list[Hit]], None]
# Returns the rules that hit one line, each with what it leaves of the line.
Judge = Callable[[Line], list[tuple[Rule, str]]]

REQUIRED: Any = object()
# The largest number in a rule file.
LARGEST = 100_000_000


class Field(NamedTuple):
    """A key of a rule file.

    ``type`` is "phrases" or "patterns" (a list for each language), "number" (whole, at most ``LARGEST``), "flag", "text", "texts", "word"
    (one of ``words``), "examples", "entries" (a list of tables, each with a text and facts about it). ``check`` raises ValueError, with the
    reason, for a value of the type that cannot be used, and returns the value in the form that rules hold.
    """

    type: str
    default: Any
    meaning: str
    words: tuple[str, ...] = ()
    check: Callable[[Any], Any] | None = None


class Kind(NamedTuple):
    """A kind: its name, its purpose, its keys, and how its rules look at a snapshot.

    A kind that judges each line by itself has a ``judge``, any other has a ``matcher``; either is made once for all rules of the kind.
    A judge is asked only about lines that equal a phrase or have candidates. ``sought`` names the fields whose phrases and
    patterns are looked for in every line of a document. ``prepare`` adds to the values of a rule what the kind derives from them and
    the vocabulary, and raises ValueError if they cannot be used. ``bounds`` returns, from the values, the most code points and words
    that a line may have for patterns to be tried on it. ``evidence`` is the default of its rules.
    """

    name: str
    meaning: str
    fields: Mapping[str, Field]
    matcher: Callable[[Sequence[Rule]], Matcher] | None = None
    judge: Callable[[Sequence[Rule]], Judge] | None = None
    sought: Sequence[str] = ()
    prepare: Callable[[dict[str, Any], Vocabulary], dict[str, Any]] | None = None
    bounds: Callable[[Mapping[str, Any]], tuple[int, int]] = lambda _: (UNBOUNDED, UNBOUNDED)
    evidence: str = "strong"


def rules_by_phrase(rules: Sequence[Rule], field: str = "phrases") -> dict[str, tuple[Rule, ...]]:
    """Return for each phrase the rules that have it: one look-up for a line, however many phrases there are."""
    found: dict[str, tuple[Rule, ...]] = {}
    for rule in rules:
        for phrase in rule.spec.get(field, ()):
            found[phrase] = (*found.get(phrase, ()), rule)
    return found


def rules_by_id(rules: Sequence[Rule]) -> dict[str, Rule]:
    """Return rules by their ids, which patterns refer to."""
    return {rule.id: rule for rule in rules}


def matches_any(patterns: Sequence[Pattern], line: str) -> bool:
    """Tell whether a line, as patterns see it, matches one of the patterns."""
    return any([pattern.fullmatch(line) for pattern in patterns])
