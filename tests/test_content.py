"""Hits on content never count: announced lists, headings, pieces of sentences, recurring forms; each with a near miss."""

from __future__ import annotations

import pytest

from cleaner.engine.evidence import held_back
from cleaner.engine.passes import Engine
from cleaner.model import Rule
from tests.counted_work import count_work
from tests.marked_texts import marked
from tests.own_rules import own_rule


def rule(name: str, evidence: str, *lines: str, where: str = "anywhere", reach: int = 0) -> Rule:
    return own_rule("phrase", where, reach, name=name, evidence=evidence, phrases=lines)


# Every text has a sentence and a sure line, "Reply", so that weak lines have company wherever they are.
RULES = [
    rule("site/line", "certain", "Known", "known."),
    rule("forms/reply", "strong", "Reply"),
    rule("menus/entry", "weak", "Home", "Contact", "Support", "home."),
    rule("offers/offer", "strong", "Subscribe", "subscribe."),
    rule("dates/day", "weak", "Tuesday", where="head", reach=9),
    rule("agencies/wire", "strong", "Wire", where="head", reach=9),
    own_rule("block", name="related/more", evidence="weak", phrases=["More"]),
]

ANNOUNCED = {
    "a list below a colon": """
  The page has three entries, which are these:
  Home
  Contact

- Reply
""",
    "blank lines before it and between": """
  The page has three entries, which are these:

  Home

  Contact

- Reply
""",
    "a colon of another script": """
  このページには項目が三つあります：
  Home
  Contact

- Reply
""",
    "items that no rule knows stand between, with the same bullet": """
  The page has three entries, which are these:
  - Home
  - The bridge
  - Contact

- Reply
""",
    "another bullet ends the list": """
  The page has three entries, which are these:
  - Home
  * The bridge
- - Contact

- Reply
""",
    "a line that no rule knows ends the list": """
  The page has three entries, which are these:
  Home
  The bridge
- Contact

- Reply
""",
    "a strong line is no item": """
  The page has three entries, which are these:
  Home
- Subscribe

- Reply
""",
    "a line that is known is no item": """
  The page has three entries, which are these:
  Home
- Known
  Contact

- Reply
""",
    "one word and a colon announce nothing": """
  Pages:
- Home
- Contact

- Reply
""",
    "a full stop announces nothing": """
  The page has three entries, which are these.
- Home
- Contact

- Reply
""",
}

HEADINGS = {
    "a line right above a sentence": """
  Contact
  Ask for the miller at the gate.

- Reply
""",
    "also below a blank line": """
  The mill was built when the road was.

  Contact
  Ask for the miller at the gate.

- Reply
""",
    "a blank line parts a line from the sentence": """
- Contact

  Ask for the miller at the gate.

- Reply
""",
    "a line inside of a block is no heading": """
  The mill was built when the road was.
- Contact
  Ask for the miller at the gate.

- Reply
""",
    "what stands below must be a sentence": """
- Contact
  The miller at the gate

- Reply
""",
    "two words are none": """
- Contact
  The miller.

- Reply
""",
    "a strong line is no heading": """
  The mill was built when the road was.

- Subscribe
  Ask for the miller at the gate.

- Reply
""",
}

WRAPPED = {
    "the last word of a sentence": """
  They followed the brook and late at night came
  home.

- Reply
""",
    "also where the rule is strong": """
  They read every page and then they did not
  subscribe.

- Reply
""",
    "not where the line is known": """
  They read every page until each of them was
- known.

- Reply
""",
    "a sentence that goes on below": """
  The mill was built when the road was.
  Contact
  with the other bank was lost, and stayed so for a year.

- Reply
""",
    "a line above that is whole": """
  They followed the brook and came late.
- home.

- Reply
""",
    "a blank line between": """
  They followed the brook and late at night came

- home.

- Reply
""",
    "a capital": """
  They followed the brook and late at night came
- Contact

- Reply
""",
    "a few words above are a label and no sentence": """
  It was late
- home.

  They followed the brook.

- Reply
""",
    "a line below that begins with a capital": """
- Contact
  With the other bank

  It was lost for a year.

- Reply
""",
}

