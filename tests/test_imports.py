"""Importing is light, and nothing heavy is loaded before it is used."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import ROOT

CORPUS = {
    "pyarrow",
    "ray",
    "rich",
    "orjson",
    "zstandard",
    "fsspec",
    "filelock",
    "datatrove",
    "datasets",
    "duckdb",
    "datasketch",
}
HEAVY = {"ftfy", "wcwidth", "trafilatura", "lxml", "tomllib", "regex", "inspect", "dataclasses"}


def loaded(code: str) -> set[str]:
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{code}\nprint('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_import_cleaner_loads_next_to_nothing() -> None:
    fresh = loaded("")
    assert {name for name in loaded("import cleaner") - fresh if not name.startswith("cleaner")} <= {"__future__"}


def test_normalizing_bare_text_needs_no_ftfy() -> None:
    assert not loaded("import cleaner; cleaner.normalize('Käse — “für” alle.')") & HEAVY


def test_cleaning_a_seed_needs_neither_ftfy_nor_trafilatura() -> None:
    seed = ROOT / "seeds" / "raw" / "001_9a6267f58daf3221.txt"
    code = f"import cleaner; cleaner.Cleaner(); cleaner.clean(open({str(seed)!r}, encoding='utf-8').read())"
    assert not loaded(code) & (HEAVY - {"regex"})
    # Now that its patterns are on disk, nothing need compile them.
    assert not loaded(code) & (HEAVY | {"typing", "regex._main"})


def test_regex_is_whole_after_its_matcher_was_used_alone() -> None:
    code = """
import cleaner
cleaner.clean("Photo: Maria Muster/AFP")
before = "regex" in sys.modules
import regex
assert not before and regex.sub(r"(\\w)\\w*", r"\\1", "some words") == "s w"
assert regex.compile("a+", regex.IGNORECASE).fullmatch("AA", timeout=5)
assert __import__("pickle").loads(__import__("pickle").dumps(regex.compile("b"))).pattern == "b"
try:
    regex.compile("(")
except regex.error:
    print("an-error")
"""
    loaded(code.replace("assert not before and", "assert"))  # puts the patterns on disk
    assert {"an-error", "regex._main"} <= loaded(code)


def test_mojibake_needs_ftfy() -> None:
    assert "ftfy" in loaded("import cleaner; assert cleaner.normalize('schÃ¶n') == 'schön'")


def test_the_command_needs_nothing_of_corpora() -> None:
    seed = ROOT / "seeds" / "raw" / "001_9a6267f58daf3221.txt"
    found = loaded(f"from cleaner.cli.main import main; main([{str(seed)!r}])")
    assert not {name for name in found if name.startswith("cleaner.corpus")} and not found & CORPUS


def test_corpora_load_their_parts_when_they_are_needed() -> None:
    parts = "cleaner.corpus, cleaner.cli.corpus, cleaner.ray, cleaner.learning.run, cleaner.cli.learn"
    parts += ", cleaner.learning.cluster"
    assert not loaded(f"import {parts}") & CORPUS


@pytest.mark.parametrize("part", ["pyarrow", "rich"])
def test_a_missing_extra_is_named(part: str) -> None:
    code = f"import sys; sys.modules[{part!r}] = None; from cleaner.corpus import clean_files; clean_files('a', 'b')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 1
    assert f"corpora need {part}: pip install 'boilerplate-cleaner[corpus]'" in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("name", ["clean", "explain", "normalize", "Cleaner", "Explanation", "Finding", "clean_html"])
def test_public_names(name: str) -> None:
    import cleaner

    assert name in cleaner.__all__ and getattr(cleaner, name).__name__ == name
