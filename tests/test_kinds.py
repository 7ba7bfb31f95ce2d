"""The kinds that look at neighbours: the lines that they take and leave, with rules made for the purpose."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import pytest

import cleaner
from cleaner.engine.passes import Engine
from cleaner.model import Hints
from tests.own_rules import own_rule, write_site_rule

PROSE = [
    "The council approved the new budget late on Tuesday after a debate of seven hours and forty speakers.",
    "The mayor said that the money for the schools was safe but that the bridge would have to wait.",
    "The opposition voted against it and called the paper a wish list that nobody would be able to pay.",
    "In spring the council will talk about the bridge again, and about the harbour and the two parks.",
]


def only(tmp_path: Path, rule: str, examples: str) -> cleaner.Cleaner:
    """Return a cleaner with nothing but the rule ``own/one``, which has these keys and examples."""
    folder = tmp_path / "own"
    folder.mkdir(exist_ok=True)
    (folder / "one.toml").write_text(
        f"{textwrap.dedent(rule)}\n[examples]\nen = '''\n{examples}\n'''\n", encoding="utf-8"
    )
    return cleaner.Cleaner("body", select=["own/one"], rules=[tmp_path])


@pytest.fixture(scope="module")
def ending(tmp_path_factory: pytest.TempPathFactory) -> cleaner.Cleaner:
    return only(
        tmp_path_factory.mktemp("ending"),
        """
        kind = "ending"
        why = "Price: none."
        most_below = 100
        [phrases]
        en = ["Talk"]
        [marks]
        en = ['answer']
        """,
        "\n".join([*(f"  {line}" for line in PROSE), "- Talk", "- answer", "  They talk and answer.\n  A talk."]),
    )


def test_an_ending_takes_everything_below_its_heading(ending: cleaner.Cleaner) -> None:
    text = "\n".join([*PROSE, "Talk", "I like the bridge.", "Answer", PROSE[0].upper()])
    assert ending.clean(text) == "\n".join(PROSE)


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ([*PROSE[:2], "Talk", "I like it.", "Answer"], "too little stands above"),
        (["Talk", "Answer", *PROSE], "nothing stands above"),
        ([*PROSE, "Talk", "I like the bridge."], "no mark stands below"),
        ([*PROSE[:3], "Talk", "Answer", *PROSE, *PROSE], "more stands below than above"),
        ([*PROSE[:3], "Talk", "Answer", *PROSE[1:], "Talk", "Answer"], "two articles have each their heading"),
    ],
)
def test_an_ending_leaves_everything_where_it_cannot_be_sure(
    ending: cleaner.Cleaner, lines: list[str], why: str
) -> None:
    assert ending.clean("\n".join(lines)) == "\n".join(lines), why


@pytest.fixture(scope="module")
def block(tmp_path_factory: pytest.TempPathFactory) -> cleaner.Cleaner:
    return only(
        tmp_path_factory.mktemp("block"),
        """
        kind = "block"
        why = "Price: none."
        max_members = 40
        [phrases]
        en = ["Also read"]
        [patterns]
        en = ['more from .{2,20}']
        """,
        "- Also read\n- More from Paris\n  They also read more from him.\n  He read.",
    )


TEASERS = ["Storm leaves thousands of people without power", "Harbour to be closed for large ships"]


def test_a_block_goes_to_the_end_of_the_document(block: cleaner.Cleaner) -> None:
    assert block.clean("\n".join([PROSE[0], "More from Paris", *TEASERS])) == PROSE[0]


def test_a_block_in_the_text_keeps_what_may_be_the_subheading_below_it(block: cleaner.Cleaner) -> None:
    cleaned = block.clean("\n".join([PROSE[0], "Also read", *TEASERS, PROSE[1]]))
    assert cleaned == "\n".join([PROSE[0], TEASERS[1], PROSE[1]])


def test_a_block_keeps_a_short_line_and_what_follows_it(block: cleaner.Cleaner) -> None:
    cleaned = block.clean("\n".join([PROSE[0], "Also read", "The harbour", *TEASERS, PROSE[1]]))
    assert cleaned == "\n".join([PROSE[0], "The harbour", *TEASERS, PROSE[1]])


def test_a_block_takes_list_items_up_to_the_text(block: cleaner.Cleaner) -> None:
    cleaned = block.clean("\n".join([PROSE[0], "Also read", "- The harbour", "- The storm", PROSE[1]]))
    assert cleaned == "\n".join([PROSE[0], PROSE[1]])


def test_a_block_takes_headlines_with_a_short_text_each(block: cleaner.Cleaner) -> None:
    teasers = [
        line for headline in (*TEASERS, "Two parks and a garden for the old town") for line in (headline, PROSE[3])
    ]
    article = PROSE[:3]
    assert block.clean("\n".join([*article, "More from Paris", *teasers])) == "\n".join(article)
    # If the text goes on, the last of them may be a section of it.
    cleaned = block.clean("\n".join([*article, "More from Paris", *teasers, PROSE[1]]))
    assert cleaned == "\n".join([*article, "Two parks and a garden for the old town", PROSE[3], PROSE[1]])
    # Members longer than the text above are the text.
    assert block.clean("\n".join([PROSE[0], "More from Paris", *teasers])) == "\n".join([PROSE[0], *teasers])


def test_two_headlines_with_a_text_each_are_sections(block: cleaner.Cleaner) -> None:
    lines = [TEASERS[0], PROSE[2], TEASERS[1], PROSE[3]]
    assert block.clean("\n".join([PROSE[0], "More from Paris", *lines])) == "\n".join([PROSE[0], *lines])


@pytest.fixture(scope="module")
def teaser(tmp_path_factory: pytest.TempPathFactory) -> cleaner.Cleaner:
    return only(
        tmp_path_factory.mktemp("teaser"),
        """
        kind = "teaser"
        why = "Price: none."
        form = "list"
        min_words = 3
        """,
        f"  {PROSE[0]}\n- - Storm: Thousands without power\n- - Harbour: Closed for large ships\n  {PROSE[1]}\n"
        "  The storm left thousands without power.\n  The harbour is closed.",
    )


ITEMS = ["- Storm: Thousands without power", "- New alliance? Mayors react to the strike"]


def test_teasers_between_paragraphs_go(teaser: cleaner.Cleaner) -> None:
    assert teaser.clean("\n".join([PROSE[0], *ITEMS, PROSE[1]])) == "\n".join([PROSE[0], PROSE[1]])


@pytest.mark.parametrize(
    ("above", "items", "below", "why"),
    [
        ("The union has three demands, and the city rejected them all on Monday:", ITEMS, PROSE[1], "announced"),
        ("What the union wants", ITEMS, PROSE[1], "under a heading"),
        (PROSE[0], ITEMS[:1], PROSE[1], "one item"),
        (PROSE[0], [*ITEMS, "- A third without its form"], PROSE[1], "one without the form"),
        (PROSE[0], [*ITEMS, "- Bridge: It has to wait."], PROSE[1], "one that is a sentence"),
        (PROSE[0], ITEMS, "What comes next", "no text below"),
    ],
)
def test_lists_of_the_author_stay(teaser: cleaner.Cleaner, above: str, items: list[str], below: str, why: str) -> None:
    text = "\n".join([above, *items, below])
    assert teaser.clean(text) == text, why


# --- Rules of sites --------------------------------------------------------------------------------------------------

NOTICE = "The paper of the harbour, since 1871"


@pytest.mark.parametrize(
    ("known", "wanted"),
    [
        ({}, [PROSE[0], NOTICE]),
        ({"site": "other.example"}, [PROSE[0], NOTICE]),
        ({"url": "not a URL: ["}, [PROSE[0], NOTICE]),
        ({"site": "gazette.example"}, [PROSE[0]]),
        ({"site": "WWW.Gazette.Example"}, [PROSE[0]]),
        ({"url": "https://gazette.example:80/a?b"}, [PROSE[0]]),
        ({"url": "https://gazette.example/", "site": "other.example"}, [PROSE[0], NOTICE]),
    ],
)
def test_a_rule_of_a_site_looks_at_its_documents_only(tmp_path: Path, known: dict[str, Any], wanted: list[str]) -> None:
    path = write_site_rule(tmp_path / "rules.toml", NOTICE)
    assert cleaner.clean(f"{PROSE[0]}\n{NOTICE}", rules=str(path), **known) == "\n".join(wanted)


HEAD = "Posted by {} on July 3, 2012 at 9:{} am"
POSTS = [
    "The bridge should have been first on the list of the council.",
    "Who is going to pay for it, if I may ask?",
    "It will be a fine bridge.",
]
STORY = [" ".join([line] * 4) for line in PROSE]


@pytest.fixture(scope="module")
def thread(tmp_path_factory: pytest.TempPathFactory) -> cleaner.Cleaner:
    example = [
        *(f"  {line}" for line in STORY),
        *(f"- {line}" for line in _posts("Jane Miller", "Tom", "Anna")),
        "  ",
    ]
    return only(tmp_path_factory.mktemp("thread"), 'kind = "thread"\nwhy = "Price: none."', "\n".join(example))


def _posts(*names: str) -> list[str]:
    return [
        line
        for number, (name, post) in enumerate(zip(names, POSTS * len(names), strict=False), 10)
        for line in (HEAD.format(name, number), post)
    ]


def test_posts_below_a_text_go_by_the_shape_of_their_heads(thread: cleaner.Cleaner) -> None:
    assert thread.clean("\n".join([*STORY, *_posts("Jane Miller", "Tom", "Anna Stone")])) == "\n".join(STORY)


@pytest.mark.parametrize(
    ("heads", "answers"),
    [
        ("{} says:", "five of one shape"),
        ("{}, 2 days ago", "five with an age"),
        ("{} schrieb am 3. Juli 2012 um 9:15", "another language"),
        ("Reply", "a button under each"),
    ],
)
def test_heads_have_many_shapes(thread: cleaner.Cleaner, heads: str, answers: str) -> None:
    names = ["Jane Miller", "Tom", "Anna Stone", "Bill", "Mary Ann Lee"]
    posts = [line for name, post in zip(names, POSTS * 2, strict=False) for line in (heads.format(name), post)]
    assert thread.clean("\n".join([*STORY, *posts])) == "\n".join(STORY), answers


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ([*STORY, *_posts("Jane Miller", "Tom")], "two heads are not a thread"),
        ([*_posts("Jane Miller"), *STORY, *_posts("Tom", "Anna")], "a forum's first post has a head as well"),
        ([*PROSE[:2], *_posts("Jane Miller", "Tom", "Anna")], "too little stands above"),
        ([*STORY, *(HEAD.format("Tom", number) for number in (11, 12, 13))], "there are no posts between them"),
        ([*STORY, *_posts("Jane", "Tom"), *STORY, *_posts("Anna")], "a text of its own is between them"),
        ([*STORY, *(line for post in POSTS for line in ("Tue, July 3, 9:15 - 10:15", post))], "these are hours"),
        ([*STORY, *(line for post in POSTS for line in (f'"{post}" she said.', post))], "these are quotations"),
    ],
)
def test_posts_that_are_the_text_stay(thread: cleaner.Cleaner, lines: list[str], why: str) -> None:
    assert thread.clean("\n".join(lines)) == "\n".join(lines), why


@pytest.mark.parametrize("line", ["Jane Doe", "BY JANE DOE", "By: Jane Doe", "**Written by Jane Doe**", "John Roe"])
def test_a_word_may_stand_before_a_hint(line: str) -> None:
    rule = own_rule("hint", "edge", 1, of="author", before=["By", "Written by"])
    hints = Hints(author=("Jane Doe; John Roe",))
    text = "\n\n".join(PROSE)
    assert Engine([rule]).clean(f"{line}\n\n{text}", hints) == text
    for other in (f"For {line}", f"{line} again", "By", "By Jim Roe"):
        assert Engine([rule]).clean(f"{other}\n\n{text}", hints) == f"{other}\n\n{text}"


def test_a_hint_longer_than_a_key_is_found_too() -> None:
    title = " ".join(["Storm over the coast"] * 40)
    text = "\n\n".join(PROSE)
    rule = own_rule("hint", "head", 1, of="title")
    assert Engine([rule]).clean(f"{title}\n\n{text}", Hints(title=(title,))) == text
    assert Engine([rule]).clean(f"{title}s\n\n{text}", Hints(title=(title,))) == f"{title}s\n\n{text}"


NAMES = ["Jane Doe", "Ludwig van Doe", "J. R. Doe", "Maria de la Doe", "JANE DOE", "A B C D Doe"]
NO_NAMES = [
    "Doe", "jane Doe", "Jane doe", "Jane Doe?", "Jane Doe:", "Jane Doe!", "Jane Doe,", "Jane D0e", "A B C D E Doe",
    "Jane with Doe", f"Jane {'D' * 56}oe", "Jane Roe",
]  # fmt: skip


@pytest.mark.parametrize("line", [*NAMES, *NO_NAMES])
def test_a_bio_is_below_the_name_that_it_begins_with(line: str) -> None:
    rule = own_rule("bio", patterns=[".*Doe.* writes.*"], max_words=40)
    about = "Once a teacher, Doe now writes about the harbour and the bridge for this paper."
    text = "\n\n".join(PROSE)
    whole = f"{text}\n\n{line}\n{about}"
    assert Engine([rule]).clean(whole) == (text if line in NAMES else whole)
    assert Engine([rule]).clean(f"{text}\n\n{line}\n{line}\n{about}") == (
        text if line in NAMES else f"{text}\n\n{line}\n{line}\n{about}"
    )
    for other in ("Those who met Doe in the old town know that Doe writes well.", f"{about} {'More ' * 30}"):
        other = other.replace("met Doe", "met the harbour master of that year, Doe")
        assert line in Engine([rule]).clean(f"{text}\n\n{line}\n{other}")


@pytest.mark.parametrize(
    ("comments", "goes"), [(["Great bridge."], False), (["Great bridge.", "I like the bridge."], True)]
)
def test_comments_are_two_lines_or_more(comments: list[str], goes: bool) -> None:
    rule = own_rule("hint", of="comments")
    text = "\n\n".join(PROSE)
    whole = "\n".join([text, "", *comments])
    assert (Engine([rule]).clean(whole, Hints(comments=tuple(comments))) == text) == goes
    more = Hints(
        comments=(*comments, *[f"Another one, number {number}." for number in range(2 * len(comments) - 3 + 1)])
    )
    assert (Engine([rule]).clean(whole, more) == text) == goes, "half of the comments are enough"
    assert Engine([rule]).clean(whole, more._replace(comments=(*more.comments, "The last.", "No more."))) == whole


WHOLE = "Issue {number} of this paper, which is printed beside the old harbour."
SPLIT = "Pictures of the harbour by {words}"
SITE_RULE = f"""
[rules.gazette-example]
kind = "site"
why = "Lines of a site. Price: none."
sites = ["gazette.example"]
lines = [{{text = "Between them", place = "between"}}, {{text = "Beside one", place = "beside"}}, {{text = "Anywhere", place = "anywhere"}}]
frames = [{{text = "{WHOLE}", place = "anywhere"}}, {{text = "{SPLIT}", place = "anywhere"}}]
[rules.gazette-example.examples]
und = '''
- Anywhere
- {WHOLE.replace("{number}", "12")}
- {SPLIT.replace("{words}", "Jane Doe")}
- Beside one
- Between them
- Anywhere
  It may be anywhere.
  Beside one there was another.
'''
"""
PLACES = [
    ([PROSE[0], "Anywhere", PROSE[1]], ["Anywhere"]),
    ([PROSE[0], "Beside one", PROSE[1]], []),
    ([PROSE[0], "Beside one", "Anywhere", PROSE[1]], ["Beside one", "Anywhere"]),
    ([PROSE[0], "Anywhere", "Between them", PROSE[1]], ["Anywhere"]),
    ([PROSE[0], "Anywhere", "Between them", "Beside one", PROSE[1]], ["Anywhere", "Between them", "Beside one"]),
    ([PROSE[0], PROSE[1], "Beside one"], ["Beside one"]),
    (["Between them", "Anywhere", PROSE[0], PROSE[1]], ["Between them", "Anywhere"]),
    ([PROSE[0], WHOLE.replace("{number}", "1,204"), PROSE[1]], [WHOLE.replace("{number}", "1,204")]),
    ([PROSE[0], WHOLE.replace("{number}", "one"), PROSE[1]], []),
    ([PROSE[0], SPLIT.replace("{words}", "John Roe"), PROSE[1]], [SPLIT.replace("{words}", "John Roe")]),
    ([PROSE[0], SPLIT.replace("{words}", "John Roe hang in the hall."), PROSE[1]], []),
    ([PROSE[0], SPLIT.replace("{words}", ""), PROSE[1]], []),
]


@pytest.mark.parametrize(("lines", "goes"), PLACES)
def test_lines_of_a_site_go_in_their_places(tmp_path: Path, lines: list[str], goes: list[str]) -> None:
    (tmp_path / "rules.toml").write_text(SITE_RULE, encoding="utf-8")
    clean = cleaner.Cleaner(rules=tmp_path / "rules.toml", select=["rules/*"]).clean
    text = "\n".join(lines)
    assert clean(text, site="gazette.example").split("\n") == [line.strip() for line in lines if line not in goes]
    assert clean(text, site="other.example").split("\n") == [line.strip() for line in lines]


@pytest.mark.parametrize(
    ("line", "goes"),
    [
        ("Posted by Jane Doe on March 23, 2023", True),
        ("Posted on March 23, 2023", False),
        ("Last updated on March 23, 2023", False),
        ("Last updated by Jane Doe on March 23, 2023", True),
    ],
)
def test_the_longest_words_that_announce_a_fact_count(line: str, goes: bool) -> None:
    """ "Posted on" announces a date, "Posted" an author; a date alone is no particulars."""
    clean = cleaner.Cleaner("body", select=["datelines/particulars"]).clean
    text = "\n\n".join(PROSE)
    assert clean(f"{line}\n\n{text}") == (text if goes else f"{line}\n\n{text}")