RETURNING = {
    "a form in three places between lines of the text": """
  Home
  They stayed inside.

  Away
  Home
  They stayed there again.

  Away
  Contact
  There was none.

- Reply
""",
    "also where the rule is strong": """
  They asked him once.
  Subscribe

  They asked him twice.
  Subscribe

  They asked him again.
  Subscribe

- Reply
""",
    "not where the line is known": """
  They asked him once.
- Known

  They asked him twice.
- Known

  They asked him again.
- Known

- Reply
""",
    "two places are not enough": """
  They asked him once.
- Subscribe

  They asked him twice.
- Subscribe

- Reply
""",
    "lines one below the other are one place": """
  They asked him once.
- Home
- Contact
- Support
- Home

  They asked him twice.

- Reply
""",
}

PARAGRAPH = (
    "The council met in the old school below the church and talked about the bridge for an hour and a half, "
    "and nobody left before the end."
)
IN_ARTICLES = {
    "a button returns in an article": ["- Subscribe"] * 3,
    "a menu returns in an article": ["- Home"] * 3,
    "a weak rule of the head does not": ["  Tuesday"] * 3,
    "in two places it does": ["- Tuesday", "- Tuesday", ""],
    "a strong rule of the head does": ["- Wire"] * 3,
}

BLOCKS = {
    "what belongs to a block goes with it": """
  The mill was built when the road was, and both of them are out of use.

- More
- Water over the dam again as it was
- The road below the church is closed

- Reply
""",
    "also below a colon": """
  This is what the others wrote about it:
- More
- Water over the dam again as it was
- The road below the church is closed

- Reply
""",
    "a heading of a block that takes nothing with it may be one of the text": """
  The mill was built when the road was, and both of them are out of use.

  More
  Ask for the miller at the gate, who has the keys and the book of all guests.

- Reply
""",
}

TEXTS = {
    f"{group}: {name}": text
    for group, texts in {
        "announced": ANNOUNCED,
        "heading": HEADINGS,
        "wrapped": WRAPPED,
        "returning": RETURNING,
        "block": BLOCKS,
        "article": {
            name: "\n\n".join(f"  {PARAGRAPH}\n\n{line}" for line in lines) + "\n\n- Reply\n"
            for name, lines in IN_ARTICLES.items()
        },
    }.items()
    for name, text in texts.items()
}


@pytest.mark.parametrize("name", TEXTS)
def test_what_stays_as_content(name: str) -> None:
    whole, left = marked(f"  It was a cold year.\n\n{TEXTS[name]}")
    clean = Engine(RULES).clean
    assert clean(whole) == left
    assert clean(left) == left


def test_lists_that_announce_lists_are_read_once() -> None:
    engine = Engine(RULES)

    def steps(lists: int) -> int:
        text = "It was a cold year.\n" + "- The list goes on:\n- Home\n" * lists
        return count_work(lambda: engine.clean(text)).steps

    assert steps(16 * 50) <= 20 * steps(50)


SAID = {
    "a colon above announces it": ANNOUNCED,
    "it is a heading above a sentence": HEADINGS,
    "it is part of a sentence that goes on in the next line": WRAPPED,
    "lines of this form return between other lines": RETURNING,
}


@pytest.mark.parametrize("reason", SAID)
def test_what_makes_a_line_content_is_said(reason: str) -> None:
    """What is held back stays, and where lines of a group of texts are, the reason is the group's."""
    said = set()
    for text in SAID[reason].values():
        whole, left = marked(f"  It was a cold year.\n\n{text}")
        lines, hits, openings = Engine(RULES).seen(left, "text")
        held = held_back(lines, hits, openings)
        assert {hit.place for hit, _ in held} == {hit.place for hit in hits}, "all that is left is held back"
        said |= {why for _, why in held}
        assert Engine(RULES).clean(whole) == left
    assert f"content: {reason}" in said


def test_a_line_may_have_hits_that_count_and_others_on_content() -> None:
    rules = [rule("site/line", "certain", "Home"), *(rule(f"{name}/entry", "weak", "Home") for name in ("a", "z"))]
    lines, hits, openings = Engine(rules).seen("The page has two entries, which are these:\nHome", "text")
    held = {hit.rule.id: why for hit, why in held_back(lines, hits, openings)}
    assert held == dict.fromkeys(("a/entry", "z/entry"), "content: a colon above announces it")
