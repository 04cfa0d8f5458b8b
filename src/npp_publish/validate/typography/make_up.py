"""Checks of paragraphs and pages: indents, last lines, the line grid, headings at a page's foot."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from .finding import at_line, row
from .lines import Block, Line, Proof, indents
from .table import Row

__all__ = ["grid", "headings", "indent", "runts"]

INDENT, INDENT_TOLERANCE = 2.0, 0.02
RUNT = 2
GRID = 0.1
COLUMN_SHARE = 0.1
"""Share of the lines that a left edge must have to be a column's."""
HEADING_SIZE = 1.15


def runts(proof: Proof) -> Row:
    """No paragraph ends in a line of a single character."""
    looked, wrong = 0, []
    for block in proof.body:
        for k in block.last:
            if k and k - 1 in block.inner:
                looked += 1
                if sum(map(str.isalnum, block.lines[k].text)) < RUNT:
                    wrong.append(at_line(block.lines[k]))
    return row("runts", "last lines of two characters or more", looked_at=looked, wrong=wrong, limit="0",
               source="clreq 3.4.4")  # fmt: skip


def indent(proof: Proof) -> Row:
    """Paragraphs begin two em in."""
    looked, wrong, worst = 0, [], 0.0
    for block in proof.body:
        for line, width in indents(block) if not block.ragged else ():
            if width < 0.1:
                continue
            looked += 1
            worst = max(worst, abs(width - INDENT))
            if abs(width - INDENT) > INDENT_TOLERANCE:
                wrong.append(at_line(line, f"{width:.3f} em {line.text[:6]}"))
    return row("indent", "paragraphs indented 2 em", looked_at=looked, wrong=wrong, value=worst,
               unit="em off at worst", limit="2 ± .02 em", source="clreq 3.4.1")  # fmt: skip


def grid(proof: Proof) -> Row:
    """Baselines of running text stand on one grid, across the columns of a page."""
    running = _running(proof)
    pitch = _pitch(running)
    looked, wrong, worst = 0, [], 0.0
    for page in sorted({block.lines[0].page for block in running}):
        lines = [line for block in running for line in block.lines if line.page == page]
        if not pitch or len(lines) < 2:
            continue
        phases = Counter(round(line.y % pitch, 2) for line in lines)
        phase = phases.most_common(1)[0][0]
        for line in lines:
            off = abs((line.y - phase + pitch / 2) % pitch - pitch / 2)
            looked += 1
            worst = max(worst, off)
            if off > GRID:
                wrong.append(at_line(line, f"{off:.2f} pt {line.text[:6]}"))
    return row("grid", "baselines on the grid", looked_at=looked, wrong=wrong, value=worst, unit="pt",
               limit="≤ .1 pt", source="clreq 2.3.5")  # fmt: skip


def _running(proof: Proof) -> list[Block]:
    """Return the running text: the face that sets most, in the columns that hold most. Boxes, notes and
    captions have lines of their own."""
    voices: Counter[str] = Counter()
    lefts: Counter[int] = Counter()
    for block in proof.body:
        voices[block.lines[0].voice] += len(block.lines)
    main = voices.most_common(1)[0][0] if voices else ""
    blocks = [block for block in proof.body if block.lines[0].voice == main and not block.ragged]
    for block in blocks:
        lefts[round(block.left)] += len(block.lines)
    least = COLUMN_SHARE * sum(lefts.values())
    return [block for block in blocks if lefts[round(block.left)] >= least]


def _pitch(blocks: list[Block]) -> float:
    """Return the distance of the lines of running text, points."""
    steps = Counter(round(above.y - below.y, 2) for block in blocks for above, below in pairwise(block.lines))
    return steps.most_common(1)[0][0] if steps else 0.0


def headings(proof: Proof) -> Row:
    """No heading stands last in a column while the text goes on."""
    heads = [block for block in proof.blocks if _is_heading(block, proof)]
    last_page = max((line.page for line in proof.lines), default=0)
    running = (block for block in proof.body if not block.ragged)
    with_text = {line.page for block in running for line in block.lines}  # title pages, contents have none
    wrong = []
    for head in heads:
        line = head.lines[-1]
        if line.page in with_text and line.page < last_page and not _text_below(line, proof):
            wrong.append(at_line(line))
    return row("heading-last", "no heading last on a page", looked_at=len(heads), wrong=wrong, limit="0",
               source="clreq 4.1.3")  # fmt: skip


def _is_heading(block: Block, proof: Proof) -> bool:
    return block.lines[0].size >= HEADING_SIZE * proof.size


def _text_below(line: Line, proof: Proof) -> bool:
    """Is there running text under this line, in its column?"""
    return any(
        other.page == line.page
        and other.y < line.y
        and min(block.left, other.left) < line.end
        and line.left < max(block.right, other.end)
        for block in proof.body
        for other in block.lines
    )
