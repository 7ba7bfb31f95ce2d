"""Rule files that ask for too much: each is refused at once, in one line that names file, key and cure."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

import cleaner
from cleaner.engine.own_lines import OwnLines
from cleaner.engine.passes import Engine
from cleaner.matching.limits import DEEPEST, MOST
from cleaner.model import CleanerError, RuleError, SettingsError
from cleaner.rules.files import read_folder
from cleaner.rules.ruleset import digest_of
from tests.own_rules import own_rule
from tests.test_rulefile import GOOD, write

# Patterns that hung, filled the memory or raised something of Python's own, and a piece of what is said now.
TOO_MUCH = [
    ("counted", "(?:ab){999999999}", "repeats too much"),
    ("counted with more digits than a number may have", f"a{{{'9' * 5000}}}", "repeats too much"),
    ("counted in counted", "(?:(?:(?:a{1000}){1000}){1000}){1000}", "repeats too much"),
    ("more in more", "(?:" * 20 + "a" + "|b)+" * 20, "repeats too much"),
    ("twice in twice", "(?:" * 20 + "a" + "){2}" * 20, "repeats too much"),
    ("long", "a" * (MOST + 1), "is too long"),
    ("many words", "|".join(f"word{number}" for number in range(60_000)), "is too long"),
    ("nested", "(" * 500 + "a" + ")" * 500, f"more than {DEEPEST} deep"),
    ("nested and behind a comment", "(?#((" + ")" + "(" * 500 + "a" + ")" * 500, f"more than {DEEPEST} deep"),
    ("calls itself", "(?R)?Read our standards", "calls itself"),
    ("calls itself by number", "(?0)?a", "calls itself"),
    ("calls its group", r"(a(?1)?)b", "calls itself or one of its groups"),
    ("calls its group by name", "(?P<own>a(?P>own)?)b", "calls itself or one of its groups"),
    ("calls its group from before", "(a)(?-1)", "calls itself or one of its groups"),
    ("laid out", "(?x)a # ((((", "switches (?x) on"),
    ("laid out among others", "(?ix:a)", "switches (?x) on"),
    ("another version", "(?V1)a", "asks for a version"),
    ("flags that contradict", "(?u)(?a)a", "incompatible"),
    ("a condition on no group", "(?(1)b|c)", "invalid group reference"),
    ("a comment without end", "(?#a", "missing )"),
    ("a list that was not given", r"\L<words>", "undefined named list"),
]


def pattern_rule(pattern: str) -> str:
    rule = GOOD.replace('kind = "phrase"', 'kind = "pattern"').replace("phrases", "patterns")
    return rule.replace('"Read our standards"', json.dumps(pattern))


@pytest.mark.parametrize(("pattern", "message"), [case[1:] for case in TOO_MUCH], ids=[case[0] for case in TOO_MUCH])
def test_patterns_that_ask_too_much_are_refused(tmp_path: Path, pattern: str, message: str) -> None:
    path = write(tmp_path, pattern_rule(pattern))
    with pytest.raises(RuleError) as error:
        read_folder(tmp_path)
    told = str(error.value)
    assert told.startswith(f"{path}: patterns.en: the pattern ") and message in told
    assert "\n" not in told and len(told) < 500 + len(str(path))
    with pytest.raises(SettingsError, match="keep: the pattern "):
        OwnLines([f"re:{pattern}"], "keep")


def test_a_pattern_that_takes_too_long_on_nothing_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleaner.matching.patterns.SECONDS", 0.01)
    endless = "(?:(?:a?){40}|b?){30}(?:(?:a?){40}|b?){30}(?!)|c"
    path = write(tmp_path, pattern_rule(endless))
    with pytest.raises(RuleError) as error:
        read_folder(tmp_path)
    assert str(error.value).startswith(f"{path}: patterns.en: the pattern ") and "ran for more than" in str(error.value)
    with pytest.raises(SettingsError, match="ran for more than"):
        OwnLines([f"re:{endless}"], "drop")


FINE = [
    ("brackets that are escaped", r"\(?Read our standards\)?\(?R"),
    ("brackets in a class", r"[(\[(((R]?Read our standards"),
    ("a comment", "(?#Read)Read our standards"),
    ("a group of one's own", "(?P<first>Read) our standards(?P=first)?"),
    ("a condition", "(a)?(?(1)b|Read our standards)"),
    ("many groups", "Read our standards|" + "(a)" * 3000),
    ("as deep as may be", "(?:" * (DEEPEST - 1) + "Read our standards" + ")" * (DEEPEST - 1)),
]


@pytest.mark.parametrize("pattern", [case[1] for case in FINE], ids=[case[0] for case in FINE])
def test_patterns_that_ask_for_little_work(tmp_path: Path, pattern: str) -> None:
    write(tmp_path, pattern_rule(pattern))
    assert len(read_folder(tmp_path)[0]) == 1


PIECES = [
    ("each calls the next twice", "".join(f"a{n} = '(?&a{n + 1})(?&a{n + 1})'\n" for n in range(40)) + "a40 = 'x'"),
    ("a long chain", "".join(f"a{n} = '(?&a{n + 1})'\n" for n in range(400)) + "a400 = 'x'"),
    ("a circle", "a0 = '(?&a1)'\na1 = '(?&a0)'"),
    ("an empty word", '[a0]\nen = [""]'),
    ("another version", "a0 = '(?V1)a'"),
    ("recursion", "a0 = '(?R)a'"),
    ("a name that cannot be called", "\"a 0\" = 'a'"),
]


@pytest.mark.parametrize("pieces", [case[1] for case in PIECES], ids=[case[0] for case in PIECES])
def test_vocabularies_that_ask_too_much_are_refused(tmp_path: Path, pieces: str) -> None:
    (tmp_path / "vocabulary.toml").write_text(pieces, encoding="utf-8")
    write(tmp_path, pattern_rule("(?&a0)"))
    with pytest.raises(RuleError) as error:
        read_folder(tmp_path)
    assert str(error.value).startswith(str(tmp_path)) and "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        (r"(Read) our \1(?&word)", "refers to a group by its number"),
        ("Read) our (?&word)", "does not compile"),
        ("(?P<word>Read) our (?&word)", "names a group 'word'"),
    ],
)
def test_pieces_and_groups_do_not_meet(tmp_path: Path, pattern: str, message: str) -> None:
    (tmp_path / "vocabulary.toml").write_text("word = '(a)'", encoding="utf-8")
    write(tmp_path, pattern_rule(pattern))
    with pytest.raises(RuleError, match=message):
        read_folder(tmp_path)


TABLES = [
    ("a number of thousands of digits", ("why =", f"reach = {'9' * 5000}\nwhy ="), "is not TOML"),
    (
        "a reach beyond all documents",
        ("why =", "reach = 999999999\nwhy ="),
        "reach: is 999999999; use a whole number from 0",
    ),
    ("a reach below nothing", ("why =", "reach = -1\nwhy ="), "reach: is -1; use a whole number from 0"),
    ("lists in lists", ("why =", f"reach = {'[' * 5000}{']' * 5000}\nwhy ="), "is nested too deeply"),
    (
        "a title that is no text",
        ('en = """', 'en = {title = 1, text = """'),
        "title: is neither a text nor a list of texts",
    ),
]


@pytest.mark.parametrize(("change", "message"), [case[1:] for case in TABLES], ids=[case[0] for case in TABLES])
def test_tables_that_ask_too_much_are_refused(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    text = GOOD.replace(*change, 1)
    if "{title" in text:
        text = text.rstrip()[:-3] + '"""}\n'
    path = write(tmp_path, text)
    with pytest.raises(RuleError) as error:
        read_folder(tmp_path)
    assert str(error.value).startswith(f"{path}: {message}") or message in str(error.value)


