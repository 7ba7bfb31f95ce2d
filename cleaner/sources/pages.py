"""Pages as documents: the text of each is extracted when it is read."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Sequence
from typing import IO, Any

from cleaner.html.decoding import decode_page
from cleaner.html.reading import extract
from cleaner.model import CleanerError, InputError
from cleaner.sources.documents import Document
from cleaner.sources.inputs import Html, Source
from cleaner.sources.storage import needed, open_input, reason

# The field of an archive's pages, which is not written.
ARCHIVED = Html("html", {}, is_ours=True)
# A larger page is not read: an article has a few kilobytes, and a compressed page may be a bomb.
LARGEST = 64 << 20
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"


def document_of(number: int, page: object, html: Html, beside: dict[str, Any]) -> Document:
    """Return a page as a document; ``beside`` are its other fields, which win over what the page says of itself."""
    if not isinstance(page, (str, bytes)) or not page:
        return Document(
            number, "", fault=f"the page in field {html.field!r} is {'empty' if page == '' else 'no text'}", **beside
        )
    given = Document(number, "", **beside)
    url = given.url if isinstance(given.url, str) else None
    try:
        found = extract(page, url, **html.options)
    except CleanerError as error:
        said = str(error)
        # The place of the page is told beside the fault.
        return given._replace(fault=said.split(": ", 1)[-1] if said.startswith((f"{url}:", "the page:")) else said)
    known = found.joined({name: value for name, value in given.known.items() if name not in ("site", "url")})
    more = {name: value for name, value in known.items() if name not in ("title", "url")}
    return given._replace(text=found.text, title=known.get("title"), url=given.url or known.get("url"), more=more)


class PageFile:
    """The document of a file that is a page; ``with_texts`` returns the file with its text."""

    def __init__(self, source: Source, options: dict[str, Any]) -> None:
        page = read_page(source.path)
        self.documents = [document_of(1, page, Html("", options), {})]

    def with_texts(self, texts: Sequence[str | None]) -> bytes:
        """Return the text with a line break at its end, nothing for None."""
        return b"".join([text.encode("utf-8", "replace") + b"\n" for text in texts if text])


def read_page(path: str) -> bytes:
    """Return the content of a page, decompressed; raises InputError if it is broken or too large."""
    with open_input(path) as file:
        return unpacked(file.read(LARGEST + 1), path)


def unpacked(content: bytes, path: str) -> bytes:
    """Return the content of a file that may be compressed; raises InputError if it is broken or too large."""
    try:
        if content.startswith(_GZIP):
            unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
            page = unpacker.decompress(content, LARGEST + 1)
            if not unpacker.eof and len(page) <= LARGEST:
                raise EOFError
        elif content.startswith(_ZSTD):
            page = _unzst(content)
        else:
            page = content
    except EOFError as error:
        raise InputError(f"{path}: is cut off: it ends before its compressed data does; fetch it again") from error
    except (zlib.error, OSError) as error:
        raise InputError(f"{path}: cannot be decompressed: {error}; fetch it again") from error
    if len(page) > LARGEST:
        raise InputError(f"{path}: is larger than {LARGEST >> 20} MB; an article is not so large")
    return page


def _unzst(content: bytes) -> bytes:
    zstandard = needed("zstandard")
    unpacker = zstandard.ZstdDecompressor(max_window_size=2**31).decompressobj()
    found, size = [], 0
    try:
        # A kilobyte becomes at most 32 MB.
        for start in range(0, len(content), 1024):
            found.append(unpacker.decompress(content[start : start + 1024]))
            size += len(found[-1])
            if unpacker.eof or size > LARGEST:
                return b"".join(found)
    except zstandard.ZstdError as error:
        raise OSError(str(error)) from error
    raise EOFError


def archived_pages(file: IO[bytes], path: str) -> Iterator[bytes]:
    """Yield the pages of a WARC archive as lines of JSON, each with ``id``, ``url`` and ``html``.

    Only answers with HTML and status 200 are pages. Raises InputError at the place where the archive is broken.
    """
    try:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed
    except ImportError as error:
        raise CleanerError(f"WARC files need warcio: pip install 'boilerplate-cleaner[warc]' ({error})") from error
    try:
        for record in ArchiveIterator(file, arc2warc=True):
            headers = record.http_headers
            if record.rec_type != "response" or headers is None or headers.get_statuscode() != "200":
                continue
            kind = headers.get_header("Content-Type") or ""
            if "html" not in kind.lower():
                continue
            page = record.content_stream().read(LARGEST)
            found = {
                "id": record.rec_headers.get_header("WARC-Record-ID"),
                "url": record.rec_headers.get_header("WARC-Target-URI"),
                "html": _decoded(page, kind),
            }
            yield json.dumps(found).encode() + b"\n"
    except (ArchiveLoadFailed, EOFError, gzip.BadGzipFile, zlib.error, OSError, ValueError) as error:
        raise InputError(f"{path}: is broken: {reason(error)}; fetch it again") from error


def _decoded(page: bytes, kind: str) -> str:
    """Return a page as text, by the charset of its HTTP header if that reads it."""
    charset = kind.lower().partition("charset=")[2].strip(" \"';")
    try:
        return page.decode(charset) if charset and charset not in ("iso-8859-1", "latin1") else decode_page(page)
    except (LookupError, ValueError):
        return decode_page(page)
