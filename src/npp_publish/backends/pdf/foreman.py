"""The foreman: gives out the signatures of a long edition, one by one, to as many processes as there
are cores, and tells each the number of its first page as soon as those before it are counted.

What comes out does not depend on how many processes there are. Where a process cannot be forked
safely, the same work is done here, one signature after the other.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, TypeVar

from ...devils import die_with_parent, hands, keep_only
from .compositor import Compositor, Piece
from .folios import Dropped, Inexact, Laid, Place
from .racks import Racks
from .signatures import Signature

__all__ = ["beside", "hands", "set_signatures"]

Made = TypeVar("Made")


def set_signatures(
    signatures: Sequence[Signature], engage: Callable[[], Compositor], racks: Racks, folder: Path
) -> list[Piece]:
    """Have all signatures set that are not known from earlier; `engage` makes a compositor, once in each
    process. Files of those that are known are put into `folder`.

    Raises Inexact where the result would not be that of one piece, or where a compositor failed.
    """
    plan = _Plan(signatures, racks, folder)
    if hands() < 2:
        _alone(plan, engage)
    else:
        crew = _Crew(plan, engage, hands())
        try:
            crew.work()
        finally:
            crew.dismiss()
    return [piece for piece in plan.pieces if piece is not None]


class _Plan:
    """What is set, what is known, what is left to do."""

    def __init__(self, signatures: Sequence[Signature], racks: Racks, folder: Path) -> None:
        self.signatures, self.racks, self.folder = signatures, racks, folder
        self.laid = [racks.laid(number) for number in range(len(signatures))]
        self.pieces: list[Piece | None] = [None] * len(signatures)
        self.first = deque(number for number, laid in enumerate(self.laid) if laid is None)
        self.later = deque(
            number for number, signature in enumerate(signatures) if signature.refers or self.laid[number]
        )
        self.numbers: dict[str, int] = {}

    @property
    def counted(self) -> bool:
        return None not in self.laid

    def next(self) -> tuple[int, Mapping[str, int]] | None:
        """Return a signature to set and the page numbers known for it; None where there is nothing now."""
        if self.first:
            return self.first.popleft(), {}
        if self.counted:
            self.recall()
        return (self.later.popleft(), self.numbers) if self.later and self.counted else None

    def recall(self) -> None:
        """Find, as soon as all page numbers are known, what was printed with just these before."""
        if self.numbers or not self.later:
            return
        places = [self.start(number) for number in range(len(self.laid))]
        for laid, place in zip(self.laid, places, strict=True):
            assert laid is not None and place is not None
            self.numbers |= {name: place.first + page for name, page in laid.anchors.items()}
        for number in list(self.later):
            place = places[number]
            assert place is not None
            target = self.folder / f"signature-{number:05}.pdf"
            self.pieces[number] = self.racks.piece(number, place, self.numbers, target)
            if self.pieces[number]:
                self.later.remove(number)

    def printed(self, number: int, piece: Piece) -> None:
        """Take note of a signature that is finished, and keep it."""
        self.pieces[number] = piece
        place = self.start(number)
        assert place is not None
        self.racks.keep(number, place, self.numbers, piece)

    def start(self, number: int) -> Place | None:
        """Return where a signature begins; None while one before it is not counted."""
        first, heads = 1, dict[str, str]()
        for laid in self.laid[:number]:
            if laid is None:
                return None
            first += laid.pages
            heads |= laid.heads
        return Place(first, heads)

    def hear(self, number: int, laid: Laid) -> bool:
        """Take note of what a signature has; tell whether it is to be printed, or only counted now."""
        known = self.laid[number]
        if known is None:
            self.laid[number] = laid
            self.racks.keep_laid(number, laid)
            return not self.signatures[number].refers
        if known != laid:
            raise Inexact("page numbers change what stands on the pages")
        return True


def _alone(plan: _Plan, engage: Callable[[], Compositor]) -> None:
    gc.freeze()  # each signature is swept up after; what was here before stays
    try:
        _one_by_one(plan, engage)
    finally:
        gc.unfreeze()
        gc.collect()
        gc.freeze()


def _one_by_one(plan: _Plan, engage: Callable[[], Compositor]) -> None:
    compositor: Compositor | None = None
    while task := plan.next():
        number, numbers = task
        compositor = compositor or engage()

        def announce(laid: Laid, number: int = number) -> Place:
            place = plan.start(number)
            assert place is not None
            if not plan.hear(number, laid):
                raise Dropped
            return place

        with contextlib.suppress(Dropped):
            plan.printed(number, compositor.set(number, numbers, announce))
        gc.collect()


class _Crew:
    """Compositors in processes of their own, each on its line. A process sets one signature: nothing is
    swept up meanwhile, and the whole of its memory is given back at once."""

    def __init__(self, plan: _Plan, engage: Callable[[], Compositor], count: int) -> None:
        self.plan, self.engage, self.count = plan, engage, count
        self.compositor: Compositor | None = None
        self.waiting: dict[int, Connection] = {}
        self.processes: dict[Connection, int] = {}

    def work(self) -> None:
        """Give out and collect until everything is set. Raises Inexact."""
        while True:
            while len(self.processes) < self.count and (task := self.plan.next()):
                self.hire(*task)
            if not self.processes:
                return
            for ready in wait(list(self.processes)):
                assert isinstance(ready, Connection)
                self.hear(ready)

    def hire(self, number: int, numbers: Mapping[str, int]) -> None:
        """Begin a process that sets a signature."""
        if self.compositor is None:
            self.compositor = self.engage()
            gc.collect()
            gc.freeze()  # what is swept stays unshared memory in every process
        ours, theirs = Pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        process = os.fork()
        if not process:
            _life(theirs, self.compositor, number, numbers)
        theirs.close()
        self.processes[ours] = process

    def hear(self, line: Connection) -> None:
        try:
            kind, number, content = line.recv()
        except (EOFError, OSError) as error:
            raise Inexact("a process that set a signature ended") from error
        if kind == "failed":
            raise Inexact(content)
        if kind == "laid":
            if self.plan.hear(number, content):
                self.waiting[number] = line
            else:
                line.send(None)
            self.release()
            return
        if kind == "done":
            self.plan.printed(number, content)
        line.close()
        os.waitpid(self.processes.pop(line), 0)

    def release(self) -> None:
        """Tell those that wait where they begin, if it is known now."""
        for number in sorted(self.waiting):
            place = self.plan.start(number)
            if place is not None:
                self.waiting.pop(number).send(place)

    def dismiss(self) -> None:
        """End the processes; nothing they still do is wanted."""
        for line, process in self.processes.items():
            line.close()
            os.kill(process, signal.SIGKILL)
        for process in self.processes.values():
            os.waitpid(process, 0)


def _life(line: Connection, compositor: Compositor, number: int, numbers: Mapping[str, int]) -> None:
    """The life of a compositor's process."""
    try:
        _go_apart(line)
        gc.disable()
        line.send(_one(line, compositor, number, numbers))
    except (EOFError, OSError):
        pass
    except BaseException as error:  # told, and the parent sets the edition in one piece
        _tell(line, error)
    finally:
        os._exit(0)


