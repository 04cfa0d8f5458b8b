"""Lineation: where the parts of an edited edition stand in its file.

An edition made of a page knows the lines of that page. One written or edited by hand is told by the
lines of `edition.md` itself, so that every finding leads to the place that can be corrected.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from ..model import Code, Edition, Figure, Foreign, Ruby, Text, Verbatim

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
        """Return a node or tuple with its lines."""
        if isinstance(value, tuple):
            return tuple(self.part(item, depth) for item in value)
        if not is_dataclass(value) or isinstance(value, type) or depth > _DEEPEST:
            return value
        known = {item.name for item in fields(value)}
        if "lines" not in known:
            return self._inside(value, known, depth)
        line = self._find(value)
        return replace(self._inside(value, known, depth), lines=(line,) if line else ())

    def _inside(self, value: Any, known: set[str], depth: int) -> Any:
        """Return a node with the lines of the parts inside it; words have none."""
        made = {}
        for name in _PARTS:
            if name in known:
                made[name] = self.part(getattr(value, name), depth + 1)
        return replace(value, **made) if made else value

    def _find(self, value: Any) -> int:
        for needle in _needles(value):
            place = self.text.find(needle, self.at)
            if place >= 0:
                self.at = place
                break
        self.line += self.text.count("\n", self.counted, self.at)
        self.counted = self.at
        return self.line + 1


def _needles(value: Any) -> list[str]:
    """Return what a part may be found by: its picture, the first words of its first text."""
    if isinstance(value, Figure) and value.src:
        return [f"]({value.src}", value.src]
    found = _WORDS.search(_first_text(value))
    return [found.group()] if found else []


def _first_text(value: Any) -> str:
    pending = [value]
    while pending:
        node = pending.pop()
        if isinstance(node, tuple):
            pending += reversed(node)
        elif isinstance(node, Text | Code | Verbatim | Foreign):
            if _WORDS.search(node.text):
                return node.text
        elif isinstance(node, Ruby):
            return node.base
        elif is_dataclass(node) and not isinstance(node, type):
            pending += [getattr(node, item.name) for item in reversed(fields(node)) if item.name != "lines"]
    return ""
