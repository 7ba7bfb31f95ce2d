"""What a rule must prove by its own examples: the tests that are made from rule files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from cleaner.engine.passes import Engine
from cleaner.kinds import KINDS
from cleaner.text.lines import key, undress
from cleaner.model import Explanation, RuleError
from cleaner.text.normalizing import repair
from cleaner.matching.patterns import compile_pattern
from cleaner.rules.files import Example, RuleFile, read_folder
from cleaner.rules.loading import builtin_rules, rules_folder
from cleaner.matching.vocabulary import Vocabulary


class Failure(NamedTuple):
    """A promise that a rule file breaks, and where."""

    path: Path
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.path}: {self.where}: {self.what}"


class Suite(NamedTuple):
    """Rule files to be tested, and all rules that they must get along with."""

    files: list[RuleFile]
    vocabulary: Vocabulary
    everything: Engine

    def alone(self, file: RuleFile) -> Engine:
        """Return an engine of one rule."""
        return Engine([file.rule], None, self.vocabulary)


def suite(path: Path | None = None) -> Suite:
    """Read the rules below ``path``, or the built-in ones, for testing.

    Raises RuleError when a file cannot be used, or when an id is one of a built-in rule.
    """
    folder = Path(rules_folder())
    if path is None or path.resolve() == folder.resolve():
        files, vocabulary = read_folder(folder)
        return Suite(files, vocabulary, Engine([file.rule for file in files], None, vocabulary))
    builtin = builtin_rules()
    files, vocabulary = read_folder(path, builtin.vocabulary)
    if folder.resolve() not in path.resolve().parents:
        for file in files:
            if file.rule.id in builtin.rules:
                raise RuleError(f"{file.path}: the id {file.rule.id!r} is taken by a built-in rule; rename the file")
    rules = {**builtin.rules, **{file.rule.id: file.rule for file in files}}
    return Suite(files, vocabulary, Engine(rules.values(), None, vocabulary))


def failures(tested: Suite) -> Iterator[Failure]:
    """Go through everything that the rule files promise and do not keep."""
    for file in tested.files:
        alone = tested.alone(file)
        for example in file.examples:
            yield from _example_failures(file, example, alone, tested.everything)
        yield from _unmet_phrases(file)
        yield from _unmet_branches(file, tested.vocabulary)


def _example_failures(file: RuleFile, example: Example, alone: Engine, everything: Engine) -> Iterator[Failure]:
    where = f"examples.{example.language}"
    for line in example.lines:
        if line.text != repair(line.text):
            yield Failure(file.path, where, f"is not normalized: {line.text!r} would be {repair(line.text)!r}")
    site = next(iter(file.rule.spec.get("sites", ())), "")
    explained = alone.explain(example.text, example.title, example.author, None, site)
    yield from _differences(file, example, explained, where, "")
    if alone.explain(explained.text, example.title, example.author, None, site).findings:
        yield Failure(file.path, where, "the rule does not settle in one pass")
    together = everything.explain(example.text, example.title, example.author, None, site)
    yield from _differences(file, example, together, where, " when all rules work together")


def _differences(file: RuleFile, example: Example, explained: Explanation, where: str, how: str) -> Iterator[Failure]:
    left = {finding.line: (finding.replacement, finding.rule) for finding in explained.findings}
    for number, line in enumerate(example.lines, 1):
        now, rule = left.get(number, (line.text, ""))
        if now == line.left:
            continue
        place = f"{where}, line {number}"
        if line.verdict == "keep":
            yield Failure(file.path, place, f"{line.text!r} must stay but {rule} leaves {now!r} of it{how}")
        elif how and not now:
            continue  # another rule takes the whole line
        else:
            yield Failure(file.path, place, f"of {line.text!r} must be left {line.left!r}, not {now!r}{how}")


def _taken(file: RuleFile) -> list[str]:
    return [line for example in file.examples for line in example.of("drop") + example.of("trim")]


def _unmet_phrases(file: RuleFile) -> Iterator[Failure]:
    """Find phrases that no example in their language shows."""
    for language, phrases in (file.table.get("phrases") or {}).items():
        met = {key(line) for example in file.examples if example.language == language for line in example.of("drop")}
        for phrase in phrases:
            if key(phrase) not in met:
                yield Failure(file.path, f"phrases.{language}", f"no example in {language} drops {phrase!r}")


def _unmet_branches(file: RuleFile, vocabulary: Vocabulary) -> Iterator[Failure]:
    """Find patterns, and branches of their alternatives, that no example needs."""
    lines = [undress(line)[0] for line in _taken(file)]
    for field in [name for name, field in KINDS[file.rule.kind].fields.items() if field.type == "patterns"]:
        for language, patterns in (file.table.get(field) or {}).items():
            for source in patterns:
                matched = [
                    found for line in _candidates(lines, field) if (found := _match(source, line, language, vocabulary))
                ]
                if not matched:
                    yield Failure(file.path, f"{field}.{language}", f"no example needs the pattern {source!r}")
                    continue
                instrumented, branches = instrument(source)
                compiled = compile_pattern(_expanded(instrumented, language, vocabulary))
                met: set[str] = set()
                for found in matched:
                    again = compiled.fullmatch(found.string, found.start(), found.end())
                    met |= {name for name, text in again.groupdict().items() if text is not None} if again else set()
                for name, branch in branches.items():
                    if name not in met:
                        yield Failure(
                            file.path, f"{field}.{language}", f"no example needs the branch {branch!r} of {source!r}"
                        )


def _candidates(lines: Sequence[str], field: str) -> Iterable[str]:
    if field != "between":
        return lines
    # What stands between two copies is a part of the line: try every part that begins and ends at a word.
    parts: set[str] = set()
    for line in lines:
        cuts = [
            0,
            *(at for at in range(1, len(line)) if not line[at].isalnum() or not line[at - 1].isalnum()),
            len(line),
        ]
        parts |= {line[a:b].strip() for a in cuts for b in cuts if 0 < b - a <= 100}
    return sorted(parts)


def _match(source: str, line: str, language: str, vocabulary: Vocabulary) -> Any:
    return compile_pattern(_expanded(source, language, vocabulary)).fullmatch(line)


def _expanded(source: str, language: str, vocabulary: Vocabulary) -> str:
    return vocabulary.expand(source, (vocabulary.pieces, vocabulary.languages(language)))


def instrument(source: str) -> tuple[str, dict[str, str]]:
    """Return a pattern with a named group around every branch of its alternatives, and the branches by name.

    Branches inside look-arounds are left alone: a group there says nothing.
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
