"""Takes: the copy of a long edition is divided among several pandocs, which work side by side.

Compositors had their copy cut into takes where a paragraph ended. Here a take ends between two articles,
whose divs stand one after the other at the top of the text, and only where no construct of Markdown can
reach from one to the other: notes and addresses that are defined elsewhere, fenced code, HTML. What is
made of the takes together is what one pandoc makes of the whole, whatever their number.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any

from .. import pandoc
from ..devils import hands
from .words import Node

__all__ = ["independent", "parted", "read", "write_and_read"]

_SHORTEST = 300_000
"""Characters of a take: for fewer, the start of a process (40 ms) is not worth it."""
_MOST = 4
_REACHING = re.compile(
    r"\\.|(?P<far>```|~~~|\[\^|\]:|<(?=[A-Za-z/!?])(?!https?://|mailto:|[\w.+-]+@))", re.DOTALL
)
_NOTED = ('"t": "Note"', '"t": "CodeBlock"')
_FENCE = re.compile(r"^[ \t>]*:{3,}.*$", re.MULTILINE)


def write_and_read(blocks: Sequence[Node]) -> tuple[str, dict[str, Any]]:
    """Return the Markdown of pandoc's blocks, one an article, and what reading it back gives."""
    parts = [json.dumps(block, ensure_ascii=False) for block in blocks]
    divisible = not any(mark in part for part in parts for mark in _NOTED)
    cuts = _cuts(list(accumulate(map(len, parts)))) if divisible else []
    takes = [parts[a:b] for a, b in zip([0, *cuts], [*cuts, len(parts)], strict=True)]
    answers = pandoc.write_and_read_all([_document(take) for take in takes])
    text = "\n\n".join(written for written, _ in answers)
    if len(takes) > 1 and not independent(text):
        answers = pandoc.write_and_read_all([_document(parts)])
        text = answers[0][0]
    return text, _bound([back for _, back in answers])


def read(body: str) -> dict[str, Any]:
    """Return pandoc's AST of a text without front matter. Raises InputUnreadable."""
    return _bound(pandoc.read_all(parted(body)))


def independent(text: str) -> bool:
    """Tell whether nothing in a Markdown text reaches beyond the block in which it stands."""
    return not any(found["far"] for found in _REACHING.finditer(text))


def parted(body: str) -> list[str]:
    """Return the takes of a text: together they are the text, read alone each is what it is in it."""
    if len(body) < 2 * _SHORTEST or hands() < 2 or not independent(body):
        return [body]
    starts = list(_articles(body))
    cuts = _cuts([*starts, len(body)])
    places = [starts[cut - 1] for cut in cuts]
    return [body[a:b] for a, b in zip([0, *places], [*places, len(body)], strict=True)]


def _cuts(ends: Sequence[int]) -> list[int]:
    """Return where a row of parts is cut into takes of about the same length, by the ends of the parts."""
    whole = ends[-1] if ends else 0
    count = min(hands(), _MOST, whole // _SHORTEST) if whole >= 2 * _SHORTEST else 1
    cuts = {1 + sum(end < whole * n // count for end in ends) for n in range(1, count)}
    return sorted(cut for cut in cuts if cut < len(ends))


def _articles(body: str) -> Iterator[int]:
    """Yield where a div of an article begins right after the end of another; nothing if the fences of the
    text are not those that this program writes."""
    depth, last, found = 0, 0, []
    for fence in _FENCE.finditer(body):
        start, what = fence.start(), fence.group().strip(": \t")
        apart = body[last:start].strip() == ""
        if not fence.group().startswith(":") or (what and not (apart or body.startswith("\n\n", start - 2))):
            return
        if what and not depth and apart and start and what.startswith("{") and ".article" in what:
            found.append(start)
        depth += 1 if what else -1
        last = fence.end()
        if depth < 0:
            return
    if not depth:
        yield from found


def _document(parts: Sequence[str]) -> str:
    return f'{{"pandoc-api-version": [1, 23, 1], "meta": {{}}, "blocks": [{", ".join(parts)}]}}'


def _bound(answers: Sequence[str]) -> dict[str, Any]:
    """Join what was read of each take."""
    documents = [json.loads(answer) for answer in answers]
    blocks = [block for document in documents for block in document["blocks"]]
    return {**documents[0], "blocks": blocks}
