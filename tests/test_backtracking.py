"""No expression of this package needs more than linear work, whatever the text: counted, for every expression there is."""

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

import cleaner
from tests.backtracking import MOST_STEPS, Matcher, TooManySteps, hurting, parsed

ROOT = Path(cleaner.__file__).parent
SMALL, TIMES = 32, 4
# Quadratic work would be sixteen times as much.
MOST = 6
FEW = 400  # steps: what is less may be what every text costs


class Expression(NamedTuple):
    name: str
    source: str
    from_every_place: bool


def _expressions() -> Iterator[Expression]:
    for info in pkgutil.walk_packages([str(ROOT)], "cleaner."):
        path = ROOT.parent.joinpath(*info.name.split(".")).with_suffix(".py")
        if info.ispkg or "integrations" in info.name or not path.is_file():
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        matched = _names_that(tree, {"match", "fullmatch"})
        searched = _names_that(tree, {"search", "sub", "findall", "finditer", "split"})
        for name, value in vars(importlib.import_module(info.name)).items():
            if isinstance(value, re.Pattern) or type(value).__name__ == "_Expression":
                source = value.pattern
                text = source.decode("latin-1") if isinstance(source, bytes) else source
                yield Expression(f"{info.name}.{name}", text, name in searched or name not in matched)


def _names_that(tree: ast.AST, methods: set[str]) -> set[str]:
    """Return the names of which one of some methods is used."""
    return {
        node.value.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in methods and isinstance(node.value, ast.Name)
    }


EXPRESSIONS = list(_expressions())


def steps(source: str, text: str, *, from_every_place: bool) -> int:
    matcher = Matcher(text)
    with suppress(TooManySteps):
        matcher.search(parsed(source), from_every_place=from_every_place)
    return matcher.steps


@pytest.fixture(autouse=True)
def deep() -> Iterator[None]:
    """The matcher recurses once for every node that it has gone through."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(50_000)
    yield
    sys.setrecursionlimit(before)


def worst_growth(source: str, *, from_every_place: bool) -> tuple[float, str]:
    """Return how many times the work is when the text that hurts most is TIMES as long, and that text.

    What takes MOST_STEPS on a short text already is infinitely worse.
    """
    found = (0.0, "")
    tree = parsed(source)
    for small, large in zip(hurting(tree, SMALL), hurting(tree, SMALL * TIMES), strict=True):
        few = steps(source, small, from_every_place=from_every_place)
        if few > MOST_STEPS:
            return math.inf, small
        many = steps(source, large, from_every_place=from_every_place)
        found = max(found, (many / max(few, FEW), small))
    return found


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


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=lambda expression: expression.name)
def test_expressions_are_linear(expression: Expression) -> None:
    growth, text = worst_growth(expression.source, from_every_place=expression.from_every_place)
    assert growth <= MOST, f"{expression.source!r} takes {growth:.0f} times the work on {TIMES} times {text!r}"


def test_every_expression_has_a_name() -> None:
    """What is compiled where it is used would not be seen above."""
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner, name = node.func.value, node.func.attr
                if isinstance(owner, ast.Name) and owner.id == "re":
                    assert name in ("compile", "escape"), f"{path}:{node.lineno}: give the expression a name"


HUNG = [
    ("a" + "*" * 5000 + ".", {}),
    ("Signature:" + "_" * 32 + " Date:" + "_" * 14 + " (dd/mm)", {}),
    ("[a](b)" + " |" * 50_000 + " .", {}),
    ("Some text.", {"author": "a" + " " * 500_000 + "b"}),
    ("Some text.", {"title": "a" + "." * 500_000 + "b"}),
]


@pytest.mark.parametrize(("text", "hints"), HUNG, ids=lambda value: str(value)[:20])
def test_texts_that_once_hung(text: str, hints: dict[str, str]) -> None:
    """Each took minutes, or would not have ended at all."""
    assert cleaner.clean(text, **hints) == text
