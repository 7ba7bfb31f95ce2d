"""Learning: a site's own lines go, the text of its authors stays, and the rules are files like all others."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import tomllib
import warnings
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import cleaner
from cleaner.learning.copies import different
from cleaner.learning.pages import distinct, read_page
from cleaner.learning.support import LEAST, Company, needed_pages
from tests.conftest import ROOT, Run
from tests.corpus_files import read, write
from tests.made_up_site import FOOTER, HEADING, MENU, NOTICE, article, documents, page, title

for _package in ("duckdb", "datasketch"):
    pytest.importorskip(_package, reason="needs the packages of the extra `learn`: pip install -e '.[test,learn]'")

PAGES = 20
ONLY = ["rules/*"]


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("learned") / "rules.toml"
    cleaner.learn(documents(PAGES)).write(path)
    return path


def table(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))["rules"]["gazette-example"]
    return found


def cleaned(path: Path, text: str, **options: Any) -> list[str]:
    return cleaner.Cleaner(rules=path, select=ONLY).clean(text, **options).split("\n")


# --- lines that stay, and lines that go ---


@pytest.mark.parametrize("number", [0, 3, PAGES + 7], ids=["learned from", "another", "never seen"])
def test_the_article_stays_and_the_page_around_it_goes(learned: Path, number: int) -> None:
    left = cleaned(learned, page(number, PAGES), site="gazette.example")
    body = [HEADING] if number % 5 < 2 else []
    assert [line for line in left if line not in body] == [title(number), *article(number)]
    assert [line for line in left if line == HEADING] == body


def test_a_word_of_the_menu_stays_where_it_stands_alone(learned: Path) -> None:
    text = "\n".join([article(1)[0], "Weather", article(2)[0]])
    assert cleaned(learned, text, site="gazette.example") == text.split("\n")


def test_a_recurring_heading_is_doubtful(learned: Path) -> None:
    assert HEADING in [entry["text"] for entry in table(learned)["doubtful"]]


@pytest.mark.parametrize("below", [["Two handfuls of flour", "Salt and water"], []], ids=["a list", "prose"])
def test_a_heading_beside_running_text_is_doubtful_until_nearly_all_pages_have_it(below: list[str]) -> None:
    found = documents(PAGES)
    for number, document in enumerate(found):
        if number % 5:
            lines = document["text"].split("\n")
            document["text"] = "\n".join(
                [*lines[:7], "Ingredients", *(f"{line} {number}" for line in below), *lines[7:]]
            )
    rule = cleaner.learn(found).rules["gazette-example"]
    assert "Ingredients" in [entry["text"] for entry in rule["doubtful"]]


@pytest.mark.parametrize("pages", [5, *(pytest.param(pages, marks=pytest.mark.all) for pages in (10, 40))])
def test_an_article_between_two_lines_of_the_site_is_no_list(pages: int, tmp_path: Path) -> None:
    def text(number: int) -> list[str]:
        return [f"Posted on {number % 3 + 1} May", article(number)[0]]

    found = [
        {"id": f"{number}", "text": "\n".join([*MENU, *text(number), "Doctors", *FOOTER])} for number in range(pages)
    ]
    cleaner.learn(found).write(tmp_path / "rules.toml")
    for number in range(pages + 3):
        left = cleaned(tmp_path / "rules.toml", "\n".join([*MENU, *text(number), "Doctors", *FOOTER]))
        assert article(number)[0] in left and "Doctors" not in left


def test_prose_on_few_pages_is_doubtful(tmp_path: Path) -> None:
    phrase = "The paper could not reach the office of the mayor before this page went to print on Sunday."
    found = documents(PAGES)
    for number in (1, 6, 11, 16):
        lines = found[number]["text"].split("\n")
        found[number]["text"] = "\n".join([*lines[:8], phrase, *lines[8:]])
    rule = cleaner.learn(found).rules["gazette-example"]
    assert phrase in [entry["text"] for entry in rule["doubtful"]]
    assert phrase not in [entry["text"] for entry in rule["lines"]]


def test_support_is_told(learned: Path) -> None:
    rule = table(learned)
    found = {entry["text"]: entry for entry in rule["lines"]}
    assert set(MENU) | {NOTICE} | set(FOOTER) <= set(found)
    assert found["Home"] == {
        "text": "Home", "pages": PAGES, "place": "beside", "near": "head", "example": "gazette.example-000"
    }  # fmt: skip
    assert found["Imprint"]["near"] == "tail" and rule["pages"] == PAGES
    assert [entry["text"] for entry in rule["frames"]] == [
        "Published on {number} {month} {number} at {number}:{number}"
    ]
    assert [entry["pages"] for entry in rule["lines"]] == sorted(
        [entry["pages"] for entry in rule["lines"]], reverse=True
    )


def test_what_varies_becomes_a_frame() -> None:
    months = ("January", "March", "June", "October")
    names = ("Ann Berg", "Jo de la Cruz", "Mia Lee", "Tom O'Neil", "R. Patel")
    found = documents(PAGES)
    for number, document in enumerate(found):
        lines = document["text"].split("\n")
        under_title = [f"By {names[number % 5]} | Staff Writer", f"Updated {number + 1} {months[number % 4]}"]
        below_text = [f"{number * 7 + 2} Comments"]
        document["text"] = "\n".join([*lines[:5], *under_title, *lines[6:-8], *below_text, *lines[-8:]])
    rules = cleaner.learn(found)
    frames = {entry["text"]: entry["pages"] for entry in rules.rules["gazette-example"]["frames"]}
    assert frames == dict.fromkeys(
        ("By {words} | Staff Writer", "Updated {number} {month}", "{number} Comments"), PAGES
    )


def test_headlines_that_begin_alike_are_no_frame() -> None:
    found = documents(PAGES)
    for number, document in enumerate(found):
        lines = document["text"].split("\n")
        lines[4] = f"The {title(number).split()[0].lower()} and the {title(number + 1).split()[0].lower()}"
        document["text"] = "\n".join(lines)
    rule = cleaner.learn(found).rules["gazette-example"]
    assert [entry["text"] for entry in rule["frames"]] == [
        "Published on {number} {month} {number} at {number}:{number}"
    ]


def test_two_pages_tell_nothing() -> None:
    assert not cleaner.learn(documents(2)).rules


def test_learned_rules_settle(learned: Path) -> None:
    built = cleaner.Cleaner(rules=learned, select=ONLY)
    chance = random.Random(1)
    for number in range(40):
        lines = page(number, PAGES).split("\n")
        chance.shuffle(lines)
        once = built.clean("\n".join(lines), site="gazette.example")
        assert built.clean(once, site="gazette.example") == once


# --- copies, order ---


def test_copies_change_nothing() -> None:
    found = documents(PAGES)
    copies = [{**document, "id": f"{document['id']}-{copy}"} for document in found for copy in (1, 2)]
    assert cleaner.learn(found + copies).text == cleaner.learn(found).text


def test_an_article_with_another_menu_around_it_is_a_copy() -> None:
    texts = [page(number, PAGES) for number in range(PAGES)]
    again = "\n".join(["Start", "News", title(3), *article(3), "Older", title(4), title(5)])
    pages = distinct(read_page(str(number), text) for number, text in enumerate([*texts, again]))
    kept, copies = different(pages)
    assert (len(kept), copies) == (PAGES, 1)


def test_the_order_of_documents_changes_nothing(learned: Path) -> None:
    found = documents(PAGES)
    random.Random(3).shuffle(found)
    assert cleaner.learn(found, workers=2).text == learned.read_text(encoding="utf-8")


# --- sites ---


@pytest.mark.parametrize(
    "options", [{"site": "gazette.example"}, {"site": "WWW.Gazette.Example"}, {"url": "https://gazette.example:80/a?b"}]
)
def test_the_site_chooses_the_rule(learned: Path, options: dict[str, Any]) -> None:
    assert NOTICE not in cleaned(learned, page(0, PAGES), **options)


@pytest.mark.parametrize("options", [{}, {"site": "other.example"}, {"url": "not a URL: ["}])
def test_other_sites_are_left_to_the_general_rules(learned: Path, options: dict[str, Any]) -> None:
    text = page(0, PAGES) + "\nPlease enter your comment!"
    general = cleaner.clean(text)
    assert cleaner.clean(text, rules=[learned], **options) == general
    assert NOTICE in general and "Please enter your comment!" not in general


def test_texts_without_a_site_are_one(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    cleaner.learn(document["text"] for document in documents(PAGES)).write(path)
    assert NOTICE not in cleaned(path, page(2, PAGES))


# --- edits ---


def test_learning_again_keeps_what_was_edited(learned: Path, tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    text = learned.read_text(encoding="utf-8")
    path.write_text(
        text.replace("drop = []", f'drop = ["{HEADING}"]').replace("keep = []", 'keep = ["Sport"]'), encoding="utf-8"
    )
    cleaner.learn(documents(PAGES), rules=path).write(path)
    rule = table(path)
    assert (rule["drop"], rule["keep"]) == ([HEADING], ["Sport"])
    assert "Sport" not in [entry["text"] for entry in rule["lines"]]
    left = cleaned(path, page(0, PAGES), site="gazette.example")
    assert HEADING not in left and "Sport" in left
    before = path.read_bytes()
    cleaner.learn(documents(PAGES), rules=path).write(path)
    assert path.read_bytes() == before
    cleaner.learn(documents(9, "other.example"), rules=path).write(path)
    assert table(path) == rule and len(tomllib.loads(path.read_text(encoding="utf-8"))["rules"]) == 2


def test_learning_again_keeps_comments(learned: Path, tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    text = learned.read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if NOTICE in line)
    edited = (
        text.replace("[rules.gazette-example]\n", "# The Gazette\n[rules.gazette-example]  # weekly\n")
        .replace(
            "drop = []", f'# asked for by # 12\ndrop = [\n  # a heading\n  "{HEADING}",  # "#1"\n  # more to come\n]'
        )
        .replace('kind = "site"\n', 'kind = "site"  # see the docs\n')
        .replace(line, f"  # on every page\n{line}  # sure")
        .replace("[rules.gazette-example.examples]", "# read\n[rules.gazette-example.examples]")
    )
    path.write_text("# Ours since May\n" + edited, encoding="utf-8")
    cleaner.learn(documents(PAGES), rules=path).write(path)
    again = path.read_text(encoding="utf-8")
    for comment in (
        "# Ours since May",
        "# The Gazette\n[rules.gazette-example]  # weekly",
        "# asked for by # 12\ndrop = [\n  # a heading",
    ):
        assert again.count(comment) == 1, comment
    assert f'"{HEADING}",  # "#1"\n  # more to come\n]' in again and 'kind = "site"  # see the docs\n' in again
    assert re.search(r"  # on every page\n  \{.*  # sure\n", again) and "# read\n" in again
    assert sorted(re.findall("#.*", again)) == sorted(re.findall("#.*", path.read_text(encoding="utf-8")))
    cleaner.learn(documents(PAGES), rules=path).write(path)
    assert path.read_text(encoding="utf-8") == again
    # A comment whose line is gone is not lost.
    path.write_text(again.replace(NOTICE, "Nothing like it"), encoding="utf-8")
    cleaner.learn(documents(PAGES), rules=path).write(path)
    assert "# on every page\n# sure\n" in path.read_text(encoding="utf-8")


def test_a_file_with_the_old_names_of_its_lists_is_read_and_rewritten(learned: Path, tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    text = learned.read_text(encoding="utf-8")
    renamed = text.replace("drop = []", f'keep = ["{HEADING}"]').replace("\nkeep = []", '\nnever = ["Sport"]')
    path.write_text(renamed, encoding="utf-8")
    # Twice: the second time the rules come from the cache, and the warning is the same.
    for _ in range(2):
        with pytest.warns(
            FutureWarning,
            match=r"rules\.toml: was learned by an older version, in which the lists `drop` and `keep` were",
        ):
            left = cleaned(path, page(0, PAGES), site="gazette.example")
        assert HEADING not in left and "Sport" in left
    with pytest.warns(FutureWarning, match="learn again with it as the output to rewrite it"):
        cleaner.learn(documents(PAGES), rules=path).write(path)
    rule = table(path)
    assert (rule["drop"], rule["keep"], "never" in rule) == ([HEADING], ["Sport"], False)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert cleaned(path, page(0, PAGES), site="gazette.example") == left


def test_the_command_tells_of_the_old_names_in_a_line(run: Run, learned: Path, tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    text = learned.read_text(encoding="utf-8")
    path.write_text(text.replace("\nkeep = []", "\nnever = []").replace("\ndrop = []", "\nkeep = []"), encoding="utf-8")
    done = run("--rules", "rules.toml", stdin=b"A text.\n")
    assert (done.returncode, done.stdout) == (0, b"A text.\n")
    assert (
        done.stderr.startswith(b"cleaner: rules.toml: was learned by an older version")
        and done.stderr.count(b"\n") == 1
    )


# --- options ---


@pytest.mark.parametrize("line", ["Home", "A headline of nine words about trams and ferries", NOTICE])
def test_more_pages_ask_for_more_and_for_less_of_a_share(line: str) -> None:
    asked = [needed_pages(line, pages) for pages in (5, 60, 1000, 50_000)]
    assert asked == sorted(asked) and asked[0] == LEAST
    assert [count / pages for count, pages in zip(asked, (5, 60, 1000, 50_000), strict=True)] == sorted(
        [count / pages for count, pages in zip(asked, (5, 60, 1000, 50_000), strict=True)], reverse=True
    )
    assert needed_pages(line, 60) <= needed_pages(NOTICE, 60) <= needed_pages(NOTICE, 60, company=Company(beside=0.0))


# --- the files ---


def test_a_learned_file_passes_its_test(learned: Path, run: Run) -> None:
    done = run("rules", "test", str(learned))
    assert (done.returncode, done.stdout) == (0, b"1 rules, 1 examples, 0 failures\n")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('place = "beside"', 'place = "above"', "rules.gazette-example: lines: entry 1: place is 'above'; use one of"),
        ("pages = 20, place", 'pages = "20", place', "rules.gazette-example: lines: entry 1: pages is '20'"),
        ('near = "head"', 'neer = "head"', "entry 4: neer: unknown key; known keys are text, pages, place, near"),
        ("{number} {month} {number} at {number}:{number}", "{words} {words}", "has more than one {words}"),
        ("[rules.gazette-example]", 'preset = "body"\n[rules.gazette-example]', "preset: is outside [rules]"),
        ("rules.gazette-example", "rules.Gazette_Example", "cannot be part of a rule id"),
        ('sites = [\n  "gazette.example",\n]\n', "", "rules.gazette-example: sites: is missing"),
    ],
)
def test_what_is_wrong_with_a_learned_file_is_told(
    learned: Path, tmp_path: Path, before: str, after: str, said: str
) -> None:
    text = learned.read_text(encoding="utf-8")
    assert before in text
    path = tmp_path / "rules.toml"
    path.write_text(text.replace(before, after), encoding="utf-8")
    with pytest.raises(cleaner.RuleError) as caught:
        cleaner.Cleaner(rules=path)
    assert said in str(caught.value) and str(caught.value).startswith(str(path))


def test_odd_characters_are_written_so_that_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    odd = 'C:\\new "quoted" \'\'\' """ <b>&amp;'
    found = [{**document, "text": f"{document['text']}\n{odd}"} for document in documents(PAGES)]
    cleaner.learn(found).write(path)
    assert cleaner.normalize(odd) in [entry["text"] for entry in table(path)["lines"]]
    assert odd not in cleaned(path, found[0]["text"], site="gazette.example")


