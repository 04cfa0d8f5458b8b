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

__all__ = ["Choice", "Desk", "Edit", "Pass", "open_desk", "run"]


@dataclass(frozen=True, slots=True)
class Edit:
    """An editor's word on one decision: its number in the ledger and the reading to take.

    `take` names the reading (`keep`, `drop`, `join`, `split` ...); empty means the alternative to
    what the rule takes by itself.
    """

    id: int
    take: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A doubtful place that was asked about: both readings, and the one that was chosen."""

    id: int
    rule: str
    span: Span
    taken: str
    other: str
    chosen: str


@dataclass(frozen=True)
class Desk:
    """The source, the paper's habits, what was measured of the page, and the editor's decisions.

    `choices` collects every doubtful place that is asked about, where somebody wants to know them.
    """

    source: Source
    profile: Profile
    gauge: Gauge
    edits: dict[int, str] = field(default_factory=dict)
    choices: list[Choice] | None = None

    @property
    def text(self) -> str:
        """All characters of the source."""
        return self.source.text

    def on(self, rule: str) -> bool:
        """Tell whether the profile lets a rule be applied."""
        return self.profile.on(rule)

    def choose(self, rule: str, span: Span, taken: str, other: str) -> str:
        """Return the reading of a doubtful place: `taken`, unless an editor decided otherwise."""
        if not self.asks:
            return taken
        number = decision_id(self.text, rule, span)
        wanted = self.edits.get(number, taken) or other
        chosen = wanted if wanted in (taken, other) else taken
        if self.choices is not None:
            self.choices.append(Choice(number, rule, span, taken, other, chosen))
        return chosen

    @property
    def asks(self) -> bool:
        """Tell whether anybody wants to hear of a doubtful place; without, numbers are not reckoned."""
        return bool(self.edits) or self.choices is not None


Pass = Callable[[Desk, tuple[Block, ...]], tuple[Block, ...]]


def open_desk(source: Source, profile: Profile, edits: Sequence[Edit] = (), *, ask: bool = False) -> Desk:
    """Lay out what the passes need: measure the page once. `ask` collects the doubtful places."""
    chosen = {edit.id: edit.take for edit in edits}
    return Desk(source, profile, measure(source, profile), chosen, [] if ask else None)


def run(passes: Sequence[Pass], desk: Desk, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Run the passes in their visible order."""
    for one in passes:
        blocks = one(desk, blocks)
    return blocks
