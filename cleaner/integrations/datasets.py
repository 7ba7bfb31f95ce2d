"""For Hugging Face datasets: ``dataset.map(CleanColumn("text", preset="body"), batched=True, num_proc=8)``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Unpack

from cleaner.cleaning import CleanerOptions, cleaner_for
from cleaner.integrations.hints import fields_beside, known_of
from cleaner.model import InputError
from cleaner.rules.loading import rules_digest


class CleanColumn:
    """A function for ``Dataset.map(…, batched=True)`` that cleans a column of texts; the other columns stay.

    ``title_field`` is a column of titles, which are a hint for the rules; ``url_field`` one of URLs, whose hosts choose rules
    that belong to a site. ``hint_fields`` names columns of other hints (see :class:`cleaner.cleaning.Known`):
    ``{"author": "byline"}``. ``options`` are those of :class:`cleaner.Cleaner`, which is built once in each process. None stays None.
    Raises InputError for a column that is missing or does not hold texts.

    ``datasets`` caches results by a hash of the function; this one's hash changes when the rules change.
    """

    def __init__(
        self,
        field: str = "text",
        title_field: str | None = None,
        url_field: str | None = None,
        hint_fields: Mapping[str, str] | None = None,
        **options: Unpack[CleanerOptions],
    ) -> None:
        self.field, self.options = field, options
        self.beside = fields_beside(title_field, url_field, hint_fields)
        self.rules = rules_digest(options.get("rules", ()))
        # Wrong options raise here, before anything is distributed.
        cleaner_for(options)

    def __call__(self, batch: Any) -> dict[str, list[str | None]]:
        """Return the column of a batch, cleaned."""
        for field in (self.field, *self.beside.values()):
            if field not in batch:
                raise InputError(f"the batch: has no column {field!r}: there are {', '.join(batch)}")
        cleaner = cleaner_for(self.options)
        texts = batch[self.field]
        for text in texts:
            if text is not None and not isinstance(text, str):
                raise InputError(f"the batch: the column {self.field!r} is not text but holds a {type(text).__name__}")
        return {
            self.field: [
                text
                if text is None
                else cleaner.clean(text, **known_of({name: batch[field][place] for name, field in self.beside.items()}))
                for place, text in enumerate(texts)
            ]
        }
