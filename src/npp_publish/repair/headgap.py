"""Gaps in headlines: a printed line break kept as one space; a pause, or the middle of a phrase?

Rationale: after a colon it is always deleted (A). Elsewhere keeping all is right in half of the
cases, deleting all in the other half; so the heading is read as a whole (`cadence`), the two sides of
each gap are weighed (D; `seam`), and the page is asked: what its text writes together is one phrase, and
three printed lines seldom make one phrase of more than 16 em. Where the weights say little, the gap stays
as it was printed: a pause that was closed up reads worse than a gap too many.
On a page without other traces of print (wrapped lines, furniture, □, a gap after a colon) all gaps
together must say that line ends became spaces: else it is clean, and stays as it is.
Case file: tests/cases/headgap.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import exp, expm1, log1p

from ..detect.desk import Desk
from ..detect.gauge import em
from ..model import Block, Kind, Op
from ..sorts import Change, amend
from .cadence import read
from .seam import Scale, Weight, weigh
from .slips import source_span

__all__ = ["close_up"]

COLON, PHRASE = "headline-colon", "headline-phrase"
_CJK = "\u3400-\u9fff\uf900-\ufaff“”‘’《》「」『』（）：，、！？—…·％％○０-９"
_GAP = re.compile(rf"(?<=[{_CJK}0-9A-Za-z%])[ \u3000]+(?=[{_CJK}0-9A-Za-z])")
_AFTER_COLON = re.compile(r"(?<=[：:])[ \u3000]+")
_SPACES = re.compile(r"[ \u3000]+")
_CLOSE = 0.2  # below this the weights are too light to change what was printed
_NEAR = 8000  # characters before and after a heading in which its phrases are looked for
_LONGEST = 200  # characters; what is longer is no headline, whatever mark stands before it
_MOST = 100_000  # characters of headings that are weighed: thousands of headlines; the rest as printed
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_QUOTES = re.compile(r"[“”‘’《》「」『』]")
_TITLES = (Kind.HEADLINE, Kind.SUBHEAD, Kind.BOX_TITLE)
_BOX_TITLE = Weight(2.0, "titles of boxes are one phrase")
_BOX_WIDTH = 14  # em; a longer title of a box may have two phrases
_REPEATED = Weight(2.5, "the text has the phrase without the gap")
_ECHOED = Weight(1.5, "the text has the words beside the gap together")
_ECHOES = ((1, 2), (2, 1))  # characters before and after the gap that show it
_REPORTING = Weight(-6.0, "a reporting verb before the gap")
_BREATH = 16  # em; three printed lines and more that would make a longer phrase
_OVERLONG = 0.5  # what each em more says for a pause at the lightest of their gaps
_ROUNDUP = Weight(-3.0, "the sections of the page have one pattern: who or where, then what")
_CLEAN = Weight(-0.4, "nothing on this page shows that line ends became spaces")
_LINE_ENDS = 0.3  # share of the gaps of a printed page that are no pauses
_SUREST = 2.0  # what one gap says at most about its page: one may be read wrongly
_PRINTED = 1.1  # so much must all gaps say for line ends: two sure ones at least
_TRACES = ("unwrap", "furniture", "marker", "letter-spacing", "doubled-print", "jump-line", "torn-paragraph")
_NAME = 5  # characters; what is longer before a gap is no name of a desk, a town, a works


@dataclass(frozen=True, slots=True)
class _Gap:
    """A gap in a heading, what is after a colon or open to question, and how that was weighed."""

    found: re.Match[str]
    scale: Scale | None = None  # None: it stands after a colon


def close_up(desk: Desk, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Delete the gaps in headings that are no pauses."""
    if not desk.gauge.lang.startswith("zh"):
        return blocks
    read = 0
    weighed: dict[int, list[_Gap]] = {}
    roundup = _is_roundup(blocks)
    for place, block in enumerate(blocks):
        if block.kind in _TITLES and _has_gap(block.text) and read < _MOST:
            read += len(block.text)
            weighed[place] = _gaps(desk, block, roundup=roundup and _names_one(block))
    printed = _is_printed(blocks, [gap for gaps in weighed.values() for gap in gaps])
    out = list(blocks)
    for place, gaps in weighed.items():
        changes = [_change(desk, blocks[place], gap, printed) for gap in gaps]
        made = [change for change in changes if change]
        out[place] = replace(blocks[place], pieces=amend(blocks[place].pieces, made))
    return tuple(out)


def _is_printed(blocks: tuple[Block, ...], gaps: Sequence[_Gap]) -> bool:
    """Tell whether the spaces of this page may be line ends of its print.

    So it is where another trace was found, where the text has a phrase without its gap, or where the
    gaps are likelier if three of ten are line ends than if all are pauses.
    """
    if any(gap.scale is None or _REPEATED in gap.scale.weights for gap in gaps):
        return True
    if any(piece.op is Op.JOIN or piece.rule in _TRACES for block in blocks for piece in block.pieces):
        return True
    totals = [gap.scale.total for gap in gaps if gap.scale is not None]
    return sum(log1p(_LINE_ENDS * expm1(min(total, _SUREST))) for total in totals) > _PRINTED


def _has_gap(text: str) -> bool:
    return len(text) <= _LONGEST and (" " in text or "\u3000" in text)


