"""The type on a printed page: glyphs -> rows.

All measures are PDF points with the origin at the lower left, as the text layer gives them.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

__all__ = ["Glyph", "Row", "rows", "without_overprints"]

_WORD_GAP = 1.6  # of the size: a wider gap in a line is the room between two columns
_OVERLAP = 0.65  # of the size: two marks in a row are set closer, so that their boxes overlap


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character and its box; `heavy` tells the face: bold, or a black one such as 黑体 beside 宋体."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float
    heavy: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A run of glyphs in one line (or in one column of vertical setting), and its box.

    `lead` is the number of characters in heavy type at its beginning, where others follow.
    """

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float
    vertical: bool = False
    heavy: bool = False
    lead: int = 0

    def turned(self) -> Row:
        """Return the row on a page of vertical setting that is turned by a quarter to the left.

        Its lines then run from left to right, the first one at the top, as in horizontal setting.
        """
        return replace(self, left=-self.top, bottom=self.left, right=-self.bottom, top=self.right)


def rows(glyphs: Iterable[Glyph]) -> list[Row]:
    """Gather the glyphs, in the order of the text layer, into rows.

    A space has no place of its own: it belongs to the run that goes on after it.
    """
    found: list[Row] = []
    run: list[Glyph] = []
    spaces = ""
    for glyph in glyphs:
        if glyph.text.isspace():
            spaces = " " if run else ""
            continue
        if run and not _goes_on(run, glyph):
            found.append(_row(run))
            run, spaces = [], ""
        if spaces:
            run.append(Glyph(" ", glyph.left, glyph.bottom, glyph.left, glyph.top, glyph.size))
            spaces = ""
        run.append(glyph)
    if run:
        found.append(_row(run))
    return found


def _goes_on(run: Sequence[Glyph], glyph: Glyph) -> bool:
    last = next(g for g in reversed(run) if g.text != " ")
    size = max(last.size, glyph.size, 0.1)
    if abs(last.size - glyph.size) > 0.35 * size:
        return False
    if _is_vertical(run):
        beside = abs(_middle(run[0]) - _middle(glyph)) < (0.4 if glyph.text.isalnum() else 0.8) * size
        return beside and -_OVERLAP * size < last.bottom - glyph.top < _WORD_GAP * size
    shared = min(last.top, glyph.top) - max(last.bottom, glyph.bottom)
    level = shared > 0.3 * min(_height(last), _height(glyph)) or _close_to_line(last, glyph, size)
    if level and -_OVERLAP * size < glyph.left - last.right < _WORD_GAP * size:
        return True
    under = abs(_middle(last) - _middle(glyph)) < (0.2 if glyph.text.isalnum() else 0.7) * size
    return len(run) == 1 and under and not level and 0 < last.top - glyph.top < 1.6 * size


def _close_to_line(a: Glyph, b: Glyph, size: float) -> bool:
    """Commas and dashes are low or thin: their boxes need not overlap those of their neighbours."""
    return abs(a.bottom - b.bottom) < 0.75 * size and min(_height(a), _height(b)) < 0.45 * size


def _height(glyph: Glyph) -> float:
    return max(glyph.top - glyph.bottom, 0.01)


def _middle(glyph: Glyph) -> float:
    return (glyph.left + glyph.right) / 2


def _is_vertical(run: Sequence[Glyph]) -> bool:
    if len(run) < 2:
        return False
    first, last = run[0], run[-1]
    return (
        first.bottom - last.bottom > 0.6 * first.size
        and abs(_middle(first) - _middle(last)) < 0.4 * first.size
    )


def _row(run: Sequence[Glyph]) -> Row:
    size = statistics.median(g.size for g in run)
    return Row(
        "".join(g.text for g in run).strip(),
        min(g.left for g in run),
        min(g.bottom for g in run),
        max(g.right for g in run),
        max(g.top for g in run),
        size,
        _is_vertical(run),
        2 * sum(g.heavy for g in run) > len(run),
        _lead(run),
    )


def _lead(run: Sequence[Glyph]) -> int:
    light = next((at for at, glyph in enumerate(run) if not glyph.heavy and glyph.text != " "), 0)
    text = "".join(glyph.text for glyph in run[:light]).rstrip()
    return len(text) if any(map(str.isalpha, text)) else 0  # figures have a face of their own


_BAND = 64.0
"""Height in pt of the bands in which overprints are looked for; none is farther off than one band."""


def without_overprints(found: Sequence[Row]) -> tuple[list[Row], int]:
    """Leave out rows printed twice in one place (for boldness or a shadow); return how many."""
    kept: list[Row] = []
    seen: dict[tuple[str, int], list[Row]] = {}
    for row in found:
        near = min(0.35 * row.size, _BAND)
        band = int(row.bottom // _BAND)
        twins = (twin for n in (band, band - 1, band + 1) for twin in seen.get((row.text, n), ()))
        if any(abs(t.left - row.left) < near and abs(t.bottom - row.bottom) < near for t in twins):
            continue
        seen.setdefault((row.text, band), []).append(row)
        kept.append(row)
    return kept, len(found) - len(kept)
