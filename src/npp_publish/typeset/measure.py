"""Natural widths of characters, as Pango shapes them with the text box's own style."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

__all__ = [
    "BLANK",
    "GLYPH_INTS",
    "advances",
    "glyph_runs",
    "one_each",
    "unicode_breaks",
    "utf8_length",
    "width",
]

SOFT = "\xad"
"""A soft hyphen takes no room and is not drawn."""
BLANK = "\u2002"
"""The en space: its glyph has no ink, and Chinese text does not use it otherwise."""
GLYPH_INTS = 5
"""A PangoGlyphInfo is five 32-bit integers: glyph, width, x offset, y offset, flags."""


def glyph_runs(line: Any) -> list[tuple[Any, int, int, list[int], list[int]]]:
    """Return the runs of a Pango line: (item, byte offset, number of glyphs, glyph integers, byte
    offset in the run of each glyph's cluster). Widths and offsets are in Pango units."""
    from weasyprint.text.ffi import ffi

    found = []
    run = line.runs[0] if line.runs != ffi.NULL else ffi.NULL
    while run != ffi.NULL:
        item, glyphs = run.data.item, run.data.glyphs
        count = glyphs.num_glyphs
        if count:
            integers = ffi.unpack(ffi.cast("int32_t *", glyphs.glyphs), count * GLYPH_INTS)
            clusters = ffi.unpack(glyphs.log_clusters, count)
            found.append((item, item.offset, count, integers, clusters))
        run = run.next
    return found


def advances(text: str, style: Any) -> list[float]:
    """Return the advance (px) of each character; 0 for those that share a cluster with the one before.

    A newline has no width.
    """
    from weasyprint.text.ffi import FROM_UNITS, pango
    from weasyprint.text.line_break import Layout

    if text == "\n":
        return [0.0]
    if SOFT in text:
        shown = iter(advances(text.replace(SOFT, ""), style))
        return [0.0 if character == SOFT else next(shown) for character in text]
    layout = Layout(style)
    layout.set_text(text.replace("\n", " "))
    pango.pango_layout_set_single_paragraph_mode(layout.layout, True)
    line = pango.pango_layout_get_line_readonly(layout.layout, 0)
    runs = glyph_runs(line)
    if sum(run[2] for run in runs) == len(text) and "\n" not in text and one_each(runs):
        return [width * FROM_UNITS for run in runs for width in run[3][1::GLYPH_INTS]]
    width_at: dict[int, int] = {}
    for _, offset, _, integers, clusters in runs:
        for cluster, width in zip(clusters, integers[1::GLYPH_INTS], strict=True):
            place = offset + cluster
            width_at[place] = width_at.get(place, 0) + width
    if text.isascii():
        widths = [width_at.get(place, 0) * FROM_UNITS for place in range(len(text))]
    else:
        widths, place = [], 0
        for character in text:
            widths.append(width_at.get(place, 0) * FROM_UNITS)
            place += utf8_length(character)
    if "\n" in text:
        widths = [0.0 if c == "\n" else w for c, w in zip(text, widths, strict=True)]
    return widths


def width(text: str, style: Any) -> float:
    """Return the advance (px) of a whole text."""
    return sum(advances(text, style))


def one_each(runs: Iterable[Any]) -> bool:
    """Does each glyph belong to a character of its own, in the order of the characters?"""
    last = -1
    for run in runs:
        offset, clusters = (run[1], run[4]) if isinstance(run, tuple) else (run.offset, run.clusters)
        if clusters[0] + offset <= last or any(b <= a for a, b in pairwise(clusters)):
            return False
        last = clusters[-1] + offset
    return True


def centred(style: Any) -> bool:
    """Do pause and stop marks stand in the middle of their em in this style's face?

    That is the custom of Taiwan and Hong Kong (clreq 3.1.2); the face tells it, whatever the language.
    """
    from weasyprint.text.ffi import ffi, pango
    from weasyprint.text.line_break import Layout

    known = style.font_config.__dict__.setdefault("npp_centred", {})
    key = str((style["font_family"], style["font_weight"], style["font_style"], style["lang"]))
    if key not in known:
        layout = Layout(style)
        layout.set_text("，")
        line, _ = layout.get_first_line()
        ink, logical = ffi.new("PangoRectangle *"), ffi.new("PangoRectangle *")
        pango.pango_layout_line_get_extents(line, ink, logical)
        middle = ink.x + ink.width / 2
        known[key] = 0.4 * logical.width < middle < 0.6 * logical.width
    found: bool = known[key]
    return found


def utf8_length(character: str) -> int:
    """Return the number of bytes of a character in UTF-8, in which Pango counts."""
    code = ord(character)
    return 1 if code < 0x80 else 2 if code < 0x800 else 3 if code < 0x10000 else 4


def unicode_breaks(text: str, language: str) -> Sequence[int]:
    """Return one number per place in `text`: odd where UAX 14 (as Pango has it) allows a break."""
    from weasyprint.text.ffi import ffi
    from weasyprint.text.line_break import get_log_attrs

    attributes = get_log_attrs(text, language)
    flags: Sequence[int] = ffi.unpack(ffi.cast("uint32_t *", attributes), len(text) + 1)
    return flags
