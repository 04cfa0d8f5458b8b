"""Make `styles/press.icc`: an output profile for CMYK out of one that only says how inks look.

    python scripts/press_profile.py CGATS001Compat-v2-micro.icc styles/press.icc

The source is the CC0 profile of that name in the npm package `pdfjs-dist`; it holds one table, from the
four inks to Lab. PDF/X-4 asks for a profile of class `prtr`, which also says which inks give a colour, so
that table is turned round here: of all mixtures that give a colour, the one whose black is nearest to a
curve of the lightness (grey component replacement), with no more than 300 % of ink. Needs NumPy.
"""

from __future__ import annotations

import struct
import sys
from pathlib import Path
from typing import Any

import numpy as np

GRID, GAMUT_GRID = 17, 9
MOST_INK = 3.0
NEAR = 2.0
"""Colour difference (CIE 1976) up to which a colour counts as printable."""
BLACKS, STEPS = 25, 18
Array = np.ndarray[Any, Any]


def tag(profile: bytes, name: bytes) -> bytes:
    """Return the data of one tag of an ICC profile."""
    (count,) = struct.unpack_from(">I", profile, 128)
    for n in range(count):
        signature, offset, size = struct.unpack_from(">4sII", profile, 132 + 12 * n)
        if signature == name:
            return profile[offset : offset + size]
    raise SystemExit(f"no tag {name!r}")


class Inks:
    """The table from inks (0..1) to Lab of a `lut16Type` tag (ICC.1:2001, 6.5.7)."""

    def __init__(self, table: bytes) -> None:
        kind, inputs, outputs, self.grid = struct.unpack_from(">4s4xBBB", table)
        if (kind, inputs, outputs) != (b"mft2", 4, 3):
            raise SystemExit("not a 16-bit table of four inks")
        first, last = struct.unpack_from(">HH", table, 48)
        numbers = np.frombuffer(table, ">u2", offset=52).astype(float) / 65535
        at = np.cumsum([0, 4 * first, self.grid**4 * 3, 3 * last])
        self.curves = numbers[at[0] : at[1]].reshape(4, first)
        self.nodes = numbers[at[1] : at[2]].reshape((self.grid,) * 4 + (3,))
        self.ends = numbers[at[2] : at[3]].reshape(3, last)

    def lab(self, inks: Array) -> Array:
        """Return Lab (n x 3) of inks (n x 4): curves, linear interpolation in the grid, curves."""
        bent = np.stack([along(self.curves[n], inks[:, n]) for n in range(4)], 1) * (self.grid - 1)
        low = np.clip(bent.astype(int), 0, self.grid - 2)
        part = bent - low
        found = np.zeros((len(inks), 3))
        for corner in np.ndindex(2, 2, 2, 2):
            weight = np.prod(np.where(corner, part, 1 - part), 1)
            found += weight[:, None] * self.nodes[tuple((low + corner).T)]
        found = np.stack([along(self.ends[n], found[:, n]) for n in range(3)], 1) * 65535
        return np.stack([found[:, 0] / 652.8, found[:, 1] / 256 - 128, found[:, 2] / 256 - 128], 1)


def along(curve: Array, values: Array) -> Array:
    """Return what a curve of evenly spaced entries gives for values 0..1."""
    return np.interp(values, np.linspace(0, 1, len(curve)), curve)


def black_of(lightness: Array) -> Array:
    """Return how much black a colour of that lightness should have."""
    return np.clip((88 - lightness) / 80, 0, 1) ** 1.4


def inverted(inks: Inks, wanted: Array) -> tuple[Array, Array]:
    """Return inks (n x 4) for each wanted Lab, and how far off they are."""
    best, least, off = np.zeros((len(wanted), 4)), np.full(len(wanted), np.inf), np.zeros(len(wanted))
    for black in np.linspace(0, 1, BLACKS):
        mixture = np.column_stack([np.full((len(wanted), 3), 0.4), np.full(len(wanted), black)])
        for _ in range(STEPS):
            mixture = _nearer(inks, mixture, wanted)
        far = np.linalg.norm(inks.lab(mixture) - wanted, axis=1)
        much = np.clip(mixture.sum(1) - MOST_INK, 0, None)
        cost = far**2 + 6 * (black - black_of(wanted[:, 0])) ** 2 + 4000 * much**2
        better = cost < least
        best[better], least[better], off[better] = mixture[better], cost[better], far[better]
    return best, off


