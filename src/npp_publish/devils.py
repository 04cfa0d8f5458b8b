"""Printer's devils: how many may help, the first things that a child process does, and sweeping up."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

__all__ = ["die_with_parent", "divert", "hands", "keep_only", "sweep"]

_PR_SET_PDEATHSIG = 1
_MOST_FILES = 4096
_MOST_HANDS = 8


def hands() -> int:
    """Return how many processes may work on one document: the cores of this process, or `NPP_HANDS`.

    1 where this process runs more than one thread (a fork copies only the calling one).
    """
    if not sys.platform.startswith("linux") or len(list(Path("/proc/self/task").iterdir())) > 1:
        return 1
    wanted = os.environ.get("NPP_HANDS", "")
    cores = len(os.sched_getaffinity(0))
    return max(1, min(int(wanted) if wanted.isdigit() else cores, _MOST_HANDS))


def die_with_parent() -> None:
    """Ask Linux to end this process when its parent is killed; elsewhere the closed line ends it."""
    if sys.platform.startswith("linux"):
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def keep_only(number: int) -> None:
    """Close every file but the standard streams and this one: a fork holds those of its parent open."""
    os.closerange(3, number)
    os.closerange(number + 1, _MOST_FILES)


def divert(log: Path) -> None:
    """Send this process's standard output and error to a file, and close its standard input."""
    target = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, place in ((nothing, 0), (target, 1), (target, 2)):
        os.dup2(source, place)
    os.close(target)
    os.close(nothing)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", errors="backslashreplace", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)


def sweep() -> None:
    """Give free memory back to the system, where the C library can (glibc): it keeps what lies scattered
    between things in use, .3 MB more with each document."""
    if sys.platform.startswith("linux"):
        import ctypes

        getattr(ctypes.CDLL(None), "malloc_trim", lambda _: None)(0)
