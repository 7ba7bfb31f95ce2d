"""Pages in, clean text out: trafilatura finds the article, and its title and author are hints for the rules."""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

from cleaner.model import CleanerError, InputError

# A page's declaration of its encoding.
_DECLARED = re.compile(rb"<meta[^<>]*?charset\s*+=\s*+[\"']?\s*+([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)

_TICKS = re.compile("`+")


def _trafilatura() -> Any:
    try:
        import trafilatura
    except ImportError as error:
        raise CleanerError(f"HTML needs trafilatura: pip install 'boilerplate-cleaner[html]' ({error})") from error
    return trafilatura


def extract(html: str | bytes, url: str | None = None) -> tuple[str, str | None, str | None, str | None]:
    """Return the text of a page's article as trafilatura finds it, its title, its author, and its URL: ``url``, or else its own.

    Blocks of code are fenced. Bytes are decoded as the page declares, or as detected. ``deduplicate`` stays off, because its
    answer depends on the pages that were read before. Raises InputError for a page without text.
    """
    trafilatura = _trafilatura()
    if isinstance(html, bytes):
        html = decode_page(html)
    name = url or "the page"
    try:
        document = trafilatura.bare_extraction(html, url=url, deduplicate=False, with_metadata=True)
    except Exception as error:
        raise InputError(f"{name}: trafilatura could not read it: {error}") from error
    text = _text_of(document) if document is not None else None
    if not text or not text.strip():
        raise InputError(f"{name}: no text was found in it; is it an article, and is it whole?")
    return text, document.title, document.author, url or document.url


def _text_of(document: Any) -> str | None:
    """Return the text that trafilatura found, with fences around blocks of code, so that their lines and spaces stay."""
    blocks = [
        code
        for code in document.body.iter("code")
        if code.getparent().tag not in ("code", "cell")
        and ("\n" in "".join(code.itertext()) or code.find(".//lb") is not None)
    ]
    if not blocks:
        text: str | None = document.text
        return text
    for code in blocks:
        for line_break in code.iter("lb"):
            line_break.text = "\n"
        lines = "".join(code.itertext()).strip("\n")
        del code[:]
        fence = "`" * max([3, *[len(run) + 1 for run in _TICKS.findall(lines)]])
        code.text = f"\n{fence}\n{lines}\n{fence}\n"
    rendered: str = import_module("trafilatura.xml").xmltotxt(document.body, False)
    return rendered


def decode_page(content: bytes) -> str:
    """Return a page as text: by its byte order mark, by the charset it declares, or as detected."""
    for bom, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(bom):
            return content.decode(encoding, "replace")
    declared = _DECLARED.search(content[:4096])
    candidates = ["utf-8"]
    if declared:
        name = declared[1].decode("ascii").lower()
        # Browsers read pages that declare Latin-1 as Windows-1252, a superset.
        candidates.insert(0, "cp1252" if name in ("iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii") else name)
    for encoding in candidates:
        try:
            return content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    from trafilatura.utils import decode_file

    decoded: str = decode_file(content)
    return decoded
