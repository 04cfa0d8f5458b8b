"""A hand at the press: what one worker does with one order.

Fetch the inputs, build them as a single build would (in this process, engines kept warm), deliver
what the judges let through. Nothing is raised: whatever happens becomes an `Outcome`.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from itertools import count
from pathlib import Path, PurePosixPath
from tempfile import gettempdir
from typing import Any
from urllib.parse import unquote

from .. import dist, newsroom, pandoc
from ..colophon import Digests, backend_digest, code_digest, digest_of, tool_versions
from ..config import Settings, load
from ..devils import sweep
from ..diagnostics import Diagnostic, Severity
from ..errors import InputUnreadable, PublishError, ToolMissing
from ..press import Inline
from ..standing import Order as Single
from ..standing import themes_of
from ..wishes import is_edition
from .depot import Depot, Store
from .orders import Order, Outcome, Status

__all__ = ["PRELOAD", "get_ready", "print_order", "wishes"]

PRELOAD = ("npp_publish.pressroom.hand", "npp_publish.pipeline", "npp_publish.pressroom.preheat")
"""What workers share: the stages, and the engines of the formats (see `preheat`)."""
_LEAST_ROOM = 8_000_000  # bytes on the disk of the temporary files below which it counts as full
_PICTURE = re.compile(
    r"""!\[[^\]\n]*\]\(<?([^)\s>]+)|\bsrc=["']([^"'\n]+)["']|^cover-image: *["']?([^"'\n]+)""", re.MULTILINE
)
_OF_THE_PLACE = frozenset(("NPP004", "NPP009"))
_DOUBTFUL = 0.9
_SWEPT = 16  # documents after which free memory is given back
_served = count(1)


def wishes(
    formats: Sequence[str],
    *,
    settings: str = "",
    sets: Sequence[str] = (),
    flags: dict[str, object] | None = None,
) -> str:
    """Return the JSON that `Order.settings` holds: formats, settings file, `--set` texts, build flags, and
    digests of everything else that decides what comes out, so that nothing stale counts as done."""
    text = Path(settings).read_text(encoding="utf-8") if settings else ""
    row = {"formats": list(formats), "file": settings, "text": text, "sets": list(sets), "flags": flags or {}}
    row |= {"epoch": os.environ.get("SOURCE_DATE_EPOCH", ""), "maker": _maker(tuple(formats))}
    return json.dumps({**row, "look": _look(_loaded(row))}, ensure_ascii=False, sort_keys=True)


def _maker(formats: tuple[str, ...]) -> str:
    """Return a digest of who prints: our code and fonts, the tools, the backends."""
    makers = [backend_digest(name, _digests()) for name in formats]
    return digest_of([code_digest(_digests()), tool_versions(), makers])


def _look(settings: Settings) -> str:
    """Return a digest of the files that the settings name: theme, style sheets, profile, edits."""
    digests, build = _digests(), settings.build
    folders = [digests.folder(folder) for folder in themes_of(settings)]
    named = [settings.path(key) for key in ("profile", "edits") if getattr(build, key)]
    return digest_of([folders, [digests.file(path) for path in (*settings.styles(), *named)]])


def get_ready() -> None:
    """Make a worker ready before its first order: one pandoc for all of its documents."""
    pandoc.keep()


def print_order(order: Order) -> Outcome:
    """Carry out one order; the outcome says what was published or why not.

    What is wrong with the place (a full disk, a store that does not answer, a missing program) is not
    the page's failure: it is held over.
    """
    began, spent = time.monotonic(), _cpu()
    try:
        outcome = _print(order)
    except PublishError as error:
        reason = f"{error.where}: {error.message}" if error.where else error.message
        outcome = _failed(order, error.code, reason)
    except Exception as error:  # one bad page must never stop the rest
        if os.environ.get("NPP_DEBUG"):
            raise
        outcome = _failed(order, "NPP001", f"{type(error).__name__}: {error}")
    if outcome.code in _OF_THE_PLACE:
        outcome = replace(outcome, status=Status.HELD)
    elif outcome.code and _full():
        outcome = replace(outcome, status=Status.HELD, code="NPP009", reason=f"no room in {gettempdir()}")
    gc.collect()  # what layout leaves is one large cycle; engines are frozen and cost nothing here
    if not next(_served) % _SWEPT:
        sweep()
    seconds, cpu = time.monotonic() - began, _cpu() - spent
    return replace(outcome, seconds=round(seconds, 3), cpu=round(cpu, 3), peak=_peak())


def _cpu() -> float:
    """Processor seconds of this process and of the children that it has waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _full() -> bool:
    try:
        return shutil.disk_usage(gettempdir()).free < _LEAST_ROOM
    except OSError:
        return True


def _peak() -> int:
    """The largest memory of this process so far in megabytes, 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0
    return int(
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    )


def _failed(order: Order, code: str, reason: str) -> Outcome:
    return Outcome(order.key, order.digest, Status.FAILED, code=code, reason=_line(reason))


def _line(text: str) -> str:
    return " ".join(text.split())[:500]


