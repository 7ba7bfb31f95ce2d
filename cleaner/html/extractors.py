"""Extractors: each returns the text of a page's article. Their packages are imported when they are first used."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple

from cleaner.html.options import Options
from cleaner.html.tables import unfold
from cleaner.model import CleanerError, InputError

_TICKS = re.compile("`+")


class Extractor(NamedTuple):
    """A way to extract the text of a page, given as text and as a tree; and the packages that it needs."""

    extract: Callable[[str, Any, str | None, Options], str | None]
    extra: str
    packages: tuple[str, ...]

    def check(self) -> None:
        """Raise CleanerError, saying what to install, if a package is missing."""
        for package in self.packages:
            needed(package, self.extra)


def needed(module: str, extra: str = "html") -> Any:
    """Return a module, imported when it is first needed; raises CleanerError, naming the extra that has it, if it is missing."""
    try:
        return import_module(module)
    except ImportError as error:
        what = "HTML needs" if extra == "html" else f"the extractor {extra} needs"
        raise CleanerError(
            f"{what} {module.split('.')[0]}: pip install 'boilerplate-cleaner[{extra}]' ({error})"
        ) from error


def _by_trafilatura(page: str, tree: Any, url: str | None, options: Options) -> str | None:
    """Extract with trafilatura.

    ``deduplicate`` stays off, because its answer depends on the pages that were read before. Readers' comments are left out; where
    trafilatura looks for them, it takes parts of articles for them.
    """
    trafilatura = needed("trafilatura")
    document = trafilatura.bare_extraction(
        tree,
        url=url,
        deduplicate=False,
        favor_precision=options.favor_precision,
        favor_recall=options.favor_recall,
        include_comments=False,
        include_formatting=options.markdown or None,
    )
    text = None if document is None else _text_of(document, options.markdown)
    if (not text or not text.strip()) and options.fallback:
        return _by_baseline(tree)
    return text


def _by_baseline(tree: Any) -> str | None:
    """Return the text of all paragraphs, one a line."""
    body, text, _ = needed("trafilatura").baseline(tree)
    lines = ["".join(part.itertext()).strip() for part in body.iter("p")]
    return "\n".join(filter(None, lines)) or str(text)


def _text_of(document: Any, markdown: bool) -> str | None:
    """Return the text that trafilatura found.

    Blocks of code get fences, so that their lines and spaces stay, and tables that only lay out the page become paragraphs.
    """
    # What else changes lines is done first, and only if there is anything to do is the text written anew.
    is_unfolded = unfold(document.body) | _join_lines(document.body)
    blocks = [
        code
        for code in document.body.iter("code")
        if code.getparent().tag not in ("code", "cell")
        and ("\n" in "".join(code.itertext()) or code.find(".//lb") is not None)
    ]
    if not blocks and not is_unfolded:
        text: str | None = document.text
        return text
    for code in blocks:
        for line_break in code.iter("lb"):
            line_break.text = "\n"
        lines = "".join(code.itertext()).strip("\n")
        del code[:]
        fence = "`" * max([3, *[len(run) + 1 for run in _TICKS.findall(lines)]])
        code.text = f"\n{fence}\n{lines}\n{fence}\n"
        # Otherwise the fence would be taken for the text of inline code.
        code.tag = "p"
    rendered: str = needed("trafilatura.xml").xmltotxt(document.body, markdown)
    return rendered


def _join_lines(body: Any) -> bool:
    """Turn line breaks of the page's source into spaces, which they are to a reader; tell whether there are any."""
    found = False
    for element in body.iter():
        if element.tag == "code":
            # Behind the code, its tail is text again.
            continue
        for name in ("text", "tail"):
            text = getattr(element, name)
            if text and "\n" in text and (name == "tail" or not _is_code(element)) and text.strip():
                setattr(element, name, _on_one_line(text))
                found = True
    return found


def _on_one_line(text: str) -> str:
    """Return a text with a space for each line break and the spaces around it."""
    first, *middle, last = text.split("\n")
    return " ".join([first.rstrip(), *filter(None, map(str.strip, middle)), last.lstrip()])


def _is_code(element: Any) -> bool:
    return any(parent.tag == "code" for parent in element.iterancestors())


def _by_resiliparse(page: str, tree: Any, url: str | None, options: Options) -> str | None:
    return _with_fallback(_plain(page, main_content=True, extra="resiliparse"), tree, options)


def _plain(page: str, *, main_content: bool, extra: str) -> str:
    found: str = needed("resiliparse.extract.html2text", extra).extract_plain_text(
        page,
        main_content=main_content,
        preserve_formatting=True,
        alt_texts=False,
        comments=False,
    )
    return found


def _by_readability(page: str, tree: Any, url: str | None, options: Options) -> str | None:
    """Extract with readability-lxml, whose summary is a piece of HTML."""
    summary = needed("readability", "readability").Document(page, url=url).summary(html_partial=True)
    return _with_fallback(_plain(summary, main_content=False, extra="readability"), tree, options)


def by_function(page: str, tree: Any, url: str | None, options: Options) -> str | None:
    """Extract with a user's function."""
    text = options.extractor(page, url)
    if text is not None and not isinstance(text, str):
        raise InputError(f"the extractor returned a {type(text).__name__}, which is neither a text nor None")
    return _with_fallback(text, tree, options)


def _with_fallback(text: str | None, tree: Any, options: Options) -> str | None:
    return _by_baseline(tree) if options.fallback and (not text or not text.strip()) else text


EXTRACTORS = {
    "trafilatura": Extractor(_by_trafilatura, "html", ("trafilatura",)),
    "resiliparse": Extractor(_by_resiliparse, "resiliparse", ("resiliparse.extract.html2text",)),
    "readability": Extractor(_by_readability, "readability", ("readability", "resiliparse.extract.html2text")),
}
