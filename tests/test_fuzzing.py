"""Everything that reads what others wrote, fed with what they might write: only promises kept, and only our own errors.

With pytest, a few examples of each target. `python -m tests.fuzz --minutes 60` goes on with the same targets, guided by coverage where
atheris is installed.
"""

from __future__ import annotations

import contextlib
import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

import cleaner
from cleaner import Cleaner
from cleaner.engine.own_lines import OwnLines
from cleaner.engine.passes import Engine
from cleaner.html.reading import extract
from cleaner.kinds import KINDS
from cleaner.model import CleanerError, InputError, RuleError, SettingsError
from cleaner.rules.files import COMMON, read_folder
from cleaner.settings import TYPES, find
from cleaner.sources.jsonlines import field_span, read_value, replace_field
from cleaner.text.printing import json_text, printable
from tests.effort import up_to
from tests.oracles import check_cleaning, check_normalizing
from tests.own_rules import write_site_rule
from tests.strategies import documents

# What texts are made of: the rules' own lines in hostile company, or anything at all.
texts = st.one_of(documents(), st.text(), st.binary(max_size=200).map(lambda raw: raw.decode("latin-1")))
hints = st.one_of(st.none(), st.text(max_size=20), st.sampled_from(["Jane Doe", "gazette.example", "Leave a Reply"]))


@up_to(2000)
@given(texts)
def test_any_text_is_repaired(text: str) -> None:
    check_normalizing(text)


# --- Cleaning ---


@cache
def site_rule() -> str:
    return str(write_site_rule(Path(tempfile.mkdtemp()) / "sites.toml", "Read our standards", "gazette.example"))


SETTINGS: list[dict[str, Any]] = [
    {"preset": "body", "whitespace": whitespace, "max_drop": share, "keep": keep, "drop": drop}
    for whitespace, share, keep, drop in (
        (None, None, [], []),
        ("text", 0.3, ["Leave a Reply", "re:.*Jane.*"], []),
        ("layout", 0, [], ["re:.{3}", "Jane Doe"]),
        ("off", None, ["re:\\W+"], ["re:\\w+", "A sentence of prose that is long enough to be one, and ends."]),
        ("off", 1, [], ["re:.+"]),
    )
]
SETTINGS += [{"ignore": ["titles", "captions"]}, {"languages": ["de", "ja"]}]


@cache
def cleaner_of(number: int) -> Cleaner:
    return Cleaner(**SETTINGS[number], rules=[site_rule()] if number % 2 else [])


@up_to(2000)
@given(st.integers(0, len(SETTINGS) - 1), texts, hints, hints, hints)
def test_any_text_is_cleaned(number: int, text: str, title: str | None, author: str | None, site: str | None) -> None:
    check_cleaning(cleaner_of(number), text, title, author, site)


class LongLived(RuleBasedStateMachine):
    """One Cleaner that several threads use for a long time: it says of every text what a new one says."""

    @initialize()
    def begin(self) -> None:
        from concurrent.futures import ThreadPoolExecutor

        self.cleaner = cleaner_of(0)
        self.pool = ThreadPoolExecutor(4)
        self.known: dict[tuple[str, str | None], str] = {}

    @rule(given=st.lists(st.tuples(texts, hints), min_size=1, max_size=4))
    def clean(self, given: list[tuple[str, str | None]]) -> None:
        done = list(self.pool.map(lambda each: self.cleaner.clean(*each), given * 2))
        for each, cleaned in zip(given * 2, done, strict=True):
            assert self.known.setdefault(each, cleaned) == cleaned

    @rule(text=texts)
    def explain(self, text: str) -> None:
        futures = [self.pool.submit(check_cleaning, self.cleaner, text) for _ in range(2)]
        assert len({future.result().text for future in futures}) == 1

    @rule()
    def again(self) -> None:
        for (text, title), cleaned in self.known.items():
            assert self.cleaner.clean(text, title) == cleaned

    def teardown(self) -> None:
        self.pool.shutdown()


