"""One shift: the orders that are not done yet, through an executor, into the journal."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from ..errors import CannotWrite
from .depot import Store
from .journal import Journal
from .orders import Executor, Order, Outcome, Status

__all__ = ["Tally", "work_shift", "write_manifest"]

_MOST_HELD = 12
"""Documents in a row that the place refuses before the shift ends: the disk is full, the store gone."""


@dataclass(slots=True)
class Tally:
    """How a shift stands. Rates count only what this shift did itself; `seconds` and `cpu` are the
    work of the hands, `peak` the memory of the largest, in megabytes."""

    total: int
    before: int = 0
    published: int = 0
    failures: list[Outcome] = field(default_factory=list)
    held: list[Outcome] = field(default_factory=list)
    warnings: int = 0
    seconds: float = 0.0
    cpu: float = 0.0
    peak: int = 0
    began: float = field(default_factory=time.monotonic)

    @property
    def done(self) -> int:
        """Orders that need no more work."""
        return self.before + self.published + len(self.failures)

    @property
    def spent(self) -> float:
        """Seconds since the shift began."""
        return time.monotonic() - self.began

    @property
    def rate(self) -> float:
        """Documents a second in this shift."""
        return (self.done - self.before) / self.spent if self.spent > 0 else 0.0

    @property
    def left(self) -> float:
        """Seconds left at this rate; infinite before the first document is done."""
        return (self.total - self.done) / self.rate if self.rate else float("inf")

    def count(self, outcome: Outcome) -> None:
        """Add one outcome."""
        if outcome.status is Status.PUBLISHED:
            self.published += 1
        else:
            (self.failures if outcome.status is Status.FAILED else self.held).append(outcome)
        self.warnings += outcome.warnings
        self.seconds += outcome.seconds
        self.cpu += outcome.cpu
        self.peak = max(self.peak, outcome.peak)


def work_shift(
    orders: Iterable[Order],
    executor: Executor,
    journal: Journal,
    tell: Callable[[Outcome, Tally], None] = lambda outcome, tally: None,
    *,
    again: bool = False,
) -> Tally:
    """Carry out every order that the journal does not hold; return how it went.

    On a disk each outcome is in the journal before it is told. What is held over is not journalled:
    the same call tries it again. The executor is closed whatever happens, so that an interruption
    leaves no process behind; the same call then goes on where it was. Raises CannotWrite where the
    journal cannot be written, or where one document after the other is held over.
    """
    wanted = list(orders)
    todo = {order.key: order for order in wanted if not journal.holds(order, again=again)}
    tally = Tally(len(wanted), before=len(wanted) - len(todo))
    held = 0
    try:
        for outcome in executor.run(list(todo.values())):
            if todo.pop(outcome.key, None) is None:
                continue  # told twice: once is enough
            if outcome.status is not Status.HELD:
                journal.record(outcome)
            held = held + 1 if outcome.status is Status.HELD else 0
            tally.count(outcome)
            tell(outcome, tally)
            if held >= _MOST_HELD:
                break
        journal.flush()
    except BaseException:  # an interruption too: what is done must not be done again
        with contextlib.suppress(CannotWrite):
            journal.flush()
        raise
    finally:
        executor.close()
    if held >= _MOST_HELD:
        reason, hint = tally.held[-1].reason, "make room, then give the same command again"
        raise CannotWrite(f"stopped after {tally.published} documents: {reason}", hint=hint)
    tally.held += [_unanswered(order) for order in todo.values()]
    return tally


def _unanswered(order: Order) -> Outcome:
    return Outcome(order.key, order.digest, Status.HELD, code="NPP953", reason="no worker took it")


def write_manifest(
    orders: Iterable[Order], journal: Journal, store: Store, name: str = "manifest.json"
) -> None:
    """Write the manifest of all orders: what each became, with hashes; one line a document, and the
    same bytes for the same outcomes, whatever the order in which they came."""
    text = bytearray(b'{"documents": {')
    for order in sorted(orders, key=lambda order: order.key):
        outcome = journal.outcome(order.key)
        if outcome is None:
            continue
        row: dict[str, object] = {"status": outcome.status.value}
        if outcome.files:
            row["files"] = {name: {"sha256": digest, "size": size} for name, digest, size in outcome.files}
        if outcome.code:
            row |= {"code": outcome.code, "reason": outcome.reason}
        if outcome.warnings or outcome.doubts:
            row |= {"warnings": outcome.warnings, "doubts": outcome.doubts, "sure": outcome.sure}
        comma = b"," if len(text) > 15 else b""
        line = f"{json.dumps(order.key, ensure_ascii=False)}: {json.dumps(row, ensure_ascii=False)}"
        text += comma + b"\n" + line.encode()
    text += b"\n}}\n"
    store.write(name, bytes(text))
