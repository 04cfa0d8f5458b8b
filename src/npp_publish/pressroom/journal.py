"""The journal: one line of JSON for each order that is done, in the output place itself.

A run that is killed at any moment leaves a journal that ends in a whole line or in a torn one; the
torn one is passed over and its document is printed again. An order counts as done only while its
digest is the same and every file it made is still there with its size.

On a disk each line is there before the outcome is told. Object stores cannot append: there the lines
of some seconds are written as one object, and a killed run prints the documents of those seconds again
(the same bytes).
"""

from __future__ import annotations

import time
from collections.abc import Container, Iterator

from .depot import FOLDER, Store
from .orders import Order, Outcome, Status

__all__ = ["Journal"]

_OFTEN = 5.0  # seconds between two pieces where a line cannot be added
_PIECE = 1000  # lines; then the next piece is begun


class Journal:
    """What is done in one output place. `shard` keeps the files of parallel runs apart.

    In memory it holds one line of JSON a document (some 700 bytes), and only of `wanted` keys.
    """

    def __init__(self, store: Store, shard: tuple[int, int] = (1, 1)) -> None:
        self.store = store
        self.stem = f"{FOLDER}/{shard[0]}-of-{shard[1]}"
        self.name = f"{self.stem}.jsonl"
        self._lines: dict[str, str] = {}
        self._torn = False
        self._piece: list[str] = []
        self._number = 0
        self._written = time.monotonic()
        self._listing: tuple[str, dict[str, int]] = ("", {})

    def load(self, wanted: Container[str] | None = None) -> Journal:
        """Read the journals of all shards; the last line of a key counts."""
        self._listing = ("", {})
        for name in self.store.names(FOLDER):
            if not name.endswith(".jsonl"):
                continue
            data = self.store.read(name)
            self._torn |= name == self.name and bool(data) and not data.endswith(b"\n")
            if name.startswith(f"{self.stem}."):
                self._number += 1
            for line in data.decode("utf-8", "replace").split("\n"):
                key = _key(line)
                if key is not None and (wanted is None or key in wanted):
                    self._lines[key] = line
        return self

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)

    def outcome(self, key: str) -> Outcome | None:
        """Return what came of an order, if anything did."""
        line = self._lines.get(key)
        return Outcome.from_json(line) if line else None

    def record(self, outcome: Outcome) -> None:
        """Write one outcome down. Raises CannotWrite."""
        line = outcome.as_json()
        self._lines[outcome.key] = line
        if not self.store.appends:
            self._piece.append(line)
            if len(self._piece) >= _PIECE or time.monotonic() - self._written >= _OFTEN:
                self.flush()
            return
        if self._torn:  # end the torn line of a killed run first
            line, self._torn = "\n" + line, False
        self.store.append(self.name, line)

    def flush(self) -> None:
        """Bring to the place what is not there yet. Raises CannotWrite."""
        if not self._piece:
            return
        text = "\n".join(self._piece) + "\n"
        self.store.write(f"{self.stem}.{self._number:06}.jsonl", text.encode())
        self._written = time.monotonic()
        if len(self._piece) >= _PIECE:
            self._piece, self._number = [], self._number + 1

    def holds(self, order: Order, *, again: bool = False) -> bool:
        """Is this order done? Failures count as done unless they are to be tried `again`."""
        outcome = self.outcome(order.key)
        if outcome is None or outcome.digest != order.digest:
            return False
        if outcome.status is Status.FAILED:
            return not again
        return all(self._size(name) == size for name, _, size in outcome.files)

    def _size(self, name: str) -> int:
        folder, _, file = name.rpartition("/")
        return self._folder(folder or ".").get(file, -1)

    def _folder(self, folder: str) -> dict[str, int]:
        """One listing a folder, not one question a file: orders come sorted, folder by folder."""
        if self._listing[0] != folder:
            self._listing = (folder, self.store.sizes(folder))
        return self._listing[1]


def _key(line: str) -> str | None:
    try:
        return Outcome.from_json(line).key
    except (ValueError, KeyError, TypeError):
        return None  # an empty or a torn line
