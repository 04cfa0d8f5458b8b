"""The official page measured: does a finished PDF follow GB/T 9704-2012, to the millimetre.

Read from the glyphs and lines of the file by PDFium, so that it holds for a PDF of any engine: paper,
margins, type area, lines and characters, faces and sizes, page numbers, the red rule. Lengths are in
millimetres. The line box of a line reaches (pitch - size) / 2 above the em box of its characters.
"""

from __future__ import annotations

import ctypes
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from ..diagnostics import Diagnostic, diagnose

__all__ = ["Measure", "judge_official", "measure"]

_MM = 25.4 / 72
PAGE, TOP, LEFT, AREA = (210.0, 297.0), 37.0, 28.0, (156.0, 225.0)
LINES, MEASURE, SIZE = 22, 28, 16.0
PITCH = AREA[1] / LINES
ASCENT = 0.88
"""Part of the em box above the baseline; the faces of the house and those of the trade agree."""
_HEAD = 8
"""Lines at the head of a page in which a title is looked for."""
_SHARE = 0.15
"""Part of all characters that a size must have to be one of text; tables may be smaller."""
_BLANK_AFTER = frozenset("，。、；：？！）》」』”’】〉〕")
_BLANK_BEFORE = frozenset("（《「『“‘【〈〔")
_FANG = ("Fang", "仿宋")


@dataclass(frozen=True, slots=True)
class Measure:
    """One number of the standard: what it is, its clause, what is wanted and found, how near it must be."""

    name: str
    clause: str
    wanted: float
    found: float
    tolerance: float

    @property
    def met(self) -> bool:
        """Whether it is near enough."""
        return abs(self.found - self.wanted) <= self.tolerance


@dataclass(frozen=True, slots=True)
class _Glyph:
    """A character: left edge, baseline (from the top), width, size; millimetres, size in points."""

    text: str
    x: float
    y: float
    width: float
    size: float
    font: str


def judge_official(path: Path) -> tuple[Diagnostic, ...]:
    """Return NPP870 for each number of GB/T 9704-2012 that a PDF misses."""
    return tuple(
        diagnose(
            "NPP870",
            f"{m.name} is {m.found:.2f}, not {m.wanted:g} (GB/T 9704-2012, {m.clause})",
            path=path.name,
        )
        for m in measure(path)
        if not m.met
    )