def test_names_that_no_encoding_has_are_written_too(learned: Path) -> None:
    found = [{**document, "id": f"{document['id']}\ud800"} for document in documents(PAGES)]
    wanted = learned.read_text(encoding="utf-8")
    assert cleaner.learn(found).text.replace('?"', '"') == wanted.replace('?"', '"')
    assert cleaner.learn([{**document, "site": "\ud800"} for document in found]).sites[0].site == "?"


# --- the commands ---


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "br"):
            self.open.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.mark.all
@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_learning_from_files(tmp_path: Path, run: Run, form: str) -> None:
    found = documents(PAGES) + documents(9, "other.example")
    found[0]["text"] += "\n<script>alert(1)</script>"
    write(tmp_path / "in" / f"a.{form}", found)
    done = run("learn", "in", "-o", "rules.toml", "--id-field", "id", "--review", "review.html")
    assert done.returncode == 0, done.stderr
    assert b"2 rules in rules.toml" in done.stdout and b"gazette.example" in done.stdout
    path = tmp_path / "rules.toml"
    assert path.read_text(encoding="utf-8") == cleaner.learn(found).text
    review = _Page()
    review.feed((tmp_path / "review.html").read_text(encoding="utf-8"))
    shown = "".join(review.text)
    assert not review.open and review.links == ["#site-1", "#site-2"]
    assert NOTICE in shown and HEADING in shown and "20 of 20" in shown
    before = path.read_bytes()
    assert run("learn", "in", "-o", "rules.toml", "--id-field", "id").returncode == 0
    assert path.read_bytes() == before
    (tmp_path / "page.txt").write_text(found[5]["text"], encoding="utf-8")
    out = run("--rules", "rules.toml", "--url", found[5]["url"], "page.txt").stdout.decode()
    assert NOTICE not in out and article(5)[0] in out
    assert NOTICE in run("--rules", "rules.toml", "page.txt").stdout.decode()


