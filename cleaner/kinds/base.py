"""What a kind is: the keys of its rule files, and how its rules look at a snapshot."""

from __future__ import annotations

import sys

from cleaner.document import Document
from cleaner.model import Hit, Rule
from cleaner.patterns import LazyPattern
from cleaner.screen import Screen
from cleaner.signs import as_signs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any, NamedTuple

    from cleaner.indexes import Index
    from cleaner.screen import Sight
    from cleaner.vocabulary import Vocabulary

    Matcher = Callable[[Document, list[Hit]], None]
    Judge = Callable[[Document, int, Sequence[Sight], list[Hit], Callable[[Rule], bool] | None], None]
else:
    from cleaner.records import NamedTuple

REQUIRED: Any = object()


class Field(NamedTuple):
    """A key of a rule file: ``type`` is "phrases", "patterns" (a list for each language), "number", "text", "texts", "examples",
    "word", "entries" or "frames" (lists of tables with a text and what is known of it)."""

    type: str
    default: Any
    meaning: str
    words: tuple[str, ...] = ()


class Kind(NamedTuple):
    """A kind: its name, what it is for, its keys, and how its rules look at a snapshot.

    A kind that judges each line by itself has a ``judge``: ``judge(rules, context)`` returns a function that adds the hits
    on one line, of those rules that fit where a test is given. It is asked only about lines whose key is among
    ``context.phrases``, or of which ``context.screen`` has sighted patterns, and is given these. Any other has a
    ``matcher``: ``matcher(rules, context)`` returns a function that adds all the hits on a snapshot. Either is called once
    for all rules of the kind.
    """

    name: str
    meaning: str
    fields: dict[str, Field]
    matcher: Callable[[Sequence[Rule], Context], Matcher] | None = None
    judge: Callable[[Sequence[Rule], Context], Judge] | None = None


class Context:
    """What kinds need to bind their rules: the languages asked for, and the vocabulary of patterns.

    ``phrases`` gathers the keys that any rule knows word for word, and ``screen`` the patterns that are tried on single lines, so
    that a document is searched for all of them at once. ``tables`` are what ``phrase_table`` returned. Where there is an
    ``index`` (see ``cleaner.indexes``), what is gathered here was gathered before: then it fills the tables as texts need them.
    """

    __slots__ = ("index", "languages", "owners", "screen", "tables", "vocabulary")

    def __init__(self, languages: Sequence[str] | None, vocabulary: Vocabulary, index: Index | None = None) -> None:
        self.languages = None if languages is None else tuple(language.lower() for language in languages)
        self.vocabulary = vocabulary
        self.index = index
        self.screen = Screen(vocabulary)
        self.tables: list[dict[str, tuple[Rule, ...]]] = []
        self.owners: dict[str, tuple[object, Rule]] = {}

    @property
    def phrases(self) -> set[str]:
        """Return the keys that any rule knows word for word."""
        return set().union(*self.tables)

    def chosen(self, lists: Mapping[str, Sequence[Any]]) -> Iterable[Any]:
        """Go through the entries of the languages asked for; entries of ``und`` belong to every language."""
        for language, entries in lists.items():
            if self.languages is None or language == "und" or _speaks(self.languages, language.lower()):
                yield from entries

    def phrase_table(self, rules: Sequence[Rule]) -> dict[str, tuple[Rule, ...]]:
        """Return the rules of each phrase, by the phrase's key: one look-up for a line, however many phrases there are."""
        table: dict[str, tuple[Rule, ...]] = {}
        self.tables.append(table)
        for rule in rules if self.index is None else ():
            alone = (rule,)
            for phrase in self.chosen(rule.spec.get("phrases") or {}):
                known = table.setdefault(phrase, alone)
                if known is not alone and rule not in known:
                    table[phrase] = (*known, rule)
        return table

    def look_for(self, rule: Rule, owner: object, words: int = sys.maxsize) -> None:
        """Have lines of at most so many words screened for the patterns of a rule: ``owner`` gets (rule, pattern) of those sighted."""
        self.owners[rule.id] = owner, rule
        for pattern in self.patterns(rule) if self.index is None else ():
            self.screen.add(pattern.signs, owner, (rule, pattern), words)

    def patterns(self, rule: Rule, field: str = "patterns") -> list[LazyPattern]:
        """Return the patterns of a rule in the languages asked for."""
        return [
            LazyPattern(source, self.vocabulary, rule.id, as_signs(known), language)
            for language, entries in (rule.spec.get(field) or {}).items()
            for source, known in self.chosen({language: entries})
        ]


def _speaks(languages: Sequence[str], language: str) -> bool:
    """Tell whether a list of BCP 47 codes asks for a language: "pt" asks for "pt-BR", and "pt-BR" for "pt"."""
    return any(
        asked == language or language.startswith(f"{asked}-") or asked.startswith(f"{language}-") for asked in languages
    )
