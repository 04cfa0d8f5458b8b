"""`npp-publish batch`: thousands of documents; killed at any moment, the same command goes on."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from .. import config
from ..backends import load, names
from ..errors import EXIT_OK, EXIT_WARNINGS, BackendFailed, CannotWrite, UsageError
from ..pressroom import Executor, Outcome, Status, Tally, work_shift
from ..pressroom.depot import Depot
from ..pressroom.journal import Journal
from ..pressroom.orders import gather, parse_shard, share
from ..pressroom.shift import write_manifest
from .arguments import settings_from, talk, tune
from .voice import give_line, overwrite, say

__all__ = ["configure", "run"]

_EVERY = 5.0  # seconds between two plain progress lines in a pipe
_MOST_DOUBTFUL = 10  # pages that are named as those to look at first
_MOST_LISTED = 100
_LONGEST = 10_000_000  # seconds
_LARGEST = 100_000_000  # MB


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `batch`."""
    parser.add_argument("inputs", nargs="+", metavar="DIR|GLOB|@LIST|URL", help="where the pages are")
    parser.add_argument("--to", metavar="NAMES", help="formats, as pdf,epub,html")
    parser.add_argument(
        "-o", "--output", required=True, metavar="PLACE", help="output folder or URL (s3://...)"
    )
    parser.add_argument("--theme", metavar="NAME", help="a shipped theme or a folder")
    parser.add_argument("--jobs", metavar="N", help="worker processes (default: one per core)")
    parser.add_argument("--editions", action="store_true", help="all files of one folder are one publication")
    parser.add_argument("--shard", default="1/1", metavar="I/N", help="only part I of N, for schedulers")
    parser.add_argument("--retry", action="store_true", help="try documents again that failed before")
    parser.add_argument(
        "--limit", type=float, default=600.0, metavar="S", help="seconds one document may take"
    )
    parser.add_argument("--memory", type=int, default=0, metavar="MB", help="address space of one worker")
    parser.add_argument(
        "--cluster", metavar="ADDRESS", help="a Dask scheduler: tcp://host:port or its .json file"
    )
    parser.add_argument(
        "--chunk",
        type=int,
        default=0,
        metavar="N",
        help="documents that travel together to a cluster (default: some seconds of work)",
    )
    tune(parser)
    talk(parser)


def run(words: argparse.Namespace) -> int:
    """Print what is not printed yet; failures are listed at the end."""
    if words.pages:
        hint = "batch reads page numbers off the pages and their names; build one edition with --pages"
        raise UsageError("--pages names the pages of one edition, and this is a batch", hint=hint)
    _bounded(words)
    settings = settings_from(words)
    formats = tuple(dict.fromkeys(settings.build.to))
    for name in formats:
        if name not in names():
            load(name)  # raises, with the names that there are
    out = words.output if "://" in words.output else str(Path(words.output).resolve())
    shard = parse_shard(words.shard)
    inputs = [_absolute(name) for name in words.inputs]
    orders = share(gather(inputs, out, _wishes(words, formats), editions=words.editions), shard)
    store = Depot.of(out)
    journal = Journal(store, shard)
    with store.claim(f"{journal.stem}.lock"):
        store.sweep()
        journal.load({order.key for order in orders})
        board = _Board(words, journal)
        board.begin(len(orders))
        executor = _executor(words, settings.build.jobs, formats)
        tally = work_shift(orders, executor, journal, board.tell, again=words.retry)
        whole = shard == (1, 1)
        manifest = "manifest.json" if whole else f"manifest.{shard[0]}-of-{shard[1]}.json"
        write_manifest(orders, journal, store, manifest)
    return board.close(tally, strict=settings.build.strict)


def _bounded(words: argparse.Namespace) -> None:
    """Raise UsageError for bounds that no clock and no machine can keep."""
    if not 0 < words.limit <= _LONGEST:
        raise UsageError(f"--limit is {words.limit:g}", hint=f"give seconds, more than 0, up to {_LONGEST}")
    if not 0 <= words.memory <= _LARGEST:
        raise UsageError(f"--memory is {words.memory}", hint="give megabytes; 0 for no bound")
    if words.chunk < 0:
        raise UsageError(f"--chunk is {words.chunk}", hint="1 or more; 0 lets the pace decide")


def _wishes(words: argparse.Namespace, formats: tuple[str, ...]) -> str:
    """What every worker is to know; paths are absolute, because workers may run in another folder."""
    from ..pressroom.hand import wishes

    found = words.config or config.find(Path.cwd())
    flags = {"theme": words.theme, "profile": words.profile, "edits": words.edits, "strict": words.strict}
    given = {name: _found(value) for name, value in flags.items() if value is not None}
    encoding = [f"source.encoding={words.encoding}"] if words.encoding else []
    return wishes(
        formats, settings=str(found.resolve()) if found else "", sets=[*words.set, *encoding], flags=given
    )


def _found(value: object) -> object:
    return str(Path(value).resolve()) if isinstance(value, str) and Path(value).exists() else value


