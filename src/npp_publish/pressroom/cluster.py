"""The same run on a cluster: Dask distributed, which runs on one machine, SSH, Slurm, Kubernetes, YARN.

Orders travel in chunks that take several seconds each, so that the scheduler's milliseconds do not
count. Dask runs a chunk again when its worker is lost; a document may then be built twice, but its
files are the same bytes, written atomically, and its outcome is yielded once.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from itertools import islice
from typing import Any

from ..errors import ToolMissing
from .orders import Order, Outcome, Status

__all__ = ["DaskExecutor"]


class DaskExecutor:
    """An executor on a Dask scheduler. `address` is `tcp://host:port`, or a scheduler file; `chunk`
    is the number of documents that travel together; `ahead` chunks a worker thread are in flight."""

    def __init__(
        self, task: Callable[[Order], Outcome], address: str, *, chunk: int = 8, ahead: int = 2
    ) -> None:
        try:
            distributed: Any = import_module("distributed")
        except ImportError as error:
            raise ToolMissing("a cluster needs Dask", hint="pip install 'npp-publish[cluster]'") from error
        self.distributed = distributed
        try:
            if address.endswith(".json"):
                self.client: Any = distributed.Client(scheduler_file=address, timeout="20s")
            else:
                self.client = distributed.Client(address, timeout="20s")
        except (OSError, ValueError, TimeoutError) as error:
            raise ToolMissing(
                f"no Dask scheduler at {address}: {error}", hint="start dask scheduler"
            ) from error
        self.task, self.chunk, self.ahead = task, chunk, ahead

    def run(self, orders: Iterable[Order]) -> Iterator[Outcome]:
        """Submit chunks, a bounded number ahead, and yield outcomes as chunks come back."""
        source, seen = iter(orders), set[str]()
        flying = self.distributed.as_completed(with_results=False)
        held: dict[Any, list[Order]] = {}

        def launch() -> bool:
            chunk = list(islice(source, self.chunk))
            if chunk:
                future = self.client.submit(_carry_out, self.task, chunk, pure=False, retries=2)
                held[future.key] = chunk
                flying.add(future)
            return bool(chunk)

        threads = max(1, sum(self.client.nthreads().values()))
        for _ in range(threads * self.ahead):
            if not launch():
                break
        for future in flying:
            chunk = held.pop(future.key)
            for outcome in self._results(future, chunk):
                if outcome.key not in seen:
                    seen.add(outcome.key)
                    yield outcome
            future.release()
            launch()

    def _results(self, future: Any, chunk: list[Order]) -> list[Outcome]:
        """Outcomes of a chunk; where the chunk killed its workers, its documents go one by one."""
        error = future.exception()
        if error is None:
            done: list[Outcome] = future.result()
            return done
        if len(chunk) > 1:
            singles = [self.client.submit(_carry_out, self.task, [o], pure=False, retries=1) for o in chunk]
            return [
                out for single, o in zip(singles, chunk, strict=True) for out in self._results(single, [o])
            ]
        reason = f"the cluster gave it up: {type(error).__name__}"
        return [Outcome(chunk[0].key, chunk[0].digest, Status.FAILED, code="NPP951", reason=reason)]

    def close(self) -> None:
        """Leave the cluster; its workers stay."""
        with contextlib.suppress(Exception):  # a scheduler that is gone cannot be said goodbye to
            self.client.close(timeout=5)


def _carry_out(task: Callable[[Order], Outcome], chunk: list[Order]) -> list[Outcome]:
    return [task(order) for order in chunk]
