"""Where the article of a page ends: below a line of the site, where headlines follow and no text goes on."""

from __future__ import annotations

import pytest

from cleaner.kinds.below import Below, is_text

ARTICLE = ["The council met on Monday in the old school to vote on the bridge over the harbour."] * 4
END = "Most read"
HEADLINE = "A tram for the old town"
SHORT_TEXT = "They met again on Tuesday."


def below(*lines: str, known: tuple[str, ...] = (END, "Menu")) -> Below:
    marks = [line in known for line in lines]
    return Below(lines, marks, [not mark and is_text(line) for line, mark in zip(lines, marks, strict=True)])


@pytest.mark.parametrize("line", [ARTICLE[0], "They met on Monday.", "Did they meet again?"])
def test_sentences_and_running_text_are_text(line: str) -> None:
    assert is_text(line)


@pytest.mark.parametrize("line", ["Share this story.", HEADLINE, "", "Most read"])
def test_labels_and_headlines_are_none(line: str) -> None:
    assert not is_text(line)


ENDS = [
    ([*ARTICLE, END, HEADLINE], True, "a headline follows"),
    ([*ARTICLE, END], True, "nothing follows"),
    ([*ARTICLE, END, *[HEADLINE] * 9], True, "headlines follow"),
    ([*ARTICLE, END, HEADLINE, SHORT_TEXT, HEADLINE, SHORT_TEXT], True, "headlines with a short text each"),
    ([*ARTICLE, END, HEADLINE, *[SHORT_TEXT, HEADLINE] * 4], False, "too much text for teasers"),
    ([END, HEADLINE], False, "no text is above"),
    ([HEADLINE, END, *ARTICLE], False, "text follows at once"),
    ([*ARTICLE, END, HEADLINE, SHORT_TEXT, SHORT_TEXT], False, "text goes on, two lines in a row"),
    ([*ARTICLE, END, SHORT_TEXT], False, "what follows first is text"),
    ([*ARTICLE, END, "Menu", SHORT_TEXT], False, "what follows first but for lines of the site is text"),
    ([*ARTICLE, END, "Menu", HEADLINE], True, "a headline behind a line of the site"),
    ([*ARTICLE, END, "2 eggs", "3 onions", "1 leek"], False, "ingredients"),
    ([*ARTICLE, END, "two eggs", "three onions", "one leek"], False, "short lines"),
    ([*ARTICLE, END, "two eggs", "three onions"], True, "too few to be a list of the article's"),
    ([*ARTICLE, END, "***", "two eggs", "***", "three onions", "***"], True, "marks are no lines of a list"),
    ([*ARTICLE, END, "3 trams for the old town", "2 new bridges for them", HEADLINE, HEADLINE], True, "half begin with a number"),
    ([*ARTICLE, END, "3 trams for the old town", "2 new bridges for them", "1 school for all of them", HEADLINE], False, "most do"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "ends", "why"), ENDS, ids=[case[2] for case in ENDS])
def test_the_article_ends_where_headlines_follow(lines: list[str], ends: bool, why: str) -> None:
    found = below(*lines)
    assert found.ends_at(lines.index(END)) == ends, why
    assert found.has_text == any(map(is_text, lines))


def test_other_lines_are_those_that_are_not_the_sites() -> None:
    found = below(*ARTICLE, END, HEADLINE, "Menu", HEADLINE)
    assert [found.others(place) for place in range(3, 8)] == [2, 2, 1, 1, 0]
