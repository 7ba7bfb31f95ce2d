"""Passes, ends of documents and hints, on small rules made for the purpose; and the options of a Cleaner."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import cleaner
from cleaner.engine.passes import Engine
from cleaner.model import Rule, SettingsError
from cleaner.text.folding import LONGEST_KEY
from tests.own_rules import own_rule


def phrase(where: str, reach: int, *phrases: str) -> Rule:
    return own_rule("phrase", where, reach, name=f"own/{where}", phrases=phrases)


def cleaned(rules: list[Rule], text: str) -> str:
    return Engine(rules).clean(text)


ENDS = [
    ("in the run that opens", phrase("head", 0, "x", "y"), "x\ny\nSome prose.\nx", "Some prose.\nx"),
    ("behind a kept line", phrase("head", 1, "x"), "Title\nx\nSome prose.\nx", "Title\nSome prose.\nx"),
    ("out of reach", phrase("head", 1, "x"), "Title\nSome prose.\nx", "Title\nSome prose.\nx"),
    ("blank lines do not count", phrase("head", 1, "x"), "Title\n\n\nx\n\nSome prose.", "Title\n\nSome prose."),
    ("in the run that closes", phrase("tail", 0, "x", "y"), "x\nSome prose.\ny\nx", "x\nSome prose."),
    ("at either end", phrase("edge", 0, "x"), "x\nSome prose.\nMore of it.\nx", "Some prose.\nMore of it."),
    ("a text without a sentence", phrase("edge", 0, "x"), "x\nProse\nx", "x\nProse\nx"),
    ("a text of nothing else", phrase("edge", 0, "x"), "x\nx\nx", "x\nx\nx"),
]


@pytest.mark.parametrize(("rule", "text", "wanted"), [case[1:] for case in ENDS], ids=[case[0] for case in ENDS])
def test_a_rule_of_an_end_looks_no_further_than_it_reaches(rule: Rule, text: str, wanted: str) -> None:
    assert cleaned([rule], text) == wanted
    assert cleaned([rule], wanted) == wanted


def test_an_article_is_not_eaten_from_its_end() -> None:
    rule = phrase("tail", 0, "x")
    text = "\n".join(["Some prose."] + ["Short", "x"] * 2)
    assert cleaned([rule], text) == text.removesuffix("\nx")


def test_other_rules_make_the_run() -> None:
    rules = [phrase("tail", 0, "x"), phrase("anywhere", 0, "y")]
    assert cleaned(rules, "Some prose.\nx\ny\ny") == "Some prose."


def test_a_phrase_may_be_as_long_as_a_key() -> None:
    for size in (LONGEST_KEY - 1, LONGEST_KEY, LONGEST_KEY + 1):
        line = "x" * size
        once = Engine([own_rule("phrase", phrases=[line])]).clean(f"They met.\n\n{line}")
        assert (once == "They met.") == (size <= LONGEST_KEY)


def test_code_is_never_touched() -> None:
    rule = phrase("anywhere", 0, "x")
    text = "Some prose.\n\n```\nx\n  x\n```\n\nx"
    assert cleaned([rule], text) == "Some prose.\n\n```\nx\n  x\n```"
    assert cleaned([rule], "Some prose.\n```\nx") == "Some prose.\n```", "a fence that nothing closes shelters nothing"


def test_a_title_known_from_the_page() -> None:
    title, prose, form = (
        "Storm closes the port",
        "Prose about the storm that closes the port.",
        "Please enter your comment!",
    )
    assert cleaner.clean(f"{title}\n{prose}\n{title} - The Post\n{form}") == f"{title}\n{prose}"
    other = f"{prose}\n{title}\nThe harbour is closed.\n{title}\n{form}"
    assert cleaner.clean(other, title=title) == f"{prose}\n{title}\nThe harbour is closed."


def test_an_author_known_from_the_page() -> None:
    text = "Storm closes the port\nTakumi Ōe-Nakajima\nProse about the storm that closes the port."
    assert cleaner.clean(text, author="Takumi Ōe-Nakajima") == text.replace("Takumi Ōe-Nakajima\n", "")


def test_max_drop_flags_and_keeps() -> None:
    text = "The council met on Monday.\n\nLeave a Reply\nYour email address will not be published."
    explained = cleaner.explain(text, max_drop=0.5)
    assert explained.flagged and explained.text == text and len(explained.findings) == 2
    assert cleaner.clean(text, max_drop=0.5) == text
    assert not cleaner.explain(text, max_drop=0.95).flagged
    assert cleaner.clean(text, max_drop=0.95) == "The council met on Monday."


def test_changed_is_about_more_than_line_breaks() -> None:
    assert not cleaner.explain("A.\r\n\r\nB.\r\n").changed
    assert not cleaner.explain("A.\n").changed
    assert cleaner.explain("A. \n").changed
    assert cleaner.explain("The council met.\nPlease enter your comment!").changed


def test_a_cleaner_is_pickled_and_shared() -> None:
    first = cleaner.Cleaner("body", ignore=["weather"], languages=["en"], max_drop=0.9)
    second = pickle.loads(pickle.dumps(first))
    assert second.rules == first.rules and second.max_drop == first.max_drop
    texts = [f"Prose number {number} it is.\n\nPlease enter your comment!" for number in range(200)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(second.clean, texts)) == [first.clean(text) for text in texts]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"preset": "bodi"}, "there is no preset 'bodi'"),
        ({"select": ["weathr"]}, "select: no rule is called 'weathr'; did you mean 'weather'"),
        ({"ignore": ["nothing/*"]}, "ignore: no rule is called"),
        ({"select": "weather"}, "select is a list of texts"),
        ({"languages": ["xx"]}, "languages: no rule knows 'xx'"),
        ({"max_drop": 2}, "max_drop is a share"),
    ],
)
def test_settings_that_name_nothing_are_errors(options: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        cleaner.Cleaner(**options)


def test_a_rule_named_in_full_is_taken_whatever_the_preset() -> None:
    of_body = min({*cleaner.Cleaner("body").rules} - {*cleaner.Cleaner().rules})
    assert cleaner.Cleaner(select=[of_body]).rules == (of_body,)
    assert of_body not in cleaner.Cleaner(select=[of_body.split("/")[0]]).rules


def test_what_is_no_text_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="a text is a str, not bytes; decode bytes first"):
        cleaner.clean(b"bytes")  # type: ignore[arg-type]
