"""Headlines: lines of even length, broken where a reader would pause."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from .phrases import beginnings

__all__ = ["break_lines", "pauses"]

_NO_START = frozenset("，。、；：？！）》」』”’】〉…—·%,.;:?!)]}")
_NO_END = frozenset("（《「『“‘【〈([{")
_LONGEST = 240
_AT_SPACE, _AT_PHRASE, _INSIDE_PHRASE, _INSIDE_WORD = -0.3, 0.03, 0.35, 9.0
"""A space in a printed headline is where the paper began a new line: worth an uneven one."""


def _costs(text: str) -> list[float | None]:
    """Return for each index what a line break before it costs; None where there must be none."""
    starts = beginnings(text, "zh-Hans")
    costs: list[float | None] = [None]
    for index in range(1, len(text)):
        before, after = text[index - 1], text[index]
        if before == " ":
            costs.append(_AT_SPACE)
        elif after == " " or after in _NO_START or before in _NO_END or (before, after) == ("—", "—"):
            costs.append(None)
        elif before.isascii() and after.isascii():
            costs.append(_INSIDE_WORD)
        else:
            costs.append(_AT_PHRASE if index in starts else _INSIDE_PHRASE)
    return costs


def pauses(text: str) -> list[int]:
    """Return the indices at which a line of the headline `text` may begin: between phrases, never
    inside a word or a number, never against clreq 3.1.3. Spaces are not listed: they break anyway."""
    return [at for at, cost in enumerate(_costs(text[:_LONGEST])) if cost is not None and 0 < cost < 0.1]


def break_lines(text: str, width: float, advance: Callable[[str], float]) -> list[str]:
    """Return `text` in the fewest lines not wider than `width`, as even as may be, broken at spaces
    first, then between phrases, inside a word only where nothing else is possible. A text longer
    than 240 characters is filled line by line."""
    text = " ".join(text.split())
    if not text:
        return []
    if len(text) > _LONGEST:
        return _filled(text, width, advance)
    edges = [0.0]
    for character in text:
        edges.append(edges[-1] + advance(character))
    fewest = max(1, -(-int(edges[-1]) // max(1, int(width))))
    for limit in range(fewest, fewest + 3):
        lines = _even(text, width, edges, limit)
        if lines:
            return lines
    return _filled(text, width, advance)


def _even(text: str, width: float, edges: list[float], count: int) -> list[str]:
    """Return the best division into exactly `count` lines, or nothing where none fits."""
    costs, end = _costs(text), len(text)
    ideal = edges[-1] / count
    best: list[dict[int, tuple[float, int]]] = [{0: (0.0, -1)}]
    for row in range(count):
        reached: dict[int, tuple[float, int]] = {}
        for start, (spent, _) in best[row].items():
            for stop in range(start + 1, end + 1):
                length = edges[stop] - edges[start]
                if length > width + 1:
                    break
                price = 0.0 if stop == end else costs[stop]
                if price is None or (stop == end) != (row == count - 1):
                    continue
                total = spent + price + ((length - ideal) / width) ** 2
                if stop not in reached or total < reached[stop][0]:
                    reached[stop] = (total, start)
        best.append(reached)
    if end not in best[count]:
        return []
    cuts, at = [end], end
    for row in range(count, 0, -1):
        at = best[row][at][1]
        cuts.append(at)
    cuts.reverse()
    return [text[a:b].strip() for a, b in pairwise(cuts)]


def _filled(text: str, width: float, advance: Callable[[str], float]) -> list[str]:
    lines, line, length = [], "", 0.0
    for character in text:
        step = advance(character)
        if line and length + step > width and character not in _NO_START:
            lines.append(line)
            line, length = "", 0.0
        line, length = line + character, length + step
    return [*lines, line]
