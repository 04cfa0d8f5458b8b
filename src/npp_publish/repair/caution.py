"""Caution: lines that no column sets are kept apart, whatever speaks for joining them.

Rationale: verses, rows of figures, addresses and lists that no rule knows would run into one another if
they were taken for a wrapped paragraph, and that is worse than leaving them. The lines of a column are
full but for the last of a paragraph and those before a long word, so where half of the lines that were
to be joined are much shorter than the widest, the reading is withdrawn, unless the line ends tear words
(then it was a column, if a ragged one). Confidence D: kept, told as NPP306, and turned by an editor.
Case file: tests/cases/caution.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .paragraphing import Lines
from .words import crosses

__all__ = ["CONFIDENCE", "keep_apart"]

CONFIDENCE = 0.6
_SHORT = 0.72  # of the widest line: no justified or ragged column leaves so much room in every other line
_SHORT_WORDS = 0.6  # where lines break between words


def keep_apart(lines: Lines, seams: Sequence[bool], spaced: bool) -> tuple[list[bool], frozenset[int]]:
    """Return the seams with the joined runs parted that no column sets, and which breaks were parted."""
    made = list(seams)
    parted: set[int] = set()
    for start, end in _runs(seams):
        if _uneven(lines, start, end, _SHORT_WORDS if spaced else _SHORT):
            parted.update(range(start, end))
            made[start:end] = [True] * (end - start)
    return made, frozenset(parted)


def _runs(seams: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Yield the first and last line of each run of lines that are to be joined."""
    start = 0
    for number, seam in enumerate([*seams, True]):
        if seam:
            if number > start:
                yield start, number
            start = number + 1


def _uneven(lines: Lines, start: int, end: int, share: float) -> bool:
    body = lines.widths[start:end]
    if len(body) < 2:
        return False
    widest = max(lines.widths[start : end + 1])
    short = sum(width < share * widest for width in body)
    if short * 2 < len(body):
        return False
    torn = sum(crosses(lines.texts[n][-6:], lines.texts[n + 1][:6]) for n in range(start, end))
    return torn * 2 < len(body)
