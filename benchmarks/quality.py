"""How much does cleaning improve real pages and lines that people marked, and which rules are right?

    python benchmarks/quality.py FOLDER... [--systems NAME,...] [--presets NAME,...] [--peers] [--phrases] [--show] [--json FILE]

``corpora.py`` says what a folder must hold, ``measures.py`` what each number means. The cleaner gets no titles. Prints

- lift, by corpus and system: F1 before and after, and of the line oracle, which drops exactly the lines that the gold lacks; the share
  of the way to it; the share of documents that are exact, before and after, and that dropping lines can make exact; the change of
  recall. The means over systems are plain means; that of the way leaves out systems with hardly any way to go;
- gold loss: tokens of 10,000 that are lost when the gold itself is cleaned, without neutral lines;
- segments and labelled lines, if a folder has them;
- for each rule, under the last preset: drops that were right and wrong, and on how many different sites; the rules that fired on fewer
  than three. ``--phrases`` does the same for every phrase and pattern.

``--peers`` also runs other cleaners, ``--show`` lists the lines behind the numbers, ``--idempotence`` cleans every text twice.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs as a file, too

from benchmarks import measures
from benchmarks.corpora import Corpus, CorpusError, Document, read_corpus
from benchmarks.measures import Article, Lines, Match, Neutral, Taken, tokens
from benchmarks.peers import load_peers
from benchmarks.running import each
from benchmarks.tables import Row, cut, named, parser_of, table, write_json
from cleaner import Cleaner, normalize
from cleaner.kinds import KINDS
from cleaner.model import PRESETS
from cleaner.rules.loading import builtin_rules
from cleaner.text.folding import key
from cleaner.text.lines import undress

BEFORE, ORACLE = "as extracted", "oracle"  # methods, beside presets and peers
GOLD, LABELS = "(gold)", "(lines)"  # in the place of a system
FEW_SITES = 3
PER = 10_000

Item = TypeVar("Item")
Key = TypeVar("Key")
Ways = dict[str, tuple[str, list[Taken]]]


# --- One document ---------------------------------------------------------------------------------


class Task(NamedTuple):
    """A document, and what to do with it."""

    corpus: str = ""
    document: Document = Document("")
    presets: tuple[str, ...] = PRESETS
    peers: bool = False
    phrases: bool = False
    show: bool = False
    idempotence: bool = False


class Drop(NamedTuple):
    """A rule on a line of a system's output, or of the gold; ``phrase`` is the one that took it, if that was asked for."""

    system: str
    preset: str
    rule: str
    phrase: str
    verdict: str
    taken: Taken


@dataclass
class Judged:
    """The measures of one document, by system and method; ``notes`` are lines for --show and --idempotence."""

    corpus: str
    document: str
    site: str
    lift: list[tuple[str, str, Match]] = field(default_factory=list)
    possible: list[tuple[str, bool]] = field(default_factory=list)
    loss: list[tuple[str, int, int]] = field(default_factory=list)
    segments: list[tuple[str, str, tuple[int, int, int, int]]] = field(default_factory=list)
    lines: list[tuple[str, Lines]] = field(default_factory=list)
    drops: list[Drop] = field(default_factory=list)
    notes: list[tuple[str, str, str, str]] = field(default_factory=list)  # what, system, preset, line


cleaner_of = cache(Cleaner)
_peers = cache(load_peers)


def judge(task: Task) -> Judged:
    """Clean the gold, the labelled lines and every output of a document, and measure the results."""
    document = task.document
    judged = Judged(task.corpus, document.id, document.site)
    neutral = Neutral(document.titles, document.optional)
    if document.gold is not None:
        _judge_gold(task, judged, document.gold, neutral)
    if document.lines:
        _judge_labels(task, judged)
    for system, text in document.outputs.items():
        ways = _ways(task, judged, system, text)
        if document.gold is not None:
            _judge_lift(task, judged, system, document.gold, ways, neutral)
        if document.wanted or document.unwanted:
            _judge_segments(task, judged, system, ways)
    return judged


