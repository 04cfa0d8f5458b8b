"""The page's own fonts: each face cut down to the characters that the style sheet asks it for.

The CSS cascade of the finished page tells which face sets which characters; a family is asked in
its order, so that Latin letters come from the Latin face and all others from the next. What no
face has is shown as `〓` by a face made for it.
"""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Iterator

from ...typeset.cascade import Demand, Voice
from ...typeset.faces import STAND_IN, Face, faces, font_face_css, missing, stand_in, subset

__all__ = ["font_faces"]


def font_faces(demand: Demand) -> str:
    """Return the `@font-face` rules, fonts inside as `data:` URLs, for what `demand` asks for."""
    shares: dict[Face, set[str]] = defaultdict(set)
    for voice, characters in demand.items():
        for face, mine in _shares(voice, characters):
            shares[face] |= mine
    used = [face for face in faces() if shares.get(face)]
    rules = font_face_css(used, lambda face: _woff2(face, shares[face]), kind="woff2")
    lacking = missing(set[str]().union(*demand.values())) if demand else ()
    if lacking:
        data = base64.b64encode(stand_in(lacking)).decode("ascii")
        rules += f'\n@font-face {{ font-family: "{STAND_IN}"; src: url("data:font/ttf;base64,{data}"); }}'
    return rules + "\n"


def _woff2(face: Face, characters: set[str]) -> str:
    data = base64.b64encode(subset(face, characters, woff2=True)).decode("ascii")
    return f"data:font/woff2;base64,{data}"


def _shares(voice: Voice, characters: set[str]) -> Iterator[tuple[Face, set[str]]]:
    """Divide characters among the faces of a voice's families, the first that has it taking each."""
    left = set(characters)
    for family in voice.families:
        face = _nearest(family, voice)
        if face is not None:
            mine = {char for char in left if ord(char) in face.coverage}
            yield face, mine
            left -= mine


def _nearest(family: str, voice: Voice) -> Face | None:
    """The face of a family that comes nearest (CSS Fonts 4, 5.2): the slope first, then the weight."""
    found = [face for face in faces() if face.family == family]
    return min(
        found,
        key=lambda f: ((f.style != "normal") != voice.italic, abs(f.weight - voice.weight)),
        default=None,
    )
