"""`npp-publish normalize`: stages 1-5, the Markdown and the ledger."""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import replace
from pathlib import Path

from .. import dist
from ..errors import UsageError
from ..newsroom import publish
from .arguments import settings_from, talk, tune
from .build import inputs, orders_of, run_orders
from .voice import Voice, give

__all__ = ["configure", "run"]


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `normalize`."""
    parser.add_argument("inputs", nargs="+", type=Path, metavar="PAGE", help="page files")
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="PLACE",
        help="output folder, a file such as page.md, or - to print",
    )
    inputs(parser)
    tune(parser)
    talk(parser)


def run(words: argparse.Namespace) -> int:
    """Write the Markdown and the ledger, or print the Markdown."""
    words.to = None
    settings = settings_from(words)
    if str(words.output) != "-":
        return run_orders(words, orders_of(words, settings, ()))
    if len(words.inputs) > 1 and not words.together:
        raise UsageError(
            "only one edition can be printed", hint="name one page, or join them with --together"
        )
    with tempfile.TemporaryDirectory(prefix="npp-") as folder:
        words.output = Path(folder)
        (order,) = orders_of(words, settings, ())
        order = replace(order, place=dist.place_for(order.inputs[0], Path(folder)))
        voice = Voice(quiet=words.quiet, verbose=words.verbose)
        outcome = publish(order, tell=voice.progress, bind=False)
        voice.findings(outcome.diagnostics)
        give(order.place.target(".md").read_text(encoding="utf-8").removesuffix("\n"))
    return outcome.exit_code
