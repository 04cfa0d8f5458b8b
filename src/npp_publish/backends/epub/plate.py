"""The plate: a picture of flat colours, on which letters are inked.

A cover has few colours: those of the design, and where a letter ends the steps between its colour and
the one it stands on. So it is drawn in numbers of colours from the start, a byte for each of its four
million points: drawn in true colours and reduced to a palette afterwards it takes three times as long.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from ...typeset.crate import unmarked
from ...typeset.faces import faces, subset

__all__ = ["Plate", "opened"]

Colour = tuple[int, int, int]
_MOST = 256  # colours of a palette (PNG, 11.2.3)
_FEWEST, _FINEST = 4, 16  # steps from one colour to another
_WHITE = (255, 255, 255)


@lru_cache(maxsize=32)
def opened(file: Path, size: int) -> Any:
    """Return a whole face at a size, to measure with; the last ones stay open, as the covers of one
    theme use the same sizes."""
    from PIL import ImageFont

    return ImageFont.truetype(str(file), size, layout_engine=ImageFont.Layout.BASIC)


class Plate:
    """`colours` are what is filled or written with, as CSS writes them; `letters` all that will be written;
    `depth` how many colours there may be in about."""

    def __init__(self, width: int, height: int, colours: Iterable[str], letters: str, depth: int) -> None:
        from PIL import Image, ImageDraw

        self._letters = letters
        self._palette: dict[Colour, int] = {_WHITE: 0}
        flat = {colour: self._add(colour) for colour in colours}
        self._flat = frozenset((0, *flat.values()))
        self._steps = max(_FEWEST, min(_FINEST, depth // max(1, len(flat)) + 1))
        self._image = Image.new("L", (width, height), 0)  # numbers of colours
        self._pen = ImageDraw.Draw(self._image)
        self._ramps: dict[tuple[int, Colour], bytes] = {}
        self._fonts: dict[tuple[Path, int], Any] = {}
        self._cuts: dict[Path, bytes] = {}

    def fill(self, box: tuple[int, int, int, int], colour: str) -> None:
        """Fill a rectangle: left, top, width, height."""
        x, y, width, height = box
        self._pen.rectangle((x, y, x + width - 1, y + height - 1), fill=self._add(colour))

    def write(self, letter: str, file: Path, size: int, x: int, baseline: int, colour: str) -> None:
        """Write one letter, its origin at `x` on the baseline."""
        from PIL import Image, ImageDraw

        font = self._font(file, size)
        left, top, right, bottom = font.getbbox(letter, anchor="ls")
        if left >= right or top >= bottom:
            return
        cover = Image.new("L", (right - left, bottom - top), 0)
        ImageDraw.Draw(cover).text((-left, -top), letter, font=font, fill=255, anchor="ls")
        place = (x + left, baseline + top, x + right, baseline + bottom)
        ground = self._image.crop(place)
        lowest, highest = map(int, ground.getextrema())  # type: ignore[arg-type]
        ink = _rgb(colour)
        amounts = cover.tobytes()
        if lowest == highest:
            inked = amounts.translate(self._ramp(lowest, ink))
        else:
            pairs = zip(amounts, ground.tobytes(), strict=True)
            inked = bytes(self._ramp(below, ink)[amount] if amount else below for amount, below in pairs)
        self._image.paste(Image.frombytes("L", cover.size, inked), place)

    def png(self) -> bytes:
        """Return the picture as PNG."""
        image = self._image.copy()
        image.putpalette([value for colour in self._palette for value in colour])
        buffer = io.BytesIO()
        # flat areas and runs: looking for nothing else takes half the time, for 6 % of the size
        image.save(buffer, "PNG", compress_type=zlib.Z_RLE)
        return buffer.getvalue()

    # ------------------------------------------------------------------ colours

    def _add(self, colour: str) -> int:
        return self._number(_rgb(colour), new=True)

    def _ramp(self, below: int, ink: Colour) -> bytes:
        """Return the number of the colour for every amount of ink (0 to 255) on a colour."""
        ramp = self._ramps.get((below, ink))
        if ramp is None:
            ground, steps = list(self._palette)[below], self._steps
            mixed = [
                self._number(_between(ground, ink, n / steps), new=below in self._flat)
                for n in range(steps + 1)
            ]
            ramp = bytes(mixed[(amount * steps + 127) // 255] for amount in range(256))
            self._ramps[below, ink] = ramp
        return ramp

    def _number(self, colour: Colour, *, new: bool) -> int:
        """Return the number of a colour, a new one where it may be and there is room, else the nearest."""
        if colour in self._palette or (new and len(self._palette) < _MOST):
            return self._palette.setdefault(colour, len(self._palette))
        return self._palette[min(self._palette, key=lambda known: _distance(known, colour))]

    # ------------------------------------------------------------------ letters

    def _font(self, file: Path, size: int) -> Any:
        """Return a face at a size, to write with: cut to the letters, which are drawn once as fine."""
        from PIL import ImageFont

        if (file, size) not in self._fonts:
            if file not in self._cuts:
                face = next((face for face in faces() if face.path == file), None)
                self._cuts[file] = unmarked(subset(face, self._letters)) if face else file.read_bytes()
            data = io.BytesIO(self._cuts[file])
            self._fonts[file, size] = ImageFont.truetype(data, size, layout_engine=ImageFont.Layout.BASIC)
        return self._fonts[file, size]


def _rgb(colour: str) -> Colour:
    from PIL import ImageColor

    red, green, blue = ImageColor.getrgb(colour)[:3]
    return red, green, blue


def _between(one: Colour, two: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, two, strict=True))
    return red, green, blue


def _distance(one: Colour, two: Colour) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, two, strict=True))
