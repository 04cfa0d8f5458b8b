"""Balance: how two phrases of a headline are built, each by itself and one against the other.

A reader who sees two halves of the same length and the same build, verb over verb and noun over noun,
takes them for two; a noun before a bare verb for one. The network of `cadence` cannot count well, so
that is counted for it: whole numbers between -ONE and ONE, in a fixed order.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["COUNT", "ONE", "measure"]

ONE = 1 << 12
COUNT = 42  # numbers that `measure` returns

Side = tuple[Sequence[str], Sequence[str]]  # words, and the part of speech of each


def measure(left: Side, right: Side) -> list[int]:
    """Return the numbers for two phrases; a verb has the part of speech `v`."""
    return [
        *_lengths("".join(left[0]), "".join(right[0])),
        *_likeness(left, right),
        *_verbs(left[1], right[1]),
        *_form("".join(left[0]), "".join(right[0]), len(left[0]), len(right[0])),
    ]


def _share(count: int, most: int) -> int:
    return ONE * min(count, most) // most


def _lengths(left: str, right: str) -> list[int]:
    one, two = len(left), len(right)
    flags = (one == two, one == two >= 4, one <= 2, two <= 2, one == 3, one == 4, two == 4)
    more = max(-ONE, min(ONE, (one - two) * ONE // 16))
    return [
        _share(one, 16),
        _share(two, 16),
        _share(abs(one - two), 8),
        more,
        *(ONE * flag for flag in flags),
    ]


def _likeness(left: Side, right: Side) -> list[int]:
    one, two = "".join(left[0]), "".join(right[0])
    sizes = [len(word) for word in left[0]], [len(word) for word in right[0]]
    tags = left[1], right[1]
    even = len(one) == len(two)
    most = min(len(tags[0]), len(tags[1]))
    here = _same(one, two)
    flags = (
        even and sizes[0] == sizes[1],
        even and tags[0] == tags[1],
        even and sizes[0] == sizes[1] and tags[0] == tags[1],
        even and tags[0][0] == tags[1][0],
        even and tags[0][-1] == tags[1][-1],
    )
    return [
        *(ONE * flag for flag in flags),
        ONE * _same(*tags) // most,
        ONE * _same(tags[0][::-1], tags[1][::-1]) // most,
        ONE * _same(*sizes) // max(map(len, sizes)),
        _share(here, 3),
        _share(_same(one[::-1], two[::-1]), 3),
        ONE * (even and here > 0),
        _share(len(set(one) & set(two)), 4),
    ]


def _same(one: Sequence[object], two: Sequence[object]) -> int:
    return sum(a == b for a, b in zip(one, two, strict=False))


def _verbs(left: Sequence[str], right: Sequence[str]) -> list[int]:
    one = [n for n, tag in enumerate(left) if tag == "v"]
    two = [n for n, tag in enumerate(right) if tag == "v"]
    flags = (
        not one,
        not two,
        bool(one and two),
        one[:1] == [0],
        two[:1] == [0],
        two[:1] == [1],
        one[-1:] == [len(left) - 1],
        two[-1:] == [len(right) - 1],
    )
    return [_share(len(one), 3), _share(len(two), 3), *(ONE * flag for flag in flags)]


def _form(left: str, right: str, one: int, two: int) -> list[int]:
    flags = (
        one == 1,
        two == 1,
        "“" in left,
        "“" in right,
        left[-1] == "”",
        right[0] == "“",
        left[-1] == "》",
        len(left) + len(right) <= 8,
        len(left) + len(right) >= 20,
    )
    return [ONE * flag for flag in flags]
