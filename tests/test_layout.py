"""Which texts have a layout that their spaces make, and which are running text."""

from __future__ import annotations

import pytest

from cleaner.text.layout import has_layout, is_running_text

LAID_OUT = [
    "  Two roads\n  in a wood\nI took one",
    "Two roads\n  in a wood\n  I took one",
    "a\tb\nc\td\ne\tf",
    "head\na\tb\tc\nd\te\tf\ng\th\ti\nfoot",
    "\tif x:\n\t\treturn\n",
    "a\tb\n\nc\td\n\ne\tf",
]
FLAT = [
    "",
    "They met.",
    "  They met.",
    "They met.\n\n  They went.",
    "They met.\n They went.",
    "a\tb\nc\td",
    "a\tb\nc\td\te\nf\tg",
    "a\tb\nc\nd\te\nf\tg",
    "They met.\t\nThey went.\t\nThey came.\t",
    "They  met.\nThey  went.\nThey  came.",
]


@pytest.mark.parametrize("text", LAID_OUT)
def test_columns_of_tabs_and_indented_lines_are_a_layout(text: str) -> None:
    assert has_layout(text)


@pytest.mark.parametrize("text", FLAT)
def test_other_spaces_are_none(text: str) -> None:
    assert not has_layout(text)


SENTENCE = "The council met on Monday."


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (SENTENCE, True),
        ("The council met on", False),
        ("They met on Monday.", False),
        (f"{SENTENCE}\n{SENTENCE}\n{SENTENCE}\nfive words of a list", True),
        (f"{SENTENCE}\n{SENTENCE}\n{SENTENCE}\nsix words of a longer list", False),
        (f"{SENTENCE}\n{SENTENCE}\n{SENTENCE}\nfive words of\n  a  list", True),
        (" ".join(["word"] * 30), True),
        (" ".join(["word"] * 29), False),
        ("The council met\non Monday to vote\non the old bridge.", False),
        ("", True),
    ],
)
def test_running_text_is_mostly_sentences_of_one_line_each(text: str, is_one: bool) -> None:
    assert is_running_text(text) == is_one
