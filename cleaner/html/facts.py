"""What a page says of itself: its title, author, date and the like, and the captions of its pictures."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from cleaner.html.extractors import needed

# A caption has at least two words, an alternative text four: shorter ones ("Jane Doe") are also headings. Longer ones are whole texts.
_CAPTION_WORDS, _ALT_WORDS, _MOST_WORDS = 2, 4, 100
# More captions than this are not read: the page is a catalogue.
_MOST = 300
_TITLES = (
    "string(//head/title)",
    "string(//head/meta[@property='og:title']/@content)",
    "string(//head/meta[@name='twitter:title']/@content)",
)
# What is around a picture, and texts of the article that may say the same.
_CAPTIONS = "//figcaption | //*[contains(@class, 'caption') or contains(@class, 'cutline')][not(self::figure)]"
_OF_ARTICLE = "//h1 | //h2 | //h3 | //h4 | //h5 | //h6 | //li | //td | //p"
_BLOCKS = frozenset(
    [
        "li",
        "td",
        "th",
        "p",
        "div",
        "dd",
        "dt",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "section",
        "nav",
        "body",
        "article",
        "center",
    ]
)
# A block is of links if it has hardly more letters and digits than its links.
_LINKED, _LONGEST_LINK = 1.1, 300
_SIGN = re.compile(r"[\W_]+")
_WORD = re.compile(r"\w+")


@cache
def _query(path: str) -> Any:
    return needed("lxml.etree").XPath(path)


class Facts:
    """A page as a tree, and what it says of itself: hints by name, and its URL."""

    def __init__(self, tree: Any, about: Any) -> None:
        self.tree = tree
        self.url: str | None = about.url
        self.known: dict[str, Any] = {
            "title": _once([about.title, *[_query(path)(tree) for path in _TITLES]]),
            "author": about.author,
            "date": about.date,
            "site_name": about.sitename,
            "description": about.description,
            "tags": _once([*(about.categories or ()), *(about.tags or ())]),
        }
        texts = [(_spaced(one), one) for one in _query(_OF_ARTICLE)(tree)]
        self.known |= {"captions": _captions(tree, texts), "links": _links(tree, texts)}


def facts_of(page: str, url: str | None) -> Facts | None:
    """Read a page; None if it is not HTML."""
    tree = needed("trafilatura").load_html(page)
    if tree is None:
        return None
    return Facts(tree, needed("trafilatura.metadata").extract_metadata(tree, url, extensive=False))


def _once(texts: list[str | None]) -> list[str]:
    return list(dict.fromkeys([" ".join(text.split()) for text in texts if text and text.strip()]))


def _captions(tree: Any, texts: list[tuple[str, Any]]) -> list[str]:
    """Return the captions and alternative texts of pictures, except those that are among the given texts of the page itself."""
    found = [(_spaced(one), one) for one in _query(_CAPTIONS)(tree)[:_MOST]]
    captions = {text for text, _ in found if _CAPTION_WORDS <= _words(text) <= _MOST_WORDS}
    # A caption may come with its credit, each in an element of its own.
    parts = [part for text, one in found if text in captions for part in one.iter("p", "span", "div", "em")]
    captions |= {text for text in map(_spaced, parts) if _words(text) >= _CAPTION_WORDS}
    alts = {" ".join(str(alt).split()) for alt in _query("//img/@alt")(tree)[:_MOST]}
    alts = {alt for alt in alts if _ALT_WORDS <= _words(alt) <= _MOST_WORDS}
    if not captions and not alts:
        return []
    inside = {part for _, one in found for part in one.iter()}
    own = {text for text, one in texts if one not in inside}
    return sorted((captions | alts) - own)


def _links(tree: Any, texts: list[tuple[str, Any]]) -> list[str]:
    """Return the texts of blocks that hold nothing but links to other pages, and of the links in them; not those of other blocks."""
    blocks: dict[Any, list[str]] = {}
    for link in _query("//a[@href and not(starts-with(@href, '#'))]")(tree):
        block = next((above for above in link.iterancestors() if above.tag in _BLOCKS), None)
        if block is not None and (text := _spaced(link)):
            blocks.setdefault(block, []).append(text)
    found: dict[str, None] = {}
    others = {text for text, one in texts if one not in blocks}
    for block, own in blocks.items():
        whole = _spaced(block)
        if len(_SIGN.sub("", whole)) <= _LINKED * len(_SIGN.sub("", "".join(own))):
            found.update(dict.fromkeys([whole, *own]))
    return [text for text in found if len(text) <= _LONGEST_LINK and text not in others]


def _spaced(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _words(text: str) -> int:
    return len(_WORD.findall(text))
