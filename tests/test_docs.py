"""README, CONTRIBUTING and the pages below docs/ are right: examples, links, options, commands, rule ids."""

from __future__ import annotations

import ast
import doctest
import re
import shlex
from pathlib import Path

import pytest

from cleaner.cleaning import Cleaner
from tests.conftest import ROOT, Run
from tests.rule_lines import chosen_rules

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_OPTION = re.compile(r"--[a-z][a-z-]+")
_SUBCOMMANDS = ("compare", "corpus", "explain", "learn", "report", "rules")


def blocks(path: Path, language: str) -> list[str]:
    return [block for name, block in _BLOCK.findall(path.read_text(encoding="utf-8")) if name == language]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_there_are_pages_and_an_example() -> None:
    assert len(PAGES) >= 9
    assert any(">>> cleaner.clean(" in block for block in blocks(ROOT / "README.md", "python"))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_python_blocks_run_as_shown(page: Path) -> None:
    for block in blocks(page, "python"):
        if ">>>" not in block:
            ast.parse(block)
            continue
        example = doctest.DocTestParser().get_doctest(block, {}, name_of(page), None, None)
        result = doctest.DocTestRunner().run(example)
        assert result.attempted and not result.failed


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^()\s]+)\)", page.read_text(encoding="utf-8")):
        if "://" in target:
            continue
        file, _, heading = target.partition("#")
        linked = (page.parent / file).resolve() if file else page
        assert linked.exists(), f"{name_of(page)} links to {target}, which is not there"
        if heading:
            headings = re.findall(r"^#+ (.+)$", linked.read_text(encoding="utf-8"), re.MULTILINE)
            assert heading in {re.sub(r"[^\w -]", "", line).lower().replace(" ", "-") for line in headings}, target


@pytest.mark.parametrize(
    ("page", "command", "some"),
    [
        ("reference.md", [], {"--in-place", "--check", "--diff", "--explain", "--jsonl", "--html"}),
        ("learning.md", ["learn"], {"--output", "--review", "--site-field"}),
        ("comparing.md", ["explain"], {"--kept", "--title"}),
        ("comparing.md", ["compare"], {"--with", "--against", "--report"}),
        ("report.md", ["report"], {"--output", "--heading", "--workers", "--title-field"}),
        ("corpora.md", ["corpus"], {"--out", "--findings", "--engine", "--restart", "--max-drop"}),
    ],
)
def test_every_option_is_explained(run: Run, page: str, command: list[str], some: set[str]) -> None:
    options = set(_OPTION.findall(run(*command, "--help").stdout.decode()))
    assert some <= options
    explained = set(_OPTION.findall((ROOT / "docs" / page).read_text(encoding="utf-8")))
    missing = options - explained - {"--help", "--version"}
    assert not missing, f"docs/{page} does not say what these do: {sorted(missing)}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_commands_use_options_that_exist(run: Run, page: Path) -> None:
    for line in "".join(blocks(page, "console")).splitlines():
        for command in line.removeprefix("$ ").split(" && "):
            words = shlex.split(command, comments=True)
            if not words or Path(words[0]).name != "cleaner":
                continue
            subcommand = words[1:2] if words[1:2] and words[1] in _SUBCOMMANDS else []
            if subcommand == ["rules"]:
                subcommand = words[1:3]
            known = set(_OPTION.findall(run(*subcommand, "--help").stdout.decode()))
            assert {word for word in words if _OPTION.fullmatch(word)} <= known, line


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_rules_that_are_named_exist(page: Path) -> None:
    ids = {rule.id for rule in chosen_rules()}
    families = "|".join({rule.split("/")[0] for rule in ids})
    named = set(re.findall(rf"`((?:{families})/[a-z-]+)`", page.read_text(encoding="utf-8")))
    assert named <= ids, f"{name_of(page)} names rules that are not there: {sorted(named - ids)}"


def test_the_text_on_the_page_comes_out_as_marked() -> None:
    page = ROOT / "docs" / "how-it-decides.md"
    examples = blocks(page, "diff")
    assert len(examples) == 2
    for example in examples:
        lines = [(line[:2] == "- ", line[2:]) for line in example.splitlines()]
        explained = Cleaner().explain("\n".join(line for _, line in lines))
        assert explained.text == "\n".join(line for goes, line in lines if not goes)
        if explained.findings:
            rows = re.findall(r"^\| (\d+) \| `(\S+)` \|", page.read_text(encoding="utf-8"), re.MULTILINE)
            found = {(str(one.line), rule) for one in explained.findings for rule in (one.rule, *one.also)}
            assert found == set(rows)


def test_the_evidence_on_the_page_is_that_of_the_rules() -> None:
    page = (ROOT / "docs" / "how-it-decides.md").read_text(encoding="utf-8")
    rules = {rule.id: (rule.kind, rule.evidence) for rule in chosen_rules()}
    rows = re.findall(r"^\| \d+ \| `(\S+)` \| (\w+) \| (\w+) \|", page, re.MULTILINE)
    assert rows
    for rule, kind, evidence in rows:
        assert rules[rule] == (kind, evidence), rule
