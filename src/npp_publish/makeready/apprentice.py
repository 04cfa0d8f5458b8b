"""The apprentice: a child process that is hired before the order has been read.

The engine of the slowest format takes as long to import as everything that comes before its work. Where
the words of a build name such a format, its child starts at once, and gets ready while the parent
reads words, settings and page. It inherits little, which is what little has been imported so far. Where
nobody takes him after all, he is sent home, or ends with the parent.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Apprentice", "hire", "send_home", "taken", "trade"]

_COMMAND = "build"
_TRADES = ("pdf", "pdf-typst")
"""The formats worth it, the slowest first; the first is what is made where the words name none."""
_NONE = ("-h", "--help")

_waiting: dict[str, Apprentice] = {}


class Apprentice:
    """A forked child, and this process's end of the line to it; like a process of `multiprocessing`."""

    def __init__(self, pid: int, line: int) -> None:
        self.pid, self.line = pid, line
        self.exitcode: int | None = None

    def is_alive(self) -> bool:
        """Tell whether the child still runs."""
        self._reap(os.WNOHANG)
        return self.exitcode is None

    def join(self, timeout: float | None = None) -> None:
        """Wait until the child has ended, at most so many seconds."""
        import time

        if timeout is None:
            self._reap(0)
        end = time.monotonic() + (timeout or 0)
        while self.is_alive() and time.monotonic() < end:
            time.sleep(0.005)

    def kill(self) -> None:
        """End the child."""
        import signal

        if self.is_alive():
            os.kill(self.pid, signal.SIGKILL)

    def _reap(self, how: int) -> None:
        if self.exitcode is None:
            try:
                pid, status = os.waitpid(self.pid, how)
            except ChildProcessError:  # somebody else heard of its end
                pid, status = self.pid, 0
            if pid:
                self.exitcode = os.waitstatus_to_exitcode(status)


def trade(words: Sequence[str]) -> str:
    """Return the format that a command of these words will wait for; "" where there is none, or where
    no second processor would get it ready meanwhile."""
    if words[:1] != [_COMMAND] or any(word in _NONE for word in words) or not _may_fork():
        return ""
    formats, place = _value(words, "--to"), _value(words, "-o", "--output")
    if formats is not None:
        return next((name for name in _TRADES if name in formats.replace(" ", "").split(",")), "")
    suffix = os.path.splitext(place or "")[1]
    return _TRADES[0] if suffix in ("", ".pdf") else ""


def _value(words: Sequence[str], *names: str) -> str | None:
    """Return what is said of an option last."""
    found = None
    for word, following in zip(words, [*words[1:], ""], strict=True):
        name, equals, value = word.partition("=")
        if name in names:
            found = value if equals else following
    return found


def _may_fork() -> bool:
    threading = sys.modules.get("threading")
    alone = threading is None or threading.active_count() == 1  # a fork copies only this thread
    return sys.platform.startswith("linux") and alone and len(os.sched_getaffinity(0)) > 1


def hire(name: str, serve: Callable[[str, int], None]) -> None:
    """Fork a child that serves the trade `name` on the line whose number it is given, till it ends."""
    import signal
    import socket

    ours, theirs = socket.socketpair()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # Ctrl-C is not for the child
    try:
        pid = os.fork()
        if not pid:
            ours.close()
            _serve(name, serve, theirs.detach())
    except OSError:  # no room for another process: it is started later, or not at all
        ours.close()
    else:
        _waiting[name] = Apprentice(pid, ours.detach())
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    theirs.close()


def _serve(name: str, serve: Callable[[str, int], None], line: int) -> None:
    """Live as a child: whatever happens, nothing of the parent's goes on here."""
    import signal

    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        serve(name, line)
        code = 0
    finally:
        os._exit(code)


def taken(name: str) -> Apprentice | None:
    """Return the child that was hired for a trade, once."""
    return _waiting.pop(name, None)


def send_home(names: Sequence[str]) -> None:
    """End the children of all trades but these: nobody will ask for them."""
    for name in [name for name in _waiting if name not in names]:
        child = _waiting.pop(name)
        child.kill()
        child.join()
        os.close(child.line)
