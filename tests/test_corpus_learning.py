"""A corpus that teaches its own sites: learned and cleaned in one run, which can be stopped, on this machine or on Ray."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest

import cleaner
from cleaner.corpus import clean_files
from cleaner.learning.files import teach
from cleaner.model import InputError
from tests.conftest import ROOT, Run
from tests.corpus_files import FORMS, digests, read, write
from tests.made_up_site import FOOTER, HEADING, MENU, NOTICE, article, documents
from tests.watched_processes import family, is_gone, wait_until

for _package in ("duckdb", "datasketch"):
    pytest.importorskip(_package, reason="needs the packages of the extra `learn`: pip install -e '.[test,learn]'")

SITES = {"gazette.example": 20, "other.example": 9, "few.example": 2}
FEW: dict[str, Any] = {"select": ["comments"], "workers": 1}


def corpus(folder: Path) -> Path:
    """Write the pages of some sites to files of all forms, so that every file has pages of every site."""
    found = [document for site, pages in SITES.items() for document in documents(pages, site)]
    for place, form in enumerate(FORMS):
        write(folder / "in" / f"{place}.{form}", found[place :: len(FORMS)])
    return folder / "in"


def texts(folder: Path) -> dict[str, str]:
    return {record["id"]: record["text"] for path in sorted(folder.glob("[0-9].*")) for record in read(path)}


def test_it_learns_and_cleans_in_one_run(tmp_path: Path, run: Run) -> None:
    source = corpus(tmp_path)
    done = run("corpus", "in", "--out", "out", "--learn", "--workers", "1")
    assert done.returncode == 0 and b"learned 2 rules from 3 sites" in done.stderr, done.stderr
    left = texts(tmp_path / "out")
    assert not any(line in left["gazette.example-003"] for line in (*MENU, NOTICE, *FOOTER))
    assert all(paragraph in left["gazette.example-003"] for paragraph in article(3))
    assert NOTICE in left["few.example-001"]
    # It is what the two commands do, one after the other.
    assert run("learn", "in", "-o", "learned.toml", "--review", "learned.html").returncode == 0
    for name in ("learned.toml", "learned.html"):
        assert (tmp_path / name).read_bytes() == (tmp_path / "out" / name).read_bytes()
    clean_files(source, tmp_path / "by hand", url_field="url", rules=[tmp_path / "learned.toml"], workers=1)
    assert texts(tmp_path / "by hand") == left
    assert run("rules", "test", "out/learned.toml").returncode == 0


def test_it_goes_on_with_what_it_learned(tmp_path: Path) -> None:
    source = corpus(tmp_path)
    clean_files(source, tmp_path / "out", learn=teach, **FEW)
    before = digests(tmp_path / "out")
    (tmp_path / "out" / "1.jsonl.gz").unlink()

    def never(*_: object, **__: object) -> tuple[str, str, str]:
        raise AssertionError("it learned again")

    assert clean_files(source, tmp_path / "out", learn=never, **FEW).resumed == len(FORMS) - 1
    assert digests(tmp_path / "out").keys() == before.keys()
    assert {name: digest for name, digest in digests(tmp_path / "out").items() if name != "summary.json"} == {
        name: digest for name, digest in before.items() if name != "summary.json"
    }


def test_what_was_edited_holds_when_it_starts_over(tmp_path: Path) -> None:
    source = corpus(tmp_path)
    clean_files(source, tmp_path / "out", learn=teach, **FEW)
    rules = tmp_path / "out" / "learned.toml"
    rules.write_text(rules.read_text(encoding="utf-8").replace("keep = []", f'keep = ["{NOTICE}"]'), encoding="utf-8")
    with pytest.raises(InputError, match="was changed since it was learned; --restart"):
        clean_files(source, tmp_path / "out", learn=teach, **FEW)
    clean_files(source, tmp_path / "out", learn=teach, restart=True, **FEW)
    assert tomllib.loads(rules.read_text(encoding="utf-8"))["rules"]["gazette-example"]["keep"] == [NOTICE]
    left = texts(tmp_path / "out")["gazette.example-003"]
    assert NOTICE in left and FOOTER[0] not in left


def test_a_corpus_that_teaches_nothing_is_cleaned(tmp_path: Path, run: Run) -> None:
    write(tmp_path / "in" / "a.jsonl", [{"text": "The council met on Monday.\n\nPlease enter your comment!"}])
    done = run("corpus", "in", "--out", "out", "--learn", "--workers", "1")
    assert done.returncode == 0 and b"nothing was learned" in done.stderr
    assert [record["text"] for record in read(tmp_path / "out" / "a.jsonl")] == ["The council met on Monday."]
    assert not (tmp_path / "out" / "learned.toml").exists()
    assert run("corpus", "in", "--out", "out", "--learn", "--workers", "1").returncode == 0


def test_a_broken_file_teaches_what_could_be_read_of_it(tmp_path: Path) -> None:
    source = corpus(tmp_path)
    whole = (source / "1.jsonl.gz").read_bytes()
    (source / "1.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    summary = clean_files(source, tmp_path / "out", learn=teach, **FEW)
    assert list(summary.failures) == [str(source / "1.jsonl.gz")]
    assert NOTICE not in texts(tmp_path / "out")["gazette.example-004"]


def test_it_says_when_no_document_tells_its_site(tmp_path: Path, run: Run) -> None:
    found = [{"text": document["text"]} for document in documents(9)]
    write(tmp_path / "in" / "a.jsonl", found)
    done = run("corpus", "in", "--out", "out", "--learn", "--workers", "1")
    assert done.returncode == 0
    assert b"no document tells its site or URL, so all are one site: name --url-field or --site-field" in done.stderr


def test_rules_of_sites_without_a_field_for_the_site_are_told(tmp_path: Path, run: Run) -> None:
    write(tmp_path / "in" / "a.jsonl", documents(3))
    cleaner.learn(documents(9)).write(tmp_path / "rules.toml")
    options = ["corpus", "in", "--rules", "rules.toml", "--workers", "1"]
    said = b"the rules of sites have nothing to go by: name --url-field or --site-field"
    assert said in run(*options, "--out", "out").stderr
    assert said not in run(*options, "--out", "with", "--url-field", "url").stderr


def test_the_fields_may_have_other_names(tmp_path: Path) -> None:
    found = [{"body": document["text"], "head": {"link": document["url"]}} for document in documents(9)]
    write(tmp_path / "in" / "0.jsonl", found)
    clean_files(tmp_path / "in", tmp_path / "out", field="body", url_field="head.link", learn=teach, **FEW)
    assert all(NOTICE not in record["body"] for record in read(tmp_path / "out" / "0.jsonl"))


def test_a_run_that_learns_is_another_one(tmp_path: Path) -> None:
    source = corpus(tmp_path)
    clean_files(source, tmp_path / "out", url_field="url", **FEW)
    with pytest.raises(InputError, match="learn was None and is True"):
        clean_files(source, tmp_path / "out", url_field="url", learn=teach, **FEW)


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a corpus in ``in`` that takes a while, of a site that teaches nothing, and in ``wanted`` what becomes of it."""
    folder = tmp_path_factory.mktemp("long")
    source = corpus(folder)
    for place in range(4):
        many = [
            {"id": f"{place}-{n}", "url": "https://few.example/", "text": "\n".join(article(n))} for n in range(400)
        ]
        write(source / f"long-{place}.jsonl", many)
    clean_files(source, folder / "wanted", learn=teach, select=["comments"])
    return folder


