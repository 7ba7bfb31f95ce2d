"""Kind ``badge``: a line of nothing but small pictures from services that draw them, in Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleaner.kinds.base import REQUIRED, Field, Kind, Matcher
from cleaner.model import Hit, Rule
from cleaner.snapshot import Snapshot

# "[![words](address)](address)" or "![words](address)".
_PICTURE = re.compile(
    r"(?:\[!\[[^\[\]]*\]\([^()\s]*(?:\s\"[^\"]*\")?\)\]\([^()\s]*\)|!\[[^\[\]]*\]\([^()\s]*(?:\s\"[^\"]*\")?\))\s*"
)
_ADDRESS = re.compile(r"!\[[^\[\]]*\]\(([^()\s]*)")
_BULLETS = "-*+|• "


def _addresses(text: str) -> Sequence[str]:
    """Return the addresses of the pictures of a line that holds nothing else."""
    start = 0
    while start < len(text):
        picture = _PICTURE.match(text, start)
        if picture is None:
            return ()
        start = picture.end()
    return _ADDRESS.findall(text)


def _matcher(rules: Sequence[Rule]) -> Matcher:
    def match(snapshot: Snapshot, hits: list[Hit]) -> None:
        for place in [place for place, line in enumerate(snapshot.lines) if "![" in line.text[:6]]:
            addresses = _addresses(snapshot.lines[place].text.lstrip(_BULLETS))
            for rule in rules:
                if addresses and all([any([part in address for part in rule.spec["parts"]]) for address in addresses]):
                    hits.append(Hit(place, rule, ""))

    return match


KIND = Kind(
    "badge",
    "a line of nothing but pictures in Markdown whose addresses are those of badges",
    {"parts": Field("texts", REQUIRED, "what the address of a badge holds")},
    _matcher,
)
