"""Options have types: a type checker and an editor know them, and what is wrong is named at run time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import cleaner
from cleaner.cleaning import CleanerOptions
from cleaner.model import SettingsError
from tests.conftest import ROOT

GOOD = """
import cleaner

text: str = cleaner.clean("Prose.", preset="body", ignore=["captions"], max_drop=0.5)
many = cleaner.Cleaner(preset="body", keep=("a",))
explained: cleaner.Explanation = many.explain(text, title="Title", kept=True)
rules: list[str] = [finding.rule for finding in explained.taken]
why: list[str] = [held.why for kept in explained.kept for held in kept.held]
page: str = many.clean_html("<p>…</p>", url="https://example.org")
source: str = cleaner.explain_html(b"<p>Text</p>", preset="body", title="Title").source
options: cleaner.CleanerOptions = {"languages": ["en"], "whitespace": "layout"}
cleaner.report([text, {"text": text}], **options).write("report.html")
"""
BAD = """
import cleaner

cleaner.clean("Prose.", presett="body")
cleaner.explain("Prose.", max_drop="half")
cleaner.Cleaner(ignore=[1])
cleaner.clean_html("<p>…</p>", langauges=["en"])
cleaner.report(["Prose."], keeep=["a"])
"""


def checked(folder: Path, script: str) -> list[str]:
    """Return what mypy says of a user's script, line by line."""
    pytest.importorskip("mypy", reason="needs the extra `test`")
    (folder / "script.py").write_text(script, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(folder / "cache"), "script.py"],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "MYPYPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    return [line for line in done.stdout.splitlines() if line.startswith("script.py")]


@pytest.mark.all
def test_a_users_script_is_checked_strictly(tmp_path: Path) -> None:
    assert checked(tmp_path, GOOD) == []
    found = checked(tmp_path, BAD)
    assert {int(line.split(":")[1]) for line in found} == {4, 5, 6, 7, 8}
    assert any("presett" in line for line in found)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"preset": "bodi"}, "there is no preset 'bodi'; did you mean 'body'?"),
    ({"preset": None}, "there is no preset None; use one of default, body"),
    ({"whitespace": "layuot"}, "there is no whitespace 'layuot'; did you mean 'layout'?"),
    ({"max_drop": "half"}, "max_drop is a share of the words from 0 to 1, not 'half'"),
    ({"max_drop": True}, "max_drop is a share of the words from 0 to 1, not True"),
    ({"ignore": "captions"}, "ignore is a list of texts, not one text; write ['captions']"),
    ({"ignore": None}, "ignore is a list of texts, not None"),
    ({"keep": [1]}, "keep is a list of texts, and 1 is none"),
    ({"languages": {"en": 1}}, "languages is a list of texts, not {'en': 1}"),
    ({"rules": [1]}, "rules are paths, or names of entry points, not 1"),
]


@pytest.mark.parametrize(("options", "said"), WRONG, ids=[str(options) for options, _ in WRONG])
def test_a_wrong_value_is_named(options: dict[str, Any], said: str) -> None:
    for ask in (lambda: cleaner.Cleaner(**options), lambda: cleaner.clean("Prose.", **options)):
        with pytest.raises(SettingsError) as error:
            ask()
        assert str(error.value) == said


def test_an_option_that_does_not_exist_is_told_with_the_nearest() -> None:
    wrong: dict[str, Any] = {"presett": "body"}
    said = r"there is no option 'presett'; did you mean 'preset'\?"
    with pytest.raises(TypeError, match=said):
        cleaner.clean("Prose.", **wrong)
    with pytest.raises(TypeError, match=said):
        cleaner.clean_html("<p>…</p>", **wrong)


def test_the_options_of_functions_are_those_of_the_cleaner() -> None:
    import inspect

    assert list(CleanerOptions.__annotations__) == list(inspect.signature(cleaner.Cleaner).parameters)


def test_a_cleaner_cleans_pages() -> None:
    pytest.importorskip("trafilatura", reason="needs the extra `html`")
    prose = "The council voted on Monday to build a bridge across the harbour, as many people had asked it to do."
    paragraphs = f"<p>{prose}</p><p>{prose[:-1]} so.</p>"
    page = f"<html><head><title>Bridge</title></head><body><article><h1>Bridge</h1>{paragraphs}</article></body></html>"
    many = cleaner.Cleaner(preset="body")
    assert many.clean_html(page) == cleaner.clean_html(page, preset="body")
    explained = many.explain_html(page, kept=True)
    assert prose in explained.source.splitlines()
    for finding in explained.findings:
        assert explained.source[finding.start : finding.end] == finding.text
