"""One shift: the orders that are not done yet, through an executor, into the journal."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from .depot import Store
from .journal import Journal
from .orders import Executor, Order, Outcome, Status

__all__ = ["Tally", "work_shift", "write_manifest"]


@dataclass(slots=True)
class Tally:
    """How a shift stands. Rates count only what this shift did itself."""

    total: int
    before: int = 0
    published: int = 0
    failures: list[Outcome] = field(default_factory=list)
    warnings: int = 0
    began: float = field(default_factory=time.monotonic)

    @property
    def done(self) -> int:
        """Orders that need no more work."""
        return self.before + self.published + len(self.failures)

    @property
    def rate(self) -> float:
        """Documents a second in this shift."""
        spent = time.monotonic() - self.began
        return (self.published + len(self.failures)) / spent if spent > 0 else 0.0

    @property
    def left(self) -> float:
        """Seconds left at this rate; infinite before the first document is done."""
        return (self.total - self.done) / self.rate if self.rate else float("inf")


def work_shift(
    orders: Iterable[Order],
    executor: Executor,
    journal: Journal,
    tell: Callable[[Outcome, Tally], None] = lambda outcome, tally: None,
    *,
    again: bool = False,
) -> Tally:
    """Carry out every order that the journal does not hold; return how it went.

    Each outcome is on the disk before it is told. The executor is closed whatever happens, so that
    an interruption leaves no process behind; the same call then goes on where it was.
    """
    wanted = list(orders)
    todo = [order for order in wanted if not journal.holds(order, again=again)]
    tally = Tally(len(wanted), before=len(wanted) - len(todo))
    try:
        for outcome in executor.run(todo):
            journal.record(outcome)
            if outcome.status is Status.PUBLISHED:
                tally.published += 1
            else:
                tally.failures.append(outcome)
            tally.warnings += outcome.warnings
            tell(outcome, tally)
    finally:
        executor.close()
    return tally


def write_manifest(orders: Iterable[Order], journal: Journal, store: Store) -> None:
    """Write `manifest.json` of all orders: what each became, with hashes; the same bytes for the
    same outcomes, whatever the order in which they came."""
    rows = {}
    for order in sorted(orders, key=lambda order: order.key):
        outcome = journal.done.get(order.key)
        if outcome is None:
            continue
        row: dict[str, object] = {"status": outcome.status.value}
        if outcome.files:
            row["files"] = {name: {"sha256": digest, "size": size} for name, digest, size in outcome.files}
        if outcome.code:
            row |= {"code": outcome.code, "reason": outcome.reason}
        rows[order.key] = row
    text = json.dumps({"documents": rows}, ensure_ascii=False, indent=1) + "\n"
    store.write("manifest.json", text.encode())
