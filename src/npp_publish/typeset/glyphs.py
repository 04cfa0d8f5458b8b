"""Where each glyph of a planned text stands: Pango says which glyphs, the plan says where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import Any

from weasyprint.logger import LOGGER
from weasyprint.text.ffi import FROM_UNITS, pango

from .measure import GLYPH_INTS, one_each, utf8_length

__all__ = ["Glyphs", "Run", "place_glyphs"]


@dataclass(slots=True)
class Run:
    """One Pango run: glyphs as plain integers (see `measure.glyph_runs`), its PDF font and size (px)."""

    item: Any
    offset: int
    count: int
    integers: list[int]
    clusters: list[int]
    font: Any
    size: float

    @property
    def plain(self) -> bool:
        """Outlines, left to right: nothing that only the engine can draw."""
        font = self.font
        coloured = font.svg or font.png or font.colr or font.bitmap
        return not coloured and not self.item.analysis.level % 2

    def width(self, stream: Any, code: int) -> float:
        """Return a glyph's advance as its face has it, px."""
        widths = self.font.widths
        if code not in widths:
            pango.pango_font_get_glyph_extents(
                self.item.analysis.font, code, stream.ink_rect, stream.logical_rect
            )
            widths[code] = round(stream.logical_rect.width * 1000 * FROM_UNITS / self.size)
        return float(widths[code] * self.size / 1000)


@dataclass(slots=True)
class Glyphs:
    """The glyphs of one text box in the order they are painted, each list by glyph.

    code: glyph id. place: where it starts, width: what its face says it takes (px from the start of
    the box). first: its first character. rise: how far it is raised, Pango units. run: where from.
    """

    code: list[int] = field(default_factory=list)
    place: list[float] = field(default_factory=list)
    width: list[float] = field(default_factory=list)
    first: list[int] = field(default_factory=list)
    rise: list[int] = field(default_factory=list)
    run: list[Run] = field(default_factory=list)

    def gaps(self, end: float) -> list[float]:
        """Return how far (px) each glyph's end is from the next one's start, the last from `end`."""
        gaps = [b - a - width for (a, b), width in zip(pairwise(self.place), self.width, strict=False)]
        if self.place:
            gaps.append(end - self.place[-1] - self.width[-1])
        return gaps


def place_glyphs(stream: Any, layout: Any, runs: Sequence[Run]) -> Glyphs:
    """Put each glyph where the plan wants its character (see `textlayer.PlannedLayout`)."""
    text = layout.text
    places, x = [], 0.0
    for advance, lead in zip(layout.plan, layout.lead, strict=True):
        places.append(x + lead)
        x += lead + advance
    glyphs = Glyphs()
    if sum(run.count for run in runs) == len(text) and all(map(_simple, runs)) and one_each(runs):
        _one_by_one(stream, text, places, runs, glyphs)
    else:
        _by_cluster(stream, text, places, runs, glyphs, layout.spaced)
    return glyphs


def _simple(run: Run) -> bool:
    """Are all its glyphs there, on the line and at their places?"""
    integers = run.integers
    return (
        max(integers[::GLYPH_INTS]) < pango.PANGO_GLYPH_EMPTY
        and not any(integers[2::GLYPH_INTS])
        and not any(integers[3::GLYPH_INTS])
    )


def _one_by_one(stream: Any, text: str, places: list[float], runs: Sequence[Run], glyphs: Glyphs) -> None:
    """One glyph a character: the common case."""
    glyphs.place = places
    glyphs.first = list(range(len(text)))
    glyphs.rise = [0] * len(text)
    for run in runs:
        codes = run.integers[::GLYPH_INTS]
        known = run.font.to_unicode
        begin = len(glyphs.code)
        for k, code in enumerate(codes):
            if code not in known:
                known[code] = text[begin + k]
        glyphs.code += codes
        glyphs.width += [run.width(stream, code) for code in codes]
        glyphs.run += [run] * run.count


def _by_cluster(
    stream: Any, text: str, places: list[float], runs: Sequence[Run], glyphs: Glyphs, spaced: float
) -> None:
    """Ligatures, marks, missing glyphs, letter spacing: look up which characters each glyph stands for."""
    at_byte = dict(zip(accumulate(map(utf8_length, text), initial=0), range(len(text) + 1), strict=True))
    for run in runs:
        previous, inner = -1, 0.0
        for i in range(run.count):
            code, width, shift, rise = run.integers[i * GLYPH_INTS : i * GLYPH_INTS + 4]
            first = at_byte[run.offset + run.clusters[i]]
            inner = inner if first == previous else 0.0
            previous = first
            start = places[first] + inner
            inner += width * FROM_UNITS
            if code == pango.PANGO_GLYPH_EMPTY:
                continue
            if code not in run.font.to_unicode or code & pango.PANGO_GLYPH_UNKNOWN_FLAG:
                later = (c for c in run.clusters[i + 1 :] if c != run.clusters[i])
                stop = at_byte[run.offset + next(later, run.item.length)]
                code = _name(run, code, width * FROM_UNITS, text[first:stop])
            glyphs.code.append(code)
            before = spaced if first and shift else 0.0  # the plan has all of it after the glyph
            glyphs.place.append(start + shift * FROM_UNITS - before)
            glyphs.width.append(run.width(stream, code))
            glyphs.first.append(first)
            glyphs.rise.append(rise)
            glyphs.run.append(run)


def _name(run: Run, code: int, width: float, text: str) -> int:
    """Register a glyph with its characters; a missing one is drawn as .notdef and reported."""
    font = run.font
    if code & pango.PANGO_GLYPH_UNKNOWN_FLAG:
        point = code - pango.PANGO_GLYPH_UNKNOWN_FLAG
        message = '.notdef glyph rendered for Unicode string unsupported by fonts: "%s" (U+%04X)'
        LOGGER.warning(message, chr(point), point)
        code = int(font.get_unused_glyph_id(point))
        font.widths[code] = round(width * 1000 / run.size)
        font.widths.setdefault(0, font.widths[code])
    font.to_unicode.setdefault(code, text)
    return code
