"""Coded diagnostics: what was noticed, how bad it is, where it is, what to do.

Every code stands once in `CATALOGUE`; `npp-publish explain CODE` prints its row, and a test
asks that each code has a fixture that raises it. Ranges follow the stages:

    NPP1xx read    NPP2xx detect   NPP3xx repair    NPP4xx compose    NPP5xx write
    NPP6xx parse   NPP7xx render   NPP8xx validate  NPP9xx configuration and publishing
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from .makeready.tables import parsed

__all__ = ["CATALOGUE", "Diagnostic", "Entry", "Severity", "as_json", "diagnose", "worst"]


class Severity(StrEnum):
    """How bad it is. Errors keep an artifact out of `dist/`; warnings fail only under --strict."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the catalogue: default severity, title, why it matters, what to do."""

    severity: Severity
    title: str
    rationale: str
    hint: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. `path`, `line` and `column` are 1-based places in a file; 0 means unknown."""

    code: str
    severity: Severity
    message: str
    path: str = ""
    line: int = 0
    column: int = 0
    hint: str = ""

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.path, self.line, self.column) if part)
        return f"{place}: {self.code} {self.message}" if place else f"{self.code} {self.message}"


def _load() -> dict[str, Entry]:
    text = Path(__file__).with_name("diagnostics.toml").read_text(encoding="utf-8")
    return {
        code: Entry(Severity(row["severity"]), row["title"], row["rationale"], row["hint"])
        for code, row in parsed(text).items()
    }


CATALOGUE: Mapping[str, Entry] = _load()


def diagnose(
    code: str,
    message: str,
    *,
    path: str = "",
    line: int = 0,
    column: int = 0,
    severity: Severity | None = None,
) -> Diagnostic:
    """Make a diagnostic of a catalogued `code`; its severity and hint come from the catalogue."""
    entry = CATALOGUE[code]
    return Diagnostic(code, severity or entry.severity, message, path, line, column, entry.hint)


def worst(diagnostics: Iterable[Diagnostic]) -> Severity | None:
    """Return the highest severity present, or None where there is no diagnostic."""
    order = list(Severity)
    return max((d.severity for d in diagnostics), key=order.index, default=None)


def as_json(diagnostics: Iterable[Diagnostic]) -> list[dict[str, Any]]:
    """Return plain dictionaries for `--json` and for `manifest.json`."""
    return [asdict(d) | {"severity": d.severity.value} for d in diagnostics]
