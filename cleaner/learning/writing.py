"""Rule files as text: the tables of learned rules in TOML, the same for the same tables."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")

_HEAD = """\
# Written by `cleaner learn`: one rule for each site, `cleaner --rules FILE --url URL` applies them.
# To drop a line that is not here, or one of `doubtful`, add it to `drop`; to let a line stay, add it to `keep`. Learning again
# with this file as its output keeps both lists and replaces everything else.
"""


def file_text(rules: Mapping[str, Mapping[str, Any]]) -> str:
    """Return a rule file of these rules, by name."""
    return "\n".join([_HEAD, *(rule_text(name, table) for name, table in rules.items())])


def rule_text(name: str, table: Mapping[str, Any]) -> str:
    """Return one rule of a file of several."""
    parts = [f"[rules.{name}]\n"]
    for key, value in table.items():
        if key == "examples":
            continue
        parts.append(f"{key} = {_paragraph(value) if key == 'why' else _value(value)}\n")
    parts.append(f"\n[rules.{name}.examples]\n")
    parts += [f"{language} = {_paragraph(text)}\n" for language, text in table["examples"].items()]
    return "".join(parts)


def _value(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_value(each)}" for key, each in value.items()) + "}"
    return "[" + _lines(f"  {_value(each)},\n" for each in value) + "]"


def _lines(lines: Iterable[str]) -> str:
    joined = "".join(lines)
    return f"\n{joined}" if joined else ""


def _text(text: str) -> str:
    # A JSON string is a TOML string, except that TOML wants DEL escaped and has no lone surrogates.
    written = json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
    return _CONTROL.sub("�", written)


def _paragraph(text: str) -> str:
    """Return a multi-line string; backslashes and quotes in it are escaped."""
    escaped = text.replace("\\", "\\\\").replace('"""', '""\\"')
    return (
        '"""\n' + _CONTROL.sub(lambda match: f"\\u{ord(match[0]):04x}" if match[0] < "\ud800" else "�", escaped) + '"""'
    )
