"""The docket: how the words of a call say what is to be made of which pages, one order a document."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from .. import dist
from ..backends import load, names
from ..config import Settings
from ..errors import BackendFailed, UsageError
from ..standing import Order
from ..wishes import is_edition
from .tray import STANDARD_INPUT, kept, named

__all__ = ["how_to_take", "orders_of"]


def how_to_take(parser: argparse.ArgumentParser) -> None:
    """Add how the pages are to be taken."""
    group = parser.add_argument_group("what the pages are")
    group.add_argument(
        "--from",
        dest="kind",
        choices=("auto", "page", "edition"),
        default="auto",
        help="page: raw text; edition: an edited edition.md (enters at stage 5)",
    )
    group.add_argument("--together", action="store_true", help="all inputs make ONE edition, in this order")
    group = parser.add_argument_group("what was made before")
    group.add_argument("--work", type=Path, metavar="DIR", help="where the work folders go")
    group.add_argument("--force", action="store_true", help="rebuild what is up to date")
    group.add_argument(
        "--overwrite", action="store_true", help="replace an edition.md that was edited by hand"
    )


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
    places = [dist.place_for(named(group[0]), folder, single=single, work=words.work) for group in groups]
    dist.refuse_twins([(group[0], place) for group, place in zip(groups, places, strict=True)])
    return [
        _order(words, group, place, tuple(dict.fromkeys(formats)), settings)
        for group, place in zip(groups, places, strict=True)
    ]


def _order(
    words: argparse.Namespace,
    group: Sequence[Path],
    place: dist.Place,
    formats: tuple[str, ...],
    settings: Settings,
) -> Order:
    room = place.work.parent
    files = tuple(kept(room) if path == STANDARD_INPUT else path for path in group)
    return Order(
        inputs=files,
        place=place,
        formats=formats,
        settings=settings,
        edited=words.kind == "edition" or (words.kind == "auto" and is_edition(files[0])),
        again=words.force,
        overwrite=words.overwrite,
    )


def _single(output: Path | None) -> Path | None:
    """Tell whether `-o` names a file: it has a suffix and is no folder."""
    return output if output is not None and output.suffix and not output.is_dir() else None


def _one_format(single: Path, asked: str | None, formats: Sequence[str]) -> tuple[str, ...]:
    if single.suffix == ".md":
        return ()
    fitting = [name for name in names() if _suffix(name) == single.suffix]
    if asked and len(formats) == 1:
        if fitting and not _suffix(formats[0]).endswith(single.suffix):
            hint = f"take --to {fitting[0]}, or another name"
            raise UsageError(f"{single.suffix!r} is no name for {formats[0]}", where=single, hint=hint)
        return tuple(formats)
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
