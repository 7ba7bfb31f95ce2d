"""Rule files as text: the tables of learned rules in TOML, the same for the same tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import tomlkit

from cleaner.learning.comments import Notes, entry_name

_SURROGATE = re.compile("[\ud800-\udfff]")

_HEAD = """\
# Written by `cleaner learn`: one rule for each site, `cleaner --rules FILE --url URL` applies them.
# To drop a line that is not here, or one of `doubtful`, add it to `drop`; to let a line stay, add it to `keep`. Learning again
# with this file as its output keeps both lists and your comments, and replaces everything else.
"""
# What earlier versions wrote there, which is not a comment of the user's.
_EARLIER_HEADS = """\
# with this file as its output keeps both lists and replaces everything else.
# To drop a line that is not here, or one of `doubtful`, add it to `keep`; to let a line stay, add it to `never`. Learning again
# with this file as its output keeps both lists. Anything else is written anew.
"""


def file_text(rules: Mapping[str, Mapping[str, Any]], earlier: str = "") -> str:
    """Return a rule file of these rules, by name.

    ``earlier`` is the text of the file that it replaces, whose comments it keeps. One whose place is gone is put at the end of its
    rule, or of the file.
    """
    notes = Notes(earlier, (_HEAD + _EARLIER_HEADS).splitlines())
    head = _HEAD + "".join([f"{line}\n" for line in notes.take().above])
    parts = [head, *(rule_text(name, table, notes) for name, table in rules.items())]
    return "\n".join(parts) + "".join([f"{line}\n" for line in notes.take_rest()])


def rule_text(name: str, table: Mapping[str, Any], notes: Notes) -> str:
    """Return one rule of a file of several, with its comments."""
    parts = [_line(f"[rules.{name}]", notes, name)]
    for key, value in table.items():
        if key == "examples":
            continue
        written = _list(value, notes, name, key) if isinstance(value, list) else _value(value, key == "why")
        parts.append(_line(f"{key} = {written}", notes, name, key))
    examples = [_line(f"\n[rules.{name}.examples]", notes, name, "examples")]
    for language, text in table["examples"].items():
        examples.append(_line(f"{language} = {_value(text, True)}", notes, name, "examples", language))
    rest = [f"{line}\n" for line in notes.take_rest(name)]
    return "".join([*parts, *rest, *examples])


def _line(written: str, notes: Notes, *place: str) -> str:
    above, beside = notes.take(*place)
    return "".join([f"{line}\n" for line in above]) + written + (f"  {beside}" if beside else "") + "\n"


def _list(entries: list[Any], notes: Notes, *place: str) -> str:
    """Return a list with one entry on each line, and comments above and beside them."""
    lines = []
    for entry in entries:
        above, beside = notes.take(*place, entry_name(entry))
        lines += [f"  {line}\n" for line in above]
        lines.append(f"  {_value(entry)}," + (f"  {beside}" if beside else "") + "\n")
    lines += [f"  {line}\n" for line in notes.take(*place, "").above]
    return "[" + "".join(["\n", *lines] if lines else lines) + "]"


def _value(value: Any, in_lines: bool = False) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join([f"{key} = {_value(each)}" for key, each in value.items()]) + "}"
    if not isinstance(value, str):
        number: str = tomlkit.item(value).as_string()
        return number
    # No TOML can hold a lone surrogate.
    written: str = tomlkit.string(_SURROGATE.sub("�", value), multiline=in_lines).as_string()
    # A line break directly after the opening quotes does not count, so the text can begin on a line of its own.
    return f'"""\n{written[3:]}' if in_lines and not written.startswith('"""\n') else written
