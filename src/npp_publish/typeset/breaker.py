"""Choose the line breaks of a whole paragraph at once, so that no line pays for another.

Dynamic programming over the places where a line may start, after Knuth and Plass, "Breaking
Paragraphs into Lines" (1981), with clreq's aims as costs: push in before pushing out (3.1.4, 3.5.2),
few and small openings between Han (3.5.4), no last line of a single character (3.4.4).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import cached_property

from . import characters as cc
from .edges import Edges, cut, line_width
from .kinsoku import BreakFinder, Breaks, find_breaks
from .paragraph import Paragraph
from .spacing import Spacing, distribute, space

__all__ = ["Composition", "Measure", "Setting"]

RUNT_COST = 1e9
"""A last line of one character is worse than anything but a line that does not fit."""
SHORT_COST = 40.0
"""A last line shorter than the indent of the next paragraph looks like a hole."""
OVERFULL_COST = 1e12
LOOSE_COST = 1e6
SLACK = 1e-6
"""Rounding error of sums of advances, px."""
WINDOW = 0.75
"""Justified lines that are naturally shorter than this share of the measure are not looked at."""
GAP_UNIT = 0.02
"""Opening all Han gaps by this much (em) costs 1; cost grows with the cube."""
GIVE_COST = 0.6
"""Pushing in everything that can be pushed in."""
SHORTEST_LAST = 2.2
"""em"""


@dataclass(frozen=True, slots=True)
class Measure:
    """Line lengths in px: the first (indented) line's and the others', and how they are aligned."""

    first: float
    rest: float
    justify: bool
    balance: bool = False
    justify_last: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """One line, set: characters `[start, seen)` show, the next line starts at `end`.

    left, right: what is added to both sides of each character shown, px. hyphen: it ends in one.
    """

    start: int
    end: int
    seen: int
    left: list[float]
    right: list[float]
    hyphen: bool


@dataclass(slots=True)
class _Node:
    cost: float
    before: int


@dataclass
class Composition:
    """A paragraph with all its rules worked out, and the breaks found so far."""

    par: Paragraph
    unicode_breaks: BreakFinder
    solved: dict[tuple[int, float, bool], int] = field(default_factory=dict)

    @cached_property
    def spacing(self) -> Spacing:
        """All gaps of the paragraph."""
        return space(self.par)

    @cached_property
    def edges(self) -> Edges:
        """Both edges of every possible line."""
        return cut(self.par, self.spacing)

    @cached_property
    def breaks(self) -> Breaks:
        """The places where a line may start."""
        return find_breaks(self.par, self.unicode_breaks)

    @cached_property
    def _reach(self) -> list[float]:
        """Natural width up to the visible end of each break place: finds candidates by bisection."""
        natural, visible = self.spacing.natural, self.edges.visible
        fixed = self.spacing.fixed
        if not fixed:
            return [natural[visible[j]] for j in self.breaks.places]
        return [natural[visible[j]] + fixed[j] for j in self.breaks.places]

    def width(self, start: int, end: int) -> tuple[float, float, int]:
        """Return (natural width, what can be pushed in, visible end) of one line."""
        return line_width(self.par, self.spacing, self.edges, start, end)

    def break_after(self, start: int, length: float, measure: Measure) -> int:
        """Return where the line that begins at `start` and is `length` px long ends."""
        key = (start, round(length, 3), measure.justify)
        if key not in self.solved:
            self._solve(start, length, measure)
        return self.solved[key]

    def widest_line(self) -> float:
        """Return the length (px) at which only forced breaks are taken."""
        starts = [0, *self.breaks.forced[:-1]]
        lines = zip(starts, self.breaks.forced, strict=True)
        return max((self.width(i, j)[0] for i, j in lines), default=0.0)

    def widest_piece(self, start: int = 0, first_only: bool = False) -> float:
        """Return the length (px) of the longest piece that cannot be broken."""
        widest, i = 0.0, start
        for j in self.breaks.places[bisect_right(self.breaks.places, start) :]:
            widest = max(widest, self.width(i, j)[0])
            if first_only:
                break
            i = j
        return widest

    # -- one line --------------------------------------------------------------------------

    def set_line(self, start: int, end: int, length: float, measure: Measure) -> Setting:
        """Set `[start, end)` in `length` px: what is added to both sides of each character."""
        par, sp, edges = self.par, self.spacing, self.edges
        natural, give, seen = self.width(start, end)
        hyphen = end < len(par) and end - 1 in par.soft
        if seen <= start:
            return Setting(start, end, start, [], [], hyphen)
        room = length - natural
        ends = end in self._forced and not measure.justify_last
        filled = any(start <= place < end for place in par.leaders)
        if not measure.justify or filled or (room > 0 and ends):
            room = 0.0
        left, right = distribute(par, sp, start, seen, max(room, -give))
        for k in range(start, seen):
            left[k - start] += sp.lead[k]
            right[k - start] += sp.trail[k] + sp.autogap[k]
        left[0] += -edges.head[start] - sp.lead[start]
        right[-1] += -edges.tail[seen - 1] - sp.trail[seen - 1] - sp.autogap[seen - 1]
        return Setting(start, end, seen, left, right, hyphen)

    @cached_property
    def _forced(self) -> frozenset[int]:
        return frozenset(self.breaks.forced)

    # -- the whole paragraph ---------------------------------------------------------------

    def _solve(self, start: int, first: float, measure: Measure) -> None:
        target = self._target(start, first, measure) if measure.balance else None
        nodes = {start: _Node(0.0, -1)}
        places = self.breaks.places
        order = [start, *places[bisect_right(places, start) :]]
        end = len(self.par)
        for i in order:
            node = nodes.get(i)
            if node is None or (i == end and i != start):
                continue
            length = first if i == start else measure.rest
            for j, cost in self._lines_from(i, length, measure, target, i == start):
                known = nodes.get(j)
                if known is None or node.cost + cost < known.cost:
                    nodes[j] = _Node(node.cost + cost, i)
                    if known is None and j not in self._place_set:
                        self._reopen(j, order)
        self._trace(nodes, start, first, measure)

    @cached_property
    def _place_set(self) -> frozenset[int]:
        return frozenset(self.breaks.places)

    @staticmethod
    def _reopen(j: int, order: list[int]) -> None:
        """An emergency break is no ordinary place: put it in its place among them."""
        index = bisect_left(order, j)
        if index == len(order) or order[index] != j:
            order.insert(index, j)

    def _trace(self, nodes: dict[int, _Node], start: int, first: float, measure: Measure) -> None:
        j = len(self.par)
        while j > start:
            i = nodes[j].before
            length = first if i == start else measure.rest
            self.solved[i, round(length, 3), measure.justify] = j
            j = i
        if len(self.par) == start:
            self.solved[start, round(first, 3), measure.justify] = start

    def _lines_from(
        self, i: int, length: float, measure: Measure, target: float | None, is_first: bool
    ) -> list[tuple[int, float]]:
        """Return the lines worth trying from `i`: (their end, what they cost)."""
        places, reach = self.breaks.places, self._reach
        begin = bisect_right(places, i)
        wanted = length * (WINDOW if measure.justify else 0.0)
        from_here = self.spacing.natural[i] + (self.spacing.fixed[i] if self.spacing.fixed else 0.0)
        index = begin
        if wanted:
            index = max(begin, bisect_left(reach, from_here + wanted, begin))
        forced = self.breaks.forced[bisect_right(self.breaks.forced, i)]
        last_index = bisect_left(places, forced)
        index = min(index, last_index)
        found: list[tuple[int, float]] = []
        while index <= last_index:
            j = places[index]
            natural, give, seen = self.width(i, j)
            room = length - natural
            if room < -SLACK and (not measure.justify or room < -give - SLACK):
                if natural - length > 4 * self.par.em[i] + give:
                    break
            else:
                found.append((j, self._cost(i, j, seen, room, give, natural, measure, target, is_first)))
            index += 1
        return found or self._emergency(i, length, begin, last_index)

    def _emergency(self, i: int, length: float, begin: int, last: int) -> list[tuple[int, float]]:
        """Nothing fits well: take the longest line that fits at all, however loose, or break a word
        that is longer than the line, or let it stick out."""
        places = self.breaks.places
        for index in range(
            min(bisect_left(self._reach, self.spacing.natural[i] + 2 * length), last), begin - 1, -1
        ):
            natural, give, _ = self.width(i, places[index])
            if natural <= length + give:
                return [(places[index], LOOSE_COST * (1 + (length - natural) / length))]
        j = places[begin]
        if self.par.anywhere:
            j = self._anywhere(i, j, length)
        return [(j, OVERFULL_COST)]

    def _anywhere(self, i: int, j: int, length: float) -> int:
        k = i + 1
        while k < j and (self.width(i, k + 1)[0] <= length or not self.par.advance[k]):
            k += 1
        return k

    def _cost(
        self, i: int, j: int, seen: int, room: float, give: float, natural: float,
        measure: Measure, target: float | None, is_first: bool,
    ) -> float:  # fmt: skip
        last = j in self._forced
        cost = 1.0 + self.breaks.penalty.get(j, 0.0)
        if last and not is_first:
            cost += self._runt(i, seen, natural)
        if target is not None:
            return cost + (10 * (natural - target) / length_of(measure)) ** 2 * 10
        if last and room >= 0 and not measure.justify_last:
            return cost
        if room < 0:
            return cost + GIVE_COST * (room / give) ** 2 if give else cost
        if not measure.justify:
            return cost + (10 * room / measure.rest) ** 2
        return cost + self._opening(i, seen, room)

    def _opening(self, i: int, seen: int, room: float) -> float:
        """The cost of pushing a line out by `room` px: what is left to the gaps between Han counts."""
        sp, em = self.spacing, self.par.em[i]
        rest = room - (sp.soft[seen - 1] - sp.soft[i])
        if rest <= 0:
            return GIVE_COST
        gaps = sp.gaps[seen - 1] - sp.gaps[i]
        if gaps <= 0:
            return LOOSE_COST / 100 * rest / em
        gap = rest / gaps / em / GAP_UNIT
        return GIVE_COST + gap + gap**3

    def _runt(self, i: int, seen: int, natural: float) -> float:
        wanted = self.par.options.runt
        count = 0
        for kind in self.par.kind[i:seen]:
            count += kind in (cc.HAN, cc.LATIN)
            if count >= wanted:
                break
        if count < wanted:
            return RUNT_COST
        return SHORT_COST if natural < SHORTEST_LAST * self.par.em[i] else 0.0

    def _target(self, start: int, first: float, measure: Measure) -> float:
        """Return the length (px) of even lines: as few as possible, all alike."""
        total = self.spacing.natural[-1] - self.spacing.natural[start]
        lines = max(1, -(-total // min(first, measure.rest)))
        return float(total / lines)


def length_of(measure: Measure) -> float:
    """Return the ordinary line length, px, never zero."""
    return max(measure.rest, 1.0)
