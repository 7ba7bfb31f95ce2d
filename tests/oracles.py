"""What must hold for every text and every setting, in one call; properties, other projects' cases and the fuzzing ask it."""

from __future__ import annotations

from cleaner import Cleaner, Explanation, normalize
from cleaner.engine.findings import replay
from cleaner.engine.passes import PASSES
from cleaner.model import WHITESPACE
from cleaner.text.normalizing import normalized


def check_cleaning(
    cleaner: Cleaner, text: str, title: str | None = None, author: str | None = None, site: str | None = None
) -> Explanation:
    """Assert every promise about one text, and return what cleaning says of it."""
    explained = cleaner.explain(text, title, author, site)
    cleaned = explained.text
    assert cleaner.clean(text, title, author, site) == cleaned, "clean and explain differ"
    assert cleaner.clean(cleaned, title, author, site) == cleaned, "cleaning is not idempotent"
    assert replay(text, explained) == cleaned, "the findings do not make the text"
    assert explained.changed == (cleaned != "\n".join(text.splitlines())), "it is told wrongly whether the text changed"
    cleaned.encode()  # no lone surrogate is left
    _check_findings(text, explained)
    _check_lines(text, explained)
    return explained


def _check_findings(text: str, explained: Explanation) -> None:
    lines = text.splitlines()
    numbers = [finding.line for finding in explained.findings]
    assert numbers == sorted(numbers), "the findings are out of order"
    assert max([numbers.count(number) for number in set(numbers)], default=0) <= PASSES, "more findings than passes"
    for finding in explained.findings:
        assert text[finding.start : finding.end] == finding.text == lines[finding.line - 1], "a span is wrong"
        assert "\n" not in finding.replacement, "a replacement has several lines"


def _check_lines(text: str, explained: Explanation) -> None:
    normal = normalized(text, explained.whitespace)
    trims = {finding.replacement for finding in explained.findings if finding.replacement}
    rest = iter([normal.lines[index] for index in normal.kept])
    for line in explained.text.split("\n") if explained.text else []:
        assert line in trims or any(line == other for other in rest), (
            f"{line!r} is no line of the text, or out of order"
        )


def check_normalizing(text: str) -> str:
    """Assert every promise about the repair of a text, and return the repaired text."""
    for whitespace in WHITESPACE:
        once = normalize(text, whitespace)
        assert normalize(once, whitespace) == once, f"normalizing is not idempotent: whitespace={whitespace}"
        once.encode()
    guarded, plain = normalized(text), normalized(text, guarded=False)
    assert guarded[:2] == plain[:2] or (guarded.lines[:-1] == plain.lines and guarded.lines[-1:] == [""])
    return normalize(text)
