"""Which hits count, shown on small rules: lines go because they are certain, or by strength, place or company."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.engine.evidence import held_back
from cleaner.engine.passes import Engine
from cleaner.model import Rule
from tests.effort import up_to
from tests.marked_texts import marked
from tests.own_rules import own_rule


def rule(name: str, line: str, evidence: str, where: str = "anywhere", reach: int = 0) -> Rule:
    return own_rule("phrase", where, reach, name=name, evidence=evidence, phrases=[line])


RULES = [
    rule("site/line", "Known", "certain"),
    rule("forms/reply", "Reply", "strong"),
    rule("offers/subscribe", "Subscribe", "strong"),
    rule("forms/field", "Field", "weak"),
    rule("menus/home", "Home", "weak"),
    rule("menus/contact", "Contact", "weak"),
    rule("credits/photo", "Photo", "weak"),
    rule("credits/offer", "Get it.", "weak"),
    rule("dates/day", "Tuesday", "faint"),
    rule("agencies/wire", "Wire", "strong", "tail", 1),
    rule("forms/bottom", "Bottom", "strong", "tail"),
    rule("forms/last", "Last", "strong", "tail", 1),
    rule("agencies/desk", "Desk", "strong", "head", 1),
    rule("links/further", "Further", "weak", "tail", 1),
    rule("links/above", "Above", "weak", "head", 1),
    rule("numbers/page", "Seven", "faint", "tail", 1),
    own_rule("pattern", name="labels/video", evidence="weak", patterns=["Video (?P<keep>.+)"]),
]

# Each line of a text is one that a rule hits, a sentence, or "Title" or "Short", which no rule hits.
ALONE = {
    "a strong line goes alone": """
  The council met on Tuesday and talked about the bridge.

- Reply

  It will meet again in the spring, when the snow is gone.
""",
    "a weak line stays alone": """
  The council met on Tuesday and talked about the bridge.

  Photo

  It will meet again in the spring, when the snow is gone.
""",
    "a line that is known goes alone": """
  The council met on Tuesday and talked about the bridge.

- Known

  It will meet again in the spring, when the snow is gone.
""",
    "a faint line stays alone": """
  The council met on Tuesday and talked about the bridge.

  Tuesday

  It will meet again in the spring, when the snow is gone.
""",
}

COMPANY = {
    "a weak line of another family in the run": """
  The council met on Tuesday and talked about the bridge.

- Photo
- Home
""",
    "a line of the same rule is none": """
  The council met on Tuesday and talked about the bridge.

  Photo
  Photo
""",
    "a weak line of the same family is none": """
  The council met on Tuesday and talked about the bridge.

  Home
  Contact
""",
    "a faint line is none, but may have some": """
  The council met on Tuesday and talked about the bridge.

  Photo
- Tuesday
""",
    "a sure line of the same family in the run": """
  The council met on Tuesday and talked about the bridge.

- Reply
- Field
""",
    "a sure line of the same family elsewhere is none": """
  The council met on Tuesday and talked about the bridge.

- Reply

  It will meet again in the spring, when the snow is gone.

  Field
""",
    "a sure line of another family anywhere, unless the line is faint": """
  The council met on Tuesday and talked about the bridge.

- Reply

  It will meet again in the spring, when the snow is gone.

  Tuesday
""",
    "a sure line of another family anywhere": """
  The council met on Tuesday and talked about the bridge.

- Photo

  It will meet again in the spring, when the snow is gone.

- Reply
""",
    "a weak line of another family elsewhere is none": """
  The council met on Tuesday and talked about the bridge.

  Photo

  It will meet again in the spring, when the snow is gone.

  Home
""",
    "a line that goes in company makes no other one sure": """
  The council met on Tuesday and talked about the bridge.

- Photo
- Home

  It will meet again in the spring, when the snow is gone.

  Field
""",
    "blank lines and rulers do not part a run": """
  The council met on Tuesday and talked about the bridge.

- Photo
  ***

