"""Columns of data frames: what went as rows, missing values, and findings that print themselves."""

from __future__ import annotations

import math
from typing import Any

import pytest

import cleaner
from cleaner.integrations.frames import Record

PROSE = "The council voted on Monday to build a bridge across the harbour."
DIRTY = f"{PROSE}\nLeave a Reply\nYour email address will not be published."
TEXTS = [DIRTY, None, PROSE, math.nan, f"{PROSE}\nSource link"]
RULES = ["comments/reply-heading", "comments/form-prompt", "footers/source-link"]


def test_records_name_text_rule_family_and_line() -> None:
    found = list(cleaner.explain_many(TEXTS, ids="abcde"))  # type: ignore[arg-type]
    assert found[0] == Record("a", "comments/reply-heading", "comments", 2, "Leave a Reply", "")
    assert [(record.id, record.rule) for record in found] == list(zip("aae", RULES, strict=True))
    assert not list(cleaner.explain_many([DIRTY], ignore=["comments"]))


def test_ids_are_keys_or_places() -> None:
    assert {record.id for record in cleaner.explain_many({"x": DIRTY, "y": None})} == {"x"}
    assert [record.id for record in cleaner.explain_many([None, DIRTY])] == [1, 1]
    with pytest.raises(ValueError, match="zip"):
        list(cleaner.explain_many([DIRTY, DIRTY], ids=[1]))


def test_missing_values_stay_and_others_are_named() -> None:
    cleaned = cleaner.clean_many(TEXTS)
    assert cleaned[:3] == [PROSE, None, PROSE] and math.isnan(cleaned[3]) and cleaned[4] == PROSE
    with pytest.raises(TypeError, match="1: a text is a str, not int"):
        cleaner.clean_many([DIRTY, 7])
    with pytest.raises(TypeError, match="'b': a text is a str, not bytes"):
        list(cleaner.explain_many({"a": DIRTY, "b": b"bytes"}))


def test_pandas_takes_columns_and_records() -> None:
    pandas: Any = pytest.importorskip("pandas", reason="needs pandas")
    frame = pandas.DataFrame({"text": [*TEXTS, pandas.NA]}, index=[10, 11, 12, 13, 14, 15])
    found = pandas.DataFrame(cleaner.explain_many(frame["text"]))
    assert list(found.columns) == ["id", "rule", "family", "line", "text", "replacement"]
    assert list(found["id"]) == [10, 10, 14] and list(found["rule"]) == RULES
    frame["clean"] = cleaner.clean_many(frame["text"])
    assert list(frame["clean"].isna()) == [False, True, False, True, False, True]


def test_polars_takes_columns_and_records() -> None:
    polars: Any = pytest.importorskip("polars", reason="needs polars")
    frame = polars.DataFrame({"id": list("abcde"), "text": [None if text != text else text for text in TEXTS]})
    found = polars.DataFrame(cleaner.explain_many(frame["text"], ids=frame["id"]))
    assert found.columns == ["id", "rule", "family", "line", "text", "replacement"]
    assert found["id"].to_list() == ["a", "a", "e"] and found["rule"].to_list() == RULES
    frame = frame.with_columns(polars.Series("clean", cleaner.clean_many(frame["text"])))
    assert frame["clean"].to_list() == [PROSE, None, PROSE, None, PROSE]


def test_a_finding_prints_itself() -> None:
    finding = cleaner.explain(DIRTY).findings[0]
    assert str(finding) == "2: comments/reply-heading: Leave a Reply"
    assert str(finding._replace(replacement="Leave")) == "2: comments/reply-heading: Leave a Reply => Leave"
    assert "Finding(rule='comments/reply-heading'" in repr(finding)
