"""Lines, columns and paragraphs, read off the places of the glyphs.

All lengths are in points; a gap or an indent in em of the line's type size.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from ...typeset import characters as cc
from .cells import FULL, Cells, begins_cell, cells
from .ink import Glyph, Sheet

__all__ = ["FULL", "Block", "Line", "Proof", "read_proof"]

NEW_LINE_RISE = 0.6
"""em: a glyph further up or down than this begins a new line."""
WORD_GAP = 2.5
"""em: a glyph further to the right than this begins a new piece of line (another column)."""
JOINED = 0.45
"""em: pieces on one baseline so near to each other are one line: what stands between was painted later."""
MOST_LEADING = 2.4
"""em: lines further apart than this do not belong to the same block."""
INDENT = 2.0
"""em (clreq 3.4.1)"""
INDENT_LEAST = 0.8
"""em: a line that starts this far in begins a paragraph."""
QUOTED = 0.6
"""em: a block that is indented on both sides ends so far before the edge."""
SHORT, SHORT_STOP = 3.0, 1.0
"""em: a line that ends so far before the edge ends a paragraph; with a stop mark, so far."""
EDGE_LEAST = 3
"""So many lines ending at one place make a right edge."""
_BULLETS = frozenset("•◦▪‣●○■□◆·")
"""What stands before an item."""
_UNSEEN = ("\u200b", "\u2060", "\ufeff", "\u00ad")
"""Characters without ink or width of their own."""
NARROWEST = 8.0
"""em: no column of running text is narrower."""


@dataclass(slots=True)
class Line:
    """Glyphs on one baseline, spaces at its ends left out."""

    page: int
    glyphs: list[Glyph]
    size: float
    y: float
    kinds: list[int] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The characters of the line."""
        return "".join(glyph.text for glyph in self.glyphs)

    @property
    def voice(self) -> str:
        """The face that sets most of it."""
        return Counter(glyph.face.name for glyph in self.glyphs).most_common(1)[0][0]

    @property
    def left(self) -> float:
        """Where what is seen of the line begins: an opening mark's blank half may hang out."""
        return self.glyphs[0].x

    @property
    def end(self) -> float:
        """Where the last glyph's advance ends."""
        last = self.glyphs[-1]
        return last.x + last.advance

    @property
    def end_kind(self) -> int:
        """The class of the last character."""
        return self.kinds[-1]

    @property
    def wide(self) -> bool:
        """Is it a line of Han? Those of letters alone follow other rules."""
        return not cc.WIDE.isdisjoint(self.kinds)

    @property
    def ends_in_wide_mark(self) -> bool:
        """Does it end in a full-width mark that has a blank right half?"""
        last = self.glyphs[-1]
        return self.kinds[-1] in cc.BLANK_AFTER and last.advance >= FULL * last.size

    @property
    def starts_in_wide_mark(self) -> bool:
        """Does it start with a full-width opening mark?"""
        first = self.glyphs[0]
        return self.kinds[0] == cc.OPEN and first.advance >= FULL * first.size

    def pairs(self) -> Iterator[tuple[Glyph, int, Glyph, int]]:
        """Yield neighbours with their classes."""
        for (a, ka), (b, kb) in pairwise(zip(self.glyphs, self.kinds, strict=True)):
            yield a, ka, b, kb

    def han_gaps(self) -> list[float]:
        """Return the openings between neighbouring Han of the same size, em."""
        return [
            (b.x - a.x - a.advance) / a.size
            for a, ka, b, kb in self.pairs()
            if ka == cc.HAN == kb and abs(a.size - b.size) < 0.01
        ]


@dataclass(slots=True)
class Block:
    """Lines of one size below each other in one column. `left` and `right` are its edges.

    `inner` are the numbers of lines that another line of the same paragraph follows (they should
    reach the right edge), `first` of lines that begin a paragraph, `last` of those that end one.
    `ragged`: too few lines go on to tell whether they should be even.
    """

    lines: list[Line]
    left: float = 0.0
    right: float = 0.0
    inner: list[int] = field(default_factory=list)
    first: list[int] = field(default_factory=list)
    last: list[int] = field(default_factory=list)

    @property
    def ragged(self) -> bool:
        """A single line that goes on (an entry of a contents list, a caption) is no measure, nor is a
        list of words."""
        return len(self.inner) < 2 or self.right - self.left < NARROWEST * self.lines[0].size

    def visible_end(self, line: Line) -> float:
        """Return where a line is seen to end: the blank half of a mark that reaches over the edge,
        or that stands before it, does not count, nor does a mark that hangs out (clreq 3.1.7)."""
        if not line.ends_in_wide_mark:
            return line.end
        last = line.glyphs[-1]
        ends = [line.end - last.size / 2, line.end]
        if last.text in cc.HANGING:
            ends.append(last.x)
        return min(ends, key=lambda end: abs(end - self.right))


@dataclass(frozen=True, slots=True)
class Proof:
    """What the checks look at. `size`: of running text; `body`: its blocks; `lines`: all lines."""

    sheets: tuple[Sheet, ...]
    lines: tuple[Line, ...]
    size: float
    body: tuple[Block, ...]
    blocks: tuple[Block, ...]