def test_a_corpus_is_cleaned_by_the_rules_of_its_sites(learned: Path, tmp_path: Path, run: Run) -> None:
    write(tmp_path / "in" / "a.jsonl", documents(3) + documents(3, "other.example"))
    done = run("corpus", "in", "--out", "out", "--url-field", "url", "--rules", str(learned), "--workers", "1")
    assert done.returncode == 0, done.stderr
    texts = [json.loads(line)["text"] for line in (tmp_path / "out" / "a.jsonl").read_text().splitlines()]
    assert [NOTICE in text for text in texts] == [False] * 3 + [True] * 3


@pytest.mark.parametrize("option", [["--url-field", "head.url"], ["--site-field", "head.site"]])
def test_lines_of_json_are_cleaned_by_the_rules_of_their_sites(
    learned: Path, tmp_path: Path, run: Run, option: list[str]
) -> None:
    found = [
        {"head": {"url": document["url"], "site": document["url"].split("/")[2]}, "text": document["text"]}
        for document in documents(1) + documents(1, "other.example")
    ]
    path = write(tmp_path / "a.jsonl", [*found, {"head": {"url": None, "site": None}, "text": NOTICE}])
    done = run("--jsonl", "text", "--rules", str(learned), *option, str(path))
    assert done.returncode == 0, done.stderr
    texts = [json.loads(line)["text"] for line in done.stdout.splitlines()]
    assert [NOTICE in text for text in texts] == [False, True, True]
    done = run("--rules", str(learned), *option, stdin=b"a")
    assert done.returncode == 2 and b"they go with --jsonl" in done.stderr


