"""Cadence: where a reader of Chinese would pause; a small network of its own, read in whole numbers.

A headline is read once forwards and once backwards, character by character, by a recurrent network
(gated units) that was trained on news in which the commas and full stops had been taken out, then on
marked headlines (`scripts/train_cadence.py`; `cadence.txt` names the sources and their licences). At
each place between two characters it says how much speaks against a pause.

There is no numerical library among the dependencies, and none is needed: the weights of one input
for all units are packed into one large integer, a lane of 32 bits each, so that a product with a
whole number multiplies them all at once. All is integer arithmetic: the same answer on any machine.
The file is read on first use (10 ms, 0.35 MB).
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from math import exp, tanh
from operator import mul
from pathlib import Path

from .words import best, listed, simple, tag

__all__ = ["TAGS", "features", "read"]

TAGS = listed("tags")
_SAME = dict(zip(listed("other_tags"), listed("their_tags"), strict=True))
_LANE = 32  # bits of one unit in a packed row
_WEIGHT = 8  # a weight of 1.0 is 1 << 8
_STATE = 12  # a state of 1.0 is 1 << 12
_INPUT = 5  # an input of 1.0 is 1 << 5
_SUM = 8  # a sum of 1.0 before the squashing is 1 << 8
_FLAT = 8 << _SUM  # sums beyond have the same value
_EDGE = 128 << _SUM  # no sum is larger: states and inputs are bounded (the test of the file adds them up)
_ENTERED, _RECURRED = _INPUT + _WEIGHT - _SUM, _STATE + _WEIGHT - _SUM  # shifts that make sums of products
_MARKS = frozenset("“”‘’《》、：（）·—%.")
_MAGIC = b"cadence 1\n"


def features(text: str) -> tuple[str, list[int]]:
    """Return a text in simplified characters with digits and letters as one each, and for each
    character the part of speech of its word and its place in the word, as one number above 0."""
    words = best(text)[1]
    classes: list[int] = []
    for word in words:
        kind = _class(word) * 4 + 1
        inner = [kind + 1] * (len(word) - 2)
        classes += [kind + 3] if len(word) == 1 else [kind, *inner, kind + 2]
    return "".join(_character(c) for c in "".join(words)), classes


def _class(word: str) -> int:
    if word[0].isascii() and word[0].isalnum():
        return TAGS.index("m" if word[0].isdigit() else "x")
    if word in _MARKS:
        return TAGS.index("x")
    name = tag(word)
    name = name if name in TAGS else _SAME.get(name, "n")
    return TAGS.index(name)


def _character(character: str) -> str:
    if character.isdigit():
        return "0"
    return "a" if character.isascii() and character.isalpha() else character


@dataclass(frozen=True)
class _Network:
    """The packed weights: rows by input, a lane for each unit."""

    units: int
    places: dict[str, int]  # a character -> its row in `characters`
    characters: _Rows
    classes: _Rows
    enter: tuple[tuple[int, ...], tuple[int, ...]]  # input -> units, forwards and backwards
    start: tuple[int, int]  # what is added to each sum
    recur: tuple[tuple[int, ...], tuple[int, ...]]  # state -> units
    judge: tuple[int, ...]  # both states on both sides of a place -> the last layer
    judge_start: int
    out: array[int]
    out_start: int


def read(text: str, place: int) -> float:
    """Return how much speaks for reading on (above 0) or for a pause (below 0) before the character at
    `place`, which is inside the text, in natural logarithms of the odds; 0 where the model is missing."""
    text = simple(text)
    network = _network()
    if network is None:
        return 0.0
    ahead, back = _states(text)
    return -_verdict(network, (*ahead[place - 1], *back[place], *ahead[place], *back[place - 1]))


@lru_cache(maxsize=512)
def _states(text: str) -> tuple[list[list[int]], list[list[int]]]:
    """Return the states after each character, read forwards and read backwards."""
    network = _network()
    assert network is not None
    plain, classes = features(text)
    inputs = [network.characters[network.places.get(c, 1)] for c in plain]
    entries = [(*one, *network.classes[two]) for one, two in zip(inputs, classes, strict=True)]
    return _pass(network, 0, entries), _pass(network, 1, entries[::-1])[::-1]


def _pass(network: _Network, direction: int, entries: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return the state after each character."""
    units = network.units
    enter, recur = network.enter[direction], network.recur[direction]
    sigmoid, squash = _curves()
    state = [0] * units
    states = []
    once, twice = units, 2 * units
    for entry in entries:
        sums = _unpack(_weighted(entry, enter) + network.start[direction], 3 * units)
        xs = [value >> _ENTERED for value in sums]
        us = [value >> _RECURRED for value in _unpack(_weighted(state, recur), 3 * units)]
        keep = [sigmoid[x + u] for x, u in zip(xs[:once], us[:once], strict=True)]
        reset = [sigmoid[x + u] for x, u in zip(xs[once:twice], us[once:twice], strict=True)]
        fresh = [squash[x + (r * u >> _STATE)] for x, u, r in zip(xs[twice:], us[twice:], reset, strict=True)]
        state = [n + (z * (h - n) >> _STATE) for z, h, n in zip(keep, state, fresh, strict=True)]
        states.append(state)
    return states


