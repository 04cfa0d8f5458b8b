"""Where lines may break, marked with `<wbr>`: headings at the pauses a reader makes, and nowhere else;
running text also at quotation marks beside Latin, which browsers glue to it (UAX 14, LB 19).

Browsers break Chinese between any two characters, so that a headline is torn inside a word. The
style sheet forbids that (`word-break: keep-all`) and the marks set here allow the good places.
They are no characters: copied and searched text stays as it is.
"""

from __future__ import annotations

import re
from html import unescape
from itertools import pairwise

from ...typeset.characters import GLUED
from ...typeset.headline import pauses

__all__ = ["eased", "phrases", "with_pauses"]

_HEADING = re.compile(r'(<(h[1-6]) class="(?:title|section|box-title)[^>]*>)(.*?)(</\2>)', re.DOTALL)
_SET_ASIDE = re.compile(r"(<(?:rt|code|pre|h[1-6])\b.*?</(?:rt|code|pre|h[1-6])>|<[^>]*>)", re.DOTALL)
_GAP = re.compile("([ \u3000]+)")
_PIECE = re.compile(r"<[^>]*>|&[#\w]+;|[^<&]")


def phrases(text: str) -> tuple[str, ...]:
    """Divide a heading's text at its pauses; the parts together are the text."""
    edges = [0, *pauses(text), len(text)]
    return tuple(text[a:b] for a, b in pairwise(edges))


def eased(markup: str) -> str:
    """Allow lines of an article set by the galley to end at quotation marks beside Latin: else
    `完善“4+5+M+N”创新` is one unbreakable word, and the line before it is torn open."""
    pieces = re.split(_SET_ASIDE, markup)
    pieces[::2] = [GLUED.sub("<wbr>", text) for text in pieces[::2]]
    return "".join(pieces)


def with_pauses(markup: str) -> str:
    """Mark the pauses in all headings of an article set by the galley (which escapes every `<`). The
    parts that the paper sets apart by a gap are kept together: lines end at the gaps first."""
    return _HEADING.sub(lambda found: found[1] + _parted(found[3]) + found[4], markup)


def _parted(inner: str) -> str:
    parts = _GAP.split(inner)
    if "<" in inner or len([part for part in parts if part.strip()]) < 2:
        return _marked(inner)
    return "".join(f'<span class="part">{_marked(p)}</span>' if p.strip() else p for p in parts)


def _marked(inner: str) -> str:
    pieces = _PIECE.findall(inner)
    text = "".join(unescape(piece) for piece in pieces if not piece.startswith("<"))
    starts, parts, at = set(pauses(text)), [], 0
    for piece in pieces:
        if not piece.startswith("<"):
            if at in starts:
                parts.append("<wbr>")
            at += len(unescape(piece))
        parts.append(piece)
    return "".join(parts)
