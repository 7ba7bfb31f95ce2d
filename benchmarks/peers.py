"""Peers: other programs that drop lines from extracted text, each in its best configuration.

A package that installs in seconds runs itself; others are a few lines of our own, written from the parameters that the authors
publish, with the source named. Rules that drop whole documents are off: lines are compared here, and an emptied document would
count against a peer unfairly.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections.abc import Callable
from functools import cache, partial
from typing import Any, NamedTuple


class Peer(NamedTuple):
    """A way to clean a text; ``source`` says exactly what runs."""

    name: str
    source: str
    clean: Callable[[str], str]


def load_peers() -> tuple[list[Peer], list[str]]:
    """Return the peers that can run here, and a sentence for each that lacks its package."""
    peers = [Peer("refinedweb", "own lines after DCLM, dclm_baseline_refinedweb.yaml", refinedweb_lines)]
    missing = []
    for name, (note, options) in _C4.items():
        if importlib.util.find_spec("datatrove") is None:
            missing.append(f"{name} is left out: pip install datatrove")
        else:
            peers.append(Peer(name, f"datatrove C4QualityFilter {note}", partial(_c4, tuple(options.items()))))
    return peers, missing


# --- C4, by datatrove -----------------------------------------------------------------------------

_C4: dict[str, tuple[str, dict[str, Any]]] = {
    "c4": ("as shipped (3 words a line)", {}),
    "c4-fineweb": ("as FineWeb sets it (filter_no_terminal_punct=False)", {"filter_no_terminal_punct": False}),
}
_LINES_ONLY = {"min_num_sentences": -1, "filter_curly_bracket": False, "filter_lorem_ipsum": False}


@cache
def _c4_step(options: tuple[tuple[str, Any], ...]) -> Any:
    step = importlib.import_module("datatrove.pipeline.filters").C4QualityFilter
    return step(**_LINES_ONLY, **dict(options))


def _c4(options: tuple[tuple[str, Any], ...], text: str) -> str:
    """Run datatrove's step on one document with a paragraph on each line. It changes the document that it is given."""
    document = importlib.import_module("datatrove.data").Document(text=text, id="0")
    _c4_step(options).filter(document)
    return str(document.text)


# --- RefinedWeb's line-wise corrections -----------------------------------------------------------

# Parameters: mlfoundations/dclm, baselines/baselines_configs/dclm_baseline_refinedweb.yaml and mappers/modifiers.py.
_UPPERCASE_SHARE = 0.5
_DIGIT_SHARE = 0.999999
_COUNTED = "likes|shares|comments|retweets|reposts|quotes|bookmarks|upvotes|downvotes|downloads|views|followers"
_COUNTER = re.compile(rf"\W*\d[\d,.]*[kmb]?\s+(?:{_COUNTED})\W*")
_FEWEST_WORDS = 2
_SHORT_LINE = 10  # words: the longest line that is edited
_EDITS = (
    re.compile(r"\s?items in cart", re.IGNORECASE),
    re.compile(r"\s?read more...$", re.IGNORECASE),  # the dots stand for any character there, too
    re.compile(r"^sign-in\s?", re.IGNORECASE),
)


def refinedweb_lines(text: str) -> str:
    """Drop lines of capitals or digits, counters and single words, and edit short lines, as DCLM does."""
    return "\n".join(left for line in text.split("\n") if (left := _refinedweb_line(line)))


def _refinedweb_line(line: str) -> str:
    """Return the rest of a line, "" if it goes."""
    if not line or sum(map(str.isupper, line)) / len(line) > _UPPERCASE_SHARE:
        return ""
    if sum(map(str.isdigit, line)) / len(line) > _DIGIT_SHARE or _COUNTER.fullmatch(line.lower()):
        return ""
    if len(line.split()) < _FEWEST_WORDS:
        return ""
    for edit in _EDITS:
        if len(line.split()) <= _SHORT_LINE:
            line = edit.sub("", line)
    return line if line.strip() else ""
