"""Batches of a pipeline that somebody else runs: Arrow tables and record batches in, the same with clean texts out."""

from __future__ import annotations

from typing import Any

from cleaner.cleaning import cleaner_for
from cleaner.sources.parquet import column, text_path, values, with_column


class CleanBatch:
    """Cleans the text column of Arrow tables or record batches; every other column stays, in type, order and value.

    ``field`` is the column of the texts, ``title_field`` one that holds titles, a hint for the rules, ``url_field`` one that holds
    URLs, whose hosts choose rules that are a site's own; a dot leads into a struct. ``options`` are those of
    :class:`cleaner.Cleaner`, which is built once in a process. A null stays one. Raises InputError for a column that is missing or
    holds no texts.
    """

    def __init__(
        self, field: str = "text", title_field: str | None = None, url_field: str | None = None, **options: Any
    ) -> None:
        self._field, self._title_field, self._url_field, self._options = field, title_field, url_field, options
        # What is wrong with the options shows here, before anything is distributed.
        cleaner_for(options)

    def __call__(self, batch: Any) -> Any:
        """Return the batch with clean texts."""
        cleaner = cleaner_for(self._options)
        steps = text_path(batch.schema, self._field, "the batch")
        texts = values(column(batch, self._field, "the batch"))
        titles, urls = (
            values(column(batch, field, "the batch")) if field else [None] * len(texts)
            for field in (self._title_field, self._url_field)
        )
        cleaned = [
            text if text is None else cleaner.clean(text, title, url=url)
            for text, title, url in zip(texts, titles, urls, strict=True)
        ]
        return with_column(batch, steps, cleaned)
