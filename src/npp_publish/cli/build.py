"""`npp-publish build`: pages in, publications out."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from io import StringIO
from pathlib import Path

from .. import config, dist
from ..backends import load, names
from ..colophon import Digests, library_files
from ..config import Settings
from ..errors import EXIT_OK, BackendFailed, PublishError, UsageError
from ..makeready.plant import plant
from ..makeready.stet import note, witness
from ..morgue import open_morgue
from ..newsroom import publish
from ..standing import Order, Outcome
from ..wishes import is_edition
from .arguments import settings_from, talk, tune
from .deps import write_deps
from .voice import Voice, give, give_json, trouble

__all__ = ["configure", "orders_of", "run", "run_orders"]


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `build`."""
    parser.add_argument("inputs", nargs="+", type=Path, metavar="PAGE", help="page files, or an edition.md")
    parser.add_argument("--to", metavar="NAMES", help="formats, as pdf,epub,html (see: npp-publish backends)")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="PLACE", help="output folder, or a file such as page.pdf"
    )
    parser.add_argument("--theme", metavar="NAME", help="a shipped theme or a folder")
    parser.add_argument("--jobs", metavar="N", help="processes at the same time")
    parser.add_argument("--deps", type=Path, metavar="FILE", help="write a dependency rule for Make")
    inputs(parser)
    tune(parser)
    talk(parser)


def inputs(parser: argparse.ArgumentParser) -> None:
    """Add how the inputs are to be taken."""
    parser.add_argument(
        "--from",
        dest="kind",
        choices=("auto", "page", "edition"),
        default="auto",
        help="page: raw text; edition: an edited edition.md (enters at stage 5)",
    )
    parser.add_argument("--together", action="store_true", help="all inputs make ONE edition, in this order")
    parser.add_argument("--work", type=Path, metavar="DIR", help="where the work folders go")
    parser.add_argument("--force", action="store_true", help="rebuild what is up to date")
    parser.add_argument(
        "--overwrite", action="store_true", help="replace an edition.md that was edited by hand"
    )


def run(words: argparse.Namespace) -> int:
    """Publish; the paths of what was published go to standard output."""
    words.looked = _settings_files(words)
    settings = settings_from(words)
    if words.to is not None and not settings.build.to:
        raise UsageError("--to names no format", hint="see: npp-publish backends; or: npp-publish normalize")
    return run_orders(words, orders_of(words, settings, settings.build.to))


def _settings_files(words: argparse.Namespace) -> dict[str, tuple[str, str]]:
    """Look at the files that the settings may come from, before they are read."""
    files = (words.config,) if words.config else config.looked_for(Path.cwd())
    return {str(path): witness(str(path)) for path in files}


def orders_of(words: argparse.Namespace, settings: Settings, formats: Sequence[str]) -> list[Order]:
    """Return one order for each document."""
    single = _single(words.output)
    if single is not None:
        formats = _one_format(single, words.to, formats)
    unknown = [name for name in formats if name not in names()]
    if unknown:
        load(unknown[0])  # raises, with the names that there are
    groups = [tuple(words.inputs)] if words.together else [(path,) for path in words.inputs]
    if single is not None and len(groups) > 1:
        raise UsageError(f"{len(groups)} documents cannot all become {single}", hint="name a folder with -o")
    folder = words.output if words.output and single is None else settings.path("out")
    orders = [
        Order(
            inputs=group,
            place=dist.place_for(group[0], folder, single=single, work=words.work),
            formats=tuple(dict.fromkeys(formats)),
            settings=settings,
            edited=words.kind == "edition" or (words.kind == "auto" and is_edition(group[0])),
            again=words.force,
            overwrite=words.overwrite,
        )
        for group in groups
    ]
    dist.refuse_twins([(order.inputs[0], order.place) for order in orders])
    return orders


def _single(output: Path | None) -> Path | None:
    """Tell whether `-o` names a file: it has a suffix and is no folder."""
    return output if output is not None and output.suffix and not output.is_dir() else None


def _one_format(single: Path, asked: str | None, formats: Sequence[str]) -> tuple[str, ...]:
    if single.suffix == ".md":
        return ()
    if asked and len(formats) == 1:
        return tuple(formats)
    fitting = [name for name in names() if _suffix(name) == single.suffix]
    if not fitting:
        raise UsageError(
            f"no format has the suffix {single.suffix!r}", where=single, hint="see: npp-publish backends"
        )
    return (fitting[0],)


def _suffix(name: str) -> str:
    try:
        return load(name).info.suffix
    except BackendFailed:  # a plugin that is not asked for must not be in the way
        return ""


def run_orders(words: argparse.Namespace, orders: Sequence[Order]) -> int:
    """Publish all orders; one that fails does not stop the others. Returns the first failure's code."""
    voice = Voice(quiet=words.quiet, verbose=words.verbose, json=words.json)
    codes: list[int] = []
    made: list[tuple[Order, Outcome]] = []
    shared: dict[Path, Digests] = {}
    for order in orders:
        if len(orders) > 1:
            voice.remark(f"{order.inputs[0]}:")
        store = order.place.work.parent / "digests.json"
        digests = shared.setdefault(store, Digests(store))
        morgue = open_morgue(order.settings.cache)
        try:
            outcome = publish(order, tell=voice.progress, morgue=morgue, digests=digests, look=True)
        except PublishError as error:
            if len(orders) == 1:
                raise
            trouble(error)
            codes.append(error.exit_code)
            continue
        made.append((order, outcome))
        codes.append(outcome.exit_code)
        _tell(voice, outcome, words)
    if getattr(words, "deps", None):
        write_deps(words.deps, made)
    code = next((code for code in codes if code), EXIT_OK)
    if words.json:
        _tell_all([outcome for _, outcome in made], code)
    if len(made) == len(orders):
        _let_stand(voice, words, made, shared.values())
    return code


def _tell(voice: Voice, outcome: Outcome, words: argparse.Namespace) -> None:
    voice.findings(outcome.diagnostics)
    if outcome.fresh:
        voice.remark(f"{outcome.document}: nothing changed")
    if not words.json:
        for path in outcome.published:
            give(str(path))


def _tell_all(outcomes: Sequence[Outcome], code: int) -> None:
    give_json({"documents": [_shown(outcome) for outcome in outcomes], "exit": code})


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
            _tell_all(outcomes, code)
    note(asked, seen, said.getvalue(), talk.getvalue(), code)


def _shown(outcome: Outcome) -> dict[str, object]:
    published = [str(path) for path in outcome.published]
    return {**outcome.row, "published": published, "fresh": outcome.fresh, "exit": outcome.exit_code}
