"""Documents of files as rows for learning: with a site, and an id or else file and number."""

from __future__ import annotations

from collections.abc import Iterator

from cleaner.learning.sampling import Row, row_of
from cleaner.model import InputError
from cleaner.sources.inputs import Fields, Source
from cleaner.sources.reading import read_documents
from cleaner.text.hosts import site_for


def read_rows(source: Source, fields: Fields, is_forgiving: bool = False) -> Iterator[Row | None]:
    """Go through the documents of a file; None stands for one that cannot be read.

    Raises InputError where the file is broken; with ``is_forgiving`` its documents end there.
    """
    try:
        for chunk in read_documents(source, fields):
            for document in chunk.documents:
                if document.fault:
                    yield None
                    continue
                name = f"{source.name}:{document.number}" if document.id is None else str(document.id)
                yield row_of(site_for(document.site, document.url), name, document.text)
    except InputError:
        if not is_forgiving:
            raise
        yield None
