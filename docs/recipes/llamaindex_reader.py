"""Clean the documents of any reader of LlamaIndex: ``python llamaindex_reader.py FOLDER``."""

import sys

from llama_index.core import SimpleDirectoryReader
from llama_index.core.readers.base import BaseReader

import cleaner


class CleanReader(BaseReader):
    """Reads what another reader reads, cleaned; options are those of `cleaner.Cleaner`."""

    def __init__(self, reader, **options):
        self.reader = reader
        self.cleaner = cleaner.Cleaner(**options)

    def lazy_load_data(self, *args, **named):
        for document in self.reader.load_data(*args, **named):
            known = {name: document.metadata[name] for name in ("title", "author", "url") if name in document.metadata}
            document.set_content(self.cleaner.clean(document.get_content(), **known))
            yield document


def main(folder: str) -> None:
    """Print the clean documents of a folder."""
    for document in CleanReader(SimpleDirectoryReader(folder), preset="body").load_data():
        print(document.metadata["file_name"], document.get_content(), sep="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
