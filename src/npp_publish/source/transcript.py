"""The text of a printed page: rows -> lines, with marks for what only the print shows.

Geometry gives the order of the columns, blank lines between passages, heading marks where the type is
larger than that of the body, `**` where it is heavier, and fences (`::: box`) around what a frame on
the page sets apart. The marks are hints for the later stages, as those of any page are.
"""

from __future__ import annotations

import statistics
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from operator import itemgetter

from .columns import order
from .frames import Frame, useful
from .glyphs import Row
from .setting import BULLETS, Passage, passages

__all__ = ["transcribe"]

_TITLE = 1.75  # times the size of the body
_SECTION = 1.15
_HEADING_ROWS = 4  # a larger group in large type is a text in large type
_BOX = 30  # characters: less in a frame is the head of a page or of a section
_SMALL = 0.95  # smaller heavy type is a running head, not a label
_LABEL_ROWS = 2  # a larger group in heavy type is a text in heavy type
_KICKER = 1.15  # times its size: the headline below it
_SENTENCE = tuple("。！？!?…；;，,.")


def transcribe(found: Sequence[Row], drawn: Sequence[Frame]) -> str:
    """Write the rows as page text: blocks parted by blank lines, headings and heavy lines marked."""
    if not found:
        return ""
    total = sum(len(row.text) for row in found)
    if 2 * sum(len(row.text) for row in found if row.heavy) > total:  # the body is: it is no sign here
        found = [replace(row, heavy=False, lead=0) for row in found]
    if 2 * sum(len(row.text) for row in found if row.vertical) > total:
        found, drawn = [row.turned() for row in found], [frame.turned() for frame in drawn]
    body = _body_size(found)
    parts = passages(order(found, useful(drawn, found, body)), body)
    running = _running(found, body)
    largest = [max(row.size for row in passage.rows) for passage in parts]
    below = [*largest[1:], 0.0]
    written = [
        _marked(passage, body, running, after / size)
        for passage, size, after in zip(parts, largest, below, strict=True)
    ]
    for at, (above, here) in enumerate(pairwise(largest), 1):  # a subtitle under its headline
        if written[at].startswith("# ") and written[at - 1].startswith("# ") and here < 0.9 * above:
            written[at] = "#" + written[at]
    text = ""
    for block in _fenced(parts, written, body):
        listed = block.startswith(BULLETS) and text[text.rfind("\n") + 1 :].startswith(BULLETS)
        text += ("\n" if listed else "\n\n" if text else "") + block
    return text + "\n"


def _fenced(passages: Sequence[Passage], written: Sequence[str], body: float) -> Iterator[str]:
    """Yield the texts of the passages, with a fence before and after those of a box.

    A frame is that of a box if no headline stands in it, its last lines are no heading, and it holds more
    than a name and a date.
    """
    within: dict[Frame, list[Row]] = {}
    for passage in passages:
        for frame in passage.frames:
            within.setdefault(frame, []).extend(passage.rows)
    boxes = {frame for frame, lot in within.items() if _is_box(lot, body)}
    around = [next((frame for frame in passage.frames if frame in boxes), None) for passage in passages]
    for box, run in groupby(zip(around, written, strict=True), key=itemgetter(0)):
        texts = [text for _, text in run]
        yield from texts if box is None else ["::: box", *texts, ":::"]


def _is_box(within: Sequence[Row], body: float) -> bool:
    ratios = [row.size / body for row in within]
    enough = sum(len(row.text) for row in within) >= _BOX
    return ratios[-1] < _SECTION and max(ratios) < _TITLE and enough


def _body_size(found: Sequence[Row]) -> float:
    """Return the size in which most characters are set."""
    sizes = sorted((row.size, len(row.text)) for row in found)
    half = sum(count for _, count in sizes) / 2
    for size, count in sizes:
        half -= count
        if half <= 0:
            return size
    return statistics.median(row.size for row in found)


def _running(found: Sequence[Row], body: float) -> frozenset[str]:
    """Return what stands on the highest line of the page, or on the lowest and once more on it."""
    highest, lowest = max(row.top for row in found), min(row.bottom for row in found)
    counts = Counter(row.text for row in found)
    edge = (row.text for row in found if row.top > highest - body or row.bottom < lowest + body)
    top = [row for row in found if row.top > highest - body and row.size < _TITLE * body]
    return frozenset([*(row.text for row in top), *(text for text in edge if counts[text] > 1)])


def _marked(passage: Passage, body: float, running: frozenset[str], growth: float) -> str:
    """Write one passage. No heading is a name that is `running` at the head or foot, nor a kicker.

    `growth` is the size of the next passage against this one: a kicker stands over larger type.
    """
    lines = [row.text for row in passage.rows]
    first = passage.rows[0]
    ratio = first.size / body
    kicker = growth * ratio >= _SECTION and growth >= _KICKER and ratio < _TITLE
    if len(lines) == 1 and (lines[0] in running or (kicker and not passage.label)):
        return lines[0]
    sentence = lines[-1].endswith(_SENTENCE)
    if passage.label and not sentence:
        return f"**{''.join(lines)}**"
    if ratio >= _TITLE and len(lines) <= _HEADING_ROWS:
        return "# " + " ".join(lines)
    if ratio >= _SECTION and len(lines) <= _HEADING_ROWS and not (sentence and len(lines) > 1):
        return "## " + " ".join(lines)
    if passage.centred and ratio > _SMALL and len(lines) <= _HEADING_ROWS and not sentence:
        return "## " + " ".join(lines)
    if first.heavy and ratio > _SMALL and len(lines) <= _LABEL_ROWS and not sentence:
        return "\n".join(f"**{line}**" for line in lines)
    if first.lead > 1:
        lines[0] = f"**{lines[0][: first.lead]}**{lines[0][first.lead :]}"
    return _flowing(lines) if passage.flows else "\n".join(lines)


def _flowing(lines: Sequence[str]) -> str:
    """Set the rows of one Chinese text in one line: the layer has no line ends.

    Between letters and digits a line end is kept, since a hyphen or a space may have stood there.
    """
    text = lines[0]
    for line in lines[1:]:
        text += ("" if _is_wide(text[-1]) or _is_wide(line[0]) else "\n") + line
    return text


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF" or character in "“”‘’—…·"
