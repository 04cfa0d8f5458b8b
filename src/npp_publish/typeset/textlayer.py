"""The text layer of the PDF: glyphs where the plan puts them, and text that copies as it was written.

Positions are planned advances in px, not Pango's rounded ones, so that right edges are flush to a
thousandth of a point. Where two glyphs stand much nearer or wider than their advances, an extractor
may guess a space or a line end; a `/Span` with `/ActualText` (ISO 32000-1, 14.9.4) says what stands
there.
"""

from __future__ import annotations

from itertools import accumulate
from math import ceil
from typing import Any

from weasyprint.draw import text as drawing
from weasyprint.logger import LOGGER
from weasyprint.text.ffi import FROM_UNITS, pango
from weasyprint.text.line_break import Layout

from .measure import _GLYPH_INTS, glyph_runs, utf8_length

__all__ = ["PlannedLayout", "draw"]

MOVED = 0.08
"""Gaps changed by more than this (em) get an ActualText: extractors guess a space from 0.1 em on."""
STRETCH = 5
"""Text is written with the text matrix this much wider and `Tz` as much narrower: the same picture.
pdf.js weighs gaps before the scaling of `Tz` and after that of the matrix, so that a quarter em does
not look like a word space to it, while a real space glyph stays one."""
WORD_SPACE, NO_SPACE = 0.1, 0.03
"""em: pdf.js sees a space in a wider gap, and drops a real space that is narrower."""
_BLANKS = "\u2002\u2005\u2004\u2009\u2008\u2006\u200a\u2003"
FINE = 0.1
"""Smaller adjustments (1/1000 em) are carried over to the next glyph."""


class PlannedLayout(Layout):  # type: ignore[misc]
    """Text of one line with planned advances; Pango is asked for the glyphs only when it is drawn.

    plan: advance (px) of each character, with what the line adds on its right; lead: what it adds
    on its left. seam: where the gap to the next text box is much changed, how far that box's first
    glyph is set off its place (px), else None.
    stretch: see `STRETCH`.
    """

    def __init__(
        self, text: str, style: Any, plan: list[float], lead: list[float], seam: float | None, stretch: int
    ) -> None:
        self.text = text
        self.plan = plan
        self.lead = lead
        self.justification_spacing = 0
        self.max_width = sum(plan) + sum(lead)
        self.first_line_direction = 0
        self.seam = seam
        self.stretch = stretch
        if style["text_decoration_line"] != "none":
            self.setup(style)
            self.deactivate()


def stretch_for(widest_gap: float, narrowest_space: float) -> int:
    """Return a stretch at which gaps (em) look like gaps and spaces like spaces, if there is one."""
    wanted = ceil(widest_gap / WORD_SPACE)
    if wanted <= STRETCH:
        return STRETCH
    most = int(narrowest_space / NO_SPACE) if narrowest_space else wanted
    return max(STRETCH, min(wanted, most))


