"""Choose the line breaks of a whole paragraph at once, so that no line pays for another.

Dynamic programming over the places where a line may start, after Knuth and Plass, "Breaking
Paragraphs into Lines" (1981), with clreq's aims as costs: push in before pushing out (3.1.4, 3.5.2),
few and small openings between Han (3.5.4), no last line of a single character (3.4.4). Three attempts,
each wider and slower than the one before; the first is enough for nearly all paragraphs.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from .justify import AIRY, APART, CLOSED, EASE, HAIR, HEAVY, WIDER, airy, hangs, opener, tightness
from .kinsoku import Breaks
from .paragraph import Paragraph
from .tally import Beginning, Tally, characters_seen

__all__ = ["Measure", "choose"]

RUNT_COST = 1e9
"""A last line of one character is worse than anything but a line that does not fit."""
OVERFULL_COST = 1e12
LOOSE_COST = 1e6
"""A line of which even the widest opening is not enough."""
SHORT_COST = 40.0
"""A last line shorter than the indent of the next paragraph looks like a hole."""
SHORTEST_LAST = 2.2
"""em"""
GIVE_COST = 2.0
"""Pushing in everything that can be pushed in; cost grows with the square."""
TIGHT_COST, TIGHT, TIGHTER = 60.0, 0.01, 0.0125
"""Closing a line up by a hair, .01 em for each gap: better than gaps of .08 em between Han. The cost grows
with the square of what is beyond it: .02 em are better than .09 em, .05 em are better than .18 em."""
HANG_COST = 700.0
"""Letting a pause or a stop hang out: better than gaps of .18 em between Han."""
SOFT_COST = 0.6
"""Opening word spaces and the gaps between Han and Latin, but nothing else."""
GAP_UNIT = 0.02
"""Opening all gaps between Han by this much (em) costs 2; the cost grows with the cube."""
SLACK = 1e-6
"""Rounding error of sums of advances, px."""
OVERHANG = 1.5
"""em: a place so far beyond the measure may still fit, by a mark's half and by pushing in."""


@dataclass(frozen=True, slots=True)
class Measure:
    """Line lengths in px: the first (indented) line's and the others', and how they are aligned."""

    first: float
    rest: float
    justify: bool
    balance: bool = False
    justify_last: bool = False

    @property
    def indented(self) -> bool:
        """Does the paragraph begin further in than its other lines?"""
        return self.first < self.rest


@dataclass(frozen=True, slots=True)
class _Attempt:
    """How hard to try: lines naturally shorter by more than `short` em than the measure are not looked
    at; a start that costs `beam` more than a better one up to one line before it is given up. What is
    found is good enough if its lines cost no more than `good` above the least. Lines are not closed up in
    the first attempt: that costs more than what is good enough for it."""

    short: float
    beam: float
    good: float
    closing: bool = True
    emergency: bool = False


_ATTEMPTS = (
    _Attempt(2.4, 12.0, TIGHT_COST, closing=False),
    _Attempt(5.0, 200.0, 200.0),
    _Attempt(8.0, float("inf"), LOOSE_COST),
    _Attempt(float("inf"), float("inf"), float("inf"), emergency=True),
)


def choose(par: Paragraph, breaks: Breaks, sums: Tally, start: int, measure: Measure) -> dict[int, int]:
    """Return where each line ends, by where it starts, from `start` to the end of the paragraph."""
    found: tuple[float, dict[int, int]] | None = None
    ragged = not measure.justify
    for attempt in _ATTEMPTS[3:] if ragged else _ATTEMPTS:
        search = _Search(par, breaks, sums, start, measure, attempt)
        result = search.run()
        if result is not None and (found is None or result[0] < found[0]):
            found = result
        if found is not None and found[0] - len(found[1]) < attempt.good:
            break
    assert found is not None, "the last attempt always finds a way"
    return found[1]


