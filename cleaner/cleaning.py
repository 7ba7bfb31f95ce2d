"""The public functions and the ``Cleaner``: settings in, rules chosen, texts cleaned."""

from __future__ import annotations

import gc

from cleaner.engine import Engine
from cleaner.indexes import read_index, state, write_index
from cleaner.model import Explanation, Rule, SettingsError
from cleaner.ruleset import RuleSet, load

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Sequence
    from typing import Any

PRESETS = ("default", "body")


class Cleaner:
    """Rules chosen once, for any number of texts. It can be pickled, and shared between threads.

    ``preset``
        ``"default"`` drops what is never part of an article and keeps one copy of what is repeated; ``"body"``
        leaves the running text alone: captions, credits and a known title go too.
    ``select``, ``ignore``
        Rule ids (``"comments/form-prompt"``), families (``"comments"``) or shell patterns (``"comments/*-prompt"``).
        ``select`` takes only these of the preset's rules; a rule that it names by its full id is taken whatever the preset.
    ``languages``
        BCP 47 codes of the phrases and patterns to use; all of them unless said.
    ``rules``
        Files or folders of your own rules, or names of entry points in the group ``cleaner.rules``.
    ``max_drop``
        The share of a document's words, from 0 to 1, that may go. A document that would lose more is returned
        normalized and whole, and flagged. Off (None) unless said.

    Raises SettingsError for a setting that names nothing, RuleError for a rule that cannot be used.
    """

    def __init__(
        self,
        preset: str = "default",
        select: Sequence[str] | None = None,
        ignore: Sequence[str] = (),
        languages: Sequence[str] | None = None,
        rules: Sequence[str | os.PathLike[str]] | str | os.PathLike[str] = (),
        max_drop: float | None = None,
    ) -> None:
        own: Sequence[Any] = rules if isinstance(rules, (list, tuple)) else (rules,) if rules else ()
        if preset not in PRESETS:
            raise SettingsError(f"there is no preset {preset!r}; use one of {', '.join(PRESETS)}")
        if max_drop is not None and not 0 <= max_drop <= 1:
            raise SettingsError(f"max_drop is a share of the words from 0 to 1, not {max_drop!r}")
        for name, value in (("select", select), ("ignore", ignore), ("languages", languages)):
            if isinstance(value, str):
                raise SettingsError(f"{name} is a list of texts, not one text; write [{value!r}]")
        self._settings = (preset, select, ignore, languages, tuple(own), max_drop)
        self.max_drop = max_drop
        # What is built here stays; looking for garbage among it, again and again, takes longer than to build it.
        collects = gc.isenabled()
        gc.disable()
        try:
            is_whole = not own and select is None and not ignore and languages is None
            index = read_index(preset) if is_whole else None
            if index is not None:
                self.rules = tuple(rule.id for rule in index.rules)
                self._engine = Engine(index.rules, None, index.vocabulary, index)
                return
            made_of = state() if is_whole else {}
            found = load(own)
            self.rules = tuple(sorted(choose(found, preset, select, ignore)))
            if languages is not None:
                _check_languages(found, languages)
            chosen = [found.rules[rule] for rule in self.rules]
            self._engine = Engine(chosen, languages, found.vocabulary)
            if is_whole:
                write_index(preset, chosen, found.vocabulary, self._engine.plain(), made_of)
        finally:
            if collects:
                gc.enable()

    def __reduce__(self) -> tuple[Any, ...]:
        return Cleaner, self._settings

    def clean(
        self,
        text: str,
        title: str | None = None,
        author: str | None = None,
        site: str | None = None,
        url: str | None = None,
    ) -> str:
        """Return ``text`` cleaned: its lines joined with "\\n", without a final line break.

        ``title`` and ``author`` are what is known of the page; lines that equal them can be told for what they are.
        ``site``, or else the host of ``url``, chooses among rules that are a site's own; without one, they look away.
        """
        return self._engine.clean(_text(text), title, author, self.max_drop, _site(site, url))

    def explain(
        self,
        text: str,
        title: str | None = None,
        author: str | None = None,
        site: str | None = None,
        url: str | None = None,
    ) -> Explanation:
        """Return ``text`` cleaned, with a finding for every line that a rule dropped or trimmed."""
        return self._engine.explain(_text(text), title, author, self.max_drop, _site(site, url))