LongLived.TestCase.settings = up_to(200)
TestLongLived = LongLived.TestCase


# --- Rule files and settings ---

_PARTS = [
    *(
        "a",
        "Read",
        " ",
        ".",
        "\\w",
        "\\d",
        "[a-z]",
        "[^x]",
        "\\b",
        "^",
        "$",
        "|",
        "(",
        ")",
        "(?:",
        "(?=",
        "(?!",
        "(?<=",
        "(?>",
        "(?i:",
    ),
    *(
        "*",
        "+",
        "?",
        "{2}",
        "{1,3}",
        "{9,}",
        "{999999}",
        "*+",
        "+?",
        "(?P<keep>",
        "(?P<x>",
        "(?P=x)",
        "\\1",
        "(?1)",
        "(?R)",
        "(?&x)",
    ),
    *(
        "(?&month)",
        "(?(1)",
        "(?|",
        "(?#",
        "\\p{L}",
        "\\X",
        "\\K",
        "\\G",
        "[[:alpha:]]",
        "{e<=1}",
        "(?V1)",
        "(?x)",
        "(*FAIL)",
        "\\",
        "[",
        "é",
    ),
]
patterns = st.one_of(st.lists(st.sampled_from(_PARTS), max_size=12).map("".join), st.text(max_size=12))
values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=12), patterns
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["en", "und", "text", "place", "x"]), inner, max_size=3),
    ),
    max_leaves=5,
)
_KEYS = sorted({name for kind in KINDS.values() for name in kind.fields} | set(COMMON))
EXAMPLES = 'en = """\n- Read our standards\n  They read our standards.\n  Our standards are read.\n"""\n'


def toml(value: object) -> str:
    """Return a value as TOML writes it, in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(name)} = {toml(entry)}" for name, entry in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    return json.dumps(value)


@st.composite
def rule_files(draw: st.DrawFn) -> str:
    """Draw the text of a rule file: a good one with some keys changed."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    table = {"kind": kind, "why": "A line. Price: nothing."}
    table.update(draw(st.dictionaries(st.sampled_from(_KEYS), values, max_size=2)))
    rest = "".join(f"{name} = {toml(value)}\n" for name, value in table.items() if name not in ("patterns", "examples"))
    if kind in ("pattern", "block") or draw(st.booleans()):
        rest += f"[patterns]\nen = {toml(draw(st.lists(patterns, min_size=1, max_size=2)))}\n"
    return rest + "[examples]\n" + EXAMPLES


def is_one_line(error: CleanerError) -> bool:
    return len(str(error)) < 2000 and "\n" not in printable(str(error))


@up_to(2000)
@given(st.one_of(rule_files().map(lambda text: text.encode("utf-8", "surrogatepass")), st.binary(max_size=60)), texts)
def test_any_rule_file_is_read_or_refused(content: bytes, text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.toml")
        path.write_bytes(content)
        try:
            found, _ = read_folder(path)
        except RuleError as error:
            assert str(error).startswith(str(path)) and is_one_line(error)
            return
    engine = Engine([_chosen(file.rule) for file in found])
    with contextlib.suppress(CleanerError):  # a pattern that runs out of time
        once = engine.clean(f"Read our standards\n{text}")
        assert engine.clean(once) == once


def _chosen(read: Any) -> Any:
    from cleaner.rules.choosing import Choice, choose

    (chosen,) = choose({read.id: read}, Choice("body"))
    return chosen


@up_to(2000)
@given(st.lists(st.one_of(patterns.map("re:{}".format), st.text(max_size=12)), max_size=3), texts)
def test_any_line_of_ones_own_is_used_or_refused(entries: list[str], text: str) -> None:
    try:
        keep = OwnLines(entries, "keep")
    except SettingsError as error:
        assert is_one_line(error)
        return
    from cleaner.engine.passes import Options

    with contextlib.suppress(CleanerError):
        once = Engine([], None, Options(drop=keep)).clean(text)
        assert Engine([], None, Options(drop=keep)).clean(once) == once


@up_to(1000)
@given(
    st.one_of(
        st.binary(max_size=80),
        st.dictionaries(st.sampled_from([*TYPES, "x"]), values, max_size=3).map(
            lambda table: "".join(f"{name} = {toml(value)}\n" for name, value in table.items()).encode(
                "utf-8", "replace"
            )
        ),
    )
)
def test_any_settings_are_read_or_refused(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name in ("cleaner.toml", "pyproject.toml"):
            Path(folder, name).write_bytes(content)
            try:
                _, table = find(str(Path(folder, name)))
            except SettingsError as error:
                assert str(error).startswith(folder) and is_one_line(error)
            else:
                assert set(table) <= set(TYPES)


# --- Documents ---

json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=9)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["text", "a", "é", "a.text"]), inner, max_size=3)
    ),
    max_leaves=8,
)
json_lines = st.one_of(
    st.tuples(json_values, st.booleans()).map(lambda each: json.dumps(each[0], ensure_ascii=each[1])),
    st.text(alphabet='{}[]",:\\ \tutextnrd0123456789.eE+-\ufeff\ud800', max_size=40),
    st.text(max_size=40),
)


