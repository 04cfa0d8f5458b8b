"""Both ends of a line: marks at line start and line end, hanging marks, spaces that vanish.

GB/T 15834-2011 5.1.10: a full-width mark at the end of a line takes half an em. clreq 3.1.6.3: so
does an opening mark at the start. clreq 3.1.7: pause and stop marks may hang.
"""

from __future__ import annotations

from dataclasses import dataclass

from . import characters as cc
from .paragraph import Paragraph
from .spacing import HALF, Spacing

__all__ = ["Edges", "cut"]


@dataclass(slots=True)
class Edges:
    """By character, px. `head`: what is cut off its left side if a line starts with it; `tail`: off
    its right side if a line ends with it. `visible[j]`: the end of what is seen of a line that ends
    before `j`, that is without its spaces."""

    head: list[float]
    tail: list[float]
    visible: list[int]


def cut(par: Paragraph, sp: Spacing) -> Edges:
    """Work out both edges for every character of `par`."""
    count = len(par)
    head, tail = [0.0] * count, [0.0] * count
    trim = par.options.start
    hang = par.options.hang == "comma"
    for k, kind in enumerate(par.kind):
        if kind == cc.OPEN and par.full[k]:
            if trim == "trim" or (trim == "first-full" and k):
                head[k] = HALF * par.em[k]
        elif kind in cc.BLANK_AFTER and par.closes(k):
            tail[k] = par.advance[k] if hang and par.text[k] in cc.HANGING else HALF * par.em[k]
    visible = list(range(count + 1))
    for j in range(1, count + 1):
        if par.kind[j - 1] in (cc.SPACE, cc.NEWLINE) or par.text[j - 1] == cc.FULL_SPACE:
            visible[j] = visible[j - 1]
    return Edges(head, tail, visible)
