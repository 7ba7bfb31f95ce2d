"""Properties of every text and every setting, tested on documents that are made to break them."""

from __future__ import annotations

import copy
import random
from functools import cache
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cleaner import Cleaner, Explanation, normalize
from cleaner.engine.findings import replay
from cleaner.engine.passes import Engine
from cleaner.matching.patterns import Pattern
from cleaner.model import WHITESPACE, Rule
from cleaner.text.lines import is_prose
from cleaner.text.normalizing import normalized
from tests.effort import up_to
from tests.rule_lines import chosen_rules, lines_that, rule_files
from tests.strategies import documents

hints = st.one_of(st.none(), st.sampled_from(["Jane Doe", "Storm leaves thousands without power", ""]))
KEPT = ["Leave a Reply", "re:Jane .*", "Related Articles", "By Jane Doe"]
DROPPED = ["re:A sentence .*", "Jane Doe", "Leave a Reply", "(AP)"]
OPTIONS: dict[str, dict[str, Any]] = {
    "default": {},
    "body": {"preset": "body"},
    "guarded by max_drop": {"preset": "body", "max_drop": 0.3},
    "some rules": {"preset": "body", "select": ["titles", "captions", "related"]},
    "two languages": {"languages": ["de", "en"]},
    "whitespace of text": {"whitespace": "text"},
    "whitespace of layout": {"preset": "body", "whitespace": "layout"},
    "whitespace off": {"preset": "body", "whitespace": "off"},
    "lines to keep and to drop": {"preset": "body", "keep": KEPT, "drop": DROPPED},
}


@cache
def cleaner_with(name: str) -> Cleaner:
    return Cleaner(**OPTIONS[name])


@pytest.mark.parametrize("name", OPTIONS)
@up_to(2000)
@given(text=documents(), title=hints, author=hints)
def test_cleaning_is_idempotent(name: str, text: str, title: str | None, author: str | None) -> None:
    once = cleaner_with(name).clean(text, title, author)
    assert cleaner_with(name).clean(once, title, author) == once


@pytest.mark.parametrize("whitespace", [None, *WHITESPACE])
@up_to(2000)
@given(text=documents())
def test_normalizing_is_idempotent(whitespace: str | None, text: str) -> None:
    once = normalize(text, whitespace)
    assert normalize(once, whitespace) == once


@up_to(2000)
@given(text=documents())
def test_what_guards_the_repair_changes_nothing(text: str) -> None:
    guarded, plain = normalized(text), normalized(text, guarded=False)
    assert guarded[:2] == plain[:2] or (guarded.lines[:-1] == plain.lines and guarded.lines[-1:] == [""])


@up_to(2000)
@given(text=documents(), kept=st.sampled_from(["Leave a Reply", "Related Articles", "By Jane Doe"]))
def test_a_line_to_keep_stays_whatever_rules_say(text: str, kept: str) -> None:
    cleaned = cleaner_with("lines to keep and to drop").clean(f"{kept}\n\n{text}\n{kept}\n\n{text}")
    assert cleaned.split("\n").count(kept) >= 2


# Lines of rules that look at the ends of a text or at other lines, among them some that feed each other.
EDGES = [
    "Hello", "Reuters", "One two three four", "Jane Doe", "Storm leaves thousands without power", "Related Articles", "Photo: AP", "12", "",
    "Share", "A sentence of prose that is long enough to be one, and ends.", "The vote is on Monday", "By Jane Doe", "Menu", "Comments",
]  # fmt: skip


@up_to(2000)
@given(lines=st.lists(st.sampled_from(EDGES), min_size=1, max_size=6), times=st.sampled_from([1, 2, 9, 100]))
def test_lines_that_come_back_at_the_ends_settle(lines: list[str], times: int) -> None:
    assert_settles(lines, times)


@up_to(40)
@given(lines=st.lists(st.sampled_from(EDGES), min_size=1, max_size=6))
def test_lines_that_come_back_very_often_settle(lines: list[str]) -> None:
    assert_settles(lines, 1500)


def assert_settles(lines: list[str], times: int) -> None:
    text = "\n".join(["Hello", *lines * times])
    for name in ("default", "body"):
        once = cleaner_with(name).clean(text)
        assert once and cleaner_with(name).clean(once) == once


