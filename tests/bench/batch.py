"""A batch against `xargs -P2` of the naive sequence, over the same generated pages, in the same run.

    python tests/bench/batch.py [pool|memory|scheduling|cluster ...] [--pages 100]

Pages are drawn by the benchmark's generator, no two alike. Only ratios mean anything on another machine.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from naive import write_script
from stopwatch import Row, show, timed

from benchmark import sample, stories
from benchmark.printer import HERE
from benchmark.scramble import scramble
from npp_publish.pressroom import Order, Outcome, Status, work_shift
from npp_publish.pressroom.crew import Crew
from npp_publish.pressroom.depot import Depot
from npp_publish.pressroom.journal import Journal

FORMATS = "pdf,epub,html"
BATCH = [sys.executable, "-m", "npp_publish", "batch"]


def draw_pages(folder: Path, count: int, seed: int = 7) -> Path:
    """Write generated pages and return their folder."""
    folder.mkdir(parents=True)
    told = stories.load(HERE / "stories" / "dev.txt")
    for number, plan in enumerate(sample.draw("dev", told, count, seed)):
        raw, _ = scramble(plan, told)
        (folder / f"p{number:05}.md").write_bytes(raw.encode())
    return folder


def batch(pages: Path, out: Path, *more: str) -> dict[str, Any]:
    """Run a batch and return its last event."""
    command = [*BATCH, str(pages), "--to", FORMATS, "-o", str(out), "--json", "-q", *more]
    done = subprocess.run(command, capture_output=True, text=True, cwd=out.parent, check=False)
    end: dict[str, Any] = json.loads(done.stdout.strip().split("\n")[-1])
    if end.get("event") != "end" or end["held"]:
        raise RuntimeError(f"{command}: exit {done.returncode}\n{done.stderr[-2000:]}")
    return end


def pool(folder: Path, count: int) -> Iterator[Row]:
    """Two worker processes against two naive sequences at a time."""
    pages = draw_pages(folder / "pages", count)
    script = write_script(folder)
    peer = timed(["sh", "-c", f"ls pages/*.md | xargs -P2 -n1 {script}"], folder)
    end = batch(pages, folder / "out", "--jobs", "2")
    if end["failed"]:
        print(f"{len(end['failed'])} failed: {end['failed']}", file=sys.stderr)
    yield Row(f"{count} pages, three formats, two workers: wall", end["seconds"], peer.wall, "<= 0.35")
    yield Row(f"{count} pages, three formats, two workers: CPU", end["cpu"], peer.cpu, "<= 0.35")
    print(f"{count / end['seconds']:.2f} pages a second, {60 * count / end['seconds']:.0f} a minute")


def memory(folder: Path, count: int) -> Iterator[Row]:
    """The largest worker after many documents against after a quarter of them."""
    few = batch(draw_pages(folder / "few", count // 4), folder / "out-few", "--jobs", "1")
    all_of_them = batch(draw_pages(folder / "all", count), folder / "out-all", "--jobs", "1")
    yield Row(
        f"peak of a worker, {count} pages / {count // 4}", all_of_them["peak"], few["peak"], "<= 1.2", "MB"
    )


def pass_on(order: Order) -> Outcome:
    """A task that does nothing, so that only the scheduling is measured."""
    return Outcome(order.key, order.digest, Status.PUBLISHED)


def scheduling(folder: Path, count: int) -> Iterator[Row]:
    """What an order costs that does nothing (sent, answered, journalled), against rendering one."""
    orders = [Order(f"p{n:05}", (), str(folder), "{}", "0" * 64) for n in range(10 * count)]
    crew = Crew(pass_on, 2)
    list(crew.run(orders[:2]))  # the workers have started
    began = time.perf_counter()
    work_shift(orders, crew, Journal(Depot.of(str(folder))))
    each = (time.perf_counter() - began) / len(orders)
    end = batch(draw_pages(folder / "pages", count // 4), folder / "out", "--jobs", "1")
    rendering = end["work"] / max(1, end["published"])
    print(f"scheduling: {1000 * each:.2f} ms a page, {100 * each / rendering:.2f} % of rendering")
    yield Row("scheduling a page against rendering it", 1000 * each, 1000 * rendering, "<= 0.01", "ms")


def cluster(folder: Path, count: int) -> Iterator[Row]:
    """Dask with two workers against the pool with two."""
    pages = draw_pages(folder / "pages", count)
    mine = batch(pages, folder / "out-pool", "--jobs", "2")
    scheduler = _start("scheduler", "--port", "8790", "--dashboard-address", ":0", "--no-jupyter")
    worker = _start("worker", "tcp://127.0.0.1:8790", "--nworkers", "2", "--nthreads", "1", "--no-dashboard")
    try:
        _wait_for("tcp://127.0.0.1:8790", 2)  # a cluster is there before a batch is given to it
        dask = batch(pages, folder / "out-dask", "--cluster", "tcp://127.0.0.1:8790")
    finally:
        worker.terminate()
        worker.wait()
        scheduler.terminate()
        scheduler.wait()
    yield Row(
        f"{count} pages on Dask, two workers, against the pool", dask["seconds"], mine["seconds"], "<= 1.2"
    )
    yield Row("the same, CPU of the pages", dask["cpu"], mine["cpu"], "")


def _start(*words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "distributed.cli.dask_" + words[0], *words[1:]]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _wait_for(address: str, workers: int) -> None:
    from distributed import Client

    with Client(address, timeout="60s", set_as_default=False) as client:
        client.wait_for_workers(workers, timeout=60)


PARTS: dict[str, Callable[[Path, int], Iterator[Row]]] = {
    "pool": pool,
    "memory": memory,
    "scheduling": scheduling,
    "cluster": cluster,
}


def main() -> None:
    """Measure the parts named on the command line, or all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []])
    parser.add_argument("--pages", type=int, default=100)
    words = parser.parse_args()
    rows: list[Row] = []
    for name in words.parts or PARTS:
        folder = Path(tempfile.mkdtemp(prefix="npp-bench-"))
        try:
            rows += PARTS[name](folder, words.pages)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    show(rows, "batch")


if __name__ == "__main__":
    main()
