"""Journeymen: the child processes that make the formats of one document side by side.

They start before the first stage, one of them even before the order is read (`makeready.apprentice`), so
that they import their engines meanwhile; the parent never imports one. A child that dies, hangs or is
refused memory takes only its own format with it. What libraries print goes to a log in the work folder.
"""

from __future__ import annotations

import contextlib
import gc
import math
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from ..backends import follows
from ..devils import die_with_parent, divert, keep_only
from ..errors import BackendFailed
from ..makeready import begin, keep
from ..makeready.apprentice import Apprentice, send_home, taken
from ..makeready.bench import roomy
from . import Printed, Task, failure, leaders_first, prepare, pull, warm

__all__ = ["Children", "serve", "undisturbed"]


class Children:
    """One child process for each format, at most `jobs` at work at a time, each `seconds` at most."""

    def __init__(self, *, jobs: int = 0, seconds: float = 1800) -> None:
        self._jobs = jobs if jobs > 0 else max(_cores(), _FORMATS_AT_ONCE)
        self._hands = str(jobs) if jobs > 0 else os.environ.get("NPP_HANDS", "")
        self._seconds = seconds
        self._logs = Path()
        self._lines: dict[str, tuple[Any, Connection]] = {}
        self._leaving: list[tuple[str, Any]] = []

    def __enter__(self) -> Children:
        return self

    def warm(self, names: Sequence[str], logs: Path) -> None:
        """Start the children that the others wait for, on the cores that reading the text leaves free.

        The rest start when there is something to do, and inherit what this process imported by then.
        """
        self._logs = logs
        send_home(names)
        free = max(1, min(self._jobs, _cores() - 1))
        for name in sorted(names, key=lambda name: -sum(follows(n, names) == name for n in names))[:free]:
            self._start(name)

    def _start(self, name: str, *, patient: bool = False) -> Connection:
        if name in self._lines:
            return self._lines[name][1]
        if apprentice := taken(name):
            return self._instruct(name, apprentice)
        forks = _LINUX and threading.active_count() == 1  # a fork copies only the calling thread
        context = get_context("fork" if forks else "spawn")
        ours, theirs = context.Pipe()
        inherited = [ours, *(line for _, line in self._lines.values())] if forks else []
        sys.stdout.flush()
        sys.stderr.flush()
        make: Any = context
        order = (name, theirs, self._log(name), inherited, self._hands, patient)
        child = make.Process(target=_child, args=order, daemon=True)
        with undisturbed(forks=forks):
            child.start()
        theirs.close()
        self._lines[name] = (child, ours)
        return ours

    def _instruct(self, name: str, apprentice: Apprentice) -> Connection:
        """Take a child that was started before anybody knew where its log goes."""
        line = Connection(apprentice.line)
        self._lines[name] = apprentice, line
        with contextlib.suppress(OSError):  # it died: seen when it is waited for
            line.send((self._log(name), self._hands))
        return line

    def _log(self, name: str) -> Path:
        return self._logs / f"{name}.log"

    def run(self, tasks: Sequence[Task]) -> tuple[Printed, ...]:
        """Render and judge the tasks side by side."""
        if not self._lines and tasks:
            self._logs = tasks[0].job.work.parent
        waiting = list(reversed(leaders_first(tasks)))
        busy: dict[Connection, tuple[str, float]] = {}
        held: dict[Connection, Task] = {}
        done: dict[str, Printed] = {}
        trusted: set[str] = set()
        while waiting or busy:
            while waiting and len(busy) < self._jobs:
                task = waiting.pop()
                if task.after in done or task.after not in {name for name, _ in busy.values()}:
                    task = task.beside(done.get(task.after)) if task.after else task
                line = self._start(task.name, patient=bool(busy) and len(tasks) > _cores())
                busy[line] = (task.name, math.inf if task.after else time.monotonic())
                if task.after:
                    held[line] = task
                with contextlib.suppress(OSError):  # a dead child is seen by the wait below
                    line.send(task)
            for printed in self._collect(busy):
                if printed.judged:
                    done[printed.name] = printed
                    self._dismiss(printed.name)
                else:  # who follows need not wait for the judges
                    trusted.add(printed.name)
                for line in [line for line, task in held.items() if task.after == printed.name]:
                    self._release(line, held.pop(line).beside(printed), busy)
        again = [
            replace(task.beside(lead), after="")
            for task in tasks
            if task.after in trusted and ((lead := done[task.after]).exit_code or lead.amended)
        ]
        done |= {printed.name: printed for printed in (self.run(again) if again else ())}
        return tuple(done[task.name] for task in tasks)

    @staticmethod
    def _release(line: Connection, task: Task, busy: dict[Connection, tuple[str, float]]) -> None:
        """Tell a child that what it waits for is finished; its time begins now."""
        if line in busy:
            busy[line] = (task.name, time.monotonic())
            with contextlib.suppress(OSError):
                line.send(task.job.beside)

    def _collect(self, busy: dict[Connection, tuple[str, float]]) -> Iterator[Printed]:
        """Wait for the next words of children."""
        oldest = min(began for _, began in busy.values())
        ready = wait(list(busy), timeout=max(0.0, oldest + self._seconds - time.monotonic()))
        for line in ready:
            assert isinstance(line, Connection)
            name, began = busy[line]
            try:
                printed: Printed = line.recv()
            except (EOFError, OSError):
                printed = self._lost(name, began, self._obituary(name))
            if printed.judged:
                del busy[line]
            yield printed
        late = [line for line, (_, began) in busy.items() if time.monotonic() - began >= self._seconds]
        for line in late:
            name, began = busy.pop(line)
            self._lines[name][0].kill()
            yield self._lost(name, began, f"it took longer than {self._seconds:g} seconds")

    def _obituary(self, name: str) -> str:
        child = self._lines[name][0]
        child.join(5)
        code = child.exitcode or 0
        return f"its process ended with {'signal ' + str(-code) if code < 0 else code}; see {self._log(name)}"

    def _lost(self, name: str, began: float, what: str) -> Printed:
        child, line = self._lines.pop(name)
        line.close()
        child.kill()
        code = BackendFailed.exit_code
        return Printed(name, None, (failure(name, what),), code, time.monotonic() - began)

    def _dismiss(self, name: str) -> None:
        """Let a child end while the others work: giving back its memory takes a while."""
        if name in self._lines:
            child, line = self._lines.pop(name)
            line.close()
            self._leaving.append((name, child))

    def __exit__(self, *details: object) -> None:
        """End the children; whatever they still do, nobody waits for it. Empty logs go."""
        for name in list(self._lines):
            self._lines[name][0].kill()
            self._dismiss(name)
        for name, child in self._leaving:
            child.join()
            log = self._log(name)
            if log.is_file() and not log.stat().st_size:
                log.unlink()
        self._leaving.clear()


