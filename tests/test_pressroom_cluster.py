"""A real cluster on this machine: a scheduler and workers in processes of their own, and what can befall
them. Every page is published exactly once, none is lost, and it is told what happened."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from npp_publish.errors import ToolMissing
from npp_publish.pressroom import Order, Outcome, Status, work_shift
from npp_publish.pressroom.cluster import DaskExecutor
from npp_publish.pressroom.depot import FOLDER, Depot
from npp_publish.pressroom.journal import Journal

# looked for, not imported: this module is collected in every run, and its tests are not run
_THERE = importlib.util.find_spec("distributed")
pytestmark = [
    pytest.mark.skipif(_THERE is None, reason="distributed is not installed"),
    pytest.mark.cluster,
    pytest.mark.filterwarnings("ignore"),
]


def print_slowly(order: Order) -> Outcome:
    """Write the page, and a line for each time that it was written. Slow where the worker is."""
    time.sleep(float(os.environ.get("SLOW", "0.05")))
    text = Path(order.inputs[0]).read_text()
    if text == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if text == "hang":
        time.sleep(60)
    with Path(order.out, "times", order.key).open("a") as times:
        times.write("printed\n")
    Depot.of(order.out).write(f"{order.key}.out", text.encode())
    return Outcome(
        order.key, order.digest, Status.PUBLISHED, ((f"{order.key}.out", "0", len(text)),), seconds=0.05
    )


@dataclass
class Cluster:
    """Processes of a cluster, which a test may kill."""

    port: int
    folder: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    def start(self, *words: str, **environment: str) -> subprocess.Popen[bytes]:
        command = [str(Path(sys.executable).with_name("dask")), *words]
        path = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
        log = (self.folder / f"{len(self.processes)}.log").open("wb")
        surroundings = {**os.environ, "PYTHONPATH": path, "TMPDIR": str(self.folder), **environment}
        with log:
            process = subprocess.Popen(
                command, stdout=log, stderr=log, env=surroundings, start_new_session=True
            )
        self.processes.append(process)
        return process

    def scheduler(self) -> subprocess.Popen[bytes]:
        return self.start(
            "scheduler", "--port", str(self.port), "--host", "127.0.0.1", "--no-dashboard", "--no-jupyter"
        )

    def worker(self, **environment: str) -> subprocess.Popen[bytes]:
        options = ("--nthreads", "1", "--no-dashboard", "--no-nanny")
        return self.start("worker", self.address, *options, **environment)

    def stop(self) -> None:
        for process in reversed(self.processes):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (tmp_path / "scratch").mkdir()
    made = Cluster(port, tmp_path / "scratch")
    made.scheduler()
    yield made
    made.stop()


def orders(tmp_path: Path, count: int, **texts: str) -> list[Order]:
    (tmp_path / "in").mkdir()
    (tmp_path / "out" / "times").mkdir(parents=True)
    made = []
    for number in range(count):
        page = tmp_path / "in" / f"p{number:02}"
        page.write_text(texts.get(page.name, f"page {number}"))
        made.append(Order(page.name, (str(page),), str(tmp_path / "out"), "{}", "0"))
    return made


def journalled(out: Path) -> Counter[str]:
    lines = (line for path in (out / FOLDER).glob("*.jsonl") for line in path.read_text().split("\n"))
    return Counter(json.loads(line)["key"] for line in lines if line)


def times(out: Path) -> dict[str, int]:
    return {path.name: path.read_text().count("\n") for path in (out / "times").iterdir()}


def run(cluster: Cluster, todo: list[Order], **more: Any) -> Any:
    executor = DaskExecutor(print_slowly, cluster.address, **more)
    return work_shift(todo, executor, Journal(Depot.of(todo[0].out)).load())


def test_pages_that_crash_or_hang_cost_themselves_only(cluster: Cluster, tmp_path: Path) -> None:
    cluster.worker()
    cluster.worker()
    todo = orders(tmp_path, 30, p03="die", p17="hang")
    tally = run(cluster, todo, limit=2)
    assert {one.key: one.code for one in tally.failures} == {"p03": "NPP951", "p17": "NPP952"}
    assert tally.published == 28
    assert set(times(tmp_path / "out").values()) == {1}
    assert journalled(tmp_path / "out") == Counter(order.key for order in todo)


def test_a_worker_killed_in_the_middle(cluster: Cluster, tmp_path: Path) -> None:
    first = cluster.worker()
    cluster.worker()
    todo = orders(tmp_path, 60)
    executor = DaskExecutor(print_slowly, cluster.address, chunk=4)
    tell = killer(first, after=8)
    tally = work_shift(todo, executor, Journal(Depot.of(todo[0].out)), tell)
    assert first.poll() is not None
    assert (tally.published, tally.failures, tally.held) == (60, [], [])
    assert journalled(tmp_path / "out") == Counter(order.key for order in todo)
    twice = sum(count - 1 for count in times(tmp_path / "out").values())
    assert twice <= 8  # what the worker had in hand; their bytes are the same


def killer(process: subprocess.Popen[bytes], after: int) -> Any:
    def tell(outcome: Outcome, tally: Any) -> None:
        if tally.published == after:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    return tell


def test_a_slow_machine_gets_less_to_do(cluster: Cluster, tmp_path: Path) -> None:
    cluster.worker(SLOW="1")
    cluster.worker()
    cluster.worker()
    began = time.monotonic()
    tally = run(cluster, orders(tmp_path, 60))
    assert (tally.published, tally.failures) == (60, [])
    assert time.monotonic() - began < 20  # a third of the pages there would take 20 s alone
    assert set(times(tmp_path / "out").values()) == {1}


def test_a_lost_scheduler_is_told_and_the_next_run_goes_on(cluster: Cluster, tmp_path: Path) -> None:
    scheduler = cluster.processes[0]
    cluster.worker()
    todo = orders(tmp_path, 60)
    executor = DaskExecutor(print_slowly, cluster.address, chunk=4)
    with pytest.raises(ToolMissing, match=r"scheduler at .* is lost") as caught:
        work_shift(todo, executor, Journal(Depot.of(todo[0].out)), killer(scheduler, after=8))
    assert caught.value.exit_code == 4
    done = journalled(tmp_path / "out")
    assert 8 <= len(done) < 60
    cluster.scheduler()
    cluster.worker()
    tally = run(cluster, todo)
    assert (tally.before, tally.published) == (len(done), 60 - len(done))
    assert journalled(tmp_path / "out") == Counter(order.key for order in todo)


def test_no_scheduler_and_no_worker_are_told(cluster: Cluster, tmp_path: Path, monkeypatch: Any) -> None:
    from npp_publish.pressroom import cluster as module

    with pytest.raises(ToolMissing, match="no Dask scheduler"):
        monkeypatch.setattr(module, "_PATIENCE_FIRST", "1s")
        DaskExecutor(print_slowly, "tcp://127.0.0.1:9")
    monkeypatch.setattr(module, "_PATIENCE_FIRST", "20s")
    monkeypatch.setattr(module, "_PATIENCE", 1.0)
    with pytest.raises(ToolMissing, match="no worker"):
        run(cluster, orders(tmp_path, 2))