def _ways(task: Task, judged: Judged, system: str, text: str) -> Ways:
    """Return a text cleaned in every way of a task, each with the takings of rules."""
    ways: Ways = {BEFORE: (text, [])}
    for preset in task.presets:
        found = cleaner_of(preset).explain(text)
        ways[preset] = found.text, [] if found.flagged else measures.taken(found.findings)
        if task.idempotence and cleaner_of(preset).clean(found.text) != found.text:
            judged.notes.append(("unstable", system, preset, cut(found.text)))
    for peer in _peers()[0] if task.peers else ():
        ways[peer.name] = peer.clean(text), []
    return ways


def _judge_gold(task: Task, judged: Judged, gold: str, neutral: Neutral) -> None:
    before = tokens("\n".join(neutral.without(gold)))
    for method, (after, takings) in _ways(task, judged, GOLD, gold).items():
        lost = measures.lost(before, tokens("\n".join(neutral.without(after))))
        judged.loss += [] if method == BEFORE else [(method, len(before), lost)]
        judged.drops += _drops(
            task, GOLD, method, takings, ["neutral" if one.text in neutral else "wrong" for one in takings]
        )


def _judge_labels(task: Task, judged: Judged) -> None:
    lines = task.document.lines
    for method, (_, takings) in _ways(task, judged, LABELS, "\n".join(text for text, _ in lines)).items():
        if method in task.presets:
            judged.lines.append((method, measures.count_lines(lines, takings)))
            verdicts = ["right" if lines[one.line - 1][1] else "wrong" for one in takings]
            judged.drops += _drops(task, LABELS, method, takings, verdicts)


def _judge_lift(task: Task, judged: Judged, system: str, gold: str, ways: Ways, neutral: Neutral) -> None:
    gold_lines = neutral.without(gold)
    article, goal = Article(gold_lines), tokens("\n".join(gold_lines))
    given = {method: neutral.without(after) for method, (after, _) in ways.items()}
    given[ORACLE] = measures.oracle(given[BEFORE], article)
    judged.lift += [(system, method, measures.match(goal, tokens("\n".join(own)))) for method, own in given.items()]
    judged.possible.append((system, measures.can_be_exact(given[BEFORE], goal)))
    for preset in task.presets:
        after, takings = ways[preset]
        verdicts = measures.judge(takings, ways[BEFORE][0], after, article, neutral)
        judged.drops += _drops(task, system, preset, takings, verdicts)
        if task.show:
            judged.notes += [("left", system, preset, line) for line in given[preset] if not article.holds(line)]


def _judge_segments(task: Task, judged: Judged, system: str, ways: Ways) -> None:
    text = ways.pop(BEFORE)[0]
    for method, (after, _) in ways.items():
        wanted, lost = measures.segments_gone(task.document.wanted, text, after)
        unwanted, gone = measures.segments_gone(task.document.unwanted, text, after)
        judged.segments.append((system, method, (wanted, len(lost), unwanted, len(gone))))
        judged.notes += [("segment", system, method, segment) for segment in lost]


def _drops(task: Task, system: str, method: str, takings: Iterable[Taken], verdicts: Iterable[str]) -> Iterator[Drop]:
    for taking, verdict in zip(takings, verdicts, strict=True):
        for rule in taking.rules:
            yield Drop(system, method, rule, _phrase(rule, taking.text) if task.phrases else "", verdict, taking)


@cache
def _phrase(rule_id: str, text: str) -> str:
    """Return the phrase or pattern by which a rule took a line, with its language; "" if it took it by something else."""
    line = normalize(text)
    phrases, patterns = _entries(rule_id)
    if key(line) in phrases:
        return f"{phrases[key(line)]}: {key(line)}"
    plain = undress(line)[0]
    return next((f"{language}: {one.source}" for language, one in patterns if one.fullmatch(plain)), "")


