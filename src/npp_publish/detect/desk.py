"""The desk: what every pass of detection and repair may look at, and how a doubtful choice is made.

A pass gets the desk and the blocks and returns blocks. Every choice that could have gone the other
way is asked for with `Desk.choose`, so that an editor can turn it by its number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ..ledger import decision_id
from ..model import Block, Source, Span
from .gauge import Gauge, measure
from .profile import Profile

__all__ = ["Desk", "Edit", "Pass", "open_desk", "run"]


@dataclass(frozen=True, slots=True)
class Edit:
    """An editor's word on one decision: its number in the ledger and the reading to take.

    `take` names the reading (`keep`, `drop`, `join`, `split` ...); empty means the alternative to
    what the rule takes by itself.
    """

    id: int
    take: str = ""


@dataclass(frozen=True)
class Desk:
    """The source, the paper's habits, what was measured of the page, and the editor's decisions."""

    source: Source
    profile: Profile
    gauge: Gauge
    edits: dict[int, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """All characters of the source."""
        return self.source.text

    def on(self, rule: str) -> bool:
        """Tell whether the profile lets a rule be applied."""
        return self.profile.on(rule)

    def choose(self, rule: str, span: Span, taken: str, other: str) -> str:
        """Return the reading of a doubtful place: `taken`, unless an editor decided otherwise."""
        if not self.edits:
            return taken
        number = decision_id(self.text, rule, span)
        if number not in self.edits:
            return taken
        wanted = self.edits[number]
        if wanted == "":
            return other
        return wanted if wanted in (taken, other) else taken


Pass = Callable[[Desk, tuple[Block, ...]], tuple[Block, ...]]


def open_desk(source: Source, profile: Profile, edits: Sequence[Edit] = ()) -> Desk:
    """Lay out what the passes need: measure the page once."""
    return Desk(source, profile, measure(source, profile), {edit.id: edit.take for edit in edits})


def run(passes: Sequence[Pass], desk: Desk, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Run the passes in their visible order."""
    for one in passes:
        blocks = one(desk, blocks)
    return blocks
