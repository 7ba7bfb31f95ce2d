"""Many texts, such as a column of a data frame, and what went from them as rows of another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, Unpack

from cleaner.cleaning import CleanerOptions, cleaner_for


class Record(NamedTuple):
    """A line that a rule took: the id of its text, the rule and its family, the line's number from 1, the line, and what is left of it."""

    id: Any
    rule: str
    family: str
    line: int
    text: str
    replacement: str


def explain_many(
    texts: Iterable[str | None] | Mapping[Any, str | None],
    ids: Iterable[Any] | None = None,
    **options: Unpack[CleanerOptions],
) -> Iterator[Record]:
    """Yield a record for each line that a rule drops or trims, text by text; ``pandas.DataFrame`` and ``polars.DataFrame`` take them.

    ``texts``
        A column, a list, or a mapping. A missing value (None, NaN, ``pandas.NA``) has no lines, and so no record.
    ``ids``
        One for each text. Without them, the keys of a mapping or the index of a pandas Series; otherwise places from 0.
    ``options``
        Those of :class:`cleaner.Cleaner`.

    Raises TypeError for a value that is neither a text nor missing, ValueError if there are not as many ids as texts.
    """
    cleaner = cleaner_for(options)
    for name, text in _named(texts, ids):
        if _is_text(name, text):
            for finding in cleaner.explain(text).taken:
                family = finding.rule.split("/", 1)[0]
                yield Record(name, finding.rule, family, finding.line, finding.text, finding.replacement)


def clean_many(texts: Iterable[Any], **options: Unpack[CleanerOptions]) -> list[Any]:
    """Return the texts cleaned, in their order; a missing value (None, NaN, ``pandas.NA``) stays as it is.

    Raises TypeError for a value that is neither a text nor missing.
    """
    cleaner = cleaner_for(options)
    return [cleaner.clean(text) if _is_text(place, text) else text for place, text in enumerate(texts)]


def _named(texts: Any, ids: Iterable[Any] | None) -> Iterable[tuple[Any, Any]]:
    if ids is not None:
        return zip(ids, texts.values() if isinstance(texts, Mapping) else texts, strict=True)
    # A mapping, or a Series of pandas, whose index is known.
    items = getattr(texts, "items", None)
    found: Iterable[tuple[Any, Any]] = items() if callable(items) else enumerate(texts)
    return found


def _is_text(name: Any, value: Any) -> bool:
    """Tell whether a value is a text; raises TypeError if it is not missing either."""
    if isinstance(value, str):
        return True
    # NaN is not equal to itself, and whether NA is cannot be told.
    if value is None or type(value).__name__ in ("NAType", "NaTType") or (isinstance(value, float) and value != value):
        return False
    raise TypeError(
        f"{name!r}: a text is a str, not {type(value).__name__}; turn it into one, or into None if it is missing"
    )
