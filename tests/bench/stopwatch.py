"""A stopwatch for whole commands: wall time, CPU time of all children, peak memory of the largest."""

from __future__ import annotations

import os
import re
import resource
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

__all__ = ["Measured", "Row", "median", "show", "timed", "tree"]

_README = Path(__file__).resolve().parents[2] / "README.md"


@dataclass(frozen=True)
class Measured:
    """Seconds of wall and CPU time, and megabytes of the largest process."""

    wall: float
    cpu: float
    peak: float


@dataclass(frozen=True)
class Row:
    """One comparison: ours against a peer, and the ratio to reach."""

    what: str
    ours: float
    peer: float
    reach: str
    unit: str = "s"


def timed(command: Sequence[str | Path], folder: Path, **environment: str) -> Measured:
    """Run one command and measure it with all its children. Raises where it fails."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [str(word) for word in command],
        cwd=folder,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command}: exit {process.returncode}\n{output.decode(errors='replace')[-2000:]}")
    wall = time.perf_counter() - began
    scale = 1024 if sys.platform != "darwin" else 1024 * 1024
    return Measured(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / scale)


def tree(command: Sequence[str | Path], folder: Path, **environment: str) -> Measured:
    """Run one command; the memory is that of the whole tree of processes at its peak, looked at ten
    times a second, shared pages counted once. Linux; elsewhere the largest process."""
    peak = [0.0]
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.1):
            peak[0] = max(peak[0], sum(map(_resident, _descendants(os.getpid()))))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        whole = timed(command, folder, **environment)
    finally:
        over.set()
        watcher.join()
    return replace(whole, peak=max(peak[0], 0.0) or whole.peak)


def _descendants(parent: int) -> list[int]:
    parents: dict[int, int] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = status.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # it has ended
        parents[int(status.parent.name)] = int(words[1])
    found, pending = [], [parent]
    while pending:
        above = pending.pop()
        below = [child for child, its in parents.items() if its == above]
        found += below
        pending += below
    return found


def _resident(process: int) -> float:
    """Return the megabytes of a process, each shared page divided among those who share it."""
    try:
        rows = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="utf-8").split("\n")
    except OSError:
        return 0.0
    return sum(int(row.split()[1]) / 1024 for row in rows if row.startswith("Pss:"))


def median(runs: int, once: Callable[[], Measured]) -> Measured:
    """Return the medians of several runs."""
    results = [once() for _ in range(runs)]
    return Measured(
        *(statistics.median(getattr(r, name) for r in results) for name in ("wall", "cpu", "peak"))
    )


def children_cpu() -> float:
    """Return the CPU seconds of all children so far that have been waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def show(rows: Sequence[Row], name: str = "") -> None:
    """Print the rows as a Markdown table; the ratio is what travels between machines.

    With NPP_BENCH_README in the environment the table also goes into the README, between the marks
    `<!-- bench NAME -->` and `<!-- /bench -->`.
    """
    lines = ["| what | ours | peer | ratio | to reach |", "|---|---|---|---|---|"]
    for row in rows:
        ratio = row.ours / row.peer if row.peer else float("nan")
        figures = f"{row.ours:.2f} {row.unit} | {row.peer:.2f} {row.unit}"
        lines.append(f"| {row.what} | {figures} | **{ratio:.2f}** | {row.reach} |")
    print("\n".join(lines), flush=True)
    if name and os.environ.get("NPP_BENCH_README"):
        _renew(name, lines)


def _renew(name: str, lines: Sequence[str]) -> None:
    text = _README.read_text(encoding="utf-8")
    between = re.compile(rf"(<!-- bench {name} -->\n).*?(<!-- /bench -->)", re.DOTALL)
    table = "".join(f"{line}\n" for line in lines)
    _README.write_text(between.sub(lambda m: m[1] + table + m[2], text), encoding="utf-8")