@up_to(2000)
@given(json_lines, st.sampled_from(["text", "a.text", "a.a.text", "é", ""]), texts)
def test_any_line_of_json_is_changed_in_one_place_or_refused(line: str, field: str, text: str) -> None:
    try:
        start, end, value = field_span(line, field, "x:1")
    except InputError as error:
        assert str(error).startswith("x:1: ") and is_one_line(error)
        return
    with contextlib.suppress(UnicodeEncodeError):
        text.encode()
        changed = replace_field(line, start, end, text)
        assert field_span(changed, field, "x:1")[2] == text
        assert replace_field(changed, *field_span(changed, field, "x:1")[:2], value) is not None
        assert read_value(changed) is not None
        assert json_text(value).encode("utf-8", "backslashreplace")


_TAGS = [
    *("<html>", "<p>", "</p>", "<meta charset=utf-16>", "<meta charset=undefined>", "<script>", "<!--", "&#0;"),
    *("The council met on Monday to vote on the bridge across the harbour. ", "<article>", "<table><tr><td>"),
    *("\0", "é", "<svg>", "<title>x</title>", "<a href=x>"),
]
_tags = st.lists(st.sampled_from(_TAGS), max_size=20)


@up_to(300)
@given(st.one_of(st.binary(max_size=300), _tags.map(lambda parts: "".join(parts).encode())))
def test_any_page_is_read_or_refused(page: bytes) -> None:
    pytest.importorskip("trafilatura")
    try:
        text, *_ = extract(page)
    except InputError as error:
        assert is_one_line(error)
    else:
        check_normalizing(text)


@up_to(300)
@given(st.lists(st.tuples(texts, texts), max_size=3))
def test_any_document_is_shown_and_does_nothing(found: list[tuple[str, str]]) -> None:
    pytest.importorskip("jinja2")
    from html.parser import HTMLParser

    from cleaner.reporting.gathering import Gathering
    from cleaner.reporting.page import page

    gathered = Gathering()
    evil = "<x-evil onload=alert(1)></script><x-evil>"
    for name, text in found:
        gathered.add(f"{name}{evil}", cleaner_of(0).explain(f"{text}\nLeave a Reply\n{evil}"), f"javascript:{evil}")
    tags: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:
            tags.append(tag)

    Reader().feed(page(gathered, evil, {}).encode("utf-8", "replace").decode())
    assert "x-evil" not in tags


@up_to(500)
@given(st.text(max_size=60))
def test_what_is_shown_can_be_printed(text: str) -> None:
    assert printable(text).isprintable() and json.loads(json_text(text)) == text


TARGETS = {
    name.removeprefix("test_any_"): test
    for name, test in list(globals().items())
    if name.startswith("test_any_") and hasattr(test, "hypothesis")
}


def test_the_version_is_known() -> None:
    assert cleaner.__version__
