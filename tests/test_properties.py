"""What holds for every text and every setting, shown on documents that are made to break it."""

from __future__ import annotations

import random
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleaner import Cleaner, normalize
from cleaner.engine.passes import Engine, replay
from cleaner.text.lines import is_prose
from cleaner.text.normalizing import kept_lines, normalized_lines
from tests.documents import documents, lines_that, rule_files, vocabulary

EXAMPLES = 2000
thorough = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
hints = st.one_of(st.none(), st.sampled_from(["Jane Doe", "Storm leaves thousands without power", ""]))
CLEANERS = {
    "default": Cleaner(),
    "body": Cleaner("body"),
    "guarded by max_drop": Cleaner("body", max_drop=0.3),
    "some rules": Cleaner("body", select=["titles", "captions", "related"]),
    "two languages": Cleaner(languages=["de", "en"]),
}


@pytest.mark.parametrize("name", CLEANERS)
@thorough
@given(text=documents(), title=hints, author=hints)
def test_cleaning_is_idempotent(name: str, text: str, title: str | None, author: str | None) -> None:
    once = CLEANERS[name].clean(text, title, author)
    assert CLEANERS[name].clean(once, title, author) == once


@thorough
@given(text=documents())
def test_normalizing_is_idempotent_and_the_guard_changes_nothing(text: str) -> None:
    once = normalize(text)
    assert normalize(once) == once
    assert normalized_lines(text) == normalized_lines(text, guarded=False) or _same_but_for_a_last_blank(text)


def _same_but_for_a_last_blank(text: str) -> bool:
    guarded, _ = normalized_lines(text)
    plain, _ = normalized_lines(text, guarded=False)
    return guarded[:-1] == plain and guarded[-1:] == [""]


@thorough
@given(text=documents(), title=hints, author=hints)
def test_the_cleaned_text_is_a_subsequence_apart_from_recorded_trims_and_replays(
    text: str, title: str | None, author: str | None
) -> None:
    explained = CLEANERS["body"].explain(text, title, author)
    assert explained.text == CLEANERS["body"].clean(text, title, author)
    explained.text.encode()  # no lone surrogate is left
    assert replay(text, explained.findings) == explained.text

    lines, fenced = normalized_lines(text)
    normalized = [lines[index] for index in kept_lines(lines, fenced)]
    trims = [finding.replacement for finding in explained.findings if finding.replacement]
    remaining = iter(normalized)
    for line in explained.text.split("\n") if explained.text else []:
        if line in trims:
            continue
        assert any(line == other for other in remaining), f"{line!r} is no line of the original, or out of order"


@thorough
@given(text=documents())
def test_findings_name_the_lines_of_the_original(text: str) -> None:
    explained = CLEANERS["body"].explain(text)
    lines = text.splitlines()
    for finding in explained.findings:
        assert text[finding.start : finding.end] == finding.text == lines[finding.line - 1]
        assert finding.replacement == "" or finding.replacement in normalized_lines(finding.text)[0][0]
    assert [finding.line for finding in explained.findings] == sorted(finding.line for finding in explained.findings)


@settings(thorough, max_examples=300)
@given(texts=st.lists(documents(), min_size=2, max_size=4), seed=st.integers(0, 1000))
def test_what_ran_before_changes_nothing(texts: list[str], seed: int) -> None:
    fresh = {texts[0]: Cleaner("body").clean(texts[0])}
    shuffled = texts * 2
    random.Random(seed).shuffle(shuffled)
    for text in shuffled:
        cleaned = CLEANERS["body"].clean(text)
        assert fresh.setdefault(text, cleaned) == cleaned


_RULES = [file.rule for file in rule_files()]


class _Unsorted(Engine):
    """An engine whose kinds look in another order."""

    def __init__(self, seed: int) -> None:
        super().__init__(_RULES, None, vocabulary())
        for looking in (self._matchers, self._judges, self._judges_at_ends):
            random.Random(seed).shuffle(looking)


_SHUFFLED = [_Unsorted(seed) for seed in range(5)]


@thorough
@given(text=documents(), seed=st.integers(0, 4))
def test_the_order_of_rules_changes_nothing(text: str, seed: int) -> None:
    assert _SHUFFLED[seed].explain(text, None, None, None) == CLEANERS["body"].explain(text)


_ALONE = [(rule.id, Engine([rule], None, vocabulary())) for rule in _RULES]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(text=documents(st.sampled_from(lines_that("drop", "keep"))))
def test_each_rule_alone_is_stable_in_one_pass(text: str) -> None:
    for rule, engine in _ALONE:
        once = engine.clean(text, None, None, None)
        lines, fenced = normalized_lines(text)
        assert engine._settle(lines, fenced, None, None)[0] == once.split("\n") or not once
        assert not engine.explain(once, None, None, None).findings, rule


@cache
def _sentences() -> list[str]:
    """Return the keep lines that stand wherever they are.

    What a rule keeps for its place alone (a bio in the middle of an article) may go elsewhere, so of rules that look at the place
    only those lines count that stay in a document of their own.
    """
    found: set[str] = set()
    for file in rule_files():
        for example in file.examples:
            for line in filter(is_prose, example.of("keep")):
                if file.rule.where == "anywhere" or CLEANERS["body"].clean(line) == line:
                    found.add(line)
    return sorted(found)


@thorough
@given(st.data())
def test_documents_of_keep_lines_are_untouched(data: st.DataObject) -> None:
    lines = data.draw(st.lists(st.sampled_from(_sentences()), min_size=1, max_size=10, unique=True))
    text = "\n".join(lines)
    assert [(finding.rule, finding.text) for finding in CLEANERS["body"].explain(text).findings] == []