- Home
""",
    "a line of the text parts a run": """
  The council met on Tuesday and talked about the bridge.

  Photo
  Title
  Home
""",
}

KINDS_OF_TEXT = {
    "without a sentence no line is sure": """
  Title

  Reply

  Short

  Photo
""",
    "a line that is known is sure also without a sentence": """
  Title

- Known

  Short

- Photo
""",
    "one word with a stop is no sentence": """
  Title.

  Reply
""",
    "without a sentence strong lines of two families go together": """
  Title

- Reply
- Subscribe
- Photo
""",
    "a sentence makes a strong line sure": """
  They met.

- Reply
""",
    "a sentence that a rule would drop is none of the text": """
  Title

  Get it.

  Short

  Reply
""",
    "without running text weak lines are no company": """
  They met.

  Photo
  Home
""",
    "without running text strong lines are company": """
  They met.

- Reply
- Photo
""",
    "without running text a strong line of an end is no company where it is not sure": """
  Title

  Wire
  Photo
""",
}

PLACES = {
    "a strong rule of the tail goes behind so many lines that stay": """
  The council met on Tuesday and talked about the bridge.

- Wire

  Title
""",
    "and behind no more": """
  The council met on Tuesday and talked about the bridge.

  Wire

  Title

  Short
""",
    "a strong rule of the head goes below so many lines that stay": """
  Title

- Desk

  The council met on Tuesday and talked about the bridge.
""",
    "and below no more": """
  Title

  Short

  Desk

  The council met on Tuesday and talked about the bridge.
""",
    "each rule has its own reach": """
  The council met on Tuesday and talked about the bridge.

  Bottom

  Title

- Last
""",
    "blank lines and rulers do not count": """
  The council met on Tuesday and talked about the bridge.

- Wire

  Title

  ---
""",
    "lines that go do not count": """
  The council met on Tuesday and talked about the bridge.

- Wire

  Title

- Wire
""",
    "nor do lines that go in company": """
  They met.

- Reply

  They went.

- Bottom
- Photo
""",
    "farther inside a strong rule of an end is as good as a weak one": """
  The council met on Tuesday and talked about the bridge.

- Wire
- Photo

  Title

  Short
""",
    "a line of an end that is sure is company anywhere": """
  The council met on Tuesday and talked about the bridge.

- Photo

  It will meet again in the spring, when the snow is gone.

- Wire
""",
    "a weak rule of an end stays alone": """
  The council met on Tuesday and talked about the bridge.

  Further
""",
}

ARTICLE = """
  The council met on Tuesday in the old school below the church and talked about the bridge for an hour and a half.

  Most of those who spoke had come on foot, since the road is closed and the ferry only goes in the morning and at night.

  Nobody knew what the repair would cost, and so the mayor promised to ask three firms and to tell everybody in the spring.
"""
BELOW = {
    "a weak rule of the tail needs no company at its end": "\n- Further",
    "nor within its reach": "\n- Further\n\n  Title",
    "beyond its reach it does": "\n  Further\n\n  Title\n\n  Short",
    "a faint rule always does": "\n  Seven",
    "a weak rule of the other end does": "\n  Above",
    "a weak rule of the other end does where this one is looked at": "\n- Further\n\n  Above",
    "a weak rule that looks anywhere needs none at an end": "\n- Photo",
    "nor with a line of the text in between": "\n- Photo\n\n  Title",
    "with two it does": "\n  Photo\n\n  Title\n\n  Short",
    "what goes by its place is not sure": "\n  Photo\n\n  Title\n\n  Short\n\n- Further",
}

TEXTS = {**ALONE, **COMPANY, **KINDS_OF_TEXT, **PLACES, **{name: f"{ARTICLE}{text}\n" for name, text in BELOW.items()}}


@pytest.mark.parametrize("name", TEXTS)
def test_what_goes_of_a_text(name: str) -> None:
    whole, left = marked(TEXTS[name])
    assert clean(whole) == left
    assert clean(left) == left


def test_a_fair_rule_is_strong_in_an_article_only() -> None:
    rules = [rule("labels/offer", "Offer", "fair")]
    article, _ = marked(ARTICLE)
    above, _, below = article.rpartition("\n\n")
    assert Engine(rules).clean(f"{above}\n\nOffer\n\n{below}") == article
    notes = "They met.\n\nOffer\n\nThey went."
    assert Engine(rules).clean(notes) == notes


LINES_OF_PAGES = ["Share", "Advertising", "Nine", "Photo", "Title", "Short", "A title of four", "***"]
# Of an article, its page below it, and the lines of no form that are attached to that.
FRAME = [
    rule("share/button", "Share", "strong"),
    rule("ads/label", "Advertising", "strong"),
    rule("navigation/number", "Nine", "faint"),
    rule("credits/photo", "Photo", "strong"),
    own_rule("short", name="navigation/beside", evidence="attached", max_words=3),
]
ATTACHED = {
    "a short line goes with two lines of the page, the first of them above it": """
