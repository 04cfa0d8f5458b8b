"""Building again: which order a finished file came from, and the same order carried out once more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from .. import dist
from ..colophon import Digests
from ..config import Settings
from ..standing import Order, keys_of
from ..wishes import is_edition

__all__ = ["Rebuild", "orders_of"]


def orders_of(finished: Iterable[Path], sources: Sequence[Path], settings: Settings) -> dict[Path, Order]:
    """Return the order that each finished file came from, as far as that is known.

    What the last run noted counts: its inputs, and the formats that were made together. Without a
    note the file is taken to be made from the source of its name, in the formats of the settings. A
    relative input is looked for from here, as the outputs know it by its name. A
    file whose source or settings are others today has no order: it would differ with good reason.
    """
    named = {dist.safe_stem(source.stem): source for source in sources}
    found = {}
    for path in finished:
        place = dist.place_for(Path(path.name.partition(".")[0]), path.parent)
        order = _noted(path, place, settings)
        source = named.get(path.name.partition(".")[0])
        if order is None and source and not place.record.is_file():
            order = Order((source,), place, settings.build.to, settings, is_edition(source))
        if order:
            found[path] = order
    return found


def _noted(path: Path, place: dist.Place, settings: Settings) -> Order | None:
    record = dist.read_record(place)
    try:
        name = next(row["format"] for row in record["row"]["outputs"] if row["path"] == path.name)
        noted = record["orders"][name]
        inputs = tuple(Path(item) for item in noted["inputs"])
        order = Order(inputs, place, tuple(noted["formats"]), settings, bool(noted["edited"]))
        keys = keys_of(order, Digests(None))
        return order if keys.formats[name] == record["keys"][name] else None
    except (KeyError, TypeError, StopIteration, OSError):
        return None


@dataclass(frozen=True, eq=False)
class Rebuild:
    """Carries out the orders of finished files again, for the judge of reproducibility."""

    orders: Mapping[Path, Order]

    def __call__(self, paths: Sequence[Path], folder: Path) -> list[Path]:
        """Build into `folder`; return the files in the order of `paths`. One that has no order is
        named all the same, and not there."""
        from ..newsroom import publish

        homes: dict[tuple[object, ...], Path] = {}
        made = []
        for path in paths:
            order = self.orders.get(path)
            if order is None:
                made.append(folder / "unknown" / path.name)
                continue
            run = (order.inputs, order.formats)
            if run not in homes:
                homes[run] = folder / str(len(homes))
                build = replace(order.settings.build, keep=True)
                place = dist.Place(homes[run], order.place.stem, homes[run] / dist.WORK / order.place.stem)
                again = replace(order, place=place, settings=replace(order.settings, build=build))
                publish(again, bind=False)
            made.append(homes[run] / path.name)
        return made
