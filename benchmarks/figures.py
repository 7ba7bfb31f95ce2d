"""Adds records up into figures: plain dictionaries, one for each row of a table, ready for JSON."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable
from typing import Any, TypeVar

from benchmarks.judging import AS_EXTRACTED, Fire, LiftRecord, LossRecord, LostSegment, Records, StandingRecord, Task
from benchmarks.measures import PER, Segments, Standing, score, shape

ALL = "all"  # in the place of a corpus or language: every one of them together
FULL_PAGE = 0.6  # a system of less macro precision gives whole pages: left out of what still stands
CONTEXTS = 2  # examples for each group of standing lines

Row = dict[str, Any]
Record = TypeVar("Record")
Key = TypeVar("Key", bound=Hashable)


def figures(records: Records, task: Task, *, show: bool) -> dict[str, list[Row]]:
    """Return every table. ``show`` adds the lists of lines."""
    lift = lift_rows(records.lift)
    result = {
        "lift": lift,
        "gold_loss": loss_rows(records.loss),
        "segments": segment_rows(records),
        "rules": rule_rows(records.fires),
        "unstable": [one._asdict() for one in records.unstable],
    }
    if show:
        result["worse"] = worse_rows(records, task.presets)
        result["gold_lines"] = gold_line_rows(records)
        result["dropped"] = dropped_rows(records.fires)
        result["lost_segments"] = lost_segment_rows(records.lost_segments)
        strongest = task.presets[-1] if task.presets else ""
        extracted = _without_full_pages(records.standing, lift)
        seen = [one for one in extracted if one.preset == strongest]
        result["standing_groups"] = group_rows(seen)
        result["standing_shapes"] = shape_rows(seen)
    return result


def _gather(records: Iterable[Record], key: Callable[[Record], Iterable[Key]]) -> dict[Key, list[Record]]:
    """Return the records by each of their keys, in the order of first meeting."""
    groups: dict[Key, list[Record]] = defaultdict(list)
    for record in records:
        for one in key(record):
            groups[one].append(record)
    return dict(groups)


def lift_rows(records: Iterable[LiftRecord]) -> list[Row]:
    """Return scores by corpus, system, language ("all" first) and method."""

    def keys(record: LiftRecord) -> list[tuple[str, str, str, str]]:
        languages = [ALL, record.lang] if record.lang else [ALL]
        return [(record.corpus, record.system, lang, record.method) for lang in languages]

    return [
        {"corpus": corpus, "system": system, "lang": lang, "method": method}
        | score(record.match for record in group)._asdict()
        for (corpus, system, lang, method), group in _gather(records, keys).items()
    ]


def worse_rows(records: Records, presets: Iterable[str]) -> list[Row]:
    """Return the outputs that a preset made worse, the largest fall of F1 first, with the rules that fired there.

    Worse is a lower F1 of the document, or an output that was exact and no longer is. Where no rule fired, it was a
    repair that parted the output from a gold text in need of the same one.
    """
    before = {(one.corpus, one.document, one.system): one.match for one in records.lift if one.method == AS_EXTRACTED}
    fired = _gather(records.fires, lambda one: [(one.corpus, one.document, one.system, one.preset)])
    chosen = set(presets)
    rows = []
    for one in records.lift:
        old = before[one.corpus, one.document, one.system]
        fall = score([old]).f1 - score([one.match]).f1
        if one.method in chosen and (fall > 1e-9 or old.exact > one.match.exact):
            fires = fired.get((one.corpus, one.document, one.system, one.method), [])
            rows.append(
                {
                    "corpus": one.corpus,
                    "document": one.document,
                    "system": one.system,
                    "preset": one.method,
                    "fall": fall,
                    "exact_lost": old.exact > one.match.exact,
                    "rules": dict(Counter(f"{fire.taken.rule} {fire.verdict}" for fire in fires)),
                }
            )
    return sorted(rows, key=lambda row: (-row["fall"], row["corpus"], row["document"], row["system"], row["preset"]))


def loss_rows(records: Iterable[LossRecord]) -> list[Row]:
    """Return gold loss by corpus ("all" too), language and method; rates are for 10,000 tokens."""

    def keys(record: LossRecord) -> list[tuple[str, str, str]]:
        places = [(ALL, ALL), (record.corpus, ALL)]
        return [(*place, record.method) for place in places + ([(record.corpus, record.lang)] if record.lang else [])]

    rows = []
    for (corpus, lang, method), group in _gather(records, keys).items():
        words, lost = sum(one.loss.tokens for one in group), sum(one.loss.lost for one in group)
        by_rules = sum(one.by_rules for one in group)
        rows.append(
            {
                "corpus": corpus,
                "lang": lang,
                "method": method,
                "documents": len(group),
                "tokens": words,
                "lost": lost,
                "lost_per_10000": PER * lost / max(1, words),
                "by_rules": by_rules,
                "by_rules_per_10000": PER * by_rules / max(1, words),
                "neutral_tokens": sum(one.loss.neutral_tokens for one in group),
                "neutral_lost": sum(one.loss.neutral_lost for one in group),
            }
        )
    return rows


def segment_rows(records: Records) -> list[Row]:
    """Return segments by corpus, system and method."""
    rows = []
    groups = _gather(records.segments, lambda one: [(one.corpus, one.system, one.method)])
    for (corpus, system, method), group in groups.items():
        total = sum((one.segments for one in group), Segments())
        rows.append(
            {"corpus": corpus, "system": system, "method": method, "documents": len(group)}
            | total._asdict()
            | {
                "wanted_kept_share": total.wanted_kept / max(1, total.wanted),
                "unwanted_gone_share": 1 - total.unwanted_kept / max(1, total.unwanted),
            }
        )
    return rows


def rule_rows(fires: Iterable[Fire]) -> list[Row]:
    """Return each rule's fires and precision by preset; precision leaves neutral ones out, and is None without any."""
    rows = []
    for (preset, rule), group in sorted(_gather(fires, lambda one: [(one.preset, one.taken.rule)]).items()):
        verdicts = Counter(one.verdict for one in group)
        judged = verdicts["right"] + verdicts["wrong"]
        rows.append(
            {
                "preset": preset,
                "rule": rule,
                "fires": len(group),
                "right": verdicts["right"],
                "wrong": verdicts["wrong"],
                "neutral": verdicts["neutral"],
                "precision": verdicts["right"] / judged if judged else None,
                "wrong_tokens": sum(one.taken.tokens for one in group if one.verdict == "wrong"),
            }
        )
    return rows


