"""Read the glyphs of a PDF as they are painted: character, place, size, advance and face of each.

An interpreter of the text operators of content streams (ISO 32000-1, 9.3 and 9.4), so that the audit
sees what any viewer paints, whichever engine wrote the file and whatever `/ActualText` claims.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from .faces import Face, read_face

__all__ = ["Glyph", "Sheet", "read_sheets"]

MAX_NESTING = 12
"""Forms within forms that are followed."""
MAX_GLYPHS = 5_000_000
"""A file that paints more is not audited further."""

Matrix = tuple[float, float, float, float, float, float]
_UNIT: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Glyph(NamedTuple):
    """One painted glyph. `x`, `y`: origin in points from the page's lower left corner; `size` and
    `advance` in points along the line; `text` may be empty (no Unicode known) or several characters."""

    text: str
    x: float
    y: float
    size: float
    advance: float
    face: Face
    upright: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page: number (from 1), width and height in points, glyphs in the order they are painted."""

    number: int
    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    vertical: bool = False


def read_sheets(path: Path) -> tuple[Sheet, ...]:
    """Read all pages. Raises `pikepdf.PdfError` for a file that is no PDF."""
    import pikepdf

    with pikepdf.open(path) as pdf:
        faces: dict[Any, Face] = {}
        return tuple(_sheet(page, number, faces) for number, page in enumerate(pdf.pages, 1))


def _sheet(page: Any, number: int, faces: dict[Any, Face]) -> Sheet:
    left, bottom, right, top = (float(side) for side in page.mediabox)
    painter = _Painter(faces)
    start = (1.0, 0.0, 0.0, 1.0, -left, -bottom)
    painter.run(page.obj, page.obj.get("/Resources", {}), start, 0)
    return Sheet(number, right - left, top - bottom, tuple(painter.glyphs))


def _times(a: Matrix, b: Matrix) -> Matrix:
    """Return the matrix that first does `a`, then `b`."""
    return (
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    )


@dataclass(slots=True)
class _State:
    """The graphics state, as far as text needs it."""

    ctm: Matrix
    face: Face | None = None
    size: float = 0.0
    character: float = 0.0
    word: float = 0.0
    scale: float = 1.0
    leading: float = 0.0
    rise: float = 0.0

    def copy(self) -> _State:
        return _State(
            self.ctm, self.face, self.size, self.character, self.word, self.scale, self.leading, self.rise
        )


@dataclass(slots=True)
class _Painter:
    """Follows the operators of one page."""

    faces: dict[Any, Face]
    glyphs: list[Glyph] = field(default_factory=list)

    def run(self, holder: Any, resources: Any, ctm: Matrix, depth: int) -> None:
        """Follow one content stream."""
        import pikepdf

        state = _State(ctm)
        stack: list[_State] = []
        text, line = _UNIT, _UNIT
        for instruction in pikepdf.parse_content_stream(holder):
            operands, name = instruction.operands, str(instruction.operator)
            if name == "q":
                stack.append(state.copy())
            elif name == "Q":
                state = stack.pop() if stack else state
            elif name == "cm":
                state.ctm = _times(_matrix(operands), state.ctm)
            elif name == "BT":
                text = line = _UNIT
            elif name == "Tm":
                text = line = _matrix(operands)
            elif name in ("Td", "TD", "T*", "'", '"'):
                text = line = self._next_line(name, operands, state, line)
                if name in ("'", '"'):
                    text = self._show([operands[-1]], state, text)
            elif name in ("Tj", "TJ"):
                pieces = operands[0] if name == "TJ" else operands
                text = self._show(pieces, state, text)
            elif name == "Do":
                self._form(operands, resources, state, depth)
            else:
                self._set(name, operands, state, resources)

    @staticmethod
    def _next_line(name: str, operands: Any, state: _State, line: Matrix) -> Matrix:
        if name in ("Td", "TD"):
            dx, dy = float(operands[0]), float(operands[1])
            if name == "TD":
                state.leading = -dy
        else:
            dx, dy = 0.0, -state.leading
            if name == '"':
                state.word, state.character = float(operands[0]), float(operands[1])
        return _times((1.0, 0.0, 0.0, 1.0, dx, dy), line)

    def _set(self, name: str, operands: Any, state: _State, resources: Any) -> None:
        if name == "Tf":
            state.size = float(operands[1])
            state.face = self._face(resources, str(operands[0]))
        elif name == "Tc":
            state.character = float(operands[0])
        elif name == "Tw":
            state.word = float(operands[0])
        elif name == "Tz":
            state.scale = float(operands[0]) / 100
        elif name == "TL":
            state.leading = float(operands[0])
        elif name == "Ts":
            state.rise = float(operands[0])

    def _face(self, resources: Any, name: str) -> Face | None:
        fonts = resources.get("/Font", {})
        font = fonts.get(name) if fonts is not None else None
        if font is None:
            return None
        key = font.objgen if font.is_indirect else id(font)
        if key not in self.faces:
            self.faces[key] = read_face(font)
        return self.faces[key]

    def _form(self, operands: Any, resources: Any, state: _State, depth: int) -> None:
        form = resources.get("/XObject", {}).get(str(operands[0]))
        if form is None or form.get("/Subtype") != "/Form" or depth >= MAX_NESTING:
            return
        matrix = _matrix(form.get("/Matrix", _UNIT))
        self.run(form, form.get("/Resources", resources), _times(matrix, state.ctm), depth + 1)

    def _show(self, pieces: Any, state: _State, text: Matrix) -> Matrix:
        face, size = state.face, state.size
        if face is None:
            return text
        whole = _times(text, state.ctm)
        upright = abs(whole[1]) < 1e-6 and abs(whole[2]) < 1e-6
        height = abs(whole[3]) or (whole[2] ** 2 + whole[3] ** 2) ** 0.5
        width = (whole[0] ** 2 + whole[1] ** 2) ** 0.5 * state.scale
        moved = 0.0
        for piece in pieces:
            if isinstance(piece, (int, float, Decimal)):
                moved -= float(piece) / 1000 * size * state.scale
                continue
            if len(self.glyphs) > MAX_GLYPHS:
                break
            for code, length in face.codes(bytes(piece)):
                own = face.width(code) * size
                x = whole[4] + whole[0] * moved + whole[2] * state.rise
                y = whole[5] + whole[1] * moved + whole[3] * state.rise
                self.glyphs.append(Glyph(face.text(code), x, y, height * size, own * width, face, upright))
                step = own + state.character + (state.word if length == 1 and code == 32 else 0.0)
                moved += step * state.scale
        return _times((1.0, 0.0, 0.0, 1.0, moved, 0.0), text)


def _matrix(values: Any) -> Matrix:
    a, b, c, d, e, f = (float(value) for value in values)
    return (a, b, c, d, e, f)