@pytest.mark.parametrize("name", ["body", "whitespace of layout", "whitespace off", "lines to keep and to drop"])
@up_to(2000)
@given(text=documents(), title=hints, author=hints)
def test_the_cleaned_text_is_a_subsequence_apart_from_recorded_trims_and_replays(
    name: str, text: str, title: str | None, author: str | None
) -> None:
    explained = cleaner_with(name).explain(text, title, author)
    assert explained.text == cleaner_with(name).clean(text, title, author)
    explained.text.encode()  # no lone surrogate is left
    assert replay(text, explained) == explained.text

    normal = normalized(text, explained.whitespace)
    trims = [finding.replacement for finding in explained.findings if finding.replacement]
    remaining = iter([normal.lines[index] for index in normal.kept])
    for line in explained.text.split("\n") if explained.text else []:
        if line in trims:
            continue
        assert any(line == other for other in remaining), f"{line!r} is no line of the original, or out of order"


@up_to(2000)
@given(text=documents())
@example(text="```\nsch\u00c3\u00b6n\ud800\n```\n")  # a fence keeps mojibake
def test_findings_name_the_lines_of_the_original(text: str) -> None:
    explained = cleaner_with("body").explain(text)
    lines, repaired = text.splitlines(), normalized(text, explained.whitespace).lines
    for finding in explained.findings:
        assert text[finding.start : finding.end] == finding.text == lines[finding.line - 1]
        assert finding.replacement == "" or finding.replacement in repaired[finding.line - 1]
    assert [finding.line for finding in explained.findings] == sorted(finding.line for finding in explained.findings)


@up_to(300)
@given(texts=st.lists(documents(), min_size=2, max_size=4), seed=st.integers(0, 1000))
def test_what_ran_before_changes_nothing(texts: list[str], seed: int) -> None:
    fresh = {texts[0]: Cleaner("body").clean(texts[0])}
    shuffled = texts * 2
    random.Random(seed).shuffle(shuffled)
    for text in shuffled:
        cleaned = cleaner_with("body").clean(text)
        assert fresh.setdefault(text, cleaned) == cleaned


@cache
def engine_with_rules_in_another_order(seed: int) -> Engine:
    """Return an engine of all rules under other names, so that those of a family come in another order.

    The families keep their names, because evidence knows some of them.
    """
    chance = random.Random(seed)
    return Engine([_called(rule, f"{rule.family}/{chance.randrange(10_000):04} {rule.id}") for rule in chosen_rules()])


def _called(rule: Rule, name: str) -> Rule:
    spec = dict(rule.spec)
    for field, value in spec.items():
        if isinstance(value, tuple) and value and isinstance(value[0], Pattern):
            renamed = [copy.copy(pattern) for pattern in value]
            for pattern in renamed:
                pattern.rule = name
            spec[field] = tuple(renamed)
    return rule._replace(id=name, spec=spec)


@up_to(800)
@given(text=documents(), seed=st.integers(0, 4))
def test_the_order_of_rules_changes_nothing(text: str, seed: int) -> None:
    assert _in_any_order(engine_with_rules_in_another_order(seed).explain(text)) == _in_any_order(
        cleaner_with("body").explain(text)
    )


def _in_any_order(explained: Explanation) -> tuple[str, bool, list[tuple[int, str, set[str]]]]:
    """Return the result of a cleaning, with the rules' real names and those of one line as a set."""
    findings = [
        (finding.line, finding.replacement, {rule.rpartition(" ")[2] for rule in (finding.rule, *finding.also)})
        for finding in explained.findings
    ]
    return explained.text, explained.changed, findings


@cache
def engines_of_one_rule() -> dict[str, Engine]:
    return {rule.id: Engine([rule]) for rule in chosen_rules()}


@up_to(200)
@given(text=documents(st.deferred(lambda: st.sampled_from(lines_that("drop", "keep")))))
def test_each_rule_alone_leaves_nothing_that_it_would_take(text: str) -> None:
    for rule, engine in engines_of_one_rule().items():
        again = engine.explain(engine.clean(text))
        assert again.flagged or not again.findings, rule


@cache
def sentences() -> list[str]:
    """Return the keep lines that stay wherever they are.

    A line that a rule keeps only for its place (a bio in the middle of an article) may go elsewhere. So of rules that look at the
    place, only those lines count that stay in a document of their own.
    """
    found: set[str] = set()
    for file in rule_files():
        for shown in file.examples:
            for line in filter(is_prose, shown.of("keep")):
                if file.rule.where == "anywhere" or cleaner_with("body").clean(line) == line:
                    found.add(line)
    return sorted(found)


@up_to(2000)
@given(st.data())
def test_documents_of_keep_lines_are_untouched(data: st.DataObject) -> None:
    lines = data.draw(st.lists(st.sampled_from(sentences()), min_size=1, max_size=10, unique=True))
    text = "\n".join(lines)
    assert [(finding.rule, finding.text) for finding in cleaner_with("body").explain(text).findings] == []
