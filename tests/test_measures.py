"""The measures of the benchmarks, on cases that can be worked out by hand."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the benchmarks are not installed

from benchmarks import corpora, field, measures, peers, prose, quality
from benchmarks.corpora import Case, CorpusError, Document, read_corpus
from benchmarks.measures import Article, Lines, Match, Neutral
from cleaner import Finding

GOLD = "The mayor resigned on Monday.\nShe had been in office for nine years."
FORM = "Leave a Reply\nYour email address will not be published."
PROSE = "The council met on Monday to hear from the town."


def finding(rule: str, line: int, text: str, replacement: str) -> Finding:
    return Finding(rule, line, 0, len(text), text, replacement)


# --- Even texts and neutral lines -----------------------------------------------------------------


@pytest.mark.parametrize("text", ["“Schön” – naïve", "1 < 2 & 3", "ﬁne, Ｆｕｌｌ", "a\tb\n"])
def test_content_stays_as_it_is(text: str) -> None:
    assert measures.even(text) == text


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("Tom&amp;#39;s", "Tom's"),
        ("bro\u00adther", "brother"),
        ("cafe\u0301", "café"),
        ("\ufeffa\u200bb\x07c", "abc"),
    ],
)
def test_two_ways_to_write_a_text_are_even(text: str, same: str) -> None:
    assert measures.even(text) == same
    assert measures.lost(measures.tokens(text), measures.tokens(same)) == 0


def test_words_of_scripts_without_spaces_are_characters() -> None:
    assert measures.words("今天，天气 fine today") == ["今", "天", "天", "气", "fine", "today"]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("The mayor resigned.", "a sentence"),
        ("Mayor resigns in", "a title's beginning"),
        ("Daily", "a word of a title's part"),
    ],
)
def test_lines_that_count(line: str, why: str) -> None:
    assert line not in Neutral(["Mayor resigns in May | The Daily"], ["(Reporting by A. B.)"]), why


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("", "nothing"),
        ("* * *", "no letter or digit"),
        ("Mayor resigns in May | The Daily", "the title"),
        ("  ## MAYOR RESIGNS IN MAY!", "a part of the title, in other dress"),
        ("The Daily", "the other part"),
        ("(Reporting by A. B.)", "an optional line"),
        ("Ma\u00adyor resigns in May", "with a soft hyphen"),
    ],
)
def test_lines_that_do_not_count(line: str, why: str) -> None:
    assert line in Neutral(["Mayor resigns in May | The Daily"], ["(Reporting by A. B.)"]), why


# --- Lift -----------------------------------------------------------------------------------------


def test_shingles_are_a_multiset_and_short_texts_are_one() -> None:
    assert measures.shingles(["a", "b", "c", "d", "e"]) == {("a", "b", "c", "d"): 1, ("b", "c", "d", "e"): 1}
    assert measures.shingles(["a", "a", "a", "a", "a"]) == {("a",) * 4: 2}
    assert measures.shingles(["a", "b"]) == {("a", "b"): 1}
    assert not measures.shingles([])


def test_match_counts_repeated_shingles_as_often_as_they_stand() -> None:
    gold = ["a", "b", "c", "d"]
    assert measures.match(gold, gold) == Match(1.0, 1.0, True)
    assert measures.match(gold, gold + gold) == Match(1 / 5, 1.0, False)
    assert measures.match(gold, ["a", "B", "c", "d"]) == Match(0.0, 0.0, False)


def test_score_leaves_an_empty_output_out_of_precision_only() -> None:
    matches = [measures.match(list("abcd"), list("abcd")), measures.match(list("abcd"), [])]
    assert matches[1] == Match(None, 0.0, False)
    score = measures.score(matches)
    assert (score.precision, score.recall, score.exact) == (1.0, 0.5, 0.5)
    assert score.f1 == pytest.approx(2 / 3)


def test_score_is_the_harmonic_mean_of_means_not_the_mean_of_f1() -> None:
    score = measures.score([Match(1.0, 0.5, False), Match(0.5, 1.0, False)])
    assert score.f1 == pytest.approx(0.75)


def test_there_is_no_share_of_a_way_that_is_none() -> None:
    assert measures.way(0.9, 0.95, 0.9) is None
    assert measures.way(0.9, 0.95, 0.8) is None
    assert measures.way(0.8, 0.85, 0.9) == pytest.approx(0.5)
    assert measures.way(0.8, 0.75, 0.9) == pytest.approx(-0.5)


# --- The oracle -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Related stories of the day", "not in the gold"),
        ("resigned on Monday", "short, and no whole line of the gold"),
        ("She had been in office for 9 years.", "one token is another"),
        ("The mayor resigned on Monday. Share", "a token more"),
    ],
)
def test_the_oracle_drops(line: str, why: str) -> None:
    assert measures.oracle([line], Article([*GOLD.split("\n"), "By The Way"])) == [], why


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("the mayor resigned on", "four tokens in a row, in other case"),
        (GOLD.replace("\n", " "), "two lines of the gold in one"),
        ("By the way", "short, and a whole line of the gold"),
    ],
)
def test_the_oracle_keeps(line: str, why: str) -> None:
    assert measures.oracle([line], Article([*GOLD.split("\n"), "By The Way"])) == [line], why


@pytest.mark.parametrize("lines", [["a b c"], ["a", "b"], ["b", "a"], ["a b x"]])
def test_no_choice_of_lines_makes_it_exact(lines: list[str]) -> None:
    assert not measures.can_be_exact(lines, ["a", "b", "a"])


@pytest.mark.parametrize("lines", [["a b a"], ["x", "a b", "a"], ["a", "a", "b", "b a"], ["a", "b", "a", "a"]])
def test_some_choice_of_lines_makes_it_exact(lines: list[str]) -> None:
    assert measures.can_be_exact(lines, ["a", "b", "a"])


# --- What rules took ------------------------------------------------------------------------------


def test_what_two_passes_take_of_a_line() -> None:
    found = measures.taken(
        [
            finding("a/trim", 3, "LONDON (Reuters) - Shares rose", "(Reuters) - Shares rose"),
            finding("b/trim", 3, "LONDON (Reuters) - Shares rose", "Shares rose"),
            finding("c/drop", 4, "Share this", ""),
            finding("d/drop", 4, "Share this", ""),
        ]
    )
    assert [(one.rules, one.tokens, [piece for _, piece, _ in one.pieces]) for one in found] == [
        (("a/trim",), 1, [("london",)]),
        (("b/trim",), 1, [("reuters",)]),
        (("c/drop", "d/drop"), 2, [("share", "this")]),
    ]


def verdicts(before: str, drop: dict[str, str], gold: str = GOLD, neutral: Neutral | None = None) -> list[str]:
    """Judge a cleaning of ``before`` that leaves the rest of each line that ``drop`` names."""
    lines = before.splitlines()
    findings = [finding("x/y", number, line, drop[line]) for number, line in enumerate(lines, 1) if line in drop]
    after = "\n".join(drop.get(line, line) for line in lines)
    article = Article(gold.splitlines())
    return measures.judge(measures.taken(findings), before, after, article, neutral or Neutral())


def test_judge_dropping_a_line_of_the_article_is_wrong() -> None:
    assert verdicts(GOLD, {"The mayor resigned on Monday.": ""}) == ["wrong"]


def test_judge_dropping_another_line_is_right() -> None:
    assert verdicts(GOLD + "\nShare this story", {"Share this story": ""}) == ["right"]


def test_judge_a_word_that_also_stands_in_the_prose_is_right() -> None:
    assert verdicts("She had been in\noffice\nfor nine years.", {"office": ""}) == ["wrong"]
    assert verdicts("Office\n" + GOLD, {"Office": ""}) == ["right"]


def test_judge_a_second_copy_is_right_while_the_gold_has_one() -> None:
    line = "The mayor resigned on Monday."
    [taking] = measures.taken([finding("x/y", 3, line, "")])
    for gold, verdict in ((GOLD + "\n" + line, "wrong"), (GOLD, "right")):
        assert measures.judge([taking], f"{GOLD}\n{line}", GOLD, Article(gold.splitlines()), Neutral()) == [verdict]


def test_judge_of_two_dropped_copies_one_is_wrong() -> None:
    line = "The mayor resigned on Monday."
    assert verdicts(f"{line}\n{line}", {line: ""}) == ["wrong", "right"]


def test_judge_a_trim_by_what_was_taken() -> None:
    line, left = "LONDON - The mayor resigned on Monday.", "The mayor resigned on Monday."
    assert verdicts(line, {line: left}, gold=line) == ["wrong"]
    assert verdicts(line, {line: left}) == ["right"]
    assert verdicts(line, {line: left}, gold=GOLD + " She moved to London.") == ["right"]


def test_judge_neutral_lines_apart() -> None:
    assert verdicts("May\n" + GOLD, {"May": ""}, neutral=Neutral(["May"])) == ["neutral"]


# --- Labelled lines and segments ------------------------------------------------------------------


def test_labelled_lines() -> None:
    lines = [
        ("Share this", True),
        ("***", True),
        ("The mayor resigned.", False),
        ("More", True),
        ("Photo: A town", False),
        ("Tom &amp; I", False),
    ]
    findings = [
        finding("a/drop", 1, "Share this", ""),
        finding("b/drop", 3, "The mayor resigned.", ""),
        finding("c/trim", 5, "Photo: A town", "A town"),
        finding("normalize", 6, "Tom &amp; I", "Tom & I"),
    ]
    expected = Lines(junk=2, junk_gone=1, gone=2, fit_words=8, fit_lost=4)
    assert measures.count_lines(lines, measures.taken(findings)) == expected


def test_segments_count_only_what_was_there() -> None:
    before, after = "The mayor\u00a0resigned.\nShare this", "The mayor resigned."
    assert measures.segments_gone(["mayor\u00a0resigned", "not there"], before, after) == (1, [])
    assert measures.segments_gone(["The mayor", "Share", "Login"], before, after) == (2, ["Share"])


# --- Prose and field cases ------------------------------------------------------------------------


def test_words_lost_of_prose() -> None:
    texts = [
        corpora.Text("diary/1", "diary", "en", PROSE),
        corpora.Text("blog/1", "blog", "en", f"{PROSE}\nComments are closed."),
    ]
    losses = prose.measure(texts, ["default"], 1)
    rows = {
        row["genre"]: (row["words"], row["documents_hurt"], row["default"]) for row in prose.rows_by("genre", losses)
    }
    assert rows == {"diary": (10, 0, 0.0), "blog": (13, 1, prose.MILLION * 3 / 13)}
    by_family = {row["rule"].split("/")[0]: row["default"] for row in prose.rows_by("rule", losses)}
    assert by_family == {"comments": prose.MILLION * 3 / 23, prose.NO_RULE: 0.0}


def case(text: str, expect: str, **options: str) -> Case:
    return Case("keep", "1", "news", text, expect, "", options)


def test_a_case_that_asks_for_an_unknown_option_is_skipped() -> None:
    result = field.run(case(PROSE, PROSE, colour="red"))
    assert (result.output, result.is_passed) == (None, False)


def test_a_case_fails_by_one_character() -> None:
    assert not field.run(case(PROSE, PROSE + "!")).is_passed
    assert field.run(case(f"{PROSE}\n", f"\n{PROSE}\n\n")).is_passed


def test_junk_that_is_gone_and_real_lines_that_are_lost() -> None:
    result = field.run(case(f"{PROSE}\nComments are closed.\nSee here", PROSE))
    assert (result.junk, result.junk_gone, result.real_lost) == (2, 1, 0)
    result = field.run(case(f"{PROSE}\nComments are closed.", f"{PROSE}\nComments are closed.", preset="body"))
    assert (result.junk, result.junk_gone, result.real_lost, result.is_passed) == (0, 0, 1, False)


# --- Peers ----------------------------------------------------------------------------------------


def test_refinedweb_lines() -> None:
    kept = ["The mayor resigned on Monday.", "1 like"]
    dropped = ["HOME PAGE", "2024", "3.4K views", "Menu", "Sign-in"]
    assert peers.refinedweb_lines("\n".join(kept + dropped)).split("\n") == kept
    assert peers.refinedweb_lines("More on this Read more...") == "More on this"


# --- Corpora and the command ----------------------------------------------------------------------

TRUTH: dict[str, Any] = {
    "1": {"articleBody": GOLD, "titles": ["Mayor resigns"], "lang": "en", "url": "https://www.example.org/1"},
    "2": {"with": ["The mayor resigned."], "without": ["Comments are closed."]},
}
OUTPUT = {
    "1": {"articleBody": f"Mayor resigns\n{GOLD}\n{FORM}\nMore of this day"},
    "2": {"articleBody": "The mayor resigned.\nComments are closed."},
}


def write_corpus(folder: Path, *, zipped: bool = False, wrapped: bool = False) -> Path:
    (folder / "output").mkdir(parents=True)
    for name, data in (("ground-truth", TRUTH), ("output/plain", OUTPUT)):
        content = json.dumps({"version": "1.0", "output": data} if wrapped and "/" in name else data).encode()
        path = folder / f"{name}.json{'.gz' if zipped else ''}"
        path.write_bytes(gzip.compress(content) if zipped else content)
    return folder


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("wrapped", [False, True])
def test_read_corpus(tmp_path: Path, zipped: bool, wrapped: bool) -> None:
    corpus = read_corpus(write_corpus(tmp_path / "tiny", zipped=zipped, wrapped=wrapped))
    assert (corpus.name, corpus.systems) == ("tiny", ("plain",))
    first, second = corpus.documents
    assert (first.gold, first.titles, first.lang, first.site) == (GOLD, ("Mayor resigns",), "en", "example.org")
    assert (second.gold, second.wanted, second.unwanted) == (None, ("The mayor resigned.",), ("Comments are closed.",))
    assert (second.site, second.outputs) == ("2", {"plain": "The mayor resigned.\nComments are closed."})


def test_read_labelled_lines(tmp_path: Path) -> None:
    labels = {"a": {"lang": "en", "lines": [["The mayor\nresigned.", "fit"], ["Share", "junk"]]}}
    (tmp_path / "labels.json").write_text(json.dumps(labels))
    [document] = read_corpus(tmp_path).documents
    assert document.lines == (("The mayor resigned.", False), ("Share", True))


def test_what_a_path_holds(tmp_path: Path) -> None:
    (tmp_path / "labels.json").write_text("{}")
    assert corpora.sort_of(tmp_path) == "corpus"
    (tmp_path / "songs.json").write_text("{}")
    assert corpora.sort_of(tmp_path) == "prose"  # of which one genre is called "labels"
    assert corpora.sort_of(tmp_path / "songs.json") == "cases"


def test_the_order_of_a_sample_is_that_of_the_ids_alone() -> None:
    documents = [Document(str(number)) for number in range(100)]
    assert corpora.shuffled(documents) == corpora.shuffled(documents[::-1]) != documents
    assert corpora.shuffled(documents[:50]) == [one for one in corpora.shuffled(documents) if one in documents[:50]]


def test_a_folder_that_is_no_corpus_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CorpusError, match=r"holds neither ground-truth\.json nor labels\.json"):
        read_corpus(tmp_path)
    assert quality.main([str(tmp_path / "missing")]) == 2
    assert "missing: holds neither" in capsys.readouterr().err


def test_an_output_that_lacks_a_document_is_named(tmp_path: Path) -> None:
    folder = write_corpus(tmp_path / "tiny")
    (folder / "output" / "plain.json").write_text(json.dumps({"1": OUTPUT["1"]}), encoding="utf-8")
    with pytest.raises(CorpusError, match=r"plain\.json: lacks 1 of 2 documents"):
        read_corpus(folder)


def test_the_command_measures_a_corpus(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, file = write_corpus(tmp_path / "tiny"), tmp_path / "figures.json"
    assert quality.main([str(folder), "--presets", "default", "--phrases", "--jobs", "1", "--json", str(file)]) == 0
    figures = json.loads(file.read_text(encoding="utf-8"))
    [lift] = figures["lift"]
    assert 0 < lift["way"] < 1
    assert (lift["exact_before"], lift["exact"], lift["exact_possible"], lift["f1_oracle"]) == (0.0, 0.0, 1.0, 1.0)
    [loss] = figures["gold_loss"]
    assert (loss["tokens"], loss["lost"]) == (13, 0)
    [segments] = figures["segments"]
    assert (segments["wanted"], segments["lost"], segments["unwanted"], segments["gone"]) == (1, 0, 1, 1)
    [row] = [row for row in figures["rules"] if row["phrase"] == "en: leave a reply"]
    assert (row["rule"].split("/")[0], row["right"], row["wrong"], row["sites"]) == ("comments", 1, 0, 1)
    assert "On fewer than 3 sites" in capsys.readouterr().out


def test_a_drop_from_the_gold_is_a_loss_and_no_lift() -> None:
    corpus = corpora.Corpus(
        "tiny", (Document("1", f"{GOLD}\nComments are closed.", outputs={"plain": GOLD}),), ("plain",)
    )
    figures = quality.figures(quality.measure([corpus], quality.Task(presets=("default",)), 1))
    [loss], [rule] = figures["gold_loss"], figures["rules"]
    assert loss["lost_of_10000"] == pytest.approx(10_000 * 3 / 16)
    assert (rule["gold_tokens"], rule["right"], rule["wrong"], rule["precision"]) == (3, 0, 0, None)
