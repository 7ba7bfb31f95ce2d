"""A page as learning sees it: its lines, their keys, and whether they are prose."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

from cleaner.kinds.block import BULLET
from cleaner.kinds.site import LONGEST_LEARNED
from cleaner.text.folding import key
from cleaner.text.lines import is_prose
from cleaner.text.normalizing import normalized


class Page(NamedTuple):
    """One document of a site: its normalized ``lines`` that have a letter or digit, their keys ("" for long ones), and whether
    each is running text: prose, and not an entry of a list.

    ``digest`` is that of the lines, so pages with the same text are equal, whatever their ids.
    """

    id: str
    digest: str
    lines: tuple[str, ...]
    keys: tuple[str, ...]
    prose: tuple[bool, ...]


def read_page(id: str, text: str) -> Page:
    """Read the lines of a document, without fenced code, which rules never touch."""
    lines, fenced = normalized(text)[:2]
    found: list[tuple[str, str]] = []
    for index, line in enumerate(lines):
        if not line or (fenced is not None and fenced[index]):
            continue
        line_key = key(line) if len(line) <= LONGEST_LEARNED else ""
        if line_key or len(line) > LONGEST_LEARNED:
            found.append((line, line_key))
    kept = tuple(line for line, _ in found)
    digest = hashlib.blake2b("\n".join(kept).encode("utf-8", "replace"), digest_size=16).hexdigest()
    return Page(
        id,
        digest,
        kept,
        tuple(line_key for _, line_key in found),
        tuple(is_prose(line) and not BULLET.match(line) for line in kept),
    )


def distinct(pages: Iterable[Page]) -> list[Page]:
    """Return the pages sorted by digest; of pages with the same lines, only the first by id."""
    found: dict[str, Page] = {}
    for page in pages:
        other = found.get(page.digest)
        if other is None or page.id < other.id:
            found[page.digest] = page
    return [found[digest] for digest in sorted(found)]
