"""Stage 3, repair: unwrap, rejoin, reattach; each decision is a piece with its rule. Blocks -> Blocks.

The order of the passes is the tuple `PASSES` (passes.py). They are imported when they are asked for, as
who sets headlines wants nothing of this room but the words (15 of 160 ms of the PDF's preparations).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .passes import PASSES, repair

__all__ = ["PASSES", "repair"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import passes

    return getattr(passes, name)
