"""The few exceptions of the house: each has an exit code and names the next step.

The library raises; only the command line prints a message and exits.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

__all__ = [
    "EXIT_INTERNAL",
    "EXIT_INTERRUPTED",
    "EXIT_OK",
    "EXIT_WARNINGS",
    "BackendFailed",
    "CannotWrite",
    "InputUnreadable",
    "InvariantBroken",
    "OutputInvalid",
    "PublishError",
    "ToolMissing",
    "UsageError",
]

EXIT_OK = 0
EXIT_INTERNAL = 1
EXIT_WARNINGS = 8
EXIT_INTERRUPTED = 130


class PublishError(Exception):
    """Base of all expected failures.

    `message` is one clear line; `where` is `path[:line[:column]]` if known;
    `hint` is the next step for the person who reads it.
    """

    exit_code: ClassVar[int] = EXIT_INTERNAL
    code: ClassVar[str] = "NPP001"

    def __init__(self, message: str, *, where: str | Path = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = str(where)
        self.hint = hint

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.code} {self.message}"


class UsageError(PublishError):
    """The call or the configuration is wrong (unknown key, unknown backend, bad value)."""

    exit_code = 2
    code = "NPP002"


class InputUnreadable(PublishError):
    """The input is missing, empty, binary, truncated or in no known encoding."""

    exit_code = 3
    code = "NPP003"


class ToolMissing(PublishError):
    """A program, library or font that this run needs is not installed."""

    exit_code = 4
    code = "NPP004"


class BackendFailed(PublishError):
    """A backend could not make its artifact."""

    exit_code = 5
    code = "NPP005"


class OutputInvalid(PublishError):
    """An artifact was made but a judge refused it; it stays in the work folder."""

    exit_code = 6
    code = "NPP006"


class InvariantBroken(PublishError):
    """A self-check failed: a character lost or invented, or a round trip that differs."""

    exit_code = 7
    code = "NPP007"


class CannotWrite(PublishError):
    """The output folder or file cannot be written."""

    exit_code = 9
    code = "NPP009"
