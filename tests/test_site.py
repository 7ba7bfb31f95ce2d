"""The pages of the site that are made from the code, and its navigation; CI builds all of it with ``mkdocs build --strict``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from cleaner.cli.commands import SUBCOMMANDS, parser_of
from cleaner.settings import TYPES
from docs.making import generated, walk
from tests.conftest import ROOT
from tests.desk import COUNCIL


class _Loader(yaml.SafeLoader):
    """Reads mkdocs.yml, which may have tags of MkDocs."""


def _named(entry: Any) -> Iterator[str]:
    if isinstance(entry, str):
        yield entry
    else:
        for below in entry.values() if isinstance(entry, dict) else entry:
            yield from _named(below)


def test_every_page_is_in_the_navigation() -> None:
    config = yaml.load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), _Loader)
    named = set(_named(config["nav"]))
    written = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    made = {path for path in generated.paths() if not path.startswith("rules/") or path == "rules/index.md"}
    assert written | made <= named
    assert len(named) == len(list(_named(config["nav"])))


def test_the_diagram_shows_every_part_of_the_package() -> None:
    parts = {
        path.stem for path in (ROOT / "cleaner").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    shown = [name for names, _ in generated.floors() for name in names]
    assert sorted(shown) == sorted(parts - {"__init__", "__main__"})


@pytest.mark.parametrize("command", ["filter", *SUBCOMMANDS])
def test_every_option_is_on_the_page_of_commands(command: str) -> None:
    page = generated.command_page()
    assert "%(" not in page
    for action in parser_of(command)._actions:
        for name in action.option_strings:
            assert name in ("-h", "--help") or re.search(rf"`{name}[ `]", page), name


def test_every_setting_is_on_its_page() -> None:
    page = generated.settings_page()
    assert all([f"| `{name}` |" in page for name in TYPES])


def test_a_text_is_followed_as_the_tool_tells_it() -> None:
    rows = re.findall(r"^\| (\d+) \| .* \| (goes|stays) \| (.*) \|$", walk.table(COUNCIL.rstrip("\n")), re.MULTILINE)
    assert [number for number, verdict, _ in rows if verdict == "goes"] == ["1", "2", "5", "7", "8", "9"]
    assert rows[6][2] == "`comments/reply-heading` (fair)"
    page = (ROOT / "docs" / "how-it-decides.md").read_text(encoding="utf-8")
    assert walk.filled(page) != page


def test_docstrings_are_markdown() -> None:
    pytest.importorskip("griffe", reason="needs the packages of the site: pip install -e '.[docs]'")
    from docs.making.docstrings import markdown

    lists = "``preset``\n    The name\n    of a choice.\n``keep``, ``drop``\n    Lines.\n"
    assert markdown(f"Choose rules.\n\n{lists}\nSee :class:`cleaner.Cleaner`.\n").split("\n\n") == [
        "Choose rules.",
        "\n- ``preset``: The name of a choice.",
        "- ``keep``, ``drop``: Lines.",
        "See `cleaner.Cleaner`.\n",
    ]


@pytest.mark.parametrize(
    ("page", "link", "leads"),
    [
        ("hooks.md", "(reference.md#the-filter)", "(reference.md#the-filter)"),
        ("tutorials/corpus.md", "(../corpora.md)", "(../corpora.md)"),
        ("tutorials/phrases.md", "(../../CONTRIBUTING.md#a)", "(../contributing.md#a)"),
        ("how-it-decides.md", "(../rules/README.md)", "(rules/index.md)"),
        ("contributing.md", "(docs/how-it-decides.md)", "(how-it-decides.md)"),
        ("measurements.md", "(../benchmarks/corpora.py)", "(https://example.org/blob/main/benchmarks/corpora.py)"),
        ("measurements.md", "(https://example.com/a)", "(https://example.com/a)"),
        ("hooks.md", "(#here)", "(#here)"),
    ],
)
def test_links_lead_to_the_site_or_the_repository(page: str, link: str, leads: str) -> None:
    pytest.importorskip("mkdocs", reason="needs the packages of the site: pip install -e '.[docs]'")
    from docs.making.hooks import on_page_markdown

    config = SimpleNamespace(extra={"source": "https://example.org"})
    shown = on_page_markdown(
        f"[a]{link} `[a]{link}`", page=SimpleNamespace(file=SimpleNamespace(src_uri=page)), config=config
    )
    assert shown == f"[a]{leads} `[a]{link}`"
