"""Cells of tables: what stands on one baseline in several columns is no line of text."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from ...typeset import characters as cc
from .ink import Glyph, Sheet

__all__ = ["FULL", "Cells", "begins_cell", "cells"]

CELL_GAP, CELLS = 0.45, 3
"""em: pieces of so many lines that begin at one place after such a gap are cells of a table."""
EDGES = 2
"""A row that is parted at so many known places is one of a table."""
CELL_OFF = 0.4
"""pt: cells of one column begin so near to each other, though a head is smaller than its rows."""
CELL_GAP_AT_MARK = 0.3
"""em: as much is left of it after a mark whose blank half reaches into it."""
FULL = 0.85
"""em: a mark at least this wide is a full-width mark."""


@dataclass(frozen=True, slots=True)
class Cells:
    """The places (points, one decimal) at which the cells of a table begin, at which they end where they
    are aligned on the right, and the baselines of rows that are parted at several of them: in such a row
    any gap parts cells, also that between names on the left and figures aligned on the right."""

    begins: frozenset[float]
    ends: frozenset[float]
    rows: frozenset[float] = frozenset()


def cells(sheet: Sheet) -> Cells:
    """Find the cells of the tables on a page: what stands in a row, parted by gaps, in many lines."""
    apart = [(a, b) for a, b in pairwise(sheet.glyphs) if b.text.strip() and _gap(a, b) > CELL_GAP]
    begins = Counter(round(b.x, 1) for _, b in apart)
    ends = Counter(round(a.x + a.advance, 1) for a, _ in apart)
    known = Cells(_frequent(begins), _frequent(ends))
    rows = Counter(round(a.y, 1) for a, b in apart if _at_edge(a, b, known))
    return Cells(known.begins, known.ends, frozenset(y for y, count in rows.items() if count >= EDGES))


def _frequent(counted: Counter[float]) -> frozenset[float]:
    return frozenset(x for x, count in counted.items() if count >= CELLS)


def _gap(a: Glyph, b: Glyph) -> float:
    """Return the blank between two glyphs of one baseline, em; none where they are not on one."""
    size = max(a.size, b.size)
    return (b.x - a.x - a.advance) / size if size and abs(b.y - a.y) < 0.1 * size else 0.0


def begins_cell(a: Glyph, b: Glyph, known: Cells) -> bool:
    """Does another cell of a table begin with the second of two glyphs?"""
    ends_blank = a.text and cc.kinds(a.text[0])[0] in cc.BLANK_AFTER and a.advance >= FULL * a.size
    least = CELL_GAP_AT_MARK if ends_blank else CELL_GAP
    if (not known.begins and not known.ends) or _gap(a, b) <= least:
        return False
    return round(a.y, 1) in known.rows or _at_edge(a, b, known)


def _at_edge(a: Glyph, b: Glyph, known: Cells) -> bool:
    return _near(b.x, known.begins) or _near(a.x + a.advance, known.ends)


def _near(x: float, places: frozenset[float]) -> bool:
    return any(abs(place - x) < CELL_OFF for place in places)
