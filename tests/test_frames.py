"""The parts of a site's rules: lines that vary in part, and the names of sites."""

from __future__ import annotations

import pytest

from cleaner.kinds.frames import Frame, Frames
from cleaner.learning.dates import calendar
from cleaner.text.folding import key
from cleaner.text.hosts import site_of


@pytest.mark.parametrize(
    ("frame", "line", "fits"),
    [
        ("{number} Comments", "1,204 comments", True),
        ("{number} Comments", "Comments", False),
        ("By {words} | Staff Writer", "By Ann B. Lee | Staff Writer", True),
        ("By {words} | Staff Writer", "By | Staff Writer", False),
        ("By {words}", "Bypassed again", False),
        ("{words} - The Gazette", "One two three four five six seven eight - The Gazette", False),
        ("{number}:{number}", "* 22:47", True),
        ("{number}:{number}", "22", False),
        ("Updated {number} {month}", "Updated 5 März", True),
        ("Updated {number} {month}", "Updated 5 times", False),
        ("Published on {number} May {number}", "Published on 3 June 2021", True),
        ("{weekday}, {number} de {month}", "Viernes, 9 de diciembre", True),
    ],
)
def test_frames(frame: str, line: str, fits: bool) -> None:
    assert Frame(frame, calendar()).matches(calendar().masked(key(line))) is fits
    assert (Frames([frame], calendar()).find(key(line)) is not None) is fits


@pytest.mark.parametrize("frame", ["{words}", "{number}", "{words} by {words}", "...", "Issue of {month}"])
def test_what_is_no_frame(frame: str) -> None:
    with pytest.raises(ValueError, match="has "):
        Frame(frame, calendar())


def test_slots() -> None:
    assert (
        calendar().with_slots("Updated 5 March 2021, 12:30") == "Updated {number} {month} {number}, {number}:{number}"
    )
    assert calendar().with_slots("| Freitag, 9. Dezember 2011") == "| {weekday}, {number}. {month} {number}"
    # A word that is also a month's name belongs to a date only beside other parts of a date.
    assert calendar().with_slots("You may see 5 suns on Sunday") == "You may see {number} suns on Sunday"
    assert (
        calendar().with_slots("Updated") is None
        and calendar().with_slots("{5}") is None
        and calendar().with_slots("12") is None
    )


@pytest.mark.parametrize(
    ("url", "site"),
    [("https://www.a.example/x", "a.example"), ("A.example:8080", "a.example"), ("", ""), ("http://[", "")],
)
def test_the_site_of_a_url(url: str, site: str) -> None:
    assert site_of(url) == site
