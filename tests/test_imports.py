"""Importing is light: large modules are loaded when they are used, and missing ones are named."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

import cleaner
from tests.conftest import ROOT

PARTS_OF_CORPORA = {
    "pyarrow",
    "ray",
    "rich",
    "orjson",
    "zstandard",
    "fsspec",
    "datatrove",
    "datasets",
    "duckdb",
    "datasketch",
    "jinja2",
}
HEAVY = {"ftfy", "trafilatura", "lxml", *PARTS_OF_CORPORA}


def loaded(code: str) -> set[str]:
    """Return the modules that a new process has loaded after some code."""
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{code}\nprint('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "code",
    [
        "import cleaner",
        "import cleaner; cleaner.normalize('Käse — “für” alle.')",
        "import cleaner; cleaner.clean('Prose.\\nLeave a Reply')",
        "import cleaner.cli.filter, cleaner.cli.rules",
        "import cleaner.reporting.run, cleaner.reporting.pool, cleaner.cli.report, cleaner.learning.review",
        "import cleaner.corpus, cleaner.cli.corpus, cleaner.learning.run, cleaner.cli.learn, cleaner.learning.cluster",
    ],
)
def test_nothing_heavy_is_loaded_that_is_not_used(code: str) -> None:
    assert not loaded(code) & HEAVY


def test_the_rules_are_loaded_when_a_text_is_cleaned() -> None:
    assert not {name for name in loaded("import cleaner; cleaner.normalize('a')") if name.startswith("cleaner.rules")}


def test_mojibake_needs_ftfy() -> None:
    assert "ftfy" in loaded("import cleaner; assert cleaner.normalize('schÃ¶n') == 'schön'")


@pytest.mark.parametrize("part", ["pyarrow", "rich"])
def test_a_missing_part_of_the_extra_corpus_is_named(part: str) -> None:
    code = f"import sys; sys.modules[{part!r}] = None; from cleaner.corpus import clean_files; clean_files('a', 'b')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 1
    said = done.stderr.splitlines()[-1]
    assert re.search(rf"corpora need .*\b{part}\b.*: pip install 'boilerplate-cleaner\[corpus\]'", said), said


@pytest.mark.parametrize("name", ["clean", "explain", "normalize", "Cleaner", "Explanation", "Finding", "clean_html"])
def test_public_names(name: str) -> None:
    assert name in cleaner.__all__ and getattr(cleaner, name).__name__ == name


def test_other_names_are_not_there() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nosuch'"):
        _ = cleaner.nosuch
