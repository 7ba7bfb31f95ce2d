"""JSON lines: the field is cleaned, every other byte stays, and a bad line is named by its number."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.model import InputError
from cleaner.sources.jsonlines import field_span, replace_field, with_field
from tests.conftest import Run

DIRTY = "The council met on Monday.\n\nPlease enter your comment!"

UNTOUCHED = [
    r'{"text": "Clean.", "id": 1e5 , "b":[1.0, {"text": "Please enter your comment!"}]}',
    r'  { "id":"\u00e9" , "text"  :  "Clean." }  ',
    r'{"text": "K\u00e4se.", "text2": null}',
    "",
]


@pytest.mark.parametrize("line", UNTOUCHED)
def test_a_line_with_clean_text_keeps_every_byte(run: Run, line: str) -> None:
    done = run("--jsonl", "text", stdin=f"{line}\n".encode())
    assert (done.returncode, done.stdout) == (0, f"{line}\n".encode())


CLEANED = [
    (
        r'{"id": 1.50, "text": "The council met on Monday.\n\nPlease enter your comment!", "z": "\u00e9"}',
        r'{"id": 1.50, "text": "The council met on Monday.", "z": "\u00e9"}',
    ),
    (
        r'{"text":"K\u00e4se war heute wieder ganz teuer.\nPlease enter your comment!"}',
        r'{"text":"K\u00e4se war heute wieder ganz teuer."}',
    ),
    (
        r'{"text":"Käse war heute wieder ganz teuer.\nPlease enter your comment!"}',
        r'{"text":"Käse war heute wieder ganz teuer."}',
    ),
    (r'{"text":"\n \n"}', r'{"text":""}'),
    (
        r'{"te\u0078t":"A.\nPlease enter your comment!", "text": "The council met on Monday.\nPlease enter your comment!"}',
        r'{"te\u0078t":"A.\nPlease enter your comment!", "text": "The council met on Monday."}',
    ),
    (
        r'{"text":"The council met \ud800 on Monday.\nPlease enter your comment!"}',
        '{"text":"The council met \\ufffd on Monday."}',
    ),
]


@pytest.mark.parametrize(("line", "wanted"), CLEANED)
def test_only_the_field_changes(run: Run, line: str, wanted: str) -> None:
    done = run("--jsonl", "text", stdin=f"{line}\r\n{line}".encode())
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == f"{wanted}\r\n{wanted}".encode()


BAD = [
    ("no JSON", b'{"text": "A."', "is not JSON: the line ends in the middle of an object"),
    ("no comma", b'{"a": 1 "text": "A."}', "is not JSON: a comma, a colon or a quote is missing"),
    ("words behind it", b'{"text": "A."} x', "is not JSON"),
    ("no object", b'["text"]', "is not a JSON object; each line holds one"),
    ("no such field", b'{"body": "A."}', "has no field 'text'; name the field that holds the text"),
    ("no text", b'{"text": {"a": 1}}', "the field 'text' is not a text but {\"a\": 1}"),
    ("null", b'{"text": null}', "the field 'text' is not a text but null"),
    ("not UTF-8", b'{"text": "K\xe4se"}', "is not UTF-8 at byte 11 of the line"),
    ("too deep", b'{"a": ' + b"[" * 200_000 + b"]" * 200_000 + b', "text": ""}', "is not JSON"),
]


@pytest.mark.parametrize(("line", "message"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_a_bad_line_is_named_and_nothing_is_written_in_place(
    run: Run, tmp_path: Path, line: bytes, message: str
) -> None:
    good = json.dumps({"text": DIRTY}).encode() + b"\n"
    content = good + line + b"\n" + good
    (tmp_path / "a.jsonl").write_bytes(content)
    done = run("--jsonl", "text", "-i", "a.jsonl")
    assert done.returncode == 2
    assert done.stderr.decode().startswith(f"cleaner: a.jsonl:2: {message}"), done.stderr[:300]
    assert (tmp_path / "a.jsonl").read_bytes() == content


def test_of_a_stream_the_other_lines_come_out(run: Run) -> None:
    lines = [json.dumps({"text": DIRTY}), *["x"] * 7, json.dumps({"text": "B."})]
    done = run("--jsonl", "text", stdin="\n".join(lines).encode())
    assert done.returncode == 2
    assert [json.loads(line)["text"] for line in done.stdout.splitlines()] == ["The council met on Monday.", "B."]
    said = done.stderr.decode().splitlines()
    assert [line.split(": is not")[0] for line in said[:-1]] == [f"cleaner: <stdin>:{number}" for number in range(2, 7)]
    assert said[-1] == "cleaner: <stdin>: 7 lines could not be cleaned; left out, and 2 lines written"
    assert run("--jsonl", "text", "--check", stdin=lines[1].encode()).stderr.endswith(
        b"1 line could not be cleaned; 0 lines checked\n"
    )


def test_long_integers_and_a_byte_order_mark_are_read(run: Run) -> None:
    line = b'\xef\xbb\xbf{"n": ' + b"1" * 5000 + b', "url": "https://a.example/", "text": "B."}'
    done = run("--jsonl", "text", "--url-field", "url", stdin=line)
    assert (done.returncode, done.stdout, done.stderr) == (0, line, b"")


@pytest.mark.parametrize(
    ("content", "what"),
    [(b"\x1f\x8b\x08", "compressed (gzip)"), (b"\x28\xb5\x2f\xfd", "compressed (zstd)"), (b"PAR1", "Parquet")],
)
def test_compressed_input_is_for_corpora(run: Run, tmp_path: Path, content: bytes, what: str) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(content + b"\n")
    for arguments, name, file in ((["a.jsonl.gz"], "a.jsonl.gz", "a.jsonl.gz"), ([], "<stdin>", "FILE")):
        done = run("--jsonl", "text", *arguments, stdin=content)
        assert (done.returncode, done.stdout) == (2, b"")
        assert done.stderr.decode() == (
            f"cleaner: {name}: is {what}; clean the documents in it with: cleaner corpus {file} --out DIR\n"
        )


def test_encodings_that_fail_are_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "sch\xc3\xb6n &#8217; &#12354;\\nPlease enter your comment!"}\n')
    done = run("--jsonl", "text", "--encoding", "utf-9", "a.jsonl")
    assert (done.returncode, done.stdout) == (2, b"") and b"there is no encoding 'utf-9'" in done.stderr
    done = run("--jsonl", "text", "--encoding", "cp1252", "-i", "a.jsonl")
    assert (
        done.returncode == 2
        and b"a.jsonl:1: the cleaned text has" in done.stderr
        and b"cp1252 cannot hold" in done.stderr
    )
    assert (tmp_path / "a.jsonl").read_bytes().endswith(b'Please enter your comment!"}\n')


def test_a_byte_order_mark_stays(run: Run) -> None:
    done = run(
        "--jsonl", "text", stdin=b'\xef\xbb\xbf{"text": "The council met on Monday.\\nPlease enter your comment!"}\n'
    )
    assert (done.returncode, done.stdout) == (0, b'\xef\xbb\xbf{"text": "The council met on Monday."}\n')


def test_in_place_and_check(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": DIRTY}) + "\n" + json.dumps({"text": "Clean."}) + "\n", encoding="utf-8")
    done = run("--jsonl", "text", "--check", "a.jsonl")
    assert (done.returncode, done.stdout) == (1, b"a.jsonl:1:3: comments/form-prompt: Please enter your comment!\n")
    done = run("--jsonl", "text", "-i", "--fail-on-change", "a.jsonl")
    assert (done.returncode, done.stderr) == (1, b"cleaner: a.jsonl: 1 of 2 documents cleaned\n")
    assert [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()] == [
        "The council met on Monday.",
        "Clean.",
    ]
    assert run("--jsonl", "text", "-i", "--fail-on-change", "a.jsonl").returncode == 0


_values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(
    fields=st.dictionaries(st.text(), _values),
    text=st.text(),
    other=st.text(),
    indent=st.sampled_from([None, 0, 2]),
    ascii_only=st.booleans(),
)
def test_replacing_a_field_changes_nothing_else(
    fields: dict[str, object], text: str, other: str, indent: int | None, ascii_only: bool
) -> None:
    fields["text"] = text
    line = json.dumps(fields, ensure_ascii=ascii_only, indent=indent)
    start, end, found = field_span(line, "text", "here")
    assert found == text
    assert json.loads(replace_field(line, start, end, other)) == {**fields, "text": other}
    assert replace_field(line, start, end, other)[:start] == line[:start]


@pytest.mark.parametrize(
    ("line", "field", "wanted"),
    [
        ('{"text": "a", "n": 1}', "text", '{"text": "b", "n": 1}'),
        ('{"a": {"text": "a"}}', "a.text", '{"a": {"text": "b"}}'),
        ('{"a.text": "a"}', "a.text", '{"a.text": "b"}'),
        ('{"a": {"n": 1}}', "a.text", '{"a": {"n": 1}, "a.text": "b"}'),
        ('{"n": 1}\n', "text", '{"n": 1, "text": "b"}\n'),
        ("{}", "text", '{"text": "b"}'),
    ],
)
def test_a_field_is_changed_where_it_is_or_added_at_the_end(line: str, field: str, wanted: str) -> None:
    assert with_field(line, field, "b") == wanted


@pytest.mark.parametrize("line", ['{"a" 1}', '{"a": 1, b}', '{"a": 1 "b": 2}', '{"a": 1} x', "{3: 1}", '{"a": 1'])
def test_what_is_no_json_is_told_with_its_place(line: str) -> None:
    with pytest.raises(InputError, match=r"^x:1: is not JSON"):
        field_span(line, "a", "x:1")


@pytest.mark.parametrize("field", ["a.b.c", "b.a", "a.b.text.more"])
def test_a_path_that_leads_nowhere_is_told(field: str) -> None:
    with pytest.raises(InputError, match=rf"^x:1: .*{field}"):
        field_span('{"a": {"b": {"text": "t"}}}', field, "x:1")
