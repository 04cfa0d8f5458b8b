"""The printed sheet: page size, running heads, folios, bleed and crop marks, as CSS for browsers.

Browsers print margin boxes (CSS Paged Media 3, 4.2) but know neither `bleed` nor `marks`. So with
marks the sheet is made larger than the page, and the four corner boxes of the margin draw the
crop marks as backgrounds; the margin grows by as much.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = [
    "FOLIO_FAMILIES",
    "HEAD_FAMILIES",
    "SIZES",
    "Sheet",
    "css_families",
    "css_string",
    "sheet_css",
    "spoken",
]

SIZES = {"A4": (210.0, 297.0), "A5": (148.0, 210.0), "B5": (176.0, 250.0), "letter": (215.9, 279.4)}
"""Page sizes: width and height in millimetres."""

_SPACE = re.compile(r"\s+")
_MARGIN = (24.0, 22.0, 22.0, 22.0)
_MARK_LENGTH = 6.0
_MARK_GAP = 3.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is printed around the text; `bleed` in millimetres, `heads` left and right."""

    size: str = "A4"
    heads: tuple[str, str] = ("", "")
    folio: str = "— {} —"
    bleed: float = 0.0
    marks: bool = False


def css_string(text: str) -> str:
    """Return `text` as a CSS string that can stand in a `style` element: letters and figures as they
    are, everything else escaped (CSS Syntax 3, 4.3.7)."""
    safe = (char if char.isalnum() else f"\\{ord(char):x} " for char in _SPACE.sub(" ", text))
    return '"' + "".join(safe) + '"'


def css_families(names: tuple[str, ...]) -> str:
    """Return family names as CSS writes them."""
    return ", ".join(f'"{name}"' for name in names)


def sheet_css(sheet: Sheet) -> str:
    """Return the `@page` rules of a sheet."""
    width, height = SIZES[sheet.size]
    extra = sheet.bleed + (_MARK_LENGTH + _MARK_GAP if sheet.marks else 0)
    top, right, bottom, left = (side + extra for side in _MARGIN)
    rules = [
        f"size: {width + 2 * extra:g}mm {height + 2 * extra:g}mm;",
        f"margin: {top:g}mm {right:g}mm {bottom:g}mm {left:g}mm;",
        *_heads(sheet),
        *(_corners(extra, sheet.bleed) if sheet.marks else ()),
    ]
    blank = "{ content: none; border: 0 }"
    first = f"@page :first {{ @top-left {blank} @top-center {blank} @top-right {blank} }}"
    return "@page { " + " ".join(rules) + " }\n" + first + "\n"


HEAD_FAMILIES = ("NPP Hei", "NPP Song", "NPP Latin", "NPP Hangul")
FOLIO_FAMILIES = ("NPP Latin", "NPP Song")
_HEAD = (
    f"font-family: {css_families(HEAD_FAMILIES)}, sans-serif; font-size: 8pt; color: #444; "
    "vertical-align: bottom; padding-bottom: 2mm; border-bottom: .4pt solid #999; margin-bottom: 5mm;"
)
_FOLIO = (
    f"font-family: {css_families(FOLIO_FAMILIES)}, serif; font-size: 9pt; color: #000; "
    "vertical-align: top; padding-top: 6mm;"
)


def spoken(sheet: Sheet) -> tuple[tuple[tuple[str, ...], str], ...]:
    """Return the families and the characters that only the style sheet sets: heads, folios, the
    numbers of lists and the dot of emphasis."""
    numbers = "0123456789"
    return (HEAD_FAMILIES, "".join(sheet.heads)), (FOLIO_FAMILIES, f"{numbers}{sheet.folio}.•◦▪")


def _heads(sheet: Sheet) -> list[str]:
    left, right = (css_string(words) for words in sheet.heads)
    before, _, after = sheet.folio.partition("{}")
    return [
        f"@top-left {{ content: {left}; text-align: left; {_HEAD} }}",
        f"@top-center {{ content: ''; {_HEAD} }}",
        f"@top-right {{ content: {right}; text-align: right; {_HEAD} }}",
        f"@bottom-center {{ content: {css_string(before)} counter(page) {css_string(after)}; {_FOLIO} }}",
    ]


def _corners(extra: float, bleed: float) -> list[str]:
    """Two lines a corner, outside the bleed, in line with the edges of the trimmed page."""
    line, length = ".25pt", f"{_MARK_LENGTH:g}mm"
    rules = []
    for down in ("top", "bottom"):
        for across in ("left", "right"):
            edge_x = f"{across} {extra:g}mm {down} 0"
            edge_y = f"{across} 0 {down} {extra:g}mm"
            ink = "linear-gradient(#000, #000)"
            rules.append(
                f"@{down}-{across}-corner {{ content: ''; background: "
                f"{ink} {edge_x} / {line} {length} no-repeat, {ink} {edge_y} / {length} {line} no-repeat; }}"
            )
    return rules
