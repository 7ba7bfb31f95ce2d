"""The form of a line: what its dress is, how many words it has, whether it is a sentence, a cry or running text."""

from __future__ import annotations

import pytest

from cleaner.text.lines import ends_sentence, is_cry, is_prose, undress, without_dress, word_count

DRESSED = [
    ("Photo: Jane Doe", "Photo: Jane Doe", 0),
    ("**Photo: Jane Doe**", "Photo: Jane Doe", 2),
    ("_Photo_", "Photo", 1),
    ("## Related ##", "Related", 3),
    ("| Related |", "Related", 2),
    ("Related*|", "Related*|", 0),
    ("> > Related", "Related", 4),
    ("#hashtag", "#hashtag", 0),
    ("####### seven", "####### seven", 0),
    ("* * *", "", 4),
    ("****", "", 3),
    ("", "", 0),
    ("2 * 3 *", "2 * 3 ", 0),
    ("2 * 3 = 6", "2 * 3 = 6", 0),
]


@pytest.mark.parametrize(("line", "bare", "offset"), DRESSED)
def test_dress_is_markdown_at_the_two_ends(line: str, bare: str, offset: int) -> None:
    assert without_dress(line) == (bare, offset)


@pytest.mark.parametrize(
    ("line", "plain", "offset"),
    [
        ("“Photo” – Jane Doe’s", '"Photo" - Jane Doe\'s', 0),
        ("- “Photo”", '"Photo"', 2),
        ("- [Photo](http://a.example)", "Photo", -1),
        ("![Photo](a.png)", "![Photo](a.png)", 0),
        ("[Photo] (Jane)", "[Photo] (Jane)", 0),
    ],
)
def test_patterns_see_straight_quotes_and_the_text_of_links(line: str, plain: str, offset: int) -> None:
    assert undress(line) == (plain, offset)


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("", 0),
        ("one", 1),
        ("one two", 2),
        ("日本語の文", 3),
        ("日本 go", 3),
        ("日", 1),
        ("naïve café", 2),
        ("\u3040ab", 1),
    ],
)
def test_words_are_parted_by_spaces_or_are_two_characters(line: str, count: int) -> None:
    assert word_count(line) == count


@pytest.mark.parametrize(
    "line", ["They met.", "Met?", "They met!", '"They met."', "(They met.)”", "会った。", "مرحبا؟", "वह।"]
)
def test_sentences_end_in_a_stop(line: str) -> None:
    assert ends_sentence(line)


@pytest.mark.parametrize("line", ["They met", "They met:", "They met. And", "met.,", "", "“They met”"])
def test_other_lines_do_not(line: str) -> None:
    assert not ends_sentence(line)


@pytest.mark.parametrize(
    ("line", "is_one"), [("Why?", True), ("No!”", True), ("何？ ", True), ("No.", False), ("", False)]
)
def test_cries_ask_or_exclaim(line: str, is_one: bool) -> None:
    assert is_cry(line) == is_one


@pytest.mark.parametrize(
    ("words", "end", "is_one"), [(7, ".", False), (8, ".", True), (8, "", False), (29, "", False), (30, "", True)]
)
def test_running_text_is_a_sentence_of_some_length_or_a_long_line(words: int, end: str, is_one: bool) -> None:
    assert is_prose(" ".join(["word"] * words) + end) == is_one