def read_proof(sheets: Sequence[Sheet]) -> Proof:
    """Find lines, blocks and paragraphs on all pages."""
    lines = [line for sheet in sheets for line in _joined(list(_lines(sheet)), cells(sheet))]
    counted: Counter[float] = Counter()
    for line in lines:
        counted[round(line.size, 1)] += len(line.glyphs)
    size = counted.most_common(1)[0][0] if counted else 0.0
    edges = _right_edges(lines)
    blocks = [_measured(block, edges, lines) for block in _blocks(lines)]
    _widen(blocks)
    body = tuple(block for block in blocks if abs(block.lines[0].size - size) < 0.1)
    return Proof(tuple(sheets), tuple(lines), size, body, tuple(blocks))


def _lines(sheet: Sheet) -> Iterator[Line]:
    run: list[Glyph] = []
    places = cells(sheet)
    for glyph in sheet.glyphs:
        if not glyph.upright or not glyph.size or glyph.text in _UNSEEN:
            continue
        if run and (_breaks(run[-1], glyph) or begins_cell(run[-1], glyph, places)):
            yield from _line(sheet.number, run)
            run = []
        run.append(glyph)
    yield from _line(sheet.number, run)


def _joined(lines: list[Line], known: Cells) -> list[Line]:
    """Put a line together again that was painted in pieces: a word with a reading over it is a layer
    of its own. It keeps the place of its first piece."""
    rows: dict[tuple[float, float], list[int]] = {}
    for number, line in enumerate(lines):
        rows.setdefault((round(line.y, 1), round(line.size, 1)), []).append(number)
    gone: set[int] = set()
    for numbers in rows.values():
        in_order = sorted(numbers, key=lambda number: lines[number].left)
        whole = last = in_order[0]
        for number in in_order[1:]:
            a, b = lines[whole], lines[number]
            gap = (b.left - a.end) / a.size
            layers = number != last + 1  # else they were parted for a reason: a bullet and its item
            last = number
            if layers and -0.6 < gap < JOINED and round(b.left, 1) not in known.begins:
                glyphs, kinds = [*a.glyphs, *b.glyphs], [*a.kinds, *b.kinds]
                keep, drop = min(whole, number), max(whole, number)
                lines[keep] = Line(a.page, glyphs, a.size, a.y, kinds)
                gone.add(drop)
                whole = keep
            else:
                whole = number
    return [line for number, line in enumerate(lines) if number not in gone]


def _breaks(a: Glyph, b: Glyph) -> bool:
    size = max(a.size, b.size)
    step = b.x - a.x
    return abs(b.y - a.y) > NEW_LINE_RISE * size or step < -size or step - a.advance > WORD_GAP * size


def _line(page: int, run: list[Glyph]) -> Iterator[Line]:
    glyphs = list(run)
    while glyphs and not glyphs[-1].text.strip():
        glyphs.pop()
    while glyphs and not glyphs[0].text.strip():
        glyphs.pop(0)
    if not glyphs:
        return
    sizes: Counter[float] = Counter(round(glyph.size, 2) for glyph in glyphs)
    size = sizes.most_common(1)[0][0]
    y = next(glyph.y for glyph in glyphs if round(glyph.size, 2) == size)
    kinds = [cc.kinds(glyph.text[0])[0] if glyph.text else cc.OTHER for glyph in glyphs]
    for k, glyph in enumerate(glyphs):
        alone = glyph.text == "—" and all(
            glyphs[n].text != "—" for n in (k - 1, k + 1) if 0 <= n < len(glyphs)
        )
        if alone:
            kinds[k] = cc.CONNECTOR
    yield Line(page, glyphs, size, y, kinds)


def _blocks(lines: list[Line]) -> Iterator[Block]:
    run: list[Line] = []
    mark: Line | None = None
    items = False
    for line in lines:
        if not any(kind in (cc.HAN, cc.LATIN) for kind in line.kinds):
            mark = line  # a bullet or an ornament is no line of text
            continue
        beside = mark is not None and mark.left < line.left and abs(mark.y - line.y) < 0.3 * line.size
        text = _behind_bullet(line)
        if run and (beside or text is not line or not _follows(run[-1], line) or _leaves(run, line, items)):
            yield Block(run)
            run = []
        if not run:
            items = beside or text is not line
        run.append(text)
    if run:
        yield Block(run)


def _behind_bullet(line: Line) -> Line:
    """Return an item without its bullet, which was painted on the line; its lines are even behind it."""
    if line.glyphs[0].text not in _BULLETS:
        return line
    start = next((k for k, g in enumerate(line.glyphs) if k and g.text.strip()), 0)
    return Line(line.page, line.glyphs[start:], line.size, line.y, line.kinds[start:]) if start else line


def _leaves(run: list[Line], line: Line, items: bool) -> bool:
    """Does a line no longer belong to the item that `run` is: does it begin further left?"""
    return items and line.left < run[0].left - INDENT_LEAST * line.size


