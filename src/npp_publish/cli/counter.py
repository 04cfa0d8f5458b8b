"""The counter, where what was asked for is handed out: the standard streams, whatever they lead to.

A reader who has had enough (`| head -1`) stops no work: what else is handed out is dropped, and the exit
code tells how the work went. Where it cannot be written (a full disk) the command fails as for any other
file. Talk that nobody can hear is no failure. Imports next to nothing: it is there before an answer is.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["call_out", "hand_out", "hand_out_bytes", "open_up", "reaches", "settle", "shut"]

_closed: set[str] = set()


def open_up() -> None:
    """Make this process's streams usable: there, even where they were closed, and UTF-8 in any locale.

    Half a character (file names are bytes) is written as an escape that JSON understands too.
    """
    for number in range(3):  # else the next file that is opened would become standard output
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def hand_out(text: str, *, at_once: bool = False) -> None:
    """Write data to standard output; raises CannotWrite."""
    _deliver(lambda: sys.stdout.write(text), at_once)


def hand_out_bytes(data: bytes) -> None:
    """Write data that is no text, or text as it is to the byte; raises CannotWrite."""
    settle()
    _deliver(lambda: sys.stdout.buffer.write(data), True)


def call_out(text: str) -> None:
    """Write talk to standard error, at once; where that fails there is nobody to tell."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        shut("stderr")


def reaches() -> bool:
    """Tell whether what is written to standard output still gets anywhere."""
    return "stdout" not in _closed


def settle() -> None:
    """Write what waits to be written to standard output; raises CannotWrite."""
    _deliver(lambda: sys.stdout.write(""), True)


def _deliver(write: Callable[[], object], at_once: bool) -> None:
    try:
        write()
        if at_once:
            sys.stdout.flush()
    except BrokenPipeError:
        shut("stdout")
    except OSError as error:
        shut("stdout")
        from ..errors import CannotWrite

        raise CannotWrite(f"cannot write to standard output: {error.strerror}") from error


def shut(name: str) -> None:
    """Let a stream lead nowhere from now on, also what waits in it."""
    _closed.add(name)
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, getattr(sys, name).fileno())
        os.close(nowhere)
    except (OSError, ValueError):  # a stream in the memory of a test
        return