def _print(order: Order) -> Outcome:
    Path(gettempdir()).mkdir(parents=True, exist_ok=True)  # a long run outlives what clears old files
    formats, settings = _settings(order.settings)
    with tempfile.TemporaryDirectory(prefix="npp-") as scratch:
        inputs = _fetch(order.inputs, Path(scratch) / "in")
        source = inputs[0] if len(inputs) == 1 else Path(PurePosixPath(order.key).name)
        place = dist.place_for(source, Path(scratch) / "out", work=Path(scratch) / "work")
        edited = len(inputs) == 1 and is_edition(inputs[0])
        single = Single(inputs, place, formats, settings, edited=edited)
        made = newsroom.publish(single, press=_press(formats), bind=False, digests=_digests())
        published = tuple(path for path in made.published if path.is_relative_to(place.folder))
        files = _deliver(Depot.of(order.out), str(PurePosixPath(order.key).parent), published)
        doubts, sure = _confidence(place.target(".ledger.json"))
    warnings = sum(item.severity is Severity.WARNING for item in made.diagnostics)
    outcome = Outcome(order.key, order.digest, Status.PUBLISHED, files, "", "", warnings, doubts, sure)
    if made.exit_code:
        code, reason = _worst(made.diagnostics, made.exit_code)
        return replace(outcome, status=Status.FAILED, code=code, reason=_line(reason))
    return outcome


def _confidence(ledger: Path) -> tuple[int, float]:
    """Return how many decisions of a ledger are doubtful, and how sure the least sure one is."""
    if not ledger.is_file():
        return 0, 1.0
    rows = json.loads(ledger.read_text(encoding="utf-8"))["entries"]
    sure = [float(row.get("conf", 1)) for row in rows]
    return sum(one < _DOUBTFUL for one in sure), min(sure, default=1.0)


def _worst(found: tuple[Diagnostic, ...], exit_code: int) -> tuple[str, str]:
    for item in found:
        if item.severity is Severity.ERROR:
            return item.code, item.message
    return f"NPP{exit_code:03}", "warnings under --strict" if exit_code == 8 else "not published"


@lru_cache(maxsize=4)
def _settings(text: str) -> tuple[tuple[str, ...], Settings]:
    """Settings of a run, once a worker. Raises ToolMissing where this worker would print otherwise than
    the foreman's machine: another release, other tools or fonts."""
    row = json.loads(text)
    formats = tuple(row["formats"])
    if row.get("maker", "") not in ("", _maker(formats)):
        hint = "install the same npp-publish and the same libraries on every machine"
        raise ToolMissing("this worker has another npp-publish, or other tools, than the foreman", hint=hint)
    if row.get("epoch"):
        os.environ["SOURCE_DATE_EPOCH"] = row["epoch"]
    return formats, _loaded(row)


def _loaded(row: Mapping[str, Any]) -> Settings:
    """Load settings from what travels with an order: a worker may not see the file itself."""
    if row["text"]:
        with tempfile.TemporaryDirectory(prefix="npp-") as folder:
            path = Path(folder) / "npp.toml"
            path.write_text(row["text"], encoding="utf-8")
            settings = load(path, sets=row["sets"], flags=row["flags"])
    else:
        settings = load(None, sets=row["sets"], flags=row["flags"])
    build = replace(settings.build, keep=False)  # the work folders go with the scratch
    origin = Path(row["file"]) if row["file"] else None
    return replace(settings, origin=origin, build=build)


@lru_cache(maxsize=1)
def _digests() -> Digests:
    """What this worker remembers of themes, fonts and code, so that they are read once."""
    return Digests()


@lru_cache(maxsize=4)
def _press(formats: tuple[str, ...]) -> Inline:
    press = Inline()
    press.warm(formats, Path(tempfile.gettempdir()))
    return press


def _fetch(names: Sequence[str], folder: Path) -> tuple[Path, ...]:
    """Return local files: the inputs themselves, or copies of remote ones under their own names, with
    the pictures that they name beside them."""
    files = []
    for name in names:
        if "://" not in name:
            files.append(Path(name))
            continue
        home = folder / hashlib.sha256(name.rpartition("/")[0].encode()).hexdigest()[:12]
        home.mkdir(parents=True, exist_ok=True)
        store, data = Depot.of(name), Depot.of(name).read(name)
        target = home / PurePosixPath(name).name
        target.write_bytes(data)
        for picture in sorted(_pictures(data)):
            with suppress(InputUnreadable):  # missing ones are told by stage 6
                content = store.read(f"{name.rpartition('/')[0]}/{picture}")
                (home / picture).parent.mkdir(parents=True, exist_ok=True)
                (home / picture).write_bytes(content)
        files.append(target)
    return tuple(files)


def _pictures(page: bytes) -> set[str]:
    """Return the names of pictures below the page's folder that its text may ask for."""
    found = (next(filter(None, match)) for match in _PICTURE.findall(page.decode("utf-8", "replace")))
    names = {unquote(name.strip()) for name in found}
    return {name for name in names if not ({"..", "", "."} & set(name.split("/"))) and ":" not in name}


def _deliver(store: Store, folder: str, paths: tuple[Path, ...]) -> tuple[tuple[str, str, int], ...]:
    """Bring the files to their place; each appears whole or not at all."""
    rows = []
    for path in sorted(paths):
        data = path.read_bytes()
        name = path.name if folder == "." else f"{folder}/{path.name}"
        store.write(name, data)
        rows.append((name, hashlib.sha256(data).hexdigest(), len(data)))
    return tuple(rows)
