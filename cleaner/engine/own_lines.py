"""Lines that a user says must stay or must go."""

from __future__ import annotations

from collections.abc import Iterable

from cleaner.matching.patterns import Pattern, Required, shown
from cleaner.model import PatternTimeoutError, RuleError, SettingsError
from cleaner.snapshot import Line
from cleaner.text.folding import key

_PATTERN = "re:"


class OwnLines:
    """Whole lines, compared as phrases are, and regular expressions after ``re:``.

    ``name`` is what messages call the setting. Raises SettingsError for an entry that cannot be used.
    """

    def __init__(self, entries: Iterable[str], name: str) -> None:
        self._keys: set[str] = set()
        self._patterns: list[Pattern] = []
        for entry in entries:
            if entry.startswith(_PATTERN):
                self._patterns.append(_pattern(entry.removeprefix(_PATTERN), name))
            elif line_key := key(entry):
                self._keys.add(line_key)
            elif entry.strip():
                raise SettingsError(f"{name}: {entry!r} has no letter or digit; write it as a pattern: re:…")

    def __bool__(self) -> bool:
        return bool(self._keys or self._patterns)

    def hold(self, line: Line) -> bool:
        """Tell whether a line is one of these."""
        return line.key in self._keys or any([pattern.fullmatch(line.plain) for pattern in self._patterns])


def _pattern(source: str, name: str) -> Pattern:
    pattern = Pattern(source, "und", name, name, None, Required())
    try:
        matches_nothing = pattern.fullmatch("") is not None
    except (PatternTimeoutError, RuleError) as error:
        raise SettingsError(str(error)) from error
    if matches_nothing:
        raise SettingsError(
            f"{name}: the pattern {shown(source)} matches an empty line; ask for at least one character"
        )
    return pattern
