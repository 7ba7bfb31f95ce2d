"""JSON Schemas of rule files and settings, made from the code that reads them, for editors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cleaner.kinds import KINDS
from cleaner.kinds.base import LARGEST, REQUIRED, Field
from cleaner.model import HINTS, PRESETS, WHITESPACE
from cleaner.rules.files import COMMON
from cleaner.settings import MEANINGS, TYPES

_DRAFT = "http://json-schema.org/draft-07/schema#"
_TEXTS = {"type": "array", "items": {"type": "string"}}
_LISTS = {"type": "object", "additionalProperties": {**_TEXTS, "minItems": 1}}
_EXAMPLE = {
    "anyOf": [
        {"type": "string"},
        {
            "type": "object",
            "properties": {
                "text": {"type": "string"},
                **{name: {"anyOf": [{"type": "string"}, _TEXTS]} for name in HINTS},
            },
            "required": ["text"],
            "additionalProperties": False,
        },
    ]
}
_OF_TYPE: dict[str, dict[str, Any]] = {
    "phrases": _LISTS,
    "patterns": _LISTS,
    "number": {"type": "integer", "minimum": 0, "maximum": LARGEST},
    "flag": {"type": "boolean"},
    "text": {"type": "string", "minLength": 1},
    "texts": _TEXTS,
    "word": {"type": "string"},
    "entries": {"type": "array", "items": {"type": "object"}},
    "examples": {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": {"anyOf": [*_EXAMPLE["anyOf"], {"type": "array", "items": _EXAMPLE}]},
    },
}
_CHOICES = {"preset": PRESETS, "whitespace": WHITESPACE, "errors": ("strict", "replace", "ignore")}


def rule_schema() -> str:
    """Return the schema of a rule file, with one rule or several."""
    return _written(
        "A rule of boilerplate-cleaner",
        {
            "anyOf": [
                {"$ref": "#/definitions/rule"},
                {
                    "type": "object",
                    "properties": {"rules": {"type": "object", "additionalProperties": {"$ref": "#/definitions/rule"}}},
                    "required": ["rules"],
                    "additionalProperties": False,
                },
            ],
            "definitions": {
                "rule": {
                    "type": "object",
                    "properties": {"kind": _schema_of(COMMON["kind"])},
                    "required": ["kind"],
                    "oneOf": [{"$ref": f"#/definitions/{name}"} for name in KINDS],
                },
                **{name: _of_kind(name) for name in KINDS},
            },
        },
    )


def _of_kind(name: str) -> dict[str, Any]:
    kind = KINDS[name]
    fields: dict[str, Field] = {**COMMON, **kind.fields}
    properties = {each: _schema_of(field) for each, field in fields.items()}
    properties["kind"] = {"const": name, "description": kind.meaning}
    return {
        "type": "object",
        "properties": properties,
        "required": [each for each, field in fields.items() if field.default is REQUIRED],
        "additionalProperties": False,
    }


def _schema_of(field: Field) -> dict[str, Any]:
    found = {"description": field.meaning, **_OF_TYPE[field.type]}
    if field.words:
        found["enum"] = list(field.words)
    if field.default is not REQUIRED and field.default not in (None, {}, []):
        found["default"] = field.default
    return found


def settings_schema() -> str:
    """Return the schema of ``cleaner.toml``."""
    properties = {name: {"description": MEANINGS[name], **_of_setting(name)} for name in TYPES}
    properties["max-drop"] |= {"minimum": 0, "maximum": 1}
    return _written(
        "Settings of boilerplate-cleaner", {"type": "object", "properties": properties, "additionalProperties": False}
    )


def _of_setting(name: str) -> dict[str, Any]:
    wanted, _ = TYPES[name]
    if name in _CHOICES:
        return {"type": "string", "enum": list(_CHOICES[name])}
    return dict(_TEXTS) if wanted is list else {"type": "string" if wanted is str else "number"}


def _written(title: str, schema: Mapping[str, Any]) -> str:
    return json.dumps({"$schema": _DRAFT, "title": title, **schema}, ensure_ascii=False, indent=1) + "\n"
