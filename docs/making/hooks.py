"""The hooks that MkDocs calls: they add the made pages, lead links out of docs/ to the right place, and drop pages that are not there."""

from __future__ import annotations

import posixpath
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # MkDocs loads this as a file

from mkdocs.structure.files import File, Files

from docs.making import generated, walk

ROOT = generated.ROOT
_LINK = re.compile(r"(\]\()([^()\s]+)(\))")
_CODE = re.compile(r"(```.*?^\s*```|`[^`\n]+`)", re.DOTALL | re.MULTILINE)
# Pages of the site that are written elsewhere in the repository.
_ON_SITE = {**{source: page for page, source in generated.ROOT_PAGES.items()}, "rules/README.md": "rules/index.md"}


def on_config(config: Any) -> Any:
    """Take the addresses from pyproject.toml, and leave pages out of the navigation that are not there."""
    urls = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]
    # Not as repo_url: the theme would ask GitHub for its stars.
    config.extra["source"] = urls["Source"]
    config.extra["social"] = [{"icon": "fontawesome/brands/git-alt", "link": urls["Source"], "name": "Source"}]
    config.site_url = urls["Documentation"]
    there = generated.paths() | {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    config.nav = [entry for each in config.nav if (entry := _present(each, there)) is not None]
    return config


def _present(entry: Any, there: frozenset[str]) -> Any:
    if isinstance(entry, str):
        if entry == "rules/*":
            return sorted(path for path in there if re.fullmatch(r"rules/(?!index\b).*\.md", path))
        return entry if entry in there else None
    ((title, below),) = entry.items()
    if isinstance(below, str):
        return entry if below in there else None
    found: list[Any] = []
    for each in below:
        kept = _present(each, there)
        found += kept if isinstance(kept, list) else [kept] if kept is not None else []
    return {title: found}


def on_files(files: Files, config: Any) -> Files:
    """Add the made pages."""
    for path, content in generated.pages().items():
        files.append(File.generated(config, path, content=content))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, **_: Any) -> str:
    """Lead links to files of the repository to their page on the site, or else to the repository."""
    here = page.file.src_uri
    # Where the source of the page is in the repository, from which its links lead.
    source = generated.ROOT_PAGES.get(here, f"docs/{here}")

    def led(match: re.Match[str]) -> str:
        target, _, heading = match[2].partition("#")
        if not target or "://" in target or target.startswith("mailto:"):
            return match[0]
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
        anchor = f"#{heading}" if heading else ""
        if path in _ON_SITE:
            to = posixpath.relpath(_ON_SITE[path], posixpath.dirname(here) or ".")
        elif path.startswith("docs/"):
            to = posixpath.relpath(path.removeprefix("docs/"), posixpath.dirname(here) or ".")
        else:
            to = f"{config.extra['source']}/blob/main/{path}"
        return f"{match[1]}{to}{anchor}{match[3]}"

    parts = _CODE.split(markdown)
    parts[::2] = [_LINK.sub(led, part) for part in parts[::2]]
    return walk.filled("".join(parts))
