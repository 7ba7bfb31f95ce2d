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
from cleaner.html.options import PageOptions
from cleaner.model import HINTS, NO_HINTS, PRESETS, WHITESPACE, Explanation, Hints, SettingsError
from cleaner.rules.choosing import Choice, choose
from cleaner.rules.loading import builtin_rules, load
from cleaner.text.hosts import ANY_SITE, site_name, site_of

Texts = str | Sequence[str]


class MoreKnown(TypedDict, total=False):
    """What else may be known of the page of a text: each hint is a text or a list of texts."""

    date: Texts | None
    site_name: Texts | None
    description: Texts | None
    tags: Texts | None
    captions: Texts | None
    comments: Texts | None
    links: Texts | None


class Known(MoreKnown, total=False):
    """What is known of the page of a text. Each hint is a text or a list of texts.

    ``title``, ``author``
        Lines equal to them are recognized as such, also beside a site's name, a date and the like.
    ``date``
        The day of publication in the form "2023-03-23"; a time of day behind it is ignored. It confirms the line that gives the date.
    ``site_name``
        What the site calls itself, such as "The Daily Post".
    ``description``
        The summary in the head of the page. A line goes if it only repeats how another one begins.
    ``tags``
        Tags, keywords, categories. Rows of them go.
    ``captions``
        Captions and alternative texts of pictures. Lines equal to them go, in the preset ``"body"``.
    ``comments``
        Readers' comments, if they are known apart from the text. Their lines go.
    ``links``
        Lines that are nothing but links to other pages. They go above and below the text.
    ``site``, ``url``
        ``site``, or else the host of ``url``, chooses among rules that belong to a site; without either, these rules do nothing.
    """

    title: Texts | None
    author: Texts | None
    site: str | None
    url: str | None


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
        title: Texts | None = None,
        author: Texts | None = None,
        site: str | None = None,
        url: str | None = None,
        **more: Unpack[MoreKnown],
    ) -> str:
        """Return ``text`` cleaned: its lines joined with "\\n", without a final line break.

        What is known of its page helps the rules: see :class:`Known`.
        """
        return self._engine.clean(
            _text(text), hints_of({"title": title, "author": author, "site": site, "url": url, **more})
        )

    def explain(
        self,
        text: str,
        title: Texts | None = None,
        author: Texts | None = None,
        site: str | None = None,
        url: str | None = None,
        kept: bool = False,
        **more: Unpack[MoreKnown],
    ) -> Explanation:
        """Return ``text`` cleaned, with a finding for every line that changed.

        ``kept`` asks for more, which takes longer: the lines that stay although rules came near them, and what held these back.
        """
        hints = hints_of({"title": title, "author": author, "site": site, "url": url, **more})
        explained = self._engine.explain(_text(text), hints)
        if kept:
            explained = explained._replace(kept=self._reasons.kept(explained, self._engine, hints))
        return explained

    def clean_html(self, html: str | bytes, url: str | None = None, **known: Unpack[PageKnown]) -> str:
        """Return the clean text of a web page. Raises InputError for a page that has no text or cannot be read."""
        return self.explain_html(html, url, **known).text

    def explain_html(
        self, html: str | bytes, url: str | None = None, kept: bool = False, **known: Unpack[PageKnown]
    ) -> Explanation:
        """Return the clean text of a web page with findings, whose lines and spans are those of ``source``, the extractor's text.

        What is given (see :class:`Known`) wins over what the page says of itself, and so does ``url``. The options of
        :class:`PageOptions` choose the extractor. Raises InputError for a page that has no text or cannot be read.
        """
        from cleaner.html.reading import extract  # most texts come without their page

        given: dict[str, Any] = dict(known)
        page = extract(html, url, **{name: given.pop(name) for name in PageOptions.__annotations__ if name in given})
        return self.explain(page.text, kept=kept, **page.joined(given))

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


class TextOptions(CleanerOptions, Known, total=False):
    """Everything that :func:`clean` takes beside the text."""


class PageKnown(MoreKnown, PageOptions, total=False):
    """What may be given of a page beside its URL, and how its text is extracted."""

    title: Texts | None
    author: Texts | None
    site: str | None


class HtmlOptions(CleanerOptions, PageKnown, total=False):
    """Everything that :func:`clean_html` takes beside the page and its URL."""


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


def hints_of(known: Mapping[str, Any]) -> Hints:
    """Return what is known of a page (see :class:`Known`) in the form in which rules use it.

    Raises TypeError for a hint that is neither a text nor a list of texts.
    """
    site, url = known.get("site"), known.get("url")
    texts = {name: value for name in HINTS if (value := _hint(name, known.get(name)))}
    name = site_name(site) if site else site_of(url) if url else ""
    return Hints(site=name, **texts) if texts or name else NO_HINTS


def _hint(name: str, value: object) -> tuple[str, ...]:
    if not value:
        return ()
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, (list, tuple, set, frozenset)) or not all([isinstance(one, str) for one in value]):
        raise TypeError(f"{name} is a text or a list of texts, not {value!r}")
    return tuple(dict.fromkeys([one for one in value if one]))


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


def parted(options: Mapping[str, Any], first: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Part the options of a function into those of a type, and those of a Cleaner."""
    own = {name: options[name] for name in first.__annotations__ if name in options}
    return own, {name: value for name, value in options.items() if name not in own}


def clean(text: str, **options: Unpack[TextOptions]) -> str:
    """Return ``text`` without its boilerplate, repaired in encoding and whitespace.

    ``options`` are those of :class:`Cleaner`, and what is known of the page (see :class:`Known`).
    ``clean(clean(x)) == clean(x)`` for every string and every setting.
    """
    known, settings = parted(options, Known)
    return cleaner_for(settings).clean(text, **known)


def explain(text: str, *, kept: bool = False, **options: Unpack[TextOptions]) -> Explanation:
    """Return what :func:`clean` returns, with the findings: which rule took which line of the original.

    With ``kept``, also which rules came near the lines that stay, and what held them back.
    """
    known, settings = parted(options, Known)
    return cleaner_for(settings).explain(text, kept=kept, **known)


def clean_html(html: str | bytes, url: str | None = None, **options: Unpack[HtmlOptions]) -> str:
    """Return the clean text of a web page. Raises InputError for a page that has no text or cannot be read.

    ``options`` are those of :class:`Cleaner`, those of :class:`PageOptions`, which choose the extractor, and what is known of
    the page (see :class:`Known`), which wins over what the page says of itself.
    """
    return explain_html(html, url, **options).text


def explain_html(
    html: str | bytes, url: str | None = None, *, kept: bool = False, **options: Unpack[HtmlOptions]
) -> Explanation:
    """Return the clean text of a web page with findings, whose lines and spans are those of ``source``, the extractor's text.

    The options are those of :func:`clean_html`.
    """
    known, settings = parted(options, PageKnown)
    return cleaner_for(settings).explain_html(html, url, kept, **known)
