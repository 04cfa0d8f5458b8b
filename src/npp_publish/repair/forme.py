"""The forme: tables of whole numbers locked up in large ones, so that one product does the work of many.

A row of a table (one weight for each of many sums) is one large integer, a lane of 24 bits for each
weight. Row times number, added up over the rows, is the product of a vector and a matrix; Python's
integers do it for all lanes at once, some forty times faster than one by one, and exactly: the same
answer on any machine. Lanes below 0 borrow from their neighbours; adding half a lane to each before
they are read gives that back.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable
from functools import cache
from operator import mul

__all__ = ["TOP", "Forme", "Rows", "pack", "tops", "weighted"]

TOP = 1 << 15  # the middle of what `tops` returns: a lane of 0
_LANE = 24  # bits
_BYTES = _LANE // 8
_HALF = 1 << (_LANE - 1)


@cache
def _each(count: int, value: int) -> int:
    """Return the number with `value` in each of `count` lanes."""
    return value * (((1 << (_LANE * count)) - 1) // ((1 << _LANE) - 1))


def pack(values: Iterable[int]) -> int:
    """Return the values as lanes of one number."""
    return sum(value << (_LANE * n) for n, value in enumerate(values))


def weighted(values: Iterable[int], rows: Iterable[int], start: int = 0) -> int:
    """Return the rows, each times its value, added up to `start`."""
    total: int = sum(map(mul, values, rows), start)
    return total


def tops(number: int, count: int) -> list[int]:
    """Return the upper 16 bits of `count` lanes, rounded, with `TOP` for 0."""
    raised = (number + _each(count, _HALF + (1 << 7))).to_bytes(_BYTES * count, "little")
    upper = bytearray(2 * count)
    upper[0::2], upper[1::2] = raised[1::_BYTES], raised[2::_BYTES]
    lanes = array("H", bytes(upper))
    if sys.byteorder == "big":
        lanes.byteswap()
    return lanes.tolist()


class Rows:
    """A table of signed bytes, cut into rows when they are wanted."""

    def __init__(self, data: bytes, width: int) -> None:
        self._data, self._width = memoryview(data).cast("b"), width

    def __getitem__(self, number: int) -> list[int]:
        return self._data[number * self._width : (number + 1) * self._width].tolist()


class Forme:
    """The bytes of a file of tables, taken table by table; little-endian."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def line(self) -> bytes:
        """Return the bytes up to a line end, without it."""
        end = self._data.index(b"\n", self._at)
        found = self._data[self._at : end]
        self._at = end + 1
        return found

    def rows(self, count: int, width: int) -> Rows:
        """Return a table of signed bytes."""
        return Rows(self._take(count * width), width)

    def numbers(self, count: int) -> list[int]:
        """Return signed numbers of 32 bits."""
        found = array("i", self._take(4 * count))
        if sys.byteorder == "big":
            found.byteswap()
        return found.tolist()

    def packed(self, count: int, width: int) -> list[int]:
        """Return a table of numbers of 16 bits, kept as numbers above 0, each row packed."""
        data = self._take(2 * count * width)
        lanes = bytearray(_BYTES * count * width)
        lanes[0::_BYTES], lanes[1::_BYTES] = data[0::2], data[1::2]
        size, middle = _BYTES * width, _each(width, TOP)
        return [int.from_bytes(lanes[at : at + size], "little") - middle for at in range(0, len(lanes), size)]

    def _take(self, size: int) -> bytes:
        found = self._data[self._at : self._at + size]
        if len(found) < size:
            raise ValueError("the file ends within a table")
        self._at += size
        return found
