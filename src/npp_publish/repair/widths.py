"""Widths: what the widths of its lines say of a block: whether they fill a column, and are even.

Rationale: wrapped lines are as wide as their column, all but the last; marks may hang out of it, and the
first line may be indented (B; clreq 3.1.4). Case file: tests/cases/unwrap.md.
"""

from __future__ import annotations

import re

from ..detect import justify
from ..detect.desk import Desk
from ..detect.gauge import em
from .boxnames import inline_label
from .paragraphing import STOP, Lines

__all__ = ["even", "fits", "full", "wide"]


def wide(desk: Desk, lines: Lines) -> bool:
    """Lines wider than a column of a newspaper: wrapped only if they are nearly equal."""
    body = lines.widths[:-1]
    widest = max(body)
    near = sum(1 for width in body if width >= widest - 2.5)
    if len(body) >= 2:
        return near >= 0.7 * len(body) and not all(STOP.search(text) for text in lines.texts)
    return fits(desk, lines) and not STOP.search(lines.texts[0])


def fits(desk: Desk, lines: Lines) -> bool:
    """Tell whether the lines are as wide as the column of the page."""
    known = desk.gauge.column
    return known > 0 and all(abs(width - known) <= 2.5 for width in lines.widths[:-1])


def full(desk: Desk, lines: Lines) -> bool:
    """Tell whether the first of two lines fills the column of the page, so that nothing more had room: half
    of a torn paragraph. More lines show by themselves how wide they were set."""
    width = desk.gauge.column
    if len(lines.texts) != 2 or width < _COLUMN or any(map(inline_label, lines.texts)):
        return False
    left, right = lines.texts
    return em(left) >= width - 2.5 and not justify.had_room(left, right, width)


_COLUMN = 14  # ems; lists are as narrow


def even(lines: Lines, spread: float) -> bool:
    """Tell whether all lines but the last are nearly as wide as the column; the first may be
    indented by two ems, closing marks may hang out, and none is wider than it."""
    bare = [em(_HANGING.sub("", text)) for text in lines.texts]
    column = max(bare[0] + 2, *bare[1:-1]) if len(bare) > 2 else bare[0] + 2
    body = bare[1:-1] or bare[:1]
    return column - min(*body, bare[0] + 2) <= spread and bare[-1] <= column + 0.5


_HANGING = re.compile(r"[，。、；：！？”’」』）》,.;:!?]{1,3}$")
