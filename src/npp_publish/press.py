"""The press: renders and judges each format in a child process of its own, side by side.

Children start before the first stage, so that they import their engines while the text is still
being read; the parent never imports one. A child that dies, hangs or is refused memory takes only
its own format with it. What libraries print goes to a log in the work folder.

`Inline` does the same work in the calling process: for workers that are children themselves.
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
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Protocol

from .backends import follows, load
from .backends.features import wanting
from .devils import die_with_parent, divert, keep_only
from .diagnostics import Diagnostic, Severity, diagnose
from .errors import BackendFailed, OutputInvalid, PublishError
from .makeready import begin, keep
from .makeready.bench import roomy
from .model import Artifact, RenderJob

__all__ = ["Children", "Inline", "Press", "Printed", "Task", "pull", "undisturbed"]


@dataclass(frozen=True, slots=True)
class Task:
    """One format to make: the backend's name, the job with its own work folder, the options.

    `after` is the format that must be finished first, where it is among the tasks of the same run.
    """

    name: str
    job: RenderJob
    options: Any
    after: str = ""

    def beside(self, lead: Printed | None) -> Task:
        """Return the task as it is when the one before it is finished: with its file, if there is one."""
        files = (lead.artifact.path,) if lead and lead.artifact and not lead.exit_code else ()
        return replace(self, job=replace(self.job, beside=files), after="")


@dataclass(frozen=True, slots=True)
class Printed:
    """What came of one task. `exit_code` is 0 only where the artifact may be published.

    `seconds` is wall time of rendering and judging; it is shown, never written to an output. `judged`
    is false of what is told before the judges are heard.
    """

    name: str
    artifact: Artifact | None
    diagnostics: tuple[Diagnostic, ...] = ()
    exit_code: int = 0
    seconds: float = 0.0
    judged: bool = True


class Press(Protocol):
    """Something that makes artifacts of tasks."""

    def warm(self, names: Sequence[str], logs: Path) -> None:
        """Get ready for these backends; their chatter goes to files in the folder `logs`."""
        ...

    def run(self, tasks: Sequence[Task]) -> tuple[Printed, ...]:
        """Render and judge all tasks; results come in the order of the tasks."""
        ...

    def __enter__(self) -> Press: ...

    def __exit__(self, *details: object) -> None: ...


def pull(task: Task, rendered: Callable[[Printed], None] = lambda printed: None) -> Printed:
    """Check, render and judge one task in this process; never raises for what a backend does.

    `rendered` is told of an artifact that another format follows before the judges have seen it.
    """
    began = time.perf_counter()
    artifact: Artifact | None = None
    found: tuple[Diagnostic, ...] = ()
    code = 0
    try:
        backend = load(task.name)
        found = (*backend.check(task.options), *wanting(task.job, backend.info))
        if not _refused(found):
            artifact = backend.render(task.job, task.options)
            _inside(artifact, task)
            if task.job.followed:
                rendered(Printed(task.name, artifact, judged=False))
            found = (*found, *artifact.diagnostics, *backend.validate(artifact, task.job))
        if _refused(found):
            code = OutputInvalid.exit_code if artifact else BackendFailed.exit_code
    except PublishError as error:
        found, code = (*found, _as_diagnostic(error)), error.exit_code
    except Exception as error:  # a plugin may raise anything; its failure must not be ours
        if os.environ.get("NPP_DEBUG"):
            raise
        found = (*found, _failure(task.name, f"{type(error).__name__}: {error}"))
        code = BackendFailed.exit_code
    return Printed(task.name, artifact, found, code, time.perf_counter() - began)


def _refused(found: Sequence[Diagnostic]) -> bool:
    return any(item.severity is Severity.ERROR for item in found)


def _inside(artifact: Artifact, task: Task) -> None:
    path = artifact.path.resolve()
    if not (path.is_file() and path.is_relative_to(task.job.work.resolve())):
        raise BackendFailed(f"backend {task.name!r} left no file in its work folder", where=artifact.path)


def _as_diagnostic(error: PublishError) -> Diagnostic:
    path, _, place = error.where.partition(":")
    line = int(place) if place.isdigit() else 0
    return Diagnostic(error.code, Severity.ERROR, error.message, path, line, 0, error.hint)


def _leaders_first(tasks: Sequence[Task]) -> list[Task]:
    return sorted(tasks, key=lambda task: bool(task.after))


def _prepare(task: Task) -> None:
    """Let a backend do ahead what needs no other format; trouble shows again when it renders."""
    with contextlib.suppress(Exception):
        getattr(load(task.name), "prepare", lambda *_: None)(task.job, task.options)


def _failure(name: str, what: str) -> Diagnostic:
    return diagnose("NPP005", f"backend {name!r} failed: {what}")


def _warm(name: str) -> None:
    """Import a backend and what it wants early; trouble shows again, and is told, when it renders."""
    with contextlib.suppress(Exception):
        backend = load(name)
        getattr(backend, "warm", lambda: None)()


class Inline:
    """The press of a process that is itself a worker: one task after the other, engines kept warm."""

    def __init__(self) -> None:
        self._warm: set[str] = set()

    def warm(self, names: Sequence[str], logs: Path) -> None:
        """Import the backends, once. Other workers have the other cores."""
        os.environ.setdefault("NPP_HANDS", "1")
        for name in names:
            if name not in self._warm:
                _warm(name)
                self._warm.add(name)
                gc.collect()
                gc.freeze()

    def run(self, tasks: Sequence[Task]) -> tuple[Printed, ...]:
        """Render and judge one task after the other."""
        done: dict[str, Printed] = {}
        for task in _leaders_first(tasks):
            done[task.name] = pull(task.beside(done.get(task.after)) if task.after else task)
        return tuple(done[task.name] for task in tasks)

    def __enter__(self) -> Inline:
        return self

    def __exit__(self, *details: object) -> None:
        return None


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
        free = max(1, min(self._jobs, _cores() - 1))
        for name in sorted(names, key=lambda name: -sum(follows(n, names) == name for n in names))[:free]:
            self._start(name)

    def _start(self, name: str) -> Connection:
        if name in self._lines:
            return self._lines[name][1]
        forks = _LINUX and threading.active_count() == 1  # a fork copies only the calling thread
        context = get_context("fork" if forks else "spawn")
        ours, theirs = context.Pipe()
        inherited = [ours, *(line for _, line in self._lines.values())] if forks else []
        sys.stdout.flush()
        sys.stderr.flush()
        make: Any = context
        order = (name, theirs, self._log(name), inherited, self._hands)
        child = make.Process(target=_child, args=order, daemon=True)
        with undisturbed(forks=forks):
            child.start()
        theirs.close()
        self._lines[name] = (child, ours)
        return ours

    def _log(self, name: str) -> Path:
        return self._logs / f"{name}.log"

    def run(self, tasks: Sequence[Task]) -> tuple[Printed, ...]:
        """Render and judge the tasks side by side."""
        if not self._lines and tasks:
            self._logs = tasks[0].job.work.parent
        waiting = list(reversed(_leaders_first(tasks)))
        busy: dict[Connection, tuple[str, float]] = {}
        held: dict[Connection, Task] = {}
        done: dict[str, Printed] = {}
        trusted: set[str] = set()
        while waiting or busy:
            while waiting and len(busy) < self._jobs:
                task = waiting.pop()
                if task.after in done or task.after not in {name for name, _ in busy.values()}:
                    task = task.beside(done.get(task.after)) if task.after else task
                line = self._start(task.name)
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
            replace(task, after="") for task in tasks if task.after in trusted and done[task.after].exit_code
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
        return Printed(name, None, (_failure(name, what),), code, time.monotonic() - began)

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


def _child(name: str, line: Connection, log: Path, others: Sequence[Connection], hands: str) -> None:
    """The life of one child: warm up, do tasks until the line is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    die_with_parent()
    for other in others:
        other.close()
    if others:  # a fork: the parent's locks and files are not to be held open here
        keep_only(line.fileno())
    divert(log)
    if hands:
        os.environ["NPP_HANDS"] = hands
    begin()
    _warm(name)
    gc.freeze()  # without looking for garbage first: this process makes one document
    keep()
    pull_with_room, prepare_with_room = roomy(pull), roomy(_prepare)
    while True:
        try:
            task = line.recv()
            if task.after:
                prepare_with_room(task)
                task = replace(task, job=replace(task.job, beside=line.recv()), after="")
        except (EOFError, OSError):
            break
        printed = pull_with_room(task, line.send)
        keep()  # before the answer, after which this process may be ended at any moment
        sys.stdout.flush()
        sys.stderr.flush()
        try:
            line.send(printed)
        except OSError:
            break
    os._exit(0)  # nothing of the parent's is to be cleaned up here
