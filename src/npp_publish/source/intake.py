"""Take files in: one `Source` from the paths of one edition, or one clear refusal."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from ..diagnostics import Diagnostic
from ..errors import InputUnreadable
from ..model import Source
from .lines import Decoded, bind

__all__ = ["read"]


def read(
    paths: Sequence[Path], *, encoding: str = "", pages: Sequence[str] = ()
) -> tuple[Source, tuple[Diagnostic, ...]]:
    """Return the source of the files of one edition, in the given order, and what was noticed."""
    parts = []
    for index, path in enumerate(paths):
        try:
            data = Path(path).read_bytes()
            text = data.decode(encoding or "utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise InputUnreadable(str(error), where=path) from None
        page = pages[index] if index < len(pages) else ""
        parts.append(
            Decoded(str(path), text, sha256(data).hexdigest(), encoding or "utf-8", 1.0, "text/plain", page)
        )
    return bind(parts), ()
