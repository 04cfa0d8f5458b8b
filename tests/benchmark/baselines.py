"""What the figures are to be read against.

nothing      the page as it came
pandoc       read and written again as Markdown by pandoc: what a converter alone does
unwrapping   the idea of calibre's heuristic processing: find the median line length, and join a line
             to the next where it is long enough and does not end like a paragraph
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Mapping

__all__ = ["BASELINES"]

_END = re.compile(r"[.!?:\"'”’。！？：；…）】》]\s*$")
_MARKED = re.compile(r"\s*(#|\*\*|!\[|>|[-*] )")


def nothing(raw: str) -> str:
    """Return the page unchanged."""
    return raw


def unwrapping(raw: str, factor: float = 0.4) -> str:
    """Join lines longer than `factor` of the median length that do not end like a paragraph.

    Blank lines between paragraphs are taken away where most lines have one after them, as calibre
    does; hyphens at line ends are closed up; Chinese lines join without a space.
    """
    lines = [line.rstrip() for line in raw.split("\n")]
    lengths = [len(line) for line in lines if line and not _MARKED.match(line)]
    limit = statistics.median(lengths) * factor if lengths else 0
    paragraphs: list[str] = []
    open_line = False
    for line in lines:
        if not line:
            open_line = False
            continue
        marked = bool(_MARKED.match(line))
        if open_line and not marked:
            paragraphs[-1] = _joined(paragraphs[-1], line)
        else:
            paragraphs.append(line)
        open_line = not marked and len(line) >= limit and not _END.search(line)
    return "\n\n".join(paragraphs) + "\n"


def _joined(left: str, right: str) -> str:
    if left.endswith("-") and right[:1].islower():
        return left[:-1] + right
    latin = left[-1:].isascii() and right[:1].isascii()
    return left + (" " if latin else "") + right.lstrip()


def round_trip(raw: str) -> str:
    """Return what pandoc writes for what it reads."""
    import subprocess

    from npp_publish import pandoc

    command = [str(pandoc.binary()), "--sandbox", "-f", "markdown", "-t", "markdown", "--wrap=none"]
    done = subprocess.run(command, input=raw.encode(), capture_output=True, check=True, timeout=60)
    return done.stdout.decode()


BASELINES: Mapping[str, Callable[[str], str]] = {
    "nothing": nothing,
    "pandoc": round_trip,
    "unwrapping": unwrapping,
}
