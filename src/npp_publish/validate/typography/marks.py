"""Checks of punctuation: line starts and ends, dashes, squeezed pairs, quotes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from statistics import median

from ...typeset import characters as cc
from .finding import at_glyph, at_line, row
from .gaps import CELL, CELLS_SHARE, is_cell
from .lines import FULL, Line, Proof
from .table import Place, Row

__all__ = ["dash_split", "dash_width", "line_ends", "line_starts", "mark_ends", "pairs", "quotes"]

_NOT_FIRST = frozenset({cc.CLOSE, cc.COMMA, cc.STOP, cc.MIDDOT, cc.CONNECTOR, cc.SOLIDUS})
_NOT_LAST = frozenset({cc.OPEN, cc.SOLIDUS})
_SQUEEZED = frozenset({cc.OPEN, cc.CLOSE, cc.COMMA, cc.STOP})
SQUEEZE = 0.5
"""em: how far apart the origins of two marks that follow each other are (clreq 3.1.6.2: 1.5 em in
all, of which the second takes one)."""
SQUEEZE_EXCESS = 0.03
DASH = 2.0
DASH_TOLERANCE = 0.01
QUOTE_LEAST = 0.95


def line_starts(proof: Proof) -> Row:
    """No line goes on with a closing, pause or stop mark."""
    lines = [(above, line) for block in proof.blocks for above, line in pairwise(block.lines)]
    wrong = [
        at_line(line)
        for above, line in lines
        if line.kinds[0] in _NOT_FIRST and line.wide and not _parted(above, line)
    ]
    return row("line-start", "no forbidden line start", looked_at=len(lines), wrong=wrong, limit="0",
               source="clreq 3.1.4; GB/T 15834-2011 5.1")  # fmt: skip


def line_ends(proof: Proof) -> Row:
    """No line ends in an opening mark or a solidus."""
    lines = [line for block in proof.blocks for line in block.lines[:-1]]
    wrong = [at_line(line) for line in lines if line.kinds[-1] in _NOT_LAST]
    return row("line-end", "no forbidden line end", looked_at=len(lines), wrong=wrong, limit="0",
               source="clreq 3.1.4; GB/T 15834-2011 5.1.3, 5.1.9")  # fmt: skip


def _parted(above: Line, line: Line) -> bool:
    """Does a dash begin above and end here?"""
    return above.text.endswith("—") and line.text.startswith("—")


def dash_split(proof: Proof) -> Row:
    """No dash is parted at a line end."""
    looked, wrong = sum(line.text.count("——") for line in proof.lines), []
    for block in proof.blocks:
        for above, line in pairwise(block.lines):
            if _parted(above, line):
                looked += 1
                wrong.append(at_line(line))
    return row("dash-whole", "dash not parted", looked_at=looked, wrong=wrong, limit="0",
               source="clreq 3.1.5.1; GB/T 15834-2011 5.1.4")  # fmt: skip


def dash_width(proof: Proof) -> Row:
    """A dash takes two em, in every context."""
    worst, looked, wrong = 0.0, 0, []
    for line in proof.lines:
        # Where a standard fixes characters and width of a line, all of them close up alike.
        closed = min(0.0, *line.han_gaps()) if len(line.han_gaps()) > 1 else 0.0
        for first, width in _dashes(line):
            looked += 1
            off = max(0.0, abs(width - DASH) - max(0.0, -closed))
            worst = max(worst, off)
            if off > DASH_TOLERANCE:
                wrong.append(at_glyph(line.page, line.glyphs[first], f"{width:.3f} em"))
    return row("dash-width", "dash 2 em wide", looked_at=looked, wrong=wrong, value=DASH + worst,
               unit="em at worst", limit="2 ± .01 em", source="GB/T 15834-2011 5.1.4")  # fmt: skip


def _dashes(line: Line) -> Iterator[tuple[int, float]]:
    """Yield (number of the first glyph, width in em) of each dash: what its own glyphs take."""
    k, glyphs = 0, line.glyphs
    while k < len(glyphs):
        if glyphs[k].text[:1] != "—":
            k += 1
            continue
        start, count = k, 0
        while k < len(glyphs) and glyphs[k].text[:1] == "—" and count < 2:
            count += len(glyphs[k].text)
            k += 1
        if count == 2:
            last = glyphs[k - 1]
            yield start, (last.x + last.advance - glyphs[start].x) / glyphs[start].size


def pairs(proof: Proof) -> Row:
    """Two full-width marks that follow each other take one em and a half, not two."""
    worst, looked, wrong = -1.0, 0, []
    for line in proof.lines:
        opening = _opening(line)
        for a, ka, b, kb in line.pairs():
            both = ka in _SQUEEZED and kb in _SQUEEZED and not (ka == cc.OPEN and kb != cc.OPEN)
            if not both or min(a.advance, b.advance) < FULL * a.size:
                continue
            looked += 1
            excess = (b.x - a.x) / a.size - opening - SQUEEZE
            worst = max(worst, excess)
            if excess > SQUEEZE_EXCESS:
                wrong.append(at_glyph(line.page, a, a.text + b.text))
    return row("squeeze", "pairs of marks squeezed to 1.5 em", looked_at=looked, wrong=wrong,
               value=1.0 + SQUEEZE + worst, unit="em", limit="1.5 + .03 em",
               source="clreq 3.1.6.2")  # fmt: skip


def _opening(line: Line) -> float:
    """By how much the line is opened everywhere, em."""
    gaps = line.han_gaps()
    return max(0.0, median(gaps)) if gaps else 0.0


def mark_ends(proof: Proof) -> Row:
    """Full-width marks at line ends take half an em."""
    looked, wrong, ragged = 0, list[Place](), list[Place]()
    for block in proof.body:
        cell = is_cell(block)
        for k in block.inner if not block.ragged else ():
            line = block.lines[k]
            if line.ends_in_wide_mark:
                looked += 1
                if block.visible_end(line) == line.end:
                    (ragged if cell else wrong).append(at_line(line))
    if len(ragged) > max(CELL, CELLS_SHARE * looked):
        wrong += ragged  # far from the edge nobody sees the blank half, but not everywhere
    return row("end-marks", "marks at line ends half an em wide", looked_at=looked, wrong=wrong,
               limit="all", source="GB/T 15834-2011 5.1.10")  # fmt: skip


def quotes(proof: Proof) -> Row:
    """Quotation marks beside Han are full-width and of the same face."""
    looked, wrong = 0, []
    for line in proof.lines:
        for k, glyph in enumerate(line.glyphs):
            if glyph.text not in tuple("“”‘’"):
                continue
            near = line.glyphs[max(0, k - 1) : k] + line.glyphs[k + 1 : k + 2]
            han = [g for g in near if g.text and cc.kinds(g.text[0])[0] == cc.HAN and g.size == glyph.size]
            if not han:
                continue
            looked += 1
            same = any(g.face is glyph.face for g in han)
            if glyph.advance < QUOTE_LEAST * glyph.size or not same:
                wrong.append(at_glyph(line.page, glyph))
    return row("quotes", "quotation marks full-width, from the text's face", looked_at=looked, wrong=wrong,
               limit="≥ .95 em, same face", source="GB/T 15834-2011 5.1.3; clreq 3.1.2")  # fmt: skip
