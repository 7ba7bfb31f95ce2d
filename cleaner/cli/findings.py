"""What the filter says of findings: as text, as JSON, for GitHub, as SARIF; and the sum of all."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from cleaner.cli.messages import printable
from cleaner.cli.terminal import is_coloured, paint
from cleaner.model import NORMALIZE, Explanation, Finding
from cleaner.rules.loading import identity
from cleaner.text.printing import json_text
from cleaner.version import __version__

FORMATS = ("text", "json", "jsonl", "github", "sarif")
# Families that the last line names.
_NAMED = 4


class Place(NamedTuple):
    """Where a document is: its file, and its line there if it is one of many."""

    path: str
    record: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.record}" if self.record else self.path


def is_whitespace(finding: Finding) -> bool:
    """Tell whether nothing but spaces was repaired in a line."""
    return finding.rule == NORMALIZE and "".join(finding.text.split()) == "".join(finding.replacement.split())


class Told:
    """What was found so far, in numbers."""

    def __init__(self) -> None:
        self.documents = self.touched = self.whitespace = self.characters = 0
        self.rules: Counter[str] = Counter()

    def count(self, explained: Explanation) -> None:
        """Count a document. One that stays whole loses nothing."""
        self.documents += 1
        if explained.flagged:
            return
        taken = explained.taken
        self.touched += bool(taken)
        self.rules.update([finding.rule for finding in taken])
        repairs = [is_whitespace(finding) for finding in explained.by_line if finding.rule == NORMALIZE]
        self.whitespace += sum(repairs)
        self.characters += len(repairs) - sum(repairs)

    def said(self, is_done: bool, noun: str) -> str:
        """Return the sum in a sentence: "11 lines in 1 of 5 files would go (comments 3, bios 3, …)"."""
        go, repair = ("went", "repaired") if is_done else ("would go", "would be repaired")
        nouns = f"{self.documents:,} {noun}{'' if self.documents == 1 else 's'}"
        parts = []
        if lines := self.rules.total():
            families = Counter[str]()
            for rule, count in self.rules.items():
                families[rule.split("/")[0]] += count
            named = [f"{family} {count:,}" for family, count in families.most_common(_NAMED)]
            more = ", …" if len(families) > _NAMED else ""
            parts.append(f"{_lines(lines)} in {self.touched:,} of {nouns} {go} ({', '.join(named)}{more})")
        counts = ((self.whitespace, "whitespace"), (self.characters, "characters"))
        if repairs := [f"{what} in {_lines(count)}" for count, what in counts if count]:
            parts.append(f"{' and '.join(repairs)} {repair}")
        return "; ".join(parts) or f"nothing {'changed' if is_done else 'would change'} in {nouns}"

    def statistics(self) -> list[tuple[str, int]]:
        """Return how many lines each rule took, the most first."""
        found = sorted(self.rules.items(), key=lambda item: (-item[1], item[0]))
        repairs = [("normalize (whitespace)", self.whitespace), ("normalize (characters)", self.characters)]
        return [*found, *[item for item in repairs if item[1]]]


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count:,} lines"


class Teller:
    """Prints findings in one format; ``end`` comes after the last.

    ``repairs`` lists lines in which only whitespace is repaired, too; what is made for programs has them anyway.
    """

    # Where the rules are that are not built in.
    own: Sequence[str] = ()

    def __init__(self, stream: Any, repairs: bool) -> None:
        self.stream = stream
        self.lists_whitespace = repairs

    def tell(self, place: Place, explained: Explanation) -> None:
        """Print the findings of a document."""
        for finding in explained.by_line:
            if self.lists_whitespace or not is_whitespace(finding):
                self.one(place, finding)

    def one(self, place: Place, finding: Finding) -> None:
        """Print a finding."""
        raise NotImplementedError

    def end(self) -> None:
        """Print what comes after all findings."""

    def say(self, line: str) -> None:
        """Print a line."""
        print(line, file=self.stream)


class _Text(Teller):
    def __init__(self, stream: Any, repairs: bool) -> None:
        super().__init__(stream, repairs)
        self._colour = is_coloured(stream)

    def tell(self, place: Place, explained: Explanation) -> None:
        super().tell(place, explained)
        spaces = sum(map(is_whitespace, explained.by_line))
        if spaces and not self.lists_whitespace:
            self.say(
                f"{self._paint(printable(str(place)), 'path')}: {self._paint(NORMALIZE, 'rule')}: whitespace in {_lines(spaces)}"
            )

    def one(self, place: Place, finding: Finding) -> None:
        left = f" => {self._paint(printable(finding.replacement), 'stays')}" if finding.replacement else ""
        where = f"{self._paint(printable(str(place)), 'path')}:{self._paint(str(finding.line), 'line')}"
        self.say(f"{where}: {self._paint(finding.rule, 'rule')}: {self._paint(printable(finding.text), 'gone')}{left}")

    def _paint(self, text: str, style: str) -> str:
        return paint(text, style, self._colour)


def _record(place: Place, finding: Finding) -> dict[str, Any]:
    return {"path": place.path, **({"record": place.record} if place.record else {}), **finding._asdict()}


class _JsonLines(Teller):
    def __init__(self, stream: Any, repairs: bool) -> None:
        super().__init__(stream, True)

    def one(self, place: Place, finding: Finding) -> None:
        self.say(json_text(_record(place, finding)))


class _Json(_JsonLines):
    _count = 0

    def one(self, place: Place, finding: Finding) -> None:
        self.say(("," if self._count else "[") + json_text(_record(place, finding)))
        self._count += 1

    def end(self) -> None:
        self.say("]" if self._count else "[]")


class _GitHub(Teller):
    """Annotations of GitHub Actions: workflow commands, in which some characters are escaped."""

    def one(self, place: Place, finding: Finding) -> None:
        line = place.record or finding.line
        what = f"{finding.text} => {finding.replacement}" if finding.replacement else finding.text
        told = f"line {finding.line} of the document: {what}" if place.record else what
        self.say(f"::warning file={_property(place.path)},line={line},title={_property(finding.rule)}::{_data(told)}")


def _data(text: str) -> str:
    return printable(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


class _Sarif(Teller):
    """SARIF 2.1.0, one document for all findings."""

    def __init__(self, stream: Any, repairs: bool) -> None:
        super().__init__(stream, repairs)
        self._results: list[dict[str, Any]] = []

    def one(self, place: Place, finding: Finding) -> None:
        region: dict[str, Any] = {"startLine": place.record or finding.line}
        if not place.record:
            region |= {"startColumn": 1, "endColumn": len(finding.text) + 1, "snippet": {"text": finding.text}}
        said = f"becomes {finding.replacement!r}" if finding.replacement else "goes"
        self._results.append(
            {
                "ruleId": finding.rule,
                "level": "note" if finding.rule == NORMALIZE else "warning",
                "message": {"text": f"{finding.text!r} {said}"},
                "locations": [
                    {
                        "physicalLocation": {
                            "artifactLocation": {"uri": _uri(place.path)},
                            "region": region,
                        }
                    }
                ],
            }
        )

    def _reasons(self, rules: Sequence[str]) -> Mapping[str, Any]:
        from cleaner.reporting.reasons import reasons

        return reasons(rules, self.own) if rules else {}

    def end(self) -> None:
        rules = sorted({result["ruleId"] for result in self._results})
        reasons = self._reasons(rules)
        log = {
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [
                {
                    "tool": {
                        "driver": {
                            "name": "boilerplate-cleaner",
                            "semanticVersion": __version__,
                            "version": identity(self.own),
                            "rules": [_described(rule, reasons) for rule in rules],
                        }
                    },
                    # Columns count code points, as Python does.
                    "columnKind": "unicodeCodePoints",
                    "results": self._results,
                }
            ],
        }
        self.say(json_text(log, indent=1))


def _described(rule: str, reasons: Mapping[str, Any]) -> dict[str, Any]:
    if rule not in reasons:
        return {"id": rule}
    why, price = reasons[rule].why, reasons[rule].price
    first, *rest = " ".join(why).split(". ", 1)
    full = " ".join([*why, f"Price: {price}"] if price else why)
    return {"id": rule, "shortDescription": {"text": first + "." * bool(rest)}, "fullDescription": {"text": full}}


def _uri(path: str) -> str:
    from urllib.parse import quote

    return quote(path.replace(os.sep, "/"), errors="surrogatepass" if path.isprintable() else "replace")


_TELLERS: dict[str, type[Teller]] = {
    "text": _Text,
    "json": _Json,
    "jsonl": _JsonLines,
    "github": _GitHub,
    "sarif": _Sarif,
}


def teller(form: str, stream: Any, repairs: bool, own: Sequence[str]) -> Teller:
    """Return what prints findings in a format to a stream; ``own`` are the user's rules."""
    made = _TELLERS[form](stream, repairs)
    made.own = own
    return made
