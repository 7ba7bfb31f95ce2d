"""The tests that are made from rule files: each rule must prove itself by its own examples."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import regex

from cleaner.engine.passes import Engine, Options
from cleaner.kinds import KINDS
from cleaner.kinds.hint import marked
from cleaner.matching.patterns import Pattern
from cleaner.matching.vocabulary import Vocabulary
from cleaner.model import Explanation, Rule, RuleError
from cleaner.proof.drafting import UNWRITTEN
from cleaner.rules.choosing import Choice, choose
from cleaner.rules.examples import Example
from cleaner.rules.files import RuleFile, read_folder
from cleaner.rules.loading import builtin_rules
from cleaner.rules.making import builtin_files
from cleaner.rules.ruleset import rules_folder
from cleaner.sources.processes import cpus, start_processes
from cleaner.text.folding import key
from cleaner.text.lines import undress
from cleaner.text.normalizing import repair

# The longest text between two copies of another, in code points.
_LONGEST_BETWEEN = 100
# Examples show lines, not whole pages.
_TRUSTING = Options(trusting=True)


class Failure(NamedTuple):
    """A promise that a rule file breaks, and where."""

    path: Path
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.path}: {self.where}: {self.what}"


class Suite(NamedTuple):
    """Rule files to be tested, the vocabulary of their patterns, and all rules that they must get along with."""

    files: list[RuleFile]
    vocabulary: Vocabulary
    everything: list[Rule]


def suite(path: Path | None = None) -> Suite:
    """Read the rules below ``path``, or the built-in ones, for testing.

    Raises RuleError if a file cannot be used, or if an id is that of a built-in rule.
    """
    folder = rules_folder()
    builtin = builtin_rules()
    if path is None or path.resolve() == folder.resolve():
        return Suite(builtin_files(builtin), builtin.vocabulary, _all_of(builtin.searchable))
    files, vocabulary = read_folder(path, builtin.vocabulary)
    if folder.resolve() not in path.resolve().parents:
        for file in files:
            if file.rule.id in builtin.rules and not file.rule.replaces:
                raise RuleError(
                    f"{file.path}: the id {file.rule.id!r} is taken by a built-in rule; rename the file, or write replaces = true"
                )
    return Suite(files, vocabulary, _all_of({**builtin.searchable, **{file.rule.id: file.rule for file in files}}))


def _all_of(rules: dict[str, Rule]) -> list[Rule]:
    return choose(rules, Choice("body"))


class Tester:
    """Tests rule files one by one."""

    def __init__(self, tested: Suite) -> None:
        self._suite = tested
        self._everything = Engine(tested.everything)

    def failures(self, file: RuleFile) -> Iterator[Failure]:
        """Yield every promise that a rule file breaks."""
        alone = Engine(choose({file.rule.id: file.rule}, Choice("body")), options=_TRUSTING)
        for example in file.examples:
            yield from _example_failures(file, example, alone, self._everything)
        if UNWRITTEN in file.why:
            yield Failure(file.path, "why", f"is not written yet; replace each {UNWRITTEN} by a sentence")
        yield from _unmet_phrases(file)
        yield from _unmet_branches(file, self._suite.vocabulary)


def failures(tested: Suite, done: Callable[[int], None] = lambda files: None) -> Iterator[Failure]:
    """Yield every promise that rule files break, found with all cores if there are many files.

    ``done`` is called with the number of files that have been tested since the last call.
    """
    workers = min(cpus(), len(tested.files) // _FILES_A_WORKER)
    if workers < 2:
        tester = Tester(tested)
        for file in tested.files:
            yield from tester.failures(file)
            done(1)
        return
    executor, alive = start_processes(workers)
    try:
        content = pickle.dumps(tested)
        parts = [range(start, len(tested.files), workers * _PARTS) for start in range(workers * _PARTS)]
        for part, found in zip(parts, executor.map(_failures_of, [content] * len(parts), parts), strict=True):
            yield from found
            done(len(part))
    finally:
        alive.close()
        executor.shutdown(cancel_futures=True)


# Starting a process takes as long as testing this many files.
_FILES_A_WORKER = 10
# Parts for each worker: several, because some files take longer than others.
_PARTS = 4
_testers: dict[bytes, Tester] = {}


def _failures_of(content: bytes, part: range) -> list[Failure]:
    """Return the failures of some files of a suite; runs in a process of its own."""
    tested: Suite = pickle.loads(content)
    if content not in _testers:
        _testers[content] = Tester(tested)
    return [failure for place in part for failure in _testers[content].failures(tested.files[place])]


def _example_failures(file: RuleFile, example: Example, alone: Engine, everything: Engine) -> Iterator[Failure]:
    where = f"examples.{example.language}"
    for line in example.lines:
        if line.text != repair(line.text):
            yield Failure(file.path, where, f"is not normalized: {line.text!r} would be {repair(line.text)!r}")
    site = next(iter(file.rule.spec.get("sites", ())), "")
    hints = example.hints._replace(site=site)
    explained = alone.explain(example.text, hints)
    yield from _differences(file, example, explained, where, "")
    again = alone.explain(explained.text, hints)
    if again.findings and not again.flagged:
        yield Failure(file.path, where, "the rule does not settle in one pass")
    yield from _differences(
        file, example, everything.explain(example.text, hints), where, " when all rules work together"
    )


def _differences(file: RuleFile, example: Example, explained: Explanation, where: str, how: str) -> Iterator[Failure]:
    left = {finding.line: (finding.replacement, finding.rule) for finding in explained.findings}
    for number, line in enumerate(example.lines, 1):
        now, rule = left.get(number, (line.text, ""))
        if now == line.left:
            continue
        place = f"{where}, line {number}"
        if line.verdict == "keep":
            yield Failure(file.path, place, f"{line.text!r} must stay but {rule} leaves {now!r} of it{how}")
        # Another rule may take the line first, and in a whole page this one may need company that the example lacks.
        elif not how:
            yield Failure(file.path, place, f"of {line.text!r} must be left {line.left!r}, not {now!r}")


def _taken(example: Example) -> list[str]:
    return example.of("drop") + example.of("trim")


def _unmet_phrases(file: RuleFile) -> Iterator[Failure]:
    """Yield a failure for each phrase that no example in its language needs."""
    for language, phrases in file.table.get("phrases", {}).items():
        met = {key(line) for example in file.examples if example.language == language for line in example.of("drop")}
        for phrase in phrases:
            if key(phrase) not in met:
                yield Failure(file.path, f"phrases.{language}", f"no example in {language} drops {phrase!r}")


def _unmet_branches(file: RuleFile, vocabulary: Vocabulary) -> Iterator[Failure]:
    """Yield a failure for each pattern, and each branch of its alternatives, that no example needs."""
    shown = [(undress(line)[0], example.hints) for example in file.examples for line in _taken(example)]
    lines = [marked(line, hints) if file.rule.kind == "hint" else line for line, hints in shown]
    for field in [name for name, field in KINDS[file.rule.kind].fields.items() if field.type == "patterns"]:
        candidates = _parts_of(lines) if field == "between" else lines
        for language, patterns in file.rule.spec[field].items():
            for pattern in patterns:
                for what in _unmet_in(pattern, candidates, vocabulary):
                    yield Failure(file.path, f"{field}.{language}", f"no example needs {what}")


def _unmet_in(pattern: Pattern, lines: Iterable[str], vocabulary: Vocabulary) -> Iterator[str]:
    matched = [line for line in lines if pattern.fullmatch(line)]
    if not matched:
        yield f"the pattern {pattern.source!r}"
        return
    instrumented, branches = instrument(pattern.source)
    if not branches:
        return
    compiled = regex.compile(vocabulary.expand(instrumented, pattern.language), regex.IGNORECASE | regex.VERSION0)
    met: set[str] = set()
    for line in matched:
        found: Any = compiled.fullmatch(line)
        met |= {name for name, text in found.groupdict().items() if text is not None} if found else set()
    for name, branch in branches.items():
        if name not in met:
            yield f"the branch {branch!r} of {pattern.source!r}"


def _parts_of(lines: Sequence[str]) -> list[str]:
    """Return every part of some lines that begins and ends at the edge of a word, as the text between two copies does."""
    parts: set[str] = set()
    for line in lines:
        cuts = [
            0,
            *(at for at in range(1, len(line)) if not line[at].isalnum() or not line[at - 1].isalnum()),
            len(line),
        ]
        parts |= {line[a:b].strip() for a in cuts for b in cuts if 0 < b - a <= _LONGEST_BETWEEN}
    return sorted(parts)


def instrument(source: str) -> tuple[str, dict[str, str]]:
    """Return a pattern with a named group around every branch of its alternatives, and the branches by name.

    Branches inside look-arounds are left alone: a group there shows nothing.
    """
    branches: dict[str, str] = {}
    # Each open bracket: where its content starts, where its bars are, and whether its branches count.
    stack: list[tuple[int, list[int], bool]] = [(0, [], True)]
    inserts: list[tuple[int, int, str]] = []
    at = 0

    def close(end: int) -> None:
        start, bars, counts = stack.pop()
        if bars and counts:
            edges = [start - 1, *bars, end]
            for left, right in pairwise(edges):
                name = f"branch{len(branches)}"
                branches[name] = source[left + 1 : right]
                inserts.append((left + 1, 0, f"(?P<{name}>"))
                inserts.append((right, -1, ")"))

    while at < len(source):
        char = source[at]
        if char == "\\":
            at += 2
            continue
        if char == "[":
            at += 1
            if source[at] == "^":
                at += 1
            if source[at] == "]":
                at += 1
            while source[at] != "]":
                at += 2 if source[at] == "\\" else 1
        elif char == "(":
            rest = source[at + 1 :]
            mark = ""
            if rest.startswith("?"):
                mark = next((m for m in ("?=", "?!", "?<=", "?<!", "?&") if rest.startswith(m)), "")
                if not mark:
                    mark = rest[: min(i for i in (rest.find(":"), rest.find(">")) if i >= 0) + 1]
            counts = stack[-1][2] and mark not in ("?=", "?!", "?<=", "?<!")
            at += len(mark)
            stack.append((at + 1, [], counts))
        elif char == ")":
            close(at)
        elif char == "|":
            stack[-1][1].append(at)
        at += 1
    close(len(source))
    # At one place, closings come before openings, and an inner closing before an outer one.
    pieces: list[str] = []
    last = 0
    for place, _, text in sorted(inserts, key=lambda insert: (insert[0], insert[1])):
        pieces.extend((source[last:place], text))
        last = place
    return "".join([*pieces, source[last:]]), branches
