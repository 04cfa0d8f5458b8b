"""The racks: where signatures stand that were set before, until they are printed again.

A correction in one article of a long edition changes one signature; the others are taken from here. What
is kept is found by a digest of all that decides it, so that it is never stale: another input is another
name. There are two digests a signature, as page numbers are known after layout only. One is of what
decides its pages: how many there are and what stands on them. The other adds what is painted later: the
number of its first page, running heads that go on from before, the page numbers that it prints.
"""

from __future__ import annotations

import hashlib
import json
import pickle
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from ...model import Parts, RenderJob
from .compositor import Piece
from .folios import Laid, Place
from .inks import profile
from .sheets import Sheets
from .signatures import Signature
from .stores import PICTURES, picture_url

__all__ = ["Racks"]

_NAMED = re.compile(r"#([^\"'<>]+)")
"""What may be the name of a place in the edition: more than these are found, none is missed."""
_PICTURE = re.compile(re.escape(PICTURES) + r"[^\"'<>\s]*")
_ELSEWHERE = re.compile(r"target-counter\(\s*(?!attr\()|\(\s*[\"']?#|[\"']#", re.IGNORECASE)
"""Style sheets that name places themselves."""


class Racks:
    """What is kept of the signatures of one edition; nothing where there is no place to keep it."""

    def __init__(
        self, job: RenderJob, options: Any, standards: Sequence[str], sheets: Sheets,
        signatures: Sequence[Signature],
    ) -> None:  # fmt: skip
        self.parts: Parts | None = job.parts
        self.signatures = signatures
        self.anchors = frozenset().union(*(signature.anchors for signature in signatures))
        self.pictures = {picture_url(n): asset.sha256 for n, asset in enumerate(job.assets)}
        self.attached: list[tuple[str, str]] = []
        if self.parts is None:
            return
        common = [css for n, css in enumerate(sheets.css) if n != sheets.single]
        self.free = any(_ELSEWHERE.search(css) or PICTURES in css for css in common)
        self.numbered = self.free or any("target-counter" in css for css in common)
        faces = sorted((url, hashlib.sha256(file).hexdigest()) for url, file in sheets.fonts.items())
        press = _file_digest(profile(options.press_profile))
        if any(name.startswith("a-3") for name in standards):
            self.attached = [(path.name, _file_digest(path)) for path in job.attachments]
        self.base = _digest(common, faces, repr(options), list(standards), press, job.epoch)
        self.known = [self._pages_key(number) for number in range(len(signatures))]
        self.names = [self._names(signature) for signature in signatures]

    def laid(self, number: int) -> Laid | None:
        """Return how many pages a signature has, and what stands on which, if that is known."""
        if self.parts is None:
            return None
        found = _read(self.parts.get(self.known[number]))
        return found if isinstance(found, Laid) else None

    def keep_laid(self, number: int, laid: Laid) -> None:
        """Keep how many pages a signature has, and what stands on which."""
        if self.parts is not None:
            self.parts.put(self.known[number], lambda folder: _write(folder, laid))

    def piece(self, number: int, place: Place, numbers: Mapping[str, int], target: Path) -> Piece | None:
        """Return a signature as it was printed at this place, with these page numbers of all anchors, if
        it is known; its file becomes `target`."""
        if self.parts is None:
            return None
        folder = self.parts.get(self._print_key(number, place, numbers))
        found = _read(folder)
        if folder is None or not isinstance(found, Piece):
            return None
        try:
            target.unlink(missing_ok=True)
            shutil.copyfile(folder / "signature.pdf", target)
        except OSError:
            return None
        return replace(found, path=target)

    def keep(self, number: int, place: Place, numbers: Mapping[str, int], piece: Piece) -> None:
        """Keep a printed signature."""
        if self.parts is None:
            return

        def fill(folder: Path) -> None:
            shutil.copyfile(piece.path, folder / "signature.pdf")
            _write(folder, replace(piece, path=Path("signature.pdf")))

        self.parts.put(self._print_key(number, place, numbers), fill)

    def _names(self, signature: Signature) -> frozenset[str]:
        """Return the anchors that a signature may refer to."""
        if self.free:
            return self.anchors
        found = {unescape(name) for name in _NAMED.findall(signature.html)}
        found |= {name.split()[0] for name in found if name.strip()}
        return self.anchors.intersection(found | {unquote(name) for name in found})

    def _pages_key(self, number: int) -> str:
        signature = self.signatures[number]
        asked = self.pictures if self.free else dict.fromkeys(_PICTURE.findall(signature.html))
        pictures = sorted((url, self.pictures.get(url, "")) for url in asked)
        own = [signature.html, signature.single, pictures, sorted(self._names(signature))]
        return _digest("pages", self.base, not number, own)

    def _print_key(self, number: int, place: Place, numbers: Mapping[str, int]) -> str:
        painted = {name: numbers.get(name) for name in sorted(self.names[number])} if self.numbered else {}
        painted = painted if self.signatures[number].refers else {}
        attached = [] if number else self.attached
        at = [number, place.first, sorted(place.heads.items())]
        return _digest("print", self.known[number], at, sorted(painted.items()), attached)


def _digest(*parts: Any) -> str:
    text = json.dumps(parts, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _file_digest(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""


def _write(folder: Path, value: Laid | Piece) -> None:
    (folder / "told").write_bytes(pickle.dumps(value))


def _read(folder: Path | None) -> Any:
    if folder is None:
        return None
    try:
        return pickle.loads((folder / "told").read_bytes())
    except Exception:  # damaged, gone, or of another release: made again
        return None
