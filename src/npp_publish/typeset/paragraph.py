"""The paragraph model: one flat run of characters with widths, whatever inline boxes it crosses.

All widths are in CSS pixels. The model knows nothing of the layout engine, so that the rules can be
tested with made-up widths. `kinsoku` says where it may break, `spacing` what each gap may give or
take, `edges` what happens at both ends of a line, `breaker` chooses the breaks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from . import characters as cc

__all__ = ["FULL_WIDTH", "Options", "Paragraph"]

_LONE_DASH = re.compile("(?<!—)—(?!—)")
"""One em dash alone is a connector (GB/T 15834-2011 5.1.6), two are a dash."""

FULL_WIDTH = 0.85
"""A mark at least this wide (em) is a full-width mark with a blank half."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a paragraph is composed. Each field is the custom property `--zh-<name>`.

    compose: `off` leaves the paragraph to the engine.
    kinsoku: `basic`, `gb` or `strict` (clreq 3.1.4).
    autospace: gap between Han and Latin letters or digits, em (clreq 3.2.2: at most a quarter em).
    start: opening marks at line start `trim`, `full`, or `first-full` (clreq 3.1.6.3).
    hang: `comma` lets pause and stop marks hang at the line end (clreq 3.1.7); else `none`.
    runt: fewest characters in a last line (clreq 3.4.4).
    balance: `on` evens out the lines of a text that is not justified.
    phrases: `on` breaks between phrases where it can (headlines).
    leading: `rigid` keeps all lines of a paragraph at its line height; `css` lets inlines grow them.
    hyphenate: dictionary for Latin words where `hyphens: auto`.
    """

    compose: str = "on"
    kinsoku: str = "gb"
    autospace: float = 0.25
    start: str = "trim"
    hang: str = "none"
    runt: int = 2
    balance: str = "off"
    phrases: str = "off"
    leading: str = "rigid"
    hyphenate: str = "en_US"


@dataclass(slots=True)
class Paragraph:
    """Characters of one paragraph (or of what remains of it) with what the rules need of each.

    text: all characters; atomic inlines stand as U+FFFC.
    advance: natural width; 0 for the second character of a ligature.
    em: font size.  auto: autospace beside it, em, 0 where none is wanted.
    nowrap: number of the unbreakable run that it is part of, 0 for none.
    before, after: fixed decoration (padding, border, margin) at an inline box's start and end.
    soft: width of the hyphen where the line may break after this character with a hyphen.
    phrase: where a phrase begins, in a headline; None where phrases do not matter.
    held: places inside a protected name.
    seams: places at which another inline box begins.
    leaders: places of leaders; a line that holds one is filled by it, not justified.
    parted: where an address or a word longer than a line may be parted, and what that costs.
    figures: where a figure may be, to save its line from falling apart.
    centred: pause and stop marks stand in the middle of their em (Taiwan, Hong Kong).
    """

    text: str
    advance: list[float]
    em: list[float]
    auto: list[float]
    nowrap: Sequence[int]
    options: Options = field(default_factory=Options)
    before: Mapping[int, float] = field(default_factory=dict)
    after: Mapping[int, float] = field(default_factory=dict)
    soft: Mapping[int, float] = field(default_factory=dict)
    phrase: frozenset[int] | None = None
    held: frozenset[int] = frozenset()
    seams: frozenset[int] = frozenset()
    leaders: tuple[int, ...] = ()
    centred: bool = False
    anywhere: bool = False
    parted: Mapping[int, float] = field(default_factory=dict)
    figures: Mapping[int, float] = field(default_factory=dict)
    language: str = "zh"
    kind: list[int] = field(init=False)
    full: list[bool] = field(init=False)

    def __post_init__(self) -> None:
        self.kind = cc.kinds(self.text)
        for dash in _LONE_DASH.finditer(self.text):
            self.kind[dash.start()] = cc.CONNECTOR
        self.full = [width > FULL_WIDTH * em for width, em in zip(self.advance, self.em, strict=True)]

    def __len__(self) -> int:
        return len(self.text)

    def opens(self, index: int) -> bool:
        """Is it a full-width opening mark (blank on the left)?"""
        return self.kind[index] == cc.OPEN and self.full[index]

    def closes(self, index: int) -> bool:
        """Is it a full-width closing, pause or stop mark (blank on the right)?"""
        kind = self.kind[index]
        if kind not in cc.BLANK_AFTER or not self.full[index]:
            return False
        return kind == cc.CLOSE or not self.centred