- Share
- Title
- Advertising
- Short
""",
    "but not above them": """
  Title
- Share
- Advertising
""",
    "nor with one of them": """
  Title
- Share
  Short
""",
    "nor with a line that texts have, too": """
- Photo
  Title
- Share
  Short
""",
    "nor with one that is not sure": """
- Share
  Title
  Nine
  Short
""",
    "a longer one stays": """
- Share
  A title of four
- Advertising
""",
    "so does what is far from them": "\n".join(["", "- Share", "- Advertising", *["- Title"] * 10, "  Title", ""]),
    "and all above a paragraph that stays": f"""
- Share
- Advertising
  Title
{ARTICLE}
""",
}


@pytest.mark.parametrize("name", ATTACHED)
def test_short_lines_are_attached_to_the_page_below_an_article(name: str) -> None:
    whole, left = marked(f"{ARTICLE}{ATTACHED[name]}")
    assert Engine(FRAME).clean(whole) == left
    assert Engine(FRAME).clean(left) == left


# Other articles below one: a heading, and lines of any length that are attached to it if the text ends there.
OTHERS = [
    own_rule("block", name="related/heading", evidence="strong", phrases=["Related"]),
    own_rule("short", name="related/remainder", evidence="attached", max_words=120, furniture=1, remainder=True),
]
SUMMARY = "The bakers of the town sold more bread in July than in any month before."
LONG = " ".join(["word"] * 24) + "."
BELOW_OTHERS = {
    "summaries go with the heading of the list that ends the text": f"""
- Related
- August 4
- {SUMMARY}
- December 19
- {SUMMARY}
""",
    "but not what is above it": f"""
  August 4
  {SUMMARY}
- Related
- {SUMMARY}
""",
    "two paragraphs below it are the text going on": f"""
- Related
  {SUMMARY}
  {LONG}
  {LONG}
""",
    "so is a paragraph longer than a summary": f"""
- Related
  {SUMMARY}
  {LONG[:-1]} {LONG}
