"""Batches of Arrow: the texts are cleaned and everything else stays."""

from __future__ import annotations

import pytest

import cleaner
from cleaner.integrations.arrow import CleanBatch
from cleaner.model import InputError, SettingsError
from tests.corpus_files import DIRTY, FEW, pa


def test_a_batch_keeps_everything_but_the_texts() -> None:
    batch = pa.record_batch({"n": pa.array([1, 2], pa.int8()), "a": pa.array([{"b": DIRTY}, {"b": None}])})
    clean = CleanBatch("a.b", **FEW)
    made = clean(batch)
    assert made.schema == batch.schema
    assert made.to_pylist() == [{"n": 1, "a": {"b": cleaner.clean(DIRTY, **FEW)}}, {"n": 2, "a": {"b": None}}]
    assert clean(pa.Table.from_batches([batch, batch])).to_pylist() == made.to_pylist() * 2


def test_what_cannot_be_cleaned_is_told() -> None:
    with pytest.raises(InputError, match="the batch: has no column 'text'"):
        CleanBatch(**FEW)(pa.table({"body": ["a"]}))
    with pytest.raises(SettingsError):
        CleanBatch(select=["coments"])
