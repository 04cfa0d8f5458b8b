"""`npp-publish preview`: publish again whenever something changes, with engines kept warm."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from ..errors import EXIT_OK, PublishError, UsageError
from ..morgue import open_morgue
from ..newsroom import publish
from ..press.journeymen import Children
from ..standing import Order
from . import build
from .arguments import settings_from
from .deps import needed
from .docket import orders_of
from .proofsheet import is_wanted
from .tray import STANDARD_INPUT, emptied
from .voice import Voice, give, say, trouble

__all__ = ["configure", "run", "watch"]

_EVERY = 0.3  # seconds between two looks at the files


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `preview`: those of `build`."""
    build.configure(parser)


def run(words: argparse.Namespace) -> int:
    """Publish now, and again after every change, until interrupted."""
    if STANDARD_INPUT in words.inputs:
        raise UsageError("standard input never changes", hint="name a file, or build it once")
    if is_wanted(words.output):
        raise UsageError("a preview is a file", hint="name a folder or a file with -o")
    settings = settings_from(words)
    words.inputs = emptied(words.inputs)
    orders = orders_of(words, settings, settings.build.to)
    voice = Voice(quiet=words.quiet, verbose=words.verbose)
    with Children(jobs=settings.build.jobs, seconds=settings.limits.seconds) as press:
        watch(orders, lambda order: _show(order, press, voice))
    return EXIT_OK


def _show(order: Order, press: Children, voice: Voice) -> None:
    """Publish one document; a failure is told and the watch goes on."""
    began = time.perf_counter()
    try:
        outcome = publish(order, press=press, tell=voice.progress, morgue=open_morgue(order.settings.cache))
    except PublishError as error:
        trouble(error)
        return
    voice.findings(outcome.diagnostics)
    for path in outcome.published:
        give(str(path))
    say(f"{outcome.document}: {time.perf_counter() - began:.2f} s; waiting for changes (Ctrl-C ends)")


def watch(orders: Sequence[Order], show: Callable[[Order], None], *, rounds: int = 0) -> None:
    """Call `show` for every order, and again when one of its files changes.

    `rounds` ends the watch after so many calls (0: never).
    """
    seen: dict[Path, object] = {}
    calls = 0
    while True:
        for order in orders:
            now = {path: _state(path) for path in needed(order)}
            if any(seen.get(path) != state for path, state in now.items()):
                show(order)
                calls += 1
                if calls == rounds:
                    return
            seen.update(now)
        time.sleep(_EVERY)


def _state(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
