"""The measures of the benchmarks, on cases that can be worked out by hand."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the benchmarks are not installed

from benchmarks import measures, peers, quality
from benchmarks.corpora import CorpusError, read_corpus
from benchmarks.figures import group_rows
from benchmarks.judging import StandingRecord
from benchmarks.measures import Match, Neutral

GOLD = "The mayor resigned on Monday.\nShe had been in office for nine years."


class Finding(NamedTuple):
    rule: str
    line: int
    text: str
    replacement: str


# --- neutral lines --------------------------------------------------------------------------------


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


# --- lift -----------------------------------------------------------------------------------------


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


def test_oracle_drops_what_the_gold_lacks_and_keeps_merged_lines() -> None:
    text = "Share\n" + GOLD.replace("\n", " ") + "\nShe had been in office for 9 years.\nRelated stories of the day"
    assert measures.oracle(text, GOLD, Neutral()).splitlines() == text.splitlines()[1:3]


# --- gold loss ------------------------------------------------------------------------------------


def test_gold_loss_of_nothing() -> None:
    assert measures.gold_loss(GOLD, GOLD.replace("\n", "\n\n"), Neutral()) == (13, 0, 0, 0)


def test_gold_loss_keeps_neutral_lines_apart() -> None:
    neutral = Neutral(optional=["Photo: A. B."])
    assert measures.gold_loss(GOLD + "\nPhoto: A. B.", GOLD, neutral) == (13, 0, 3, 3)
    assert measures.gold_loss(GOLD + "\nPhoto: A. B.", "Photo: A. B.", neutral) == (13, 13, 3, 0)


def test_repairing_spaces_entities_and_hyphens_is_no_loss() -> None:
    assert measures.gold_loss("Tom&#39;s bro\u00adther\u00a0came", "Tom's brother came", Neutral()).lost == 0


def test_taken_of_a_line_that_two_passes_meet() -> None:
    findings = [
        Finding("a/trim", 3, "LONDON (Reuters) - Shares rose", "(Reuters) - Shares rose"),
        Finding("b/trim", 3, "LONDON (Reuters) - Shares rose", "Shares rose"),
        Finding("c/drop", 4, "Share this", ""),
    ]
    found = [(one.rule, one.tokens, [piece for _, piece, _ in one.pieces]) for one in measures.taken(findings)]
    assert found == [
        ("a/trim", 1, [("london",)]),
        ("b/trim", 1, [("reuters",)]),
        ("c/drop", 2, [("share", "this")]),
    ]


# --- precision of rules ---------------------------------------------------------------------------


def verdicts(before: str, drop: dict[str, str], gold: str = GOLD, neutral: Neutral | None = None) -> list[str]:
    """Judge a cleaning of ``before`` that leaves of each line what ``drop`` says."""
    lines = before.splitlines()
    findings = [Finding("x/y", n, line, drop[line]) for n, line in enumerate(lines, 1) if line in drop]
    after = "\n".join(drop.get(line, line) for line in lines)
    judged = measures.judge(measures.taken(findings), before, after, gold, neutral or Neutral())
    return [one.verdict for one in judged]


def test_judge_dropping_a_line_of_the_article_is_wrong() -> None:
    line = "The mayor resigned on Monday."
    assert verdicts(GOLD, {line: ""}) == ["wrong"]


def test_judge_dropping_another_line_is_right() -> None:
    assert verdicts(GOLD + "\nShare this story", {"Share this story": ""}) == ["right"]


def test_judge_a_word_that_also_stands_in_the_prose_is_right() -> None:
    assert verdicts("Office\n" + GOLD, {"Office": ""}) == ["right"]
    assert verdicts("She had been in\noffice\nfor nine years.", {"office": ""}) == ["wrong"]


def test_judge_a_second_copy_is_right_while_the_gold_has_one() -> None:
    line = "The mayor resigned on Monday."
    after = "\n".join([line, "She had been in office for nine years."])
    [taking] = measures.taken([Finding("x/y", 3, line, "")])
    assert measures.judge([taking], after + "\n" + line, after, GOLD, Neutral())[0].verdict == "right"
    assert measures.judge([taking], after + "\n" + line, after, GOLD + "\n" + line, Neutral())[0].verdict == "wrong"


def test_judge_of_two_dropped_copies_one_is_wrong() -> None:
    line = "The mayor resigned on Monday."
    assert verdicts(f"{line}\n{line}", {line: ""}) == ["wrong", "right"]


def test_judge_a_trim_by_what_was_taken() -> None:
    line, left = "LONDON - The mayor resigned on Monday.", "The mayor resigned on Monday."
    assert verdicts(line, {line: left}) == ["right"]
    assert verdicts(line, {line: left}, gold=line) == ["wrong"]
    assert verdicts(line, {line: left}, gold=GOLD + " She moved to London.") == ["right"]


def test_judge_neutral_lines_apart() -> None:
    assert verdicts("May\n" + GOLD, {"May": ""}, neutral=Neutral(["May"])) == ["neutral"]


# --- segments and what still stands -----------------------------------------------------------------


def test_segments_count_only_what_was_there() -> None:
    before, after = "The mayor\u00a0resigned.\nShare this", "The mayor resigned."
    found = measures.segments(["mayor\u00a0resigned", "not there"], ["Share this", "Login"], before, after)
    assert found == (1, 1, 1, 0)
    assert measures.lost_segments(["The mayor", "Share"], before, after) == ["Share"]


def test_standing_tells_the_place() -> None:
    text = (
        "Home\n\nThe mayor resigned on Monday.\nSee 12 photos\nShe had been in office for nine years.\nTop\nTHE DAILY"
    )
    found = [(one.text, one.place, one.group) for one in measures.standing(text, GOLD, Neutral(["The Daily"]))]
    assert found == [("Home", "head", "home"), ("See 12 photos", "middle", "see 00 photos"), ("Top", "tail", "top")]
    assert [one.place for one in measures.standing("Home", GOLD, Neutral())] == ["alone"]


def test_shapes() -> None:
    assert measures.shape("READ MORE") == "1-3 words, open, capitals"
    assert measures.shape("He said: “We will see about that.”") == "4-8 words, stop"


def test_groups_join_documents_digits_aside() -> None:
    def record(document: str, text: str) -> StandingRecord:
        [line] = measures.standing(text, "", Neutral())
        return StandingRecord("c", document, document + ".org", "s", "body", line)

    [row] = group_rows([record("a", "12 comments"), record("b", "34 Comments"), record("b", "Login")])
    assert (row["group"], row["sites"], row["documents"], row["lines"]) == ("00 comments", 2, 2, 2)


# --- peers ----------------------------------------------------------------------------------------


def test_refinedweb_lines() -> None:
    kept = ["The mayor resigned on Monday.", "1 like"]
    dropped = ["HOME PAGE", "2024", "3.4K views", "Menu", "Sign-in"]
    assert peers.refinedweb_lines("\n".join(kept + dropped)).split("\n") == kept
    assert peers.refinedweb_lines("More on this Read more...") == "More on this"


def test_nemo_drops_one_block_at_an_end_only() -> None:
    policy = "This site uses cookies."
    assert peers.nemo_boilerplate(f"{GOLD}\n{policy}").split("\n\n") == GOLD.split("\n")
    for text in (f"{policy}\n{GOLD}\n{policy}", GOLD.replace("\n", f"\n{policy}\n"), policy):
        assert peers.nemo_boilerplate(text) == text


# --- corpora and the command ----------------------------------------------------------------------

TRUTH: dict[str, Any] = {
    "1": {"articleBody": GOLD, "titles": ["Mayor resigns"], "lang": "en", "url": "https://www.example.org/1"},
    "2": {"with": ["The mayor"], "without": ["Share this"]},
}
OUTPUT = {
    "1": {"articleBody": "Mayor resigns\n" + GOLD + "\nShare this"},
    "2": {"articleBody": "The mayor\nShare this"},
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
    assert (second.gold, second.wanted, second.unwanted) == (None, ("The mayor",), ("Share this",))
    assert second.outputs == {"plain": "The mayor\nShare this"}


def test_a_folder_that_is_no_corpus_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CorpusError, match=r"holds no ground-truth\.json"):
        read_corpus(tmp_path)
    assert quality.main([str(tmp_path / "missing")]) == 2
    assert "no such folder" in capsys.readouterr().err


def test_an_output_that_lacks_a_document_is_named(tmp_path: Path) -> None:
    folder = write_corpus(tmp_path / "tiny")
    (folder / "output" / "plain.json").write_text(json.dumps({"1": OUTPUT["1"]}), encoding="utf-8")
    with pytest.raises(CorpusError, match=r"plain\.json: lacks 1 of 2 documents"):
        read_corpus(folder)


def test_the_command_measures_the_oracle_without_the_cleaner(tmp_path: Path) -> None:
    folder, file = write_corpus(tmp_path / "tiny"), tmp_path / "figures.json"
    assert quality.main([str(folder), "--presets", "", "--oracle", "--jobs", "1", "--json", str(file)]) == 0
    figures = json.loads(file.read_text(encoding="utf-8"))
    scores = {row["method"]: (row["precision"], row["exact"]) for row in figures["lift"] if row["lang"] == "all"}
    assert scores == {"as extracted": (10 / 12, 0.0), "oracle": (1.0, 1.0)}
    [row] = figures["segments"]
    assert (row["wanted"], row["unwanted"], row["unwanted_kept"]) == (1, 1, 1)