def gold_line_rows(records: Records) -> list[Row]:
    """Return every line that rules took of gold texts: the counted ones first, then by size."""
    lines = sorted(
        records.gold_lines,
        key=lambda one: (one.neutral, -one.taken.tokens, one.corpus, one.document, one.taken.line, one.preset),
    )
    groups = _gather(lines, lambda one: [(one.corpus, one.document, one.lang, one.neutral, one.taken)])
    return [
        {
            "corpus": corpus,
            "document": document,
            "lang": lang,
            "neutral": neutral,
            "presets": [one.preset for one in group],
            "rule": taken.rule,
            "line": taken.line,
            "tokens": taken.tokens,
            "text": taken.text,
            "left": taken.left,
        }
        for (corpus, document, lang, neutral, taken), group in groups.items()
    ]


def dropped_rows(fires: Iterable[Fire]) -> list[Row]:
    """Return the lines that were wrongly taken from systems' outputs, the most tokens (over all systems) first."""

    def keys(one: Fire) -> list[tuple[str, str, str, str, str]]:
        return [(one.corpus, one.document, one.taken.rule, one.taken.text.strip(), one.taken.left.strip())]

    rows = []
    for (corpus, document, rule, text, left), group in _gather(
        (one for one in fires if one.verdict == "wrong"), keys
    ).items():
        systems = sorted({one.system for one in group})
        rows.append(
            {
                "corpus": corpus,
                "document": document,
                "rule": rule,
                "presets": sorted({one.preset for one in group}),
                "systems": systems,
                "tokens": group[0].taken.tokens,
                "text": text,
                "left": left,
            }
        )
    return sorted(
        rows, key=lambda row: (-row["tokens"] * len(row["systems"]), row["corpus"], row["document"], row["rule"])
    )


def lost_segment_rows(records: Iterable[LostSegment]) -> list[Row]:
    """Return the wanted segments that were taken, each once, with the presets and systems where it was."""
    groups = _gather(records, lambda one: [(one.corpus, one.document, one.rules, one.segment)])
    return [
        {
            "corpus": corpus,
            "document": document,
            "rules": list(rules),
            "presets": sorted({one.preset for one in group}),
            "systems": sorted({one.system for one in group}),
            "segment": segment,
        }
        for (corpus, document, rules, segment), group in groups.items()
    ]


def _without_full_pages(records: Iterable[StandingRecord], lift: Iterable[Row]) -> list[StandingRecord]:
    pages = {
        (row["corpus"], row["system"])
        for row in lift
        if row["method"] == AS_EXTRACTED and row["lang"] == ALL and row["precision"] < FULL_PAGE
    }
    return [one for one in records if (one.corpus, one.system) not in pages]


def group_rows(records: Iterable[StandingRecord]) -> list[Row]:
    """Return standing lines that several documents share, digits aside: the most sites first, then documents.

    What many sites have is a rule; what one site has on many pages is that site's own.
    """
    rows = []
    for group, lines in _gather(records, lambda one: [one.line.group]).items():
        documents = {one.document: one for one in reversed(lines)}
        if len(documents) < 2:
            continue
        sites = {one.site: one for one in reversed(lines)}
        examples = list(reversed((sites if len(sites) >= CONTEXTS else documents).values()))[:CONTEXTS]
        rows.append(
            {
                "group": group,
                "sites": len(sites),
                "documents": len(documents),
                "lines": len(lines),
                "corpora": sorted({one.corpus for one in lines}),
                "systems": sorted({one.system for one in lines}),
                "places": dict(Counter(one.line.place for one in lines).most_common()),
                "examples": [_context(one.document, one.line) for one in examples],
            }
        )
    return sorted(rows, key=lambda row: (-row["sites"], -row["documents"], -row["lines"], row["group"]))


def _context(document: str, line: Standing) -> Row:
    return {"document": document, "above": line.above, "text": line.text, "below": line.below}


def shape_rows(records: Iterable[StandingRecord]) -> list[Row]:
    """Return the standing lines that only one document has, by place and form: the most lines first."""
    single = [
        group[0]
        for group in _gather(records, lambda one: [one.line.group]).values()
        if len({one.document for one in group}) == 1
    ]
    shapes = _gather(single, lambda one: [(one.line.place, shape(one.line.text))])
    rows = [
        {
            "place": place,
            "shape": form,
            "lines": len(group),
            "tokens": sum(len(one.line.group.split()) for one in group),
            "examples": [
                {"corpus": one.corpus, "system": one.system} | _context(one.document, one.line) for one in group
            ],
        }
        for (place, form), group in shapes.items()
    ]
    return sorted(rows, key=lambda row: (-row["lines"], row["place"], row["shape"]))
