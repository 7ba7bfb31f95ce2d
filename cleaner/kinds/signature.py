"""Kind ``signature``: the ruler that mail programs and forums set above a signature, and the short lines below it, to the end."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleaner.kinds.base import Field, Kind, Matcher
from cleaner.model import Hit, Rule
from cleaner.snapshot import Snapshot

# RFC 3676 has two hyphens and a space; vBulletin and its kin have eighteen low lines.
_RULER = re.compile(r"--|_{10,30}")


def _matcher(rules: Sequence[Rule]) -> Matcher:
    def match(snapshot: Snapshot, hits: list[Hit]) -> None:
        lines = snapshot.lines
        rulers = [place for place, line in enumerate(lines) if line.text[0] in "-_" and _RULER.fullmatch(line.text)]
        # Where there are several, they part sections of the text.
        if len(rulers) != 1:
            return
        (ruler,) = rulers
        below = lines[ruler + 1 :]
        if not any([line.is_prose for line in lines[:ruler]]):
            return
        for rule in rules:
            if 1 <= len(below) <= rule.spec["most_lines"] and not any(
                [line.is_prose or line.words > rule.spec["line_words"] for line in below]
            ):
                hits.extend([Hit(place, rule, "") for place in range(ruler, len(lines))])

    return match


KIND = Kind(
    "signature",
    "the ruler above a signature (two hyphens, or ten low lines and more), and the short lines below it, to the end",
    {
        "most_lines": Field("number", 8, "lines below the ruler, at most"),
        "line_words": Field("number", 12, "words of such a line, at most"),
    },
    _matcher,
)