@pytest.mark.all
@pytest.mark.parametrize("reached", ["learning", "learned", "a file"])
def test_kill_9_and_going_on(tmp_path: Path, long: Path, reached: str) -> None:
    home = tmp_path / "out" / ".cleaner"
    moments = {
        "learning": lambda: (home / "manifest.json").exists(),
        "learned": lambda: (home / "learned.json").exists(),
        "a file": lambda: any((home / "finished").glob("*.json")),
    }
    command = [sys.executable, "-m", "cleaner", "corpus", str(long / "in"), "--out", "out"]
    command += ["--learn", "--select", "comments"]
    where: dict[str, Any] = {"cwd": tmp_path, "env": {**os.environ, "PYTHONPATH": str(ROOT)}}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **where)
    wait_until(moments[reached], process)
    workers = family(process)
    process.kill()
    process.communicate()
    wait_until(lambda: all(map(is_gone, workers)))
    time.sleep(0.05)
    lesson = home / "learned.json"
    before = lesson.stat().st_mtime_ns if lesson.exists() else None
    assert subprocess.run(command, check=False, capture_output=True, **where).returncode == 0
    assert digests(tmp_path / "out") == digests(long / "wanted")
    assert before in (None, lesson.stat().st_mtime_ns)


@pytest.mark.all
def test_the_same_bytes_on_ray(cluster: None, tmp_path: Path) -> None:
    source = corpus(tmp_path)
    for engine in ("local", "ray"):
        clean_files(source, tmp_path / engine, learn=teach, findings=True, engine=engine, select=["comments"])
    assert digests(tmp_path / "ray") == digests(tmp_path / "local")
    assert HEADING in json.dumps(texts(tmp_path / "ray"))
    # A run of one engine goes on with the other.
    (tmp_path / "ray" / "0.jsonl").unlink()
    assert clean_files(source, tmp_path / "ray", learn=teach, findings=True, select=["comments"]).resumed == 3