@pytest.mark.parametrize("entries", [-1, 10**9])
def test_entries_of_learned_rules_have_limits(tmp_path: Path, entries: int) -> None:
    path = tmp_path / "sites.toml"
    path.write_text(
        '[rules.a-example]\nkind = "site"\nwhy = "Learned. Price: none."\nsites = ["a.example"]\n'
        f'lists = [{{text = "Most read", entries = {entries}}}]\n'
        '[rules.a-example.examples]\nund = """\n- Most read\n  Most read it: so.\n  They most read.\n"""\n',
        encoding="utf-8",
    )
    with pytest.raises(RuleError, match="lists: entry 1: entries is"):
        read_folder(path)


@pytest.mark.parametrize("pattern", ["(?P<keep>Read our standards)", "(?P<keep>Read.+)", "(?=(?P<keep>.+))Read.+"])
def test_a_trim_that_takes_nothing_is_none(pattern: str) -> None:
    text = "The vote is on Monday, they said.\n\nRead our standards\n\nRead our standards"
    explained = Engine([own_rule("pattern", patterns=[pattern])]).explain(text)
    assert not explained.flagged and explained.text == text


def test_own_errors_only() -> None:
    """What is said of a pattern is the same for each way in."""
    for name in ("keep", "drop"):
        with pytest.raises(CleanerError, match=f"{name}: the pattern '\\(' does not compile"):
            cleaner.Cleaner(**{name: ["re:("]})  # type: ignore[arg-type]  # a list of texts


def test_what_is_no_regular_file_is_no_rule(tmp_path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("needs POSIX")
    write(tmp_path / "folder", GOOD)
    (tmp_path / "folder" / "site" / "other.toml").mkdir()
    assert len(read_folder(tmp_path / "folder")[0]) == 1
    for name in ("pipe", "device", "broken", "circle"):
        path = write(tmp_path / name, GOOD).with_name("other.toml")
        if name == "pipe":
            os.mkfifo(path)
        else:
            path.symlink_to({"device": "/dev/zero", "broken": "nowhere", "circle": path.name}[name])
        for load in (read_folder, digest_of):
            for place in (tmp_path / name, path):
                with pytest.raises(
                    RuleError, match=f"{path.parent}/other.toml: (cannot be read: |is neither a folder nor a file)"
                ):
                    load(place)


def test_no_folder_of_rules_vanishes_quietly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, GOOD)
    scandir = os.scandir

    def locked(path: str) -> object:
        if str(path).endswith("site"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr("os.scandir", locked)
    for load in (read_folder, digest_of):
        with pytest.raises(RuleError, match="site: cannot be read: Permission denied"):
            load(tmp_path)
