"""A hand at the press: what one worker does with one order.

Fetch the inputs, build them as a single build would (in this process, engines kept warm), deliver
what the judges let through. Nothing is raised: whatever happens becomes an `Outcome`.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path, PurePosixPath

from .. import dist, newsroom
from ..colophon import Digests
from ..config import Settings, load
from ..diagnostics import Diagnostic, Severity
from ..errors import PublishError
from ..press import Inline
from ..standing import Order as Single
from .depot import Depot, Store
from .orders import Order, Outcome, Status

__all__ = ["print_order", "wishes"]


def wishes(
    formats: Sequence[str],
    *,
    settings: str = "",
    sets: Sequence[str] = (),
    flags: dict[str, object] | None = None,
) -> str:
    """Return the JSON that `Order.settings` holds: formats, settings file, `--set` texts, build flags."""
    text = Path(settings).read_text(encoding="utf-8") if settings else ""
    row = {"formats": list(formats), "file": settings, "text": text, "sets": list(sets), "flags": flags or {}}
    return json.dumps(row, ensure_ascii=False, sort_keys=True)


def print_order(order: Order) -> Outcome:
    """Carry out one order; the outcome says what was published or why not."""
    began = time.monotonic()
    try:
        outcome = _print(order)
    except PublishError as error:
        reason = f"{error.where}: {error.message}" if error.where else error.message
        outcome = _failed(order, error.code, reason)
    except Exception as error:  # one bad page must never stop the rest
        if os.environ.get("NPP_DEBUG"):
            raise
        outcome = _failed(order, "NPP001", f"{type(error).__name__}: {error}")
    return replace(outcome, seconds=round(time.monotonic() - began, 3))


def _failed(order: Order, code: str, reason: str) -> Outcome:
    line = " ".join(reason.split())[:500]
    return Outcome(order.key, order.digest, Status.FAILED, code=code, reason=line)


def _print(order: Order) -> Outcome:
    formats, settings = _settings(order.settings)
    with tempfile.TemporaryDirectory(prefix="npp-") as scratch:
        inputs = tuple(_fetch(name, Path(scratch) / "in") for name in order.inputs)
        source = inputs[0] if len(inputs) == 1 else Path(PurePosixPath(order.key).name)
        place = dist.place_for(source, Path(scratch) / "out", work=Path(scratch) / "work")
        single = Single(inputs, place, formats, settings)
        made = newsroom.publish(single, press=_press(formats), bind=False, digests=_digests())
        files = _deliver(Depot.of(order.out), str(PurePosixPath(order.key).parent), made.published)
    warnings = sum(item.severity is Severity.WARNING for item in made.diagnostics)
    if made.exit_code:
        code, reason = _worst(made.diagnostics, made.exit_code)
        return replace(_failed(order, code, reason), files=files, warnings=warnings)
    return Outcome(order.key, order.digest, Status.PUBLISHED, files, warnings=warnings)


def _worst(found: tuple[Diagnostic, ...], exit_code: int) -> tuple[str, str]:
    for item in found:
        if item.severity is Severity.ERROR:
            return item.code, item.message
    return f"NPP{exit_code:03}", "warnings under --strict" if exit_code == 8 else "not published"


@lru_cache(maxsize=4)
def _settings(text: str) -> tuple[tuple[str, ...], Settings]:
    """Settings of a run; the file's text travels with the order, as a worker may not see the file."""
    row = json.loads(text)
    path = None
    with tempfile.TemporaryDirectory(prefix="npp-") as folder:
        if row["text"]:
            path = Path(folder) / "npp.toml"
            path.write_text(row["text"], encoding="utf-8")
        settings = load(path, sets=row["sets"], flags=row["flags"])
    build = replace(settings.build, keep=False)  # the work folders go with the scratch
    origin = Path(row["file"]) if row["file"] else None
    return tuple(row["formats"]), replace(settings, origin=origin, build=build)


@lru_cache(maxsize=1)
def _digests() -> Digests:
    """What this worker remembers of themes, fonts and code, so that they are read once."""
    return Digests()


@lru_cache(maxsize=4)
def _press(formats: tuple[str, ...]) -> Inline:
    press = Inline()
    press.warm(formats, Path(tempfile.gettempdir()))
    return press


def _fetch(name: str, folder: Path) -> Path:
    """Return a local file: the input itself, or a copy of a remote one under its own name."""
    if "://" not in name:
        return Path(name)
    data = Depot.of(name).read(name)
    target = folder / hashlib.sha256(name.encode()).hexdigest()[:12] / PurePosixPath(name).name
    target.parent.mkdir(parents=True)
    target.write_bytes(data)
    return target


def _deliver(store: Store, folder: str, paths: tuple[Path, ...]) -> tuple[tuple[str, str, int], ...]:
    """Bring the files to their place; each appears whole or not at all."""
    rows = []
    for path in sorted(paths):
        data = path.read_bytes()
        name = path.name if folder == "." else f"{folder}/{path.name}"
        store.write(name, data)
        rows.append((name, hashlib.sha256(data).hexdigest(), len(data)))
    return tuple(rows)