def _text(text: object) -> str:
    if not isinstance(text, str):
        raise TypeError(f"a text is a str, not {type(text).__name__}; decode bytes first, or use clean_html for a page")
    return text


def _site(site: str | None, url: str | None) -> str:
    if not site and not url:
        return ""
    from cleaner.sites import site_name, site_of

    return site_name(site) if site else site_of(url or "")


def choose(found: RuleSet, preset: str, select: Sequence[str] | None, ignore: Sequence[str]) -> set[str]:
    """Return the ids of the rules that the settings ask for; raises SettingsError for a name that no rule has."""
    inside = {rule.id for rule in found.rules.values() if preset == "body" or rule.preset == "default"}
    chosen = inside
    if select is not None:
        chosen = set()
        for name in select:
            chosen |= {name} if name in found.rules else _named(found, name, "select") & inside
    for name in ignore:
        chosen = chosen - _named(found, name, "ignore")
    return chosen


def _named(found: RuleSet, name: str, option: str) -> set[str]:
    from fnmatch import fnmatchcase

    named = {rule for rule in found.rules if rule == name or rule.startswith(f"{name}/") or fnmatchcase(rule, name)}
    if named:
        return named
    import difflib

    families = {rule.split("/")[0] for rule in found.rules}
    close = difflib.get_close_matches(name, [*found.rules, *families], n=1)
    hint = f"did you mean {close[0]!r}?" if close else "`cleaner rules list` shows the names there are"
    raise SettingsError(f"{option}: no rule is called {name!r}; {hint}")


def rule_languages(rule: Rule) -> set[str]:
    """Return the languages in which a rule has phrases or patterns."""
    return {language for value in rule.spec.values() if isinstance(value, dict) for language in value}


def _check_languages(found: RuleSet, languages: Sequence[str]) -> None:
    known = {language.lower().split("-")[0] for rule in found.rules.values() for language in rule_languages(rule)}
    for language in languages:
        if language.lower().split("-")[0] not in known:
            raise SettingsError(
                f"languages: no rule knows {language!r}; there are {', '.join(sorted(known - {'und'}))}"
            )


_cleaners: dict[tuple[Any, ...], Cleaner] = {}
_MOST_CLEANERS = 16


def _cleaner(options: dict[str, Any]) -> Cleaner:
    """Return a Cleaner for these options, the same one for the same options: building one costs a thousand short texts."""
    try:
        name = tuple(
            sorted((option, tuple(value) if isinstance(value, list) else value) for option, value in options.items())
        )
        found = _cleaners.get(name)
    except TypeError:
        return Cleaner(**options)
    if found is None:
        if len(_cleaners) >= _MOST_CLEANERS:
            _cleaners.clear()
        found = _cleaners[name] = Cleaner(**options)
    return found


def clean(
    text: str,
    *,
    title: str | None = None,
    author: str | None = None,
    site: str | None = None,
    url: str | None = None,
    **options: Any,
) -> str:
    """Return ``text`` without its boilerplate, repaired in encoding and whitespace.

    ``options`` are those of :class:`Cleaner`. ``clean(clean(x)) == clean(x)`` for every string and every setting.
    """
    return _cleaner(options).clean(text, title, author, site, url)


def explain(
    text: str,
    *,
    title: str | None = None,
    author: str | None = None,
    site: str | None = None,
    url: str | None = None,
    **options: Any,
) -> Explanation:
    """Return what :func:`clean` returns, with the findings: which rule took which line of the original."""
    return _cleaner(options).explain(text, title, author, site, url)