def _absolute(name: str) -> str:
    if "://" in name or name.startswith("@"):
        return name
    return str(Path(name).absolute())


def _executor(words: argparse.Namespace, jobs: int, formats: tuple[str, ...]) -> Executor:
    from ..pressroom.hand import PRELOAD, get_ready, print_order

    shop: dict[str, Any] = {"ready": get_ready, "preload": PRELOAD, "formats": formats}
    shop |= {"limit": words.limit, "memory": words.memory << 20}
    if words.cluster:
        from ..pressroom.cluster import DaskExecutor

        return DaskExecutor(print_order, words.cluster, chunk=words.chunk, **shop)
    from ..pressroom.crew import Crew

    return Crew(print_order, jobs or _cores(), **shop)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Board:
    """The board on the wall: how the shift stands; events as JSON lines where they were asked for."""

    def __init__(self, words: argparse.Namespace, journal: Journal) -> None:
        self.json, self.quiet, self.verbose = words.json, words.quiet, words.verbose
        self.live = sys.stderr.isatty() and not self.quiet
        self.last = time.monotonic()
        self.journal = journal
        self.doubtful: list[Outcome] = []

    def begin(self, total: int) -> None:
        if self.json:
            give_line({"event": "begin", "total": total, "journal": self.journal.stem})

    def tell(self, outcome: Outcome, tally: Tally) -> None:
        if self.json:
            row = json.loads(outcome.as_json())
            give_line({"event": "done", **row, "finished": tally.done, "total": tally.total})
        self._doubt(outcome)
        if self.quiet:
            return
        if outcome.status is not Status.PUBLISHED or self.verbose:
            if self.live:
                overwrite("")
            say(_line(outcome) if outcome.code else f"{outcome.key}: published")
        now = time.monotonic()
        if self.live:
            overwrite(_standing(tally))
        elif now - self.last >= _EVERY:
            say(_standing(tally))
            self.last = now

    def _doubt(self, outcome: Outcome) -> None:
        """Keep the few that an editor should look at first."""
        if outcome.status is Status.PUBLISHED and outcome.doubts:
            self.doubtful.append(outcome)
            self.doubtful.sort(key=lambda one: (-one.doubts, one.sure, one.key))
            del self.doubtful[_MOST_DOUBTFUL:]

    def close(self, tally: Tally, *, strict: bool) -> int:
        if self.live:
            overwrite("")
        code = _exit_code(tally, strict=strict)
        if not self.quiet:
            self._sum_up(tally)
        for outcome in (*tally.failures, *tally.held)[:_MOST_LISTED]:
            say(f"  {_line(outcome)}")
        if (more := len(tally.failures) + len(tally.held) - _MOST_LISTED) > 0:
            say(f"  and {more} more: see the manifest")
        if self.json:
            reasons = [{"key": o.key, "code": o.code, "reason": o.reason} for o in tally.failures]
            held = [{"key": o.key, "code": o.code, "reason": o.reason} for o in tally.held]
            row = {"event": "end", "total": tally.total, "published": tally.published, "before": tally.before}
            work = {"seconds": round(tally.spent, 3), "work": round(tally.seconds, 3)}
            work |= {"cpu": round(tally.cpu, 3), "peak": tally.peak}
            give_line({**row, **work, "failed": reasons, "held": held, "exit": code})
        return code

    def _sum_up(self, tally: Tally) -> None:
        parts = [
            f"{tally.published} published",
            f"{tally.before} done before",
            f"{len(tally.failures)} failed",
        ]
        parts += [f"{len(tally.held)} held over"] if tally.held else []
        rate = f"{tally.rate:.2f} a second" if tally.done > tally.before else "nothing to do"
        peak = f", workers up to {tally.peak} MB" if tally.peak else ""
        say(f"{', '.join(parts)} ({rate}{peak})")
        if self.doubtful:
            say("look at these first (npp-publish review PAGE shows each decision):")
        for one in self.doubtful:
            say(f"  {one.key}: {one.doubts} doubtful, the least sure {one.sure:.2f}, {one.warnings} warnings")


def _line(outcome: Outcome) -> str:
    return f"{outcome.key}: {outcome.code} {outcome.reason}"


def _exit_code(tally: Tally, *, strict: bool) -> int:
    if tally.held:
        return CannotWrite.exit_code
    if tally.failures and strict:
        return EXIT_WARNINGS
    if tally.failures and tally.published + tally.before == 0:
        return BackendFailed.exit_code
    return EXIT_OK


def _standing(tally: Tally) -> str:
    share_done = tally.done / tally.total if tally.total else 1.0
    bar = "█" * int(share_done * 20)
    left = tally.left
    time_left = "" if left == float("inf") else f"  {_span(left)} left"
    failed = f"  {len(tally.failures)} failed" if tally.failures else ""
    failed += f"  {len(tally.held)} held over" if tally.held else ""
    return f"{bar:░<20} {tally.done}/{tally.total} {share_done:4.0%}  {tally.rate:.1f}/s{failed}{time_left}"


def _span(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return (
        f"{hours} h {minutes:02} min" if hours else f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
    )
