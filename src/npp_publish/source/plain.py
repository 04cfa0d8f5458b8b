"""A source from characters that the caller holds already: no bytes, no decoding."""

from __future__ import annotations

import re
from hashlib import sha256

from ..errors import InputUnreadable
from ..model import Source
from .lines import Decoded, bind

__all__ = ["from_text"]

_SURROGATE = re.compile("[\ud800-\udfff]")


def from_text(text: str, name: str = "page.txt") -> Source:
    """Return the source of one text; its digest is that of its UTF-8 form.

    Raises InputUnreadable for lone surrogates, which are no characters and no format can hold.
    """
    if bad := _SURROGATE.search(text):
        line = text.count("\n", 0, bad.start()) + 1
        raise InputUnreadable("lone surrogate in the text", where=f"{name}:{line}")
    digest = sha256(text.encode("utf-8")).hexdigest()
    return bind([Decoded(name, text, digest, "utf-8", 1.0, "text/plain")])