""",
    "and more than is above it": "\n".join(["", "- Related", *[f"  {SUMMARY}", "  Title"] * 8, ""]),
}


@pytest.mark.parametrize("name", BELOW_OTHERS)
def test_what_is_below_other_articles_goes_where_they_end_the_text(name: str) -> None:
    text = "\n\n".join([ARTICLE, ARTICLE])
    whole, left = marked(f"{text}{BELOW_OTHERS[name]}")
    assert Engine(OTHERS).clean(whole) == left
    assert Engine(OTHERS).clean(left) == left


def test_without_an_article_nothing_is_attached() -> None:
    assert Engine(FRAME).clean("They met.\n\nShare\nTitle\nAdvertising") == "They met.\n\nTitle"


@up_to(2000)
@given(lines=st.lists(st.sampled_from([*LINES_OF_PAGES, *marked(ARTICLE)[0].split("\n\n")]), max_size=24))
def test_what_is_left_below_an_article_stays(lines: list[str]) -> None:
    once = Engine(FRAME).clean("\n\n".join([ARTICLE, *lines]))
    assert Engine(FRAME).clean(once) == once


def test_a_weak_rule_trims_in_company_only() -> None:
    text = "The council met on Tuesday and talked about the bridge.\n\nVideo The bridge from above"
    assert clean(text) == text
    assert clean(f"{text}\n\nReply") == text.replace("Video ", "")
    assert clean(f"{text}\nHome") == f"{text}\nHome", "what is left of a line is no run"


@pytest.mark.parametrize("paragraphs", [1, 2])
def test_two_paragraphs_are_no_article(paragraphs: int) -> None:
    whole, _ = marked(ARTICLE)
    text = "\n\n".join([*whole.split("\n\n")[:paragraphs], "Further"])
    assert clean(text) == text


@pytest.mark.parametrize(
    ("line", "lacks"),
    [
        ("Bottom", "3 lines that stay are between it and the tail, at most 0"),
        ("Last", "3 lines that stay are between it and the tail, at most 1"),
        ("Desk", "2 lines that stay are between it and the head, at most 1"),
    ],
)
def test_what_is_out_of_reach_says_of_which_end_and_how_far(line: str, lacks: str) -> None:
    text = f"They met.\n\nTitle\n\n***\n\n{line}\n\nTitle\n\n***\n\nShort\n\nThey went."
    lines, hits, openings = Engine(RULES).seen(text, "text")
    ((_, why),) = held_back(lines, hits, openings)
    assert lacks in why


def clean(text: str) -> str:
    return Engine(RULES).clean(text)


# --- What cannot matter ----------------------------------------------------------------------------------------------

LINES = [
    "Known", "Reply", "Subscribe", "Field", "Home", "Contact", "Photo", "Tuesday",
    "Wire", "Bottom", "Desk", "Further", "Above", "Seven", "Title", "***",
    "They met.", "The council met on Tuesday and talked about the bridge.", *marked(ARTICLE)[0].split("\n\n"),
]  # fmt: skip
texts = st.lists(st.sampled_from(LINES), max_size=14)


def taken(rules: list[Rule], lines: list[str]) -> dict[int, set[str]]:
    """Return the lines that go, each with its rules. Blank lines between them keep headings from being content."""
    explained = Engine(rules).explain("\n\n".join(lines))
    return (
        {}
        if explained.flagged
        else {finding.line // 2: {finding.rule, *finding.also} for finding in explained.findings}
    )


@up_to(4000)
@given(lines=texts, chance=st.randoms(use_true_random=False))
def test_the_order_of_rules_does_not_matter(lines: list[str], chance: random.Random) -> None:
    places = list(range(len(RULES)))
    chance.shuffle(places)
    called = {rule.id: f"{rule.family}/{place:02}" for rule, place in zip(RULES, places, strict=True)}
    renamed = [_called(rule, called[rule.id]) for rule in RULES]
    chance.shuffle(renamed)
    wanted = {line: {called[name] for name in names} for line, names in taken(RULES, lines).items()}
    assert taken(renamed, lines) == wanted


def _called(rule: Rule, name: str) -> Rule:
    spec: dict[str, Any] = dict(rule.spec)
    if rule.kind == "pattern":
        return own_rule("pattern", name=name, evidence=rule.evidence, patterns=["Video (?P<keep>.+)"])
    return rule._replace(id=name, spec=spec)


# Recurring lines are different: in an article, only those of the head are checked for this.
@up_to(4000)
@given(lines=st.lists(st.sampled_from(LINES), unique=True))
def test_the_two_ends_are_alike(lines: list[str]) -> None:
    other = {"head": "tail", "tail": "head"}
    turned = [rule._replace(where=other.get(rule.where, rule.where)) for rule in RULES]
    wanted = {len(lines) - 1 - line: names for line, names in taken(RULES, lines).items()}
    assert taken(turned, lines[::-1]) == wanted


@up_to(4000)
@given(lines=texts)
def test_what_is_left_stays(lines: list[str]) -> None:
    once = clean("\n\n".join(lines))
    assert clean(once) == once
