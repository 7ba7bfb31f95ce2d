"""Real text of every genre stays whole; only the boilerplate beside it goes."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import pytest

from cleaner import Cleaner, normalize
from cleaner.model import PRESETS
from tests.marked_texts import marked

FOLDER = Path(__file__).parent / "texts"


def read(name: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


REAL = read("real.toml")
MIXED = read("mixed.toml")


@cache
def cleaner_of(preset: str) -> Cleaner:
    return Cleaner(preset)


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("name", REAL)
def test_real_text_stays_whole(name: str, preset: str) -> None:
    text = REAL[name]["text"]
    explained = cleaner_of(preset).explain(text)
    assert [(finding.text, finding.rule) for finding in explained.taken] == []
    assert not explained.flagged
    assert explained.text == normalize(text)


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("name", MIXED)
def test_only_the_boilerplate_beside_real_text_goes(name: str, preset: str) -> None:
    whole, left = marked(MIXED[name]["text"])
    explained = cleaner_of(preset).explain(whole)
    assert [finding.text for finding in explained.taken] == [
        row[2:] for row in MIXED[name]["text"].split("\n") if row.startswith("- ")
    ]
    assert explained.text == left


def test_every_text_is_read_and_says_its_genre() -> None:
    assert len(REAL) > 100 and len(MIXED) > 20
    assert {tuple(case) for case in (*REAL.values(), *MIXED.values())} == {("genre", "text")}
