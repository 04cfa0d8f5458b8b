"""The text layer of the PDF: glyphs where the plan puts them, and text that copies as it was written.

Positions are planned advances in px, not Pango's rounded ones, so that right edges are flush to a
thousandth of a point. Where two glyphs stand much nearer or wider than their advances, an extractor
may guess a space or a line end; a `/Span` with `/ActualText` (ISO 32000-1, 14.9.4) says what stands
there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import wraps
from itertools import pairwise
from math import ceil
from typing import Any

from weasyprint.draw import text as drawing
from weasyprint.text.ffi import pango
from weasyprint.text.line_break import Layout

from .glyphs import Glyphs, Run, place_glyphs
from .measure import BLANK, glyph_runs

__all__ = ["PlannedLayout", "draw"]

MOVED = 0.08
"""Gaps changed by more than this (em) get an ActualText: extractors guess a space from 0.1 em on."""
STRETCH = 5
"""Text is written with the text matrix this much wider and `Tz` as much narrower: the same picture.
pdf.js weighs gaps before the scaling of `Tz` and after that of the matrix, so that a quarter em does
not look like a word space to it, while a real space glyph stays one."""
WORD_SPACE, NO_SPACE = 0.1, 0.03
"""em: pdf.js sees a space in a wider gap, and drops a real space that is narrower."""
_BLANKS = (BLANK, "\u2005", "\u2004", "\u2009", "\u2008", "\u2006", "\u200a")
"""Characters whose glyph, if a face has it, is a blank that Chinese text does not use."""
FINE = 0.1
"""Glyphs may stand this much (1/1000 em) off their place; errors do not add up."""


class PlannedLayout(Layout):  # type: ignore[misc]
    """Text of one line with planned advances; Pango is asked for the glyphs only when it is drawn.

    plan: advance (px) of each character, with what the line adds on its right; lead: what it adds
    on its left. seam: where the gap to the next text box is much changed, how far that box's first
    glyph is set off its place (px), else None.
    spaced: half the letter spacing, which Pango puts before all glyphs but the first (px).
    stretch: see `STRETCH`. hyphen: how many characters at the end only mark a parted word.
    """

    def __init__(
        self, text: str, style: Any, plan: list[float], lead: list[float],
        seam: float | None = None, stretch: int = 5, hyphen: int = 0,
    ) -> None:  # fmt: skip
        self.text = text
        self.plan = plan
        self.lead = lead
        self.justification_spacing = 0
        self.max_width = sum(plan) + sum(lead)
        self.first_line_direction = 0
        self.seam = seam
        self.stretch = stretch
        self.hyphen = hyphen
        spacing = style["letter_spacing"]
        self.spaced = 0.0 if spacing == "normal" else spacing / 2
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


def draw(stream: Any, textbox: Any, text_overflow: str, block_ellipsis: Any, matrix: Any) -> Any:
    """Draw a planned text box; return its emojis (none), or None where the engine must draw it."""
    layout = textbox.pango_layout
    if text_overflow == "ellipsis" or block_ellipsis != "none":
        return None
    if textbox.style["font_size"] < 1e-6:
        return []
    pango.pango_layout_set_single_paragraph_mode(layout.layout, True)
    line, _ = layout.get_first_line()
    runs = [Run(*run, *stream.add_font(run[0].analysis.font)) for run in glyph_runs(line)]
    if not all(run.plain for run in runs):
        return None
    glyphs = place_glyphs(stream, layout, runs)
    if glyphs.code:
        _write(stream, textbox, glyphs, matrix)
    return []


class _Writer:
    """Writes glyphs where they belong; `owed` is how far (px) the pen is off its place."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.parts: list[str] = []
        self.owed = 0.0

    def flush(self) -> None:
        """Write the glyphs collected so far."""
        if self.parts:
            string = "<" + "".join(self.parts)
            self.stream.show_text(string[:-1] if string.endswith("<") else string + ">")
            self.parts = []

    def anchor(self, matrix: tuple[float, ...], place: float) -> None:
        """Go to `place` (px) by a new text matrix."""
        self.flush()
        a, b, c, d, e, f = matrix
        self.stream.set_text_matrix(a, b, c, d, e + place, f)
        self.owed = 0.0

    def step(self, distance: float, unit: float) -> None:
        """Go on by `distance` (px) as soon as what is owed is worth it; `unit` is 1/1000 em in px."""
        self.owed += distance
        if abs(self.owed) > FINE * unit:
            number = round(-self.owed / unit, 2)
            self.parts.append(f">{number}<")
            self.owed += number * unit

    def glyphs(self, codes: list[int], gaps: list[float], unit: float) -> None:
        """Write glyphs, each with the step that follows it: the inner loop, hence without calls."""
        parts, owed, fine = self.parts, self.owed, FINE * unit
        for code, gap in zip(codes, gaps, strict=True):
            parts.append(f"{code:04x}")
            owed += gap
            if not -fine < owed < fine:
                number = round(-owed / unit, 2)
                parts.append(f">{number}<")
                owed += number * unit
        self.owed = owed

    def raised(self, code: int, rise: int) -> None:
        """Write one glyph above or below the line."""
        self.flush()
        self.stream.set_text_rise(-rise / 1000)
        self.parts.append(f"{code:04x}")
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


