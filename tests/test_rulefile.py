"""Rule files are read strictly: each mistake is an error that names file, key and cure."""

from __future__ import annotations

from pathlib import Path

import pytest

import cleaner
from cleaner.model import RuleError, SettingsError
from cleaner.rules.files import read_folder
from tests.conftest import Run

GOOD = '''
kind = "phrase"
why = "A line of a site. Price: nothing."

[phrases]
en = ["Read our standards"]

[examples]
en = """
  They read our standards and laughed.
- Read our standards
  Our standards are high, he read aloud.
"""
'''

MISTAKES = [
    ("an unknown key", ("why =", "wy ="), "wy: unknown key; did you mean 'why'?"),
    ("a missing key", ('why = "A line of a site. Price: nothing."\n', ""), "why: is missing; it is what the thing is"),
    ("no price", ("Price: nothing.", ""), "why: does not name its price; end it with"),
    ("no kind", ('kind = "phrase"\n', ""), "kind: is missing; use one of phrase,"),
    ("a kind that is none", ('"phrase"', '"frase"'), "kind: is 'frase'; use one of phrase,"),
    ("a preset that is none", ("why =", 'preset = "all"\nwhy ='), "preset: is 'all'; use one of default, body"),
    (
        "a place that is none",
        ("why =", 'where = "top"\nwhy ='),
        "where: is 'top'; use one of anywhere, head, tail, edge",
    ),
    ("a reach that is no number", ("why =", 'reach = "far"\nwhy ='), "reach: is 'far'; use a whole number"),
    (
        "a language that is none",
        ("[phrases]\nen", "[phrases]\nenglish"),
        "phrases.english: is not a language; use a BCP 47 code",
    ),
    ("no phrase", ('["Read our standards"]', "[]"), "phrases.en: is not a list of texts"),
    ("a phrase of signs", ('["Read our standards"]', '["Read our standards", "***"]'), "'***' has no letter or digit"),
    (
        "a phrase that stands twice",
        ('["Read our standards"]', '["Read our standards", "READ OUR STANDARDS!"]'),
        "'READ OUR STANDARDS!' is the same as 'Read our standards' once folded; remove one",
    ),
    (
        "a language without example",
        ("[examples]", 'de = ["Unsere Regeln"]\n\n[examples]'),
        "examples.de: is missing; every language of a rule has an example",
    ),
    ("no gutter", ("- Read our", "Read our"), "'Read our standards' has no gutter; begin it with"),
    ("nothing that goes", ("- Read our", "  Read our"), "examples.en: no line goes; mark one with"),
    ("no near miss", ("They read our standards and laughed.", "A dog."), "the rule has fewer than 2 near misses"),
    (
        "a trim without its rest",
        ("- Read our", "~ Read our"),
        "line 3: does not say what is left of the line above; begin this line with",
    ),
    ("an empty reason", ('"A line of a site. Price: nothing."', '" "'), "why: is empty; say it in a sentence or two"),
    (
        "phrases of no language",
        ("[phrases]\nen = ", "phrases = "),
        "phrases: is not a table of languages; write [phrases]",
    ),
    ("an example that is none", ('"""\n  They', '" "\nde = """\n  They'), "examples.en: is not a document; write"),
    (
        "an example with an unknown key",
        ('"""\n  They', '{text = "- a", colour = "red"}\nde = """\n  They'),
        "colour: unknown key",
    ),
    (
        "a trimmed line at the end",
        ("  Our standards are high, he read aloud.\n", "  Our standards are high.\n~ Our end\n"),
        "ends with a trimmed line; say what is left of it",
    ),
    ("rules that are no tables", ('kind = "phrase"', "rules = []\n[other]\na = 1\n[x]"), "other: is outside [rules]"),
    ("no TOML", ('kind = "phrase"', "kind = phrase"), "is not TOML: Invalid value (at line 2"),
]


def write(folder: Path, text: str, name: str = "site/standards-line") -> Path:
    path = folder / f"{name}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(("change", "message"), [case[1:] for case in MISTAKES], ids=[case[0] for case in MISTAKES])
