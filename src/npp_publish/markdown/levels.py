"""Stage 5, levels: what is nested without end is set flat before pandoc reads it.

pandoc takes minutes over hundreds of brackets in one another, and no reading system follows hundreds
of levels. What a line holds beyond the bounds loses its marks of nesting, never its words, and the
line is told (NPP513). The file itself stays as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .marks import prose
from .proof import Reader

__all__ = ["DEEPEST", "levelled"]

DEEPEST = 24
"""Levels of lists and quotations on one line, and of blocks."""
_SPANS, _BARE = 12, 4
"""Levels of spans and links, and of brackets that are nothing of the kind: over these pandoc takes twice
as long with each level."""
_FURTHEST = 4 * DEEPEST
"""Columns by which a line may be indented: four for each level."""
_MARKERS = re.compile(r"(?:[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])(?=[ \t])))+")
_MARKER = re.compile(r"[ \t]*(?:>|[-+*]|\d{1,9}[.)])")
_RULE = re.compile(r"[ \t]*(?:(?:-[ \t]*)+|(?:\*[ \t]*)+)")
_OPENS = re.compile(r":{3,}[ \t]*[^:\s].*")
_CLOSES = re.compile(r":{3,}[ \t]*")
_BRACKET = re.compile(r"\\.|`+|[\[\]]")
_ATTRIBUTES = re.compile(r"\{[^{}]*\}|\([^()]*\)")


def levelled(body: str, offset: int, reader: Reader) -> str:
    """Return the Markdown `body` with nothing nested without end, as many lines as before.

    `offset` is the number of lines of front matter above the body.
    """
    flat = _Flat()
    lines = body.split("\n")
    for number, line in prose(body, Reader(), offset):
        made = flat.line(line)
        if made != line:
            lines[number - offset - 1] = made
            flat.first = flat.first or number
    if not flat.first:
        return body
    message = "what is nested without end is set flat from here on"
    reader.note("NPP513", message, flat.first)
    return "\n".join(lines)


@dataclass(slots=True)
class _Flat:
    """`fences` tells of each open block whether it stays; `first` is the first line changed."""

    fences: list[bool] = field(default_factory=list)
    first: int = 0

    def line(self, line: str) -> str:
        """Return one line with no more levels than allowed."""
        if line.startswith(":::"):
            return self._fence(line)
        if line[:1] in " \t":
            line = _nearer(line)
        found = _MARKERS.match(line)
        if found and found.end() > 2 * DEEPEST and not _RULE.fullmatch(line):
            line = _fewer(found.group()) + line[found.end() :]
        return _unbracketed(line) if line.count("[") > _BARE else line

    def _fence(self, line: str) -> str:
        if _OPENS.fullmatch(line):
            self.fences.append(len(self.fences) < DEEPEST)
            return line if self.fences[-1] else ""
        if _CLOSES.fullmatch(line) and self.fences:
            return line if self.fences.pop() else ""
        return line


def _nearer(line: str) -> str:
    words = line.lstrip(" \t")
    indent = len(line[: len(line) - len(words)].expandtabs(4))
    return " " * _FURTHEST + words if indent > _FURTHEST and words else line


def _fewer(markers: str) -> str:
    """Return only the outer markers of quotations and lists."""
    return "".join(_MARKER.findall(markers)[:DEEPEST])


def _unbracketed(line: str) -> str:
    """Take away spans and links inside too many others; bare brackets there become plain characters."""
    pieces: list[str] = []
    places: list[int] = []  # of the open brackets among the pieces
    at, code = 0, ""
    while found := _BRACKET.search(line, at):
        pieces.append(line[at : found.start()])
        mark, at = found.group(), found.end()
        if mark.startswith("`"):
            code = "" if code == mark else code or mark
        if code or mark not in "[]" or (mark == "]" and not places):
            pieces.append(mark)
        elif mark == "[":
            places.append(len(pieces))
            pieces.append(mark)
        else:
            opened = places.pop()
            what = _ATTRIBUTES.match(line, at)
            if len(places) < (_SPANS if what else _BARE):
                pieces.append(mark)
            elif what:
                at = what.end()
                pieces[opened] = ""
                pieces[opened - 1] = pieces[opened - 1].removesuffix("^")
            else:
                pieces[opened] = "\\["
                pieces.append("\\]")
    for opened in places[_BARE:]:
        pieces[opened] = "\\["
    return "".join([*pieces, line[at:]])