@cache
def _entries(rule_id: str) -> tuple[dict[str, str], list[tuple[str, Any]]]:
    """Return the phrases of a rule with their languages, and its patterns."""
    rule = builtin_rules().rules[rule_id]
    phrases: dict[str, str] = {}
    patterns: list[tuple[str, Any]] = []
    for name, one in KINDS[rule.kind].fields.items():
        for language, entries in rule.spec[name].items() if one.type in ("phrases", "patterns") else ():
            phrases |= dict.fromkeys(entries, language) if one.type == "phrases" else {}
            patterns += [(language, entry) for entry in entries] if one.type == "patterns" else []
    return phrases, patterns


# --- All documents --------------------------------------------------------------------------------


def measure(corpora: Iterable[Corpus], task: Task, jobs: int = 2) -> list[Judged]:
    """Judge every document of every corpus; ``task`` says what to do with each."""
    for preset in task.presets:
        cleaner_of(preset)  # before the processes begin, so that they share it
    tasks = [task._replace(corpus=corpus.name, document=one) for corpus in corpora for one in corpus.documents]
    return list(each(judge, tasks, jobs))


def _grouped(items: Iterable[tuple[Key, Item]]) -> dict[Key, list[Item]]:
    groups: dict[Key, list[Item]] = defaultdict(list)
    for name, item in items:
        groups[name].append(item)
    return dict(groups)


# The columns of every table, in the order in which their values are given.
_LIFT = "f1_before f1 f1_oracle way exact_before exact exact_possible recall_change"
_RULES = "rule phrase right wrong precision tokens wrong_tokens gold_tokens sites sites_right sites_wrong"
_TABLES = {
    "lift": ("Lift", f"corpus documents system method {_LIFT}"),
    "means": ("Lift: means over outputs", f"corpus method outputs {_LIFT} worse"),
    "gold_loss": ("Gold loss", "corpus method documents tokens lost lost_of_10000"),
    "segments": ("Segments", "corpus system method wanted lost kept_share unwanted gone gone_share"),
    "lines": (
        "Labelled lines",
        "corpus method junk junk_gone gone fit_words fit_lost junk_gone_share precision fit_lost_of_10000",
    ),
    "rules": ("Rules", f"preset {_RULES}"),
}
_FORMS = {
    **dict.fromkeys(("corpus", "system", "method", "rule", "phrase"), ""),
    **dict.fromkeys(
        ("f1_before", "f1", "f1_oracle", "kept_share", "gone_share", "junk_gone_share", "precision"), ".4f"
    ),
    **dict.fromkeys(("exact_before", "exact", "exact_possible"), ".3f"),
    **dict.fromkeys(("lost_of_10000", "fit_lost_of_10000"), ".2f"),
    **{"way": ".1%", "recall_change": "+.4f"},
}


def _columns(names: str) -> dict[str, str]:
    return {name: _FORMS.get(name, "d") for name in names.split()}


def figures(judged: Sequence[Judged]) -> dict[str, list[Row]]:
    """Return every table, a dictionary for each row."""
    made = {"lift": _lift, "gold_loss": _loss, "segments": _segments, "lines": _lines, "rules": _rules}
    result = {
        name: [dict(zip(_TABLES[name][1].split(), row, strict=True)) for row in make(judged)]
        for name, make in made.items()
    }
    return result | {"means": list(means(result["lift"]))}


def _lift(judged: Sequence[Judged]) -> Iterator[tuple[Any, ...]]:
    possible = _grouped(((one.corpus, system), is_so) for one in judged for system, is_so in one.possible)
    matches = _grouped(((one.corpus, system, method), found) for one in judged for system, method, found in one.lift)
    scores = {place: measures.score(own) for place, own in matches.items()}
    for (corpus, system, method), after in scores.items():
        if method not in (BEFORE, ORACLE):
            before, best = scores[corpus, system, BEFORE], scores[corpus, system, ORACLE]
            way = measures.way(before.f1, after.f1, best.f1)
            exact = before.exact, after.exact, measures.mean(map(float, possible[corpus, system]))
            documents, recall_change = len(possible[corpus, system]), after.recall - before.recall
            yield corpus, documents, system, method, before.f1, after.f1, best.f1, way, *exact, recall_change


