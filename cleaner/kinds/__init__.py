"""The kinds of rules: code that a rule file is an instance of. One module a kind, each with one ``KIND``."""

from __future__ import annotations

from cleaner.kinds import bio, block, doubled, ending, hint, menu, pattern, phrase, repeat, site, teaser
from cleaner.kinds.base import Kind

KINDS: dict[str, Kind] = {
    module.KIND.name: module.KIND
    for module in (phrase, pattern, repeat, doubled, block, ending, teaser, menu, bio, hint, site)
}
