"""README, CONTRIBUTING and the pages below docs/ are right: every command and example runs and prints what they show, and links, options
and rule ids are there.

Commands and examples of a page run one after the other in one folder, whose files ``tests/desk.py`` writes. Those that install or test
something run in other tests or in CI; here they are checked as far as that is possible.
"""

from __future__ import annotations

import contextlib
import doctest
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from cleaner.cleaning import Cleaner
from cleaner.kinds import KINDS
from cleaner.rules.choosing import Choice, choose
from cleaner.rules.files import COMMON
from cleaner.rules.loading import builtin_rules
from cleaner.settings import find
from docs.making import generated
from tests.conftest import ROOT, Run
from tests.desk import furnish
from tests.rule_lines import chosen_rules

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_OPTION = re.compile(r"--[a-z][a-z-]+")


def blocks(path: Path, language: str) -> list[str]:
    return [block for name, block in _BLOCK.findall(path.read_text(encoding="utf-8")) if name == language]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def is_made(path: Path) -> bool:
    """Tell whether a page is made when the site is built."""
    docs = ROOT / "docs"
    return path.is_relative_to(docs) and path.relative_to(docs).as_posix() in generated.paths()


def test_there_are_pages_and_an_example() -> None:
    assert len(PAGES) >= 9
    assert any(">>> cleaner.clean(" in block for block in blocks(ROOT / "README.md", "python"))


# --- Python ---

# What functions need that are of an extra.
_NEEDED = {"cleaner.clean_html(": "trafilatura", "cleaner.learn(": "datasketch", "cleaner.report(": "jinja2"}


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "python")], ids=name_of)
def test_python_blocks_run_as_shown(page: Path, tmp_path: Path) -> None:
    names: dict[str, Any] = {"__name__": "example"}
    with contextlib.chdir(furnish(tmp_path)):
        for block in blocks(page, "python"):
            if ">>>" in block:
                example = doctest.DocTestParser().get_doctest(block, names, name_of(page), None, None)
                result = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example, clear_globs=False)
                assert result.attempted and not result.failed
            elif not block.startswith("--8<--"):  # a recipe, which tests/test_recipes.py runs
                used = re.findall(r"^(?:import|from) (\w+)", block, re.MULTILINE)
                used += [package for call, package in _NEEDED.items() if call in block]
                for package in used:
                    pytest.importorskip(package, reason=f"{name_of(page)} uses {package}")
                exec(compile(block, name_of(page), "exec"), names)


# --- commands ---

# What is not run here, and where it is.
ELSEWHERE = {
    "pip": "tests/test_packaging.py installs",
    "pipx": "an installer of others",
    "uv": "an installer of others",
    "uvx": "an installer of others",
    "python3": "tests/test_packaging.py makes environments",
    ".": "an environment is not needed here",
    "git": "tests/test_hooks.py commits",
    "pre-commit": "tests/test_hooks.py runs the hooks",
    "pytest": "this is pytest",
    "ruff": "CI",
    "mypy": "CI",
    "lint-imports": "CI",
    "mkdocs": "CI",
    ".ci/run": "CI",
    "twine": "tests/test_packaging.py",
    "check-wheel-contents": "tests/test_packaging.py",
}


class Command(NamedTuple):
    """A command of a page, and the output that the page shows below it, "" for none."""

    line: str
    output: str

    @property
    def words(self) -> list[str]:
        return shlex.split(self.line, comments=True)


