"""The same run on a cluster: Dask distributed, which runs on one machine, SSH, Slurm, Kubernetes, YARN.

Orders travel in chunks of some seconds of work, so that the scheduler's milliseconds do not count, and
ever smaller ones towards the end, so that a slow machine keeps nobody waiting for long. On a worker each
thread has a crew of one: a page that crashes, hangs or eats memory costs its own process, not the
worker, and the time limit holds as it does on one machine.

Dask runs a chunk again when its worker is lost; a document may then be built twice, but its files are
the same bytes, written atomically, and its outcome is yielded once.
"""

from __future__ import annotations

import contextlib
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from queue import Empty, SimpleQueue
from typing import Any

from .. import __version__
from ..errors import ToolMissing, UsageError
from .crew import Crew, at_once
from .orders import Order, Outcome, Status

__all__ = ["DaskExecutor"]

_SECONDS = 5.0  # of work in one chunk
_MOST = 64  # documents in one chunk
_AHEAD = 2  # chunks in flight for each worker thread
_PATIENCE_FIRST = "20s"  # to wait for the scheduler
_PATIENCE = 60.0  # seconds to wait for the first worker
_ANSWER = 20.0  # seconds in which workers are to say which release they have
_GLANCE, _PATIENCE_AWAY = 1.0, 10.0  # seconds between two looks at the scheduler, and without one


@dataclass(frozen=True, slots=True)
class _Shop:
    """What a crew on a worker needs to know; sent along with each chunk."""

    task: Callable[[Order], Outcome]
    ready: Callable[[], None]
    preload: Sequence[str]
    formats: Sequence[str]
    limit: float
    memory: int


@dataclass(slots=True)
class _Pace:
    """How many documents travel together: `fixed`, or as many as take some seconds."""

    fixed: int
    threads: int
    done: int = 0
    seconds: float = 0.0

    def chunk(self, left: int) -> int:
        if self.fixed:
            return self.fixed
        fair = math.ceil(left / (2 * _AHEAD * max(1, self.threads)))
        full = int(_SECONDS * self.done / self.seconds) if self.seconds else 1
        return max(1, min(fair, full, _MOST))

    def learn(self, outcomes: Iterable[Outcome]) -> None:
        for outcome in outcomes:
            self.done, self.seconds = self.done + 1, self.seconds + outcome.seconds


@dataclass(slots=True)
class _Flight:
    """Chunks under way."""

    held: dict[Any, list[Order]] = field(default_factory=dict)
    alone: deque[Order] = field(default_factory=deque)
    landed: SimpleQueue[Any] = field(default_factory=SimpleQueue)


