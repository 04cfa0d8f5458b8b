"""Read a paragraph out of WeasyPrint's inline boxes: one flat run of characters.

Boxes that the composer does not understand (preformatted text, tabs, right-to-left text, cloned
decoration) give None, and the engine sets that paragraph in its own way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout.inline import inline_block_width
from weasyprint.layout.percent import resolve_percentages
from weasyprint.layout.preferred import max_content_width
from weasyprint.layout.replaced import inline_replaced_box_layout

from . import addresses, figures, hyphens, measure, phrases
from .kinsoku import LEVELS
from .paragraph import Options, Paragraph

__all__ = ["Flow", "is_composable", "options_of", "read"]

_ENGINE_ONLY = re.compile(
    "[\x00\t\r\f\u0590-\u08ff\u2028\u2029\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]"
)
"""Tabs, other line separators and right-to-left text are left to the engine."""


_KERNED = 0.002
"""em: a character whose width differs by more from that which it has alone is kerned."""


@dataclass(slots=True)
class Flow:
    """A paragraph and the way back to its boxes.

    ranges: for each box (by identity) the characters `[start, end)` it holds.
    floats: floated boxes and the place they stand at.
    """

    paragraph: Paragraph
    children: Any
    ranges: dict[int, tuple[int, int]]
    floats: list[tuple[int, Any]]


def options_of(style: Any) -> Options:
    """Read the `--zh-*` custom properties of a style; unknown or odd values keep the default."""
    values: dict[str, Any] = {}
    for name, default in _DEFAULTS.items():
        try:
            tokens = style["__zh_" + name]
        except KeyError:
            continue
        token = next((t for t in tokens or () if t.type in ("ident", "number", "string")), None)
        if token is None:
            continue
        if isinstance(default, str):
            values[name] = str(token.value)
        elif token.type == "number":
            values[name] = type(default)(token.value)
    if values.get("kinsoku", "gb") not in LEVELS:
        del values["kinsoku"]
    return Options(**values)


_DEFAULTS: dict[str, Any] = {name: getattr(Options(), name) for name in Options.__dataclass_fields__}


def is_composable(style: Any) -> bool:
    """Is this text that is composed: Chinese, or Japanese, whose rules (JLREQ 3.1.2 to 3.1.7, 3.8) are the
    same but for the small kana; left to right?"""
    lang = (style["lang"] or "").lower()
    return lang.startswith(("zh", "cmn", "yue", "ja")) and style["direction"] == "ltr"


class Unreadable(Exception):
    """This paragraph holds something that only the engine can set."""


@dataclass(slots=True)
class _Reader:
    """Collects characters while walking the boxes."""

    context: Any
    containing_block: Any
    options: Options
    text: list[str] = field(default_factory=list)
    advance: list[float] = field(default_factory=list)
    em: list[float] = field(default_factory=list)
    auto: list[float] = field(default_factory=list)
    nowrap: list[int] = field(default_factory=list)
    runs: int = 0
    before: dict[int, float] = field(default_factory=dict)
    after: dict[int, float] = field(default_factory=dict)
    ranges: dict[int, tuple[int, int]] = field(default_factory=dict)
    floats: list[tuple[int, Any]] = field(default_factory=list)
    leaders: list[int] = field(default_factory=list)
    soft: dict[int, float] = field(default_factory=dict)
    parted: dict[int, float] = field(default_factory=dict)
    figures: dict[int, float] = field(default_factory=dict)
    seams: list[int] = field(default_factory=list)

    def walk(self, parent: Any, raised: bool) -> None:
        """Read the children of one inline box. Where it does not wrap, but what it is in does, a run
        begins that is broken nowhere inside, though it may be at both its ends (CSS Text 3, 5.1)."""
        for child in parent.children:
            start = len(self.text)
            if isinstance(child, boxes.TextBox):
                self.words(child, raised)
            elif not child.is_in_normal_flow():
                if child.is_floated():
                    self.floats.append((start, child))
            elif isinstance(child, boxes.InlineBox) and not child.is_leader:
                self.inline(child, parent.style, raised)
            else:
                self.atom(parent, child)
            self.ranges[id(child)] = (start, len(self.text))

    def words(self, child: Any, raised: bool) -> None:
        """Read the characters of a text box."""
        style, text = child.style, child.text
        if style["white_space"] not in ("normal", "pre-line", "nowrap") or not style["font_size"]:
            raise Unreadable
        if _ENGINE_ONLY.search(text) or child.is_leader:
            raise Unreadable
        resolve_percentages(child, self.containing_block)
        count, start = len(text), len(self.text)
        self.seams.append(start)
        for place in hyphens.places(text, style, self.options.hyphenate):
            self.soft[start + place] = measure.width(hyphens.mark(style), style)
        self.text.extend(text)
        advances = measure.advances(text, style)
        self.advance.extend(_evened(advances, style))
        if style["overflow_wrap"] in ("anywhere", "break-word"):
            self.parted.update(_apart(addresses.places(text), start, text, advances, style))
        self.figures.update(_apart(figures.places(text), start, text, advances, style))
        self.em.extend([style["font_size"]] * count)
        self.auto.extend([0.0 if raised else self.options.autospace] * count)
        self.nowrap.extend([self.runs if style["white_space"] == "nowrap" else 0] * count)

    def inline(self, child: Any, outer: Any, raised: bool) -> None:
        """Read an inline box in one of the style `outer`: its decoration, then what is in it."""
        if child.style["box_decoration_break"] == "clone":
            raise Unreadable
        resolve_percentages(child, self.containing_block)
        margins = [0 if side == "auto" else side for side in (child.margin_left, child.margin_right)]
        before = margins[0] + child.padding_left + child.border_left_width
        after = margins[1] + child.padding_right + child.border_right_width
        start = len(self.text)
        if child.style["white_space"] == "nowrap" != outer["white_space"]:
            self.runs += 1
        self.walk(child, raised or child.style["vertical_align"] not in ("baseline", 0))
        end = len(self.text)
        if start == end:
            if before or after:
                raise Unreadable
            return
        if before:
            self.before[start] = self.before.get(start, 0) + before
        if after:
            self.after[end - 1] = self.after.get(end - 1, 0) + after

    def atom(self, parent: Any, child: Any) -> None:
        """Read a box that cannot be broken: a picture, an inline block, a leader."""
        if child.is_leader:
            self.leaders.append(len(self.text))
        self.text.append("\ufffc")
        self.advance.append(self.atom_width(child))
        self.em.append(parent.style["font_size"])
        self.auto.append(0.0)
        self.nowrap.append(0)

    def atom_width(self, child: Any) -> float:
        """Return the outer width (px) that such a box will have in this containing block."""
        sized = isinstance(child, boxes.ReplacedBox) or (
            isinstance(child, boxes.InlineBlockBox) and not child.is_table_wrapper
        )
        if not sized or not self.containing_block.width:
            return float(max_content_width(self.context, child))
        box = child.copy()
        resolve_percentages(box, self.containing_block)
        if isinstance(box, boxes.ReplacedBox):
            inline_replaced_box_layout(box, self.containing_block)
        else:
            for side in ("margin_left", "margin_right"):
                if getattr(box, side) == "auto":
                    setattr(box, side, 0)
            inline_block_width(box, self.context, self.containing_block)
        return float(box.margin_width())


def read(context: Any, linebox: Any, containing_block: Any) -> Flow | None:
    """Read all of a line box, or return None where the engine must set it."""
    options = options_of(linebox.style)
    if options.compose == "off":
        return None
    reader = _Reader(context, containing_block, options, runs=1)
    try:
        reader.walk(linebox, False)
    except Unreadable:
        return None
    if not reader.text:
        return None
    return Flow(_paragraph(reader, linebox.style), linebox.children, reader.ranges, reader.floats)


def _paragraph(reader: _Reader, style: Any) -> Paragraph:
    text, language, options = "".join(reader.text), style["lang"], reader.options
    in_phrases = options.phrases == "on"
    return Paragraph(
        text, reader.advance, reader.em, reader.auto, reader.nowrap, options,
        reader.before, reader.after, reader.soft,
        phrase=phrases.beginnings(text, language) if in_phrases else None,
        held=frozenset(place + 1 for place in reader.leaders),
        seams=frozenset(reader.seams), leaders=tuple(reader.leaders),
        centred=measure.centred(style), language=language,
        anywhere=style["overflow_wrap"] in ("anywhere", "break-word"), parted=reader.parted,
        figures=reader.figures,
    )  # fmt: skip


def _evened(advances: list[float], style: Any) -> list[float]:
    """Return the advances with letter spacing on both sides of every character. Pango leaves it out at
    the ends of a text, so that a line that ends where a text does would be longer or shorter than others."""
    if style["letter_spacing"] == "normal" or not advances:
        return advances
    half = style["letter_spacing"] / 2
    even = list(advances)
    even[0] += half
    even[-1] += half
    return even


def _apart(
    places: Mapping[int, float], start: int, text: str, advances: list[float], style: Any
) -> Iterator[tuple[int, float]]:
    """Yield, from `start` on, which of the places in a text do for a line end and what they cost: not
    those where letters are joined or kerned, as their widths are others at a line end."""
    if not places:
        return
    spaced = 0.0 if style["letter_spacing"] == "normal" else float(style["letter_spacing"])
    # Letter spacing stands half on each side, but not beyond the ends of a text.
    usual = (0.0, spaced / 2, -spaced / 2, spaced, -spaced)
    for at, cost in places.items():
        kern = measure.width(text[at - 1], style) - advances[at - 1]
        if min(abs(kern - other) for other in usual) < _KERNED * style["font_size"]:
            yield start + at, cost
