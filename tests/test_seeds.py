"""The five documents lose exactly the boilerplate listed here."""

from __future__ import annotations

from pathlib import Path

import pytest

import cleaner
from tests.conftest import ROOT, Run

TITLE = "President Biden and Vladimir Putin are set to discuss Russian Troop buildup near Ukraine"
CAPTION = "Joe Biden will talk to Vladimir Putin amid tensions over Ukraine (AP)"
LEFT = "Russian President Vladimir Putin (left) U.S. President Joe Biden and last met face to face in Geneva in June."

# For each document: edits on the raw text, each of which must fit exactly one place.
EDITS: dict[str, list[tuple[str, str]]] = {
    "000_118c8e356f2535e8": [
        (f"{TITLE}\n\n{TITLE}\nListen to this article\n\n", f"{TITLE}\n\n"),
        (f"escalation.\n\n{TITLE}\n\nMoreover", "escalation.\n\nMoreover"),
    ],
    "001_9a6267f58daf3221": [
        ("-13.7 C\nThursday, March 23, 2023\n\n", ""),
        (
            "\n\nCedric Blackwater\nCedric Blackwater\n"
            "Cedric is a journalist with over a decade of experience reporting on local US news, and touching on many global topics. "
            "He is currently the lead writer for Bulletin News.",
            "",
        ),
        ("\n\nRelated Articles\n\n\nPlease enter your comment!\nPlease enter your name here", ""),
        ("\n\nStay Connected\n\n- Advertisement -\n\nLatest Articles", ""),
    ],
    "002_eea9471627888f3b": [
        (f"{CAPTION}© Provided by PA Media\u00a0{CAPTION}", CAPTION),
        ("\n\nSources: AP and PA media\n\nLeave a Reply", ""),
    ],
    "003_42b6e75aabcfc3b5": [
        ("in June. \u00a0\n", "in June.\n"),
        ("\n\nWith reporting by Reuters, Interfax, and RFE/RL’s Ukrainian Service\n\nLeave A Reply\n\n", ""),
        ("Your email address will not be published.", ""),
    ],
    "004_362cef13334530c5": [("\n\nWith reports from Reuters, AP and AFP\nSource link", "")],
}
BODY_EDITS = {"002_eea9471627888f3b": f"{CAPTION}\n\n", "003_42b6e75aabcfc3b5": f"{LEFT}\n\n"}


def raw(name: str) -> str:
    return (ROOT / "seeds" / "raw" / f"{name}.txt").read_text(encoding="utf-8")


def expected(name: str) -> str:
    text = raw(name)
    for before, after in EDITS[name]:
        assert text.count(before) == 1
        text = text.replace(before, after)
    return text.strip("\n")


@pytest.mark.parametrize("name", EDITS)
def test_the_function_cleans_it(name: str) -> None:
    assert cleaner.clean(raw(name)) == expected(name)


@pytest.mark.parametrize("name", EDITS)
def test_the_filter_cleans_it(name: str, run_process: Run) -> None:
    done = run_process(stdin=raw(name).encode())
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == expected(name) + "\n"


@pytest.mark.parametrize("name", EDITS)
def test_seeds_clean_holds_what_the_cleaner_makes(name: str) -> None:
    kept = (ROOT / "seeds" / "clean" / f"{name}.txt").read_text(encoding="utf-8")
    assert kept == expected(name) + "\n", f"renew it with: cleaner < seeds/raw/{name}.txt > seeds/clean/{name}.txt"


def test_there_are_no_other_seeds() -> None:
    for folder in ("raw", "clean"):
        assert sorted(path.stem for path in (ROOT / "seeds" / folder).iterdir()) == sorted(EDITS)


@pytest.mark.parametrize("name", EDITS)
def test_preset_body_takes_the_captions_too(name: str) -> None:
    text = expected(name)
    caption = BODY_EDITS.get(name)
    if caption:
        assert text.count(caption) == 1
        text = text.replace(caption, "")
    assert cleaner.clean(raw(name), preset="body") == text


@pytest.mark.parametrize("name", EDITS)
def test_preset_body_takes_the_title_where_it_is_given(name: str) -> None:
    title, _, rest = cleaner.clean(raw(name), preset="body").partition("\n\n")
    assert cleaner.clean(raw(name), preset="body", title=title) == rest


@pytest.mark.parametrize("name", EDITS)
def test_in_place_makes_the_same_bytes_that_the_hook_guards(name: str, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "document.txt"
    path.write_bytes((ROOT / "seeds" / "raw" / f"{name}.txt").read_bytes())
    final = "\n" if raw(name).endswith("\n") else ""
    assert run("--in-place", "--fail-on-change", "--max-drop", "0.5", "document.txt").returncode == 1
    assert path.read_text(encoding="utf-8") == expected(name) + final
    assert run("--in-place", "--fail-on-change", "--max-drop", "0.5", "document.txt").returncode == 0
    assert run("--check", "--max-drop", "0.5", "document.txt").returncode == 0
