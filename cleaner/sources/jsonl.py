"""JSONL, plain or compressed, in blocks of lines; only the text of a line ever changes."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Sequence
from typing import IO, Any, NamedTuple

from cleaner.model import InputError
from cleaner.sources.documents import Document, hints
from cleaner.sources.inputs import JSONL, JSONL_GZ, JSONL_ZST, WARC, Fields
from cleaner.sources.jsonlines import field_span, read_value, replace_field, value_of, with_field
from cleaner.sources.pages import archived_pages, document_of
from cleaner.sources.storage import needed, reason

# Bytes of lines that are cleaned together; a shard of a file of lines. The output depends on it (members of .gz
# files end with a block), so it is the same however a run is made.
BLOCK = 4 << 20
# A smaller file is read in so many blocks, none smaller than this, so several workers can share it.
_BLOCKS, _LEAST_BLOCK = 64, 256 << 10
# How many bytes of text each byte of a compressed file is taken to hold.
EXPANSION = 4
# A longer line is a fault of the file, not a document, and would take many times its size in memory.
LONGEST_LINE = 64 << 20
_READ = 1 << 20
# A kilobyte of hostile zstd becomes at most 32 MB, so reading little at once bounds the memory.
_READ_ZST = 4 << 10
# How much of a line that is not JSON is shown.
_SHOWN = 200


class Block(NamedTuple):
    """Whole lines of a file: the number of the first one (from 1), their bytes, and what is wrong if they cannot be used."""

    first: int
    data: bytes
    fault: str = ""


def block_size(form: str, size: int) -> int:
    """Return how large the blocks of a file of so many bytes are: by its size alone, as the bytes of the output depend on them."""
    text = size * (1 if form == JSONL else EXPANSION)
    return min(BLOCK, max(_LEAST_BLOCK, text // _BLOCKS))


def read_blocks(file: IO[bytes], form: str, path: str, block: int = BLOCK) -> Iterator[Block]:
    """Cut a JSONL file into blocks of lines, by content alone. Raises InputError if it is broken or ends too early."""
    number, held, size = 1, [], 0
    too_long = False
    for data in _decompressed(file, form, path, min(_READ, block)):
        cut = data.rfind(b"\n") + 1
        if too_long:
            # The rest of a line that was too long.
            end = data.find(b"\n") + 1
            if not end:
                continue
            yield Block(number, b"", f"the line is longer than {LONGEST_LINE >> 20} MB; is a line break missing?")
            number, too_long = number + 1, False
            data, cut = data[end:], max(cut - end, 0)
        held.append(data)
        size += len(data)
        if size >= block and cut:
            whole = b"".join(held)
            end = len(whole) - len(data) + cut
            yield Block(number, whole[:end])
            number += whole.count(b"\n", 0, end)
            held, size = [whole[end:]], len(whole) - end
        elif size > LONGEST_LINE:
            # This line is too long; whole lines before it are a block of their own.
            whole = b"".join(held)
            end = whole.rfind(b"\n") + 1
            if end:
                yield Block(number, whole[:end])
                number += whole.count(b"\n", 0, end)
            held, size, too_long = (
                ([], 0, True) if len(whole) - end > LONGEST_LINE else ([whole[end:]], len(whole) - end, False)
            )
    if too_long:
        yield Block(number, b"", f"the line is longer than {LONGEST_LINE >> 20} MB; is a line break missing?")
    elif size:
        yield Block(number, b"".join(held))


def _decompressed(file: IO[bytes], form: str, path: str, size: int) -> Iterator[bytes]:
    if form == WARC:
        yield from archived_pages(file, path)
        return
    # Only for such a file: findings in plain JSONL are read without the extra.
    broken = (gzip.BadGzipFile, zlib.error, *([needed("zstandard").ZstdError] if form == JSONL_ZST else []))
    try:
        if form == JSONL_ZST:
            yield from _unzst(file, size)
            return
        stream: Any = gzip.GzipFile(fileobj=file) if form == JSONL_GZ else file
        while data := stream.read(size):
            yield data
        if form == JSONL_GZ and not file.tell():
            raise EOFError
    except EOFError as error:
        raise InputError(f"{path}: is cut off: it ends before its compressed data does; fetch it again") from error
    except broken as error:
        raise InputError(f"{path}: is not a complete {form} file: {error}; fetch it again") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {reason(error)}") from error


def _unzst(file: IO[bytes], size: int) -> Iterator[bytes]:
    """Decompress zstd frames. The package's own stream reader does not notice that a frame is cut off."""
    zstandard = needed("zstandard")
    # Dumps made with `zstd --long=31` need a window of that size.
    decompressor = zstandard.ZstdDecompressor(max_window_size=2**31)
    frame = None
    is_empty = True
    while data := file.read(_READ_ZST):
        is_empty = False
        while data:
            frame = frame or decompressor.decompressobj()
            found = frame.decompress(data)
            for start in range(0, len(found), size):
                yield found[start : start + size]
            if not frame.eof:
                break
            data, frame = frame.unused_data, None
    if frame is not None or is_empty:
        raise EOFError


