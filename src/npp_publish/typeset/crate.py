"""The crate: a TrueType face packed as WOFF2, for pages that carry their fonts with them.

W3C WOFF File Format 2.0: the outlines are rearranged into streams of equal things (section 5.1), so
that they compress better, then everything goes through Brotli. Rearranging costs most of the time;
what became of a glyph is kept, also for the next start, as most characters of a page stand in every page.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import accumulate, pairwise

from ..makeready.stet import marks
from ..makeready.store import Drawer, drawer

__all__ = ["pack", "unmarked"]

_QUALITY = 5
"""Brotli from 0 to 11: 7 takes half as long again and saves .3 %, 11 a hundred times as long and 4 %."""
_TAGS = (
    "cmap head hhea hmtx maxp name OS/2 post cvt  fpgm glyf loca prep CFF  VORG EBDT "
    "EBLC gasp hdmx kern LTSH PCLT VDMX vhea vmtx BASE GDEF GPOS GSUB "
)
_KNOWN = {_TAGS[at : at + 4].encode(): at // 5 for at in range(0, len(_TAGS), 5)}
"""Table tags that one number stands for (section 4.1); others are written out."""
_SPELT_OUT = 63
_LOSSLESS = 0x0800  # bit 11 of `head.flags`: packed and unpacked, nothing lost
_ON, _REPEAT, _SHORT_X, _SHORT_Y, _SAME_X, _SAME_Y, _OVERLAP = 1, 8, 2, 4, 16, 32, 64


def pack(truetype: bytes) -> bytes:
    """Return a TrueType face as WOFF2, the same bytes every time; glyphs without instructions only.

    Raises ValueError for what is no TrueType face.
    """
    import brotli

    tables = _tables(truetype)
    head = bytearray(tables[b"head"])
    head[16:18] = struct.pack(">H", struct.unpack_from(">H", head, 16)[0] | _LOSSLESS)
    tables[b"head"] = bytes(head)
    glyf = _rearranged(tables)
    rows, body = [], []
    for tag in sorted(tables, key=lambda tag: (tag in (b"glyf", b"loca"), tag)):  # loca stands after glyf
        data = {b"glyf": glyf, b"loca": b""}.get(tag, tables[tag])
        rows.append(_row(tag, len(tables[tag]), len(data)))
        body.append(data)
    packed: bytes = brotli.compress(b"".join(body), mode=brotli.MODE_FONT, quality=_QUALITY)
    directory = b"".join(rows)
    size = 48 + len(directory) + len(packed)
    whole = 12 + sum(16 + (len(data) + 3) // 4 * 4 for data in tables.values())
    start = struct.pack(
        ">4s4sLHHLLHHLLLLL",
        b"wOF2", truetype[:4], (size + 3) // 4 * 4, len(tables), 0, whole, len(packed), 1, 0, 0, 0, 0, 0, 0,
    )  # fmt: skip
    return b"".join((start, directory, packed, bytes(-size % 4)))


def unmarked(truetype: bytes) -> bytes:
    """Return a face whose glyphs do not say that their contours overlap. FreeType draws one that says so
    sixteen times as fine first (OpenType, `glyf`, OVERLAP_SIMPLE): in large type nobody sees it."""
    face = bytearray(truetype)
    tables = _tables(truetype)
    start = next(at for tag, at in _offsets(truetype) if tag == b"glyf")
    for at, end in pairwise(_places(tables)):
        (contours,) = struct.unpack_from(">h", tables[b"glyf"], at) if at < end else (0,)
        if contours > 0:
            flags = at + 10 + 2 * contours
            flags += 2 + struct.unpack_from(">H", tables[b"glyf"], flags)[0]
            face[start + flags] &= ~_OVERLAP & 0xFF
    return bytes(face)


def _offsets(truetype: bytes) -> list[tuple[bytes, int]]:
    _, count = struct.unpack_from(">LH", truetype)
    rows = (struct.unpack_from(">4sLL", truetype, 12 + 16 * n) for n in range(count))
    return [(tag, at) for tag, _, at in rows]


def _places(tables: dict[bytes, bytes]) -> list[int]:
    """Return where the glyphs begin in `glyf`, and where the last one ends."""
    (long,) = struct.unpack_from(">h", tables[b"head"], 50)
    (count,) = struct.unpack_from(">H", tables[b"maxp"], 4)
    places = struct.unpack_from(f">{count + 1}{'L' if long else 'H'}", tables[b"loca"])
    return [place if long else 2 * place for place in places]


def _tables(truetype: bytes) -> dict[bytes, bytes]:
    try:
        _, count = struct.unpack_from(">LH", truetype)
        rows = [struct.unpack_from(">4sLLL", truetype, 12 + 16 * n) for n in range(count)]
        tables = {tag: truetype[at : at + size] for tag, _, at, size in rows if tag != b"DSIG"}
    except struct.error as error:
        raise ValueError("no font file") from error
    if not {b"glyf", b"loca", b"head", b"maxp"} <= set(tables):
        raise ValueError("no TrueType outlines")
    return tables


def _row(tag: bytes, size: int, packed: int) -> bytes:
    number = _KNOWN.get(tag, _SPELT_OUT)
    name = tag if number == _SPELT_OUT else b""
    ends = _base128(packed) if tag in (b"glyf", b"loca") else b""
    return bytes([number]) + name + _base128(size) + ends


def _base128(number: int) -> bytes:
    """UIntBase128: seven bits a byte, all but the last with the high bit."""
    digits = [number & 0x7F]
    while number := number >> 7:
        digits.append(number & 0x7F | 0x80)
    return bytes(reversed(digits))


def _rearranged(tables: dict[bytes, bytes]) -> bytes:
    """The `glyf` table as streams: contours, points, flags, coordinates, composites, boxes."""
    (long,) = struct.unpack_from(">h", tables[b"head"], 50)
    (count,) = struct.unpack_from(">H", tables[b"maxp"], 4)
    glyf = tables[b"glyf"]
    glyphs = [_streams(glyf[a:b]) for a, b in pairwise(_places(tables))]
    *columns, boxes, overlap = zip(*glyphs, strict=True)
    overlaps = _bits(overlap)
    boxed = _bits(map(bool, boxes)).ljust((count + 31) // 32 * 4, b"\0")
    streams = [*map(b"".join, columns), boxed + b"".join(boxes), b""]
    overlapping = any(overlaps)
    start = struct.pack(">HHHH7L", 0, int(overlapping), count, long, *map(len, streams))
    return start + b"".join(streams) + (overlaps if overlapping else b"")


def _bits(marks: Iterable[bool]) -> bytes:
    text = "".join("1" if mark else "0" for mark in marks)
    text = text.ljust((len(text) + 7) // 8 * 8, "0")
    return int(text or "0", 2).to_bytes(len(text) // 8, "big")


Streams = tuple[bytes, bytes, bytes, bytes, bytes, bytes, bool]
_KEPT = 10_000
"""Glyphs kept for the next start, about 400 bytes each; a page has a thousand, in all its faces."""


@lru_cache(maxsize=20_000)
def _streams(glyph: bytes) -> Streams:
    """What one glyph adds to the streams: contours, points, flags, coordinates, composite, box, and
    whether its contours overlap."""
    if not glyph:
        return b"\0\0", b"", b"", b"", b"", b"", False
    name = blake2b(glyph, digest_size=12).digest()
    known: Streams | None = _kept().things.get(name)
    if known is None:
        known = _parted(glyph)
        _kept().put(name, known)
    return known


@cache
def _kept() -> Drawer:
    return drawer("glyphs", marks(__file__), _KEPT)


def _parted(glyph: bytes) -> Streams:
    """What one glyph with an outline or without adds to the streams."""
    (contours,) = struct.unpack_from(">h", glyph)
    if contours < 0:
        return b"\xff\xff", b"", b"", b"", _composite(glyph), glyph[2:10], False
    if not contours:
        return b"\0\0", b"", b"", b"", b"", b"", False
    ends = struct.unpack_from(f">{contours}H", glyph, 10)
    at = 10 + 2 * contours
    if glyph[at : at + 2] != b"\0\0":
        raise ValueError("a glyph with instructions")
    marks, xs, ys = _points(glyph, at + 2, ends[-1] + 1)
    flags, places = bytearray(), bytearray()
    for mark, x, y in zip(marks, xs, ys, strict=True):
        flag, place = _triplet(x, y)
        flags.append(flag if mark & _ON else flag | 0x80)
        places += place
    sizes = [ends[0] + 1, *(b - a for a, b in pairwise(ends))]
    box = b"" if _box(xs, ys) == struct.unpack_from(">4h", glyph, 2) else glyph[2:10]
    points = b"".join(map(_short, sizes))
    return glyph[:2], points, bytes(flags), bytes(places) + b"\0", b"", box, bool(marks[0] & _OVERLAP)


def _points(glyph: bytes, at: int, count: int) -> tuple[list[int], list[int], list[int]]:
    """Return flags and relative coordinates of a simple glyph (OpenType, `glyf`)."""
    marks: list[int] = []
    while len(marks) < count:
        mark = glyph[at]
        at += 1
        times = 1
        if mark & _REPEAT:
            times += glyph[at]
            at += 1
        marks += [mark] * times
    xs, at = _steps(glyph, at, marks, _SHORT_X, _SAME_X)
    ys, at = _steps(glyph, at, marks, _SHORT_Y, _SAME_Y)
    return marks, xs, ys


def _steps(glyph: bytes, at: int, marks: list[int], short: int, same: int) -> tuple[list[int], int]:
    steps = []
    for mark in marks:
        if mark & short:
            steps.append(glyph[at] if mark & same else -glyph[at])
            at += 1
        elif mark & same:
            steps.append(0)
        else:
            step = glyph[at] << 8 | glyph[at + 1]
            steps.append(step - 0x10000 if step & 0x8000 else step)
            at += 2
    return steps, at


def _box(xs: list[int], ys: list[int]) -> tuple[int, int, int, int]:
    across, up = list(accumulate(xs)), list(accumulate(ys))
    return min(across), min(up), max(across), max(up)


@lru_cache(maxsize=100_000)
def _triplet(x: int, y: int) -> tuple[int, bytes]:
    """One step between two points as a flag and one to four bytes (section 5.2, triplet encoding)."""
    right, up = int(x >= 0), int(y >= 0)
    signs, wide, high = right + 2 * up, abs(x), abs(y)
    if not x and high < 1280:
        return (high >> 8 << 1) + up, bytes([high & 0xFF])
    if not y and wide < 1280:
        return 10 + (wide >> 8 << 1) + right, bytes([wide & 0xFF])
    a, b = wide - 1, high - 1
    if wide < 65 and high < 65:
        return 20 + (a & 0x30) + ((b & 0x30) >> 2) + signs, bytes([(a & 15) << 4 | b & 15])
    if wide < 769 and high < 769:
        return 84 + 12 * (a >> 8) + 4 * (b >> 8) + signs, bytes([a & 0xFF, b & 0xFF])
    if wide < 4096 and high < 4096:
        return 120 + signs, bytes([wide >> 4, (wide & 15) << 4 | high >> 8, high & 0xFF])
    return 124 + signs, struct.pack(">HH", wide, high)


def _short(number: int) -> bytes:
    """255UInt16 (section 4.1)."""
    if number < 253:
        return bytes([number])
    if number < 506:
        return bytes([255, number - 253])
    if number < 762:
        return bytes([254, number - 506])
    return b"\xfd" + struct.pack(">H", number)


def _composite(glyph: bytes) -> bytes:
    """Return the parts of a composite glyph; its instructions must be gone."""
    at, more = 10, True
    while more:
        (flags,) = struct.unpack_from(">H", glyph, at)
        if flags & 0x0100:
            raise ValueError("a glyph with instructions")
        at += 4 + (4 if flags & 0x0001 else 2)
        at += 2 if flags & 0x0008 else 4 if flags & 0x0040 else 8 if flags & 0x0080 else 0
        more = bool(flags & 0x0020)
    return glyph[10:at]
