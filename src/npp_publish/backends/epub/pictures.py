"""Pictures as they go into the book: whole, of a kind that reading systems show, and harmless.

A picture is looked at once more here, whatever was checked before: EPUBCheck refuses a book for one
damaged file, and an SVG is a document that may carry scripts, entities and links to other hosts.
Source: EPUB 3.3 section 3.2 (core media types) and 6.2 (SVG content).
"""

from __future__ import annotations

import hashlib
import io
import re
from typing import Any

from ...model import Asset
from .sheets import Sheet

__all__ = ["picture_sheet"]

_SUFFIXES = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/svg+xml": "svg",
}
_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP"}
_SVG = "http://www.w3.org/2000/svg"
_UNSAFE = frozenset(
    ("script", "foreignObject", "iframe", "object", "embed", "handler")  # run something
) | frozenset(("animate", "animateMotion", "animateTransform", "set"))  # move, or change a link
_REMOTE = re.compile(r"url\(\s*['\"]?(?!#|data:image/)|@import|expression\(", re.IGNORECASE)


def picture_sheet(asset: Asset) -> Sheet | None:
    """Return the picture under a name of our own (its digest), or None where it cannot be shown."""
    suffix = _SUFFIXES.get(asset.media_type)
    if suffix is None:
        return None
    try:
        content = asset.path.read_bytes()
    except OSError:
        return None
    sound = _harmless_svg(content) if suffix == "svg" else _whole(content, _FORMATS[asset.media_type])
    if not sound:
        return None
    digest = hashlib.sha256(content).hexdigest()[:16]
    return Sheet(f"picture-{digest}", f"images/{digest}.{suffix}", asset.media_type, content)


def _whole(content: bytes, kind: str) -> bool:
    """Tell whether a bitmap is what it says it is and complete; its pixels are not unpacked."""
    import warnings

    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(content), formats=[kind]) as image:
                image.verify()
    except Exception:  # a decoder may raise anything for a damaged file; then it is damaged
        return False
    return True


def _harmless_svg(content: bytes) -> bool:
    """Tell whether an SVG is well-formed and neither runs, moves nor refers to anything outside."""
    from lxml import etree

    if b"<!ENTITY" in content or b"<!DOCTYPE" in content:
        return False
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return False
    return root.tag == f"{{{_SVG}}}svg" and all(_harmless(node) for node in root.iter())


def _harmless(node: Any) -> bool:
    if not isinstance(node.tag, str):
        return not (node.target if hasattr(node, "target") else False)  # no processing instructions
    local = node.tag.rpartition("}")[2]
    if local in _UNSAFE or (local == "style" and _REMOTE.search(node.text or "")):
        return False
    for name, value in node.attrib.items():
        key = name.rpartition("}")[2].lower()
        if key.startswith("on") or _REMOTE.search(value):
            return False
        if key in ("href", "src") and not value.strip().startswith(("#", "data:image/")):
            return False
    return True
