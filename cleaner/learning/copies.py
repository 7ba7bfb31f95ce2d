"""Pages that hold the same article, because it was crawled twice, has two addresses, or has another menu around it.

They are found by MinHash and locality-sensitive hashing over shingles of words (A. Broder, "On the resemblance and
containment of documents", 1997; the package datasketch), and count once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from cleaner.learning.needs import needed_package
from cleaner.learning.pages import Page

# Words of a shingle; articles on one subject share shorter ones by chance.
_SHINGLE = 4
# Two articles that share half of their shingles are one article, corrected or extended; two on one subject share a tenth.
_ALIKE = 0.5
# Lines on a share of the pages this large are the site's and say nothing about the article. The share is above that of the
# copies of one article on a small site, so that these copies are still found.
_COMMON = 0.4
# With this many, the mean error of the estimate is 0.044, and few pages are that near the threshold.
_PERMUTATIONS = 128
_WORD = re.compile(r"\w+")


def different(pages: Sequence[Page]) -> tuple[list[Page], int]:
    """Return one page of every article, whatever the order of pages, and how many copies were left out."""
    counts = Counter(line for page in pages for line in set(page.lines))
    common = max(3, _COMMON * len(pages))
    parents = list(range(len(pages)))

    def root(place: int) -> int:
        while parents[place] != place:
            parents[place] = parents[parents[place]]
            place = parents[place]
        return place

    for one, other in _alike(pages, counts, common):
        first, second = sorted((root(one), root(other)))
        parents[second] = first
    chosen: dict[int, Page] = {}
    for place, page in enumerate(pages):
        other_page = chosen.get(root(place))
        if other_page is None or page.digest < other_page.digest:
            chosen[root(place)] = page
    kept = sorted(chosen.values(), key=lambda page: page.digest)
    return kept, len(pages) - len(kept)


def _shingles(page: Page, counts: Counter[str], common: float) -> set[bytes]:
    own = [place for place, line in enumerate(page.lines) if counts[line] < common]
    # Headlines of other articles change from crawl to crawl, so only the running text counts, if there is any.
    chosen = [place for place in own if page.prose[place]] or own or range(len(page.lines))
    words = [word for place in chosen for word in _WORD.findall(page.lines[place].casefold())]
    return {
        " ".join(words[at : at + _SHINGLE]).encode("utf-8", "replace")
        for at in range(max(1, len(words) - _SHINGLE + 1))
    }


def _alike(pages: Sequence[Page], counts: Counter[str], common: float) -> Iterator[tuple[int, int]]:
    """Yield pairs of pages that hold the same article, by their places."""
    datasketch = needed_package("datasketch")
    index = datasketch.MinHashLSH(threshold=_ALIKE, num_perm=_PERMUTATIONS)
    sketches: list[Any] = []
    for place, page in enumerate(pages):
        sketch = datasketch.LeanMinHash(_sketch(datasketch, _shingles(page, counts, common)))
        yield from ((other, place) for other in index.query(sketch) if sketch.jaccard(sketches[other]) >= _ALIKE)
        index.insert(place, sketch)
        sketches.append(sketch)


def _sketch(datasketch: Any, shingles: set[bytes]) -> Any:
    sketch = datasketch.MinHash(num_perm=_PERMUTATIONS, seed=1)
    sketch.update_batch(sorted(shingles))
    return sketch
