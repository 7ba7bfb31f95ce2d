"""Every rule keeps the promises of its file; the tests are made from the files."""

from __future__ import annotations

import textwrap
from functools import cache
from pathlib import Path

import pytest

from cleaner.model import PRESETS
from cleaner.proof import selftest
from cleaner.proof.catalogue import COMMAND, catalogue
from cleaner.rules.files import rule_paths
from cleaner.rules.ruleset import rules_folder
from tests.conftest import ROOT
from tests.rule_lines import chosen_rules, files_by_path, rule_files, vocabulary

FAMILIES = {
    "weather",
    "bylines",
    "comments",
    "captions",
    "footers",
    "related",
    "titles",
    "bios",
    "ads",
    "share",
    "subscription",
}
# Phrases that publishing systems translate must be known in these.
LANGUAGES = {
    "en",
    "de",
    "fr",
    "es",
    "pt",
    "it",
    "nl",
    "pl",
    "ru",
    "uk",
    "cs",
    "sv",
    "tr",
    "el",
    "ar",
    "hi",
    "zh",
    "ja",
    "ko",
}
TRANSLATED = {
    "comments/reply-heading", "comments/form-prompt", "related/heading", "ads/label", "share/prompt", "subscription/newsletter-prompt",
}  # fmt: skip


@cache
def everything() -> selftest.Tester:
    """Return the tester of ``cleaner rules test``, with the rules from the store."""
    return selftest.Tester(selftest.Suite(list(rule_files()), vocabulary(), list(chosen_rules())))


def id_of(path: Path) -> str:
    return path.relative_to(rules_folder()).with_suffix("").as_posix()


@pytest.mark.parametrize("path", rule_paths(rules_folder())[1], ids=id_of)
def test_rule_keeps_its_promises(path: Path) -> None:
    found = [str(failure) for file in files_by_path()[path] for failure in everything().failures(file)]
    assert not found, "\n".join(found)


def test_the_families_are_there() -> None:
    assert {file.rule.id.split("/")[0] for file in rule_files()} >= FAMILIES
    assert {file.rule.preset for file in rule_files()} == set(PRESETS)


@pytest.mark.parametrize("rule", sorted(TRANSLATED))
def test_translated_phrases_are_known_in_every_language(rule: str) -> None:
    (file,) = [file for file in rule_files() if file.rule.id == rule]
    written = {language for field in ("phrases", "patterns") for language in file.table.get(field, {})}
    assert not LANGUAGES - {language.split("-")[0] for language in written}
    for language in LANGUAGES:
        kept = [
            line
            for example in file.examples
            if example.language.split("-")[0] == language
            for line in example.of("keep")
        ]
        assert len(kept) >= 2, f"{rule}: {language} has fewer than two near misses"


def test_the_source_links_are_known_in_every_language() -> None:
    files = [file for file in rule_files() if file.rule.id.startswith("footers/source")]
    assert not LANGUAGES - {language.split("-")[0] for file in files for language in file.table.get("phrases", {})}


def test_the_catalogue_is_fresh() -> None:
    written = (ROOT / "rules" / "README.md").read_text(encoding="utf-8")
    assert written == catalogue(rule_files()), f"the catalogue is stale; renew it with: {COMMAND}"


def test_every_file_below_rules_is_a_rule() -> None:
    folder = Path(rules_folder())
    assert {path.suffix for path in folder.rglob("*") if path.is_file()} == {".toml", ".md"}


# --- The test itself -------------------------------------------------------------------------------------------------

RULE = '''
    kind = "pattern"
    why = "Price: none."
    [patterns]
    en = ["(?:Watch|See) the harbour"]
    [examples]
    en = """
    - Watch the harbour
    - See the harbour
      Watch the harbour, she said.
      The harbour
    """
'''
BROKEN = [
    ("nothing", ("", ""), []),
    ("a line that should stay", ("  Watch the harbour, she said.", "  Watch the harbour"), ["'Watch the harbour' must stay but own/one"]),
    ("a line that should go", ("- See the", "- See that"), ["'See that harbour' must be left ''", "needs the branch 'See'"]),
    ("a branch that no example needs", ("Watch|See", "Watch|See|Hear"), ["no example needs the branch 'Hear'"]),
    ("a pattern that no example needs", ('en = ["', 'en = ["Never", "'), ["no example needs the pattern 'Never'"]),
    ("a line that is not normalized", ("  The harbour", "  The  harbour"), ["is not normalized: 'The  harbour'"]),
    ("a line that another rule takes", ("  The harbour\n", "  The harbour\n  Leave a Reply\n"), ["must stay but comments/reply-heading"]),
]  # fmt: skip


@pytest.mark.parametrize(("change", "said"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_what_a_rule_of_ones_own_does_not_keep_is_told(
    tmp_path: Path, change: tuple[str, str], said: list[str]
) -> None:
    rule = textwrap.dedent(RULE)
    assert change[0] in rule
    path = tmp_path / "own" / "one.toml"
    path.parent.mkdir()
    path.write_text(rule.replace(*change, 1) if change[0] else rule, encoding="utf-8")
    found = list(map(str, selftest.failures(selftest.suite(tmp_path))))
    assert all(failure.startswith(f"{path}: ") for failure in found)
    assert all(any(part in failure for failure in found) for part in said), found
    assert bool(found) is bool(said)


@pytest.mark.parametrize(
    ("source", "branches"),
    [
        ("a|b", ["a", "b"]),
        ("x(?:a|b(?:c|d))y", ["a", "b(?:c|d)", "c", "d"]),
        (r"[|(]\|(?:a|b)", ["a", "b"]),
        ("(?=a|b).(?!c|d)", []),
        ("(?-i:A|B)(?P<keep>c|)", ["A", "B", "c", ""]),
        ("[]|]a", []),
        ("[^]|]a|b", ["[^]|]a", "b"]),
    ],
)
def test_instrumenting_finds_every_branch(source: str, branches: list[str]) -> None:
    assert sorted(selftest.instrument(source)[1].values()) == sorted(branches)
