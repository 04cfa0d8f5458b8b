"""Tables: cells that the marks told apart, row by row."""

from __future__ import annotations

from ..detect.marks import CELL_BAR, HEAD_RULE, ROW_END
from ..model import Block, Element, Paragraph, Piece, Rowed, Table
from .galley import Galley

__all__ = ["set_table"]


def set_table(galley: Galley, slot: str, block: Block) -> Table:
    """Set one table; a row above a line of dashes is its head."""
    rows, marks, head = _rows(block, galley.desk.text)
    made: list[Rowed] = []
    for number, row in enumerate(rows, 1):
        cells: list[tuple[Element, ...]] = []
        for column, cell in enumerate(row, 1):
            content = galley.set(f"{slot}.{number}.{column}.p1", cell)
            cells.append((Paragraph(content),) if content else ())
        made.append(Rowed(tuple(cells), head and number == 1))
    galley.placed.append(("", marks))
    width = max((len(row) for row in rows), default=0)
    return Table(tuple(made), "-" * width, lines=galley.lines(block))


def _rows(block: Block, source: str) -> tuple[list[list[tuple[Piece, ...]]], tuple[Piece, ...], bool]:
    """Return the cells of each row, the dropped marks, and whether there is a head."""
    rows: list[list[tuple[Piece, ...]]] = [[]]
    marks: list[Piece] = []
    head = False
    for piece in block.pieces:
        if piece.rule == "cell" and piece.text:
            rows[-1].append((piece,))
            continue
        if piece.text:  # a correction inside a cell belongs to the cell
            rows[-1].append((*(rows[-1].pop() if rows[-1] else ()), piece))
            continue
        marks.append(piece)
        if piece.why == CELL_BAR:  # two bars with nothing between them are an empty cell
            bars = source.count("|", piece.span.start, piece.span.end)
            rows[-1].extend(() for _ in range(bars - 1))
        head = head or (piece.why == HEAD_RULE and len(rows) <= 2)
        if piece.why == ROW_END and rows[-1]:
            rows.append([])
    return [row for row in rows if row], tuple(marks), head
