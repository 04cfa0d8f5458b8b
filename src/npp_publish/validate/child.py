"""Child processes of the judges: bounded in time, ended with all their children, read line by line."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from .judge import Verdict

__all__ = ["Failed", "end_all", "lines", "megabytes", "verdicts"]

_running: set[subprocess.Popen[bytes]] = set()


class Failed(Exception):
    """The child could not be started, ran too long or ended with an error; the message says which."""


def lines(
    command: Sequence[str], *, seconds: float, env: Mapping[str, str] | None = None, cwd: str | None = None
) -> Iterator[str]:
    """Run `command` and yield the lines of its standard output as they come.

    After `seconds` the child and all its children are ended. Raises Failed with the last words of
    its standard error if it did not end by itself with status 0.
    """
    with TemporaryFile() as errors:
        try:
            child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=dict(env) if env is not None else None,
                cwd=cwd,
                start_new_session=True,
            )
        except OSError as problem:
            raise Failed(f"cannot start {command[0]}: {problem}") from problem
        _running.add(child)
        late = threading.Event()

        def end() -> None:
            late.set()
            _end(child)

        watch = threading.Timer(seconds, end)
        watch.start()
        try:
            assert child.stdout is not None
            for line in child.stdout:
                yield line.decode("utf-8", "replace").rstrip("\r\n")
            status = child.wait()
        finally:
            watch.cancel()
            _end(child)
            child.wait()
            _running.discard(child)
            if child.stdout:
                child.stdout.close()
        if late.is_set():
            raise Failed(f"{command[0]} did not end within {seconds:.0f} s")
        if status:
            raise Failed(f"{command[0]} ended with status {status}: {_last_words(errors)}")


def verdicts(
    cases: Mapping[Any, Sequence[Path]], told: Iterator[str], read: Callable[[str], Verdict | None]
) -> Iterator[Verdict]:
    """Yield the verdicts that a child tells, a line each, on the files of each judge in `cases`.

    Files that the child says nothing about, because it failed or ran out of time, get a verdict
    with the `failure`. Lines that `read` makes nothing of, and a second verdict, are passed over.
    """
    waiting = {(judge.name, str(path)): path for judge, paths in cases.items() for path in paths}
    failure = "no verdict was given"
    try:
        for line in told:
            verdict = read(line)
            if verdict and waiting.pop((verdict.judge, str(verdict.path)), None):
                yield verdict
    except Failed as problem:
        failure = str(problem)
    for (name, _), path in waiting.items():
        yield Verdict(name, path, failure=failure)


def end_all() -> None:
    """End all children at once, when nobody waits for their verdicts any more."""
    for child in tuple(_running):
        _end(child)


def megabytes(files: Iterable[Path]) -> float:
    """Return the size of some files, by which time limits grow; what is not there has none."""
    total = 0
    for file in files:
        with suppress(OSError):
            total += file.stat().st_size
    return total / 1e6


def _end(child: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)


def _last_words(errors: IO[bytes], limit: int = 600) -> str:
    errors.seek(0)
    text = errors.read()[-limit:]
    return " ".join(text.decode("utf-8", "replace").split())