class DaskExecutor:
    """An executor on a Dask scheduler. `address` is `tcp://host:port`, or a scheduler file; `chunk`
    is the number of documents that travel together (0: as many as take some seconds). The others as
    in `Crew`. Raises ToolMissing where there is no scheduler, UsageError where workers run another
    version."""

    def __init__(
        self,
        task: Callable[[Order], Outcome],
        address: str,
        *,
        chunk: int = 0,
        ready: Callable[[], None] = at_once,
        preload: Sequence[str] = (),
        formats: Sequence[str] = (),
        limit: float = 600.0,
        memory: int = 0,
    ) -> None:
        try:
            self.distributed: Any = import_module("distributed")
        except ImportError as error:
            raise ToolMissing("a cluster needs Dask", hint="pip install 'npp-publish[cluster]'") from error
        self.address = address
        where = {"scheduler_file": address} if address.endswith(".json") else {"address": address}
        try:
            self.client: Any = self.distributed.Client(**where, timeout=_PATIENCE_FIRST, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise ToolMissing(
                f"no Dask scheduler at {address}: {error}", hint="start dask scheduler"
            ) from error
        self.shop = _Shop(task, ready, tuple(preload), tuple(formats), limit, memory)
        self.chunk = chunk

    def run(self, orders: Iterable[Order]) -> Iterator[Outcome]:
        """Submit chunks, a bounded number ahead, and yield outcomes as chunks come back.

        Raises ToolMissing where the scheduler is lost: what was yielded so far is done.
        """
        waiting = deque(orders)
        if not waiting:
            return
        pace, flight = _Pace(self.chunk, self._look_around()), _Flight()
        self._launch(waiting, pace, flight)
        while flight.held:
            future = self._next(flight)
            outcomes = self._results(future, flight.held.pop(future.key), flight)
            future.release()
            pace.learn(outcomes)
            self._launch(waiting, pace, flight)
            yield from outcomes

    def _next(self, flight: _Flight) -> Any:
        """Wait for the next chunk that came back. Raises ToolMissing where the scheduler is gone."""
        away = 0.0
        while True:
            with contextlib.suppress(Empty):
                return flight.landed.get(timeout=_GLANCE)
            away = 0.0 if self.client.status == "running" else away + _GLANCE
            if away >= _PATIENCE_AWAY:
                raise self._lost()

    def _lost(self) -> ToolMissing:
        hint = "what is done is in the journal; start the scheduler and give the same command again"
        return ToolMissing(f"the Dask scheduler at {self.address} is lost", hint=hint)

    def _look_around(self) -> int:
        """Wait for workers; return their threads. Raises ToolMissing, UsageError."""
        try:
            self.client.wait_for_workers(1, timeout=_PATIENCE)
            threads = self.client.nthreads()
        except (OSError, TimeoutError) as error:
            raise ToolMissing(f"no worker at {self.address}", hint="start dask worker") from error
        asked = [self.client.submit(_version, workers=[worker], pure=False) for worker in threads]
        end = time.monotonic() + _ANSWER
        other = set()
        for answer in asked:
            with contextlib.suppress(Exception):  # a busy worker, or one that dies: its pages will tell
                other.add(answer.result(timeout=max(0.1, end - time.monotonic())))
        if other - {__version__}:
            raise UsageError(f"this is npp-publish {__version__}, workers have {', '.join(sorted(other))}")
        return sum(threads.values())

    def _launch(self, waiting: deque[Order], pace: _Pace, flight: _Flight) -> None:
        """Send chunks until there are enough in the air."""
        while len(flight.held) < _AHEAD * max(1, pace.threads) and (waiting or flight.alone):
            if flight.alone:
                chunk = [flight.alone.popleft()]
            else:
                chunk = [waiting.popleft() for _ in range(min(pace.chunk(len(waiting)), len(waiting)))]
            future = self.client.submit(_carry_out, self.shop, chunk, pure=False, retries=2)
            flight.held[future.key] = chunk
            future.add_done_callback(flight.landed.put)

    def _results(self, future: Any, chunk: list[Order], flight: _Flight) -> list[Outcome]:
        """Outcomes of a chunk; where the chunk lost its workers again and again, its documents go one by
        one. Raises ToolMissing where it came back because the scheduler is gone."""
        if future.status == "finished":
            done: list[Outcome] = future.result()
            return done
        if future.status in ("cancelled", "lost"):
            raise self._lost()
        if len(chunk) > 1:
            flight.alone.extend(chunk)
            return []
        reason = f"the cluster gave it up: {type(future.exception()).__name__}"
        return [Outcome(chunk[0].key, chunk[0].digest, Status.FAILED, code="NPP951", reason=reason)]

    def close(self) -> None:
        """Leave the cluster; its workers stay."""
        with contextlib.suppress(Exception):  # a scheduler that is gone cannot be said goodbye to
            self.client.close(timeout=5)


def _version() -> str:
    return __version__


_crews = threading.local()


def _carry_out(shop: _Shop, chunk: list[Order]) -> list[Outcome]:
    """On a worker: carry a chunk out with the crew of this thread, which is kept for the next one."""
    kept: tuple[_Shop, Crew] | None = getattr(_crews, "kept", None)
    if kept is None or kept[0] != shop:
        if kept:
            kept[1].close()
        crew = Crew(
            shop.task,
            1,
            ready=shop.ready,
            preload=shop.preload,
            formats=shop.formats,
            limit=shop.limit,
            memory=shop.memory,
        )
        _crews.kept = kept = (shop, crew)
    return list(kept[1].run(chunk))
