"""Headline gaps alone: printed headlines whose line ends are pauses or breaks inside a phrase.

Each is set over a short neutral body, so that nothing but the headline itself can tell; on real pages
the body helps. The figure is the share of gaps that a system reads rightly.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from .damage import printed

__all__ = ["SPLITS", "Gap", "gaps", "keep_all", "lines", "load", "mini_page", "versions"]

SPLITS = ("dev", "held")
_BODY = "记者近日在采访中了解到，有关工作正在按计\n划推进，各方面反应积极，大家都说这件事办\n得好。"


@dataclass(frozen=True)
class Gap:
    """One gap: the headline as printed, its reading, and whether the system read it rightly."""

    headline: str
    expected: str
    shown: str
    right: bool


def lines(split: str) -> list[str]:
    """Return the marked headlines of a split: of all files whose names begin with its name."""
    files = sorted(Path(__file__).with_name("headlines").glob(f"{split}*.txt"))
    found = [line for path in files for line in path.read_text(encoding="utf-8").split("\n")]
    return [line for line in found if line.strip() and not line.startswith("//")]


def load(split: str) -> list[str]:
    """Return the ways in which the marked headlines of a split are set."""
    return [version for line in lines(split) for version in versions(line)]


def versions(marked: str) -> list[str]:
    """Return the ways in which a marked headline is set: with one of its `~` at a time, so that each
    place where a compositor may break it is asked once; `/`, where both readings are right, is not."""
    marked = marked.replace("/", "")
    places = [place for place, mark in enumerate(marked) if mark == "~"]
    if len(places) < 2:
        return [marked] if set(marked) & set("|~") else []
    return [
        "".join(mark for place, mark in enumerate(marked) if mark != "~" or place == kept) for kept in places
    ]


def mini_page(marked: str) -> str:
    """Return a page of print, with wrapped lines: one article under the headline."""
    return f"# {' '.join(printed(marked)[0])}\n\n本报记者 何清\n\n{_BODY}\n"


def keep_all(marked: str) -> str:
    """Return what stands in print: each gap one space."""
    return " ".join(printed(marked)[0])


def gaps(split: str, read_title: Callable[[str], str]) -> Iterator[Gap]:
    """Yield each gap of each headline; `read_title` takes the marked headline, returns the title read."""
    for marked in load(split):
        parts, expected = printed(marked)
        shown = read_title(marked)
        at = 0
        for left, right in pairwise(parts):
            at += len(left)
            kept = _space_at(shown, at)
            wanted = re.search(re.escape(left) + " " + re.escape(right), expected) is not None
            yield Gap(" ".join(parts), expected, shown, kept == wanted)


def _space_at(text: str, count: int) -> bool:
    """Return whether a space follows the first `count` characters, spaces not counted."""
    for character in text:
        if count == 0:
            return character == " "
        count -= character != " "
    return False