def test_mistakes_are_named(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    assert GOOD.count(change[0]) >= 1
    path = write(tmp_path, GOOD.replace(*change, 1))
    with pytest.raises(RuleError) as error:
        read_folder(tmp_path)
    assert str(error.value).startswith(f"{path}: ")
    assert message in str(error.value)


PATTERN_MISTAKES = [
    ("one that does not compile", "(", "patterns.en: the pattern '(' does not compile"),
    ("one that matches an empty line", "a*", "matches an empty line; ask for at least one character"),
    (
        "one that calls what is not there",
        "(?&nosuch)x",
        "calls (?&nosuch), which does not exist; add it to a file vocabulary/<subject>.toml",
    ),
]


@pytest.mark.parametrize(
    ("pattern", "message"), [case[1:] for case in PATTERN_MISTAKES], ids=[case[0] for case in PATTERN_MISTAKES]
)
def test_bad_patterns_are_named(tmp_path: Path, pattern: str, message: str) -> None:
    write(
        tmp_path,
        GOOD.replace('kind = "phrase"', 'kind = "pattern"')
        .replace("phrases", "patterns")
        .replace('"Read our standards"', f"'{pattern}'"),
    )
    with pytest.raises(RuleError) as error:
        read_folder(tmp_path)
    assert message in str(error.value)


def test_a_rule_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    path.write_bytes(GOOD.replace("laughed", "lächelten").encode("latin-1"))
    with pytest.raises(RuleError, match=r"standards-line\.toml: is not UTF-8 at byte \d+; save it as UTF-8"):
        read_folder(tmp_path)


@pytest.mark.parametrize("rules", ["rules = 3", "rules = {}", "rules = {a = 1}"])
def test_several_rules_are_a_table_of_tables(tmp_path: Path, rules: str) -> None:
    write(tmp_path, rules)
    with pytest.raises(RuleError, match="rules: is not a table of rules; write each under"):
        read_folder(tmp_path)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ('kind = "badge"\nparts = 3', "parts: is not a list of texts; write"),
        ('kind = "site"\nsites = ["a.example"]\nlines = ["a"]', "lines: is not a list of tables; write"),
        ('kind = "repeat"\nexamples = "- a"', "examples: is not a table of languages; write [examples]"),
    ],
)
def test_values_of_the_wrong_form_are_named(tmp_path: Path, keys: str, message: str) -> None:
    examples = "" if "examples" in keys else GOOD[GOOD.index("[examples]") :]
    path = write(tmp_path, f'why = "A line. Price: nothing."\n{keys}\n{examples}')
    with pytest.raises(RuleError) as error:
        read_folder(tmp_path)
    assert str(error.value).startswith(f"{path}: ") and message in str(error.value)


def test_a_pattern_that_stands_twice_is_named(tmp_path: Path) -> None:
    patterns = GOOD.replace('kind = "phrase"', 'kind = "pattern"').replace("phrases", "patterns")
    write(tmp_path, patterns.replace('["Read our standards"]', '["Read our standards", "Read our standards"]'))
    with pytest.raises(RuleError, match=r"patterns\.en: 'Read our standards' is there twice; remove one"):
        read_folder(tmp_path)


PIECE_MISTAKES = [
    ("beast = 3", "beast: is neither a pattern nor lists of words; write name = "),
    ("[beast]\nen = [3]", "beast: is neither a pattern nor lists of words"),
    ('"a beast" = "ox"', "a beast: cannot be called with (?&name); use letters"),
    ('[beast]\nen = ["ox", " "]', "beast: holds an empty word; remove it"),
    ('beast = "(ox"', "beast: '(ox' does not compile"),
    ('beast = "(?&cow)"', "calls (?&cow), which does not exist"),
]


@pytest.mark.parametrize(("piece", "message"), PIECE_MISTAKES, ids=[case[0] for case in PIECE_MISTAKES])
def test_mistakes_of_a_vocabulary_are_named(tmp_path: Path, piece: str, message: str) -> None:
    write(tmp_path, GOOD)
    (tmp_path / "vocabulary").mkdir()
    path = tmp_path / "vocabulary" / "beasts.toml"
    path.write_text(piece, encoding="utf-8")
    with pytest.raises(RuleError) as error:
        read_folder(tmp_path)
    assert str(error.value).startswith(f"{path}: ") and message in str(error.value)