def commands(page: Path) -> Iterator[Command]:
    for block in blocks(page, "console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            line, _, output = part.partition("\n")
            yield Command(line, output)


def runs_here(command: Command) -> bool:
    """Tell whether this test runs a command; fail for a command that no test runs."""
    words = command.words
    first = Path(words[0]).name if words[0] not in ELSEWHERE else words[0]
    if first == "python":
        return False
    if first in ELSEWHERE:
        return False
    assert first == "cleaner", f"{command.line}: nothing tests this command"
    # Object stores and clusters have tests of their own.
    return not any(("://" in word and "s3" in word) or word == "ray" for word in words)


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a command ``cleaner`` that runs this checkout."""
    folder = tmp_path_factory.mktemp("bin")
    (folder / "cleaner").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m cleaner "$@"\n', encoding="utf-8")
    (folder / "cleaner").chmod(0o755)
    return folder


# Pages whose commands take long: the quick run takes those of the other pages.
SLOW_PAGES = {
    "docs/comparing.md", "docs/corpora.md", "docs/learning.md", "docs/pages.md", "docs/report.md", "docs/tutorials/corpus.md",
    "docs/tutorials/phrases.md", "docs/tutorials/saved-pages.md",
}  # fmt: skip


def test_slow_pages_exist() -> None:
    assert set(map(name_of, PAGES)) > SLOW_PAGES


@pytest.mark.skipif(shutil.which("bash") is None, reason="the commands are those of a shell")
@pytest.mark.parametrize(
    "page",
    [
        pytest.param(page, id=name_of(page), marks=pytest.mark.all if name_of(page) in SLOW_PAGES else [])
        for page in PAGES
        if any(map(runs_here, commands(page)))
    ],
)
def test_commands_run_and_print_what_is_shown(page: Path, tmp_path: Path, shim: Path) -> None:
    desk = furnish(tmp_path)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PATH": f"{shim}:{os.environ['PATH']}"}
    for command in filter(runs_here, commands(page)):
        skip_without(command)
        done = subprocess.run(
            ["bash", "-c", f"{command.line.replace('.venv/bin/', '')}"],
            cwd=desk,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            check=False,
        )
        asks = {"--check", "--exit-code", "--fail-on-change"} & set(command.words)
        if command.output:
            shown = re.escape(command.output.strip()).replace("…", ".*")
            assert re.fullmatch(shown, "\n".join(map(str.rstrip, done.stdout.strip().splitlines()))), (
                f"{name_of(page)}: {command.line} prints\n{done.stdout}"
            )
            assert done.returncode in (0, 1, 2) and "Traceback" not in done.stdout
        else:
            assert done.returncode in ((0, 1) if asks else (0,)), f"{name_of(page)}: {command.line}\n{done.stdout}"


def skip_without(command: Command) -> None:
    """Skip a page if the packages are missing that one of its commands needs."""
    words = set(command.words)
    needs = {
        "trafilatura": "--html" in words or any(word.startswith("pages") for word in words),
        "jinja2": bool({"report", "--report", "--learn", "--review"} & words),
        "pyarrow": bool({"corpus", "learn", "documents/", "pages/"} & words),
        "datasketch": bool({"--learn", "learn"} & words),
        "shtab": "--print-completion" in words,
    }
    for package, is_needed in needs.items():
        if is_needed:
            pytest.importorskip(package, reason=f"{command.line} needs it")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_extras_that_are_installed_exist(page: Path) -> None:
    known = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    for extras in re.findall(r"pip install .*?'\.\[([\w,-]+)\]'", page.read_text(encoding="utf-8")):
        assert set(extras.split(",")) <= known.keys(), extras


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_benchmarks_that_are_named_exist(page: Path) -> None:
    """Their options are read without running them: they need texts that are not part of the project."""
    text = page.read_text(encoding="utf-8")
    for script, rest in re.findall(r"python (benchmarks/\w+\.py)([^`\n]*)", text):
        assert (ROOT / script).exists(), script
        sources = (ROOT / script).read_text(encoding="utf-8") + (ROOT / "benchmarks" / "tables.py").read_text(
            encoding="utf-8"
        )
        for option in _OPTION.findall(rest):
            assert f'"{option}"' in sources, f"{script} has no {option}"


# --- settings, rules and hooks ---


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "toml")], ids=name_of)
def test_settings_and_rules_can_be_read(page: Path, tmp_path: Path) -> None:
    for block in blocks(page, "toml"):
        table = tomllib.loads(block)
        if "kind" in table:  # a rule; one that is to be finished names its reason so
            assert set(table) <= {*COMMON, *KINDS[table["kind"]].fields}
            continue
        name = "pyproject.toml" if "tool" in table else "cleaner.toml"
        (tmp_path / name).write_text(block, encoding="utf-8")
        assert find(str(tmp_path / name))[1].keys() == table.get("tool", {}).get("cleaner", table).keys()


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "yaml")], ids=name_of)
def test_hooks_exist(page: Path) -> None:
    known = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
    for block in blocks(page, "yaml"):
        for repository in yaml.safe_load(block)["repos"]:
            assert {hook["id"] for hook in repository["hooks"]} <= known


# --- links and names ---


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^()\s]+)\)", page.read_text(encoding="utf-8")):
        if "://" in target:
            continue
        file, _, heading = target.partition("#")
        linked = (page.parent / file).resolve() if file else page
        if is_made(linked):
            continue
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
    rules = {rule.id: (rule.kind, rule.evidence) for rule in choose(builtin_rules().rules, Choice("default"))}
    rows = re.findall(r"^\| \d+ \| `(\S+)` \| (\w+) \| (\w+) \|", page, re.MULTILINE)
    assert rows
    for rule, kind, evidence in rows:
        assert rules[rule] == (kind, evidence), rule
