"""A step for datatrove's pipelines: ``[JsonlReader(…), BoilerplateFormatter(preset="body"), JsonlWriter(…)]``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Unpack

from cleaner.cleaning import CleanerOptions, cleaner_for
from cleaner.integrations.hints import fields_beside, known_of
from cleaner.model import CleanerError

try:
    from datatrove.data import DocumentsPipeline
    from datatrove.pipeline.formatters.base import BaseFormatter
    from datatrove.utils.typeshelper import StatHints
except ImportError as error:
    raise CleanerError(f"this step needs datatrove: pip install 'boilerplate-cleaner[datatrove]' ({error})") from error


class BoilerplateFormatter(BaseFormatter):  # type: ignore[misc]  # datatrove has no types
    """Cleans the text of every document that passes.

    ``title_key`` names the entry of a document's metadata that holds its title, a hint for the rules; the entry ``url``, if
    datatrove's reader set it, chooses rules that belong to a site. ``hint_keys`` names entries of other hints (see
    :class:`cleaner.cleaning.Known`): ``{"author": "byline"}``. ``drop_empty`` leaves out documents without text.
    ``options`` are those of :class:`cleaner.Cleaner`, which is built once in each process.

    The statistics of the step count documents (total, forwarded, dropped, changed, flagged), the characters taken from each,
    and the lines that each rule took.
    """

    name = "🧽 Boilerplate"

    def __init__(
        self,
        title_key: str | None = None,
        drop_empty: bool = False,
        hint_keys: Mapping[str, str] | None = None,
        **options: Unpack[CleanerOptions],
    ) -> None:
        super().__init__()
        self.beside = fields_beside(title_key, "url", hint_keys)
        self.drop_empty = drop_empty
        self.options = options
        # Wrong options raise here, before anything is distributed.
        cleaner_for(options)

    def format(self, text: str) -> str:
        """Return a text cleaned."""
        return cleaner_for(self.options).clean(text)

    def run(self, data: DocumentsPipeline, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Clean the documents of one rank as they pass."""
        cleaner = cleaner_for(self.options)
        for document in data:
            self.stat_update(StatHints.total)
            with self.track_time():
                known = known_of({name: document.metadata.get(key) for name, key in self.beside.items()})
                explained = cleaner.explain(document.text, **known)
            if explained.text != document.text:
                self.stat_update("changed")
            self.stat_update("characters_taken", value=len(document.text) - len(explained.text), unit="doc")
            if explained.flagged:
                self.stat_update("flagged")
            for finding in explained.taken:
                self.stat_update(finding.rule)
            document.text = explained.text
            if self.drop_empty and not explained.text:
                self.stat_update(StatHints.dropped)
                continue
            self.stat_update(StatHints.forwarded)
            self.update_doc_stats(document)
            yield document
