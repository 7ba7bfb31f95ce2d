"""Tables that only lay out a page: their cells become paragraphs, each on a line of its own.

Pages used to be laid out with tables. An extractor then returns a whole article as one cell, on one line, together with its title, its
byline and the menus beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

# A cell with so many words or so many blocks is no value of a table of data.
_WORDS, _BLOCKS = 60, 3
_BLOCK = ("p", "head", "list", "quote", "table")


def unfold(body: Any) -> bool:
    """Put the cells of layout tables in a body, as trafilatura returns it, in the place of the tables; tell whether there are any."""
    tables = [table for table in body.iter("table") if _is_layout(table)]
    for table in tables:
        parent = table.getparent()
        place = parent.index(table)
        blocks = [block for cell in table.iter("cell") for block in _blocks(cell)]
        blocks[-1].tail, table.tail = table.tail, None
        parent[place : place + 1] = blocks
    return bool(tables)


def _is_layout(table: Any) -> bool:
    """Tell whether a table has a cell with running text, or no row with more than one cell that holds something."""
    if not _has_text(table) or table.find("row") is None:
        return False
    if table.find(".//table") is not None:
        return True
    most = 0
    for row in table.iter("row"):
        texts = [("".join(cell.itertext()).split(), cell) for cell in row.iter("cell")]
        most = max(most, sum([bool(words) for words, _ in texts]))
        for words, cell in texts:
            if len(words) >= _WORDS or sum([bool("".join(one.itertext()).strip()) for one in cell]) >= _BLOCKS:
                return True
    return most <= 1


def _blocks(cell: Any) -> Iterator[Any]:
    """Yield the content of a cell as blocks."""
    make = cell.makeelement
    block = make("p")
    block.text = cell.text
    for child in list(cell):
        tail, child.tail = child.tail, None
        if child.tag in _BLOCK or child.tag == "lb":
            if _has_text(block):
                yield block
            if child.tag != "lb" and _has_text(child):
                yield child
            block = make("p")
            block.text = tail
        else:
            child.tail = tail
            block.append(child)
    if _has_text(block):
        yield block


def _has_text(block: Any) -> bool:
    return bool("".join(block.itertext()).strip())
