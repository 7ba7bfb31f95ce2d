"""Recognize files that are not prose, which cleaning would break: pages, tables, code, compressed files."""

from __future__ import annotations

import os
import re

from cleaner.cli.files import STDIN
from cleaner.model import InputError
from cleaner.text.layout import has_layout, is_running_text

# File name suffixes, in lower case.
_PAGES = re.compile("html?|xhtml|shtml")
_JSON_LINES = re.compile("jsonl|ndjson")
_TABLES = re.compile("csv|tsv|tab|psv|ods|xlsx?")
_DATA = re.compile(
    "json|geojson|ipynb|xml|xsd|xslt?|svg|rdf|owl|rss|atom|gpx|kml|plist|ya?ml|toml|ini|cfg|conf|properties|env|lock|pot?|srt|vtt|ics|"
    "vcf|bib|ris|sql|diff|patch|log"
)
_SOURCES = re.compile(
    "py|pyi|pyx|jsx?|mjs|cjs|tsx?|vue|svelte|c|h|cc|cpp|cxx|hh|hpp|hxx|cs|java|kts?|scala|groovy|gradle|go|rs|swift|mm?|rb|p[lm]|php|"
    "phtml|lua|r|jl|sh|bash|zsh|fish|ps1|bat|cmd|awk|sed|tcl|el|lisp|clj|exs?|erl|hs|mli?|fsx?|f|f9[05]|asm|s|vbs?|pas|dart|zig|nim|"
    "cmake|mk|css|scss|sass|less|tf|proto|graphql"
)
# The first bytes of compressed files and Parquet.
_PACKED = (
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
)
_PARQUET = b"PAR1"
_DOCUMENTS = ((b"%PDF-", "a PDF"), (b"{\\rtf", "a document in RTF"))
_PAGE = re.compile(
    r"\ufeff?\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html)\b", re.I | re.S
)
_XML = re.compile(r"\ufeff?\s*<\?xml\s")
_OBJECT = re.compile(r'\ufeff?\s*\{\s*"(?:[^"\\\n]|\\.){0,200}"\s*:')
_CORPUS = re.compile(r"\.(?:jsonl|ndjson|json)\.\w+$", re.IGNORECASE)


class NoProseError(InputError):
    """A file that cleaning as prose would break."""


def check_bytes(name: str, content: bytes) -> None:
    """Raise NoProseError for a file that is not prose by its first bytes or by its name, which standard input lacks."""
    check_unpacked(name, content)
    for begin, what in _DOCUMENTS:
        if content.startswith(begin):
            raise NoProseError(f"{name}: is {what}; take the text out of it first")
    suffix = os.path.splitext(name)[1].removeprefix(".").lower()
    if name == STDIN or not suffix:
        return
    if _PAGES.fullmatch(suffix):
        raise _page(name)
    if _JSON_LINES.fullmatch(suffix):
        raise _json_lines(name)
    for suffixes, what in (
        (_TABLES, "a table, whose rows and columns"),
        (_DATA, "data, whose lines"),
        (_SOURCES, "code, whose lines and spaces"),
    ):
        if suffixes.fullmatch(suffix):
            raise _broken(
                f"{name}: is {what} cleaning would break; put the texts in it into JSON lines (--jsonl FIELD)"
            )


def check_unpacked(name: str, content: bytes, *, is_corpus: bool = False) -> None:
    """Raise NoProseError for the first bytes of a file that is compressed, or of a Parquet file.

    ``is_corpus``: the file should hold JSON documents, one per line.
    """
    packed = (
        "Parquet"
        if content.startswith(_PARQUET)
        else next((what for begin, what in _PACKED if content.startswith(begin)), "")
    )
    if not packed:
        return
    said = f"{name}: is {packed}" if packed == "Parquet" else f"{name}: is compressed ({packed})"
    if packed not in ("Parquet", "gzip", "zstd") or not (is_corpus or packed == "Parquet" or _CORPUS.search(name)):
        raise NoProseError(f"{said}; decompress it first")
    raise NoProseError(
        f"{said}; clean the documents in it with: cleaner corpus {'FILE' if name == STDIN else name} --out DIR"
    )


def check_text(name: str, text: str) -> None:
    """Raise NoProseError for a text that begins as a page, XML, JSON or a script does. Standard input is taken as it is."""
    if name == STDIN:
        return
    if _PAGE.match(text):
        raise _page(name)
    if _XML.match(text):
        raise _broken(f"{name}: is XML, which cleaning would break")
    if _OBJECT.match(text):
        raise _json_lines(name)
    if text.startswith("#!"):
        raise _broken(f"{name}: is a script, which cleaning would break")


def check_layout(name: str, text: str) -> None:
    """Raise NoProseError for a text whose spaces carry meaning."""
    if has_layout(text):
        raise NoProseError(f"{name}: has tabs in columns or most of its lines indented")


def check_running(name: str, text: str) -> None:
    """Raise NoProseError for a text that is not running text, such as a list or hand-wrapped lines."""
    if not is_running_text(text):
        raise NoProseError(f"{name}: is not running text with each paragraph on one line")


def _page(name: str) -> NoProseError:
    return _broken(f"{name}: is a page; clean the text in it with --html")


def _json_lines(name: str) -> NoProseError:
    return _broken(
        f"{name}: is JSON; if each line is a document, name the field that holds the text with --jsonl FIELD"
    )


def _broken(said: str) -> NoProseError:
    return NoProseError(f"{said}; to clean it as prose all the same, pass it on standard input")
