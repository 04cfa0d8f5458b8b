"""Stage 5, tables read back: pandoc's own, and those written as a list of lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..model import Element, Rowed, Table
from .foreign import numbers
from .words import Node

if TYPE_CHECKING:
    from .proof import Reader

__all__ = ["read_list_table", "read_table"]

_ALIGNS = {"AlignLeft": "l", "AlignRight": "r", "AlignCenter": "c", "AlignDefault": "-"}


def read_table(content: list[Any], reader: Reader) -> Iterable[Element]:
    """Return the table; merged cells, several bodies or a foot make the block foreign."""
    (id, _, _), (_, caption), specs, (_, heads), bodies, (_, feet) = content
    rows = [*((row, True) for row in heads)]
    rows += [(row, False) for body in bodies for row in body[3]]
    spanned = any(cell[2] != 1 or cell[3] != 1 for (_, cells), _ in rows for cell in cells)
    if feet or len(bodies) > 1 or spanned or any(body[2] for body in bodies) or len(caption) > 1:
        reader.alien = True
        return
    made = tuple(Rowed(tuple(reader.blocks(cell[4]) for cell in cells), head) for (_, cells), head in rows)
    aligns = "".join(_ALIGNS[spec[0]["t"]] for spec in specs)
    yield Table(made, aligns, reader.line(caption), id)


def read_list_table(
    id: str, pairs: Mapping[str, str], inside: list[Node], reader: Reader
) -> Iterable[Element]:
    """Return the table of a `.list-table` div; what is no list of lists is read as it stands."""
    lists = _lists(inside)
    rows = lists[0]["c"] if lists else []
    if len(lists) > 1 or not all(len(row) <= 1 and row == _lists(row) for row in rows):
        yield from reader.blocks(inside)
        return
    heads = numbers(pairs.get("head", ""))
    made = tuple(
        Rowed(tuple(reader.blocks(cell) for cell in row[0]["c"]) if row else (), number in heads)
        for number, row in enumerate(rows, 1)
    )
    caption = reader.line([item for item in inside if item["t"] != "BulletList"])
    yield Table(made, pairs.get("aligns", ""), caption, id)


def _lists(blocks: Sequence[Node]) -> list[Node]:
    return [item for item in blocks if item["t"] == "BulletList"]
