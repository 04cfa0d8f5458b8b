"""The cover: drawn by the theme's `cover.toml`, rasterised here, the same bytes every time.

A theme draws with rectangles, text slots and the list of articles; no code comes from a theme.
Text is set as large as its box allows, in balanced lines broken between words where there is one
(phrase model of the headline), never with a closing mark at the start of a line (clreq 3.1.3).
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import UsageError
from ...typeset.headline import break_lines
from .plate import Plate, opened

if TYPE_CHECKING:
    from ...typeset.faces import Face

__all__ = ["Design", "draw", "load"]

_SMALLER = 0.8  # how much smaller a headline may become to break as the paper broke it

FontFiles = Callable[[str], Sequence[Path]]
Slots = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True, slots=True)
class Design:
    """A cover design as read from TOML: canvas, colours, and what is drawn in order."""

    width: int
    height: int
    depth: int
    colours: Mapping[str, str]
    steps: tuple[Mapping[str, Any], ...]


def load(path: Path, look: Mapping[str, str] | None = None) -> Design:
    """Read a theme's `cover.toml`; a colour written `@name` is that of the theme's `[look]`.

    Raises UsageError where the file is not as it says at its head.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        canvas = data["canvas"]
        width, height = int(canvas["width"]), int(canvas["height"])
        if not (200 <= width <= 4000 and 200 <= height <= 4000):
            raise ValueError(f"canvas of {width} x {height} pixels")
        depth = min(max(int(canvas.get("colours", 64)), 2), 256)
        colours = {name: _colour(value, look or {}) for name, value in data["colours"].items()}
        steps = tuple(_step(row, colours) for row in data["draw"])
        return Design(width, height, depth, colours, steps)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"the cover of the theme cannot be read: {error}", where=path) from error


def _colour(value: str, look: Mapping[str, str]) -> str:
    from PIL import ImageColor

    found = look[value[1:]] if value.startswith("@") else value
    ImageColor.getrgb(found)  # raises ValueError for what is no colour
    return found


def _step(row: Mapping[str, Any], colours: Mapping[str, str]) -> Mapping[str, Any]:
    if row["kind"] not in ("fill", "text", "list"):
        raise ValueError(f"unknown kind {row['kind']!r}")
    if len(row["box"]) != 4 or row["colour"] not in colours:
        raise ValueError(f"bad box or colour in {row['kind']!r}")
    return row


class _Type:
    """One face at one size, with stand-ins for characters that it lacks."""

    def __init__(self, files: Sequence[Path], size: int, tracking: float) -> None:
        self.files, self.size, self.tracking = files, size, tracking * size
        self.advances: dict[str, float] = {}

    def file(self, character: str) -> Path:
        return next((file for file in self.files if _has(file, character)), self.files[0])

    def advance(self, character: str) -> float:
        if character not in self.advances:
            length = float(opened(self.file(character), self.size).getlength(character))
            self.advances[character] = length + self.tracking
        return self.advances[character]

    def width(self, text: str) -> float:
        return sum(map(self.advance, text)) - (self.tracking if text else 0)


@cache
def _faces() -> Mapping[Path, Face]:
    from ...typeset.faces import faces

    return {face.path: face for face in faces()}


def _has(file: Path, character: str) -> bool:
    face = _faces().get(file)
    return face is not None and face.has(character)