class Lines:
    """The documents of one block; ``with_texts`` returns its lines with other texts."""

    def __init__(self, block: Block, fields: Fields) -> None:
        self._field = fields.text
        self._html = fields.html
        beside = list(fields.named().items())
        self._lines: list[bytes] = []
        self.documents: list[Document] = []
        if block.fault:
            self._lines.append(b"")
            self.documents.append(Document(block.first, "", fault=block.fault))
        for number, line in enumerate(block.data.split(b"\n"), block.first):
            if number == 1:
                line = line.removeprefix(b"\xef\xbb\xbf")
            if line and not line.isspace():
                self._lines.append(line)
                self.documents.append(_document(number, line, fields, beside))

    def with_texts(self, texts: Sequence[str | None]) -> bytes:
        """Return the lines with these texts, one for each document; None leaves a line out.

        Apart from the text, a line stays as it is, byte for byte: numbers keep their digits and keys their order.
        """
        return b"".join(
            [
                (line if self._has(document, text) else self._with_text(line, text, document)) + b"\n"
                for line, document, text in zip(self._lines, self.documents, texts, strict=True)
                if text is not None
            ]
        )

    def _has(self, document: Document, text: str) -> bool:
        """Tell whether the line of a document holds this text."""
        return self._html is None and (text is document.text or text == document.text)

    def _with_text(self, line: bytes, text: str, document: Document) -> bytes:
        decoded = line.decode()
        if self._html is None:
            start, end, _ = field_span(decoded, self._field, "")
            return replace_field(decoded, start, end, text).encode()
        if self._html.is_ours:
            title = document.title if isinstance(document.title, str) else next(iter(document.title or ()), None)
            found = {"id": document.id, "url": document.url, "title": title, self._field: text}
            return json.dumps(found, ensure_ascii=False).encode("utf-8", "replace")
        return with_field(decoded, self._field, text).encode()


def _document(number: int, line: bytes, fields: Fields, beside: Sequence[tuple[str, str]]) -> Document:
    field = fields.text
    orjson = needed("orjson")
    try:
        record = orjson.loads(line)
    except ValueError as strict:
        try:
            # NaN and lone surrogates, which Python's own writer makes, are read as Python reads them.
            record = read_value(line.decode())
        except (ValueError, RecursionError):
            shown = line[:_SHOWN].decode("utf-8", "backslashreplace")
            return Document(number, "", fault=f"is not JSON in UTF-8: {_why(line, strict)}: {shown}")
    if not isinstance(record, dict):
        return Document(number, "", fault="is not a JSON object")
    found = hints({name: value_of(record, path) for name, path in beside})
    if fields.html is not None:
        page = value_of(record, fields.html.field, _MISSING)
        if page is _MISSING:
            fault = f"has no field {fields.html.field!r}; name the field that holds the page with --html-field"
            return Document(number, "", fault=fault, **found)
        return document_of(number, page, fields.html, found)
    text = value_of(record, field, _MISSING)
    if isinstance(text, str):
        return Document(number, text, **found)
    if text is _MISSING:
        fault = f"has no field {field!r}; name the field that holds the text with --field"
    else:
        fault = f"the field {field!r} is not a text but {json.dumps(text)[:40]}"
    return Document(number, "", fault=fault, **found)


def _why(line: bytes, strict: ValueError) -> str:
    try:
        line.decode()
    except UnicodeDecodeError as error:
        return f"byte {error.start} (0x{line[error.start]:02x}) is not UTF-8"
    return str(strict)


_MISSING = object()


class LinesWriter:
    """Writes blocks of lines into a file of one form: .gz with a member for each block, .zst as one frame, which every reader accepts."""

    def __init__(self, path: str, form: str) -> None:
        self._form = form
        self._file: Any = open(path, "wb")  # noqa: SIM115 (closed by close)
        if form == JSONL_ZST:
            self._file = needed("zstandard").ZstdCompressor(write_checksum=True).stream_writer(self._file)

    def write(self, lines: bytes) -> None:
        """Write a block of lines."""
        if lines:
            self._file.write(_member(lines) if self._form == JSONL_GZ else lines)

    def append(self, part: IO[bytes]) -> None:
        """Write the blocks that a part holds."""
        data = part.read()
        if self._form != JSONL_ZST:
            self._file.write(data)
            return
        while data:
            frame = needed("zstandard").ZstdDecompressor().decompressobj()
            self._file.write(frame.decompress(data))
            data = frame.unused_data

    def close(self) -> None:
        """End the file."""
        self._file.close()


class LinesPart:
    """Writes blocks of lines as a part of a file: .gz as in the file, .zst with a frame for each block that is cheap to read back."""

    def __init__(self, path: str, form: str) -> None:
        self._form = form
        self._file = open(path, "wb")  # noqa: SIM115 (closed by close)

    def write(self, lines: bytes) -> None:
        """Write the block."""
        if self._form == JSONL_ZST:
            lines = needed("zstandard").ZstdCompressor(level=1).compress(lines)
        elif self._form == JSONL_GZ and lines:
            lines = _member(lines)
        self._file.write(lines)

    def close(self) -> None:
        """End the part."""
        self._file.close()


def _member(lines: bytes) -> bytes:
    # Without a time, the same lines give the same bytes.
    return gzip.compress(lines, 6, mtime=0)
