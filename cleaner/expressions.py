"""Regular expressions of this package: compiled when first used, as all of them together take longer than a text to clean."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from typing import Any


class _Expression:
    """An expression that becomes a compiled one piece by piece: each of its methods stays once it was asked for."""

    def __init__(self, source: str) -> None:
        self._source = source

    def __getattr__(self, name: str) -> Any:
        import re

        found = getattr(re.compile(self._source), name)
        setattr(self, name, found)
        return found


def expression(source: str) -> re.Pattern[str]:
    """Return what ``re.compile`` returns of a source, but at once; it is compiled when it is first used."""
    return _Expression(source)  # type: ignore[return-value]
