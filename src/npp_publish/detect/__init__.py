"""Stage 2, detect: what each run of lines is. Source -> Blocks, each with confidence and reason.

The order of the passes is the tuple `PASSES`. A pass recognises one phenomenon and says so in the
kind of a block; it never changes what is read, except that marks and furniture are dropped.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..model import Block, Source
from . import (
    bold,
    broken,
    byline,
    caption,
    dateline,
    doubled,
    flat,
    furniture,
    headline,
    jumpline,
    letterspace,
    radicals,
    stack,
)
from .desk import Desk, Edit, Pass, open_desk, run
from .marks import blocks_of_lines
from .profile import Profile, load, shipped

__all__ = ["PASSES", "Desk", "Edit", "Pass", "Profile", "detect", "load", "open_desk", "run", "shipped"]

PASSES: tuple[Pass, ...] = (
    radicals.set_right,  # ⼀ is 一: first, so that all others can read
    doubled.read_once,  # lines printed twice to look bold
    letterspace.close_up,  # 网 红 主 播
    stack.join,  # headlines of several marked lines
    flat.unfold,  # whole pages in one line
    bold.find,  # bold lines that are headings
    furniture.find,  # folios, imprints, hotlines, mastheads, site footers
    broken.close_up,  # （下转第 / 5版）
    jumpline.find,  # 下转5版, 上接A1版, Continued on page 6
    dateline.find,  # （新华社北京3月6日电）, 本报深圳5月18日电
    byline.find,  # □本报记者 张三 通讯员 李四
    caption.find,  # pictures and lines that end in 摄
    headline.find,  # headings without marks
)


def detect(
    source: Source, profile: Profile | None = None, *, edits: Sequence[Edit] = (), desk: Desk | None = None
) -> tuple[Block, ...]:
    """Return the blocks of a source; their pieces partition it."""
    desk = desk or open_desk(source, profile or load(), edits)
    return run(PASSES, desk, blocks_of_lines(desk))
