"""The voice: everything that is printed goes through here.

`say` talks on standard error, `give` puts data on standard output. Progress is told on a terminal
and kept quiet in a pipe; findings come as `path:line:col: CODE message`.
"""

from __future__ import annotations

import json as jsonlib
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..diagnostics import Diagnostic, Severity
from ..errors import PublishError
from .counter import call_out, hand_out, reaches

if TYPE_CHECKING:
    from ..proofs import Progress

__all__ = ["Voice", "give", "give_json", "give_line", "overwrite", "say", "trouble"]


def say(text: str) -> None:
    """Talk to the person: one line on standard error."""
    call_out(f"{_printable(text)}\n")


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


def trouble(error: PublishError, *, json: bool = False) -> None:
    """Tell a failure in one line, and the next step in another."""
    if json and reaches():
        give_json(
            {
                "error": {
                    "code": error.code,
                    "message": error.message,
                    "where": error.where,
                    "hint": error.hint,
                }
            }
        )
        return
    say(str(error))
    if error.hint:
        say(f"  {error.hint}")


class Voice:
    """How much is said in one run: `-q` errors only, `-v` everything."""

    def __init__(self, *, quiet: bool = False, verbose: bool = False, json: bool = False) -> None:
        self._quiet = quiet
        self._verbose = verbose
        self._progress = verbose or (sys.stderr.isatty() and not quiet)
        self._json = json

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
            say(str(item))
            if item.hint and item.code not in seen:
                say(f"  {item.hint}")
            seen.add(item.code)
