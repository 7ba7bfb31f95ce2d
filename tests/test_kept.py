"""Why lines stay: which rules come near them, and what holds each back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import cleaner
from tests.conftest import Run

PROSE = "The council voted on Monday to build a bridge across the harbour, as {} people had asked it to do."
LONG = [PROSE.format(number) for number in range(12, 17)]
LINES = [LONG[0], "Leave a Reply", LONG[1], "Photo: Jane Doe", LONG[2], "It was said:", "Share", LONG[3], LONG[4]]


def held(text: str, line: int, **options: object) -> dict[str, str]:
    explained = cleaner.explain(text, kept=True, **options)  # type: ignore[arg-type]
    return {each.rule: each.why for kept in explained.kept if kept.line == line for each in kept.held}


def test_a_weak_rule_needs_company() -> None:
    text = "\n".join([*LONG[:3], "Photo: Jane Doe", *LONG[3:]])
    assert held(text, 4)["credits/photo-credit"].startswith("weak evidence and no company")
    assert not held(f"{text}\nYour email address will not be published.", 4)


def test_a_strong_rule_of_an_end_says_how_far_away_it_is() -> None:
    text = "\n".join([*LONG[:2], "Download the app", *LONG[2:]])
    assert held(text, 3)["apps/lone-link"].startswith(
        "out of reach: 2 lines that stay are between it and the head or tail, at most 0 may be; and no company: "
    )


def test_content_is_called_so() -> None:
    text = "\n".join([*LONG[:2], "These words were on the sign:", "Source link", *LONG[2:]])
    assert held(text, 4)["footers/source-link"] == "content: a colon above announces it"


def test_what_the_user_asks_for_is_named() -> None:
    text = f"{LONG[0]}\nSource link"
    assert held(text, 2, keep=["source link"]) == {"footers/source-link": "you keep this line"}
    assert held(text, 2, ignore=["footers"]) == {"footers/source-link": "it is ignored, or not selected"}
    german = f"{LONG[0]}\nSchreibe einen Kommentar"
    assert set(held(german, 2, languages=["en"]).values()) == {"its words are of a language that is not chosen"}
    title = held(f"Bridge over the harbour\n{LONG[0]}", 1, title="Bridge over the harbour")
    assert title["titles/known"] == "it is not in the preset default, only in body"


def test_a_near_miss_names_the_phrase() -> None:
    assert held(f"{LONG[0]}\nLeave a Repply", 2) == {
        "comments/reply-heading": "a near miss: it is 96% like the phrase 'leave a reply'"
    }


def test_a_flagged_text_stays_whole() -> None:
    text = f"{PROSE.format(1)}\nLeave a Reply\nYour email address will not be published."
    assert "the text stays whole: too much of it would go" in held(text, 2, max_drop=0.1).values()


def test_numbers_are_those_of_the_original() -> None:
    text = "\n".join(["", "Source link", "", "", LONG[0], "", "  Leave a Repply", "Related Articles", LONG[1]])
    (kept,) = [each for each in cleaner.explain(text, kept=True).kept if each.text == "Leave a Repply"]
    assert text.splitlines()[kept.line - 1] == "  Leave a Repply"


def test_a_line_that_no_rule_comes_near_is_not_listed() -> None:
    assert cleaner.explain("\n".join(LONG), kept=True).kept == ()
    assert cleaner.explain("Source link", kept=False).kept == ()
    assert cleaner.explain("", kept=True).kept == ()


# --- the command ---


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text(f"{LONG[0]}\n\nLeave a Repply\nSource link\n")
    return path


@pytest.mark.usefixtures("text")
def test_the_command_shows_a_text_line_by_line(run: Run) -> None:
    assert run("explain", "a.txt").stdout.decode().splitlines() == [
        f"    1    {LONG[0]}",
        "",
        "    3    Leave a Repply",
        "    4  - Source link",
        "         footers/source-link",
    ]
    assert json.loads(run("explain", "--format", "json", "a.txt").stdout)["findings"][0]["line"] == 4


@pytest.mark.usefixtures("text")
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("3", ["3: Leave a Repply", "  comments/reply-heading"]),
        ("leave a repply:", ["3: Leave a Repply", "  comments/reply-heading"]),
        ("all", ["3: Leave a Repply", "  comments/reply-heading"]),
        ("4", ["4: Source link", "  footers/source-link takes it"]),
        ("1", [f"1: {LONG[0]}", "  it stays; no rule comes near it"]),
    ],
)
def test_the_command_tells_why_a_line_stays(run: Run, asked: str, said: list[str]) -> None:
    done = run("explain", "--kept", asked, "a.txt")
    assert (done.returncode, done.stdout.decode().splitlines()[:2]) == (0, said)


@pytest.mark.usefixtures("text")
def test_a_line_that_is_not_there_is_told(run: Run) -> None:
    assert b"has no line 9; it has 4" in run("explain", "--kept", "9", "a.txt").stderr
    assert b"did you mean 'Source link'?" in run("explain", "--kept", "Sorce link", "a.txt").stderr
    found = json.loads(run("explain", "--kept", "all", "--format", "json", "a.txt").stdout)
    assert found[0]["held"][0]["rule"] == "comments/reply-heading"


def test_the_command_shows_a_page_as_its_text(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("trafilatura")
    lines = "".join([f"<p>{line}</p>" for line in LONG])
    (tmp_path / "p.html").write_text(f"<html><body><article>{lines}<p>Source link</p></article></body></html>")
    said = run("explain", "--html", "p.html").stdout.decode()
    assert LONG[0] in said and "<p>" not in said and "footers/source-link" in said


def test_the_command_says_that_a_text_stays_whole(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"{LONG[0]}\n\n\n\nSource link\n")
    said = run("explain", "a.txt").stdout.decode()
    assert "footers/source-link" in said and "stays whole" not in said
    assert "The text stays whole, only normalized" in run("explain", "--max-drop", "0", "a.txt").stdout.decode()


def test_a_line_that_went_is_told_by_its_rule(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("\n".join([*LONG, "", "Source link", ""]))
    said = run("explain", "--kept", "Source link", "a.txt").stdout.decode()
    assert "footers/source-link takes it" in said
    (tmp_path / "b.txt").write_text("\n".join(LONG))
    assert run("explain", "--kept", "all", "b.txt").stdout == b"No rule comes near a line that stays.\n"


def test_only_phrases_have_near_misses() -> None:
    """What a badge's address holds is no phrase."""
    assert "badges/picture-row" not in held(f"{LONG[0]}\nshields.io", 2)
