"""`-o -`: one document in one format, made aside and handed out on standard output."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from .. import dist
from ..config import Settings
from ..errors import UsageError
from ..newsroom import publish
from ..standing import Outcome
from .counter import hand_out_bytes
from .docket import orders_of
from .voice import Voice, give

__all__ = ["is_wanted", "pull"]


def is_wanted(output: Path | None) -> bool:
    """Tell whether `-o` asks for standard output."""
    return str(output) == "-"


def pull(words: argparse.Namespace, settings: Settings, formats: Sequence[str]) -> int:
    """Print one document: its only format, or its Markdown where none is asked for. Nothing else is kept.

    Raises UsageError where that is not one file, or no text for a terminal.
    """
    _only_one(words, formats)
    with tempfile.TemporaryDirectory(prefix="npp-") as folder:
        words.output = Path(folder)
        words.work = None
        (order,) = orders_of(words, settings, formats)
        order = replace(order, place=dist.place_for(order.inputs[0], Path(folder)))
        voice = Voice(quiet=words.quiet, verbose=words.verbose)
        outcome = publish(order, tell=voice.progress, bind=False)
        voice.findings(outcome.diagnostics)
        for path in _wanted(outcome, formats):
            _print(path)
    return outcome.exit_code


def _only_one(words: argparse.Namespace, formats: Sequence[str]) -> None:
    if len(words.inputs) > 1 and not words.together:
        raise UsageError(
            "only one edition can be printed", hint="name one page, or join them with --together"
        )
    if len(formats) > 1:
        hint = f"name it with --to, as --to {formats[0]}"
        raise UsageError(f"one format can be printed, not {', '.join(formats)}", hint=hint)
    for option in ("json", "deps"):
        if getattr(words, option, None):
            raise UsageError(
                f"--{option} and -o - do not go together", hint="name a folder or a file with -o"
            )


def _wanted(outcome: Outcome, formats: Sequence[str]) -> list[Path]:
    """Return the file to print, if it was published."""
    format_ = formats[0] if formats else "md"
    names = {row["path"] for row in outcome.row["outputs"] if row["format"] == format_}
    return [path for path in outcome.published if path.name in names]


def _print(path: Path) -> None:
    data = path.read_bytes()
    if not sys.stdout.isatty():
        hand_out_bytes(data)
        return
    try:
        give(data.decode("utf-8").removesuffix("\n"))
    except UnicodeDecodeError as error:
        hint = f"send it into a file or a program, as ... -o - > {path.name}"
        raise UsageError(f"{path.suffix} is nothing for a terminal", hint=hint) from error
