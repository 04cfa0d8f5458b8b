"""`npp-publish cache`: what is kept of earlier work, and how to get rid of it."""

from __future__ import annotations

import argparse

from ..makeready.store import clear
from ..morgue import open_morgue
from .arguments import configured, settings_from
from .voice import give, give_json

__all__ = ["configure", "run"]


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `cache`."""
    parser.add_argument("--clear", action="store_true", help="remove everything")
    parser.add_argument("--json", action="store_true", help="print JSON")
    configured(parser)


def run(words: argparse.Namespace) -> int:
    """Show the folder, the number of entries and their size; or clear it."""
    morgue = open_morgue(settings_from(words).cache)
    gone = morgue.trim(0) if words.clear else 0
    if words.clear:
        clear()
    shelves = morgue.shelves()
    size = sum(shelf.size for shelf in shelves)
    if words.json:
        give_json({"folder": str(morgue.folder), "entries": len(shelves), "bytes": size, "removed": gone})
        return 0
    if words.clear:
        give(f"removed {gone} entries")
    give(f"{morgue.folder}: {len(shelves)} entries, {size / 1e6:.1f} of {morgue.most / 1e6:.0f} MB")
    return 0
