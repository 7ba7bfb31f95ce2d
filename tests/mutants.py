"""Change the code in one place at a time, and see whether a test notices: `python -m tests.mutants --count 100`.

The changes are those of cosmic-ray (`pip install cosmic-ray`), a sample of them: places are drawn by a seed, and one change for each. A
mutant is tried in a copy of the repository, by a process that is forked from one which has loaded all but this package, so it costs
seconds. What survives is printed to be read: it lacks a test, or has no effect, or is a bound for which one more or less is as good.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import resource
import shutil
import sys
import tempfile
from collections.abc import Iterator
from difflib import unified_diff
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
# The tests of each folder come first, those of what is built on it after them.
FIRST = {
    "text": ("lines", "layout", "folding", "normalizing", "printing"),
    "matching": ("limits", "literals", "patterns", "prefilter", "store", "rulefile"),
    "kinds": ("kinds", "frames", "runs", "below", "pages"),
    "engine": ("content", "evidence", "engine", "kept"),
}
REST = (
    "seeds",
    "kinds",
    "content",
    "evidence",
    "engine",
    "kept",
    "normalizing",
    "rules",
    "real_texts",
    "site",
    "properties",
)
# Processor time of one mutant, in seconds, after which it counts as caught: it may run for ever.
_SECONDS = 600
# Loaded before processes are forked.
_BEFORE = (
    "hypothesis",
    "hypothesis.stateful",
    "regex",
    "ftfy",
    "tomlkit",
    "ahocorasick_rs",
    "platformdirs",
    "jsonschema",
    "trafilatura",
)


class Place(NamedTuple):
    """A place of a file that can be changed, and the changes: an operator of cosmic-ray, and which of its places this is."""

    path: Path
    changes: list[tuple[str, int]]


def places(folders: list[str]) -> Iterator[Place]:
    """Yield the places of some folders that can be changed."""
    from cosmic_ray import plugins
    from cosmic_ray.ast import ast_nodes, get_ast

    operators = {name: plugins.get_operator(name) for name in plugins.operator_names() if "/Variable" not in name}
    for path in sorted(path for folder in folders for path in (ROOT / "cleaner" / folder).glob("*.py")):
        nodes = list(ast_nodes(get_ast(path.read_text(encoding="utf-8"))))
        found: dict[tuple[object, ...], list[tuple[str, int]]] = {}
        for name, operator in operators.items():
            spots = [spot for node in nodes for spot in operator().mutation_positions(node)]
            for number, spot in enumerate(spots):
                found.setdefault((name.split("_")[0], *spot), []).append((name, number))
        yield from [Place(path, changes) for _, changes in sorted(found.items(), key=str)]


def mutated(place: Place, chance: random.Random) -> str | None:
    """Return a file with one change; None for one that is in an annotation, or no Python."""
    from cosmic_ray import plugins
    from cosmic_ray.mutating import mutate_code

    name, number = chance.choice(place.changes)
    source = place.path.read_text(encoding="utf-8")
    changed: str | None = mutate_code(source, plugins.get_operator(name)(), number)
    return changed if changed is not None and _bare(changed) not in ("", _bare(source)) else None


def _bare(source: str) -> str:
    """Return a module's syntax without annotations; "" for one that is none."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return ""
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.FunctionDef):
            node.returns = None
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(0)
    return ast.dump(tree)


def survives(copy: Path, folder: str) -> bool:
    """Run the tests in a process of their own; tell whether all of them pass."""
    child = os.fork()
    if child == 0:
        os.setsid()
        nothing = os.open(os.devnull, os.O_RDWR)
        for number in range(3):
            os.dup2(nothing, number)
        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
        os.chdir(copy)
        # Everything of the repository is imported from the copy, this package of tests, too.
        sys.path = [str(copy), *[entry for entry in sys.path if entry not in ("", str(ROOT))]]
        for name in [name for name in sys.modules if name.partition(".")[0] in ("cleaner", "tests")]:
            del sys.modules[name]
        os.environ["PYTHONPATH"] = str(copy)
        import pytest

        tests = [f"tests/test_{name}.py" for name in dict.fromkeys([*FIRST[folder], *REST])]
        os._exit(pytest.main(["-q", "-x", "-n0", *tests]))
    return os.waitpid(child, 0)[1] == 0


def main() -> int:
    """Try some mutants, print those that survive and how many were caught."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--count", type=int, default=20, metavar="N", help="how many mutants (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="for the choice (default: %(default)s)")
    parser.add_argument("--folder", choices=FIRST, action="append", help="change only this one (may be repeated)")
    given = parser.parse_args()
    sys.dont_write_bytecode = True
    chance = random.Random(given.seed)
    found = list(places(given.folder or list(FIRST)))
    chance.shuffle(found)
    for module in _BEFORE:
        import_module(module)
    tried = caught = 0
    with tempfile.TemporaryDirectory() as home:
        copy = Path(home, "copy")
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", ".*_cache", "__pycache__"))
        if not all([survives(copy, folder) for folder in given.folder or FIRST]):
            print("some tests fail without any change; run pytest")
            return 1
        for place in found:
            if tried == given.count:
                break
            if (changed := mutated(place, chance)) is None:
                continue
            name, source = place.path.relative_to(ROOT), place.path.read_text(encoding="utf-8")
            (copy / name).write_text(changed, encoding="utf-8")
            is_caught = not survives(copy, name.parts[1])
            (copy / name).write_text(source, encoding="utf-8")
            tried, caught = tried + 1, caught + is_caught
            if not is_caught:
                before, after = source.splitlines(), changed.splitlines()
                told = unified_diff(before, after, str(name), str(name), n=1, lineterm="")
                print("\n".join(["", *told]), flush=True)
    print(f"\n{caught} of {tried} mutants were caught")
    return 0


if __name__ == "__main__":
    sys.exit(main())
