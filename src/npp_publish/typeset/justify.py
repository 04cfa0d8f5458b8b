"""A line made to come out even: what is left over or missing is shared out over its gaps.

A line is pushed in in the order of clreq 3.5.3 and opened in that of clreq 3.5.4. Where neither is
enough without a line that falls apart, which happens in columns of newspapers, two things are done
that no norm speaks of and no reader sees: all gaps are closed up by a hair, or the blanks of marks, which
are white anyhow, take more than the gaps between Han. The last resort is a mark that hangs out.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from . import characters as cc
from .paragraph import Paragraph
from .spacing import AUTOSPACE_MAX, HALF, LEVEL_OF, LEVELS, Spacing

__all__ = [
    "AIRY",
    "APART",
    "CLOSED",
    "EASE",
    "HAIR",
    "HEAVY",
    "WIDER",
    "airy",
    "distribute",
    "hangs",
    "opener",
    "tightness",
]

EASE = 0.02
"""em: the gaps between Han open by so much before Han and Latin stand further apart than a third, that is
up to nearly a half, the most that clreq 3.5.4 allows."""
AUTOSPACE_WIDEST = 0.49
WIDER = AUTOSPACE_WIDEST - AUTOSPACE_MAX
HEAVY = 0.12
"""em: from here on the blanks of marks take more than the gaps between Han: first the blank before the mark
that opens a paragraph, which line starts usually lack (clreq 3.1.6.3 knows both), then the others ..."""
AIRY = 0.25
"""... by up to a quarter em each."""
APART = 0.5
"""em: a line whose gaps between Han are wider falls apart anyhow, and all of it opens alike."""

HAIR = 0.05
"""em: where a line is too long by no more than this for each of its gaps, it may be closed up evenly, the
less the better. Else a whole run of figures is taken down, and opens the line by a character or two."""
CLOSED = 0.5
"""em: a line is not closed up by more than this in all."""


def closable(par: Paragraph, sp: Spacing, start: int, seen: int) -> list[int]:
    """Return the characters of a line after which it may be closed up: not between Han and Latin, which
    are as near as they may be, nor between two marks, which overlap already."""
    kind, marks = par.kind, LEVEL_OF
    return [
        k
        for k in range(start, seen - 1)
        if sp.opens_up[k] and not sp.autogap[k] and not (kind[k] in marks and kind[k + 1] in marks)
    ]


def tightness(par: Paragraph, sp: Spacing, start: int, seen: int, need: float) -> float:
    """Return by how much (em) each gap of a line is closed up that is still `need` px too long after it was
    pushed in; more than `HAIR` where that is impossible."""
    if need <= 0:
        return 0.0
    if need > CLOSED * par.em[start]:
        return float("inf")
    gaps = closable(par, sp, start, seen)
    return need / len(gaps) / par.em[start] if gaps else float("inf")


def hangs(par: Paragraph, sp: Spacing, start: int, seen: int, need: float) -> float:
    """Return what hangs out at the end of a line, px, that cannot be closed up enough: the other half of its
    pause or stop (clreq 3.1.7), if the rest of it can be closed up then."""
    last = seen - 1
    half = HALF * par.em[last]
    able = par.text[last] in cc.HANGING and par.closes(last) and par.options.hang == "none"
    return half if able and tightness(par, sp, start, seen, need - half) <= HAIR else 0.0


def airy(par: Paragraph, sp: Spacing, start: int, seen: int) -> Iterator[int]:
    """Yield the characters of a line that a blank follows: that of a mark, unless another mark shares it, or
    of a full-width space."""
    kind = par.kind
    for k in range(start, seen - 1):
        if sp.opens_up[k] and (par.closes(k) or par.opens(k + 1)):
            if not (kind[k] in LEVEL_OF and kind[k + 1] in LEVEL_OF):
                yield k
        elif par.text[k] == cc.FULL_SPACE and sp.opens_up[k]:
            yield k


def opener(par: Paragraph, sp: Spacing, start: int) -> float:
    """Return the blank (px) that an opening mark at the start of a paragraph can have back."""
    has = not start and par.options.start == "trim" and par.opens(0) and not sp.lead[0]
    return HALF * par.em[0] if has else 0.0


def distribute(
    par: Paragraph, sp: Spacing, start: int, end: int, room: float, indented: bool = False
) -> tuple[list[float], list[float]]:
    """Share out `room` (px, negative: too long by that much) over the characters `[start, end)`.

    Return what is added on the left and on the right of each of them. The outer sides of the line
    are the business of `edges`, but for the mark that begins an indented paragraph.
    """
    left = [0.0] * (end - start)
    right = [0.0] * (end - start)
    if room < 0:
        _push_in(par, sp, start, end, -room, left, right)
    elif room > 0:
        blank = opener(par, sp, start) if indented else 0.0
        light = islice(_openings(sp, par, start, end), _LIGHT) if blank else ()
        if blank and room > sum(sum(step.values()) for step in light):
            left[0] += blank
            room -= blank
        _push_out(_openings(sp, par, start, end), start, room, right)
    return left, right


def _push_in(
    par: Paragraph, sp: Spacing, start: int, end: int, need: float, left: list[float], right: list[float]
) -> None:
    steps: list[list[tuple[list[float], int, float]]] = [[] for _ in range(LEVELS)]
    for k in range(start, end):
        if k > start and sp.left[k]:
            steps[LEVEL_OF[par.kind[k]]].append((left, k - start, sp.left[k]))
        if k < end - 1 and sp.right[k]:
            kind = par.kind[k]
            level = 0 if kind == cc.SPACE else LEVEL_OF.get(kind, 3)
            steps[level].append((right, k - start, sp.right[k]))
    for step in steps:
        capacity = sum(most for _, _, most in step)
        if capacity <= 0 or need <= 1e-9:
            continue
        share = min(1.0, need / capacity)
        for side, place, most in step:
            side[place] -= share * most
        need -= share * capacity
    gaps = closable(par, sp, start, end) if need > 1e-9 else []
    for k in gaps:
        right[k - start] -= min(HAIR * par.em[k], need / len(gaps))


def _openings(sp: Spacing, par: Paragraph, start: int, end: int) -> Iterator[dict[int, float]]:
    """Yield what each gap may take, px, step by step."""
    spaces = [k for k in range(start, end - 1) if par.kind[k] == cc.SPACE]
    mixed = [k for k in range(start, end - 1) if sp.autogap[k]] if sp.mixed else []
    yield {k: sp.grow[k] for k in spaces}
    yield {k: sp.grow[k] for k in mixed}
    gaps = [k for k in range(start, end - 1) if sp.opens_up[k]] + spaces
    em = par.em[start]
    yield dict.fromkeys(gaps, EASE * em)
    yield dict.fromkeys(mixed, (WIDER - EASE) * em)
    others = [k for k in gaps if not sp.autogap[k]]
    yield dict.fromkeys(others, (HEAVY - EASE) * em)
    yield dict.fromkeys(airy(par, sp, start, end), AIRY * em)
    yield dict.fromkeys(others, (APART - HEAVY) * em)
    yield dict.fromkeys(gaps, float("inf"))


_LIGHT = 5
"""Steps before a line is heavily opened."""


def _push_out(steps: Iterator[dict[int, float]], start: int, room: float, right: list[float]) -> None:
    for step in steps:
        capacity = sum(step.values())
        if capacity <= 0:
            continue
        if capacity == float("inf"):
            for k in step:
                right[k - start] += room / len(step)
            return
        share = min(1.0, room / capacity)
        for k, most in step.items():
            right[k - start] += share * most
        room -= share * capacity
        if room <= 1e-9:
            return