def _follows(above: Line, line: Line) -> bool:
    size = above.size
    return (
        above.page == line.page
        and above.voice == line.voice
        and abs(size - line.size) < 0.06 * size
        and 0.8 * size < above.y - line.y < MOST_LEADING * size
        and line.left < above.end + size
        and above.left < line.end + size
    )


def _right_edges(lines: Sequence[Line]) -> list[float]:
    """Return where lines of Han end again and again: the right edges of the columns."""
    ends = [line.end for line in lines if line.end_kind == cc.HAN]
    counted = Counter(round(end, 1) for end in ends)
    exact = {round(end, 1): end for end in ends}
    return sorted(exact[edge] for edge, count in counted.items() if count >= EDGE_LEAST)


def _measured(block: Block, edges: Sequence[float], all_lines: Sequence[Line]) -> Block:
    """Find the edges and the paragraphs of a block."""
    lines = block.lines
    block.left = _left(lines)
    block.right = _right(block, edges, all_lines)
    _find_paragraphs(block)
    return block


def _find_paragraphs(block: Block) -> None:
    """Say of each line whether a paragraph begins, goes on or ends with it."""
    lines = block.lines
    block.first, block.inner, block.last = [], [], []
    for k, line in enumerate(lines):
        starts = k == 0 or _indent(block, line) >= INDENT_LEAST or _stops_short(block, lines[k - 1])
        if starts:
            block.first.append(k)
        if k:
            (block.last if starts else block.inner).append(k - 1)
    block.last.append(len(lines) - 1)


def _widen(blocks: Sequence[Block]) -> None:
    """A block of short, indented lines does not show its column: take the edges of a block that
    begins one indent further left."""
    columns = Counter((block.left, block.right) for block in blocks if len(block.inner) >= EDGE_LEAST)
    for block in blocks:
        size = block.lines[0].size
        for left, right in sorted(columns):
            indented = abs(block.left - left - INDENT * size) < 0.05 * size
            narrower = right - SHORT * size <= block.right < right - QUOTED * size
            if indented and not narrower:  # as a quotation or an item would be
                block.left, block.right = left, right
                _find_paragraphs(block)
                break


def _right(block: Block, edges: Sequence[float], all_lines: Sequence[Line]) -> float:
    """Return the right edge of a block: its own where lines keep ending there, else the column's.

    Where several lines reach far beyond, the entries of a list end there, and it is no edge.
    """
    ends = [line.end for line in block.lines if line.end_kind == cc.HAN]
    own = Counter(round(end, 1) for end in ends)
    outermost = max((end for end, count in own.items() if count >= EDGE_LEAST), default=None)
    size = block.lines[0].size
    seen = [line.end - line.glyphs[-1].size / 2 * line.ends_in_wide_mark for line in block.lines]
    furthest = max(seen)
    passed = outermost is not None and furthest > outermost + SHORT * size
    if outermost is not None and not (passed and sum(end > furthest - 0.1 for end in seen) > 1):
        return median(end for end in ends if round(end, 1) == outermost)
    if sum(abs(line.end - furthest) < 0.1 for line in block.lines) > 1:
        return furthest  # a quotation, an item: narrower than the column
    edge = next((edge for edge in edges if edge >= furthest - 0.1 * size), max([*ends, furthest]))
    page, top, foot = block.lines[0].page, block.lines[0].y + size, block.lines[-1].y - size
    beside = (line.left for line in all_lines if line.page == page and foot < line.y < top)
    return max([*ends, furthest]) if any(furthest < left < edge for left in beside) else edge


def _left(lines: Sequence[Line]) -> float:
    """Return where lines begin most often, among equals the outermost; or one indent further left, where
    a line goes on: most of the paragraphs have a single line then."""
    counted = Counter(round(_seen_left(line), 1) for line in lines)
    most = max(counted.values())
    common = min([left for left, count in counted.items() if count >= max(2, most * 0.6)] or counted)
    size = lines[0].size
    outer = (round(_seen_left(line), 1) for line in lines[1:])
    return min((left for left in outer if abs(common - left - INDENT * size) < 0.05 * size), default=common)


def _seen_left(line: Line) -> float:
    return line.left + line.glyphs[0].size / 2 if line.starts_in_wide_mark else line.left


def _indent(block: Block, line: Line) -> float:
    """Return how far in a line starts, em; an opening mark may be trimmed or not."""
    indent = (line.left - block.left) / line.size
    if line.starts_in_wide_mark and abs(indent + 0.5 - round(indent + 0.5)) < abs(indent - round(indent)):
        indent += 0.5
    return indent


def _stops_short(block: Block, line: Line) -> bool:
    """Does a line end a paragraph: far before the edge, or not so far but with a stop?"""
    short = (block.right - line.end) / line.size
    return short > SHORT or (short > SHORT_STOP and line.end_kind in (cc.STOP, cc.CLOSE))


def indents(block: Block) -> Iterator[tuple[Line, float]]:
    """Yield first lines of Chinese paragraphs of more than one line with their indent, em."""
    for k in block.first:
        if k in block.inner and k + 1 < len(block.lines) and block.lines[k].wide:
            yield block.lines[k], _indent(block, block.lines[k])
