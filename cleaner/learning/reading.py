"""Documents of files, named as learning names them: by their site, and by an id or else by file and number."""

from __future__ import annotations

from collections.abc import Iterator

from cleaner.learning.sampling import Row, row_of
from cleaner.sources.inputs import Fields, Source
from cleaner.sources.reading import read_documents
from cleaner.text.hosts import site_for


def read_rows(source: Source, fields: Fields) -> Iterator[Row | None]:
    """Go through the documents of a file; None stands for one that cannot be read. Raises InputError where the file is broken."""
    for chunk in read_documents(source, fields):
        for document in chunk.documents:
            if document.fault:
                yield None
                continue
            name = f"{source.name}:{document.number}" if document.id is None else str(document.id)
            yield row_of(site_for(document.site, document.url), name, document.text)
