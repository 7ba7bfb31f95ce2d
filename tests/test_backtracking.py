"""No expression and no pattern backtracks without end: each is matched against the lines that hurt it, and its steps are counted."""

from __future__ import annotations

import ast
import importlib
import math
import pkgutil
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest
import regex

import cleaner
from cleaner.matching.patterns import Pattern
from cleaner.rules.files import rule_paths
from cleaner.rules.ruleset import rules_folder
from cleaner.text.lines import undress
from tests.backtracking import MOST_STEPS, Matcher, TooManySteps, parsed
from tests.counted_work import counting_steps
from tests.hurting_texts import hurting, hurting_lines
from tests.own_rules import own_pattern
from tests.rule_lines import files_by_path, patterns_of, vocabulary

CODE = Path(cleaner.__file__).parent

# --- Expressions of the code -----------------------------------------------------------------------------------------

SMALL, TIMES = 32, 4
# Quadratic work would be sixteen times as much.
MOST = 6
FEW = 400  # steps: fewer may be the cost of any text


class Expression(NamedTuple):
    name: str
    source: str
    from_every_place: bool


def modules() -> list[str]:
    """Return the modules that can be imported whatever packages are installed."""
    found = [info.name for info in pkgutil.walk_packages([str(CODE)], "cleaner.") if not info.ispkg]
    return [name for name in found if "integrations" not in name and not name.endswith("__main__")]


def expressions_of(module: str) -> Iterator[Expression]:
    tree = ast.parse(CODE.parent.joinpath(*module.split(".")).with_suffix(".py").read_text(encoding="utf-8"))
    matched = _names_that(tree, {"match", "fullmatch"})
    searched = _names_that(tree, {"search", "sub", "findall", "finditer", "split"})
    for name, value in vars(importlib.import_module(module)).items():
        if isinstance(value, re.Pattern):
            source = value.pattern.decode("latin-1") if isinstance(value.pattern, bytes) else value.pattern
            yield Expression(name, source, name in searched or name not in matched)


def _names_that(tree: ast.AST, methods: set[str]) -> set[str]:
    """Return the names on which one of some methods is called."""
    return {
        node.value.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in methods and isinstance(node.value, ast.Name)
    }


def steps_of(source: str, text: str, *, from_every_place: bool) -> int:
    matcher = Matcher(text)
    with suppress(TooManySteps):
        matcher.search(parsed(source), from_every_place=from_every_place)
    return matcher.steps


