"""A paragraph with all its rules worked out: where its lines end, and how each of them is set."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property

from .breaker import SLACK, Measure, choose
from .edges import Edges, cut
from .justify import HAIR, distribute, hangs, tightness
from .kinsoku import BreakFinder, Breaks, find_breaks
from .paragraph import Paragraph
from .spacing import Spacing, space
from .tally import Tally, tally

__all__ = ["Composition", "Setting"]

_GIVES = 0.001
"""px that a line gives if it gives anything worth the name."""


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


@dataclass
class Composition:
    """A paragraph and what is known of it; everything is worked out when it is first asked for."""

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
    def sums(self) -> Tally:
        """Widths of lines."""
        return tally(self.par, self.spacing, self.edges, self.breaks)

    def width(self, start: int, end: int) -> float:
        """Return the natural width of one line, px."""
        return self.sums.line(start, end)[0]

    def break_after(self, start: int, length: float, measure: Measure) -> int:
        """Return where the line that begins at `start` and is `length` px long ends."""
        key = (start, round(length, 3), measure.justify)
        if key not in self.solved:
            if self._ends_on(start, length, measure):
                lines = {start: len(self.par)}
            else:
                lines = choose(self.par, self.breaks, self.sums, start, measure)
            rest = round(measure.rest, 3)
            for i, j in lines.items():
                self.solved[i, key[1] if i == start else rest, measure.justify] = j
        return self.solved[key]

    def _ends_on(self, start: int, length: float, measure: Measure) -> bool:
        """Tell whether all that is left fits on one line: it ends there, as every line costs something."""
        following = self.breaks.forced[bisect_right(self.breaks.forced, start) :]
        if measure.balance or measure.justify_last or following != [len(self.par)]:
            return False
        begins = self.sums.beginning(start)
        room = begins.width + length - self.sums.width[-1]
        return room >= 0 or (room >= -SLACK and not 0 < self.sums.give[-1] - begins.give < _GIVES)

    def widest_line(self) -> float:
        """Return the length (px) at which only forced breaks are taken."""
        starts = [0, *self.breaks.forced[:-1]]
        return max((self.width(i, j) for i, j in zip(starts, self.breaks.forced, strict=True)), default=0.0)

    def widest_piece(self, start: int = 0, first_only: bool = False) -> float:
        """Return the length (px) of the longest piece that cannot be broken."""
        widest, i = 0.0, start
        for j in self.breaks.places[bisect_right(self.breaks.places, start) :]:
            widest = max(widest, self.width(i, j))
            if first_only:
                break
            i = j
        return widest

    def set_line(self, start: int, end: int, length: float, measure: Measure) -> Setting:
        """Set `[start, end)` in `length` px: what is added to both sides of each character."""
        par, sp, edges = self.par, self.spacing, self.edges
        natural, give, seen = self.sums.line(start, end)
        hyphen = end < len(par) and end - 1 in par.soft
        if seen <= start:
            return Setting(start, end, start, [], [], hyphen)
        room = length - natural
        ends = end in self._forced and not measure.justify_last
        filled = any(start <= place < end for place in par.leaders)
        if not measure.justify or filled or (room > 0 and ends):
            room = 0.0
        hung = self._hung(start, seen, -room - give) if room < 0 else 0.0
        room += hung
        left, right = distribute(par, sp, start, seen, room, measure.indented)
        left = [a + b for a, b in zip(left, sp.lead[start:seen], strict=True)]
        right = [
            a + b + c for a, b, c in zip(right, sp.trail[start:seen], sp.autogap[start:seen], strict=True)
        ]
        left[0] += -edges.head[start] - sp.lead[start]
        right[-1] -= hung
        right[-1] += -edges.tail[seen - 1] - sp.trail[seen - 1] - sp.autogap[seen - 1]
        return Setting(start, end, seen, left, right, hyphen)

    def _hung(self, start: int, seen: int, need: float) -> float:
        """Return what hangs out at the end of a line that is `need` px too long, px."""
        par, sp, need = self.par, self.spacing, need - SLACK
        return 0.0 if tightness(par, sp, start, seen, need) <= HAIR else hangs(par, sp, start, seen, need)

    @cached_property
    def _forced(self) -> frozenset[int]:
        return frozenset(self.breaks.forced)
