"""Limits of what is read of a page, so that a hostile one costs bounded time and memory.

Extractors take time that grows with the square of the number of some elements: twenty thousand ``div`` of a few words take
trafilatura a minute. So a page that has very many is extracted in a process of its own, which may use so much time and memory and
no more.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from cleaner.model import InputError

# Code points. The longest articles have a hundredth of it.
LARGEST = 20_000_000
# A page with more tags or more code points than these gets a process of its own.
_MANY_TAGS, _LONG = 10_000, 2_000_000
# What that process may use: seconds of CPU time, bytes of memory. Where they cannot be limited, it has so many seconds of time.
CPU_SECONDS, MEMORY, _SECONDS = 60, 3 << 30, 600
# A tag of so many code points with so many spaces has its attributes taken away: parsers compare each with all others.
_LONG_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9:-]{0,40})(?=\s)[^<>]{10000,}+>")
_ATTRIBUTES = 1000
_COMMAND = [sys.executable, "-m", "cleaner.html.apart"]
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})[^<>]*+>")
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "p", "li"]
)
# What parsers read of elements inside each other.
_DEEPEST = 250


def checked(page: str, name: str) -> str:
    """Return a page as parsers can read it in bounded time; raises InputError for one that is too large."""
    if len(page) > LARGEST:
        raise InputError(f"{name}: is larger than {LARGEST:,} characters; an article is not so large")
    # Written in a page, it means nothing, and ends the page for some parsers.
    return _LONG_TAG.sub(_without_attributes, page.replace("\0", ""))


def _without_attributes(tag: re.Match[str]) -> str:
    return f"<{tag[1]}>" if len(tag[0].split()) > _ATTRIBUTES else tag[0]


def is_heavy(page: str) -> bool:
    """Tell whether a page should be extracted in a process of its own."""
    return len(page) > _LONG or page.count("<") > _MANY_TAGS


def is_deep(page: str) -> bool:
    """Tell whether a page has more elements inside each other than parsers read."""
    depth = 0
    for tag in _TAG.finditer(page):
        if tag[2].lower() not in _VOID:
            depth += -1 if tag[1] else 1
            if depth > _DEEPEST:
                return True
    return False


def extract_apart(page: str, url: str | None, options: Mapping[str, Any], name: str) -> tuple[str, dict[str, Any]]:
    """Return the text of a page and what is known of it, found by a process of its own.

    Raises InputError if that needs more time or memory than a page may use.
    """
    given = json.dumps({"page": page, "url": url, "options": dict(options)}).encode()
    here = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}

    try:
        done = subprocess.run(
            _COMMAND,
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=here,
            timeout=_SECONDS,
            check=False,
        )
        found: Any = json.loads(done.stdout) if done.stdout else {}
    except (subprocess.TimeoutExpired, ValueError):
        found = {}
    if "error" in found:
        raise InputError(f"{name}: {found['error']}")
    if "text" not in found:
        raise InputError(
            f"{name}: takes too long, or too much memory, to extract: it has {page.count('<'):,} tags; leave it out, "
            "or try another extractor"
        )
    return found["text"], found["known"]


def limit_this_process() -> None:
    """Limit the time and memory of this process, where the system can do that."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
