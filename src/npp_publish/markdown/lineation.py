"""Lineation: where the parts of an edited edition stand in its file.

An edition made of a page knows the lines of that page. One written or edited by hand is told by the
lines of `edition.md` itself, so that every finding leads to the place that can be corrected.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from typing import Any

from ..model import Code, Edition, Figure, Foreign, Ruby, Text, Verbatim
from ..model.branches import nodes

__all__ = ["lined"]

_WORDS = re.compile(r"\w{1,16}")
_PARTS = ("bylines", "dateline", "continued_from", "body", "blocks", "items", "entries", "rows", "cells")
"""What has lines of its own, in the order in which it stands in the file."""
_DEEPEST = 60
"""Parts nested deeper than this have the line of what they are in."""


def lined(edition: Edition, text: str) -> Edition:
    """Return the edition with the `lines` of its articles and blocks as they are in `text`, its Markdown.

    Parts are looked up by their first words, in order; a part without words has the line of the one
    before it.
    """
    front = re.match(r"---\n.*?\n(?:---|\.\.\.)\n", text, re.DOTALL)
    finder = _Finder(text, front.end() if front else 0)
    return replace(edition, articles=finder.part(edition.articles))


@dataclass(slots=True)
class _Finder:
    """Goes through the text with the edition; `at` is how far it came."""

    text: str
    at: int
    line: int = 0
    counted: int = 0

    def part(self, value: Any, depth: int = 0) -> Any:
        """Return a node or tuple with its lines and those of the parts inside it; words have none."""
        if isinstance(value, tuple):
            return tuple([self.part(item, depth) for item in value])
        kind: Any = type(value)
        inside, lined = _shape(kind)
        if depth > _DEEPEST or not (inside or lined):
            return value
        line = self._find(value) if lined else 0
        made = {name: self.part(getattr(value, name), depth + 1) for name in inside}
        if lined:
            made["lines"] = (line,) if line else ()
        return replace(value, **made)

    def _find(self, value: Any) -> int:
        for needle in _needles(value):
            place = self.text.find(needle, self.at)
            if place >= 0:
                self.at = place
                break
        self.line += self.text.count("\n", self.counted, self.at)
        self.counted = self.at
        return self.line + 1


@cache
def _shape(kind: Any) -> tuple[tuple[str, ...], bool]:
    """Return the parts of a kind of node that have lines, and whether it has some of its own."""
    known = {item.name for item in fields(kind)} if is_dataclass(kind) else set()
    return tuple(name for name in _PARTS if name in known), "lines" in known


def _needles(value: Any) -> list[str]:
    """Return what a part may be found by: its picture, the first words of its first text."""
    if isinstance(value, Figure) and value.src:
        return [f"]({value.src}", value.src]
    found = _WORDS.search(_first_text(value))
    return [found.group()] if found else []


def _first_text(value: Any) -> str:
    for node in nodes(value):
        if isinstance(node, Ruby):
            return node.base
        if isinstance(node, Text | Code | Verbatim | Foreign) and _WORDS.search(node.text):
            return node.text
    return ""