def _nearer(inks: Inks, mixture: Array, wanted: Array) -> Array:
    """Take one step of Gauss and Newton in the three coloured inks, damped and kept between 0 and 1."""
    here, step = inks.lab(mixture), 0.01
    slopes = []
    for n in range(3):
        moved = mixture.copy()
        sign = np.where(moved[:, n] > 0.5, -1.0, 1.0)
        moved[:, n] += sign * step
        slopes.append((inks.lab(moved) - here) / (sign * step)[:, None])
    jacobian = np.stack(slopes, 2)
    square = np.einsum("nji,njk->nik", jacobian, jacobian) + 8.0 * np.eye(3)
    pull = np.einsum("nji,nj->ni", jacobian, wanted - here)
    change = np.linalg.solve(square, pull[..., None])[..., 0]
    made = mixture.copy()
    made[:, :3] = np.clip(made[:, :3] + np.clip(change, -0.25, 0.25), 0, 1)
    return made


def lab_grid(size: int) -> Array:
    """Return the Lab of all nodes of a table over 8-bit Lab, L slowest."""
    line = np.linspace(0, 1, size)
    nodes = np.stack(np.meshgrid(line, line, line, indexing="ij"), -1).reshape(-1, 3)
    return nodes * (100.0, 255.0, 255.0) - (0.0, 128.0, 128.0)


def lut8(size: int, outputs: int, nodes: Array) -> bytes:
    """Return a `lut8Type` tag over Lab with straight curves (ICC.1:2001, 6.5.8)."""
    straight = bytes(range(256))
    head = struct.pack(">4s4xBBBx9i", b"mft1", 3, outputs, size, 65536, 0, 0, 0, 65536, 0, 0, 0, 65536)
    table = np.rint(np.clip(nodes, 0, 1) * 255).astype(np.uint8).tobytes()
    return head + straight * 3 + table + straight * outputs


def text(words: str) -> bytes:
    """Return a `textType` tag."""
    return b"text\0\0\0\0" + words.encode("ascii") + b"\0"


def description(words: str) -> bytes:
    """Return a `textDescriptionType` tag (ICC.1:2001, 6.5.17)."""
    shown = words.encode("ascii") + b"\0"
    return b"desc\0\0\0\0" + struct.pack(">I", len(shown)) + shown + bytes(4 + 4 + 2 + 1 + 67)


def profile(source: bytes) -> bytes:
    """Return the output profile made from `source`."""
    inks = Inks(tag(source, b"A2B0"))
    mixtures, _ = inverted(inks, lab_grid(GRID))
    _, off = inverted(inks, lab_grid(GAMUT_GRID))
    backward = lut8(GRID, 4, mixtures)
    data = {
        b"desc": description("CGATS TR 001"),
        b"cprt": text("CC0"),
        b"wtpt": tag(source, b"wtpt"),
        b"A2B0": tag(source, b"A2B0"),
        b"B2A0": backward,
        b"gamt": lut8(GAMUT_GRID, 1, (off > NEAR).astype(float)),
    }
    names = [*data, b"A2B1", b"A2B2", b"B2A1", b"B2A2"]
    places, body, start = {}, b"", 132 + 12 * len(names)
    for name, content in data.items():
        places[name] = (start + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    rows = b"".join(
        struct.pack(">4sII", name, *places[name if name in places else name[:3] + b"0"]) for name in names
    )
    head = bytearray(source[:128])
    struct.pack_into(">I4sI4s4s4s6H4s", head, 0, start + len(body), bytes(4), 0x02100000, b"prtr", b"CMYK",
                     b"Lab ", 2024, 1, 1, 0, 0, 0, b"acsp")  # fmt: skip
    head[40:64] = bytes(24)
    head[80:128] = bytes(48)
    return bytes(head) + struct.pack(">I", len(names)) + rows + body


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    Path(sys.argv[2]).write_bytes(profile(Path(sys.argv[1]).read_bytes()))
