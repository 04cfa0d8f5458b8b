"""The crew: worker processes on this machine, kept warm and watched.

Workers are forked from a server that has imported the engines once, so that a document costs its
own work only. A worker that dies (a crash in native code, the memory limit, a kill) costs one
retry of the document it held; one that overruns the time limit is stopped. After `recycle`
documents a worker is replaced, so that memory stays flat however long the run.
"""

from __future__ import annotations

import contextlib
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.connection import Connection, wait
from typing import Any

from .orders import Order, Outcome, Status

__all__ = ["Crew"]

Task = Callable[[Order], Outcome]
_TRIES = 2


@dataclass(slots=True)
class _Hand:
    """One worker: its process, our end of its pipe, the order it holds and since when."""

    process: Any
    pipe: Connection
    order: Order | None = None
    since: float = 0.0
    served: int = 0


class Crew:
    """An executor of `hands` processes. `limit` is seconds a document, `memory` bytes a worker."""

    def __init__(
        self,
        task: Task,
        hands: int,
        *,
        preload: Sequence[str] = (),
        limit: float = 600.0,
        recycle: int = 400,
        memory: int = 0,
    ) -> None:
        method = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"
        self.context: Any = get_context(method)
        if method == "forkserver":
            self.context.set_forkserver_preload(list(preload))
        self.task, self.count, self.limit, self.recycle, self.memory = task, hands, limit, recycle, memory
        self.hands: list[_Hand] = []

    def run(self, orders: Iterable[Order]) -> Iterator[Outcome]:
        """Carry the orders out; at most one order a worker is in flight."""
        waiting, again, tries = iter(orders), deque[Order](), dict[str, int]()
        self.hands = [self._hire() for _ in range(self.count)]
        while True:
            for hand in self.hands:
                if hand.order is None:
                    order = again.popleft() if again else next(waiting, None)
                    if order is not None:
                        self._give(hand, order)
            busy = [hand for hand in self.hands if hand.order is not None]
            if not busy:
                return
            for hand in self._ready(busy):
                outcome = self._take(hand)
                if outcome is not None:
                    tries.pop(outcome.key, None)
                    yield outcome
                    continue
                lost, how = self._replace(hand)
                tries[lost.key] = tries.get(lost.key, 0) + 1
                if tries[lost.key] < _TRIES and how.code == "NPP951":
                    again.append(lost)
                else:
                    tries.pop(lost.key)
                    yield how

    def _ready(self, busy: list[_Hand]) -> list[_Hand]:
        """Wait for the next workers that answered, died or ran out of time."""
        now = time.monotonic()
        patience = max(0.0, min(hand.since for hand in busy) + self.limit - now)
        places: dict[Any, _Hand] = {}
        for hand in busy:
            places[hand.pipe], places[hand.process.sentinel] = hand, hand
        found = {id(places[place]): places[place] for place in wait(list(places), timeout=patience)}
        for hand in busy:
            if time.monotonic() - hand.since >= self.limit:
                found[id(hand)] = hand
        return list(found.values())

    def _give(self, hand: _Hand, order: Order) -> None:
        hand.order, hand.since = order, time.monotonic()
        with contextlib.suppress(OSError):  # a dead worker is noticed when it is waited for
            hand.pipe.send(order)

    def _take(self, hand: _Hand) -> Outcome | None:
        """Return the worker's outcome, or None if it has none to give."""
        try:
            if not hand.pipe.poll():
                return None
            outcome: Outcome = hand.pipe.recv()
        except (EOFError, OSError):
            return None
        hand.order, hand.served = None, hand.served + 1
        if hand.served >= self.recycle:
            self._dismiss(hand)
            self._renew(hand)
        return outcome

    def _replace(self, hand: _Hand) -> tuple[Order, Outcome]:
        """Replace a worker that died or overran; return what it held and what to say of it."""
        order = hand.order
        assert order is not None
        overran = time.monotonic() - hand.since >= self.limit
        hand.process.kill()
        hand.process.join()
        code = hand.process.exitcode
        self._renew(hand)
        if overran:
            text, number = f"not done within {self.limit:g} s", "NPP952"
        else:
            name = signal.Signals(-code).name if code and code < 0 else f"exit status {code}"
            text, number = f"the worker process died ({name}), twice", "NPP951"
        return order, Outcome(order.key, order.digest, Status.FAILED, code=number, reason=text)

    def _renew(self, hand: _Hand) -> None:
        hand.pipe.close()
        fresh = self._hire()
        hand.process, hand.pipe, hand.order, hand.served = fresh.process, fresh.pipe, None, 0

    def _hire(self) -> _Hand:
        ours, theirs = self.context.Pipe()
        process = self.context.Process(target=_serve, args=(theirs, self.task, self.memory), daemon=True)
        process.start()
        theirs.close()
        return _Hand(process, ours)

    def _dismiss(self, hand: _Hand) -> None:
        with contextlib.suppress(OSError):
            hand.pipe.send(None)
        hand.process.join(timeout=5)
        if hand.process.is_alive():
            hand.process.kill()
            hand.process.join()

    def close(self) -> None:
        """Stop all workers: idle ones are asked, busy ones are killed (their work is not journalled)."""
        for hand in self.hands:
            if hand.order is not None:
                hand.process.kill()
            self._dismiss(hand)
            hand.pipe.close()
        self.hands = []


def _serve(pipe: Connection, task: Task, memory: int) -> None:
    """A worker's life: take an order, carry it out, answer; until told to stop or left alone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the foreman decides what an interruption means
    if memory:
        with contextlib.suppress(ImportError, ValueError, OSError):
            import resource

            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    while True:
        try:
            order = pipe.recv()
        except (EOFError, OSError):
            return
        if order is None:
            return
        pipe.send(task(order))