_FORMATS_AT_ONCE = 3  # the quick formats hide in the gaps of the slow one, even on two cores
_PATIENCE = 3  # what waits for nobody leaves the processor to whom the others wait for
_LINUX = sys.platform.startswith("linux")


def _cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextlib.contextmanager
def undisturbed(*, forks: bool = False) -> Iterator[None]:
    """Start processes that Ctrl-C does not reach, from their first moment; ours is told afterwards."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    if not forks:
        resource_tracker.ensure_running()  # it is started with them, and unblocks the signal
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _child(
    name: str, line: Connection, log: Path, others: Sequence[Connection], hands: str, patient: bool
) -> None:
    """The life of one child: warm up, do tasks until the line is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    die_with_parent()
    for other in others:
        other.close()
    if others:  # a fork: the parent's locks and files are not to be held open here
        keep_only(line.fileno())
    divert(log)
    if patient:
        os.nice(_PATIENCE)
    _settle(hands)
    begin()
    _get_ready(name)
    _work(line)
    os._exit(0)  # nothing of the parent's is to be cleaned up here


def serve(name: str, number: int) -> None:
    """The life of an apprentice on the line of this number: he is told only later where his log goes."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    die_with_parent()
    keep_only(number)
    divert(Path(os.devnull))
    line = Connection(number)
    _get_ready(name)
    try:
        log, hands = line.recv()
    except (EOFError, OSError):
        return
    divert(log)
    _settle(hands)
    _work(line)


def _get_ready(name: str) -> None:
    warm(name)
    gc.freeze()  # without looking for garbage first: this process makes one document
    keep()


def _settle(hands: str) -> None:
    if hands:
        os.environ["NPP_HANDS"] = hands


def _work(line: Connection) -> None:
    """Do tasks until the line is closed."""
    pull_with_room, prepare_with_room = roomy(pull), roomy(prepare)
    while True:
        try:
            task = line.recv()
            if task.after:
                prepare_with_room(task)
                task = replace(task, job=replace(task.job, beside=line.recv()), after="")
        except (EOFError, OSError):
            return
        printed = pull_with_room(task, line.send)
        keep()  # before the answer, after which this process may be ended at any moment
        sys.stdout.flush()
        sys.stderr.flush()
        try:
            line.send(printed)
        except OSError:
            return