class _Search:
    """One attempt at one paragraph."""

    def __init__(
        self, par: Paragraph, breaks: Breaks, sums: Tally, start: int, measure: Measure, attempt: _Attempt
    ) -> None:
        self.par, self.breaks, self.sums, self.start = par, breaks, sums, start
        self.measure, self.attempt = measure, attempt
        self.penalty = breaks.penalty
        self.forced = frozenset(breaks.forced)
        self.target = self._even_length() if measure.balance else None
        self.cost = {start: 0.0}
        self.before: dict[int, int] = {}
        self.order = [start, *breaks.places[bisect_right(breaks.places, start) :]]

    def run(self) -> tuple[float, dict[int, int]] | None:
        """Return the cost and the lines, or None where this attempt finds none."""
        end = len(self.par)
        natural, best, best_at = self.sums.spacing.natural, 0.0, 0.0
        for i in self.order:
            cost = self.cost.get(i)
            if cost is None or i == end:
                continue
            if cost <= best or natural[i] - best_at > self.measure.rest:
                best, best_at = cost, natural[i]
            elif cost > best + self.attempt.beam:
                continue
            length = self.measure.first if i == self.start else self.measure.rest
            if not self._extend(i, cost, length) and self.attempt.emergency:
                j, extra = self._emergency(i, length)
                self._keep(j, i, cost + extra)
                if j not in self.forced:
                    self._reopen(j)
        if end not in self.cost:
            return None
        return self.cost[end], self._lines(end)

    def _lines(self, end: int) -> dict[int, int]:
        lines, j = {}, end
        while j > self.start:
            i = self.before[j]
            lines[i] = j
            j = i
        return lines or {self.start: self.start}

    def _keep(self, j: int, i: int, cost: float) -> None:
        known = self.cost.get(j)
        if known is None or cost < known:
            self.cost[j] = cost
            self.before[j] = i

    def _reopen(self, j: int) -> None:
        """An emergency break is no ordinary place: put it in its place among them."""
        index = bisect_left(self.order, j)
        if index == len(self.order) or self.order[index] != j:
            self.order.insert(index, j)

    def _extend(self, i: int, cost: float, length: float) -> bool:
        """Try all lines worth trying from `i`; say whether there was one."""
        places, sums, measure = self.breaks.places, self.sums, self.measure
        begins = sums.beginning(i)
        index = bisect_right(places, i)
        last = bisect_left(places, self.breaks.forced[bisect_right(self.breaks.forced, i)])
        shortest = begins.width + max(0.0, length - self.attempt.short * self.par.em[i])
        nearest = min(last, bisect_left(sums.width, shortest, index, last + 1))
        longest = begins.width + length
        give_up = longest + OVERHANG * self.par.em[i]
        found = False
        for index in range(nearest, last + 1):
            room = longest - sums.width[index]
            give = sums.give[index] - begins.give
            j, closing = places[index], 0.0
            if room < -SLACK and (not measure.justify or room < -give - SLACK):
                if sums.width[index] > give_up + give:
                    break
                closing = self._too_long(i, j, -room - give)
                if closing >= OVERFULL_COST:
                    continue
            found = True
            total = cost + self._cost(i, j, index, room, give, begins) + self.penalty.get(j, 0.0) + closing
            known = self.cost.get(j)
            if known is None or total < known:
                self.cost[j] = total
                self.before[j] = i
        return found

    def _cost(self, i: int, j: int, index: int, room: float, give: float, begins: Beginning) -> float:
        """Return what the line from `i` to place `index` costs."""
        if j in self.forced:
            cost = self._runt(i, j) if i != self.start else 0.0
            if self.target is None and room >= 0 and not self.measure.justify_last:
                return 1.0 + cost
        else:
            cost = 0.0
        if self.target is not None:
            natural = self.sums.width[index] - begins.width
            return 1.0 + cost + 10 * (10 * (natural - self.target) / max(self.measure.rest, 1.0)) ** 2
        if room < -give - SLACK:
            return 1.0 + cost + GIVE_COST
        if room < 0:
            return 1.0 + cost + (GIVE_COST * (room / give) ** 2 if give > 0 else 0.0)
        if not self.measure.justify:
            return 1.0 + cost + (10 * room / max(self.measure.rest, 1.0)) ** 2
        return 1.0 + cost + self._opening(i, index, room, begins)

    def _too_long(self, i: int, j: int, need: float) -> float:
        """Return what closing up a line costs that is still `need` px too long."""
        if not self.attempt.closing or not self.measure.justify or need > 2 * CLOSED * self.par.em[i]:
            return OVERFULL_COST
        par, sp, seen = self.par, self.sums.spacing, self.sums.edges.visible[j]
        tight, cost = tightness(par, sp, i, seen, need - SLACK), TIGHT_COST
        if tight > HAIR:
            half = hangs(par, sp, i, seen, need - SLACK)
            if not half:
                return OVERFULL_COST
            tight, cost = tightness(par, sp, i, seen, need - half), HANG_COST
        return cost + TIGHT_COST * (max(0.0, tight - TIGHT) / TIGHTER) ** 2

    def _opening(self, i: int, index: int, room: float, begins: Beginning) -> float:
        """The cost of pushing a line out by `room` px: what is left to the gaps between Han counts."""
        rest = room - (self.sums.soft[index] - begins.soft)
        if rest <= SLACK:
            return SOFT_COST if room > SLACK else 0.0
        gaps = self.sums.gaps[index] - begins.gaps
        if gaps <= 0:
            return LOOSE_COST * (1 + rest / self.par.em[i])
        gap = rest / gaps / self.par.em[i]
        if self.sums.mixed and EASE < gap < APART:
            mixed = self.sums.mixed[index] - begins.mixed
            if 0 < mixed < gaps:
                gap = max(EASE, (gap * gaps - WIDER * mixed) / (gaps - mixed))
                gaps -= mixed
        if HEAVY < gap < APART:
            gap = self._relieved(i, self.breaks.places[index], gap, gaps)
        gap /= GAP_UNIT
        return SOFT_COST + gap + gap**3

    def _relieved(self, i: int, j: int, gap: float, gaps: int) -> float:
        """Return how far (em) the gaps between Han open when the blanks of marks take what they may."""
        par, sp = self.par, self.sums.spacing
        over = (gap - HEAVY) * gaps
        if self.measure.indented:
            over -= opener(par, sp, i) / par.em[i]
        if over > 0:
            blanks = sum(1 for _ in airy(par, sp, i, self.sums.edges.visible[j]))
            over = max(0.0, over - AIRY * blanks)
        return HEAVY + over / gaps

    def _runt(self, i: int, j: int) -> float:
        """The cost of a last line with too little in it (clreq 3.4.4)."""
        width, _, seen = self.sums.line(i, j)
        wanted = self.par.options.runt
        if characters_seen(self.par, i, seen, wanted) < wanted:
            return RUNT_COST
        return SHORT_COST if width < SHORTEST_LAST * self.par.em[i] else 0.0

    def _emergency(self, i: int, length: float) -> tuple[int, float]:
        """Nothing fits: break a word that is longer than the line, or let it stick out."""
        places = self.breaks.places
        j = places[bisect_right(places, i)]
        if self.par.anywhere:
            k, runs = i + 1, self.par.nowrap
            while k < j and (
                self.sums.line(i, k + 1)[0] <= length
                or not self.par.advance[k]
                or (runs[k] and runs[k] == runs[k - 1])
            ):
                k += 1
            j = k
        return j, OVERFULL_COST

    def _even_length(self) -> float:
        """Return the length (px) of even lines: as few as possible, all alike."""
        total = self.sums.spacing.natural[-1] - self.sums.spacing.natural[self.start]
        lines = max(1, -(-total // max(min(self.measure.first, self.measure.rest), 1.0)))
        return float(total / lines)
