"""`npp-publish batch`: thousands of documents; killed at any moment, the same command goes on."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from .. import config
from ..backends import load, names
from ..errors import EXIT_OK, EXIT_WARNINGS, BackendFailed, UsageError
from ..pressroom import Executor, Outcome, Status, Tally, work_shift
from ..pressroom.depot import Depot
from ..pressroom.journal import Journal
from ..pressroom.orders import gather, parse_shard, share
from ..pressroom.shift import write_manifest
from .arguments import settings_from, talk, tune
from .voice import give_line, overwrite, say

__all__ = ["configure", "run"]

_EVERY = 5.0  # seconds between two plain progress lines in a pipe


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
        "--chunk", type=int, default=8, metavar="N", help="documents that travel together to a cluster"
    )
    tune(parser)
    talk(parser)


def run(words: argparse.Namespace) -> int:
    """Print what is not printed yet; failures are listed at the end."""
    from ..pressroom.hand import wishes

    settings = settings_from(words)
    formats = tuple(dict.fromkeys(settings.build.to))
    for name in formats:
        if name not in names():
            load(name)  # raises, with the names that there are
    found = words.config or config.find(Path.cwd())
    flags = {"theme": words.theme, "profile": words.profile, "edits": words.edits, "strict": words.strict}
    texts = wishes(
        formats,
        settings=str(found.resolve()) if found else "",
        sets=[*words.set, *([f"source.encoding={words.encoding}"] if words.encoding else [])],
        flags={name: value for name, value in flags.items() if value is not None},
    )
    out = words.output if "://" in words.output else str(Path(words.output).resolve())
    everything = gather([_absolute(name) for name in words.inputs], out, texts, editions=words.editions)
    shard = parse_shard(words.shard)
    store = Depot.of(out)
    journal = Journal(store, shard).load()
    board = _Board(words)
    tally = work_shift(
        share(everything, shard),
        _executor(words, settings.build.jobs),
        journal,
        board.tell,
        again=words.retry,
    )
    write_manifest(everything, journal.load(), store)
    return board.close(tally, strict=settings.build.strict)


def _absolute(name: str) -> str:
    """Workers may run in another folder."""
    if "://" in name or name.startswith("@"):
        return name
    return str(Path(name).absolute())


def _executor(words: argparse.Namespace, jobs: int) -> Executor:
    from ..pressroom.hand import print_order

    if words.cluster:
        from ..pressroom.cluster import DaskExecutor

        if words.chunk < 1:
            raise UsageError(f"--chunk is {words.chunk}", hint="1 or more")
        return DaskExecutor(print_order, words.cluster, chunk=words.chunk)
    import os

    from ..pressroom.crew import Crew

    return Crew(
        print_order,
        jobs or os.cpu_count() or 1,
        preload=("npp_publish.pressroom.hand",),
        limit=words.limit,
        memory=words.memory << 20,
    )


class _Board:
    """The board on the wall: how the shift stands; events as JSON lines where they were asked for."""

    def __init__(self, words: argparse.Namespace) -> None:
        self.json, self.quiet, self.verbose = words.json, words.quiet, words.verbose
        self.live = sys.stderr.isatty() and not self.quiet
        self.last = time.monotonic()

    def tell(self, outcome: Outcome, tally: Tally) -> None:
        if self.json:
            row = {
                "event": "done",
                **json.loads(outcome.as_json()),
                "finished": tally.done,
                "total": tally.total,
            }
            give_line(row)
        if self.quiet:
            return
        if outcome.status is Status.FAILED or self.verbose:
            if self.live:
                overwrite("")
            say(
                f"{outcome.key}: {outcome.code} {outcome.reason}"
                if outcome.code
                else f"{outcome.key}: published"
            )
        now = time.monotonic()
        if self.live:
            overwrite(_standing(tally))
        elif now - self.last >= _EVERY:
            say(_standing(tally))
            self.last = now

    def close(self, tally: Tally, *, strict: bool) -> int:
        if self.live:
            overwrite("")
        failed = tally.failures
        if not self.quiet:
            spent = f"{tally.rate:.2f} a second" if tally.published else "nothing to do"
            say(f"{tally.published} published, {tally.before} done before, {len(failed)} failed ({spent})")
        for outcome in failed:
            say(f"  {outcome.key}: {outcome.code} {outcome.reason}")
        code = EXIT_OK
        if failed and strict:
            code = EXIT_WARNINGS
        elif failed and tally.published + tally.before == 0:
            code = BackendFailed.exit_code
        if self.json:
            reasons = [{"key": o.key, "code": o.code, "reason": o.reason} for o in failed]
            give_line(
                {
                    "event": "end",
                    "total": tally.total,
                    "published": tally.published,
                    "before": tally.before,
                    "failed": reasons,
                    "exit": code,
                }
            )
        return code


def _standing(tally: Tally) -> str:
    share_done = tally.done / tally.total if tally.total else 1.0
    bar = "█" * int(share_done * 20)
    left = tally.left
    time_left = "" if left == float("inf") else f"  {_span(left)} left"
    failed = f"  {len(tally.failures)} failed" if tally.failures else ""
    return f"{bar:░<20} {tally.done}/{tally.total} {share_done:4.0%}  {tally.rate:.1f}/s{failed}{time_left}"


def _span(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return (
        f"{hours} h {minutes:02} min" if hours else f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
    )
