"""What the layout engine complains of while it works, each complaint once."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from .chase import forget

__all__ = ["complaints"]


class _Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: dict[str, None] = {}

    def emit(self, record: logging.LogRecord) -> None:
        self.heard[record.getMessage()] = None


@contextmanager
def complaints() -> Iterator[list[str]]:
    """Collect complaints; the list that is given is filled at the end."""
    logger, listener, heard = logging.getLogger("weasyprint"), _Listener(), list[str]()
    propagated, logger.propagate = logger.propagate, False
    logger.addHandler(listener)
    try:
        yield heard
    finally:
        logger.removeHandler(listener)
        logger.propagate = propagated
        heard += listener.heard
        if heard:
            forget()
