"""Runs that a site sets before or behind the text of a line: what is cut off, and where it must end."""

from __future__ import annotations

import pytest

from cleaner.kinds.runs import Runs, up_to_boundary, words_of_line

RUNS = Runs(["Home News Sport", "Home News", "Read more on page 3", "日本の新聞"])
RESTS = [
    ("Home News Sport | They met.", False, "They met."),
    ("HOME NEWS - They met.", False, "They met."),
    ("Home News They met.", False, None),
    ("Home News They met.", True, "They met."),
    ("Home News, Home News: They met.", False, "They met."),
    ("They met. Read more on page 17", False, "They met."),
    ("They read more on page 17", False, None),
    ("They met and read more on page 17", True, "They met and"),
    ("Home News | They met. Read more on page 3", False, "They met."),
    ("Home News Sport", False, ""),
    ("Home News Sport Read more on page 3", False, ""),
    ("At home news is rare.", True, None),
    ("They met.", True, None),
    ("***", True, None),
    ("日本の新聞 | 会った。", False, "会った。"),
]


@pytest.mark.parametrize(("line", "is_page", "rest"), RESTS)
def test_runs_are_cut_off_up_to_a_boundary(line: str, is_page: bool, rest: str | None) -> None:
    assert RUNS.rest(line, is_page) == rest


def test_without_runs_nothing_is_cut_off() -> None:
    assert RUNS and not Runs([]) and not Runs(["***"])


@pytest.mark.parametrize(
    ("line", "is_beginning", "most", "run"),
    [
        ("Home | News and", True, None, "Home |"),
        ("and more. Read on", False, None, "Read on"),
        ("Home News", True, None, "Home News"),
        ("Home | News and", True, 2, "Home |"),
        ("Home | News and", True, 3, "Home |"),
        ("Home | News and", True, 1, "Home | News and"),
        ("so much more. Read on", False, 2, "so much more. Read on"),
    ],
)
def test_a_run_ends_at_its_last_boundary(line: str, is_beginning: bool, most: int | None, run: str) -> None:
    assert up_to_boundary(line, is_beginning, most).strip() == run


def test_figures_of_a_run_count_as_the_same() -> None:
    assert [word.text for word in words_of_line("Page 3, NAÏVE")] == ["page", "0", "naive"]
