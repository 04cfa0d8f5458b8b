"""The journal: one line of JSON for each order that is done, in the output place itself.

A run that is killed at any moment leaves a journal that ends in a whole line or in a torn one; the
torn one is passed over and its document is printed again. An order counts as done only while its
digest is the same and every file it made is still there with its size.
"""

from __future__ import annotations

from .depot import Store
from .orders import Order, Outcome, Status

__all__ = ["Journal"]

FOLDER = ".npp-journal"


class Journal:
    """What is done in one output place. `shard` keeps the files of parallel runs apart."""

    def __init__(self, store: Store, shard: tuple[int, int] = (1, 1)) -> None:
        self.store = store
        self.name = f"{FOLDER}/{shard[0]}-of-{shard[1]}.jsonl"
        self.done: dict[str, Outcome] = {}
        self._torn = False

    def load(self) -> Journal:
        """Read the journals of all shards; the last line of a key counts."""
        for name in self.store.names(FOLDER):
            data = self.store.read(name)
            self._torn |= name == self.name and bool(data) and not data.endswith(b"\n")
            for line in data.decode("utf-8", "replace").split("\n"):
                try:
                    outcome = Outcome.from_json(line)
                except (ValueError, KeyError, TypeError):
                    continue  # an empty or a torn line
                self.done[outcome.key] = outcome
        return self

    def record(self, outcome: Outcome) -> None:
        """Write one outcome down; on return it is on the disk."""
        line = outcome.as_json()
        if self._torn:  # end the torn line of a killed run first
            line, self._torn = "\n" + line, False
        self.store.append(self.name, line)
        self.done[outcome.key] = outcome

    def holds(self, order: Order, *, again: bool = False) -> bool:
        """Is this order done? Failures count as done unless they are to be tried `again`."""
        outcome = self.done.get(order.key)
        if outcome is None or outcome.digest != order.digest:
            return False
        if outcome.status is Status.FAILED:
            return not again
        return all(self.store.size(name) == size for name, _, size in outcome.files)
