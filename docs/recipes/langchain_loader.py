"""Clean the documents of any loader of LangChain: ``python langchain_loader.py FOLDER``."""

import sys
from pathlib import Path

from langchain_core.document_loaders import BaseLoader
from langchain_core.documents import Document

import cleaner


class CleanLoader(BaseLoader):
    """Loads what another loader loads, cleaned; options are those of `cleaner.Cleaner`."""

    def __init__(self, loader, **options):
        self.loader = loader
        self.cleaner = cleaner.Cleaner(**options)

    def lazy_load(self):
        for document in self.loader.lazy_load():
            known = {name: document.metadata[name] for name in ("title", "author", "url") if name in document.metadata}
            yield Document(self.cleaner.clean(document.page_content, **known), metadata=document.metadata)


class TextFiles(BaseLoader):
    """Loads the text files of a folder; use the loader that you have instead."""

    def __init__(self, folder):
        self.folder = Path(folder)

    def lazy_load(self):
        for path in sorted(self.folder.glob("*.txt")):
            yield Document(path.read_text(encoding="utf-8"), metadata={"source": path.name})


def main(folder: str) -> None:
    """Print the clean documents of a folder."""
    for document in CleanLoader(TextFiles(folder), preset="body").load():
        print(document.metadata["source"], document.page_content, sep="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
