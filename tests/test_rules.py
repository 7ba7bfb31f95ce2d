"""Every rule keeps what its file promises; the tests are made from the files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cleaner import selftest
from cleaner.proof.catalogue import COMMAND, catalogue
from cleaner.proof.selftest import Suite, failures
from cleaner.rules.files import PRESETS, RuleFile
from cleaner.rules.loading import builtin_rules, compile_rules, rules_folder
from tests.conftest import ROOT
from tests.documents import rule_files

SUITE = selftest.suite()
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


@pytest.mark.parametrize("file", SUITE.files, ids=lambda file: file.rule.id)
def test_rule_keeps_its_promises(file: RuleFile) -> None:
    found = [str(failure) for failure in failures(Suite([file], SUITE.vocabulary, SUITE.everything))]
    assert not found, "\n".join(found)


def test_the_families_are_there() -> None:
    assert {file.rule.id.split("/")[0] for file in SUITE.files} >= FAMILIES
    assert {file.rule.preset for file in SUITE.files} == set(PRESETS)


@pytest.mark.parametrize("rule", sorted(TRANSLATED))
def test_translated_phrases_are_known_in_every_language(rule: str) -> None:
    (file,) = [file for file in SUITE.files if file.rule.id == rule]
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
    files = [file for file in SUITE.files if file.rule.id.startswith("footers/source")]
    assert not LANGUAGES - {language.split("-")[0] for file in files for language in file.table.get("phrases", {})}


def test_the_catalogue_is_fresh() -> None:
    written = (ROOT / "rules" / "README.md").read_text(encoding="utf-8")
    assert written == catalogue(rule_files()), f"the catalogue is stale; renew it with: {COMMAND}"


def test_the_compiled_rules_are_what_the_files_say() -> None:
    fresh = compile_rules()
    read = builtin_rules()
    assert read.digest == fresh.digest
    assert json.loads(json.dumps(read.rules)) == json.loads(json.dumps(fresh.rules))
    assert json.loads(
        json.dumps([read.vocabulary.pieces, read.vocabulary.tokens, read.vocabulary.signs])
    ) == json.loads(json.dumps([fresh.vocabulary.pieces, fresh.vocabulary.tokens, fresh.vocabulary.signs]))


def test_every_file_below_rules_is_a_rule() -> None:
    folder = Path(rules_folder())
    assert {path.suffix for path in folder.rglob("*") if path.is_file()} == {".toml", ".md"}


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