def test_a_piece_has_one_place(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    (tmp_path / "vocabulary").mkdir()
    for name in ("a", "b"):
        (tmp_path / "vocabulary" / f"{name}.toml").write_text('beast = "ox"', encoding="utf-8")
    with pytest.raises(RuleError, match=r"b\.toml: beast: is in .*a\.toml, too; remove one"):
        read_folder(tmp_path)


def test_a_rule_that_is_good_works_beside_the_others(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    text = "The vote is on Monday.\n\nRead our standards\n\nPlease enter your comment!"
    assert cleaner.clean(text, rules=[str(tmp_path)]) == "The vote is on Monday."
    assert cleaner.clean(text, rules=str(tmp_path / "site" / "standards-line.toml")) == "The vote is on Monday."
    assert cleaner.clean(text) == "The vote is on Monday.\n\nRead our standards"


def test_own_vocabulary_adds_pieces(tmp_path: Path) -> None:
    (tmp_path / "vocabulary.toml").write_text('[beast]\nen = ["ox", "cow"]\n', encoding="utf-8")
    own = (
        GOOD.replace('kind = "phrase"', 'kind = "pattern"')
        .replace("phrases", "patterns")
        .replace('"Read our standards"', "'Read our (?&beast)'")
    )
    write(tmp_path, own.replace("- Read our standards", "- Read our cow"))
    assert cleaner.clean("The council met on Monday.\nRead our ox", rules=[tmp_path]) == "The council met on Monday."


def test_an_id_that_is_taken_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, GOOD, "titles/copy")
    with pytest.raises(RuleError, match="the id 'titles/copy' is taken by another rule; rename the file"):
        cleaner.Cleaner(rules=[tmp_path])


REPLACING = GOOD.replace("why =", "replaces = true\nwhy =")


def test_an_own_rule_may_replace_a_built_in_one(tmp_path: Path, run: Run) -> None:
    write(tmp_path / "own", REPLACING, "comments/form-prompt")
    text = "The council met on Monday.\n\nRead our standards\nPlease enter your comment!"
    assert (
        cleaner.clean(text, rules=[tmp_path / "own"], max_drop=1.0)
        == "The council met on Monday.\n\nPlease enter your comment!"
    )
    assert cleaner.clean(text) == "The council met on Monday.\n\nRead our standards"
    (tmp_path / "cleaner.toml").write_text('rules = ["own"]\n', encoding="utf-8")
    for arguments in (["rules"], ["rules", "list", "--rules", "own"]):
        (line,) = [
            line for line in run(*arguments).stdout.decode().splitlines() if line.startswith("comments/form-prompt ")
        ]
        assert line.endswith("A line of a site. (in place of the built-in rule: " + line.rpartition(": ")[2])
        assert Path(line.rpartition(": ")[2].removesuffix(")")).name == "form-prompt.toml"
    assert run("rules", "show", "comments/form-prompt").stdout.decode() == REPLACING
    write(tmp_path / "second", REPLACING, "comments/form-prompt")
    with pytest.raises(RuleError, match="the id 'comments/form-prompt' is taken by another rule"):
        cleaner.Cleaner(rules=[tmp_path / "own", tmp_path / "second"])


def test_a_rule_that_replaces_none_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, REPLACING)
    with pytest.raises(RuleError, match="site/standards-line: replaces: there is no built-in rule with this id"):
        cleaner.Cleaner(rules=[tmp_path])
    write(tmp_path, REPLACING.replace("true", '"yes"'))
    with pytest.raises(RuleError, match="replaces: is 'yes'; use true or false"):
        cleaner.Cleaner(rules=[tmp_path])


def test_a_folder_without_rules_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="holds no rule"):
        cleaner.Cleaner(rules=[tmp_path])


def test_a_path_that_is_not_there_is_an_error() -> None:
    with pytest.raises(SettingsError, match="there is no such rule file or folder, and no entry point"):
        cleaner.Cleaner(rules=["nowhere/rules"])


def test_a_name_that_is_no_id_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, GOOD, "Site/Line")
    with pytest.raises(RuleError, match=r"'Site': cannot be part of a rule id|Site: cannot be part of a rule id"):
        read_folder(tmp_path)


def test_entry_points_name_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "press_rules"
    package.mkdir()
    (package / "__init__.py").touch()
    write(package, GOOD)
    info = tmp_path / "press_rules-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: press-rules\nVersion: 1\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[cleaner.rules]\npress = press_rules\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert (
        cleaner.clean("The council met on Monday.\nRead our standards", rules=["press"]) == "The council met on Monday."
    )


def test_a_pattern_that_runs_away_is_an_error_with_rule_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = (
        GOOD.replace('kind = "phrase"', 'kind = "pattern"')
        .replace("phrases", "patterns")
        .replace('"Read our standards"', r"'(?:Read our )?standards(?: (?:\w|\w\w)+[.])?'")
    )
    write(tmp_path, own)
    monkeypatch.setattr("cleaner.matching.patterns.SECONDS", 0.05)
    hurting = cleaner.Cleaner(rules=[tmp_path])
    with pytest.raises(cleaner.CleanerError, match=r"site/standards-line: the pattern .* on the line 'standards aaa"):
        hurting.clean("standards " + "a" * 80 + "!.")