def means(lift: Sequence[Row]) -> Iterator[Row]:
    """Yield the means over systems, by corpus and method, and over all outputs; ``worse`` counts the outputs that got worse."""
    for name in (*dict.fromkeys(row["corpus"] for row in lift), "all"):
        own = _grouped((row["method"], row) for row in lift if name in (row["corpus"], "all"))
        for method, rows in own.items():
            found = {column: measures.mean(row[column] for row in rows) for column in _LIFT.split()}
            worse = sum(row["f1"] < row["f1_before"] - 1e-9 for row in rows)
            yield {"corpus": name, "method": method, "outputs": len(rows), **found, "worse": worse}


def _loss(judged: Sequence[Judged]) -> Iterator[tuple[Any, ...]]:
    losses = _grouped(((one.corpus, method), rest) for one in judged for method, *rest in one.loss)
    for (corpus, method), own in losses.items():
        total, lost = map(sum, zip(*own, strict=True))
        yield corpus, method, len(own), total, lost, PER * lost / max(1, total)


def _segments(judged: Sequence[Judged]) -> Iterator[tuple[Any, ...]]:
    found = _grouped(((one.corpus, system, method), own) for one in judged for system, method, own in one.segments)
    for place, own in found.items():
        wanted, lost, unwanted, gone = map(sum, zip(*own, strict=True))
        yield *place, wanted, lost, 1 - lost / max(1, wanted), unwanted, gone, gone / max(1, unwanted)


def _lines(judged: Sequence[Judged]) -> Iterator[tuple[Any, ...]]:
    for place, own in _grouped(((one.corpus, method), found) for one in judged for method, found in one.lines).items():
        one = Lines(*map(sum, zip(*own, strict=True)))
        precision = one.junk_gone / one.gone if one.gone else None
        yield *place, *one, one.junk_gone / max(1, one.junk), precision, PER * one.fit_lost / max(1, one.fit_words)


def _rules(judged: Sequence[Judged]) -> list[tuple[Any, ...]]:
    """Return the right and wrong drops of each rule, or of each phrase if known, by preset, worst first.

    Drops from the gold count for ``gold_tokens`` alone, neutral ones not at all.
    """
    drops = _grouped(((one.preset, one.rule, one.phrase), (found.site, one)) for found in judged for one in found.drops)

    def row(place: tuple[str, str, str]) -> tuple[Any, ...]:
        right = [(site, one) for site, one in drops[place] if one.system != GOLD and one.verdict == "right"]
        wrong = [(site, one) for site, one in drops[place] if one.system != GOLD and one.verdict == "wrong"]
        of_gold = [(site, one) for site, one in drops[place] if one.system == GOLD and one.verdict == "wrong"]
        taken = [sum(one.taken.tokens for _, one in some) for some in (right + wrong, wrong, of_gold)]
        sites = [len({site for site, _ in some}) for some in (right + wrong, right, wrong)]
        precision = len(right) / len(right + wrong) if right + wrong else None
        return *place, len(right), len(wrong), precision, *taken, *sites

    return sorted(map(row, drops), key=lambda row: (1 if row[5] is None else row[5], -row[7]))


# --- What is printed ------------------------------------------------------------------------------


def report(result: dict[str, list[Row]], limit: int) -> Iterator[str]:
    """Yield the tables."""
    for corpus, own in _grouped((row["corpus"], row) for row in result["lift"]).items():
        yield f"\n## Lift: {corpus} ({own[0]['documents']} documents)\n"
        yield from table(own, _columns(f"system method {_LIFT}"))
    for name in ("means", "gold_loss", "segments", "lines"):
        title, columns = _TABLES[name]
        if result[name]:
            yield f"\n## {title}\n"
            yield from table(result[name], _columns(columns))
    preset = max((row["preset"] for row in result["rules"]), key=PRESETS.index, default="")
    own = [{**row, "phrase": cut(row["phrase"])} for row in result["rules"] if row["preset"] == preset]
    some = [row for row in own if row["wrong"] or row["gold_tokens"]]
    few = [row for row in own if row["sites"] < FEW_SITES]
    forms = _columns(_RULES if any(row["phrase"] for row in own) else _RULES.replace("phrase ", ""))
    yield f"\n## Rules under {preset}, worst first: {len(own)}, of which {len(own) - len(some)} were never wrong\n"
    yield from table(some[:limit], forms)
    yield f"\n## On fewer than {FEW_SITES} sites: {len(few)}\n"
    yield from table(few, forms)
    yield f"\nNever: {', '.join(sorted(builtin_rules().rules.keys() - {row['rule'] for row in own}))}"