class _Canvas:
    """Draws the steps of a design."""

    def __init__(self, design: Design, fonts: FontFiles, letters: str) -> None:
        self.design, self.fonts = design, fonts
        used = [step[key] for step in design.steps for key in ("colour", "mark") if key in step]
        colours = [design.colours[name] for name in dict.fromkeys(used)]
        self.plate = Plate(design.width, design.height, colours, letters, design.depth)

    def colour(self, name: str) -> str:
        return self.design.colours[name]

    def fill(self, step: Mapping[str, Any]) -> None:
        self.plate.fill(step["box"], self.colour(step["colour"]))

    def text(self, step: Mapping[str, Any], words: str) -> None:
        _, y, width, height = step["box"]
        face, lines = self.fitted(step, words, width, height)
        leading = face.size * step.get("leading", 1.25)
        rest = height - leading * len(lines)
        top = y + {"middle": rest / 2, "bottom": rest}.get(step.get("valign", "top"), 0)
        self.lines(step, face, lines, top, leading, step["box"][0], width)

    def fitted(self, step: Mapping[str, Any], words: str, width: int, height: int) -> tuple[_Type, list[str]]:
        """Return the largest type, and the lines in it, that fit the box; a little smaller where the
        headline then breaks as the paper broke it, or at least begins a line where the paper began one;
        cut short where not even the smallest fits."""
        whole: tuple[_Type, list[str]] | None = None
        parted: tuple[_Type, list[str]] | None = None
        for size in _sizes(int(step["size"]), int(step.get("least", step["size"]))):
            face = self.face(step, size)
            if whole and (size < whole[0].size * _SMALLER or " " not in words):
                break
            lines = break_lines(words, width, face.advance)
            room = max(1, min(int(step.get("lines", 99)), int(height / (size * step.get("leading", 1.25)))))
            if _fits(lines, room, width, face):
                if _as_printed(lines, words):
                    return face, lines
                whole = whole or (face, lines)
            apart = [line for part in words.split() for line in break_lines(part, width, face.advance)]
            if not parted and _fits(apart, room, width, face):
                parted = face, apart
        return parted or whole or (face, _cut(lines, room, width, face))

    def face(self, step: Mapping[str, Any], size: int) -> _Type:
        return _Type(self.fonts(step["face"]), size, float(step.get("tracking", 0)))

    def lines(
        self,
        step: Mapping[str, Any],
        face: _Type,
        lines: Sequence[str],
        top: float,
        leading: float,
        left: float,
        width: float,
    ) -> None:
        share = {"center": 0.5, "right": 1.0}.get(step.get("align", "left"), 0.0)
        for number, line in enumerate(lines):
            x = left + (width - face.width(line)) * share
            baseline = top + leading * number + (leading - face.size) / 2 + face.size * 0.88
            self.line(face, line, x, baseline, self.colour(step["colour"]))

    def line(self, face: _Type, line: str, x: float, baseline: float, colour: str) -> None:
        for character in line:
            file = face.file(character)
            self.plate.write(character, file, face.size, round(x), round(baseline), colour)
            x += face.advance(character)

    def listing(self, step: Mapping[str, Any], titles: Sequence[str]) -> None:
        """Draw as many titles as the box holds, the size falling before any is left out."""
        size, least = int(step["size"]), int(step.get("least", step["size"]))
        while size > least and len(self.rows(step, titles, size)[0]) < len(titles):
            size = max(least, size - 2)
        rows, face = self.rows(step, titles, size)
        left, _, width, _ = step["box"]
        indent = size * 1.9
        leading = size * step.get("leading", 1.4)
        for number, (top, lines) in enumerate(rows, 1):
            baseline = top + (leading - size) / 2 + size * 0.88
            self.line(face, str(number), left, baseline, self.colour(step.get("mark", step["colour"])))
            self.lines(step, face, lines, top, leading, left + indent, width - indent)

    def rows(
        self, step: Mapping[str, Any], titles: Sequence[str], size: int
    ) -> tuple[list[tuple[float, list[str]]], _Type]:
        face = self.face(step, size)
        _, y, width, height = step["box"]
        leading, gap = size * step.get("leading", 1.4), size * step.get("gap", 0.5)
        rows: list[tuple[float, list[str]]] = []
        top = float(y)
        for title in titles:
            measure = width - size * 1.9
            lines = break_lines(title, measure, face.advance)
            lines = _cut(lines, int(step.get("lines", 2)), measure, face)
            if top + leading * len(lines) > y + height:
                break
            rows.append((top, lines))
            top += leading * len(lines) + gap
        return rows, face


def _sizes(largest: int, least: int) -> Iterator[int]:
    size = largest
    while size > least:
        yield size
        size = int(size * 0.96)
    yield least


def _fits(lines: Sequence[str], room: int, width: float, face: _Type) -> bool:
    return len(lines) <= room and all(face.width(line) <= width for line in lines)


def _as_printed(lines: Sequence[str], words: str) -> bool:
    """Tell whether every line ends where the paper ended one: at a space of the headline."""
    return len(lines) == 1 or " ".join(lines) == " ".join(words.split())


def _cut(lines: list[str], room: int, width: float, face: _Type) -> list[str]:
    """Return at most `room` lines, none wider than `width`; what is left out is an ellipsis."""
    kept = lines[:room]
    short = len(lines) > room
    for number, line in enumerate(kept):
        text = line + ("…" if short and number == len(kept) - 1 else "")
        while len(text) > 1 and face.width(text) > width:
            text = text.rstrip("…")[:-1] + "…"
        kept[number] = text
    return kept


def _words(step: Mapping[str, Any], slots: Slots) -> str | Sequence[str]:
    return str(step["words"]) if "words" in step else slots.get(step.get("slot", ""), "")


def draw(design: Design, slots: Slots, fonts: FontFiles) -> bytes:
    """Return the cover as PNG. `slots` maps names to text (`articles` to the titles);
    `fonts` returns the font files of a face name (`NPP Song 700`), stand-ins after it."""
    written = {letter for step in design.steps for text in _words(step, slots) for letter in text}
    canvas = _Canvas(design, fonts, "".join(sorted(written | set("…0123456789"))))
    for step in design.steps:
        if ("with" in step and not slots.get(step["with"])) or slots.get(step.get("without", "")):
            continue
        words = _words(step, slots)
        if step["kind"] == "fill":
            canvas.fill(step)
        elif step["kind"] == "text" and isinstance(words, str) and words.strip():
            canvas.text(step, words)
        elif step["kind"] == "list" and not isinstance(words, str) and words:
            canvas.listing(step, words)
    return canvas.plate.png()


def slots_of(values: Mapping[str, str], titles: Sequence[str]) -> Slots:
    """Return the slots of a cover: text values and the titles of the articles."""
    kept: dict[str, str | Sequence[str]] = {name: " ".join(text.split()) for name, text in values.items()}
    kept["articles"] = tuple(_flat(titles))
    return kept


def _flat(titles: Sequence[str]) -> Iterator[str]:
    return (" ".join(title.split()) for title in titles if title.strip())