@pytest.mark.parametrize("form", [pytest.param("jsonl", marks=pytest.mark.all), "parquet"])
def test_a_corpus_whose_sites_have_a_field(learned: Path, tmp_path: Path, run: Run, form: str) -> None:
    prose = article(0)[0]
    whole = f"{prose}\n\n{NOTICE}"
    write(
        tmp_path / "in" / f"a.{form}",
        [{"site": site, "text": whole} for site in ("gazette.example", "other.example", None)],
    )
    done = run("corpus", "in", "--out", "out", "--site-field", "site", "--rules", str(learned), "--workers", "1")
    assert done.returncode == 0, done.stderr
    assert [record["text"] for record in read(tmp_path / "out" / f"a.{form}")] == [prose, whole, whole]


@pytest.mark.parametrize("how", ["told", "canonical"])
def test_pages_are_cleaned_by_the_rules_of_their_sites(learned: Path, tmp_path: Path, run: Run, how: str) -> None:
    url = "https://www.gazette.example/7"
    link = f'<link rel="canonical" href="{url}">' if how == "canonical" else ""
    paragraphs = "".join(f"<p>{line}</p>" for line in (*article(7), NOTICE))
    html = f"<html><head><title>{title(7)}</title>{link}</head><body><article>{paragraphs}</article></body></html>"
    assert NOTICE in cleaner.clean_html(html)
    assert NOTICE not in cleaner.clean_html(html, url if how == "told" else None, rules=learned)
    (tmp_path / "page.html").write_text(html, encoding="utf-8")
    told = ["--url", url] if how == "told" else []
    done = run("--html", "--rules", str(learned), *told, "page.html")
    assert done.returncode == 0 and article(7)[0].encode() in done.stdout and NOTICE.encode() not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["learn", "in", "-o", "rules.txt"], 2, b"rules.txt: a rule file ends in .toml; rename it"),
        (["learn", "in", "-o", "my_rules.toml"], 2, b"my_rules: cannot be part of a rule id; use lower-case letters"),
        (["learn", "in", "-o", "away/rules.toml"], 2, b"away; make it, or name another"),
        (["learn", "in", "-o", "rules.toml", "--review", "away/a.html"], 2, b"away/a.html: nothing can be written"),
        (["learn", "away", "-o", "rules.toml"], 2, b"there is no such file or folder"),
        (["learn", "in", "-o", "rules.toml", "--workers", "0"], 2, b"--workers: 0 cannot work"),
        (["learn", "in", "-o", "rules.toml", "--address", "auto"], 2, b"it goes with --engine ray"),
        (["learn", "in", "-o", "own.toml"], 2, b"was not learned, and learning would lose it"),
        (["learn", "few.jsonl", "-o", "rules.toml"], 1, b"nothing was learned"),
    ],
)
def test_errors(tmp_path: Path, run: Run, arguments: list[str], status: int, said: bytes) -> None:
    write(tmp_path / "in" / "a.jsonl", documents(5))
    write(tmp_path / "few.jsonl", documents(2))
    (tmp_path / "own.toml").write_bytes((ROOT / "rules" / "comments" / "reply-heading.toml").read_bytes())
    done = run(*arguments)
    assert done.returncode == status and said in done.stdout + done.stderr
    assert not (tmp_path / "rules.toml").exists() and not (tmp_path / "rules.txt").exists()


