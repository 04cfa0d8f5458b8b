"""The review: every decision of a page that could have gone the other way, the least sure first.

A machine's repairs are trusted when a person can go through them quickly. `review` lists them with
what was done, why, what else it may be, and the table for `edits.toml` that takes the other reading;
`marked_proof` shows the page and the edition side by side, every repair marked in both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ..detect import PASSES as DETECT
from ..detect import Edit, Profile, load, open_desk, run
from ..detect.desk import Choice
from ..detect.marks import blocks_of_lines
from ..model import LedgerEntry, Normalized, Source
from ..repair import PASSES as REPAIR
from . import compose
from .edits import asked, draft, words_at

__all__ = ["Decision", "Review", "review"]


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision: its number, its place in the page, how sure it is, and how to take the other.

    `before`, `text` and `after` are the source characters around the place and of it; `taken` and
    `other` name the two readings, `why` the reason for the one taken; `flip` is the `[[edit]]` table
    that takes the other, `pin` the one that keeps to the one taken; `slot` is where the characters
    went; `by_hand` tells that an editor has decided it already; `row` is the number of the ledger's row
    that shows it, 0 where none does.
    """

    number: int
    rule: str
    confidence: float
    path: str
    line: int
    column: int
    before: str
    text: str
    after: str
    taken: str
    other: str
    why: str
    flip: str
    pin: str
    slot: str
    by_hand: bool
    row: int


@dataclass(frozen=True, slots=True)
class Review:
    """A repaired page with its decisions, the least sure first."""

    normalized: Normalized
    decisions: tuple[Decision, ...]

    def doubtful(self, below: float) -> tuple[Decision, ...]:
        """Return the decisions less sure than `below` that no editor has settled."""
        return tuple(d for d in self.decisions if d.confidence < below and not d.by_hand)


def review(source: Source, profile: Profile | None = None, edits: Sequence[Edit] = ()) -> Review:
    """Run stages 2-4 and list the decisions. Raises InvariantBroken if a character was lost."""
    profile = profile or load()
    desk = open_desk(source, profile, edits, ask=True)
    blocks = run((*DETECT, *REPAIR), desk, blocks_of_lines(desk))
    normalized = compose(source, blocks, profile, desk=desk)
    rows = _Rows(normalized.ledger)
    settled = frozenset(edit.id for edit in edits)
    found = [
        _decision(source, choice, row, by_hand=choice.id in settled)
        for choice in asked(desk)
        if (row := rows.of(choice)) is not None or choice.id in settled
    ]
    found.sort(key=lambda d: (d.by_hand, d.confidence, d.path, d.line, d.column))
    return Review(normalized, tuple(_once(found)))


def _decision(source: Source, choice: Choice, row: LedgerEntry | None, *, by_hand: bool) -> Decision:
    path, line, column = source.where(min(choice.span.start, max(0, len(source.text) - 1)))
    readings = (choice.taken, choice.other)
    other = readings[readings.index(choice.chosen) - 1]
    if row is not None and row.alternative in readings:
        other = row.alternative  # a later rule may have had the last word
    made = replace(choice, chosen=readings[readings.index(other) - 1])
    confidence, why, slot = (row.confidence, row.why, row.dst) if row else (1.0, "decided by hand", "")
    before, text, after = words_at(source, choice)
    return Decision(
        choice.id, choice.rule, confidence, path, line, column, before, text, after,
        made.chosen, other, why, draft(source, made), draft(source, made, pin=True), slot, by_hand,
        row.id if row else 0,
    )  # fmt: skip


def _once(decisions: Sequence[Decision]) -> Iterator[Decision]:
    """Leave out what was told before: passes that ask twice about one place."""
    seen: set[int] = set()
    for decision in decisions:
        if decision.number not in seen:
            seen.add(decision.number)
            yield decision


class _Rows:
    """The rows of a ledger, found by the number of a decision or by its rule and place."""

    def __init__(self, ledger: Sequence[LedgerEntry]) -> None:
        self._by_number: Mapping[int, LedgerEntry] = {row.id: row for row in ledger}
        self._by_rule: dict[str, list[LedgerEntry]] = {}
        for row in ledger:
            if row.rule:
                self._by_rule.setdefault(row.rule, []).append(row)

    def of(self, choice: Choice) -> LedgerEntry | None:
        """Return the row that carries a decision; a decision may show in no row of its own."""
        exact = self._by_number.get(choice.id)
        if exact is not None:
            return exact
        near = [
            row
            for row in self._by_rule.get(choice.rule, ())
            if row.span.start <= choice.span.end and row.span.end >= choice.span.start
        ]
        return min(near, key=lambda row: abs(row.span.start - choice.span.start), default=None)
