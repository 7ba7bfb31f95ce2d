"""A pattern of a rule: compiled when it is first tried, and tried with a time limit."""

from __future__ import annotations

import pickle
from typing import Any, NamedTuple

import regex

from cleaner.matching.limits import check_limits
from cleaner.matching.vocabulary import Vocabulary
from cleaner.model import PatternTimeoutError, RuleError

# A line is short and a pattern is linear, so a match takes microseconds. One that takes this long is a mistake in the pattern.
SECONDS = 5.0


# Literals, of which a matching line holds at least one.
Clause = frozenset[str]
UNBOUNDED = 1 << 30
# Code points of a pattern that messages show.
_SHOWN = 100


class Required(NamedTuple):
    """The requirements that a line must meet for a pattern to match it.

    It holds a literal of each of ``clauses`` and has at most ``longest`` code points and ``words`` words. Once ranked (see
    ``cleaner.matching.prefilter``), the rarest clause comes first.
    """

    clauses: tuple[Clause, ...] = ()
    longest: int = UNBOUNDED
    words: int = UNBOUNDED


class Pattern:
    """A regular expression of a rule, for whole lines without their Markdown, with straight quotes and "-" for dashes.

    Word lists stand for the words of the pattern's own language; in a pattern under ``und``, for those of all languages.
    ``rule`` is the id of its rule and ``field`` the key of the rule's file that holds it; ``required`` is what a line must be like
    for it to match.
    """

    __slots__ = ("_compiled", "_pickled", "_vocabulary", "field", "language", "required", "rule", "source")

    def __init__(
        self, source: str, language: str, rule: str, field: str, vocabulary: Vocabulary | None, required: Required
    ) -> None:
        self.source = source
        self.field = field
        self.language = language
        self.rule = rule
        self.required = required
        self._vocabulary = vocabulary
        self._compiled: Any = None
        self._pickled = b""

    def __getstate__(self) -> tuple[Any, ...]:
        if not self._pickled and self._compiled is not None:
            self._pickled = pickle.dumps(self._compiled)
        # A compiled pattern needs no vocabulary.
        vocabulary = None if self._pickled else self._vocabulary
        return self.source, self.language, self.rule, self.field, self.required, vocabulary, self._pickled

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.source, self.language, self.rule, self.field, self.required, self._vocabulary, self._pickled = state
        self._compiled = None

    def compile(self) -> Any:
        """Return the compiled expression. Raises RuleError if it cannot be compiled."""
        if self._compiled is None:
            if self._pickled:
                self._compiled = pickle.loads(self._pickled)
            else:
                self._compiled = self._compile()
        return self._compiled

    def _compile(self) -> Any:
        vocabulary = self._vocabulary or Vocabulary({})
        try:
            return compiled(vocabulary.expand(self.source, self.language))
        except KeyError as error:
            raise RuleError(
                f"{self.rule}: the pattern {shown(self.source)} calls an unknown piece {error}; write it out"
            ) from error
        except ValueError as error:
            raise RuleError(f"{self.rule}: the pattern {shown(self.source)} does not compile: {error}") from error

    def fullmatch(self, line: str) -> Any:
        """Match a whole line. Raises PatternTimeoutError if that takes more than SECONDS."""
        try:
            return self.compile().fullmatch(line, timeout=SECONDS)
        except TimeoutError:
            raise PatternTimeoutError(
                f"{self.rule}: the pattern {shown(self.source)} ran for more than {SECONDS:g} s on the line {line[:80]!r}; "
                "write it without nested repetition, or leave the rule out with --ignore"
            ) from None


def compiled(pattern: str) -> Any:
    """Compile a pattern with its pieces in place. Raises ValueError, with the reason, if that fails or could take too long."""
    check_limits(pattern)
    try:
        return regex.compile(pattern, regex.IGNORECASE | regex.VERSION0)
    except (RecursionError, MemoryError) as error:
        raise ValueError("it is nested too deeply, or too long; write it shorter") from error
    # Its own errors, and what its parser stumbles over.
    except (regex.error, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise ValueError(f"{error}; mend it") from error


def shown(source: str) -> str:
    """Return a pattern as messages show it: quoted, and cut if it is long."""
    return repr(source if len(source) <= _SHOWN else f"{source[:_SHOWN]}…")
