"""The typographic audit as a judge: what a Chinese reader would notice in a finished PDF.

The audit measures (`typography/`); here each failed check becomes findings with their places on the
page, so that a report can show them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..diagnostics import Severity
from .judge import Finding, HouseJudge

__all__ = ["TYPOGRAPHY"]

_SHOWN = 8
"""Places of one check that become findings; its summary counts all."""
_BOX = 12.0
"""Half the side, in points, of the square drawn around the place of a finding."""


def _examine(path: Path) -> Iterator[Finding]:
    from .typography import audit, failed

    for row in failed(audit(path)):
        summary = f"{row.title}: {row.measured}, allowed {row.limit} ({row.source})"
        for place in row.places[:_SHOWN]:
            box = (place.x, place.y - _BOX / 3, place.x + _BOX, place.y + _BOX)
            words = f"{summary}: {place.text}"
            yield Finding(
                "typography", row.check, Severity.WARNING, words, path, "NPP827", page=place.page, box=box
            )
        if not row.places:
            yield Finding("typography", row.check, Severity.WARNING, summary, path, "NPP827")


TYPOGRAPHY = HouseJudge(
    "typography",
    "typographic audit: clreq and GB/T 15834 on the finished page",
    frozenset({".pdf"}),
    _examine,
)
