"""The page's own fonts: each face cut down to the characters that the style sheet asks it for.

The CSS cascade of the finished page tells which face sets which characters; a family is asked in
its order, so that Latin letters come from the Latin face and all others from the next. What no
face has is shown as `〓` by a face made for it.
"""

from __future__ import annotations

import base64
from pathlib import Path

from ...typeset.cascade import Demand, assign
from ...typeset.faces import STAND_IN, Face, faces, font_face_css, stand_in, subset

__all__ = ["font_faces"]


def font_faces(demand: Demand) -> str:
    """Return the `@font-face` rules, fonts inside as `data:` URLs, for what `demand` asks for."""
    shares, lacking = assign(demand, faces())
    used = [face for face in faces() if face in shares]
    rules = font_face_css(used, lambda f: _url("woff2", subset(f, shares[f], woff2=True)), kind="woff2")
    if lacking:
        geta = Face(STAND_IN, 400, "normal", Path())
        rules += "\n" + font_face_css([geta], lambda face: _url("ttf", stand_in(lacking)))
    return rules + "\n"


def _url(kind: str, font: bytes) -> str:
    return f"data:font/{kind};base64,{base64.b64encode(font).decode('ascii')}"
