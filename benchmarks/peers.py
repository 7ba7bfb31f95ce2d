"""Peers: what else drops lines from extracted text, each fed in its own best shape.

Where a package installs in seconds it is the package that runs; elsewhere it is a few lines of our own, written from
the parameters its authors publish, with the source named. Rules that drop whole documents are off everywhere: this
benchmark is about lines, and an emptied document would count against a peer for something it was not asked.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections import Counter
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

Clean = Callable[[str, str], str]  # (text, lang) -> text


class Peer(NamedTuple):
    """A way to clean a text of a language ("" when unknown); ``source`` says what exactly runs."""

    name: str
    source: str
    clean: Clean


class Missing(NamedTuple):
    """A peer that cannot run here, and what to type so that it can."""

    name: str
    cure: str


def load_peers() -> tuple[list[Peer], list[Missing]]:
    """Return the peers that can run here, and those that lack their package."""
    peers = [
        Peer("refinedweb", "own lines after DCLM, dclm_baseline_refinedweb.yaml; document rule off", refinedweb_lines),
        Peer(
            "nemo-boilerplate", "own lines after NeMo Curator, BoilerPlateStringModifier; blank lines", nemo_boilerplate
        ),
    ]
    missing = []
    if _installed("datatrove"):
        peers += [
            Peer(name, f"datatrove C4QualityFilter {note}", partial(_c4, name)) for name, note in _C4_NOTES.items()
        ]
    else:
        missing += [Missing(name, "pip install datatrove") for name in _C4_NOTES]
    if _installed("justext"):
        peers.append(
            Peer("stopwords-0.32", "own lines with jusText's stop lists, density 0.32 per line", stopword_density)
        )
    else:
        missing.append(Missing("stopwords-0.32", "pip install justext"))
    return sorted(peers), missing


def _installed(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


# --- C4, by datatrove -----------------------------------------------------------------------------

_C4_NOTES = {
    "c4-datatrove": "as shipped (3 words a line), document rules off",
    "c4-fineweb": "as FineWeb sets it (filter_no_terminal_punct=False), document rules off",
    "c4-tfds": "with TFDS's 5 words a line, document rules off",
}
_C4_OPTIONS: dict[str, dict[str, Any]] = {
    "c4-datatrove": {},
    "c4-fineweb": {"filter_no_terminal_punct": False},
    "c4-tfds": {"min_words_per_line": 5},
}
_C4_LINES_ONLY = {"min_num_sentences": -1, "filter_curly_bracket": False, "filter_lorem_ipsum": False}


@cache
def _c4_step(name: str) -> Any:
    step = importlib.import_module("datatrove.pipeline.filters").C4QualityFilter
    return step(**_C4_LINES_ONLY, **_C4_OPTIONS[name])


def _c4(name: str, text: str, lang: str) -> str:
    """Run datatrove's step on one document, a paragraph a line. It changes the document that it is given."""
    document = importlib.import_module("datatrove.data").Document(text=text, id="0")
    _c4_step(name).filter(document)
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


def refinedweb_lines(text: str, lang: str = "") -> str:
    """Drop lines of capitals or digits, counters and single words, and edit short lines, as DCLM has it."""
    return "\n".join(left for line in text.split("\n") if (left := _refinedweb_line(line)))


def _refinedweb_line(line: str) -> str:
    """Return what is left of a line, "" where it goes."""
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


# --- NeMo Curator's boilerplate strings -----------------------------------------------------------

# NVIDIA-NeMo/Curator, nemo_curator/stages/text/utils/constants.py (policy_substrings). Its long cookie notices are
# known here by their first words; two more of them hold "uses cookies" anyway.
_POLICY = (
    "terms of use",
    "privacy policy",
    "cookie policy",
    "uses cookies",
    "use of cookies",
    "use cookies",
    "privacy overview",
    "privacy & cookies policy",
    "privacy and cookies policy",
    "necessary cookies are absolutely essential for the website",
    "any cookies that may not be particularly necessary for the website",
    "if you continue to browse this site without changing your cookie settings",
)


def nemo_boilerplate(text: str, lang: str = "") -> str:
    """Drop the paragraphs with a policy phrase where they are one block at the top or the bottom, and not everything.

    Its paragraphs are separated by blank lines, so every line of ours is handed over as one.
    """
    paragraphs = [line for line in text.split("\n") if line.strip()]
    hits = [index for index, line in enumerate(paragraphs) if any(phrase in line.lower() for phrase in _POLICY)]
    if not hits or len(hits) == len(paragraphs):
        return text
    block = hits[-1] - hits[0] + 1 == len(hits)
    if not block or (hits[0] != 0 and hits[-1] != len(paragraphs) - 1):
        return text
    return "\n\n".join(line for index, line in enumerate(paragraphs) if not hits[0] <= index <= hits[-1])


# --- jusText's stop-word density ------------------------------------------------------------------

# 0.32 is jusText's stopwords_high and what NeMo Curator asks of every paragraph after trafilatura and resiliparse
# (html_extractors/trafilatura.py); like there, languages written without spaces, and Korean, are left alone.
_DENSITY = 0.32
_UNSPACED = frozenset({"ja", "ko", "th", "zh", "chinese", "japanese", "korean", "thai"})
_LISTS = {
    "ar": "Arabic", "bg": "Bulgarian", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German",
    "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian", "fa": "Persian", "fi": "Finnish",
    "fr": "French", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian",
    "it": "Italian", "lt": "Lithuanian", "lv": "Latvian", "ms": "Malay", "nb": "Norwegian_Bokmal",
    "nl": "Dutch", "nn": "Norwegian_Nynorsk", "no": "Norwegian_Bokmal", "pl": "Polish", "pt": "Portuguese",
    "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "sr": "Serbian", "sv": "Swedish",
    "sw": "Swahili", "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese",
}  # fmt: skip


def stopword_density(text: str, lang: str = "") -> str:
    """Drop lines of which less than 32 % of the words are stop words.

    Where the language is not known, the list that finds most words in the whole text is taken; a language without a
    list is left alone. Case is ignored, as in jusText itself.
    """
    code = lang.lower().split("-")[0]
    if code in _UNSPACED:
        return text
    name = _LISTS.get(code) or (lang if lang in _LISTS.values() else "" if lang else _guess_list(text))
    if not name:
        return text
    stop = _stoplist(name)
    return "\n".join(line for line in text.split("\n") if _density(line, stop) >= _DENSITY)


def _density(line: str, stop: frozenset[str]) -> float:
    words = line.lower().split()
    return sum(word in stop for word in words) / len(words) if words else 0.0


def _guess_list(text: str) -> str:
    """Return the list that holds most of the words of ``text``, the first in the alphabet where some hold as many."""
    lists = _lists_by_word()
    found = Counter(name for word in text.lower().split() for name in lists.get(word, ()))
    return min(found, key=lambda name: (-found[name], name), default="")


@cache
def _lists_by_word() -> dict[str, tuple[str, ...]]:
    lists: dict[str, tuple[str, ...]] = {}
    for name in sorted(set(_LISTS.values())):
        for word in _stoplist(name):
            lists[word] = (*lists.get(word, ()), name)
    return lists


@cache
def _stoplist(name: str) -> frozenset[str]:
    """Return jusText's list, read as a file: importing the package also asks for lxml's HTML cleaner."""
    spec = importlib.util.find_spec("justext")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("jusText is not installed; type: pip install justext")
    lines = (Path(spec.origin).parent / "stoplists" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line.lower() for line in lines)
