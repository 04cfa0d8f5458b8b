"""`npp-publish build`: pages in, publications out."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from .. import dist
from ..backends import load, names
from ..config import Settings
from ..errors import EXIT_OK, BackendFailed, PublishError, UsageError
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
    settings = settings_from(words)
    return run_orders(words, orders_of(words, settings, settings.build.to))


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
    outcomes: list[Outcome] = []
    for order in orders:
        if len(orders) > 1:
            voice.remark(f"{order.inputs[0]}:")
        try:
            outcome = publish(order, tell=voice.progress, morgue=open_morgue(order.settings.cache))
        except PublishError as error:
            if len(orders) == 1:
                raise
            trouble(error)
            codes.append(error.exit_code)
            continue
        outcomes.append(outcome)
        codes.append(outcome.exit_code)
        voice.findings(outcome.diagnostics)
        if outcome.fresh:
            voice.remark(f"{outcome.document}: nothing changed")
        if not words.json:
            for path in outcome.published:
                give(str(path))
    if getattr(words, "deps", None):
        write_deps(words.deps, list(zip(orders, outcomes, strict=False)))
    code = next((code for code in codes if code), EXIT_OK)
    if words.json:
        give_json({"documents": [_shown(outcome) for outcome in outcomes], "exit": code})
    return code


def _shown(outcome: Outcome) -> dict[str, object]:
    published = [str(path) for path in outcome.published]
    return {**outcome.row, "published": published, "fresh": outcome.fresh, "exit": outcome.exit_code}