class _Page:
    """What is being written: the operators of one text box."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.string = "<"
        self.owed = 0.0

    def flush(self) -> None:
        """Write the glyphs collected so far."""
        string = self.string[:-1] if self.string.endswith("<") else self.string + ">"
        if string:
            self.stream.show_text(string)
        self.string = "<"

    def move(self, amount: float) -> None:
        """Move left by `amount`, 1/1000 em."""
        self.owed += amount
        if abs(self.owed) > FINE:
            number = f"{self.owed:.2f}".rstrip("0").rstrip(".")
            self.string += f">{number}<"
            self.owed -= float(number)

    def open_span(self, text: str) -> None:
        """Begin a run whose characters are `text`, whatever the glyphs suggest."""
        self.flush()
        code = ("\ufeff" + text).encode("utf-16-be").hex()
        self.stream.stream.append(f"/Span <</ActualText <{code}>>> BDC".encode())

    def close_span(self) -> None:
        """End that run."""
        self.flush()
        self.stream.stream.append(b"EMC")


def draw(stream: Any, textbox: Any, text_overflow: str, block_ellipsis: Any, matrix: Any) -> Any:
    """Draw a planned text box; return its emojis (none), or None where the engine must draw it."""
    layout = textbox.pango_layout
    if text_overflow == "ellipsis" or block_ellipsis != "none":
        return None
    if not textbox.text.strip() or textbox.style["font_size"] < 1e-6:
        return []
    pango.pango_layout_set_single_paragraph_mode(layout.layout, True)
    line, _ = layout.get_first_line()
    runs = []
    for item, offset, count, integers, clusters in glyph_runs(line):
        font, size = stream.add_font(item.analysis.font)
        if font.svg or font.png or font.colr or font.bitmap or item.analysis.level % 2:
            return None
        runs.append((font, size, item, offset, count, integers, clusters))
    _write(stream, textbox, runs, matrix)
    return []


def _clusters(text: str, runs: Any, layout: PlannedLayout) -> dict[int, tuple[int, int, float, float]]:
    """Map the byte offset of each cluster to its characters `[a, b)`, its advance and its lead."""
    starts = sorted({offset + c for _, _, _, offset, _, _, clusters in runs for c in clusters})
    at_byte = dict(zip(accumulate(map(utf8_length, text), initial=0), range(len(text) + 1), strict=True))
    ends = [*starts[1:], len(text.encode())]
    result = {}
    for start, end in zip(starts, ends, strict=True):
        a, b = at_byte[start], at_byte[end]
        lead = layout.lead[a]
        result[start] = (a, b, sum(layout.plan[a:b]) + sum(layout.lead[a + 1 : b]), lead)
    return result


def _write(stream: Any, textbox: Any, runs: Any, matrix: Any) -> None:
    layout, text = textbox.pango_layout, textbox.text
    clusters = _clusters(text, runs, layout)
    page = _Page(stream)
    spans = _spans(text, clusters, runs, textbox.style["font_size"])
    if layout.seam is not None:
        _span_the_last(text, clusters, spans)
    _, b, c, d, e, f = matrix.values
    stream.set_text_matrix(matrix.values[0] * layout.stretch, b, c, d, e, f)
    stream.stream.append(f"{100 / layout.stretch:.6g} Tz".encode())
    previous = None
    for run in runs:
        font, size = run[0], run[1]
        if font is not previous:
            page.flush()
            stream.set_font_size(font.hash, size)
            previous = font
        _write_run(page, text, run, clusters, spans, textbox)
    page.flush()
    stream.stream.append(b"100 Tz")


def _write_run(page: _Page, text: str, run: Any, clusters: Any, spans: Any, textbox: Any) -> None:
    font, size, item, offset, count, integers, places = run
    unit = 1000 / size
    scale = FROM_UNITS * unit
    opened, closed = spans
    for i in range(count):
        key = offset + places[i]
        first = i == 0 or places[i - 1] != places[i]
        final = i == count - 1 or places[i + 1] != places[i]
        glyph, width, shift, rise = integers[i * _GLYPH_INTS : i * _GLYPH_INTS + 4]
        a, b, advance, lead = clusters[key]
        if first:
            if key in opened:
                page.open_span(opened[key])
            page.move(-lead * unit)
            shown = 0.0
        kern = 0.0
        if glyph != pango.PANGO_GLYPH_EMPTY:
            glyph = _known(font, glyph, width, scale, text[a:b])
            logical = _logical_width(page.stream, font, item, glyph, size)
            if shift or rise:
                _place(page, glyph, shift * scale, rise)
            else:
                page.string += f"{glyph:04x}"
            kern = logical + (shift * scale if not rise else 0.0) - width * scale
        shown += width * FROM_UNITS
        if final:
            kern += (shown - advance) * unit if glyph != pango.PANGO_GLYPH_EMPTY else -advance * unit
            page.move(kern)
            if key in closed:
                if textbox.pango_layout.seam is not None and b == len(text):
                    _reach_over(page, run, textbox)
                page.close_span()
        else:
            page.move(kern)


def _place(page: _Page, glyph: int, shift: float, rise: int) -> None:
    """Write a glyph that is set off its place."""
    page.move(-shift)
    if not rise:
        page.string += f"{glyph:04x}"
        return
    page.flush()
    page.stream.set_text_rise(-rise / 1000)
    page.stream.show_text(f"<{glyph:04x}>")
    page.stream.set_text_rise(0)


def _known(font: Any, glyph: int, width: int, scale: float, text: str) -> int:
    """Register a glyph with its text; a missing one is drawn as .notdef and reported."""
    if glyph & pango.PANGO_GLYPH_UNKNOWN_FLAG:
        code = glyph - pango.PANGO_GLYPH_UNKNOWN_FLAG
        LOGGER.warning(
            '.notdef glyph rendered for Unicode string unsupported by fonts: "%s" (U+%04X)',
            chr(code),
            code,
        )
        glyph = int(font.get_unused_glyph_id(code))
        font.widths[glyph] = round(width * scale)
        font.widths.setdefault(0, font.widths[glyph])
    if glyph not in font.to_unicode:
        font.to_unicode[glyph] = text
    return glyph


def _logical_width(stream: Any, font: Any, item: Any, glyph: int, size: float) -> int:
    known = font.widths.get(glyph)
    if known is None:
        pango.pango_font_get_glyph_extents(item.analysis.font, glyph, stream.ink_rect, stream.logical_rect)
        known = font.widths[glyph] = round(stream.logical_rect.width * 1000 * FROM_UNITS / size)
    return int(known)


def _spans(text: str, clusters: Any, runs: Any, em: float) -> tuple[dict[int, str], set[int]]:
    """Return where runs with much changed gaps begin (with their text) and end, by cluster."""
    natural: dict[int, float] = {}
    for _, _, _, offset, _, integers, places in runs:
        for place, width in zip(places, integers[1::_GLYPH_INTS], strict=True):
            natural[offset + place] = natural.get(offset + place, 0.0) + width * FROM_UNITS
    keys = list(clusters)
    opened: dict[int, str] = {}
    closed: set[int] = set()
    i = 0
    while i < len(keys) - 1:
        j = i
        while j < len(keys) - 1:
            a, b = clusters[keys[j]], clusters[keys[j + 1]]
            if abs(a[2] - natural[keys[j]] + b[3]) <= MOVED * em:
                break
            j += 1
        if j > i:
            opened[keys[i]] = text[clusters[keys[i]][0] : clusters[keys[j]][1]]
            closed.add(keys[j])
        i = j + 1
    return opened, closed


def _span_the_last(text: str, clusters: Any, spans: tuple[dict[int, str], set[int]]) -> None:
    """See to it that the last character stands in a span."""
    opened, closed = spans
    last = max(clusters)
    if last not in closed:
        opened[last] = text[clusters[last][0] :]
        closed.add(last)


def _reach_over(page: _Page, run: Any, textbox: Any) -> None:
    """End a span exactly where the next text box begins, with a blank glyph.

    Extractors measure the gap between two text objects from the end of the last glyph. The blank is
    an en space or the like, named U+200B so that those that know no ActualText skip it.
    """
    font, size, item = run[:3]
    blank = _blank(page.stream, font, textbox.style)
    if blank is None:
        return
    width = _logical_width(page.stream, font, item, blank, size)
    page.move(width - textbox.pango_layout.seam * 1000 / size)
    page.string += f"{blank:04x}"


def _blank(stream: Any, font: Any, style: Any) -> int | None:
    """Return a glyph of `font` without ink that nothing else uses, or None."""
    known = font.__dict__.get("npp_blank", 0)
    if known != 0:
        found: int | None = known
        return found
    font.npp_blank = None
    for character in _BLANKS:
        layout = Layout(style)
        layout.set_text(character)
        line, _ = layout.get_first_line()
        for item, _, count, integers, _ in glyph_runs(line):
            glyph = integers[0]
            ours = count == 1 and stream.add_font(item.analysis.font)[0] is font
            if ours and not glyph & pango.PANGO_GLYPH_UNKNOWN_FLAG and glyph != pango.PANGO_GLYPH_EMPTY:
                if font.to_unicode.setdefault(glyph, "\u200b") == "\u200b":
                    font.npp_blank = glyph
                    return int(glyph)
    return None


def install_drawing() -> None:
    """Put `draw` before the engine's own drawing of a line of text."""
    stock = drawing.draw_first_line

    def draw_first_line(stream: Any, textbox: Any, overflow: str, ellipsis: Any, matrix: Any) -> Any:
        if isinstance(textbox.pango_layout, PlannedLayout):
            emojis = draw(stream, textbox, overflow, ellipsis, matrix)
            if emojis is not None:
                return emojis
        return stock(stream, textbox, overflow, ellipsis, matrix)

    drawing.draw_first_line = draw_first_line
