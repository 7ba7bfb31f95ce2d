"""What a pattern may ask for: as much as compiles in a second, and no recursion.

``regex`` itself has no limits. It unrolls counted repetitions, takes twice as long for each ``+`` around another, and a pattern
that calls itself fills the memory long before its time is up.
"""

from __future__ import annotations

import re

# Brackets inside brackets.
DEEPEST = 50
# Characters, once counted repetitions are unrolled; the longest built-in pattern has a tenth of this.
MOST = 250_000

# Comments, escapes, classes and plain text are skipped; what is left is brackets and repetitions.
_TOKEN = re.compile(
    r"\(\?\#[^)]{0,20}\)? | \\. | \[\^?\]?(?:\\.|[^\]\\])*\] | [^\\\[(){}+*?]+ "
    r"| (?P<open>\() | (?P<close>\)) | \{(?P<least>\d*)(?:,\d*)?\} | (?P<more>\+) | .",
    re.DOTALL | re.VERBOSE,
)
_RECURSION = re.compile(r"(?<!\\)\(\?(?:R|P>|[+-]?\d)")
_VERBOSE = re.compile(r"(?<!\\)\(\?[a-wyzA-Z0-9]*x[a-zA-Z0-9]*(?:-[a-z]+)?[:)]")
_VERSION = re.compile(r"(?<!\\)\(\?[a-zA-UW-Z]*V[01]")


class PatternLimitError(ValueError):
    """A pattern that asks for too much; the message says of what."""


def check_limits(pattern: str) -> None:
    """Raise PatternLimitError for a pattern, its pieces in place, that could take too long or too much memory to compile or to try."""
    bare = pattern.replace("\\\\", "")
    for found, what in (
        (_RECURSION.search(bare), "calls itself or one of its groups; write the group out, or make it a piece"),
        (_VERSION.search(bare), "asks for a version of the regular expressions; leave (?V0) or (?V1) out"),
        (_VERBOSE.search(bare), "switches (?x) on; a pattern may be laid out over several lines without it"),
    ):
        if found:
            raise PatternLimitError(f"it {what}")
    if _size(pattern) > MOST:
        raise PatternLimitError(
            "it is too long, or repeats too much; put long lists into the vocabulary, and repeat less often"
        )


def _size(pattern: str) -> int:
    """Return about how many characters a pattern has once its repetitions are unrolled; at most a little more than MOST."""
    # For each open bracket, the size of what is inside, and that of its last part.
    sizes, last = [0], [0]
    for token in _TOKEN.finditer(pattern):
        if token["open"]:
            sizes.append(1)
            last.append(0)
            if len(sizes) > DEEPEST:
                raise PatternLimitError(f"it has brackets in brackets, more than {DEEPEST} deep; write it without")
        elif token["close"]:
            if len(sizes) > 1:
                last.pop()
                last[-1] = sizes.pop()
                sizes[-1] += last[-1]
        elif token["more"] or token["least"]:
            least = token["least"]
            # Ten digits are more than enough to be too many.
            times = int(least[:10]) if least else 1
            more = last[-1] * times
            last[-1] += more
            sizes[-1] += more
        elif token["least"] is None and token[0] not in ("*", "?"):
            # A repetition behind plain text is one of its last character, but text is rarely long.
            last[-1] = 1
            sizes[-1] += len(token[0])
        if sizes[-1] > MOST:
            return sizes[-1]
    return sum(sizes)
