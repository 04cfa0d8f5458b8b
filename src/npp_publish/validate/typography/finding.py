"""Make a row out of what a check looked at and what it found wrong."""

from __future__ import annotations

from collections.abc import Sequence

from .ink import Glyph
from .lines import Line
from .table import MOST_PLACES, Outcome, Place, Row

__all__ = ["at_glyph", "at_line", "row"]


def row(
    check: str,
    title: str,
    *,
    looked_at: int,
    wrong: Sequence[Place],
    limit: str,
    source: str,
    value: float | None = None,
    unit: str = "",
    allowed_share: float = 0.0,
) -> Row:
    """Return the verdict: wrong places, at most `allowed_share` of what was looked at, may be."""
    if not looked_at:
        return Row(check, title, "nothing to measure", limit, Outcome.ABSENT, source=source)
    fails = len(wrong) > allowed_share * looked_at
    if value is None:
        value = float(len(wrong))
        measured = f"{len(wrong)} of {looked_at}"
    else:
        measured = f"{value:.3f} {unit}".strip() + (f" ({len(wrong)} of {looked_at})" if wrong else "")
    outcome = Outcome.FAIL if fails else Outcome.PASS
    places = tuple(wrong[:MOST_PLACES])
    return Row(check, title, measured, limit, outcome, value, looked_at, len(wrong), places, source)


def at_glyph(page: int, glyph: Glyph, text: str = "") -> Place:
    """Return the place of a glyph."""
    return Place(page, round(glyph.x, 2), round(glyph.y, 2), text or glyph.text)


def at_line(line: Line, text: str = "") -> Place:
    """Return the place of a line, with its first and last characters."""
    words = line.text
    shown = words if len(words) <= 14 else f"{words[:6]}…{words[-6:]}"
    return Place(line.page, round(line.left, 2), round(line.y, 2), text or shown)