@pytest.fixture
def deep() -> Iterator[None]:
    """The matcher recurses once for every node that it has gone through."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(50_000)
    yield
    sys.setrecursionlimit(before)


def worst_growth(source: str, *, from_every_place: bool) -> tuple[float, str]:
    """Return the factor by which the work grows if the text that hurts most is TIMES as long, and that text.

    An expression that takes MOST_STEPS on a short text is infinitely worse.
    """
    found = (0.0, "")
    tree = parsed(source)
    for small, large in zip(hurting(tree, SMALL), hurting(tree, SMALL * TIMES), strict=True):
        few = steps_of(source, small, from_every_place=from_every_place)
        if few > MOST_STEPS:
            return math.inf, small
        many = steps_of(source, large, from_every_place=from_every_place)
        found = max(found, (many / max(few, FEW), small))
    return found


@pytest.mark.usefixtures("deep")
@pytest.mark.parametrize(
    ("source", "from_every_place"),
    [
        (r"(?:\s+(?:#{1,6}|\|)|[*_]{1,3})+$", True),
        (r"(?:a|aa)+c", False),
        (r"[\W_]+$", True),
        (r"\s*;\s*", True),
        (r"(?:x+x+)+y", False),
    ],
)
def test_an_expression_that_is_slow_is_seen(source: str, from_every_place: bool) -> None:
    assert worst_growth(source, from_every_place=from_every_place)[0] > MOST


@pytest.mark.usefixtures("deep")
@pytest.mark.parametrize("module", modules())
def test_expressions_are_linear(module: str) -> None:
    for name, source, from_every_place in expressions_of(module):
        growth, text = worst_growth(source, from_every_place=from_every_place)
        assert growth <= MOST, f"{name} = {source!r} takes {growth:.0f} times the work on {TIMES} times {text!r}"


def test_every_expression_has_a_name() -> None:
    """An expression that is compiled where it is used would be missed above."""
    seen = 0
    for path in CODE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner, name = node.func.value, node.func.attr
                if isinstance(owner, ast.Name) and owner.id == "re":
                    assert name in ("compile", "escape"), f"{path}:{node.lineno}: give the expression a name"
                    seen += name == "compile"
    named = [expression for module in modules() for expression in expressions_of(module)]
    assert 20 < seen <= len(named)


# --- Patterns of rules -----------------------------------------------------------------------------------------------

LINE = 600  # code points: patterns are tried on no line that is much longer
STEPS = 200  # for a code point, at most; few patterns need more than ten, and how many varies with the order of sets
# Rules whose patterns need more and have to be fixed.
KNOWN = {
    "bylines/author-label",
    "bylines/by-line",
    "bylines/person-and-date",
    "bylines/role-line",
    "datelines/published-line",
    "footers/agency-credit",
    "navigation/breadcrumb",
    "weather/name-day",
}
# The quick run takes one rule in this many.
SOME = 12


def stretched(model: str) -> Iterator[str]:
    """Yield lines of about one length: a line with a part of it over and over, and a last character that no pattern wants."""
    for unit in ("Aa ", "Aa Bb, ", "1 ", ". ", "a", "1"):
        yield _filled(unit)
    words, room = model.split(), max(0, LINE - len(model))
    yield _filled(f"{model} ")
    yield _filled(f"{model}, ")
    for place in {len(words) // 3, len(words) - 1}:
        word = words[place]
        yield " ".join([*words[:place], *[word] * (room // (len(word) + 1)), *words[place:]]) + "~"
    for place in (len(model) // 2, len(model) - 1):
        yield f"{model[:place]}{model[place] * room}{model[place:]}~"


def _filled(unit: str) -> str:
    return (unit * (LINE // len(unit) + 1))[:LINE] + "~"


def slow_lines(patterns: list[Pattern], models: list[str]) -> list[str]:
    """Return the patterns that take too many steps."""
    found = []
    with counting_steps() as count:
        for pattern in patterns:
            model = next((line for line in models if pattern.fullmatch(line)), "")
            lines = {*hurting_lines(pattern, vocabulary(), LINE), *(stretched(model) if model else ())}
            for line in sorted(lines):
                if (steps := count(pattern.compile(), line)) > STEPS * LINE:
                    found.append(f"{pattern.language}: {steps} steps: {pattern.source!r} on {line[:60]!r}")
                    break
    return found


pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="counts by signals")


def test_a_pattern_that_is_slow_is_seen() -> None:
    for source in ("(a|aa)+c", r"a(?:(?:\w|\w\w)+[.])?", r"x:(?: ?,? ?\S{1,20}){0,9}"):
        assert slow_lines([own_pattern(source)], []), source
    with counting_steps() as count:
        assert count(regex.compile("[a-z ]+x"), "a" * LINE) < STEPS * LINE


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(
            path,
            id=path.relative_to(rules_folder()).with_suffix("").as_posix(),
            marks=[] if place % SOME == 1 else pytest.mark.all,
        )
        for place, path in enumerate(rule_paths(rules_folder())[1])
    ],
)
def test_no_pattern_of_a_rule_takes_many_steps_on_a_line(path: Path) -> None:
    """The time limit is for cases that these tests miss."""
    for file in files_by_path()[path]:
        models = [undress(line)[0] for example in file.examples for line in example.of("drop") + example.of("trim")]
        slow = slow_lines(list(patterns_of(file)), models)
        assert not slow or file.rule.id in KNOWN, "\n".join(slow)


@pytest.mark.all
def test_no_piece_of_the_vocabulary_takes_many_steps_on_a_line() -> None:
    pieces = vocabulary()
    patterns = [
        own_pattern(f"(?&{name})", pieces=pieces) for name, piece in pieces.pieces.items() if isinstance(piece, str)
    ]
    assert patterns
    slow = slow_lines(patterns, [])
    assert not slow, "\n".join(slow)
