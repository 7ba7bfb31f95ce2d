"""The rules that a caller gets, and the words in them."""

from __future__ import annotations

import pytest

from cleaner.model import Rule, SettingsError
from cleaner.rules.choosing import Choice, choose, rule_languages


def rule(name: str, phrases: dict[str, list[str]], preset: str = "default") -> Rule:
    """Return a rule as read from a file, with its phrases by language."""
    return Rule(name, "phrase", preset, "anywhere", 0, "strong", {"phrases": phrases, "full_stop": "yes"})


RULES = {
    found.id: found
    for found in (
        rule("ads/label", {"en": ["ad"], "de": ["anzeige"], "und": ["***1"]}),
        rule("comments/heading", {"en": ["comments", "one more"], "pt-BR": ["comentários"], "pt-PT": ["um"]}),
        rule("comments/prompt", {"fr": ["écrire"]}),
        rule("titles/known", {"en": ["title"]}, "body"),
    )
}


@pytest.mark.parametrize(
    ("choice", "wanted"),
    [
        (Choice(), ["ads/label", "comments/heading", "comments/prompt"]),
        (Choice("body"), ["ads/label", "comments/heading", "comments/prompt", "titles/known"]),
        (Choice(select=["comments"]), ["comments/heading", "comments/prompt"]),
        (Choice(select=["*/heading", "ads/label"]), ["ads/label", "comments/heading"]),
        (Choice(select=["titles"]), []),
        (Choice(select=["titles/known"]), ["titles/known"]),
        (Choice("body", ignore=["comments", "titles/known"]), ["ads/label"]),
        (Choice(select=["comments"], ignore=["*/prompt"]), ["comments/heading"]),
    ],
)
def test_names_choose_rules(choice: Choice, wanted: list[str]) -> None:
    assert [found.id for found in choose(RULES, choice)] == wanted


@pytest.mark.parametrize(
    ("languages", "wanted"),
    [
        (None, {"ad", "anzeige", "***1", "comments", "one more", "comentários", "um", "écrire"}),
        (["en"], {"ad", "***1", "comments", "one more"}),
        (["EN", "fr"], {"ad", "***1", "comments", "one more", "écrire"}),
        (["en-GB"], {"ad", "***1", "comments", "one more"}),
        (["pt"], {"***1", "comentários", "um"}),
        (["pt-BR"], {"***1", "comentários"}),
    ],
)
def test_languages_choose_words(languages: list[str] | None, wanted: set[str]) -> None:
    chosen = choose(RULES, Choice(languages=languages))
    assert {phrase for found in chosen for phrase in found.spec["phrases"]} == wanted
    assert all(isinstance(found.spec["phrases"], tuple) for found in chosen)


def test_choosing_leaves_the_rules_as_they_are() -> None:
    before = repr(RULES)
    choose(RULES, Choice(languages=["en"]))
    assert repr(RULES) == before


def test_a_phrase_of_two_languages_is_there_once() -> None:
    (found,) = choose({"a": rule("a", {"en": ["audio", "video"], "de": ["video", "ton"]})}, Choice())
    assert found.spec["phrases"] == ("audio", "video", "ton")


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        (Choice(select=["coments"]), "select: no rule is called 'coments'; did you mean 'comments'"),
        (
            Choice(ignore=["comments/headin"]),
            "ignore: no rule is called 'comments/headin'; did you mean 'comments/heading'",
        ),
        (Choice(select=["nothing/*"]), "select: no rule is called 'nothing/[*]'; `cleaner rules list` shows"),
        (Choice(languages=["xx"]), "languages: no rule knows 'xx'; there are de, en, fr, pt"),
    ],
)
def test_names_of_nothing_are_errors(choice: Choice, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        choose(RULES, choice)


def test_the_languages_of_a_rule_are_those_of_its_words() -> None:
    assert rule_languages(RULES["comments/heading"]) == {"en", "pt-BR", "pt-PT"}
