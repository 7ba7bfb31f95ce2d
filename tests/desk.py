"""A folder with the files that the commands and examples of the documentation use."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.conftest import ROOT
from tests.made_up_site import documents

COUNCIL = """\
-13.7 C
Thursday, March 23, 2023
Council votes for the new bridge
The council voted on Monday to build a bridge across the harbour, which people have talked about for twenty years.
Photo: Jane Doe/Reuters
The mayor did not leave a reply on the protesters’ door, as her office had promised.
Leave a Reply
Your email address will not be published.
Source link
"""
HARBOUR = """\
The harbour froze for the first time in thirty years
Fishermen walked to their boats over the ice on Tuesday, and children skated between the piers until it was dark.
The port authority closed the northern basin and asked owners to move their boats.
Related Articles
Subscribe to our newsletter
"""
POLISH = """\
Rada głosowała w poniedziałek nad budową mostu przez port.
Wyślij do sąsiada
Twój adres e-mail nie zostanie opublikowany.
"""
PAGE = """\
<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>
<body><nav><a href="/">Home</a> <a href="/news">News</a> <a href="/sport">Sport</a></nav>
<article><h1>{title}</h1>
{paragraphs}
<p>Photo: Jane Doe/Reuters</p>
<p>Sign up for our newsletter</p>
<p>Your email address will not be published.</p></article>
<footer>Copyright 2023 The Gazette. All rights reserved.</footer></body></html>
"""


def _page(text: str) -> str:
    title, *lines = text.splitlines()
    return PAGE.format(title=title, paragraphs="\n".join([f"<p>{line}</p>" for line in lines]))


def furnish(folder: Path) -> Path:
    """Write the files below a folder, and return the one in which commands run."""
    desk = folder / "desk"
    for path, text in {
        "article.txt": COUNCIL,
        "dirty.txt": HARBOUR,
        "texts/council.txt": COUNCIL,
        "texts/harbour.txt": HARBOUR,
        "pages/council.html": _page("\n".join(COUNCIL.splitlines()[2:4] + COUNCIL.splitlines()[5:6])),
        "pages/harbour.html": _page("\n".join(HARBOUR.splitlines()[:3])),
        "crawl.jsonl": _lines([{"id": 1, "url": "https://gazette.example/1", "html": _page(HARBOUR)}]),
        "dirty.jsonl": _lines([{"id": 1, "text": COUNCIL}, {"id": 2, "text": HARBOUR}]),
        "documents/gazette.jsonl": _lines(documents(12)),
        "artykul.txt": POLISH,
        "table.csv": "name,year,votes\nDoe,2021,12\nRoe,2022,13\nPoe,2023,14\n",
    }.items():
        (desk / path).parent.mkdir(parents=True, exist_ok=True)
        (desk / path).write_text(text, encoding="utf-8")
    (desk / "latin.txt").write_bytes("Käse\n".encode("latin-1"))
    shutil.copytree(ROOT / "seeds" / "raw", desk / "seeds" / "raw")
    # A part of the rules, and those of another checkout, with which an example compares.
    for rules in (desk / "rules", folder / "main" / "rules"):
        for part in ("vocabulary", "comments"):
            shutil.copytree(ROOT / "rules" / part, rules / part)
    return desk


def _lines(records: Iterable[Any]) -> str:
    return "".join([json.dumps(record, ensure_ascii=False) + "\n" for record in records])
