"""The voice: everything that is printed goes through here.

`say` talks on standard error, `give` puts data on standard output. Progress is told on a terminal
and kept quiet in a pipe; findings come as `path:line:col: CODE message`, in colour on a terminal.
"""

from __future__ import annotations

import json as jsonlib
import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..diagnostics import Diagnostic, Severity
from ..errors import PublishError
from .counter import call_out, hand_out, reaches

if TYPE_CHECKING:
    from ..proofs import Progress

__all__ = ["Voice", "failure", "give", "give_json", "give_line", "overwrite", "say", "trouble"]


_COLOURS = {Severity.ERROR: 31, Severity.WARNING: 33, Severity.INFO: 36}  # ECMA-48: red, yellow, cyan


def say(text: str) -> None:
    """Talk to the person: one line on standard error."""
    call_out(f"{_printable(text)}\n")


def _say_finding(text: str, code: str, severity: Severity, *, coloured: bool) -> None:
    """Say a finding; on a terminal its code has the colour of its weight."""
    line = _printable(text)
    if coloured:
        line = line.replace(code, f"\x1b[{_COLOURS[severity]}m{code}\x1b[0m", 1)
    call_out(f"{line}\n")


def _coloured() -> bool:
    """Tell whether talk may be coloured: on a terminal that can, unless NO_COLOR is set (no-color.org)."""
    return sys.stderr.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def give(text: str) -> None:
    """Hand out data: one line on standard output."""
    hand_out(f"{_printable(text)}\n")


def give_json(value: Any) -> None:
    """Hand out data as JSON."""
    hand_out(jsonlib.dumps(value, ensure_ascii=False, indent=2, sort_keys=True, default=str) + "\n")


def give_line(value: Any) -> None:
    """Hand out one event as one line of JSON, at once."""
    hand_out(jsonlib.dumps(value, ensure_ascii=False, default=str) + "\n", at_once=True)


def overwrite(text: str) -> None:
    """Replace the last line of a terminal."""
    call_out(f"\r\x1b[K{_printable(text)}")


def _printable(text: str) -> str:
    """Keep terminal control out: messages quote untrusted text, and file names are bytes. A full-width
    space, which Python calls unprintable, is as good as any."""
    safe = "".join(
        c if c.isprintable() or c in "\n\t\u3000" else c.encode("unicode_escape").decode() for c in text
    )
    return safe.encode("utf-8", "backslashreplace").decode("utf-8")


def failure(error: PublishError) -> dict[str, str]:
    """Return a failure as JSON has it."""
    return {"code": error.code, "message": error.message, "where": error.where, "hint": error.hint}


def trouble(error: PublishError, *, json: bool = False) -> None:
    """Tell a failure in one line, and the next step in another."""
    if json and reaches():
        give_json({"error": failure(error)})
        return
    _say_finding(str(error), error.code, Severity.ERROR, coloured=_coloured())
    if error.hint:
        say(f"  {error.hint}")


class Voice:
    """How much is said in one run: `-q` errors only, `-v` everything."""

    def __init__(self, *, quiet: bool = False, verbose: bool = False, json: bool = False) -> None:
        self._quiet = quiet
        self._verbose = verbose
        self._progress = verbose or (sys.stderr.isatty() and not quiet)
        self._json = json
        self._coloured = _coloured()

    def progress(self, progress: Progress) -> None:
        """Tell one step of one document."""
        if self._progress:
            say(f"{progress}  ({progress.seconds:.2f} s)" if self._verbose else str(progress))

    def remark(self, text: str) -> None:
        """Say something by the way: on a terminal, or with `-v`."""
        if self._progress:
            say(text)

    def step(self, text: str) -> None:
        """Tell one step of a long command, on a terminal and off it; not with `-q`, nor beside JSON."""
        if self._verbose or not (self._quiet or self._json):
            say(text)

    def findings(self, found: Iterable[Diagnostic]) -> None:
        """Print findings: errors and warnings always, information with `-v`; warnings not with `-q`."""
        seen: set[str] = set()
        for item in found:
            if item.severity is Severity.INFO and not self._verbose:
                continue
            if item.severity is Severity.WARNING and self._quiet:
                continue
            _say_finding(str(item), item.code, item.severity, coloured=self._coloured)
            if item.hint and item.code not in seen:
                say(f"  {item.hint}")
            seen.add(item.code)
