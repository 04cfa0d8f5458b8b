"""Stage 4, compose: edition > articles > sections, boxes; metadata; the ledger. Blocks -> Normalized."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .. import ledger
from ..detect import PASSES as DETECT
from ..detect import Desk, Edit, Profile, load, open_desk, run
from ..detect.gauge import language
from ..detect.marks import blocks_of_lines
from ..model import Article, Block, Edition, Kind, Normalized, Piece, Source, plain
from ..repair import PASSES as REPAIR
from ..sorts import source_start
from .article import make_up
from .galley import Galley
from .keywords import propose
from .metadata import gather, pages_of_files
from .queries import ask

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
    folios = pages_of_files(desk, blocks)
    articles = tuple(
        _finished(desk, make_up(galley, f"a{n}", found), _pages(source, found, folios))
        for n, found in enumerate(groups.values(), 1)
    )
    edition = Edition(_title(articles), _lang(desk), articles, gather(desk, blocks, articles))
    rows = ledger.draw_up(source, [*galley.placed, *left])
    made = Normalized(source, edition, rows, ask(desk, blocks, edition, rows))
    ledger.verify(made)
    return made


def _finished(desk: Desk, article: Article, pages: tuple[str, ...]) -> Article:
    """Add what is told from the whole article: keywords, its language where it differs."""
    lang = language((plain(article.title) + plain(article.body))[:500])
    return replace(
        article, pages=pages, keywords=propose(article), lang="" if lang in ("und", _lang(desk)) else lang
    )


def _pages(source: Source, blocks: Sequence[Block], folios: tuple[str, ...]) -> tuple[str, ...]:
    """Return the newspaper pages that an article stands on, in the order of its text."""
    files = dict.fromkeys(source.line_at(source_start(block.pieces)).file for block in blocks)
    return tuple(dict.fromkeys(folios[file] for file in files if folios[file]))


def _lang(desk: Desk) -> str:
    """Return the language of the edition; a page without letters is set as the profile's language."""
    return desk.gauge.lang if desk.gauge.lang != "und" else desk.profile.lang or "zh-Hans"


def _title(articles: Sequence[Article]) -> str:
    """Return the first headline; without one the first kicker, else the first words."""
    for part in ("title", "kicker", "body"):
        for article in articles:
            words = plain(getattr(article, part)).split("\n")[0].strip()
            if words:
                return words if part != "body" else words[:24]
    return ""