@pytest.mark.parametrize("part", ["duckdb", "datasketch"])
def test_a_missing_extra_is_named(part: str) -> None:
    code = f"import sys; sys.modules[{part!r}] = None; import cleaner; cleaner.learn(['a', 'b', 'c'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert (
        f"learning needs the package {part}; install it with: pip install 'boilerplate-cleaner[learn]'" in done.stderr
    )


def test_a_document_without_a_text_is_named() -> None:
    with pytest.raises(cleaner.InputError, match="document 2: has no text in its field 'text'"):
        cleaner.learn([{"text": "a"}, {"body": "b"}])


# --- where articles end, names without spaces, runs inside lines ---


def with_lines(number: int, below: list[str], body: list[str] | None = None) -> str:
    return "\n".join(
        [*MENU, title(number), *(body or article(number)), "Send us a letter", "More from us", *below, *FOOTER]
    )


def related(number: int) -> list[str]:
    """Return headlines that no other page has, with the date of each."""
    return [line for step in (100, 200) for line in (f"{title(number + step)} as {number} ships came", "12 May 2020")]


@pytest.fixture(scope="module")
def ending(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ending") / "rules.toml"
    found = [{"site": "gazette.example", "text": with_lines(number, related(number))} for number in range(PAGES)]
    cleaner.learn(found).write(path)
    return path


def test_what_stands_below_the_end_of_the_article_goes(ending: Path, run: Run) -> None:
    assert table(ending)["ends"]
    new = PAGES + 5
    left = cleaned(ending, with_lines(new, related(new)), site="gazette.example")
    assert left == [title(new), *article(new)]
    assert run("rules", "test", str(ending)).returncode == 0


@pytest.mark.parametrize(
    "below",
    [
        article(900)[:2],
        ["200 grams of flour", "3 eggs", "1 handful of salt"],
        ["flour", "eggs", "salt"],
        [f"{title(500 + step)} as never before" for step in range(40)],
    ],
    ids=["text goes on", "a list with numbers", "short entries", "a list longer than any"],
)
def test_what_may_be_the_article_stays_below_its_end(ending: Path, below: list[str]) -> None:
    left = cleaned(ending, with_lines(PAGES + 5, below), site="gazette.example")
    assert [line for line in left if line in below] == below


def test_a_line_under_keep_does_not_end_the_article(ending: Path, tmp_path: Path) -> None:
    rule = table(ending)
    kept = related(3)[0]
    text = ending.read_text(encoding="utf-8").replace("keep = []", f"keep = [{json.dumps(kept)}]")
    (tmp_path / "rules.toml").write_text(text, encoding="utf-8")
    assert rule["keep"] == []
    assert kept in cleaned(tmp_path / "rules.toml", with_lines(3, related(3)), site="gazette.example")


def test_an_article_below_a_bar_of_buttons_stays(tmp_path: Path) -> None:
    found = [
        {"site": "gazette.example", "text": "\n".join([article(number + 900)[0], *MENU, *article(number), *FOOTER])}
        for number in range(PAGES)
    ]
    cleaner.learn(found).write(tmp_path / "rules.toml")
    assert not {"home", "weather"} & {entry["text"].lower() for entry in table(tmp_path / "rules.toml")["ends"]}
    left = cleaned(tmp_path / "rules.toml", found[3]["text"], site="gazette.example")
    assert left == [article(903)[0], *article(3)]


def test_names_are_known_where_no_spaces_are_written(tmp_path: Path) -> None:
    family, given = "王李张刘陈杨赵黄周吴", "伟芳娜敏静丽强磊洋艳"
    parts = (
        "市政府昨天公布了新的桥梁计划",
        "工程师说河水上涨得比往年早",
        "居民在码头等了很长时间",
        "学校将在九月重新开放",
    )
    found = []
    for number in range(PAGES):
        chance = random.Random(number)
        body = "，".join(chance.sample(parts, 3)) + f"，共有{number * 37 + 11}人参加了第{number}次会议。"
        names = f"{family[number % 10]}{given[number // 2]}、{family[(number * 3 + 1) % 10]}{given[number % 7]}"
        found.append({"site": "gazette.example", "text": f"{body}\n{body[::-1]}\n（责编：{names}）"})
    cleaner.learn(found).write(tmp_path / "rules.toml")
    rules = tmp_path / "rules.toml"
    assert [entry["text"] for entry in table(rules)["frames"]] == ["（责编：{words}"]
    text = "桥在河的上游，工程师昨天第一次走过去看了看。"
    assert cleaned(rules, f"{text}\n（责编：欧阳若兰）", site="gazette.example") == [text]
    said = f"{text}\n责编：我们昨天和三位工程师一起走过了新的大桥，看到了上涨的河水，也和码头上等船的居民谈了很久。\n{text}"
    assert cleaned(rules, said, site="gazette.example") == said.split("\n")


ASKING = "Follow the Gazette on the air, on paper and by pigeon post."


def asking(number: int) -> str:
    body = article(number)
    return "\n".join([*body[:-1], f"{body[-1]} {ASKING}"])


def test_what_ends_the_last_paragraph_is_cut_off(tmp_path: Path, run: Run) -> None:
    found = [{"site": "gazette.example", "text": asking(number)} for number in range(PAGES)]
    path = tmp_path / "rules.toml"
    cleaner.learn(found).write(path)
    assert [entry["text"] for entry in table(path)["runs"]] == [ASKING]
    assert cleaned(path, asking(PAGES + 3), site="gazette.example") == article(PAGES + 3)
    # A sentence that ends with the same words is one sentence.
    kept = f"He said that he would not follow the Gazette on the air, on paper and by pigeon post, {ASKING[0].lower()}{ASKING[1:]}"
    assert cleaned(path, f"{article(1)[0]}\n{kept}", site="gazette.example") == [article(1)[0], kept]
    tested = run("rules", "test", str(path))
    assert tested.returncode == 0, tested.stdout


def test_pages_of_one_line_lose_their_menu_and_footer(tmp_path: Path, run: Run) -> None:
    menu, footer = "Home Politics Sport Weather Letters Crosswords", "Contact Imprint Privacy Advertise Jobs Archive"
    found = [
        {"site": "gazette.example", "text": " ".join([menu, title(number), *article(number), footer])}
        for number in range(PAGES)
    ]
    path = tmp_path / "rules.toml"
    cleaner.learn(found).write(path)
    body = [title(PAGES + 3), *article(PAGES + 3)]
    assert cleaned(path, " ".join([menu, *body, footer]), site="gazette.example") == [" ".join(body)]
    assert run("rules", "test", str(path)).returncode == 0


@pytest.mark.all
def test_processes_learn_the_same_of_many_sites() -> None:
    """Two sites have names that look alike in a rule's name."""
    sites = ["a.example", "a-example", *[f"{number}.example" for number in range(5)]]
    found = [document for site in sites for document in documents(4, site)]
    here, beside = (cleaner.learn(found, workers=workers) for workers in (1, 2))
    assert here.text == beside.text
    names = tomllib.loads(here.text)["rules"]
    assert {"a-example", "a-example-2"} <= names.keys() and len(names) == len(sites)


def test_two_pages_are_too_few_to_ask_for() -> None:
    with pytest.raises(cleaner.SettingsError, match="min_pages: a line on 1 pages may belong to an article"):
        cleaner.learn([], min_pages=1)


def test_what_was_learned_of_nothing_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(cleaner.InputError):
        cleaner.learn([]).write(tmp_path / "x.toml")
    assert not list(tmp_path.iterdir())