def _write(stream: Any, textbox: Any, glyphs: Glyphs, matrix: Any) -> None:
    layout = textbox.pango_layout
    writer = _Writer(stream)
    next_place = None if layout.seam is None else textbox.width + layout.seam
    gaps = glyphs.gaps(textbox.width if next_place is None else next_place)
    spans = _spans(layout.text, glyphs, gaps, textbox.style["font_size"], next_place)
    if layout.hyphen:
        spans = _with_hyphen(spans, glyphs, len(layout.text) - layout.hyphen)
    a, b, c, d, e, f = matrix.values
    stretched = (a * layout.stretch, b, c, d, e, f)
    stream.set_text_matrix(*stretched)
    stream.stream.append(f"{100 / layout.stretch:.6g} Tz".encode())
    font, size = None, 0.0
    for start, stop in pairwise(_cuts(glyphs, spans)):
        run = glyphs.run[start]
        if run.font is not font or run.size != size:
            font, size = run.font, run.size
            writer.flush()
            stream.set_font_size(font.hash, size)
        if start in spans.opened:
            writer.open_span(spans.opened[start])
        if not start:
            writer.step(glyphs.place[0], size / 1000)
        _write_piece(writer, glyphs, gaps, spans, start, stop)
        if stop - 1 in spans.reach:
            _reach_over(writer, glyphs.run[stop - 1], textbox, gaps[stop - 1])
            writer.close_span()
            if stop < len(gaps):
                # pdf.js does not move on at a blank called U+200B: start afresh after it.
                writer.anchor(stretched, glyphs.place[stop])
        elif stop - 1 in spans.closed:
            writer.close_span()
    writer.flush()
    stream.stream.append(b"100 Tz")


def _cuts(glyphs: Glyphs, spans: _Spans) -> list[int]:
    """Return where the writing is interrupted: at spans, other fonts, raised glyphs, and both ends."""
    run, rise, count = glyphs.run, glyphs.rise, len(glyphs.code)
    cuts = {0, count, *spans.opened, *(k + 1 for k in spans.closed)}
    for k in range(1, count):
        if run[k] is not run[k - 1] and run[k].font is not run[k - 1].font:
            cuts.add(k)
    cuts.update(k for k in range(count) if rise[k])
    cuts.update(k + 1 for k in range(count) if rise[k])
    return sorted(cuts)


def _write_piece(
    writer: _Writer, glyphs: Glyphs, gaps: list[float], spans: _Spans, start: int, stop: int
) -> None:
    """Write `[start, stop)`. The step to the next glyph belongs to the last: PDFium guesses a space
    where a piece of text begins with a step. After the last glyph of all, and before a blank, none."""
    last = stop - 1
    unit = glyphs.run[start].size / 1000
    steps = gaps[start:stop]
    if last in spans.reach or stop == len(gaps):
        steps[-1] = 0.0
    if glyphs.rise[start]:
        writer.raised(glyphs.code[start], glyphs.rise[start])
        writer.step(steps[0], unit)
    else:
        writer.glyphs(glyphs.code[start:stop], steps, unit)


@dataclass(slots=True)
class _Spans:
    """By glyph: at which a run with much changed gaps begins (with its text), at which it ends, and
    after which a blank reaches over to the next glyph."""

    opened: dict[int, str] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    reach: set[int] = field(default_factory=set)


