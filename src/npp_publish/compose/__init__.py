"""Stage 4, compose: edition > articles > sections, boxes; metadata; the ledger. Blocks -> Normalized."""

from __future__ import annotations

from collections.abc import Sequence

from .. import ledger
from ..detect import PASSES as DETECT
from ..detect import Desk, Edit, Profile, load, open_desk, run
from ..detect.marks import blocks_of_lines
from ..model import Block, Edition, Kind, Normalized, Piece, Source, plain
from ..repair import PASSES as REPAIR
from .article import Galley, make_up

__all__ = ["compose", "normalize"]


def normalize(source: Source, profile: Profile | None = None, edits: Sequence[Edit] = ()) -> Normalized:
    """Run stages 2-4 on a source: detect, repair, compose.

    `profile` holds a paper's habits (default: what papers have in common), `edits` an editor's
    decisions by their number in the ledger. Raises InvariantBroken if a character was lost.
    """
    profile = profile or load()
    desk = open_desk(source, profile, edits)
    blocks = run((*DETECT, *REPAIR), desk, blocks_of_lines(desk))
    return compose(source, blocks, profile, desk=desk)


def compose(
    source: Source, blocks: tuple[Block, ...], profile: Profile | None = None, *, desk: Desk | None = None
) -> Normalized:
    """Make the edition of repaired blocks, and draw up its ledger."""
    desk = desk or open_desk(source, profile or load())
    galley = Galley(desk)
    groups: dict[str, list[Block]] = {}
    left: list[tuple[str, tuple[Piece, ...]]] = []
    for block in blocks:
        if block.kind in (Kind.BLANK, Kind.FURNITURE):
            left.append(("", block.pieces))
        else:
            groups.setdefault(block.article, []).append(block)
    articles = tuple(make_up(galley, f"a{n}", found) for n, found in enumerate(groups.values(), 1))
    title = next((plain(article.title) for article in articles if article.title), "")
    edition = Edition(title, desk.gauge.lang, articles)
    rows = ledger.draw_up(source, [*galley.placed, *left])
    made = Normalized(source, edition, rows)
    ledger.verify(made)
    return made
