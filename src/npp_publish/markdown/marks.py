"""Stage 5, proof marks: what a person who edits `edition.md` may have mistyped, with its line.

Only what the structure hangs on is looked for: fences that are not closed or close nothing. The
text itself is never changed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .proof import Reader

__all__ = ["look_over", "prose"]

_MARKERS = r"[ \t>]*(?:(?:[-*+:~]|[0-9]+\.)[ \t>]+)*"
_FENCE = re.compile(_MARKERS + r"(?P<fence>:{3,})\s*(?P<what>.*?)\s*:*\s*$")
_CODE = re.compile(_MARKERS + r"(?P<fence>`{3,}|~{3,})(?P<what>[^`]*)$")


def look_over(body: str, offset: int, reader: Reader) -> None:
    """Report fences that are not closed (NPP502) or that close nothing (NPP509).

    `offset` is the number of lines of front matter above the body.
    """
    open_fences: list[tuple[int, str]] = []
    for number, line in prose(body, reader, offset):
        found = _FENCE.fullmatch(line)
        if not found:
            continue
        if found["what"]:
            open_fences.append((number, found["what"]))
        elif open_fences:
            open_fences.pop()
        else:
            reader.note("NPP509", "this fence closes nothing", number)
    for number, what in open_fences:
        reader.note("NPP502", f"the block {what[:40]!r} that starts here is not closed", number)


def prose(body: str, reader: Reader, offset: int) -> Iterator[tuple[int, str]]:
    """Yield the numbered lines that are not inside fenced code."""
    code: tuple[int, str] | None = None
    for number, line in enumerate(body.split("\n"), offset + 1):
        found = _CODE.fullmatch(line)
        if code:
            closes = found and found["fence"].startswith(code[1]) and not found["what"].strip()
            code = None if closes else code
        elif found:
            code = (number, found["fence"])
        else:
            yield number, line
    if code:
        reader.note("NPP502", "the block of code that starts here is not closed", code[0])
