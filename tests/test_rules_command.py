"""``cleaner rules``: what it shows on a terminal, what it finds, the rules that it begins, and the schemas for editors."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from cleaner.model import RuleError
from cleaner.proof import selftest
from cleaner.proof.schemas import rule_schema, settings_schema
from cleaner.proof.search import find
from tests.conftest import ROOT, Run
from tests.test_rulefile import GOOD, write
from tests.test_terminal import on_terminal

RULE_FILES = sorted(path for path in (ROOT / "rules").rglob("*.toml") if path.parent.name != "vocabulary")


# --- reading ---


def test_a_terminal_shows_rules_by_family_and_no_line_is_too_wide(tmp_path: Path) -> None:
    shown = on_terminal(tmp_path, "rules", "list", "titles", "comments/form-*", NO_COLOR="1").splitlines()
    assert "titles" in shown and "  titles/known  body" in shown and "  comments/form-prompt" in shown
    assert max(map(len, shown)) <= 80
    for way in (["show", "comments/form-prompt"], ["kinds"]):
        lines = on_terminal(tmp_path, "rules", *way, NO_COLOR="1").splitlines()
        assert max(len(line) for line in lines if not line.endswith(".toml")) <= 80


def test_a_terminal_shows_a_rule_for_reading_and_its_file_on_request(tmp_path: Path) -> None:
    shown = on_terminal(tmp_path, "rules", "show", "footers/source-link")
    assert (
        "\033[1mfooters/source-link\033[0m" in shown
        and "\nPrice: " in shown
        and "kind phrase · preset default" in shown
    )
    source = on_terminal(tmp_path, "rules", "show", "footers/source-link", "--source")
    assert source == (ROOT / "rules" / "footers" / "source-link.toml").read_text(encoding="utf-8")


def test_every_rule_has_a_page() -> None:
    from cleaner.cli.rule_pages import rule_page
    from cleaner.proof.search import tables_of

    for rule_id, (path, rule) in tables_of().items():
        page = "\n".join(rule_page(rule_id, path, rule, False))
        assert page.startswith(rule_id) and "Price: " in page and "\nexamples\n" in page


def test_a_list_of_no_such_family_suggests_one(run: Run) -> None:
    done = run("rules", "list", "comment")
    assert done.returncode == 2 and b"did you mean 'comments'?" in done.stderr
    assert b"did you mean list?" in run("rules", "lits").stderr


def test_rules_of_a_users_own_are_listed_and_found(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "own", GOOD)
    assert b"site/standards-line" in run("rules", "list", "site", "--rules", "own").stdout
    found = run("rules", "find", "Read our standards", "--rules", "own").stdout.decode()
    assert "site/standards-line" in found and "phrase (en): Read our standards" in found


# --- finding ---


def test_the_rules_and_phrases_that_take_a_line_are_named() -> None:
    taken, near = find("  ## LEAVE A COMMENT:")
    assert [(match.rule, match.what, match.language, match.text) for match in taken] == [
        ("comments/reply-heading", "phrase", "en", "Leave a Comment")
    ]
    assert all(match.likeness < 1 and match.rule != "comments/reply-heading" for match in near)


def test_a_pattern_that_takes_a_line_is_named() -> None:
    taken, _ = find("See 123 comments")
    assert ("comments/count", "pattern") in [(match.rule, match.what) for match in taken]


def test_rules_that_come_near_are_named_the_nearest_first() -> None:
    taken, near = find("Leave a commment")
    assert not taken
    assert (near[0].rule, near[0].text) == ("comments/reply-heading", "Leave a Comment")
    assert [match.likeness for match in near] == sorted([match.likeness for match in near], reverse=True)


def test_nothing_near_leads_to_a_new_rule(run: Run) -> None:
    said = run("rules", "find", "Bwxqzt vkprm").stdout.decode()
    assert "No rule takes 'Bwxqzt vkprm' by itself." in said and "cleaner rules new" in said
    assert json.loads(run("rules", "find", "--format", "json", "Bwxqzt").stdout) == {"taken": [], "near": []}
    assert run("rules", "find", "***").returncode == 0


# --- beginning ---


# The quick run takes a language with sentences of its own, and two without.
LANGUAGES = ["en", "tlh", "und"]
MORE_LANGUAGES = ["de", "es", "fr", "it", "nl", "pl", "pt-BR"]


@pytest.mark.parametrize(
    "language", [*LANGUAGES, *(pytest.param(name, marks=pytest.mark.all) for name in MORE_LANGUAGES)]
)
def test_a_new_rule_passes_once_its_reason_is_written(run: Run, tmp_path: Path, language: str) -> None:
    phrases = ("Bwxq zt vkprm", 'Zxqv "plok" \\ trwm')
    asked = [word for phrase in phrases for word in ("--phrase", phrase)]
    done = run("rules", "new", "share/neighbour-link", *asked, "--language", language, "--to", "own")
    assert done.returncode == 0, done.stderr
    path = tmp_path / "own" / "share" / "neighbour-link.toml"
    assert tomllib.loads(path.read_text(encoding="utf-8"))["phrases"] == {language: list(phrases)}
    # The same command again has nothing to do.
    assert run("rules", "new", "share/neighbour-link", *asked, "--language", language, "--to", "own").returncode == 0
    done = run("rules", "test", "own")
    assert done.returncode == 1 and done.stderr.count(b"\n") == 1 and b"why: is not written yet" in done.stderr
    path.write_text(path.read_text(encoding="utf-8").replace("TODO", "A link"), encoding="utf-8")
    done = run("rules", "test", "own")
    assert (done.returncode, done.stderr) == (0, b"")
    assert run("rules", "new", "share/neighbour-link", "--phrase", "x", "--to", "own").returncode == 2
    schema = path.parent / path.read_text(encoding="utf-8").splitlines()[0].removeprefix("#:schema ")
    assert json.loads(schema.read_text(encoding="utf-8"))["title"] == "A rule of boilerplate-cleaner"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["comments", "--phrase", "x"], "comments: has no family; write it as FAMILY/NAME, such as comments/comments"),
        (["Comments/X", "--phrase", "x"], "cannot be part of a rule id"),
        (["comments/form-prompt", "--phrase", "x"], "is the id of a built-in rule"),
        (["../x", "--phrase", "x"], "cannot be part of a rule id"),
        (["own/x", "--phrase", "* * *"], "has no letter or digit"),
        (["own/x", "--phrase", "schÃ¶n"], "cleaning would repair it to 'schön'; write that"),
    ],
)
def test_a_rule_that_cannot_be_is_not_begun(run: Run, tmp_path: Path, arguments: list[str], said: str) -> None:
    done = run("rules", "new", *arguments, "--to", "own")
    assert done.returncode == 2 and said in done.stderr.decode()
    assert not list(tmp_path.rglob("*.toml"))


# --- schemas ---


@pytest.mark.parametrize(("name", "made"), [("rule", rule_schema), ("settings", settings_schema)])
def test_the_schemas_are_fresh(name: str, made: Any) -> None:
    path = ROOT / "schemas" / f"{name}.schema.json"
    assert path.read_text(encoding="utf-8") == made(), f"renew it: cleaner rules schema {name} > schemas/{path.name}"


def test_rule_files_and_settings_fit_their_schemas() -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="needs the extra `test`")
    rule = jsonschema.Draft7Validator(json.loads(rule_schema()))
    for path in RULE_FILES:
        rule.validate(tomllib.loads(path.read_text(encoding="utf-8")))
    good = tomllib.loads(GOOD)
    rule.validate({"rules": {"one": good, "two": good}})
    for wrong in ({"wy": "…"}, {"kind": "frase"}, {"phrases": ["a"]}, {"evidence": "sure"}, {"max_words": -1}):
        assert not rule.is_valid({**good, **wrong}), wrong
    settings = jsonschema.Draft7Validator(json.loads(settings_schema()))
    settings.validate({"preset": "body", "keep": ["a"], "max-drop": 0.5})
    for bad in ('preset = "bodi"', 'keep = "a"', "max-drop = 2", "kep = []"):
        assert not settings.is_valid(tomllib.loads(bad)), bad


@pytest.mark.parametrize("path", RULE_FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_rule_files_name_their_schema(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    wanted = "#:schema ../../schemas/rule.schema.json"
    assert first == wanted, f"write it into the first line of {path}: {wanted}"


@pytest.mark.parametrize("workers", [1, 2])
def test_processes_find_the_same_failures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int) -> None:
    monkeypatch.setattr(selftest, "_FILES_A_WORKER", 2 // workers)
    monkeypatch.setattr(selftest, "cpus", lambda: workers)
    write(tmp_path, GOOD)
    write(tmp_path, GOOD.replace("- Read our", "- Read our standards\n- Heed our"), "site/other")
    tested = selftest.suite(tmp_path)
    done: list[int] = []
    found = [str(failure) for failure in selftest.failures(tested, done.append)]
    assert len(found) >= 1 and all(["other.toml" in failure and "Heed our" in failure for failure in found])
    assert sum(done) == 2


def test_the_rules_themselves_are_tested_by_default() -> None:
    tested = selftest.suite()
    assert sorted(file.path for file in tested.files) == RULE_FILES
    assert {file.rule.id for file in tested.files} == {rule.id for rule in tested.everything}


def test_an_id_of_a_built_in_rule_is_refused(tmp_path: Path) -> None:
    write(tmp_path, GOOD, "comments/form-prompt")
    with pytest.raises(RuleError, match="is taken by a built-in rule; rename the file, or write replaces = true"):
        selftest.suite(tmp_path)


BROKEN = [
    ("a phrase without example", ('["Read our standards"]', '["Read our standards", "Heed our rules"]'), "drops 'Heed our rules'"),
    ("a line that is not normal", ("and laughed", "and  laughed"), "is not normalized: 'They read our standards and  laughed.'"),
    ("a line that stays", ("- Read our standards", "- Read our standards\n- Heed our rules"), "'Heed our rules'"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "said"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_a_broken_promise_is_named(run: Run, tmp_path: Path, change: tuple[str, str], said: str) -> None:
    path = write(tmp_path / "own", GOOD.replace(*change))
    done = run("rules", "test", "own")
    assert done.returncode == 1 and done.stdout.endswith(b" failures\n")
    assert said in done.stderr.decode() and str(path.relative_to(tmp_path)) in done.stderr.decode()


def test_a_branch_that_no_example_needs_is_named(tmp_path: Path) -> None:
    patterns = GOOD.replace('kind = "phrase"', 'kind = "pattern"').replace("phrases", "patterns")
    write(
        tmp_path, patterns.replace("Read our standards", "(?:Read|Heed) our [s|\\\\]]?(?P<x>s?tandards|[^]a]rules)", 1)
    )
    found = [str(failure) for failure in selftest.failures(selftest.suite(tmp_path))]
    assert len(found) == 2 and "no example needs the branch 'Heed'" in found[0] and "rules'" in found[1]


def test_what_comes_near_a_line_is_shown_with_its_place(run: Run) -> None:
    said = run("rules", "find", "Leave a repply").stdout.decode()
    assert "No rule takes 'Leave a repply' by itself." in said and "\nNear it come\n" in said
    taken = run("rules", "find", "- Advertisement -").stdout.decode()
    assert "'- Advertisement -' is taken by\n  ads/" in taken
    assert "by its kind, " in run("rules", "find", "THE BRIDGE IS CLOSED THE BRIDGE IS CLOSED").stdout.decode()


def test_catalogue_and_schemas_are_those_of_the_repository(run: Run) -> None:
    assert run("rules", "catalogue").stdout == (ROOT / "rules" / "README.md").read_bytes()
    assert run("rules", "schema").stdout.decode() == rule_schema()
    assert run("rules", "schema", "settings").stdout.decode() == settings_schema()
