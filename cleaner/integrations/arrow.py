"""A step for any pipeline that hands over Arrow tables or record batches: it returns them with clean texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Unpack

from cleaner.cleaning import CleanerOptions, cleaner_for
from cleaner.integrations.hints import fields_beside, known_of
from cleaner.sources.parquet import column, text_path, values, with_column


class CleanBatch:
    """Cleans the text column of Arrow tables or record batches; every other column stays, in type, order and value.

    ``field`` is the column of the texts, ``title_field`` one of titles, which are a hint for the rules, ``url_field`` one of URLs,
    whose hosts choose rules that belong to a site; a dot goes into a struct. ``hint_fields`` names columns of other hints (see
    :class:`cleaner.cleaning.Known`): ``{"author": "byline"}``. ``options`` are those of
    :class:`cleaner.Cleaner`, which is built once in each process. A null stays null. Raises InputError for a column that is missing
    or does not hold texts.
    """

    def __init__(
        self,
        field: str = "text",
        title_field: str | None = None,
        url_field: str | None = None,
        hint_fields: Mapping[str, str] | None = None,
        **options: Unpack[CleanerOptions],
    ) -> None:
        self._field, self._options = field, options
        self._beside = fields_beside(title_field, url_field, hint_fields)
        # Wrong options raise here, before anything is distributed.
        cleaner_for(options)

    def __call__(self, batch: Any) -> Any:
        """Return the batch with clean texts."""
        cleaner = cleaner_for(self._options)
        steps = text_path(batch.schema, self._field, "the batch")
        texts = values(column(batch, self._field, "the batch"))
        beside = {name: values(column(batch, field, "the batch")) for name, field in self._beside.items()}
        cleaned = [
            text
            if text is None
            else cleaner.clean(text, **known_of({name: own[place] for name, own in beside.items()}))
            for place, text in enumerate(texts)
        ]
        return with_column(batch, steps, cleaned)
