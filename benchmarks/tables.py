"""Prints figures as tables for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from benchmarks.figures import ALL, Row
from benchmarks.judging import AS_EXTRACTED, PRESETS

FEW_FIRES = 10  # rules with fewer are listed apart: their precision says little
FEW_DOCUMENTS = 5  # languages with fewer are in the JSON only
CUT = 110  # characters of a line in a list of many


def table(header: Sequence[str], rows: Iterable[Sequence[object]], left: int = 1) -> list[str]:
    """Return an aligned table; the first ``left`` columns are aligned to the left, the others to the right."""
    cells = [list(header), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]
    lines = [
        "  ".join(
            cell.ljust(width) if column < left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]
    return [lines[0], "  ".join("-" * width for width in widths), *lines[1:]]


def lift_tables(rows: Sequence[Row], methods: Sequence[str]) -> Iterator[str]:
    """Yield F1 and exact, then precision and recall, by corpus and system; then by language."""
    found = {(row["corpus"], row["system"], row["lang"], row["method"]): row for row in rows}
    for corpus in dict.fromkeys(row["corpus"] for row in rows):
        whole = [key for key in found if key[0] == corpus and key[2] == ALL and key[3] == AS_EXTRACTED]
        yield f"\n## Lift: {corpus} ({found[whole[0]]['documents']} documents)\n"
        yield "F1 and exact; ! where either is below what was extracted"
        yield from _lift_table(found, whole, methods, ("f1", "exact"))
        yield "\nprecision and recall"
        yield from _lift_table(found, whole, methods, ("precision", "recall"))
        languages = [
            key
            for key in sorted(found)
            if key[0] == corpus
            and key[2] != ALL
            and key[3] == AS_EXTRACTED
            and found[key]["documents"] >= FEW_DOCUMENTS
        ]
        if len({key[2] for key in languages}) > 1:
            yield f"\nF1 and exact by language, {FEW_DOCUMENTS} documents and more"
            yield from _lift_table(found, languages, methods, ("f1", "exact"))


def _lift_table(
    found: dict[tuple[str, str, str, str], Row],
    places: Sequence[tuple[str, str, str, str]],
    methods: Sequence[str],
    values: tuple[str, str],
) -> list[str]:
    rows = []
    for corpus, system, lang, _ in places:
        before = found[corpus, system, lang, AS_EXTRACTED]
        label = system if lang == ALL else f"{system} {lang} ({before['documents']})"
        rows.append([label, *(_cell(found[corpus, system, lang, method], before, values) for method in methods)])
    return table(["system", *methods], rows)


def _cell(row: Row, before: Row, values: tuple[str, str]) -> str:
    worse = values[0] == "f1" and any(row[value] < before[value] - 1e-9 for value in values)
    return f"{row[values[0]]:.3f} {row[values[1]]:.3f}{'!' if worse else ' '}"


def loss_tables(rows: Sequence[Row]) -> Iterator[str]:
    """Yield gold loss by corpus and method, then by language for the presets."""
    if not rows:
        return
    yield "\n## Gold loss: tokens lost of 10,000\n"
    yield "lost: counted on the text, repairs included; by rules: what findings tell; neutral: tokens of neutral lines"
    header = [
        "corpus",
        "lang",
        "method",
        "documents",
        "tokens",
        "lost",
        "per 10,000",
        "by rules",
        "per 10,000",
        "neutral",
    ]
    order = sorted((row for row in rows if row["lang"] == ALL), key=lambda row: (row["corpus"] == ALL, row["corpus"]))
    yield from table(header, map(_loss_cells, order), left=3)
    hurt = [row for row in rows if row["lang"] != ALL and row["method"] in PRESETS]
    if hurt:
        yield "\nby language"
        yield from table(header, map(_loss_cells, sorted(hurt, key=lambda row: (row["corpus"], row["lang"]))), left=3)


def _loss_cells(row: Row) -> list[str]:
    return [
        row["corpus"],
        row["lang"],
        row["method"],
        str(row["documents"]),
        str(row["tokens"]),
        str(row["lost"]),
        f"{row['lost_per_10000']:.2f}",
        *([str(row["by_rules"]), f"{row['by_rules_per_10000']:.2f}"] if row["method"] in PRESETS else ["", ""]),
        f"{row['neutral_lost']}/{row['neutral_tokens']}",
    ]


def segment_table(rows: Sequence[Row]) -> Iterator[str]:
    """Yield segments by system and method."""
    if not rows:
        return
    yield "\n## Segments: of those in the output before cleaning\n"
    header = ["corpus", "system", "method", "wanted", "kept", "share", "unwanted", "gone", "share"]
    yield from table(
        header,
        (
            [
                row["corpus"],
                row["system"],
                row["method"],
                row["wanted"],
                row["wanted_kept"],
                f"{row['wanted_kept_share']:.4f}",
                row["unwanted"],
                row["unwanted"] - row["unwanted_kept"],
                f"{row['unwanted_gone_share']:.4f}",
            ]
            for row in rows
        ),
        left=3,
    )


def rule_tables(rows: Sequence[Row]) -> Iterator[str]:
    """Yield precision by rule: of each rule in the smallest preset that fires it, worst first; rare rules apart."""
    first: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: (PRESETS.index(row["preset"]), row["rule"])):
        first.setdefault(row["rule"], row)
    often = [row for row in first.values() if row["fires"] >= FEW_FIRES]
    rarely = [row for row in first.values() if row["fires"] < FEW_FIRES]
    for title, some in (("", often), (f", fewer than {FEW_FIRES} fires", rarely)):
        if some:
            yield f"\n## Rule precision{title}\n"
            yield from table(
                ["rule", "preset", "fires", "right", "wrong", "neutral", "precision", "wrong tokens"],
                (_rule_cells(row) for row in sorted(some, key=_by_precision)),
                left=2,
            )


def _by_precision(row: Row) -> tuple[float, int, str]:
    return (1.0 if row["precision"] is None else row["precision"], -row["fires"], row["rule"])


def _rule_cells(row: Row) -> list[str]:
    precision = "-" if row["precision"] is None else f"{row['precision']:.4f}"
    counts = [str(row[name]) for name in ("fires", "right", "wrong", "neutral")]
    return [row["rule"], row["preset"], *counts, precision, str(row["wrong_tokens"])]


def gold_line_list(rows: Sequence[Row]) -> Iterator[str]:
    """Yield every line that a rule took of a gold text, in full; neutral ones last."""
    for neutral, title in ((False, "Lines of gold texts that were taken"), (True, "The same, neutral lines")):
        some = [row for row in rows if row["neutral"] is neutral]
        yield f"\n## {title}: {len(some)}, {sum(row['tokens'] for row in some)} tokens\n"
        for row in some:
            lang = f" {row['lang']}" if row["lang"] else ""
            yield (
                f"{row['tokens']:>4}  {row['rule']}  [{','.join(row['presets'])}]  "
                f"{row['corpus']}/{row['document']}{lang}:{row['line']}"
            )
            yield f"      - {row['text']}"
            if row["left"]:
                yield f"      > {row['left']}"


def dropped_list(rows: Sequence[Row], limit: int) -> Iterator[str]:
    """Yield the lines that were taken from outputs though gold has them, worst first."""
    yield f"\n## Taken though gold has them: {len(rows)} lines, {min(limit, len(rows))} shown\n"
    for row in rows[:limit]:
        yield (
            f"{row['tokens']:>4} x {len(row['systems'])}  {row['rule']}  [{','.join(row['presets'])}]  "
            f"{row['corpus']}/{row['document']}  ({', '.join(row['systems'])})"
        )
        yield f"      - {row['text']}"
        if row["left"]:
            yield f"      > {row['left']}"


def worse_list(rows: Sequence[Row], limit: int) -> Iterator[str]:
    """Yield the outputs that got worse, and what fired there."""
    yield f"\n## Outputs that got worse: {len(rows)}, {min(limit, len(rows))} shown\n"
    for row in rows[:limit]:
        rules = ", ".join(f"{rule} x{count}" for rule, count in row["rules"].items()) or "no rule: a repair"
        lost = ", no longer exact" if row["exact_lost"] else ""
        yield f"F1 -{row['fall']:.4f}{lost}  [{row['preset']}]  {row['corpus']}/{row['document']}  ({row['system']})"
        yield f"      {rules}"


def lost_segment_list(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the wanted segments that were taken."""
    if rows:
        yield f"\n## Wanted segments that were taken: {len(rows)}\n"
    for row in rows:
        where = f"[{','.join(row['presets'])}]  {row['document']}  ({', '.join(row['systems'])})"
        yield f"{', '.join(row['rules'])}  {where}"
        yield f"      - {row['segment']}"


