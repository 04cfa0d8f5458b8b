"""Orders: what is to be printed, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

from ..errors import InputUnreadable, UsageError
from ..source.folio import natural
from ..source.formats import SUFFIXES
from .depot import Depot, Item

__all__ = ["Executor", "Order", "Outcome", "Status", "gather", "parse_shard", "share"]


@dataclass(frozen=True, slots=True)
class Order:
    """One document to print. `key` names it in the run (its path without suffix, below the input
    root) and decides where its files go: `out/<folder of key>/`. `digest` changes whenever the
    inputs or the settings do. `settings` is JSON for the worker."""

    key: str
    inputs: tuple[str, ...]
    out: str
    settings: str
    digest: str


class Status(StrEnum):
    """What came of an order."""

    PUBLISHED = "published"
    FAILED = "failed"  # the page's fault: it stays so until the page or the settings change
    HELD = "held"  # held over: the place's fault, not the page's; the same command tries again


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one order: files as (name below `out`, sha256, bytes), or a code and a reason.

    `doubts` is the number of decisions of the repair that are less sure than 0.9, `sure` the least
    sure one (0..1); `seconds` is wall time, `cpu` that of the processor, `peak` the worker's largest
    memory so far, in megabytes.
    """

    key: str
    digest: str
    status: Status
    files: tuple[tuple[str, str, int], ...] = ()
    code: str = ""
    reason: str = ""
    warnings: int = 0
    doubts: int = 0
    sure: float = 1.0
    seconds: float = 0.0
    cpu: float = 0.0
    peak: int = 0

    def as_json(self) -> str:
        """Return one line of JSON (no line break inside)."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, line: str) -> Outcome:
        """Read one line back. Raises ValueError, KeyError or TypeError for a damaged one."""
        row: dict[str, Any] = json.loads(line)
        row["status"] = Status(row["status"])
        row["files"] = tuple((str(name), str(digest), int(size)) for name, digest, size in row["files"])
        return cls(**row)


class Executor(Protocol):
    """Something that carries out orders, in any order, each exactly once in what it yields."""

    def run(self, orders: Iterable[Order]) -> Iterator[Outcome]:
        """Take orders lazily (bounded in flight) and yield their outcomes as they come."""
        ...

    def close(self) -> None:
        """Let the workers go; also after an interruption."""
        ...


def gather(inputs: Sequence[str], out: str, settings: str, *, editions: bool = False) -> list[Order]:
    """Return the orders for folders, globs, single files and `@lists`, sorted by key.

    `editions`: all files of one folder are one publication. Raises InputUnreadable where nothing
    is found and UsageError where two documents would get the same name.
    """
    items = [item for name in inputs for item in _items(name) if not _below(item.url, out)]
    if not items:
        raise InputUnreadable(
            "no page found", hint="give a folder, a glob or @list.txt", where=" ".join(inputs)
        )
    groups: dict[str, list[Item]] = {}
    for item in items:
        path = PurePosixPath(item.key)
        folder = item.folder if path.parent == PurePosixPath(".") else str(path.parent)
        groups.setdefault(folder if editions else str(path.with_suffix("")), []).append(item)
    orders = []
    for key, members in sorted(groups.items()):
        if len(members) > 1 and not editions:
            both = " and ".join(sorted(member.url for member in members)[:2])
            raise UsageError(f"two documents would be published as {key!r}: {both}", hint="rename one")
        members.sort(key=lambda member: natural(PurePosixPath(member.key)))
        orders.append(_order(key, members, out, settings))
    return orders


def _order(key: str, members: Sequence[Item], out: str, settings: str) -> Order:
    seal = json.dumps([[m.url, m.size, m.stamp] for m in members] + [settings], ensure_ascii=False)
    digest = sha256(seal.encode("utf-8", "surrogatepass")).hexdigest()
    return Order(key, tuple(member.url for member in members), out, settings, digest)


def _below(url: str, out: str) -> bool:
    """What an earlier run published is no input."""
    if "://" not in url:
        url, out = str(Path(url).absolute()), str(Path(out).absolute())
    return url.startswith(out.rstrip("/") + "/") and out not in ("", "/")


def _items(name: str) -> Iterator[Item]:
    if not name.startswith("@"):
        yield from Depot.of(name).find(SUFFIXES)
        return
    listed = name[1:]
    text = Depot.of(listed).read(listed).decode("utf-8-sig")
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if not (entry := line.strip()) or entry.startswith("#"):
            continue
        place = entry if "://" in entry else str(Path(entry).absolute())
        found = list(Depot.of(place).find(SUFFIXES))
        if not found:
            raise InputUnreadable(f"no page at {entry!r}", where=f"{listed}:{number}")
        yield from found


def parse_shard(text: str) -> tuple[int, int]:
    """Read `i/n` (1-based) or raise UsageError."""
    number, slash, count = text.partition("/")
    if slash and number.isdigit() and count.isdigit() and 1 <= int(number) <= int(count):
        return int(number), int(count)
    raise UsageError(f"--shard is {text!r}", hint="write i/n with 1 <= i <= n, such as 3/20")


def share(orders: Iterable[Order], shard: tuple[int, int]) -> list[Order]:
    """Return the part of one shard; it depends on the keys alone, so shards never overlap."""
    number, count = shard
    return [o for o in orders if int(sha256(o.key.encode()).hexdigest()[:12], 16) % count == number - 1]
