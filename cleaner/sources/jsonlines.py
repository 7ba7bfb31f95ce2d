"""One field of JSON documents, one on each line; everything else on the line stays as it is, byte for byte."""

from __future__ import annotations

import json

# scanstring reads a JSON text from its quote on; the stubs do not list it.
from json.decoder import JSONDecodeError, scanstring  # type: ignore[attr-defined]
from typing import Any

from cleaner.model import InputError

_SPACE = " \t\n\r"
# Python does not parse integers of more digits.
_LONGEST_INTEGER = 4300


def _number(digits: str) -> float:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else float(digits)


_decoder = json.JSONDecoder(parse_int=_number)


def read_value(line: str) -> Any:
    """Return the value of a line of JSON, byte order mark or not; raises ValueError or RecursionError if it is not JSON."""
    return _decoder.decode(line.removeprefix("\ufeff"))


def field_span(line: str, field: str, place: str) -> tuple[int, int, str]:
    """Return where the value of a field is in a JSON object, and the text.

    ``field`` is a name at the top level, or else names with dots between them that lead into objects. Offsets are code
    points of ``line``. Raises InputError, naming ``place``, if the line is not an object, lacks the field, or the field is not
    a string. If a field is there twice, the last one counts, as for JSON readers.
    """
    span = _value_span(line, field, field, place)
    if span is None and "." in field:
        start, end, value = 0, len(line), None
        for name in field.split("."):
            inner = _value_span(line[start:end], name, field, place)
            if inner is None:
                break
            start, end, value = start + inner[0], start + inner[1], inner[2]
        else:
            span = (start, end, value)
    if span is None:
        raise InputError(f"{place}: has no field {field!r}; name the field that holds the text")
    if not isinstance(span[2], str):
        raise InputError(f"{place}: the field {field!r} is not a text but {json.dumps(span[2])[:40]}")
    return span[0], span[1], span[2]


def _value_span(line: str, name: str, field: str, place: str) -> tuple[int, int, object] | None:
    """Return where the value of a member of a JSON object is, and the value; None if there is no such member."""
    span: tuple[int, int, object] | None = None
    try:
        at = _skip(line, 1 if line.startswith("\ufeff") else 0)
        if line[at] != "{":
            raise InputError(f'{place}: is not a JSON object; each line holds one, such as {{"{field}": "…"}}')
        at = _skip(line, at + 1)
        while line[at] != "}":
            found, at = scanstring(line, at + 1, False) if line[at] == '"' else _stop(line, at)
            at = _skip(line, at)
            if line[at] != ":":
                _stop(line, at)
            start = _skip(line, at + 1)
            value, end = _decoder.raw_decode(line, start)
            if found == name:
                span = (start, end, value)
            at = _skip(line, end)
            if line[at] == ",":
                at = _skip(line, at + 1)
                if line[at] != '"':
                    _stop(line, at)
            elif line[at] != "}":
                _stop(line, at)
        if _skip(line, at + 1) != len(line):
            _stop(line, at + 1)
    except IndexError:
        raise InputError(f"{place}: is not JSON: the line ends in the middle of an object") from None
    except (JSONDecodeError, RecursionError) as error:
        raise InputError(f"{place}: is not JSON: {error}") from error
    return span


def _skip(line: str, at: int) -> int:
    while at < len(line) and line[at] in _SPACE:
        at += 1
    return at


def _stop(line: str, at: int) -> tuple[str, int]:
    raise JSONDecodeError("a comma, a colon or a quote is missing", line, at)


def replace_field(line: str, start: int, end: int, text: str) -> str:
    """Return the line with another text in the span of a value, escaped in the same way as the line."""
    ascii_only = line.isascii() and "\\u" in line
    return line[:start] + json.dumps(text, ensure_ascii=ascii_only) + line[end:]


def with_field(line: str, field: str, text: str) -> str:
    """Return a JSON object with a text in a field, which is added at its end if it is missing; the rest stays as it is.

    Raises InputError if the field leads into something that is not an object.
    """
    span = _value_span(line, field, field, "")
    if span is not None:
        return replace_field(line, span[0], span[1], text)
    if "." in field:
        try:
            start, end, _ = field_span(line, field, "the document")
            return replace_field(line, start, end, text)
        except InputError:
            pass
    ascii_only = line.isascii() and "\\u" in line
    body = line.rstrip()[:-1].rstrip()
    comma = "" if body.endswith("{") else ", "
    added = f"{json.dumps(field, ensure_ascii=ascii_only)}: {json.dumps(text, ensure_ascii=ascii_only)}"
    return f"{body}{comma}{added}{line.rstrip()[-1]}{line[len(line.rstrip()) :]}"


def value_of(record: Any, field: str, missing: object = None) -> Any:
    """Return a field of an object: the one of that name, or else the one that its dotted path leads to."""
    if field in record:
        return record[field]
    for name in field.split("."):
        if not isinstance(record, dict) or name not in record:
            return missing
        record = record[name]
    return record