def _is_roundup(blocks: tuple[Block, ...]) -> bool:
    """Tell whether the sections of a page are headed alike: at least three, nearly all a name and a gap."""
    heads = [block for block in blocks if block.kind is Kind.SUBHEAD]
    return len(heads) >= 3 and sum(map(_names_one, heads)) >= 0.75 * len(heads)


def _names_one(block: Block) -> bool:
    """Tell whether a section heading is a short name, one gap, and more than the name after it."""
    sides = _SPACES.split(block.text.strip()) if block.kind is Kind.SUBHEAD else []
    return len(sides) == 2 and 2 <= len(sides[0]) <= _NAME and len(sides[1]) > len(sides[0]) + 1


def _gaps(desk: Desk, block: Block, *, roundup: bool) -> list[_Gap]:
    """Weigh the gaps of a heading."""
    text = block.text
    gaps = [found for found in _SPACES.finditer(text) if found.start() > 0 and found.end() < len(text)]
    edges = [0, *(edge for found in gaps for edge in found.span()), len(text)]
    parts = [text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)]
    said = (_ROUNDUP,) if roundup else ()
    made = []
    for number, (found, heard) in enumerate(zip(gaps, read(*parts), strict=True)):
        if _AFTER_COLON.match(text, found.start()):
            made.append(_Gap(found))
            continue
        left, right = re.split("[：:]", parts[number])[-1], parts[number + 1]
        latin = _LATIN.match(left[-1]) and _LATIN.match(right[0])
        if not latin and _GAP.match(text, found.start()) and desk.on(PHRASE):
            at = source_span(block, *found.span()).start
            context = (*said, *_context(desk, block, left, right, at))
            made.append(_Gap(found, weigh(left, right, context, heard)))
    return _rested(text, made)


def _rested(text: str, gaps: list[_Gap]) -> list[_Gap]:
    """Return the gaps of a heading, the lightest of those that would make one long phrase lighter."""
    out = list(gaps)
    for run in _runs(out):
        start = out[run[0] - 1].found.end() if run[0] else 0
        end = out[run[-1] + 1].found.start() if run[-1] + 1 < len(out) else len(text)
        width = em(_QUOTES.sub("", _SPACES.sub("", re.split("[：:]", text[start:end])[-1])))
        if len(run) > 1 and width > _BREATH:
            lightest = min(run, key=lambda number: _total(out[number]))
            scale = out[lightest].scale
            assert scale is not None
            weight = Weight(-_OVERLONG * (width - _BREATH), "one phrase would be too long")
            out[lightest] = replace(out[lightest], scale=replace(scale, weights=(*scale.weights, weight)))
    return out


def _runs(gaps: list[_Gap]) -> list[list[int]]:
    """Return the numbers of gaps that follow each other and are closed, run by run."""
    marks = [n for n, gap in enumerate(gaps) if gap.scale is None or _total(gap) <= _CLOSE]
    edges = [-1, *marks, len(gaps)]
    return [list(range(a + 1, b)) for a, b in pairwise(edges) if b - a > 1]


def _total(gap: _Gap) -> float:
    return gap.scale.total if gap.scale is not None else 0.0


def _change(desk: Desk, block: Block, gap: _Gap, printed: bool) -> Change | None:
    found = gap.found
    span = source_span(block, *found.span())
    if gap.scale is None:
        why = "the colon is the pause"
        if desk.choose(COLON, span, "drop", "keep") == "keep":
            return Change(*found.span(), found[0], Op.KEEP, COLON, 0.99, why, "drop")
        return Change(*found.span(), "", Op.DROP, COLON, 0.99, why, "keep")
    score, why = gap.scale.total, gap.scale.why
    if score > _CLOSE and not printed and _BOX_TITLE not in gap.scale.weights:
        score, why = _CLEAN.value, _CLEAN.why
    taken, other = ("drop", "keep") if score > _CLOSE else ("keep", "drop")
    if desk.choose(PHRASE, span, taken, other) != taken:
        taken, other = other, taken
    keep = taken == "keep"
    if keep and desk.source.cut(span) != found[0]:  # a line break that an earlier pass set as a gap
        return None
    confidence = round(min(0.89, 1 / (1 + exp(-abs(score)))), 2)
    text = found[0] if keep else ""
    return Change(*found.span(), text, Op.KEEP if keep else Op.DROP, PHRASE, confidence, why, other)


def _context(desk: Desk, block: Block, left: str, right: str, at: int) -> tuple[Weight, ...]:
    """Return what the page and the kind of heading say about a gap."""
    reporting = tuple(desk.profile.list("reporting"))
    weights = []
    near = slice(max(0, at - _NEAR), at + _NEAR)
    if any(_together(desk.text, near, left, right, sizes) for sizes in _ECHOES):
        whole = _together(desk.text, near, left, right, (3, 3))
        weights.append(_REPEATED if whole else _ECHOED)
    if block.kind is Kind.BOX_TITLE and em(block.text) <= _BOX_WIDTH:
        weights.append(_BOX_TITLE)
    if left.endswith(reporting) and not right.startswith(("“", "「")):
        weights.append(_REPORTING)
    return tuple(weights)


def _together(source: str, near: slice, left: str, right: str, sizes: tuple[int, int]) -> bool:
    """Tell whether the text near a heading has the end of one side and the beginning of the other, so many
    characters of each, as one phrase."""
    tail, head = _QUOTES.sub("", left)[-sizes[0] :], _QUOTES.sub("", right)[: sizes[1]]
    return (len(tail), len(head)) == sizes and source.find(tail + head, near.start, near.stop) >= 0
