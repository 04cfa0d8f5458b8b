"""Where the lines of a heading may break: `<wbr>` at the pauses a reader makes, and nowhere else.

Browsers break Chinese between any two characters, so that a headline is torn inside a word. The
style sheet forbids that (`word-break: keep-all`) and the marks set here allow the good places.
They are no characters: copied and searched text stays as it is.
"""

from __future__ import annotations

import re
from html import unescape
from itertools import pairwise

from ...typeset.headline import pauses

__all__ = ["phrases", "with_pauses"]

_HEADING = re.compile(r'(<(h[1-6]) class="(?:title|section|box-title)[^>]*>)(.*?)(</\2>)', re.DOTALL)
_PIECE = re.compile(r"<[^>]*>|&[#\w]+;|[^<&]")


def phrases(text: str) -> tuple[str, ...]:
    """Divide a heading's text at its pauses; the parts together are the text."""
    edges = [0, *pauses(text), len(text)]
    return tuple(text[a:b] for a, b in pairwise(edges))


def with_pauses(markup: str) -> str:
    """Mark the pauses in all headings of an article set by the galley (which escapes every `<`)."""
    return _HEADING.sub(lambda found: found[1] + _marked(found[3]) + found[4], markup)


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
