"""Word ahead: a backend tells, before its file is finished, that those who follow it may begin.

An e-book is keyed to the pages of a PDF, and where those begin is known once they are laid out. Who
gives his word stands by it: where the finished file turns out otherwise, he gives it again, and what
followed is made once more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..model import Artifact

__all__ = ["awaited", "give", "listening"]

_listener: Callable[[Artifact], None] | None = None


@contextmanager
def listening(listener: Callable[[Artifact], None] | None) -> Iterator[None]:
    """Let `listener` hear what the backend at work says; None where nobody waits for it."""
    global _listener
    before, _listener = _listener, listener
    try:
        yield
    finally:
        _listener = before


def awaited() -> bool:
    """Tell whether another format waits for word."""
    return _listener is not None


def give(artifact: Artifact) -> None:
    """Say that those who follow may begin with what lies in the work folder; the file of `artifact` need
    not be there yet."""
    if _listener is not None:
        _listener(artifact)
