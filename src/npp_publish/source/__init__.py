"""Stage 1, read: bytes -> Source. Decode, refuse what is not text, hash, number the lines.

    gather   folders and glob patterns -> files in page order
    read     the files of one edition -> Source, and how each was read
    from_text  characters that the caller holds already -> Source

The rooms: `intake` (files, bounds, refusals), `formats` (what kind of file), `decode` and `frequency`
(which encoding, how surely), `folio` (which page), `lines` (numbering, binding), `radicals` (the
look-alikes that text layers have in place of characters). A PDF page goes through `textlayer` (PDFium) ->
`glyphs` (rows) -> `frames`, `columns` with `white`, `spans` and `labels` (reading order) -> `setting`
(passages) -> `transcript` (page text with light marks).
"""

from __future__ import annotations

from .folio import folios, gather
from .intake import read
from .lines import Decoded, bind
from .plain import from_text

__all__ = ["Decoded", "bind", "folios", "from_text", "gather", "read"]
