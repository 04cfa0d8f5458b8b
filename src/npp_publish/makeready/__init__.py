"""Makeready: what makes a start quick.

Before a press runs, the printer makes it ready; what was made ready once is kept for the next run.
Nothing here changes what comes out, and nothing is needed: where a file of the cache is missing,
damaged, or not the user's own, the work is done as ever.

stet         answers at once where the same order was filled before and nothing has changed since
store        the drawers of the cache; what else is kept there is told where it is made (`drawer`)
matrices     regular expressions as Python translates them
stereotypes  the methods of data classes as Python compiles them
tables       TOML of our own as it was parsed
bench        room for deep work
apprentice   a child that gets ready for the slowest format before the order is read
plant        which distributions and backends are installed, read quickly

Modules here import as little as they can: they run before everything else.
"""

from __future__ import annotations

from .store import keep

__all__ = ["begin", "keep"]

_LESS_OFTEN = (200_000, 50, 100)
"""Objects between two runs of the garbage collector, by generation."""


def begin() -> None:
    """Start with what is in the store: call it before anything else is imported."""
    import gc

    from . import matrices, stereotypes

    # Imports and trees of text make many objects and few cycles: 30 of 330 ms until all is parsed.
    gc.set_threshold(*_LESS_OFTEN)
    matrices.install()
    stereotypes.install()
