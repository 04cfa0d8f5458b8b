"""The text layer of the PDF: glyphs where the plan puts them, and text that copies as it was written.

Positions are planned advances in px, not Pango's rounded ones, so that right edges are flush to a
thousandth of a point. Where two glyphs stand much nearer or wider than their advances, an extractor
may guess a space or a line end; a `/Span` with `/ActualText` (ISO 32000-1, 14.9.4) says what stands
there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
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
"""Glyphs may stand this much (1/1000 em) off their place; errors do not add up."""


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


@dataclass(slots=True)
class _Glyphs:
    """The glyphs of one text box in the order they are painted, each list by glyph.

    code: glyph id. place: where it starts, width: what its face says it takes (px from the start of
    the box). first: its first character. rise: how far it is raised. run: (font, size, Pango item).
    """

    code: list[int] = field(default_factory=list)
    place: list[float] = field(default_factory=list)
    width: list[float] = field(default_factory=list)
    first: list[int] = field(default_factory=list)
    rise: list[int] = field(default_factory=list)
    run: list[Any] = field(default_factory=list)


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
    glyphs = _place_glyphs(stream, layout, runs)
    _write(stream, textbox, glyphs, matrix)
    return []


def _place_glyphs(stream: Any, layout: PlannedLayout, runs: list[Any]) -> _Glyphs:
    """Put each glyph where the plan wants its character."""
    text = layout.text
    at_byte = dict(zip(accumulate(map(utf8_length, text), initial=0), range(len(text) + 1), strict=True))
    places, x = [], 0.0
    for advance, lead in zip(layout.plan, layout.lead, strict=True):
        places.append(x + lead)
        x += lead + advance
    glyphs = _Glyphs()
    for run in runs:
        font, size, item, offset, count, integers, clusters = run
        shared = (font, size, item)
        known, previous, inner = font.widths, -1, 0.0
        for i in range(count):
            k = i * _GLYPH_INTS
            code, width = integers[k], integers[k + 1] * FROM_UNITS
            first = at_byte[offset + clusters[i]]
            inner = inner if first == previous else 0.0
            previous = first
            start = places[first] + inner
            inner += width
            if code == pango.PANGO_GLYPH_EMPTY:
                continue
            if code not in font.to_unicode or code & pango.PANGO_GLYPH_UNKNOWN_FLAG:
                later = next((c for c in clusters[i + 1 :] if c != clusters[i]), item.length)
                code = _name(font, code, width, size, text[first : at_byte[offset + later]])
            glyphs.code.append(code)
            glyphs.place.append(start + integers[k + 2] * FROM_UNITS)
            glyphs.width.append((known.get(code) or _own_width(stream, font, item, code, size)) * size / 1000)
            glyphs.first.append(first)
            glyphs.rise.append(integers[k + 3])
            glyphs.run.append(shared)
    return glyphs


def _name(font: Any, code: int, width: float, size: float, text: str) -> int:
    """Register a glyph with its characters; a missing one is drawn as .notdef and reported."""
    if code & pango.PANGO_GLYPH_UNKNOWN_FLAG:
        point = code - pango.PANGO_GLYPH_UNKNOWN_FLAG
        message = '.notdef glyph rendered for Unicode string unsupported by fonts: "%s" (U+%04X)'
        LOGGER.warning(message, chr(point), point)
        code = int(font.get_unused_glyph_id(point))
        font.widths[code] = round(width * 1000 / size)
        font.widths.setdefault(0, font.widths[code])
    font.to_unicode.setdefault(code, text)
    return code


def _own_width(stream: Any, font: Any, item: Any, code: int, size: float) -> int:
    """Return a glyph's advance as its face has it, 1/1000 em."""
    if code not in font.widths:
        pango.pango_font_get_glyph_extents(item.analysis.font, code, stream.ink_rect, stream.logical_rect)
        font.widths[code] = round(stream.logical_rect.width * 1000 * FROM_UNITS / size)
    return int(font.widths[code])


