"""The crew: worker processes on this machine, kept warm and watched.

Workers are forked from a server that has imported the engines once, so that a document costs its
own work only and the engines' memory is shared. A worker that dies (a crash in native code, the
memory limit, a kill) costs one retry of the document it held; one that overruns the time limit is
stopped. After `recycle` documents, or when it has grown beyond `stout`, a worker is replaced, so that
memory stays flat however long the run. When the foreman is killed, the workers end with it.
"""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import current_process, get_all_start_methods, get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import IO, Any

from ..makeready import keep
from ..makeready.bench import roomy
from ..press.journeymen import undisturbed
from .depot import held
from .orders import Order, Outcome, Status

__all__ = ["PREHEAT", "Crew", "at_once"]

PREHEAT = "NPP_PUBLISH_PREHEAT"
"""Environment variable: the formats whose engines the server of workers imports (see `preheat`)."""

Task = Callable[[Order], Outcome]
_TRIES = 2
_NO_ROOM = 77  # exit code of a worker that got no more memory
_STARTING = 120.0  # seconds that a worker may take to import its engines on a busy machine
_ROOM, _LOCK = "npp-batch-", ".lock"


def at_once() -> None:
    """Need nothing to be ready."""


@dataclass(slots=True)
class _Hand:
    """One worker: its process, our end of its pipe, its bench, the order it holds and since when."""

    process: Any
    pipe: Connection
    bench: Path
    order: Order | None = None
    since: float = 0.0
    served: int = 0
    awake: bool = False

    def late(self, limit: float) -> float:
        """Seconds that are left to it; starting up has time of its own."""
        return self.since + (limit if self.awake else max(limit, _STARTING)) - time.monotonic()


class Crew:
    """An executor of `hands` processes. `ready` is called in each before its first order; `limit` is
    seconds a document, `memory` bytes of address space a worker (0: no limit), `stout` megabytes.

    `preload` are modules that the workers share, `formats` those whose engines they share. Each worker
    has a bench of its own, a folder for its temporary files, which is cleared when it dies.
    """

    def __init__(
        self,
        task: Task,
        hands: int,
        *,
        ready: Callable[[], None] = at_once,
        preload: Sequence[str] = (),
        formats: Sequence[str] = (),
        limit: float = 600.0,
        recycle: int = 400,
        memory: int = 0,
        stout: int = 1500,
    ) -> None:
        method = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"
        self.context: Any = get_context(method)
        if method == "forkserver" and preload:
            self.context.set_forkserver_preload(list(preload))
            os.environ[PREHEAT] = ",".join(formats)
        self.task, self.ready, self.count = task, ready, hands
        self.limit, self.recycle, self.memory, self.stout = limit, recycle, memory, stout
        self.hands: list[_Hand] = []
        _clear_rooms()
        self.room, self.lock = _open_room()

    def run(self, orders: Iterable[Order]) -> Iterator[Outcome]:
        """Carry the orders out; at most one order a worker is in flight. May be called again."""
        waiting, again, tries = iter(orders), deque[Order](), dict[str, int]()
        while len(self.hands) < self.count:
            self.hands.append(self._hire())

        def give_out() -> None:
            for hand in self.hands:
                if hand.order is None:
                    order = again.popleft() if again else next(waiting, None)
                    if order is not None:
                        self._give(hand, order)

        while True:
            give_out()
            busy = [hand for hand in self.hands if hand.order is not None]
            if not busy:
                return
            told = []
            for hand in self._ready(busy):
                if self._awoke(hand):
                    continue
                outcome = self._take(hand)
                if outcome is None:
                    lost, outcome = self._replace(hand)
                    tries[lost.key] = tries.get(lost.key, 0) + 1
                    if tries[lost.key] < _TRIES and outcome.code == "NPP951":
                        again.append(lost)
                        continue
                tries.pop(outcome.key, None)
                told.append(outcome)
            give_out()  # first the work, then the telling
            yield from told

    def _ready(self, busy: list[_Hand]) -> list[_Hand]:
        """Wait for the next workers that answered, died or ran out of time."""
        patience = max(0.0, min(hand.late(self.limit) for hand in busy))
        places: dict[Any, _Hand] = {}
        for hand in busy:
            places[hand.pipe], places[hand.process.sentinel] = hand, hand
        found = {id(places[place]): places[place] for place in wait(list(places), timeout=patience)}
        for hand in busy:
            if hand.late(self.limit) <= 0:
                found[id(hand)] = hand
        return list(found.values())

    def _give(self, hand: _Hand, order: Order) -> None:
        hand.order, hand.since = order, time.monotonic()
        with contextlib.suppress(OSError):  # a dead worker is noticed when it is waited for
            hand.pipe.send(order)

    @staticmethod
    def _awoke(hand: _Hand) -> bool:
        """Take a new worker's word that it is ready: the time of its first order begins now."""
        with contextlib.suppress(EOFError, OSError):
            if not hand.awake and hand.pipe.poll():
                hand.awake = hand.pipe.recv() is None
                hand.since = time.monotonic()
                return hand.awake
        return False

    def _take(self, hand: _Hand) -> Outcome | None:
        """Return the worker's outcome, or None if it has none to give."""
        try:
            if not hand.pipe.poll():
                return None
            outcome: Outcome = hand.pipe.recv()
        except (EOFError, OSError):
            return None
        hand.order, hand.served = None, hand.served + 1
        if hand.served >= self.recycle or outcome.peak >= self.stout:
            self._dismiss(hand)
            self._renew(hand)
        return outcome

    def _replace(self, hand: _Hand) -> tuple[Order, Outcome]:
        """Replace a worker that died or overran; return what it held and what to say of it."""
        order = hand.order
        assert order is not None
        overran = hand.late(self.limit) <= 0
        hand.process.kill()
        hand.process.join()
        code = hand.process.exitcode
        self._renew(hand)
        if overran:
            text, number = f"not done within {self.limit:g} s", "NPP952"
        else:
            text, number = f"the worker process died ({_how(code)}), twice", "NPP951"
        return order, Outcome(order.key, order.digest, Status.FAILED, code=number, reason=text)

    def _renew(self, hand: _Hand) -> None:
        hand.pipe.close()
        shutil.rmtree(hand.bench, ignore_errors=True)
        fresh = self._hire()
        hand.process, hand.pipe, hand.bench = fresh.process, fresh.pipe, fresh.bench
        hand.order, hand.served, hand.awake = None, 0, False

    def _hire(self) -> _Hand:
        ours, theirs = self.context.Pipe()
        bench = Path(tempfile.mkdtemp(dir=self.room))
        words = (theirs, self.task, self.ready, self.memory, bench)
        process = self.context.Process(target=_serve, args=words, daemon=True)
        with _as_foreman(), undisturbed():
            process.start()
        theirs.close()
        return _Hand(process, ours, bench)

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
        _clear(self.room)
        self.lock.close()


