"""Large files of learned rules: packed they do what they did, and are read anew when they have changed."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

import cleaner
from cleaner import learnedfiles, rulefile
from cleaner.rules.loading import builtin_rules
from cleaner.rules.ruleset import rules_folder
from tests.pages import MENU, NOTICE, documents

SITES = ("gazette.example", "other.example")


@pytest.fixture
def learned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of two sites' rules, which is large enough to be packed."""
    monkeypatch.setattr(learnedfiles, "_FOLDER", str(tmp_path / "packed"))
    monkeypatch.setattr(learnedfiles, "LEAST", 0)
    path = tmp_path / "rules.toml"
    cleaner.learn(document for site in SITES for document in documents(20, site)).write(path)
    return path


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that are read as TOML."""
    found: list[Path] = []
    plain = rulefile.read_rules

    def read_rules(path: Path, *others: Any) -> Any:
        found.append(path)
        return plain(path, *others)

    monkeypatch.setattr(rulefile, "read_rules", read_rules)
    return found


def findings(path: Path) -> list[Any]:
    """What rules take that are made ready anew."""
    ready = cleaner.Cleaner(rules=path, select=["rules/*"])
    texts = [(document["text"], site) for site in SITES for document in documents(21, site)]
    return [ready.explain(text, site=site).findings for text, site in texts]


def test_packed_rules_take_what_they_took(learned: Path, read: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    first, again = findings(learned), findings(learned)
    assert read == [learned]
    monkeypatch.setattr(learnedfiles, "LEAST", 1 << 30)
    assert first == again == findings(learned) and all(first)
    assert read == [learned] * 2


def test_a_site_is_unpacked_when_it_is_met(learned: Path) -> None:
    for _ in range(2):
        rules = learnedfiles.learned_rules(learned, builtin_rules().vocabulary)
        assert rules is not None and [dict(rule.spec) for rule in rules] == [{"sites": [site]} for site in SITES]
        assert {entry["text"] for entry in rules[0].spec["lines"]} >= {*MENU, NOTICE}
        assert len(rules[0].spec) > 1 == len(rules[1].spec)


def test_a_file_that_was_edited_is_read_anew(learned: Path, read: list[Path]) -> None:
    assert any(finding.text == "Sport" for found in findings(learned) for finding in found)
    learned.write_bytes(learned.read_bytes().replace(b"never = []", b'never = ["Sport"]'))
    assert not any(finding.text == "Sport" for found in findings(learned) for finding in found)
    assert read == [learned] * 2
    learned.write_bytes(learned.read_bytes().replace(b"near =", b"neer ="))
    with pytest.raises(cleaner.RuleError, match="did you mean 'near'"):
        findings(learned)


@pytest.mark.parametrize("how", ["cut off", "empty", "no marshal", "no folder"])
def test_what_is_broken_is_packed_again(learned: Path, read: list[Path], how: str) -> None:
    wanted = findings(learned)
    folder = Path(learnedfiles._FOLDER)
    (packed,) = folder.iterdir()
    if how == "no folder":
        packed.unlink()
        folder.rmdir()
        folder.write_bytes(b"")
    else:
        content = packed.read_bytes()
        packed.write_bytes({"cut off": content[:-1], "empty": b"", "no marshal": b"\xff" * 99}[how])
    assert findings(learned) == wanted
    assert read == [learned] * 2
    if how != "no folder":
        assert packed.read_bytes() == content


def test_other_rules_are_not_packed(learned: Path, tmp_path: Path) -> None:
    other = tmp_path / "own.toml"
    other.write_bytes(next((Path(rules_folder()) / "ads").glob("*.toml")).read_bytes())
    assert learnedfiles.learned_rules(other, builtin_rules().vocabulary) is None
    assert learnedfiles.learned_rules(tmp_path, builtin_rules().vocabulary) is None


def test_few_files_are_kept(learned: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learnedfiles, "_MOST_FILES", 2)
    for number in range(4):
        learned.write_text(learned.read_text(encoding="utf-8") + f"# {number}\n", encoding="utf-8")
        findings(learned)
        time.sleep(0.01)
    assert len(list(Path(learnedfiles._FOLDER).iterdir())) == 2
