"""The public functions and the ``Cleaner``, which chooses rules by settings and cleans texts with them."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any, TypedDict, Unpack

from cleaner.engine.kept import Reasons
from cleaner.engine.own_lines import OwnLines
from cleaner.engine.passes import Engine, Options
from cleaner.html import extract
from cleaner.model import PRESETS, WHITESPACE, Explanation, Hints, SettingsError
from cleaner.rules.choosing import Choice, choose
from cleaner.rules.loading import builtin_rules, load
from cleaner.text.folding import key
from cleaner.text.hosts import ANY_SITE, site_name, site_of


class Cleaner:
    """Rules chosen once, for any number of texts. It can be pickled, and shared between threads.

    ``preset``
        ``"default"`` drops what is never part of an article, and keeps one copy of what is repeated; ``"body"``
        returns only the running text: captions, credits and a known title go, too.
    ``select``, ``ignore``
        Rule ids (``"comments/form-prompt"``), families (``"comments"``) or shell patterns (``"comments/*-prompt"``).
        ``select`` uses only these of the preset's rules; a rule that it names by its full id works in any preset.
    ``languages``
        BCP 47 codes of the phrases and patterns to use; all of them by default.
    ``rules``
        Files or folders of your own rules, or names of entry points in the group ``cleaner.rules``.
    ``max_drop``
        The share of a document's words, from 0 to 1, that may go; no limit (None) by default. A document that would lose more is
        returned normalized, whole and flagged, as is one that would lose everything or its only running text.
    ``whitespace``
        ``"text"`` leaves one space between words and none at the ends of lines; ``"layout"`` leaves leading spaces, tabs and columns;
        ``"off"`` leaves all whitespace but line breaks. By default (None) a text that has a layout (tabs in columns, or most lines
        indented) keeps it.
    ``keep``, ``drop``
        Whole lines that must stay, or must go. They are compared as phrases are (without case, accents, Markdown and marks at the
        ends), or are regular expressions after ``re:``. ``keep`` wins over ``drop`` and over every rule.

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
        whitespace: str | None = None,
        keep: Sequence[str] = (),
        drop: Sequence[str] = (),
    ) -> None:
        own: Sequence[Any] = rules if isinstance(rules, (list, tuple)) else (rules,) if rules else ()
        _check_word("preset", preset, PRESETS)
        if whitespace is not None:
            _check_word("whitespace", whitespace, WHITESPACE)
        if max_drop is not None and not (_is_number(max_drop) and 0 <= max_drop <= 1):
            raise SettingsError(f"max_drop is a share of the words from 0 to 1, not {max_drop!r}")
        for name, value in (
            ("select", select),
            ("languages", languages),
            ("ignore", ignore),
            ("keep", keep),
            ("drop", drop),
        ):
            if value is not None or name in ("ignore", "keep", "drop"):
                _check_texts(name, value)
        for path in own:
            if not isinstance(path, (str, os.PathLike)):
                raise SettingsError(f"rules are paths, or names of entry points, not {path!r}")
        self._settings = (preset, select, ignore, languages, tuple(own), max_drop, whitespace, tuple(keep), tuple(drop))
        self.max_drop = max_drop
        choice = Choice(preset, select, ignore, languages)
        if own or not choice.is_whole:
            chosen, tables = choose(load(own), choice), None
        else:
            builtin = builtin_rules()
            chosen, tables = choose(builtin.rules, choice), builtin.tables(preset)
        self.rules = tuple([rule.id for rule in chosen])
        self.is_of_sites = any(rule.kind == "site" and ANY_SITE not in rule.spec["sites"] for rule in chosen)
        options = Options(max_drop, whitespace, OwnLines(keep, "keep"), OwnLines(drop, "drop"))
        self._engine = Engine(chosen, tables, options)

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

        Lines equal to ``title`` or ``author`` are recognized as such. ``site``, or else the host of ``url``, chooses among rules
        that belong to a site; without either, these rules do nothing.
        """
        return self._engine.clean(_text(text), hints_of(title, author, site, url))

    def explain(
        self,
        text: str,
        title: str | None = None,
        author: str | None = None,
        site: str | None = None,
        url: str | None = None,
        kept: bool = False,
    ) -> Explanation:
        """Return ``text`` cleaned, with a finding for every line that changed.

        ``kept`` asks for more, which takes longer: the lines that stay although rules came near them, and what held these back.
        """
        hints = hints_of(title, author, site, url)
        explained = self._engine.explain(_text(text), hints)
        if kept:
            explained = explained._replace(kept=self._reasons.kept(explained, self._engine, hints))
        return explained

    def clean_html(
        self,
        html: str | bytes,
        url: str | None = None,
        title: str | None = None,
        author: str | None = None,
        site: str | None = None,
    ) -> str:
        """Return the clean text of a web page. Raises InputError for a page that has no text."""
        return self.explain_html(html, url, title, author, site).text

    def explain_html(
        self,
        html: str | bytes,
        url: str | None = None,
        title: str | None = None,
        author: str | None = None,
        site: str | None = None,
        kept: bool = False,
    ) -> Explanation:
        """Return the clean text of a web page with findings, whose lines and spans are those of ``source``, trafilatura's text.

        ``title`` and ``author`` win over what the page says of itself, and so does ``url``. Raises InputError for a page that has no text.
        """
        text, own_title, own_author, own_url = extract(html, url)
        return self.explain(text, title or own_title, author or own_author, site, own_url, kept)

    @cached_property
    def _reasons(self) -> Reasons:
        preset, _, _, _, own, _, _, keep, _ = self._settings
        builtin = builtin_rules()
        rules, tables = (load(own), None) if own else (builtin.rules, builtin.tables("body"))
        return Reasons(choose(rules, Choice("body")), tables, self.rules, preset, OwnLines(keep, "keep"))


class CleanerOptions(TypedDict, total=False):
    """The options of :class:`Cleaner`, as the functions take them."""

    preset: str
    select: Sequence[str] | None
    ignore: Sequence[str]
    languages: Sequence[str] | None
    rules: Sequence[str | os.PathLike[str]] | str | os.PathLike[str]
    max_drop: float | None
    whitespace: str | None
    keep: Sequence[str]
    drop: Sequence[str]


def _check_word(name: str, value: object, known: Sequence[str]) -> None:
    if value not in known:
        close = difflib.get_close_matches(value, known, n=1) if isinstance(value, str) else []
        meant = f"; did you mean {close[0]!r}?" if close else f"; use one of {', '.join(known)}"
        raise SettingsError(f"there is no {name} {value!r}{meant}")


def _check_texts(name: str, value: object) -> None:
    if isinstance(value, str):
        raise SettingsError(f"{name} is a list of texts, not one text; write [{value!r}]")
    if not isinstance(value, (list, tuple, set, frozenset)):
        raise SettingsError(f"{name} is a list of texts, not {value!r}")
    for entry in value:
        if not isinstance(entry, str):
            raise SettingsError(f"{name} is a list of texts, and {entry!r} is none")


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _text(text: object) -> str:
    if not isinstance(text, str):
        raise TypeError(f"a text is a str, not {type(text).__name__}; decode bytes first, or use clean_html for a page")
    return text


def hints_of(title: str | None, author: str | None, site: str | None, url: str | None) -> Hints:
    """Return what is known of a page in the form in which rules compare it."""
    return Hints(
        key(title) if title else "",
        key(author) if author else "",
        site_name(site) if site else site_of(url) if url else "",
    )


@lru_cache(maxsize=16)
def _built(options: tuple[tuple[str, Any], ...]) -> Cleaner:
    return Cleaner(**dict(options))


def cleaner_for(options: Mapping[str, Any]) -> Cleaner:
    """Return a Cleaner with these options, the same one for the same options; building one costs as much as cleaning a hundred texts."""
    for name in options:
        if name not in CleanerOptions.__annotations__:
            close = difflib.get_close_matches(name, CleanerOptions.__annotations__, n=1)
            meant = (
                f"did you mean {close[0]!r}?" if close else f"options are {', '.join(CleanerOptions.__annotations__)}"
            )
            raise TypeError(f"there is no option {name!r}; {meant}")
    try:
        return _built(
            tuple(sorted((name, tuple(value) if isinstance(value, list) else value) for name, value in options.items()))
        )
    except TypeError:
        # An option that cannot be hashed; the Cleaner says what is wrong with it.
        return Cleaner(**options)


def clean(
    text: str,
    *,
    title: str | None = None,
    author: str | None = None,
    site: str | None = None,
    url: str | None = None,
    **options: Unpack[CleanerOptions],
) -> str:
    """Return ``text`` without its boilerplate, repaired in encoding and whitespace.

    ``options`` are those of :class:`Cleaner`. ``clean(clean(x)) == clean(x)`` for every string and every setting.
    """
    return cleaner_for(options).clean(text, title, author, site, url)


def explain(
    text: str,
    *,
    title: str | None = None,
    author: str | None = None,
    site: str | None = None,
    url: str | None = None,
    kept: bool = False,
    **options: Unpack[CleanerOptions],
) -> Explanation:
    """Return what :func:`clean` returns, with the findings: which rule took which line of the original.

    With ``kept``, also which rules came near the lines that stay, and what held them back.
    """
    return cleaner_for(options).explain(text, title, author, site, url, kept)


def clean_html(
    html: str | bytes,
    url: str | None = None,
    *,
    title: str | None = None,
    author: str | None = None,
    site: str | None = None,
    **options: Unpack[CleanerOptions],
) -> str:
    """Return the clean text of a web page. Raises InputError for a page that has no text.

    ``options`` are those of :class:`Cleaner`.
    """
    return cleaner_for(options).clean_html(html, url, title, author, site)


def explain_html(
    html: str | bytes,
    url: str | None = None,
    *,
    title: str | None = None,
    author: str | None = None,
    site: str | None = None,
    kept: bool = False,
    **options: Unpack[CleanerOptions],
) -> Explanation:
    """Return the clean text of a web page with findings, whose lines and spans are those of ``source``, trafilatura's text.

    ``title``, ``author`` and ``url`` win over what the page says of itself.
    """
    return cleaner_for(options).explain_html(html, url, title, author, site, kept)
