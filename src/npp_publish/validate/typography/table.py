"""The rows of the audit: what was checked, what was measured, what is allowed, where it fails."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from ..columns import in_columns, width

__all__ = ["Outcome", "Place", "Row", "as_json", "as_table", "failed"]

MOST_PLACES = 20
"""So many places are named for each check; the count is complete."""


class Outcome(StrEnum):
    """`absent`: the file holds nothing that the check looks at."""

    PASS = "pass"
    FAIL = "fail"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Place:
    """Where: page from 1, point from the lower left corner, and the words there."""

    page: int
    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One check. `value` is the measured number, `unit` what it counts; `limit` in words."""

    check: str
    title: str
    measured: str
    limit: str
    outcome: Outcome
    value: float = 0.0
    looked_at: int = 0
    failures: int = 0
    places: tuple[Place, ...] = ()
    source: str = ""


def failed(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Return the rows that fail."""
    return tuple(row for row in rows if row.outcome is Outcome.FAIL)


def as_json(rows: Sequence[Row]) -> str:
    """Return the rows as JSON."""
    return json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1)


def as_table(rows: Sequence[Row]) -> str:
    """Return the rows as a table in plain text."""
    head = ("check", "measured", "limit", "verdict")
    body = [(row.check, row.measured, row.limit, row.outcome.value) for row in rows]
    lines = in_columns((head, *body))
    return "\n".join([lines[0], "-" * width(lines[0]), *lines[1:]]) + "\n"
