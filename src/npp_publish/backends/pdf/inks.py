"""The inks: a finished PDF turned into one for the press, a candidate for PDF/X-4 (ISO 15930-7).

Screen colours become the four inks with full black generation: black text is black ink alone, greys
are shades of it, and no more colour stands under a dark tone than it needs. Colours in the content of
pages, forms and patterns are rewritten, pictures are converted. The identifiers that the engine draws
by lot are made from the content. Nobody here can certify PDF/X-4, so it is called a candidate.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ...errors import UsageError
from ...typecase import styles_folder

__all__ = ["PROFILE_RULE", "PROFILE_URL", "inked", "profile", "separate", "settled"]

PROFILE_URL = "file:///npp-publish/press.icc"
PROFILE_RULE = (
    f'<style>@color-profile device-cmyk {{ src: url("{PROFILE_URL}"); components: c, m, y, k; }}</style>\n'
)
"""Names the printing condition; the engine reads it in the document's own style only."""
_RGB = re.compile(rb"(?<![\w.])([01]?\.?\d+) ([01]?\.?\d+) ([01]?\.?\d+) (rg|RG)(?![\w])")
_LOT = re.compile(rb"xmp\.did:[0-9a-f-]{36}")
_NEUTRAL = 0.02
"""Channels that differ by less than this are a grey."""


def profile(named: str = "") -> Path:
    """Return the ICC profile of the printing condition: the file `named`, else the one that is shipped
    (CGATS TR 001, coated web offset), which describes the condition but is no output profile.

    Raises UsageError for a file that is no CMYK output profile (ICC.1, 7.2: class `prtr`).
    """
    if not named:
        return styles_folder() / "press.icc"
    path = Path(named).expanduser()
    try:
        with path.open("rb") as stream:
            header = stream.read(128)
    except OSError as error:
        raise UsageError(f"the press profile cannot be read: {error}", where=path) from error
    if (header[12:16], header[16:20], header[36:40]) != (b"prtr", b"CMYK", b"acsp"):
        raise UsageError("this is no ICC output profile for CMYK", where=path, hint="ask the printer for it")
    return path


def separate(red: float, green: float, blue: float) -> tuple[float, float, float, float]:
    """Return cyan, magenta, yellow and black (0..1) of a colour (0..1)."""
    lightest, darkest = max(red, green, blue), min(red, green, blue)
    if lightest - darkest < _NEUTRAL:
        return 0.0, 0.0, 0.0, 1 - (red + green + blue) / 3
    return lightest - red, lightest - green, lightest - blue, 1 - lightest


def inked(content: bytes) -> bytes:
    """Return a content stream with `rg` and `RG` rewritten as `k` and `K`. Strings are hexadecimal in
    what the engine writes, so nothing else can look like a colour."""

    def rewrite(found: re.Match[bytes]) -> bytes:
        inks = separate(*(float(found[n]) for n in (1, 2, 3)))
        numbers = " ".join(f"{ink:.4f}".rstrip("0").rstrip(".") for ink in inks)
        return f"{numbers} {'k' if found[4] == b'rg' else 'K'}".encode("ascii")

    return _RGB.sub(rewrite, content)


def settled(pdf: Any) -> None:
    """Turn all colours of an open pikepdf document into inks."""
    for stream in _drawings(pdf):
        content = stream.read_bytes()
        changed = inked(content)
        if changed != content:
            stream.write(changed)
    for thing in list(pdf.objects):
        if _is_stream(thing) and thing.get("/Subtype") == "/Image":
            _picture(thing)
    _named_by_content(pdf)


def _drawings(pdf: Any) -> Iterator[Any]:
    for page in pdf.pages:
        page.contents_coalesce()
        yield page.Contents
    for thing in list(pdf.objects):
        if _is_stream(thing) and (thing.get("/Subtype") == "/Form" or "/PatternType" in thing):
            yield thing


def _is_stream(thing: Any) -> bool:
    import pikepdf

    return isinstance(thing, pikepdf.Stream)


def _picture(stream: Any) -> None:
    """Convert one picture of three channels; masks and grey pictures stay as they are."""
    import pikepdf
    from PIL import Image, ImageChops

    picture = pikepdf.PdfImage(stream)
    if picture.mode != "RGB":
        return
    red, green, blue = picture.as_pil_image().convert("RGB").split()
    lightest = ImageChops.lighter(red, ImageChops.lighter(green, blue))
    inks = [ImageChops.subtract(lightest, channel) for channel in (red, green, blue)]
    merged = Image.merge("CMYK", (*inks, ImageChops.invert(lightest)))
    stream.write(merged.tobytes())
    stream.ColorSpace, stream.BitsPerComponent = pikepdf.Name.DeviceCMYK, 8
    for key in ("/Decode", "/DecodeParms"):
        if key in stream:
            del stream[key]


def _named_by_content(pdf: Any) -> None:
    """Give the document the identifier that its own pages make."""
    digest = hashlib.sha256()
    for page in pdf.pages:
        digest.update(page.Contents.read_bytes())
    mark = digest.hexdigest()
    name = f"xmp.did:{mark[:8]}-{mark[8:12]}-{mark[12:16]}-{mark[16:20]}-{mark[20:32]}"
    if "/Metadata" in pdf.Root:
        packet = _LOT.sub(name.encode("ascii"), pdf.Root.Metadata.read_bytes())
        pdf.Root.Metadata.write(packet)
    if "/ID" in pdf.trailer:
        del pdf.trailer["/ID"]  # the finisher makes one from the content