def _open_room() -> tuple[Path, IO[bytes]]:
    """Make a folder for this crew, and before it a lock that ends with the process."""
    handle, name = tempfile.mkstemp(prefix=_ROOM, suffix=_LOCK)
    lock = os.fdopen(handle, "wb")
    held(lock)
    room = Path(name.removesuffix(_LOCK))
    room.mkdir(mode=0o700)
    return room, lock


def _clear(room: Path) -> None:
    shutil.rmtree(room, ignore_errors=True)
    room.with_name(room.name + _LOCK).unlink(missing_ok=True)


def _clear_rooms() -> None:
    """Remove what killed foremen left in the folder for temporary files: nobody holds their locks."""
    for lock in Path(tempfile.gettempdir()).glob(f"{_ROOM}*{_LOCK}"):
        room = lock.with_name(lock.name.removesuffix(_LOCK))
        with contextlib.suppress(OSError):
            if room.is_dir():
                with lock.open("rb") as stream:
                    if held(stream):
                        _clear(room)


@contextlib.contextmanager
def _as_foreman() -> Iterator[None]:
    """Let a process that is a daemon itself (a worker of a cluster) have workers: they end with it by
    their own care, which is what the ban on daemons with children is there for."""
    settings = getattr(current_process(), "_config", {})
    daemon = settings.pop("daemon", None)
    try:
        yield
    finally:
        if daemon is not None:
            settings["daemon"] = daemon


def _serve(pipe: Connection, task: Task, ready: Callable[[], None], memory: int, bench: Path) -> None:
    """A worker's life: take an order, carry it out, answer; until told to stop or left alone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the foreman decides what an interruption means
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _end_with_foreman(pipe)
    os.environ["TMPDIR"] = tempfile.tempdir = str(bench)
    if memory:
        with contextlib.suppress(ImportError, ValueError, OSError):
            import resource

            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    try:
        _work(pipe, task, ready)
    except MemoryError:
        os._exit(_NO_ROOM)  # there may be none left to say so


def _work(pipe: Connection, task: Task, ready: Callable[[], None]) -> None:
    ready()
    pipe.send(None)
    work = roomy(task)
    while True:
        try:
            order = pipe.recv()
            if order is None:
                keep()
                return
            pipe.send(work(order))
        except (EOFError, OSError):
            return


def _how(code: int | None) -> str:
    """Say in words how a process ended, from its exit code."""
    if code == _NO_ROOM:
        return "it may not use more memory"
    return signal.Signals(-code).name if code and code < 0 else f"exit status {code}"


def _end_with_foreman(pipe: Connection) -> None:
    """End this process when the foreman is gone: his end of the pipe closes with him, whatever killed
    him. Where the system cannot watch for that alone, the worker ends after the document at hand."""
    if not hasattr(select, "poll"):
        return
    poll = select.poll()
    poll.register(pipe.fileno(), 0)  # nothing but the other end's closing

    def watch() -> None:
        poll.poll()
        os._exit(1)

    threading.Thread(target=watch, name="foreman", daemon=True).start()
