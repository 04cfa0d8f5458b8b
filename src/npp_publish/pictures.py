"""Stage 6, pictures: only checked files from the document's own folder reach a backend.

A picture is taken by its content, not by its name; it must be whole, within bounds, and lie in the
document's folder also when links are followed. What passes is copied into the work folder under the
digest of its bytes, so that nothing can change between the check and the print.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import os
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from .diagnostics import Diagnostic, diagnose
from .model import Asset

__all__ = ["LARGEST_FILE", "LARGEST_PICTURE", "PlateRoom", "Refused"]

LARGEST_PICTURE = 100_000_000  # pixels
LARGEST_FILE = 100_000_000  # bytes
_LARGEST_DRAWING = 10_000_000  # bytes of SVG: it is parsed as a whole
_SUFFIXES = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/svg+xml": ".svg",
}
_RASTER = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_DATA = re.compile(r"data:(image/[a-z+]+);base64,([A-Za-z0-9+/=%\s]*)", re.IGNORECASE)


class Refused(Exception):
    """A picture that must not be used: the code of its diagnostic and the reason."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(slots=True)
class PlateRoom:
    """Checks pictures and keeps copies of the good ones.

    In: the document's folder and a folder to copy to. `asset` returns None for a refused picture
    and leaves a diagnostic of the NPP60x range.
    """

    folder: Path
    store: Path
    path: str = ""
    found: list[Diagnostic] = field(default_factory=list)
    assets: dict[str, Asset | None] = field(default_factory=dict)

    def asset(self, src: str, line: int = 0) -> Asset | None:
        """Return the checked picture for a source as written, or None."""
        if src not in self.assets:
            try:
                self.assets[src] = self._checked(src)
            except Refused as refused:
                shown = src if len(src) <= 80 else src[:77] + "..."
                message = f"the picture {shown!r} is left out: {refused.reason}"
                self.found.append(diagnose(refused.code, message, path=self.path, line=line))
                self.assets[src] = None
        return self.assets[src]

    def _checked(self, src: str) -> Asset:
        data = _inline(src) if src[:5].lower() == "data:" else self._read(src)
        media_type, width, height = _looked_at(data)
        digest = hashlib.sha256(data).hexdigest()
        target = self.store / (digest[:20] + _SUFFIXES[media_type])
        self.store.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        return Asset(src, target, media_type, digest, width, height)

    def _read(self, src: str) -> bytes:
        if src.startswith("//") or (_SCHEME.match(src) and not re.match(r"[A-Za-z]:[\\/]", src)):
            raise Refused("NPP601", "it is an address, and nothing is fetched")
        name = unquote(src)
        if not name or "\0" in name or "\\" in name or Path(name).is_absolute() or name[1:2] == ":":
            raise Refused("NPP602", "it does not lie in the document's folder")
        home = os.path.realpath(self.folder)
        real = Path(os.path.realpath(Path(home, name)))
        if not real.is_relative_to(home):
            raise Refused("NPP602", "it does not lie in the document's folder")
        try:
            if not real.is_file():
                raise Refused("NPP603", "there is no such file")
            if real.stat().st_size > LARGEST_FILE:
                raise Refused("NPP605", f"the file is larger than {LARGEST_FILE // 1_000_000} MB")
            return real.read_bytes()
        except (OSError, ValueError) as error:
            raise Refused("NPP603", f"it cannot be read ({getattr(error, 'strerror', error)})") from error


def _inline(src: str) -> bytes:
    found = _DATA.fullmatch(src)
    if not found or len(src) > LARGEST_FILE:
        raise Refused("NPP604", "its data: address holds no picture in base64")
    try:
        return base64.b64decode(unquote(found[2]), validate=False)
    except (binascii.Error, ValueError) as error:
        raise Refused("NPP604", "its data: address holds no picture in base64") from error


def _looked_at(data: bytes) -> tuple[str, int, int]:
    """Return (media type, width, height in pixels) of a sound picture."""
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<"):
        return ("image/svg+xml", *_drawing(data))
    return _raster(data)


# --------------------------------------------------------------------------- raster


def _raster(data: bytes) -> tuple[str, int, int]:
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # our own bounds decide, not Pillow's warnings
        try:
            with Image.open(io.BytesIO(data), formats=tuple(_RASTER)) as image:
                width, height, kind = *image.size, str(image.format)
                if width * height > LARGEST_PICTURE:
                    raise Refused("NPP605", f"{width} × {height} are more than 100 megapixels")
                image.draft("RGB", (512, 512))  # JPEG decodes at a fraction of the work
                _load_whole(image)
        except Refused:
            raise
        except Image.DecompressionBombError as error:
            raise Refused("NPP605", "it has more than 100 megapixels") from error
        except Exception as error:  # Pillow raises whatever its decoders meet
            raise Refused("NPP604", "it is broken, or not PNG, JPEG, GIF, WebP or SVG") from error
    return _RASTER[kind], width, height


