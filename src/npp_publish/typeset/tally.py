"""Sums by break place: the width of any line in two look-ups and a subtraction.

The paragraph is summed up once; what a line takes is then what stands at its end less what stands at
its beginning, edges included.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from . import characters as cc
from .edges import Edges
from .kinsoku import Breaks
from .paragraph import Paragraph
from .spacing import Spacing

__all__ = ["Beginning", "Tally", "tally"]


class Beginning(NamedTuple):
    """What is subtracted for a line that begins at a character: width, give, soft space (px), gaps, and
    those of them between Han and Latin."""

    width: float
    give: float
    soft: float
    gaps: int
    mixed: int


@dataclass(slots=True)
class Tally:
    """By number of the break place: natural width up to the visible end of a line that ends there,
    what may be pushed in, how far spaces grow (px), how many gaps may be opened, and how many of them
    are between Han and Latin (empty where there are none)."""

    par: Paragraph
    spacing: Spacing
    edges: Edges
    width: list[float]
    give: list[float]
    soft: list[float]
    gaps: list[int]
    mixed: list[int]

    def beginning(self, start: int) -> Beginning:
        """Return what to subtract for a line that begins at `start`."""
        sp = self.spacing
        if start >= len(self.par):
            return Beginning(sp.natural[-1], sp.give[-1], sp.soft[-1], sp.gaps[-1], 0)
        width = sp.natural[start] + sp.lead[start] + self.edges.head[start]
        if sp.fixed:
            width += sp.fixed[start]
        mixed = sp.mixed[start] if sp.mixed else 0
        return Beginning(width, sp.give[start] + sp.left[start], sp.soft[start], sp.gaps[start], mixed)

    def ending(self, end: int) -> tuple[float, float, float, int]:
        """Return width, give, soft and gaps up to a line end at any character."""
        par, sp, edges = self.par, self.spacing, self.edges
        seen = edges.visible[end]
        if not seen:
            return 0.0, 0.0, 0.0, 0
        last = seen - 1
        width = sp.natural[seen] - sp.trail[last] - sp.autogap[last] - edges.tail[last]
        if sp.fixed:
            width += sp.fixed[end]
        if par.soft and end < len(par):
            width += par.soft.get(end - 1, 0.0)
        return width, sp.give[seen] - sp.right[last], sp.soft[last], sp.gaps[last]

    def line(self, start: int, end: int) -> tuple[float, float, int]:
        """Return (natural width, what can be pushed in, visible end) of the line `[start, end)`."""
        seen = self.edges.visible[end]
        if seen <= start:
            return 0.0, 0.0, start
        begins = self.beginning(start)
        width, give, _, _ = self.ending(end)
        return width - begins.width, max(0.0, give - begins.give), seen


def tally(par: Paragraph, spacing: Spacing, edges: Edges, breaks: Breaks) -> Tally:
    """Sum up a paragraph at its break places."""
    sums = Tally(par, spacing, edges, [], [], [], [], [])
    for end in breaks.places:
        width, give, soft, gaps = sums.ending(end)
        sums.width.append(width)
        sums.give.append(give)
        sums.soft.append(soft)
        sums.gaps.append(gaps)
        if spacing.mixed:
            seen = edges.visible[end]
            sums.mixed.append(spacing.mixed[seen - 1] if seen else 0)
    return sums


def characters_seen(par: Paragraph, start: int, end: int, enough: int) -> int:
    """Count Han, letters and digits in a line, up to `enough`."""
    count = 0
    for kind in par.kind[start:end]:
        count += kind == cc.HAN or kind == cc.LATIN
        if count >= enough:
            break
    return count
