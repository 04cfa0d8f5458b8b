"""Framed: what fences (`::: box` ... `:::`) set apart in the source is a box, whatever its title.

Rationale: a text layer tells where a frame or a ground was printed, and converters write fences for the
text boxes of a document. What stands between is a box (A), unless it is signed or long: papers frame
whole articles too. Case file: tests/cases/framed.md.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..detect.gauge import em
from ..detect.marks import FENCE, FENCE_END
from ..model import Block, Kind

__all__ = ["fenced", "split"]

_SKIP = (Kind.BLANK, Kind.FURNITURE)
_MOST = 60  # blocks
_LONGEST = 1500  # characters; a longer text in a frame is an article
_TITLE = 26  # ems
_HEADS = (Kind.HEADLINE, Kind.SUBHEAD, Kind.LABEL)


def fenced(blocks: Sequence[Block], place: int) -> tuple[int, ...]:
    """Return the places of what is printed between the fence at `place` and the next, if it is a box."""
    if not _is_fence(blocks[place], FENCE):
        return ()
    members: list[int] = []
    for here in range(place + 1, min(len(blocks), place + _MOST)):
        if _is_fence(blocks[here], FENCE, FENCE_END):
            signed = any(blocks[n].kind in (Kind.BYLINE, Kind.DATELINE) for n in members)
            long = sum(len(blocks[n].text) for n in members) > _LONGEST
            return () if signed or long else tuple(members)
        if blocks[here].kind not in _SKIP:
            members.append(here)
    return ()


def split(blocks: Sequence[Block], members: tuple[int, ...]) -> tuple[int, tuple[int, ...]]:
    """Return the place of the title among the members (-1: none), and the others."""
    first = blocks[members[0]]
    bare = (
        first.kind is Kind.PARAGRAPH and em(first.text) <= _TITLE and first.text[-1:] not in "。！？…，；：:"
    )
    if len(members) > 1 and (first.kind in _HEADS or bare):
        return members[0], members[1:]
    return -1, members


def _is_fence(block: Block, *kinds: str) -> bool:
    return block.kind is Kind.FURNITURE and any(piece.why in kinds for piece in block.pieces)
