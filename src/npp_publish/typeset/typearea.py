"""The type area: how many characters stand in a line and how many lines on a page.

Chinese pages are planned in characters: a measure that is a whole number of them needs no stretching,
and lines on a common grid stand back to back on both sides of a sheet (clreq 2.3 and 2.4; GB/T
9704-2012 5.2.2 counts 22 lines of 28 characters). So a theme says what it wants in characters, lines
and least margins, and the margins are what is left.

    [page]   paper = "a4"      size = 11 (pt)      leading = 1.636 (line height / size)
             measure = 38      lines = 0 (as many as fit)     columns = 1     gutter = 2 (em)
             top, bottom, inner, outer: least margins in mm; binding = true keeps the inner one exact
             width, height: an exact type area in mm instead; characters and lines are spread over it
             sides = 2 mirrors the margins of left-hand pages
             title = 2 (size of headlines in rem, from which they are fitted to the measure), title-next
             (that of all but the first, where it is another)
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
_SLACK = 0.005
"""Points by which a character may be narrower than its share, so that rounding in the layout engine
(1/1024 px a character) cannot push the last one of a line to the next."""
_COMFORT = 13
"""Fewest characters in a line of several columns, where the theme does not plan with fewer."""
_LEAST = 8
"""Fewest characters in a line and lines on a page that still make a page."""


@dataclass(frozen=True, slots=True)
class TypeArea:
    """A page in points. `measure` characters make a line of one column, `lines` lines a column; `tracking` is
    added to each character where a standard fixes their number and the width as well."""

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
    tracking: float = 0.0
    mirrored: bool = False
    title: float = 0.0
    title_next: float = 0.0

    @property
    def whole(self) -> float:
        """Width of all columns with the gaps between them."""
        return self.columns * self.column + (self.columns - 1) * self.gutter

    @property
    def column(self) -> float:
        """Width of one column."""
        return self.measure * (self.size + self.tracking + (_SLACK if self.tracking else 0))


def type_area(theme: Theme, *, paper: str = "", size: float = 0.0) -> TypeArea:
    """Plan the page of a theme; `paper` and `size` (pt) replace what the theme says.

    Raises UsageError for an unknown paper, or where fewer than eight characters or lines would fit.
    """
    own = theme.setting("page.paper", "a4").lower()
    name = paper.lower() or own
    if name not in PAPERS:
        raise UsageError(f"unknown paper {name!r}", hint="one of " + ", ".join(PAPERS))
    wishes = _Wishes(theme, name)
    if not size and name == own and wishes("width") and wishes("height"):
        return _exact(name, wishes)
    return _fitted(name, wishes, size or wishes("size", 10.5))


@dataclass(frozen=True, slots=True)
class _Wishes:
    """The numbers of [page], those of [page.<paper>] first."""

    theme: Theme
    paper: str

    def __call__(self, key: str, default: float = 0.0) -> float:
        text = self.theme.setting(f"page.{self.paper}.{key}") or self.theme.setting(f"page.{key}")
        try:
            return float(text) if text else default
        except ValueError:
            raise UsageError(f"page.{key} is no number: {text!r}", where=self.theme.folder) from None

    def points(self, key: str, default: float = 0.0) -> float:
        """Return a length that the theme gives in mm."""
        return self(key, default) * _POINTS


def _exact(name: str, wishes: _Wishes) -> TypeArea:
    """A type area of given width and height, over which characters and lines are spread evenly."""
    width, height = (side * _POINTS for side in PAPERS[name])
    across, down = wishes.points("width"), wishes.points("height")
    measure, lines, em = int(wishes("measure", 28)), int(wishes("lines", 22)), wishes("size", 16)
    left, top = wishes.points("inner", 25), wishes.points("top", 25)
    return TypeArea(
        paper=name, width=width, height=height, size=em, line=down / lines, measure=measure, lines=lines,
        columns=1, gutter=0.0, top=top, right=width - left - across, bottom=height - top - down, left=left,
        tracking=across / measure - em - _SLACK, mirrored=wishes("sides", 1) == 2, title=wishes("title"),
        title_next=wishes("title-next") or wishes("title"),
    )  # fmt: skip


def _fitted(name: str, wishes: _Wishes, em: float) -> TypeArea:
    """As many whole characters and lines as the theme allows between its least margins."""
    width, height = (side * _POINTS for side in PAPERS[name])
    columns = max(1, int(wishes("columns", 1)))
    gutter = wishes("gutter", 2) * em
    line = round(em * wishes("leading", 1.65) * 20) / 20
    inner, outer, top = wishes.points("inner", 25), wishes.points("outer", 25), wishes.points("top", 25)
    least = min(int(wishes("measure", 99)), _COMFORT)
    while columns > 1 and (width - inner - outer - (columns - 1) * gutter) / columns < least * em:
        columns -= 1  # large print: fewer columns rather than narrower ones
    room = (width - inner - outer - (columns - 1) * gutter) / columns
    measure = min(int(wishes("measure", 99)), floor(room / em + 1e-6))
    lines = floor((height - top - wishes.points("bottom", 22)) / line + 1e-6)
    lines = min(lines, int(wishes("lines")) or lines)
    if measure < _LEAST or lines < _LEAST:
        raise UsageError(f"{em:g} pt is too large for {columns} columns on {name}", hint="use a larger paper")
    spare = width - columns * measure * em - (columns - 1) * gutter
    bound = wishes.theme.setting("page.binding") == "true"
    left = inner if bound else inner + (spare - inner - outer) / 2
    return TypeArea(
        paper=name, width=width, height=height, size=em, line=line, measure=measure, lines=lines,
        columns=columns, gutter=gutter, top=top, right=spare - left, bottom=height - top - lines * line,
        left=left, mirrored=wishes("sides", 1) == 2, title=wishes("title"),
        title_next=wishes("title-next") or wishes("title"),
    )  # fmt: skip


def page_css(area: TypeArea) -> str:
    """Return the style sheet of a type area: `@page` and the values that theme sheets build on.

    `1rem` is the text size and `1rlh` one line of the grid; `var(--column)` is the width of a column.
    """
    mirror = ""
    if area.mirrored:
        mirror = f"@page :left {{ margin-left: {_pt(area.right)}; margin-right: {_pt(area.left)}; }}\n"
    return (
        f"@page {{ size: {_pt(area.width)} {_pt(area.height)}; margin: {_pt(area.top)} {_pt(area.right)} "
        f"{_pt(area.bottom)} {_pt(area.left)}; }}\n{mirror}"
        f":root {{ font-size: {_pt(area.size)}; line-height: {_pt(area.line)}; --size: {_pt(area.size)}; "
        f"--line: {_pt(area.line)}; --column: {_pt(area.column)}; --gutter: {_pt(area.gutter)}; "
        f"--columns: {area.columns}; --measure: {area.measure}; }}\n"
        f"body {{ margin: 0; letter-spacing: {_pt(area.tracking)}; }}\n"
    )


def _pt(length: float) -> str:
    return f"{length:.4f}".rstrip("0").rstrip(".") + "pt"
