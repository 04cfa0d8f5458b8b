"""Cadence: where a reader of Chinese would pause; a small network of its own, read in whole numbers.

A heading is read as one text, word by word, once forwards and once backwards, by a recurrent network
(gated units). It has learnt from news whose commas and full stops had been taken out,
then from titles printed with a space at the pause, then from marked headlines
(`scripts/train_cadence.py`; `cadence.txt` names the sources and their licences). What it has understood
on both sides of the gap, and how the sides are built (`balance`), tells how much speaks against a pause.

There is no numerical library among the dependencies, and none is needed: see `forme`. The file is read
when the first gap is asked; a heading is read from both ends only as far as its gaps.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate, chain
from math import exp, tanh
from pathlib import Path
from zlib import crc32

from .balance import COUNT, measure
from .forme import TOP, Forme, Rows, pack, tops, weighted
from .words import best, listed, tag

__all__ = ["TAGS", "beside", "divided", "kind", "places", "plain", "read", "spoken"]

TAGS = listed("tags")
_SAME = dict(zip(listed("other_tags"), listed("their_tags"), strict=True))
_MARKS = frozenset("“”‘’《》、：（）·—%.")
_COLONS = frozenset("：:")
_MAGIC = b"cadence 3"
_STATE = 12  # bits behind the point of a state, and of what the curves return
_TAKEN = 4  # of these are dropped when a state is multiplied
_ENTERED = 3  # sums of inputs (5 bits behind the point) are shifted by this to those of states
_VERDICT = 11  # bits behind the point of the weights of the last layer
_SUM = 8  # bits behind the point in the upper part of a lane
_FLAT = 8 << _SUM  # sums beyond have the same value


def spoken(parts: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the words of each part of a heading as those of one text; a word that runs across a gap is
    divided. No part may be empty."""
    rest = best("".join(parts))[1]
    words = []
    for part in parts[:-1]:
        ahead, rest = divided(rest, len(part))
        words.append(ahead)
    return [*words, rest]


