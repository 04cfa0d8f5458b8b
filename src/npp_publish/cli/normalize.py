"""`npp-publish normalize`: stages 1-5, the Markdown and the ledger."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..errors import UsageError
from .arguments import settings_from, talk, tune
from .build import run_orders
from .docket import how_to_take, orders_of
from .proofsheet import is_wanted, pull
from .tray import emptied

__all__ = ["configure", "run"]


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `normalize`."""
    parser.add_argument(
        "inputs",
        nargs="+",
        type=Path,
        metavar="PAGE",
        help="page files, folders of them, or - for standard input",
    )
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="PLACE",
        help="output folder, a file such as page.md, or - to print",
    )
    how_to_take(parser)
    tune(parser)
    talk(parser)


def run(words: argparse.Namespace) -> int:
    """Write the Markdown and the ledger, or print the Markdown."""
    words.to = None
    settings = settings_from(words)
    words.inputs = emptied(words.inputs)
    if is_wanted(words.output):
        return pull(words, settings, ())
    if words.output is not None and words.output.suffix not in ("", ".md") and not words.output.is_dir():
        raise UsageError("normalize writes Markdown", where=words.output, hint="name a folder or a .md file")
    return run_orders(words, orders_of(words, settings, ()))