class _Writer:
    """Writes glyphs at absolute places; the pen stands where the viewer's would."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.string = "<"
        self.pen = 0.0

    def flush(self) -> None:
        """Write the glyphs collected so far."""
        string = self.string[:-1] if self.string.endswith("<") else self.string + ">"
        if string:
            self.stream.show_text(string)
        self.string = "<"

    def anchor(self, matrix: tuple[float, ...], place: float) -> None:
        """Go to `place` (px) by a new text matrix."""
        self.flush()
        a, b, c, d, e, f = matrix
        self.stream.set_text_matrix(a, b, c, d, e + place, f)
        self.pen = place

    def step(self, place: float, unit: float) -> None:
        """Go to `place` (px), if that is far enough; `unit` is 1/1000 em in px."""
        off = (self.pen - place) / unit
        if abs(off) > FINE:
            number = f"{off:.2f}"
            self.string += f">{number}<"
            self.pen -= float(number) * unit

    def glyph(self, code: int, width: float) -> None:
        """Write one glyph where the pen stands."""
        self.string += f"{code:04x}"
        self.pen += width

    def raised(self, code: int, width: float, rise: int) -> None:
        """Write one glyph above or below the line."""
        self.flush()
        self.stream.set_text_rise(-rise / 1000)
        self.glyph(code, width)
        self.flush()
        self.stream.set_text_rise(0)

    def open_span(self, text: str) -> None:
        """Begin a run whose characters are `text`, whatever the glyphs suggest."""
        self.flush()
        code = ("\ufeff" + text).encode("utf-16-be").hex()
        self.stream.stream.append(f"/Span <</ActualText <{code}>>> BDC".encode())

    def close_span(self) -> None:
        """End that run."""
        self.flush()
        self.stream.stream.append(b"EMC")


def _write(stream: Any, textbox: Any, glyphs: _Glyphs, matrix: Any) -> None:
    layout, text = textbox.pango_layout, textbox.text
    writer = _Writer(stream)
    next_place = None if layout.seam is None else textbox.width + layout.seam
    spans = _spans(text, glyphs, textbox.style["font_size"], next_place)
    a, b, c, d, e, f = matrix.values
    stream.set_text_matrix(a * layout.stretch, b, c, d, e, f)
    stream.stream.append(f"{100 / layout.stretch:.6g} Tz".encode())
    previous, last = None, len(glyphs.code) - 1
    for k, code in enumerate(glyphs.code):
        run = glyphs.run[k]
        unit = run[1] / 1000
        if previous is None or run[0] is not previous[0] or run[1] != previous[1]:
            writer.flush()
            stream.set_font_size(run[0].hash, run[1])
        previous = run
        if k in spans.opened:
            writer.open_span(spans.opened[k])
        if not k:
            writer.step(glyphs.place[0], unit)
        if glyphs.rise[k]:
            writer.raised(code, glyphs.width[k], glyphs.rise[k])
        else:
            writer.glyph(code, glyphs.width[k])
        # The step to the next glyph belongs to this one: PDFium guesses a space where a piece of
        # text begins with a step.
        if k in spans.reach:
            _reach_over(writer, run, textbox, spans.reach[k])
            writer.close_span()
            if k < last:
                # pdf.js does not move on at a blank called U+200B: start afresh after it.
                writer.anchor((a * layout.stretch, b, c, d, e, f), glyphs.place[k + 1])
            continue
        if k < last:
            writer.step(glyphs.place[k + 1], unit)
        if k in spans.closed:
            writer.close_span()
    writer.flush()
    stream.stream.append(b"100 Tz")


@dataclass(slots=True)
class _Spans:
    """By glyph: at which a run with much changed gaps begins (with its text), at which it ends, and
    after which a blank reaches over to the next glyph's place (px)."""

    opened: dict[int, str] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    reach: dict[int, float] = field(default_factory=dict)


def _spans(text: str, glyphs: _Glyphs, em: float, next_place: float | None) -> _Spans:
    """Find the runs of glyphs whose gaps are much changed. They end where the font changes, as PDFium
    takes a span for one piece of text. `next_place`: where the next text box begins, if far off."""
    place, width, first, run = glyphs.place, glyphs.width, glyphs.first, glyphs.run
    count, limit = len(place), MOVED * em
    moved = [abs(place[k + 1] - place[k] - width[k]) > limit for k in range(count - 1)]
    moved.append(next_place is not None)
    spans = _Spans()
    k = 0
    while k < count:
        if not moved[k]:
            k += 1
            continue
        start = k
        while k < count - 1 and moved[k] and run[k][0] is run[k + 1][0]:
            k += 1
        if moved[k]:
            spans.reach[k] = place[k + 1] if k < count - 1 else next_place or 0.0
        while start and first[start - 1] == first[start]:
            start -= 1
        while k < count - 1 and first[k + 1] == first[k]:
            k += 1
        stop = first[k + 1] if k < count - 1 else len(text)
        spans.opened[start] = text[first[start] : stop]
        spans.closed.add(k)
        k += 1
    return spans


def _reach_over(writer: _Writer, run: Any, textbox: Any, place: float) -> None:
    """End a span with a blank glyph that ends at `place` (px), where the next piece of text begins.

    Extractors measure the gap between two pieces from the end of the last glyph. The blank is
    an en space or the like, named U+200B so that those that know no ActualText skip it.
    """
    font, size, item = run
    blank = _blank(writer.stream, font, textbox.style)
    if blank is None:
        return
    width = _own_width(writer.stream, font, item, blank, size) * size / 1000
    writer.step(place - width, size / 1000)
    writer.glyph(blank, width)


def _blank(stream: Any, font: Any, style: Any) -> int | None:
    """Return a glyph of `font` without ink that nothing else uses, or None."""
    known = font.__dict__.get("npp_blank", 0)
    if known != 0:
        found: int | None = known
        return found
    font.npp_blank = None
    style = style.copy()
    style["font_family"] = (font.family,)
    for character in _BLANKS:
        layout = Layout(style)
        layout.set_text(character)
        line, _ = layout.get_first_line()
        for item, _, count, integers, _ in glyph_runs(line):
            glyph = integers[0]
            ours = count == 1 and stream.add_font(item.analysis.font)[0] is font
            known_glyph = not glyph & pango.PANGO_GLYPH_UNKNOWN_FLAG and glyph != pango.PANGO_GLYPH_EMPTY
            if ours and known_glyph and font.to_unicode.setdefault(glyph, "\u200b") == "\u200b":
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
