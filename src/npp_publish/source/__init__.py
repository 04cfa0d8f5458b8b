"""Stage 1, read: bytes -> Source. Decode, refuse what is not text, hash, number the lines."""

from __future__ import annotations

from .intake import read
from .lines import Decoded, bind
from .plain import from_text

__all__ = ["Decoded", "bind", "from_text", "read"]
