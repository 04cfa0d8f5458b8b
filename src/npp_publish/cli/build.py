"""`npp-publish build`: pages in, publications out."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from io import StringIO
from pathlib import Path

from .. import config
from ..colophon import Digests, library_files
from ..errors import EXIT_OK, PublishError, UsageError
from ..makeready.plant import plant
from ..makeready.stet import note, witness
from ..morgue import open_morgue
from ..newsroom import publish
from ..standing import Order, Outcome
from .arguments import settings_from, talk, tune
from .deps import write_deps
from .docket import how_to_take, orders_of
from .proofsheet import is_wanted, pull
from .tray import emptied
from .voice import Voice, failure, give, give_json, trouble

__all__ = ["configure", "run", "run_orders"]


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `build`."""
    parser.add_argument(
        "inputs",
        nargs="+",
        type=Path,
        metavar="PAGE",
        help="page files, folders of them, an edition.md, or - for standard input",
    )
    parser.add_argument("--to", metavar="NAMES", help="formats, as pdf,epub,html (see: npp-publish backends)")
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="PLACE",
        help="output folder, a file such as page.pdf, or - to print",
    )
    parser.add_argument("--theme", metavar="NAME", help="a shipped theme or a folder")
    parser.add_argument("--jobs", metavar="N", help="processes at the same time")
    parser.add_argument("--deps", type=Path, metavar="FILE", help="write a dependency rule for Make")
    how_to_take(parser)
    tune(parser)
    talk(parser)


def run(words: argparse.Namespace) -> int:
    """Publish; the paths of what was published go to standard output."""
    words.looked = _looked_at(words)
    settings = settings_from(words)
    if words.to is not None and not settings.build.to:
        raise UsageError("--to names no format", hint="see: npp-publish backends; or: npp-publish normalize")
    words.inputs = emptied(words.inputs)
    if is_wanted(words.output):
        return pull(words, settings, settings.build.to)
    return run_orders(words, orders_of(words, settings, settings.build.to))


def _looked_at(words: argparse.Namespace) -> dict[str, tuple[str, str]]:
    """Look at the files that the settings may come from, before they are read, and at folders of pages.
    Where the pages are not known by their names, nothing will be known of a call like this one."""
    if not all(path.exists() for path in words.inputs):  # standard input, a pattern, a slip
        return {}
    files = (words.config,) if words.config else config.looked_for(Path.cwd())
    folders = (path for path in words.inputs if path.is_dir())
    return {str(path): witness(str(path)) for path in (*files, *folders)}


def run_orders(words: argparse.Namespace, orders: Sequence[Order]) -> int:
    """Publish all orders; one that fails does not stop the others. Returns the first failure's code."""
    voice = Voice(quiet=words.quiet, verbose=words.verbose, json=words.json)
    shared: dict[Path, Digests] = {}
    came_of = [_publish(order, words, voice, shared, alone=len(orders) == 1) for order in orders]
    made = [(order, what) for order, what in zip(orders, came_of, strict=True) if isinstance(what, Outcome)]
    failed = [failure(what) for what in came_of if isinstance(what, PublishError)]
    code = next((what.exit_code for what in came_of if what.exit_code), EXIT_OK)
    if getattr(words, "deps", None):
        write_deps(words.deps, made)
    if words.json:
        _tell_all([outcome for _, outcome in made], failed, code)
    if not failed:
        _let_stand(voice, words, made, shared.values())
    return code


def _publish(
    order: Order, words: argparse.Namespace, voice: Voice, shared: dict[Path, Digests], *, alone: bool
) -> Outcome | PublishError:
    """Publish one document and tell it. One of several that fails is told and returned as its error; one
    that is alone raises it."""
    if not alone:
        voice.remark(f"{order.inputs[0]}:")
    store = order.place.work.parent / "digests.json"
    digests = shared.setdefault(store, Digests(store))
    morgue = open_morgue(order.settings.cache)
    try:
        outcome = publish(order, tell=voice.progress, morgue=morgue, digests=digests, look=True)
    except PublishError as error:
        if alone:
            raise
        trouble(error)
        return error
    _tell(voice, outcome, words)
    return outcome


def _tell(voice: Voice, outcome: Outcome, words: argparse.Namespace) -> None:
    voice.findings(outcome.diagnostics)
    if outcome.fresh:
        voice.remark(f"{outcome.document}: nothing changed")
    if not words.json:
        for path in outcome.published:
            give(str(path))


def _tell_all(outcomes: Sequence[Outcome], failed: Sequence[Mapping[str, str]], code: int) -> None:
    give_json({"documents": [_shown(outcome) for outcome in outcomes], "failed": failed, "exit": code})


def _let_stand(
    voice: Voice,
    words: argparse.Namespace,
    made: Sequence[tuple[Order, Outcome]],
    digests: Iterable[Digests],
) -> None:
    """Remember what is to be said when the same is asked for and nothing has changed."""
    asked, looked = getattr(words, "asked", None), getattr(words, "looked", None)
    if not asked or not looked or words.force or words.overwrite or words.deps:
        return
    libraries = library_files()
    outcomes = [replace(outcome, fresh=True) for _, outcome in made]
    if libraries is None or not all(outcome.seen for outcome in outcomes):
        return
    seen = {**plant().seen, **looked, **{path: witness(path) for path in libraries}}
    for known in digests:
        seen |= known.seen
    with redirect_stdout(StringIO()) as said, redirect_stderr(StringIO()) as talk:
        for (order, _), outcome in zip(made, outcomes, strict=True):
            if len(made) > 1:
                voice.remark(f"{order.inputs[0]}:")
            _tell(voice, outcome, words)
        code = next((outcome.exit_code for outcome in outcomes if outcome.exit_code), EXIT_OK)
        if words.json:
            _tell_all(outcomes, (), code)
    note(asked, seen, said.getvalue(), talk.getvalue(), code)


def _shown(outcome: Outcome) -> dict[str, object]:
    published = [str(path) for path in outcome.published]
    return {**outcome.row, "published": published, "fresh": outcome.fresh, "exit": outcome.exit_code}