def beside(work: Callable[[], Made]) -> Callable[[], Made]:
    """Begin some work in a process of its own, whose memory is given back when it ends; return what
    waits for its result. Where a fork is not safe, it is done here, when the result is asked for.

    What is returned raises Inexact where the work failed.
    """
    if hands() < 2:
        return work
    ours, theirs = Pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    process = os.fork()
    if not process:
        try:
            _go_apart(theirs)
            theirs.send(("done", 0, work()))
        except BaseException as error:  # told, and done otherwise
            _tell(theirs, error)
        finally:
            os._exit(0)
    theirs.close()

    def result() -> Made:
        try:
            kind, _, content = ours.recv()
        except (EOFError, OSError) as error:
            raise Inexact("a process ended before its work") from error
        finally:
            ours.close()
            os.waitpid(process, 0)
        if kind != "done":
            raise Inexact(content)
        made: Made = content
        return made

    return result


def _go_apart(line: Connection) -> None:
    """End with the parent, and keep none of its files open."""
    die_with_parent()
    keep_only(line.fileno())


def _one(line: Connection, compositor: Compositor, number: int, numbers: Mapping[str, int]) -> Any:
    def announce(laid: Laid) -> Place:
        line.send(("laid", number, laid))
        place = line.recv()
        if place is None:
            raise Dropped
        assert isinstance(place, Place)
        return place

    try:
        return "done", number, compositor.set(number, numbers, announce)
    except Dropped:
        return "dropped", number, None
    except Inexact as reason:
        return "failed", number, str(reason)


def _tell(line: Connection, error: BaseException) -> None:
    with contextlib.suppress(OSError):
        line.send(("failed", -1, f"{type(error).__name__}: {error}"))