def _load_whole(image: Any) -> None:
    """Decode all of a picture. WeasyPrint, once imported, has Pillow pass over a missing end; a warm
    worker must find the same pictures broken as a fresh one."""
    from PIL import ImageFile

    before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        image.load()
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


# --------------------------------------------------------------------------- drawings

_SVG = "{http://www.w3.org/2000/svg}"
_ACTIVE = frozenset(
    (
        *("script", "handler", "foreignobject", "iframe", "embed", "object", "audio", "video"),
        *("set", "animate", "animatemotion", "animatetransform", "animatecolor"),
    )
)
_REFERS = frozenset({"href", "src", "from", "to", "values", "by", "base"})
_CSS_OUT = re.compile(
    r"@import|expression\s*\(|javascript:"
    r"|url\(\s*+['\"]?+\s*+(?!#|data:image/(?:png|jpe?g|gif|webp)[;,])",
    re.IGNORECASE,
)
_LENGTH = re.compile(r"\s*([0-9.]+)\s*(px|pt|mm|cm|in|pc|q)?\s*", re.IGNORECASE)
_PIXELS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0}
_PIXELS |= {"mm": 96 / 25.4, "cm": 96 / 2.54, "q": 96 / 101.6}


def _drawing(data: bytes) -> tuple[int, int]:
    """Check an SVG: well-formed, without script, entities or anything that points outside."""
    from lxml import etree

    if len(data) > _LARGEST_DRAWING:
        raise Refused("NPP605", "the drawing is larger than 10 MB")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Refused("NPP604", "the drawing is not well-formed XML") from error
    if root.tag != f"{_SVG}svg":
        raise Refused("NPP604", "it is XML, but not SVG")
    if root.getroottree().docinfo.internalDTD is not None:
        raise Refused("NPP606", "the drawing declares a document type, which can hold entities")
    for reason in _dangers(root):
        raise Refused("NPP606", reason)
    return _size(root)


def _dangers(root: Any) -> Iterator[str]:
    from lxml import etree

    tree = root.getroottree()
    for node in tree.xpath("//processing-instruction()|/processing-instruction()"):
        yield f"the drawing has an instruction <?{node.target}"
    for node in root.iter():
        if isinstance(node, etree._Entity):
            yield "the drawing has entities"
        if not isinstance(node.tag, str):
            continue
        name = etree.QName(node).localname.lower()
        if name in _ACTIVE:
            yield f"the drawing has an element <{name}>"
        if name == "style" and _CSS_OUT.search("".join(node.itertext())):
            yield "a style of the drawing points outside"
        for attribute, value in node.attrib.items():
            yield from _attribute_dangers(etree.QName(attribute).localname.lower(), str(value))


def _attribute_dangers(name: str, value: str) -> Iterator[str]:
    if name.startswith("on"):
        yield f"the drawing has a script ({name})"
    plain = re.sub(r"[\s\x00-\x20]", "", value).lower()
    inside = plain.startswith(("#", "data:image/png", "data:image/jpeg", "data:image/gif", "data:image/webp"))
    if name in ("href", "src", "base") and plain and not inside:
        yield f"the drawing points outside ({value[:40]!r})"
    if name in _REFERS and "javascript:" in plain:
        yield "the drawing has a script"
    if "\\" in value or _CSS_OUT.search(value):
        yield "a style of the drawing points outside"


def _size(root: Any) -> tuple[int, int]:
    """Return the size in CSS pixels from width and height, else from the view box."""
    sides = [_pixels(root.get(name, "")) for name in ("width", "height")]
    box = [float(part) for part in re.findall(r"-?[0-9.]+", root.get("viewBox", "")) if part.count(".") < 2]
    if len(box) == 4 and box[2] > 0 and box[3] > 0:
        if not sides[0]:
            sides[0] = sides[1] * box[2] / box[3] if sides[1] else box[2]
        sides[1] = sides[1] or sides[0] * box[3] / box[2]
    width, height = (round(side) for side in sides)
    if width * height > LARGEST_PICTURE:
        raise Refused("NPP605", f"{width} × {height} are more than 100 megapixels")
    return width, height


def _pixels(length: str) -> float:
    found = _LENGTH.fullmatch(length)
    if not found or found[1].count(".") > 1 or found[1] == ".":
        return 0.0
    return float(found[1]) * _PIXELS[(found[2] or "").lower()]
