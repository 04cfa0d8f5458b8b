"""Checks of gaps: Han and Latin, right edges, how far lines are opened."""

from __future__ import annotations

import re
from collections.abc import Iterator
from statistics import fmean

from ...typeset import characters as cc
from .finding import at_glyph, at_line, row
from .lines import Block, Line, Proof
from .table import Place, Row

__all__ = ["autospace", "flush", "is_cell", "loose_lines", "mean_gap", "opened", "worst_gap"]

JUSTIFIED_LEAST, JUSTIFIED_MOST = 0.10, 0.50
NATURAL, NATURAL_TOLERANCE = 0.25, 0.02
FLUSH = 0.1
MOST_TRACKING = 0.3
"""em: letter spacing of a whole line is not wider."""
CELL, CELLS_SHARE, CELL_WIDTH = 8, 0.1, 20
"""Blocks of so few lines, and so narrow (em), may be set ragged, if no more of all lines are."""
UPPER = 0.75
"""Of the gaps of a line this quantile is judged: one that is meant (after a term, before a name) is not
the line's, but a line opened in some places only is seen."""
WORST_GAP = 0.25
LOOSE_GAP, LOOSE_SHARE, ROUNDING = 0.1, 0.01, 0.001
ENOUGH = 100
"""Of fewer lines one may be loose: a share is said of hundreds."""
_SHORTEST = 3
"""Characters of a last line of two, with a mark."""
_RUN = re.compile(r"[（“《‘「『〔【]*[!-~°℃‰–～]{2,}[）”》’」』〕】，。、；：？！]*")
"""What no rule parts: letters, figures and their signs with the marks around them (clreq 3.1.4, 3.1.5)."""


def autospace(proof: Proof) -> Row:
    """Han and Latin letters or digits stand apart: a quarter em, or what justification makes of it."""
    stretched = {id(line) for block in proof.blocks for line in _stretched(block)}
    looked, wrong, worst = 0, [], 0.0
    for line in proof.lines:
        spaced = line.han_gaps()
        tracking = min(spaced, default=0.0) if id(line) not in stretched else 0.0
        tracking = tracking if tracking < MOST_TRACKING else 0.0
        for a, ka, b, kb in line.pairs():
            if {ka, kb} != {cc.HAN, cc.LATIN} or abs(a.size - b.size) > 0.01 or abs(a.y - b.y) > 0.01:
                continue
            looked += 1
            gap = (b.x - a.x - a.advance) / a.size - tracking
            worst = max(worst, abs(gap - NATURAL))
            if id(line) in stretched:
                good = JUSTIFIED_LEAST <= gap <= JUSTIFIED_MOST
            else:
                good = abs(gap - NATURAL) <= NATURAL_TOLERANCE
            if not good:
                wrong.append(at_glyph(line.page, a, f"{a.text}{b.text} {gap:.3f} em"))
    return row("autospace", "Han and Latin a quarter em apart", looked_at=looked, wrong=wrong, value=worst,
               unit="em off at worst", limit=".10-.50 em justified, .25 ± .02 else",
               source="clreq 3.2.2")  # fmt: skip


def _stretched(block: Block) -> Iterator[Line]:
    """Yield the lines that justification may have changed: those that go on, here or overleaf, and those
    that may, as the line below is not indented."""
    for k, line in enumerate(block.lines):
        below = block.lines[k + 1].left if k + 1 < len(block.lines) else None
        may_go_on = below is not None and abs(below - block.left) < FLUSH
        if k in block.inner or may_go_on or abs(block.visible_end(line) - block.right) <= FLUSH:
            yield line


def flush(proof: Proof) -> Row:
    """Lines that go on reach the right edge."""
    looked, off, loose = 0, list[tuple[float, Place]](), list[tuple[float, Place]]()
    for block in proof.body:
        cell = is_cell(block)
        for line in (block.lines[k] for k in block.inner if not block.ragged and block.lines[k].wide):
            by = abs(block.visible_end(line) - block.right)
            looked += 1
            (loose if cell and by > FLUSH else off).append(
                (by, at_line(line, f"{by:.2f} pt {line.text[-6:]}"))
            )
    if len(loose) > max(CELL, CELLS_SHARE * looked):
        off += loose  # nobody set all of it so on purpose
    worst = max((by for by, _ in off), default=0.0)
    wrong = [place for by, place in off if by > FLUSH]
    return row("flush", "right edges flush", looked_at=looked, wrong=wrong, value=worst, unit="pt",
               limit="≤ .1 pt", source="clreq 3.5")  # fmt: skip


def is_cell(block: Block) -> bool:
    """Does a block look like a cell or an item that is set ragged on purpose: too narrow to be even on both
    sides, few lines, all as they come?"""
    if block.right - block.left > CELL_WIDTH * block.lines[0].size:
        return False
    off = (abs(block.visible_end(block.lines[k]) - block.right) for k in block.inner)
    return len(block.inner) <= CELL and any(by > FLUSH for by in off) and all(map(_natural, block.lines))


def _natural(line: Line) -> bool:
    """Is a line neither opened nor pushed in: the setting of a cell or an item that is too narrow to be
    even on both sides?"""
    return all(abs(gap) < NATURAL_TOLERANCE for gap in line.han_gaps())


def opened(proof: Proof) -> list[tuple[Line, float, str]]:
    """Return the lines that go on, with the gap between their Han, em, and what the next line begins with."""
    found = []
    for block in proof.body:
        for k in block.inner:
            gaps = block.lines[k].han_gaps()
            if gaps:
                gap = sorted(gaps)[int(UPPER * (len(gaps) - 1))]
                found.append((block.lines[k], gap, block.lines[k + 1].text))
    return found


def _opened_line(line: Line, gap: float, following: str) -> Place:
    """Return the place of a line that is opened too far, with the run after it that was kept whole, if
    there is one: a word or a figure that no rule parts leaves no choice, nor does a last line that must
    not be of one character."""
    words = line.text
    shown = words if len(words) <= 14 else f"{words[:6]}…{words[-6:]}"
    run = _RUN.match(following)
    whole = run.group() if run else following if len(following) <= _SHORTEST else ""
    reason = f" before {whole}" if whole else ""
    return at_line(line, f"{gap:.3f} em {shown}{reason}")


def worst_gap(proof: Proof) -> Row:
    """No line is opened so far that it falls apart."""
    lines = opened(proof)
    worst = max((gap for _, gap, _ in lines), default=0.0)
    wrong = [_opened_line(*found) for found in lines if found[1] > WORST_GAP]
    return row("worst-gap", "widest gap between Han", looked_at=len(lines), wrong=wrong, value=worst,
               unit="em", limit="≤ .25 em", source="clreq 3.5.4")  # fmt: skip


def loose_lines(proof: Proof) -> Row:
    """Few lines are opened at all."""
    lines = opened(proof)
    wrong = [_opened_line(*found) for found in lines if found[1] > LOOSE_GAP + ROUNDING]
    share = 100 * len(wrong) / len(lines) if lines else 0.0
    few = 1 / len(lines) if 0 < len(lines) < ENOUGH else 0.0
    return row("loose-lines", "lines opened by more than .1 em", looked_at=len(lines), wrong=wrong,
               value=share, unit="%", limit="≤ 1 %", source="clreq 3.5.4",
               allowed_share=max(LOOSE_SHARE, few))  # fmt: skip


def mean_gap(proof: Proof) -> float:
    """Return the mean opening between Han in lines that go on, em: a figure, not a check."""
    gaps = [gap for b in proof.body for k in b.inner for gap in b.lines[k].han_gaps()]
    return fmean(gaps) if gaps else 0.0
