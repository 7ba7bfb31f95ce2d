"""Pages of a made-up site: a menu, a date line, articles that are all different, a list that changes, a notice."""

from __future__ import annotations

import random
from typing import Any

MENU = ("Home", "Politics", "Sport", "Weather")
NOTICE = "All rights reserved by the Harbour Gazette, and no part of this page may be copied without its consent."
FOOTER = ("Contact", "Imprint", "Advertise with the Gazette")
# The authors' heading between paragraphs, on two pages of five.
HEADING = "What happens next"
_NOUNS = """
harbour council tram budget bridge school river museum garden ferry market
library concert bakery lantern orchard quarry festival teacher captain mayor baker
nurse painter farmer pilot sailor carpenter archive chapel station terrace village
"""
_WORDS = _NOUNS.split()
_VERBS = ("opened", "closed", "repaired", "visited", "praised", "painted", "measured", "moved", "counted", "sold")


def sentence(chance: random.Random) -> str:
    """Return a sentence that no other is likely to equal."""
    one, two, three, four = chance.sample(_WORDS, 4)
    number = chance.randrange(2, 9000)
    return f"The {one} {chance.choice(_VERBS)} the {two} beside the {three}, and {number} people of the {four} saw it."


def article(number: int) -> list[str]:
    """Return the paragraphs of an article."""
    chance = random.Random(number)
    return [" ".join(sentence(chance) for _ in range(3)) for _ in range(4)]


def title(number: int) -> str:
    """Return the title of an article."""
    chance = random.Random(-number - 1)
    return f"{chance.choice(_WORDS).title()} and {chance.choice(_WORDS)} meet again in {1900 + number}"


def page(number: int, pages: int) -> str:
    """Return one page of the site as an extractor would: everything on it, in lines."""
    body = article(number)
    if number % 5 < 2:
        body.insert(2, HEADING)
    teasers = [title((number + step) % pages) for step in (1, 2, 3)]
    dated = f"Published on {number % 28 + 1} May 2021 at {number % 12:02}:30"
    return "\n".join([*MENU, title(number), dated, *body, "Most read", *teasers, NOTICE, *FOOTER])


def documents(pages: int = 20, site: str = "gazette.example") -> list[dict[str, Any]]:
    """Return the pages of a site as documents with a URL."""
    return [
        {"id": f"{site}-{number:03}", "url": f"https://www.{site}/{number}", "text": page(number, pages)}
        for number in range(pages)
    ]
