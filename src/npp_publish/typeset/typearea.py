"""The type area: how many characters stand in a line and how many lines on a page.

Chinese pages are planned in characters: a measure that is a whole number of them needs no stretching,
and lines on a common grid stand back to back on both sides of a sheet (clreq 2.3 and 2.4; GB/T
9704-2012 5.2.2 counts 22 lines of 28 characters). So a theme says what it wants in characters, lines
and least margins, and the margins are what is left.

    [page]   paper = "a4"      size = 11 (pt)      leading = 1.636 (line height / size)
             measure = 38      lines = 0 (as many as fit)     columns = 1     gutter = 2 (em)
             top, bottom, inner, outer: least margins in mm; binding = true keeps the inner one exact
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

from ..errors import UsageError
from ..model import Theme

__all__ = ["PAPERS", "TypeArea", "page_css", "type_area"]

PAPERS = {
    "a3": (297.0, 420.0),
    "a4": (210.0, 297.0),
    "a5": (148.0, 210.0),
    "b5": (176.0, 250.0),
    "letter": (215.9, 279.4),
    "tabloid": (279.4, 431.8),
}
"""Widths and heights in mm (ISO 216; ANSI)."""
_POINTS = 72 / 25.4
_LEAST = 8
"""Fewest characters in a line and lines on a page that still make a page."""


@dataclass(frozen=True, slots=True)
class TypeArea:
    """A page in points. `measure` characters make a line of one column, `lines` lines a column."""

    paper: str
    width: float
    height: float
    size: float
    line: float
    measure: int
    lines: int
    columns: int
    gutter: float
    top: float
    right: float
    bottom: float
    left: float

    @property
    def column(self) -> float:
        """Width of one column."""
        return self.measure * self.size


def type_area(theme: Theme, *, paper: str = "", size: float = 0.0) -> TypeArea:
    """Plan the page of a theme; `paper` and `size` (pt) replace what the theme says.

    Raises UsageError for an unknown paper, or where fewer than eight characters or lines would fit.
    """
    name = (paper or theme.setting("page.paper", "a4")).lower()
    if name not in PAPERS:
        raise UsageError(f"unknown paper {name!r}", hint="one of " + ", ".join(PAPERS))
    width, height = (side * _POINTS for side in PAPERS[name])

    def wish(key: str, default: float) -> float:
        text = theme.setting(f"page.{name}.{key}") or theme.setting(f"page.{key}")
        try:
            return float(text) if text else default
        except ValueError:
            raise UsageError(f"page.{key} is no number: {text!r}", where=theme.folder) from None

    em = size or wish("size", 10.5)
    line = round(em * wish("leading", 1.65) * 20) / 20
    columns = max(1, int(wish("columns", 1)))
    gutter = wish("gutter", 2) * em
    inner, outer, top, bottom = (
        wish(side, default) * _POINTS
        for side, default in (("inner", 25), ("outer", 25), ("top", 25), ("bottom", 22))
    )
    room = (width - inner - outer - (columns - 1) * gutter) / columns
    measure = min(int(wish("measure", 99)), floor(room / em + 1e-6))
    lines = floor((height - top - bottom) / line + 1e-6)
    lines = min(lines, int(wish("lines", 0)) or lines)
    if measure < _LEAST or lines < _LEAST:
        raise UsageError(f"{em:g} pt is too large for {columns} columns on {name}", hint="use a larger paper")
    spare = width - columns * measure * em - (columns - 1) * gutter
    bound = theme.setting("page.binding") == "true"
    left = inner if bound else inner + (spare - inner - outer) / 2
    return TypeArea(
        name, width, height, em, line, measure, lines, columns, gutter,
        top, spare - left, height - top - lines * line, left,
    )  # fmt: skip


def page_css(area: TypeArea) -> str:
    """Return the style sheet of a type area: `@page` and the values that theme sheets build on.

    `1rem` is the text size and `1rlh` one line of the grid; `var(--column)` is the width of a column.
    """
    return (
        f"@page {{ size: {_pt(area.width)} {_pt(area.height)}; margin: {_pt(area.top)} {_pt(area.right)} "
        f"{_pt(area.bottom)} {_pt(area.left)}; }}\n"
        f":root {{ font-size: {_pt(area.size)}; line-height: {_pt(area.line)}; --size: {_pt(area.size)}; "
        f"--line: {_pt(area.line)}; --column: {_pt(area.column)}; --gutter: {_pt(area.gutter)}; "
        f"--columns: {area.columns}; --measure: {area.measure}; }}\n"
        f"body {{ margin: 0; }}\n"
    )


def _pt(length: float) -> str:
    return f"{length:.4f}".rstrip("0").rstrip(".") + "pt"