def standing_list(groups: Sequence[Row], shapes: Sequence[Row], limit: int, preset: str) -> Iterator[str]:
    """Yield the boilerplate that still stands: what documents share, then what stands in one, by form."""
    yield f"\n## Still standing after {preset}: {len(groups)} groups of lines that documents share"
    yield "(full-page systems left out; ^ the line above, v the line below)\n"
    for row in groups[:limit]:
        places = ", ".join(f"{place} {count}" for place, count in row["places"].items())
        yield f"{row['sites']:>4} sites, {row['documents']} documents, {row['lines']} lines  {cut(row['group'])}"
        yield f"      {places}; {', '.join(row['corpora'])}; {', '.join(row['systems'])}"
        for example in row["examples"]:
            yield f"      ^ {cut(example['above'])}"
            yield f"      = {cut(example['text'])}"
            yield f"      v {cut(example['below'])}"
    yield f"\n## Still standing after {preset}: lines of one document, by place and form\n"
    yield from table(["place", "form", "lines", "tokens"], _shape_cells(shapes), left=2)
    for row in shapes:
        yield f"\n{row['place']}, {row['shape']}: {row['lines']} lines"
        for example in row["examples"][: max(1, limit // 6)]:
            yield f"      = {cut(example['text'])}   ({example['corpus']}, {example['system']})"


def _shape_cells(shapes: Sequence[Row]) -> Iterator[list[str]]:
    for row in shapes:
        yield [row["place"], row["shape"], str(row["lines"]), str(row["tokens"])]


def unstable_list(rows: Sequence[Row], cleaned: int) -> Iterator[str]:
    """Yield the texts that a second cleaning changes."""
    yield f"\n## Idempotence: {cleaned} texts cleaned twice, {len(rows)} changed the second time\n"
    for row in rows:
        yield f"{row['preset']}  {row['corpus']}/{row['document']}  ({row['source']})"
        yield f"      1 {cut(row['once'])!r}"
        yield f"      2 {cut(row['twice'])!r}"


def verdict_lines(lift: Sequence[Row], loss: Sequence[Row]) -> Iterator[str]:
    """Yield the promises in one line for each preset: gold loss, and outputs that got worse."""
    found = {(row["corpus"], row["system"], row["method"]): row for row in lift if row["lang"] == ALL}
    if any(row["method"] in PRESETS for row in loss):
        yield "\n## In short\n"
    for method in PRESETS:
        places = [key for key in found if key[2] == method]
        if not places:
            continue
        pairs = [(found[key], found[key[0], key[1], AS_EXTRACTED]) for key in places]
        f1 = sum(row["f1"] - before["f1"] for row, before in pairs) / len(pairs)
        exact = sum(row["exact"] - before["exact"] for row, before in pairs) / len(pairs)
        worse = [
            f"{row['corpus']}/{row['system']}"
            for row, before in pairs
            if row["f1"] < before["f1"] - 1e-9 or row["exact"] < before["exact"] - 1e-9
        ]
        total = next(row for row in loss if row["corpus"] == ALL and row["method"] == method)
        loss_rate, by_rules = total["lost_per_10000"], total["by_rules_per_10000"]
        yield (
            f"{method}: gold loss {loss_rate:.2f} of 10,000 ({by_rules:.2f} by rules); "
            f"mean lift of {len(pairs)} outputs: F1 {f1:+.4f}, exact {exact:+.4f}; {len(worse)} worse"
            + (f" ({', '.join(worse)})" if worse else "")
        )


def cut(text: str) -> str:
    """Return ``text`` in at most CUT characters."""
    return text if len(text) <= CUT else text[: CUT - 1] + "…"
