"""What each gap takes by itself, and what it may give or take to make a line come out even.

Adjacent marks lose a half (clreq 3.1.6.2); Han and Latin stand a quarter em apart without a character
between them (clreq 3.2.2); lines are pushed in before they are pushed out, in the order of clreq
3.5.3, and opened in the order of clreq 3.5.4. Only advances change, never the characters.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from . import characters as cc
from .paragraph import Paragraph

__all__ = ["AUTOSPACE_MAX", "HALF", "LEVELS", "LEVEL_OF", "Spacing", "space"]

WORD_SPACE_MIN = 0.25
"""A word space shrinks to a quarter em (clreq 3.5.3) ..."""
WORD_SPACE_MAX = 0.5
"""... and grows to half an em (clreq 3.5.4)."""
AUTOSPACE_MIN = 0.125
"""Han-Latin space shrinks to an eighth (clreq 3.5.3) ..."""
AUTOSPACE_MAX = 1 / 3
"""... and grows to a third, as in most styles; `justify` says when it grows further."""
HALF = 0.5
"""The blank half of a full-width mark, em (clreq 3.1.6.1)."""

FULL_SPACE_GIVES = 0.25
"""em: so much less of a full-width space is still seen as one."""

KEPT = 0.03
"""em that is kept between the origins of two marks in different inline boxes: where both would start
at one point, extractors cannot tell which comes first."""

CLEAR = 0.08
"""em that is kept between the origins of a narrow character and of an opening mark after it, for the same
reason; `justify` may close the gap by a hair more."""

LEVELS = 5
"""Steps of pushing in: word space, brackets and quotes, pauses, Han-Latin space, stops (clreq 3.5.3)."""
LEVEL_OF = {cc.OPEN: 1, cc.CLOSE: 1, cc.COMMA: 2, cc.STOP: 4}


@dataclass(slots=True)
class Spacing:
    """Widths (px) by character. `lead` and `trail` change its two sides; `autogap` follows it.

    natural, give, soft, gaps, mixed: prefix sums over characters of the natural width, of what may be
    pushed in, of what spaces may grow, of the number of gaps that may be opened, and of those among
    them that are between Han and Latin (empty where there are none).
    left, right: what an opening mark's left and another character's right side can give.
    """

    lead: list[float]
    trail: list[float]
    autogap: list[float]
    left: list[float]
    right: list[float]
    grow: list[float]
    opens_up: list[bool]
    natural: list[float]
    give: list[float]
    soft: list[float]
    gaps: list[int]
    mixed: list[int]
    fixed: list[float]


def space(par: Paragraph) -> Spacing:
    """Work out all gaps of `par`."""
    lead, trail = _pair_squeeze(par)
    _half_em_dots(par, lead, trail)
    autogap = _autospace(par)
    left, right = _what_marks_give(par, lead, trail)
    grow = [0.0] * len(par)
    for k, kind in enumerate(par.kind):
        if kind == cc.SPACE:
            right[k] = max(0.0, par.advance[k] - WORD_SPACE_MIN * par.em[k])
            grow[k] = max(0.0, WORD_SPACE_MAX * par.em[k] - par.advance[k])
        elif autogap[k]:
            right[k] = max(0.0, autogap[k] - AUTOSPACE_MIN * par.em[k])
            grow[k] = max(0.0, AUTOSPACE_MAX * par.em[k] - autogap[k])
    opens_up = _openable(par)
    widths = map(sum, zip(par.advance, lead, trail, autogap, strict=True))
    return Spacing(
        lead, trail, autogap, left, right, grow, opens_up,
        _sums(widths), _sums(map(sum, zip(left, right, strict=True))), _sums(grow),
        _counts(opens_up), _counts(map(bool, autogap)) if any(autogap) else [], _fixed(par),
    )  # fmt: skip


def _sums(values: Iterable[float]) -> list[float]:
    return list(accumulate(values, initial=0.0))


def _counts(flags: Iterable[bool]) -> list[int]:
    return list(accumulate(flags, initial=0))


def _fixed(par: Paragraph) -> list[float]:
    """Prefix sums of decoration that does not move: before a character, then after it."""
    if not par.before and not par.after:
        return []
    return _sums(par.before.get(k, 0.0) + par.after.get(k, 0.0) for k in range(len(par)))


def _pair_squeeze(par: Paragraph) -> tuple[list[float], list[float]]:
    """Take one half out of each two marks that follow each other (clreq 3.1.6.2).

    Where closing and opening marks meet in a run of three or more (》、《 or 、」「) all of them are
    half an em wide, the tighter setting that the same section allows.
    """
    count = len(par)
    lead, trail = [0.0] * count, [0.0] * count
    blank = [
        1 if par.opens(k) else 2 if kind in LEVEL_OF and par.closes(k) else 0
        for k, kind in enumerate(par.kind)
    ]
    seen = _seen(par)
    for place in range(len(seen) - 1):
        k, after = seen[place], seen[place + 1]
        a, b = blank[k], blank[after]
        if not a or not b:
            continue
        if b == 1:
            lead[after] = -HALF * par.em[after]
            goes_on = place + 2 < len(seen) and blank[seen[place + 2]] == 1
            if a == 2 and (goes_on or (place and blank[seen[place - 1]] == 2)):
                trail[k] = -(HALF - (KEPT if k + 1 in par.seams else 0.0)) * par.em[k]
        elif a == 2:
            trail[k] = -HALF * par.em[k]
    return lead, trail


def _seen(par: Paragraph) -> Sequence[int]:
    """Return the characters in order, without those that have no width."""
    if not cc.UNSEEN.search(par.text):
        return range(len(par))
    return [k for k, character in enumerate(par.text) if not cc.UNSEEN.match(character)]


def _half_em_dots(par: Paragraph, lead: list[float], trail: list[float]) -> None:
    """Give an interpunct between Han half an em, whatever the font says (GB/T 15834-2011 5.1.7)."""
    for k, kind in enumerate(par.kind):
        if kind == cc.MIDDOT and k and par.kind[k - 1] == cc.HAN:
            spare = (HALF * par.em[k] - par.advance[k]) / 2
            lead[k] += spare
            trail[k] += spare


def _autospace(par: Paragraph) -> list[float]:
    """Set Han and Latin apart where no character does (clreq 3.2.2)."""
    kind, auto = par.kind, par.auto
    gap = [0.0] * len(par)
    if cc.LATIN not in kind:
        return gap
    for k in range(len(par) - 1):
        a, b = kind[k], kind[k + 1]
        if (a == cc.HAN and b == cc.LATIN) or (b == cc.HAN and a in (cc.LATIN, cc.TRAILER)):
            gap[k] = min(auto[k], auto[k + 1]) * min(par.em[k], par.em[k + 1])
    return gap


def _what_marks_give(
    par: Paragraph, lead: list[float], trail: list[float]
) -> tuple[list[float], list[float]]:
    """Return what the left and right blanks can still give; the one blank of a pair counts once."""
    count = len(par)
    left, right = [0.0] * count, [0.0] * count
    for k, kind in enumerate(par.kind):
        if kind not in LEVEL_OF:
            continue
        if par.opens(k):
            if not lead[k] and not (k and par.closes(k - 1)):
                left[k] = min(HALF * par.em[k], _room_before(par, trail, k))
        elif par.closes(k) and not trail[k]:
            meets = k + 1 in par.seams and par.opens(k + 1)
            right[k] = (HALF - (KEPT if meets else 0.0)) * par.em[k]
    at = par.text.find(cc.FULL_SPACE)
    while at >= 0:
        right[at] = FULL_SPACE_GIVES * par.em[at] if par.full[at] else 0.0
        at = par.text.find(cc.FULL_SPACE, at + 1)
    return left, right


def _room_before(par: Paragraph, trail: list[float], k: int) -> float:
    """Return how far (px) a mark may move left until it would begin where the glyph before it begins.
    What has no width has no glyph of its own, or none that is seen."""
    before = k - 1
    while before >= 0 and not par.advance[before]:
        before -= 1
    if before < 0:
        return HALF * par.em[k]
    width = par.advance[before] + trail[before]
    if par.kind[before] == cc.SPACE:
        width = min(width, WORD_SPACE_MIN * par.em[before])
    return max(0.0, width - CLEAR * par.em[k])


def _openable(par: Paragraph) -> list[bool]:
    """Say after which characters a line may be opened (clreq 3.5.4): never inside a dash or an
    ellipsis, never beside a connector, never beside a space (which grows itself). An address that may
    be parted anywhere opens like Han, so that a line of nothing else is even too."""
    kind = par.kind
    flags = [False] * len(par)
    for k in range(len(par) - 1):
        flags[k] = _OPENABLE[kind[k] * cc.KINDS + kind[k + 1]] or k + 1 in par.parted
    return flags


def _open_table() -> list[bool]:
    shut = {cc.SPACE, cc.NEWLINE, cc.CONNECTOR, cc.SOLIDUS, cc.MIDDOT}
    # Only glyphs have advances to change: there is no opening after a picture.
    return [
        (a in cc.WIDE or b in cc.WIDE)
        and a != cc.OBJECT
        and not (a == b and a in (cc.DASH, cc.ELLIPSIS))
        and a not in shut
        and b not in shut
        for a in range(cc.KINDS)
        for b in range(cc.KINDS)
    ]


_OPENABLE = _open_table()