def _spans(text: str, glyphs: Glyphs, gaps: list[float], em: float, next_place: float | None) -> _Spans:
    """Find the runs of glyphs whose gaps are much changed. They end where the font changes, as PDFium
    takes a span for one piece of text. `next_place`: where the next text box begins, if far off."""
    first, run = glyphs.first, glyphs.run
    count, limit = len(gaps), MOVED * em
    moved = [not -limit <= gap <= limit for gap in gaps]
    moved[-1] = next_place is not None
    if moved[-1] and count > 1 and gaps[-2] > limit / 2:
        moved[-2] = True  # or PDFium sees a space before a dash that begins a span
    if not any(moved):
        return _NO_SPANS
    spans = _Spans()
    k = 0
    while k < count:
        if not moved[k]:
            k += 1
            continue
        start = k
        while k < count - 1 and moved[k] and run[k].font is run[k + 1].font:
            k += 1
        if moved[k]:
            spans.reach.add(k)
        while start and first[start - 1] == first[start]:
            start -= 1
        while k < count - 1 and first[k + 1] == first[k]:
            k += 1
        words = text[first[start] : first[k + 1] if k < count - 1 else len(text)]
        if max(words) > "\uffff":  # PDFium drops a span with a character outside the first plane
            spans.reach.discard(k)
        else:
            spans.opened[start] = words
            spans.closed.add(k)
        k += 1
    return spans


_NO_SPANS = _Spans()


def _with_hyphen(spans: _Spans, glyphs: Glyphs, first: int) -> _Spans:
    """Name the hyphen of a parted word a soft hyphen (ISO 32000-1, 14.8.2.2.3): it is not text."""
    last = len(glyphs.code) - 1
    if glyphs.first[last] < first or last in spans.closed:
        return spans
    start = next(k for k, place in enumerate(glyphs.first) if place >= first)
    return _Spans({**spans.opened, start: "\u00ad"}, spans.closed | {last}, spans.reach)


def _reach_over(writer: _Writer, run: Run, textbox: Any, gap: float) -> None:
    """End a span with a blank glyph that ends where the next piece of text begins, `gap` px from here.

    Extractors measure the gap between two pieces from the end of the last glyph. The blank is
    an en space or the like, named U+200B so that those that know no ActualText skip it.
    """
    blank = _blank(writer.stream, run.font, textbox.style)
    if blank is not None:
        writer.step(gap - run.width(writer.stream, blank), run.size / 1000)
        writer.parts.append(f"{blank:04x}")


def _blank(stream: Any, font: Any, style: Any) -> int | None:
    """Return a glyph of `font` without ink that nothing else uses, or None."""
    known = font.__dict__.get("npp_blank", 0)
    if known != 0:
        found: int | None = known
        return found
    font.npp_blank = None
    style = style.copy()
    style["font_family"] = (font.family,)
    space = _single_glyph(stream, font, style, " ")
    for character in _BLANKS:
        glyph = _single_glyph(stream, font, style, character)
        # HarfBuzz puts the word space for spaces that a face lacks; that glyph has a name already.
        if glyph is None or glyph == space:
            continue
        if font.to_unicode.setdefault(glyph, "\u200b") == "\u200b":
            font.npp_blank = glyph
            return glyph
    return None


def _single_glyph(stream: Any, font: Any, style: Any, character: str) -> int | None:
    """Return the glyph of `font` for a character, or None where another font would be taken."""
    layout = Layout(style)
    layout.set_text(character)
    line, _ = layout.get_first_line()
    for item, _, count, integers, _ in glyph_runs(line):
        if count == 1 and stream.add_font(item.analysis.font)[0] is font:
            return integers[0] if integers[0] < pango.PANGO_GLYPH_EMPTY else None
    return None


def _draw_blank(stream: Any, textbox: Any, matrix: Any) -> None:
    """Draw a word space that is alone in its box, between two names, say: the engine leaves it out, and
    the words would copy as one."""
    count = len(textbox.text)
    stock, layout = (
        textbox.pango_layout,
        PlannedLayout(textbox.text, textbox.style, [textbox.width / count] * count, [0.0] * count),
    )
    layout.reactivate(textbox.style)
    textbox.pango_layout = layout
    draw(stream, textbox, "clip", "none", matrix)
    layout.deactivate()
    textbox.pango_layout = stock


def install_drawing() -> None:
    """Put `draw` before the engine's own drawing of a line of text."""
    stock = drawing.draw_first_line

    @wraps(stock)
    def draw_first_line(stream: Any, textbox: Any, overflow: str, ellipsis: Any, matrix: Any) -> Any:
        if isinstance(textbox.pango_layout, PlannedLayout):
            emojis = draw(stream, textbox, overflow, ellipsis, matrix)
            if emojis is not None:
                return emojis
        elif textbox.width > 0 and textbox.text and not textbox.text.strip(" "):
            _draw_blank(stream, textbox, matrix)
            return []
        return stock(stream, textbox, overflow, ellipsis, matrix)

    drawing.draw_first_line = draw_first_line