def beside(words: Sequence[tuple[str, ...]], gap: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what stands on both sides of a gap: the words since the last colon, and up to the next."""
    left, right = words[gap], words[gap + 1]
    last = max((n for n, word in enumerate(left) if word in _COLONS), default=-1)
    first = min((n for n, word in enumerate(right) if word in _COLONS), default=len(right))
    return left[last + 1 :], right[:first]


def divided(words: tuple[str, ...], length: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words of the first `length` characters, less than all, and the words behind them."""
    number = 0
    while length >= len(words[number]):
        length -= len(words[number])
        number += 1
    crossing = (words[number][:length],) if length else ()
    return (*words[:number], *crossing), (words[number][length:], *words[number + 1 :])


def plain(word: str) -> str:
    """Return a word with all digits as 0 and all Latin letters as a."""
    return "".join(map(_character, word))


def _character(character: str) -> str:
    if character.isdigit():
        return "0"
    return "a" if character.isascii() and character.isalpha() else character


def kind(word: str) -> str:
    """Return the part of speech of a word, one of `TAGS`."""
    if word[0].isascii() and word[0].isalnum():
        return "m" if word[0].isdigit() else "x"
    if word in _MARKS:
        return "x"
    name = tag(word)
    return name if name in TAGS else _SAME.get(name, "n")


def places(word: str, characters: str, buckets: int) -> tuple[int, int, int, int]:
    """Return the rows of a word in the tables of words, first and last characters, and classes."""
    bare = plain(word)
    return (
        crc32(bare.encode("utf-8", "surrogatepass")) % (buckets - 1) + 1,
        characters.find(bare[0]) + 2 or 1,
        characters.find(bare[-1]) + 2 or 1,
        TAGS.index(kind(word)) * 4 + min(len(word), 4),
    )


@dataclass(frozen=True)
class _Direction:
    """The weights of one direction of reading: rows by input or state, a lane for each sum."""

    gates: Sequence[int]  # input -> what is reset, what is kept
    fresh: Sequence[int]  # input -> what is new
    recur: Sequence[int]  # state -> all three
    start: int  # what is added to each sum of inputs for the gates, and of states for what is new
    start_fresh: int


@dataclass(frozen=True)
class _Network:
    units: int
    buckets: int
    characters: str
    tables: tuple[Rows, ...]  # of words, first and last characters, classes
    inputs: tuple[int, ...]  # the place of each table's first number among the inputs
    directions: tuple[_Direction, _Direction]  # forwards, backwards
    judge: Sequence[int]  # the states on both sides of the gap and the balance -> the last layer
    judge_start: int
    out: Sequence[int]  # the last layer -> the verdict
    straight: Sequence[int]  # the balance -> the verdict
    out_start: int


@lru_cache(maxsize=512)
def read(*parts: str) -> tuple[float, ...]:
    """Return for each gap between the parts of a heading, none of them empty, how much speaks for reading
    on (above 0) or for a pause (below 0), in natural logarithms of the odds; 0 beside a colon, and where
    the model is missing. The heading is read as one text, whatever its gaps."""
    network = _network()
    if network is None or len(parts) < 2:
        return (0.0,) * (len(parts) - 1)
    words = spoken(parts)
    text = list(chain.from_iterable(words))
    ends = list(accumulate(map(len, words)))[:-1]
    first = ends[0] - 1
    ahead = _states(0, text[: ends[-1] + 1])
    back = _states(1, reversed(text[first:]))[::-1]
    heard = []
    for gap, end in enumerate(ends):
        states = chain(ahead[end - 1], back[end - first], ahead[end], back[end - 1 - first])
        heard.append(_verdict(network, states, *beside(words, gap)))
    return tuple(heard)


def _verdict(network: _Network, states: Iterable[int], one: tuple[str, ...], two: tuple[str, ...]) -> float:
    """Return what the states before and behind a gap and the build of its sides come to."""
    if not one or not two:
        return 0.0
    found = measure((one, [kind(word) for word in one]), (two, [kind(word) for word in two]))
    squash = _curves()[1]
    number = weighted(_taken(chain(states, found)), network.judge, network.judge_start)
    last = [squash[value] for value in tops(number, len(network.out))]
    total = sum(a * b for a, b in zip(last, network.out, strict=True))
    total += sum(a * b for a, b in zip(found, network.straight, strict=True)) + network.out_start
    return -total / (1 << (_STATE + _VERDICT))


def _states(direction: int, words: Iterable[str]) -> list[list[int]]:
    """Return the states after each word."""
    network = _network()
    assert network is not None
    units, recur = network.units, network.directions[direction].recur
    sigmoid, squash = _curves()
    state = [0] * units
    states = []
    for word in words:
        gates, fresh = _entry(direction, word)
        sums = tops(weighted(_taken(state), recur, gates), 3 * units)
        new = [
            squash[x + (sigmoid[r] * (u - TOP) >> _STATE)]
            for x, r, u in zip(fresh, sums[:units], sums[2 * units :], strict=True)
        ]
        state = [
            n + (sigmoid[z] * (h - n) >> _STATE)
            for z, h, n in zip(sums[units : 2 * units], state, new, strict=True)
        ]
        states.append(state)
    return states


def _taken(states: Iterable[int]) -> list[int]:
    return [(state + (1 << _TAKEN - 1)) >> _TAKEN for state in states]


@lru_cache(maxsize=2048)
def _entry(direction: int, word: str) -> tuple[int, list[int]]:
    """Return what a word adds to the sums of a step: for the gates packed, for what is new one by one."""
    network = _network()
    assert network is not None
    way = network.directions[direction]
    gates, fresh = way.start, way.start_fresh
    for table, row in enumerate(places(word, network.characters, network.buckets)):
        for_gates, for_fresh = _part(direction, table, row)
        gates, fresh = gates + for_gates, fresh + for_fresh
    return gates, tops(fresh, network.units)


@lru_cache(maxsize=4096)
def _part(direction: int, table: int, row: int) -> tuple[int, int]:
    """Return what one row of one of the tables adds to the sums of a step."""
    network = _network()
    assert network is not None
    way = network.directions[direction]
    values = network.tables[table][row]
    first = network.inputs[table]
    rows = slice(first, first + len(values))
    return weighted(values, way.gates[rows]) << _ENTERED, weighted(values, way.fresh[rows]) << _ENTERED


@cache
def _curves() -> tuple[list[int], list[int]]:
    """Return the logistic curve and the hyperbolic tangent for each value of the upper part of a lane."""
    one = 1 << _STATE
    points = [n / (1 << _SUM) for n in range(_FLAT)]
    above = [round(one / (1 + exp(-x))) for x in points]
    bent = [round(one * tanh(x)) for x in points]
    far = TOP - _FLAT
    sigmoid = [*[0] * (far + 1), *[one - value for value in above[:0:-1]], *above, *[one] * far]
    squash = [*[-one] * (far + 1), *[-value for value in bent[:0:-1]], *bent, *[one] * far]
    return sigmoid, squash


@cache
def _network() -> _Network | None:
    """Return the weights in the file beside this one; none where there is none, or of another make."""
    try:
        forme = Forme(Path(__file__).with_name("cadence.bin").read_bytes())
        return _unlocked(forme) if forme.line() == _MAGIC else None
    except (OSError, ValueError):
        return None


def _unlocked(forme: Forme) -> _Network | None:
    units, wide, narrow, small, buckets, last, count = map(int, forme.line().split())
    characters = forme.line().decode("utf-8")
    if count != COUNT:
        return None
    tables = (
        forme.rows(buckets, wide),
        forme.rows(len(characters) + 2, narrow),
        forme.rows(len(characters) + 2, narrow),
        forme.rows(4 * len(TAGS) + 1, small),
    )
    widths = (0, wide, narrow, narrow, small)
    inputs = tuple(accumulate(widths))
    return _Network(
        units,
        buckets,
        characters,
        tables,
        inputs[:-1],
        (_direction(forme, inputs[-1], units), _direction(forme, inputs[-1], units)),
        forme.packed(4 * units + COUNT, last),
        pack(forme.numbers(last)),
        forme.numbers(last),
        forme.numbers(COUNT),
        forme.numbers(1)[0],
    )


def _direction(forme: Forme, inputs: int, units: int) -> _Direction:
    return _Direction(
        forme.packed(inputs, 2 * units),
        forme.packed(inputs, units),
        forme.packed(units, 3 * units),
        pack(forme.numbers(3 * units)),
        pack(forme.numbers(units)),
    )
