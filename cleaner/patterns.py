"""Regular expressions of rules: compiled when first needed, and with a time limit."""

from __future__ import annotations

from functools import lru_cache

from cleaner.model import PatternTimeoutError, RuleError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from cleaner.document import Shape
    from cleaner.signs import Signs
    from cleaner.vocabulary import Vocabulary

# A line is short and a pattern is linear, so a match takes microseconds. One that takes this long is a mistake in the pattern.
SECONDS = 5.0


@lru_cache(maxsize=4096)
def compile_pattern(source: str) -> Any:
    """Compile an expanded pattern as rules use it, once for all that use it; raises ``regex.error``."""
    from cleaner.patterncache import IGNORECASE, VERSION0, compiled

    return compiled(source, IGNORECASE | VERSION0)


def _compile_with(source: str, vocabulary: Vocabulary, sort: tuple[frozenset[str], frozenset[str]]) -> Any:
    """Compile a pattern with some pieces of a vocabulary and the words of some languages."""
    if not vocabulary.digest:
        return compile_pattern(vocabulary.expand(source, sort))
    # On disk it is found by what it would be expanded from, as expanding takes longer than reading it.
    from cleaner.patterncache import IGNORECASE, VERSION0, compiled_of

    recipe = source, vocabulary.digest, tuple(sorted(sort[0])), tuple(sorted(sort[1]))
    return compiled_of(recipe, IGNORECASE | VERSION0, lambda: vocabulary.expand(source, sort))


# A pattern is compiled for as many sorts of lines as this, and then once for all of them.
_MOST_COMPILED = 16


class LazyPattern:
    """A pattern of a rule, compiled when a line first shows its signs, with only what that sort of line can meet of it.

    Word lists stand for the words of the pattern's own language; in a pattern under ``und``, for those of all.
    """

    __slots__ = ("_compiled", "_vocabulary", "language", "rule", "signs", "source")

    def __init__(self, source: str, vocabulary: Vocabulary, rule: str, signs: Signs, language: str = "und") -> None:
        self.source = source
        self.language = language
        self.rule = rule
        self.signs = signs
        self._vocabulary = vocabulary
        self._compiled: dict[object, Any] = {}

    def fullmatch(self, shape: Shape) -> Any:
        """Match the whole of a line, or return None at once where it does not show the signs.

        Raises PatternTimeoutError when matching takes more than SECONDS.
        """
        if not shape.shows(self.signs, self.language):
            return None
        try:
            return self._for(shape).fullmatch(shape.plain, timeout=SECONDS)
        except TimeoutError:
            raise PatternTimeoutError(
                f"{self.rule}: the pattern {self.source!r} ran for more than {SECONDS:g} s "
                f"on the line {shape.plain[:80]!r}; "
                "write it without nested repetition, or leave the rule out with --ignore"
            ) from None

    def _for(self, shape: Shape) -> Any:
        used = self._vocabulary.used_by(self.source)
        held = frozenset([name for name in used if shape.holds(name, self.language)])
        sort = held, shape.languages(held, self.language)
        found = self._compiled.get(sort)
        if found is None and len(self._compiled) >= _MOST_COMPILED:
            sort = frozenset(used), self._vocabulary.languages(self.language)
            found = self._compiled.get(sort)
        return self._compile(sort) if found is None else found

    def _compile(self, sort: tuple[frozenset[str], frozenset[str]]) -> Any:
        try:
            found = self._compiled[sort] = _compile_with(self.source, self._vocabulary, sort)
        except Exception as error:
            import regex

            if not isinstance(error, regex.error):
                raise
            raise RuleError(f"{self.rule}: the pattern {self.source!r} does not compile: {error}") from error
        return found
