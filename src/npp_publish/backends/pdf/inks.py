"""The inks: a finished PDF turned into one for the press, a candidate for PDF/X-4 (ISO 15930-7).

Text and rules that are black or nearly so are black ink alone and full, so that no screen roughens them;
greys are shades of black ink. Other colours and pictures are converted with the profile of the printing
condition (relative colorimetric, with black point compensation). Colours in the content of pages, forms
and patterns are rewritten. The identifiers that the engine draws by lot are made from the content.
Nobody here can certify PDF/X-4, so it is called a candidate.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from ...errors import UsageError
from ...typecase import styles_folder

__all__ = ["PROFILE_RULE", "PROFILE_URL", "Mixer", "inked", "profile", "settled"]

PROFILE_URL = "file:///npp-publish/press.icc"
PROFILE_RULE = (
    f'<style>@color-profile device-cmyk {{ src: url("{PROFILE_URL}"); components: c, m, y, k; }}</style>\n'
)
"""Names the printing condition; the engine reads it in the document's own style only."""
_RGB = re.compile(rb"(?<![\w.])([01]?\.?\d+) ([01]?\.?\d+) ([01]?\.?\d+) (rg|RG)(?![\w])")
_LOT = re.compile(rb"xmp\.did:[0-9a-f-]{36}")
_NEUTRAL = 0.02
"""Channels that differ by less than this are a grey."""
_BLACK = 0.85
"""A grey with more black ink than this is black."""
_RELATIVE = 1
"""ICC.1, 7.2.15: media-relative colorimetric."""
_REGISTRY = "http://www.color.org"


def profile(named: str = "") -> Path:
    """Return the ICC profile of the printing condition: the file `named`, else the one that is shipped
    (CGATS TR 001, coated web offset; made by `scripts/press_profile.py`).

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


class Mixer:
    """Mixes inks for colours of the screen, by the ICC profile of a printing condition; one that does
    not say which inks give a colour leaves them to arithmetic."""

    def __init__(self, profile: bytes) -> None:
        from PIL import ImageCms

        flags = ImageCms.Flags.BLACKPOINTCOMPENSATION
        self._transform: Any = None
        with contextlib.suppress(ImageCms.PyCMSError, OSError):
            condition = ImageCms.ImageCmsProfile(BytesIO(profile))
            self._transform = ImageCms.buildTransform(
                ImageCms.createProfile("sRGB"), condition, "RGB", "CMYK", ImageCms.Intent(_RELATIVE), flags
            )

    def inks(self, red: float, green: float, blue: float) -> tuple[float, float, float, float]:
        """Return cyan, magenta, yellow and black (0..1) of a colour (0..1)."""
        from PIL import Image

        lightest, darkest = max(red, green, blue), min(red, green, blue)
        if lightest - darkest < _NEUTRAL:
            black = 1 - (red + green + blue) / 3
            return 0.0, 0.0, 0.0, 1.0 if black > _BLACK else black
        if self._transform is None:
            return lightest - red, lightest - green, lightest - blue, 1 - lightest
        colour = tuple(round(255 * part) for part in (red, green, blue))
        mixed = self.picture(Image.new("RGB", (1, 1), colour)).getpixel((0, 0))
        cyan, magenta, yellow, black = (part / 255 for part in mixed)
        return cyan, magenta, yellow, black

    def picture(self, picture: Any) -> Any:
        """Return a picture of three channels in four inks."""
        from PIL import Image, ImageChops, ImageCms

        if self._transform is not None:
            return ImageCms.applyTransform(picture, self._transform)
        red, green, blue = picture.split()
        lightest = ImageChops.lighter(red, ImageChops.lighter(green, blue))
        inks = [ImageChops.subtract(lightest, channel) for channel in (red, green, blue)]
        return Image.merge("CMYK", (*inks, ImageChops.invert(lightest)))


def inked(content: bytes, mixer: Mixer) -> bytes:
    """Return a content stream with `rg` and `RG` rewritten as `k` and `K`. Strings are hexadecimal in
    what the engine writes, so nothing else can look like a colour."""

    def rewrite(found: re.Match[bytes]) -> bytes:
        inks = mixer.inks(*(float(found[n]) for n in (1, 2, 3)))
        numbers = " ".join(f"{ink:.4f}".rstrip("0").rstrip(".") for ink in inks)
        return f"{numbers} {'k' if found[4] == b'rg' else 'K'}".encode("ascii")

    return _RGB.sub(rewrite, content)


def settled(pdf: Any) -> None:
    """Turn all colours of an open pikepdf document into inks, by the profile that it names."""
    intent = pdf.Root.OutputIntents[0]
    mixer = Mixer(intent.DestOutputProfile.read_bytes())
    intent.RegistryName = _REGISTRY
    for stream in _drawings(pdf):
        content = stream.read_bytes()
        changed = inked(content, mixer)
        if changed != content:
            stream.write(changed)
    for thing in list(pdf.objects):
        if _is_stream(thing) and thing.get("/Subtype") == "/Image":
            _picture(thing, mixer)
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


def _picture(stream: Any, mixer: Mixer) -> None:
    """Convert one picture of three channels; masks and grey pictures stay as they are."""
    import pikepdf

    picture = pikepdf.PdfImage(stream)
    if picture.mode != "RGB":
        return
    stream.write(mixer.picture(picture.as_pil_image().convert("RGB")).tobytes())
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
