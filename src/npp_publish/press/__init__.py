"""The press: renders and judges formats, each in a child process of its own (`journeymen`), or one after
the other in a process that is a child itself (`Inline`).
"""

from __future__ import annotations

import contextlib
import gc
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from ..backends import load
from ..backends.features import wanting
from ..backends.word import listening
from ..diagnostics import Diagnostic, Severity, diagnose
from ..errors import BackendFailed, OutputInvalid, PublishError
from ..model import Artifact, RenderJob

__all__ = ["Inline", "Press", "Printed", "Task", "failure", "leaders_first", "prepare", "pull", "warm"]


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
    is false of what is told before the judges are heard; `amended` says that what was told then did not
    stand.
    """

    name: str
    artifact: Artifact | None
    diagnostics: tuple[Diagnostic, ...] = ()
    exit_code: int = 0
    seconds: float = 0.0
    judged: bool = True
    amended: bool = False


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


def pull(task: Task, told: Callable[[Printed], None] | None = None) -> Printed:
    """Check, render and judge one task in this process; never raises for what a backend does.

    `told` is told of an artifact that another format follows as soon as that one may begin: when the
    backend gives its word (`backends.word`), else when it has rendered.
    """
    began = time.perf_counter()
    artifact: Artifact | None = None
    found: tuple[Diagnostic, ...] = ()
    code, words = 0, 0

    def pass_on(ahead: Artifact) -> None:
        nonlocal words
        words += 1
        if told and words == 1:
            told(Printed(task.name, ahead, judged=False))

    try:
        backend = load(task.name)
        found = (*backend.check(task.options), *wanting(task.job, backend.info))
        if not _refused(found):
            with listening(pass_on if told and task.job.followed else None):
                artifact = backend.render(task.job, task.options)
                _inside(artifact, task)
                if told and task.job.followed and not words:
                    pass_on(artifact)
                found = (*found, *artifact.diagnostics, *backend.validate(artifact, task.job))
        if _refused(found):
            code = OutputInvalid.exit_code if artifact else BackendFailed.exit_code
    except PublishError as error:
        found, code = (*found, _as_diagnostic(error)), error.exit_code
    except Exception as error:  # a plugin may raise anything; its failure must not be ours
        if os.environ.get("NPP_DEBUG"):
            raise
        found = (*found, failure(task.name, f"{type(error).__name__}: {error}"))
        code = BackendFailed.exit_code
    return Printed(task.name, artifact, found, code, time.perf_counter() - began, amended=words > 1)


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


def leaders_first(tasks: Sequence[Task]) -> list[Task]:
    """Return tasks so that those that follow others come last."""
    return sorted(tasks, key=lambda task: bool(task.after))


def prepare(task: Task) -> None:
    """Let a backend do ahead what needs no other format; trouble shows again when it renders."""
    with contextlib.suppress(Exception):
        getattr(load(task.name), "prepare", lambda *_: None)(task.job, task.options)


def failure(name: str, what: str) -> Diagnostic:
    """Return what is told of a backend that failed without saying so itself."""
    return diagnose("NPP005", f"backend {name!r} failed: {what}")


def warm(name: str) -> None:
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
                warm(name)
                self._warm.add(name)
                gc.collect()
                gc.freeze()

    def run(self, tasks: Sequence[Task]) -> tuple[Printed, ...]:
        """Render and judge one task after the other."""
        done: dict[str, Printed] = {}
        for task in leaders_first(tasks):
            done[task.name] = pull(task.beside(done.get(task.after)) if task.after else task)
        return tuple(done[task.name] for task in tasks)

    def __enter__(self) -> Inline:
        return self

    def __exit__(self, *details: object) -> None:
        return None
