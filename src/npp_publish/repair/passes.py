"""The passes of stage 3 in their order.

Rules of confidence C need two independent signals, rules of confidence D are applied only where the page
shows a systematic cause; both keep the reading that was not taken, so that an editor can turn them by
the number of the decision.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..detect import Desk, Edit, Pass, Profile, load, open_desk, run
from ..model import Block, Source
from . import (
    articles,
    boxes,
    confusion,
    continuation,
    foundling,
    headgap,
    lonely,
    marks,
    spacing,
    titles,
    torn,
    unwrap,
)

__all__ = ["PASSES", "repair"]

PASSES: tuple[Pass, ...] = (
    unwrap.find,  # what each line break means
    boxes.find,  # what is set apart, and where it ends
    articles.divide,  # where articles begin; titles, kickers, sections
    continuation.reunite,  # 上接 meets 下转
    titles.attach,  # headlines that were displaced
    lonely.promote,  # kickers without a headline
    foundling.bring_home,  # paragraphs that landed in another article
    torn.mend,  # sentences that were interrupted
    headgap.close_up,  # gaps in headlines: pauses or printed line breaks
    spacing.close_up,  # stray spaces between Chinese characters
    marks.set_right,  # doubled and half-width marks, straight quotes, full-width digits
    confusion.set_right,  # look-alikes of a reading machine
)


def repair(
    source: Source,
    blocks: tuple[Block, ...],
    profile: Profile | None = None,
    *,
    edits: Sequence[Edit] = (),
    desk: Desk | None = None,
) -> tuple[Block, ...]:
    """Return the repaired blocks; their pieces still partition the source."""
    return run(PASSES, desk or open_desk(source, profile or load(), edits), blocks)