def _verdict(network: _Network, values: Sequence[int]) -> float:
    squash = _curves()[1]
    sums = _unpack(_weighted(values, network.judge) + network.judge_start, len(network.out))
    last = [squash[value >> _RECURRED] for value in sums]
    total = sum(a * b for a, b in zip(last, network.out, strict=True)) + network.out_start
    return total / (1 << (_STATE + _WEIGHT))


def _weighted(values: Iterable[int], rows: Iterable[int]) -> int:
    return sum(map(mul, values, rows))


@cache
def _curves() -> tuple[list[int], list[int]]:
    """Return the logistic curve and the hyperbolic tangent for sums from 0 on, then for those below 0:
    the order in which a list is read with an index below 0."""
    one = 1 << _STATE
    points = [n / (1 << _SUM) for n in range(_FLAT)]
    above = [round(one / (1 + exp(-x))) for x in points]
    bent = [round(one * tanh(x)) for x in points]
    far = [one] * (_EDGE - _FLAT)
    low = [0] * (_EDGE - _FLAT)
    below = [one - value for value in above[:0:-1]]
    unbent = [-value for value in bent[:0:-1]]
    sigmoid = [*above, *far, *low, one - above[-1], *below]
    squash = [*bent, *far, *[-one] * len(far), -bent[-1], *unbent]
    return sigmoid, squash


@cache
def _halves(count: int) -> int:
    """Return the number with the highest bit set in each of `count` lanes. Added and then taken out again
    bit by bit, it turns a sum over lanes times powers of 2, some below 0, into lanes with a sign of
    their own (two's complement)."""
    return (1 << (_LANE - 1)) * (((1 << (_LANE * count)) - 1) // ((1 << _LANE) - 1))


def _pack(values: array[int]) -> int:
    """Return the values as lanes of one number; a sum over lanes times powers of 2, below 0 as well."""
    lanes, halves = array("i", values), _halves(len(values))
    if sys.byteorder == "big":
        lanes.byteswap()
    return (int.from_bytes(lanes.tobytes(), "little") ^ halves) - halves


def _unpack(number: int, count: int) -> list[int]:
    halves = _halves(count)
    lanes = array("i", ((number + halves) ^ halves).to_bytes(count * _LANE // 8, "little"))
    if sys.byteorder == "big":
        lanes.byteswap()
    return lanes.tolist()


# --------------------------------------------------------------------------- the file


class _Reel:
    """The bytes of the file, unwound number by number; little-endian."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def line(self) -> bytes:
        end = self._data.index(b"\n", self._at) + 1
        found = self._data[self._at : end]
        self._at = end
        return found

    def take(self, code: str, count: int) -> array[int]:
        values = array(code)
        end = self._at + count * values.itemsize
        values.frombytes(self._data[self._at : end])
        self._at = end
        if sys.byteorder == "big":
            values.byteswap()
        return values

    def rows(self, code: str, count: int, width: int) -> _Rows:
        return _Rows(self.take(code, count * width), width)

    def packed(self, count: int, width: int) -> tuple[int, ...]:
        rows = self.rows("h", count, width)
        return tuple(_pack(rows[n]) for n in range(count))


class _Rows:
    """A table, cut into rows when they are wanted."""

    def __init__(self, whole: array[int], width: int) -> None:
        self._whole, self._width = whole, width

    def __getitem__(self, number: int) -> array[int]:
        return self._whole[number * self._width : (number + 1) * self._width]


@cache
def _network() -> _Network | None:
    path = Path(__file__).with_name("cadence.bin")
    try:
        reel = _Reel(path.read_bytes())
    except OSError:
        return None
    if reel.line() != _MAGIC:
        return None
    units, wide, narrow, classes, last = map(int, reel.line().split())
    characters = reel.line().decode("utf-8").rstrip("\n")
    whole = wide + narrow
    return _Network(
        units,
        {character: n for n, character in enumerate(characters, 2)},
        reel.rows("b", len(characters) + 2, wide),
        reel.rows("b", classes, narrow),
        (reel.packed(whole, 3 * units), reel.packed(whole, 3 * units)),
        (_pack(reel.take("i", 3 * units)), _pack(reel.take("i", 3 * units))),
        (reel.packed(units, 3 * units), reel.packed(units, 3 * units)),
        reel.packed(4 * units, last),
        _pack(reel.take("i", last)),
        reel.take("h", last),
        reel.take("i", 1)[0],
    )