def measure(path: Path) -> tuple[Measure, ...]:
    """Measure a PDF; what does not occur in it (a page number, full lines, a red rule) is left out."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        sheets = [_trimmed(page) for page in document]
        pages = [  # tables may lie on turned pages (8)
            list(_glyphs(page)) if wide <= high else []
            for page, (wide, high) in zip(document, sheets, strict=True)
        ]
        rule = _red_rule(document[0]) if len(document) else None
        sizes = [sorted(sheet) for sheet in sheets]
    finally:
        document.close()
    found = list(_paper(sizes))
    found += _body(pages)
    found += _folios(pages)
    if rule is not None:
        found.append(Measure("width of the red rule (mm)", "7.2.7", AREA[0], rule, 0.5))
    return tuple(found)


# ------------------------------------------------------------------------------------ measuring


def _paper(sizes: list[list[float]]) -> Iterator[Measure]:
    for index, name in enumerate(("width", "height")):
        worst = max((size[index] for size in sizes), key=lambda s: abs(s - PAGE[index]), default=0.0)
        yield Measure(f"{name} of the paper (mm)", "5.1", PAGE[index], worst, 0.5)


def _body(pages: list[list[_Glyph]]) -> Iterator[Measure]:
    glyphs = [glyph for page in pages for glyph in page if glyph.text.strip()]
    if not glyphs:
        return
    lines = [_lines(page) for page in pages]
    every = [line for page in lines for line in page.values()]
    chinese = [line for line in every if any(map(_han, line))]  # lines of letters have other measures
    whole = [line for line in chinese if abs(line[0].x - LEFT) < 5 and _right(line) > LEFT + AREA[0] - 5]
    plain = [page for page, glyphs in zip(lines, pages, strict=True) if page and not _has_head(glyphs)]
    edge = LEFT + 3 * SIZE * _MM  # an indented line begins before it, what stands in boxes or lists may not
    firsts = [min(page) for page in plain if page[min(page)][0].x < edge]
    tops = [first - (ASCENT * SIZE * _MM) - (PITCH - SIZE * _MM) / 2 for first in firsts]
    sizes = Counter(round(glyph.size, 1) for glyph in glyphs)
    fang = sum(any(name in glyph.font for name in _FANG) for glyph in glyphs) / len(glyphs)
    common = [size for size, count in sizes.items() if count >= _SHARE * len(glyphs)] or [0.0]
    yield Measure("size of the text (pt)", "5.2.2", SIZE, min(common, key=lambda s: abs(s - SIZE)), 0.1)
    yield Measure(
        "text set in FangSong or the faces of heads (part)", "5.2.2", 1.0, 1.0 if fang else 0.0, 0.0
    )
    if tops:
        yield Measure("top margin (mm)", "5.2.1", TOP, min(tops), 1.0)  # a page may begin with a space
    steps = [b - a for page in lines for a, b in pairwise(sorted(page)) if b - a < 1.6 * PITCH]
    if steps:
        yield Measure("distance of lines (mm)", "5.2.2", PITCH, _worst(steps, PITCH), 0.05)
    yield Measure("most lines on a page", "5.2.2", LINES, max(LINES, *map(_count, lines)), 0)
    if whole:
        lefts, rights = [_left(line) for line in whole], [_right(line) for line in whole]
        yield Measure("left margin (mm)", "5.2.1", LEFT, median(lefts), 1.0)
        yield Measure("width of the type area (mm)", "5.2.1", AREA[0], max(rights) - median(lefts), 1.0)
        pitches = [b.x - a.x for line in whole for a, b in pairwise(line) if _han(a) and _han(b)]
        if pitches:
            yield Measure("characters in a line", "5.2.2", MEASURE, AREA[0] / median(pitches), 0.5)


def _folios(pages: list[list[_Glyph]]) -> Iterator[Measure]:
    """Page numbers: `— 1 —` in 14 pt, the dash 7 mm below the type area, at the outer side."""
    below, sizes, sides = [], [], []
    for number, page in enumerate(pages, 1):
        foot = [g for g in page if g.y > TOP + AREA[1] + 3 and g.text.strip()]
        if len(foot) < 3 or foot[0].text != "—" or foot[-1].text != "—":
            continue
        below.append(foot[0].y - 0.268 * foot[0].size * _MM - TOP - AREA[1])
        sizes.append(foot[1].size)
        edge = LEFT + AREA[0] - _right(foot) if number % 2 else foot[0].x - LEFT
        sides.append(edge / (14 * _MM))
    if below:
        yield Measure("page number below the type area (mm)", "7.5", 7.0, _worst(below, 7.0), 1.0)
        yield Measure("size of the page number (pt)", "7.5", 14.0, _worst(sizes, 14.0), 0.1)
        yield Measure("page number from the outer edge (characters)", "7.5", 1.0, _worst(sides, 1.0), 0.3)


def _lines(page: list[_Glyph]) -> dict[float, list[_Glyph]]:
    """Return the lines of the text size by their baselines, each from left to right."""
    lines: dict[float, list[_Glyph]] = defaultdict(list)
    for glyph in page:
        if abs(glyph.size - SIZE) < 0.5 and glyph.y < TOP + AREA[1] and glyph.text.strip():
            lines[round(glyph.y, 2)].append(glyph)
    return {y: sorted(line, key=lambda g: g.x) for y, line in lines.items()}


def _has_head(page: list[_Glyph]) -> bool:
    """Does a page begin with a masthead or a title, over which a space is left?"""
    return any(glyph.size > 1.2 * SIZE and glyph.y < TOP + _HEAD * PITCH for glyph in page)


def _count(page: dict[float, list[_Glyph]]) -> int:
    return len(page)


def _left(line: list[_Glyph]) -> float:
    """Return where a line begins; the blank half of an opening mark may stand outside the type area."""
    first = line[0]
    blank = first.text in _BLANK_BEFORE and first.x < LEFT - first.width / 4
    return first.x + (first.width / 2 if blank else 0.0)


def _right(line: list[_Glyph]) -> float:
    """Return where a line ends; the blank half of a mark may stand outside the type area."""
    last = line[-1]
    blank = last.text in _BLANK_AFTER and last.x + last.width > LEFT + AREA[0] + last.width / 4
    return last.x + last.width - (last.width / 2 if blank else 0.0)


def _han(glyph: _Glyph) -> bool:
    return "\u4e00" <= glyph.text <= "\u9fff"


def _worst(values: list[float], wanted: float) -> float:
    return max(values, key=lambda value: abs(value - wanted))


# ------------------------------------------------------------------------------------- reading


def _trimmed(page: Any) -> tuple[float, float]:
    """Return width and height of a page when it is cut, in mm: without bleed and crop marks."""
    left, bottom, right, top = page.get_trimbox()
    return (right - left) * _MM, (top - bottom) * _MM


def _glyphs(page: Any) -> Iterator[_Glyph]:
    import pypdfium2.raw as pdfium

    text = page.get_textpage()
    edge, _, _, head = page.get_trimbox()
    x, y, matrix = ctypes.c_double(), ctypes.c_double(), pdfium.FS_MATRIX()
    name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    for index in range(pdfium.FPDFText_CountChars(text.raw)):
        if not pdfium.FPDFText_GetCharOrigin(text.raw, index, x, y):
            continue
        if not pdfium.FPDFText_GetMatrix(text.raw, index, matrix):
            continue  # a space or line end that PDFium made up
        pdfium.FPDFText_GetFontInfo(text.raw, index, name, 128, flags)
        left, _, right, _ = text.get_charbox(index, loose=True)
        yield _Glyph(
            chr(pdfium.FPDFText_GetUnicode(text.raw, index) or 32),
            (x.value - edge) * _MM,
            (head - y.value) * _MM,
            (right - left) * _MM,
            pdfium.FPDFText_GetFontSize(text.raw, index) * abs(matrix.d),
            name.value.decode("utf-8", "replace"),
        )


def _red_rule(page: Any) -> float | None:
    """Return the width of the widest red shape on a page, in mm."""
    import pypdfium2.raw as pdfium

    widths = []
    for thing in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH]):
        left, _, right, _ = thing.get_bounds()  # a border may be drawn as a clipped frame, so no height
        colours = (pdfium.FPDFPageObj_GetFillColor, pdfium.FPDFPageObj_GetStrokeColor)
        if any(_is_red(thing, colour) for colour in colours):
            widths.append((right - left) * _MM)
    return max(widths, default=None)


def _is_red(thing: Any, colour: Any) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    return bool(colour(thing.raw, red, green, blue, alpha)) and red.value > 150 > 90 > max(
        green.value, blue.value
    )
