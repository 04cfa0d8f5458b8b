"""The bench: room for deep work.

Python keeps the variables of running functions on pieces of 16 kB, and gives a piece back as soon as
the function that needed it has ended. Where a loop happens to run at the end of a piece, each of its
rounds asks the system for a piece and returns it: 4,400 times while one page is set, 20 ms. A function
that says that it needs much gets one large piece, and all that it calls works in the rest of it.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

__all__ = ["roomy", "tidied"]

_WORDS = 70_000
"""A little more than half of a mebibyte: Python rounds up to the next power of two. What is not
written to takes no memory."""


def roomy(work: Callable[..., Any]) -> Callable[..., Any]:
    """Return `work` with room for all that it calls, a thousand functions deep."""

    def call(*args: Any) -> Any:
        return work(*args)

    call.__code__ = call.__code__.replace(co_stacksize=_WORDS)
    return call


def tidied() -> None:
    """Give back to the system what was freed between things that are still there: the allocator of the C
    library keeps it otherwise (glibc, `malloc_trim`; elsewhere nothing is done)."""
    import ctypes

    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim:
        trim(0)