def shown(judged: Sequence[Judged], limit: int) -> Iterator[str]:
    """Yield the lines behind the numbers: wrong drops, losses of gold and segments, and lines that are still there."""
    wrong = _grouped(
        (
            ("gold" if one.system == GOLD else "wrong", one.rule, one.taken.text.strip(), one.taken.left),
            (found, one.preset),
        )
        for found in judged
        for one in found.drops
        if one.verdict == "wrong"
    )
    for (what, rule, text, rest), own in sorted(wrong.items()):
        places = ", ".join(Counter(f"{found.corpus}/{found.document}" for found, _ in own))
        yield f"{what}  {rule}  [{','.join(sorted({preset for _, preset in own}))}]  {places}"
        yield f"      - {text}" + (f"\n      > {rest}" if rest else "")
    notes = [(found, *note) for found in judged for note in found.notes]
    for found, what, system, preset, line in notes:
        if what != "left":
            yield f"{what}  [{preset}]  {found.corpus}/{found.document} ({system})\n      - {line}"
    left = _grouped((measures.group_key(n[-1]), n) for n in notes if n[1] == "left" and n[3] == PRESETS[-1])
    groups = [(len({found.site for found, *_ in lines}), lines) for lines in left.values()]
    yield f"\n## Still there after {PRESETS[-1]}, on more than one site\n"
    for sites, lines in sorted(groups, key=lambda group: (-group[0], group[1][0][-1]))[:limit]:
        if sites > 1:
            corpora = ", ".join(sorted({found.corpus for found, *_ in lines}))
            yield f"{sites:>4} sites, {len(lines)} lines  {cut(lines[0][-1])}  ({corpora})"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark and return the exit code: 2 for a folder or option that cannot be used, else 0."""
    parser = parser_of(__doc__, "quality")
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="pages or lines that people marked")
    parser.add_argument("--presets", default=",".join(PRESETS), help="with commas (default: %(default)s)")
    parser.add_argument("--systems", default="", help="with commas: only these systems' outputs")
    parser.add_argument("--peers", action="store_true", help="also run the peers")
    parser.add_argument("--phrases", action="store_true", help="judge every phrase and pattern by itself")
    parser.add_argument("--show", action="store_true", help="list the lines behind the numbers")
    parser.add_argument("--idempotence", action="store_true", help="clean every text twice and list what changes")
    parser.add_argument("--limit", type=int, default=60, help="entries of long lists (default: %(default)s)")
    options = parser.parse_args(arguments)
    presets = tuple(named(options.presets))
    if unknown := set(presets) - set(PRESETS):
        parser.error(f"no preset {unknown.pop()!r}; choose from {', '.join(PRESETS)}")
    try:
        corpora = [read_corpus(folder, named(options.systems)) for folder in options.folders]
    except CorpusError as error:
        print(error, file=sys.stderr)
        return 2
    if options.peers:
        peers, missing = _peers()
        print(*(f"{peer.name}: {peer.source}" for peer in peers), *missing, sep="\n")
    task = Task("", Document(""), presets, options.peers, options.phrases, options.show, options.idempotence)
    judged = measure(corpora, task, options.jobs)
    result = figures(judged)
    print(*report(result, options.limit), sep="\n")
    if options.show or options.idempotence:
        print("\n## Lines\n", *shown(judged, options.limit), sep="\n")
    write_json(options.json, result)
    return 0


if __name__ == "__main__":
    sys.exit(main())
