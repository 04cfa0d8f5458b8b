"""The impression: the layout engine over a locked-up forme, in one piece or in signatures."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ... import __version__
from ...diagnostics import Diagnostic, diagnose
from ...errors import BackendFailed
from ...makeready.bench import tidied
from ...model import Artifact, RenderJob
from ...typeset.faces import coverage, put_away
from ...typeset.typearea import type_area
from ...validate.pagemap import as_json, map_beside
from .. import word
from .bed import Bed
from .bindery import bind
from .bounds import bound
from .complaints import complaints
from .compositor import Compositor, Piece
from .dummy import starts_of_pages
from .finisher import Finish, dress, finish
from .folios import Inexact
from .foreman import beside, set_signatures
from .forme import lock_up
from .inks import PROFILE_RULE
from .racks import Racks
from .sheets import Sheets, gather
from .signatures import cut, is_long, separable, whole

if TYPE_CHECKING:
    from . import PdfOptions

__all__ = ["impress"]

_MOST_COMPLAINTS = 20
_PLAIN = "* { --zh-compose: off !important; }\n"
_MARKS = 5
"""Room for the crop marks around the bleed, in mm."""
_BLEED = "@page {{ bleed: {0:g}mm; marks: crop; }}\n"


def impress(
    job: RenderJob, options: PdfOptions, standards: Sequence[str], target: Path
) -> tuple[Diagnostic, ...]:
    """Set `job` and write the finished PDF to `target`; return what was noticed."""
    found = list(coverage(job.edition, job.source_name))
    area = type_area(job.theme, paper=options.paper, size=options.font_size)
    bounded = bound(job, area)
    found += bounded.diagnostics
    forme = lock_up(job, bounded.edition, area)
    extra = bounded.css + (_BLEED.format(options.bleed + _MARKS) if options.bleed else "")
    sheets = gather(job.theme, area, forme.html, forme.lang, extra, ample=is_long(forme.html))
    press = _Press(job, options, standards, target)
    with complaints() as heard:
        found += press.print(_for_press(forme.html, standards), sheets)
    return (*found, *_reported([*press.heard, *heard], job))


def _wish(options: PdfOptions, standards: Sequence[str]) -> Finish:
    return Finish(
        accessible="ua-1" in standards,
        archival=any(name.startswith("a-") for name in standards),
        press="x-4" in standards,
        bleed=options.bleed * 72 / 25.4,
        producer=_producer(),
    )


def _for_press(html: str, standards: Sequence[str]) -> str:
    return html.replace("</head>", PROFILE_RULE + "</head>", 1) if "x-4" in standards else html


def _producer() -> str:
    from weasyprint import __version__ as engine

    return f"npp-publish {__version__} (WeasyPrint {engine})"


class _Press:
    """The layout engine, set up for one document."""

    def __init__(self, job: RenderJob, options: PdfOptions, standards: Sequence[str], target: Path) -> None:
        self.job, self.options, self.standards, self.target = job, options, standards, target
        self.heard: list[str] = []

    def print(self, html: str, sheets: Sheets) -> tuple[Diagnostic, ...]:
        """Lay the document out and write it. Where the composer fails, do it once more without.

        Raises BackendFailed where the engine fails too.
        """
        from ...typeset import hooks
        from ...typeset.engine import load

        load()
        found = hooks.install()
        if self.in_signatures(html, sheets):
            return found
        html = whole(html)
        try:
            self.in_one_piece(html, sheets)
        except Exception as fault:  # a page in plainer setting is better than none
            plain = replace(sheets, css=(*sheets.css, _PLAIN))
            try:
                self.in_one_piece(html, plain)
            except Exception as error:  # whatever the engine raises is its failure
                reason = f"{type(error).__name__}: {error}"
                raise BackendFailed(f"the layout engine failed: {reason}") from error
            text = (
                f"Chinese composition failed ({type(fault).__name__}: {fault}); lines are set by the engine"
            )
            found = (*found, diagnose("NPP716", text, path=self.job.source_name))
        return found

    def in_one_piece(self, html: str, sheets: Sheets) -> None:
        bed = Bed(self.job, self.options, self.standards, sheets)
        draft = self.target.with_suffix(".draft.pdf")
        try:
            document = bed.set(html, sheets.css[sheets.single])
            self.foretell(document)
            bed.print(document, draft)
            finish(draft, self.target, _wish(self.options, self.standards))
        finally:
            draft.unlink(missing_ok=True)

    def foretell(self, document: Any) -> None:
        """Leave the map of the pages that were laid out to whoever waits for it, before they are drawn."""
        if not word.awaited():
            return
        starts = starts_of_pages(document, self.job)
        if starts:
            map_beside(self.target).write_text(as_json(starts), encoding="utf-8")
            word.give(Artifact(self.target, "pdf", "application/pdf"))

    def in_signatures(self, html: str, sheets: Sheets) -> bool:
        """Set a long edition in signatures; tell whether it is one, and could be set so."""
        signatures = cut(html, css=sheets.css) if separable(sheets.css) else ()
        if not signatures:
            return False
        signatures = tuple(replace(part, single=sheets.of(part.anchors)) for part in signatures)
        racks = Racks(self.job, self.options, self.standards, sheets, signatures)
        folder = self.target.with_suffix(".signatures")
        folder.mkdir(exist_ok=True)
        faces = {hashlib.sha256(file).hexdigest(): file for file in sheets.fonts.values()}
        put_away()
        tidied()

        def engage() -> Compositor:
            bed = Bed(self.job, self.options, self.standards, sheets)
            return Compositor(bed, signatures, folder, faces)

        try:
            pieces = set_signatures(signatures, engage, racks, folder)
            beside(lambda: self.bind(pieces, faces))()
        except Inexact:
            return False
        finally:
            for path in folder.iterdir():
                path.unlink()
            folder.rmdir()
        self.heard += dict.fromkeys(text for piece in pieces for text in piece.complaints)
        return True

    def bind(self, pieces: Sequence[Piece], faces: Mapping[str, bytes]) -> None:
        with bind(pieces, faces) as book:
            dress(book, self.target, _wish(self.options, self.standards))


def _reported(heard: Sequence[str], job: RenderJob) -> Iterator[Diagnostic]:
    for text in heard[:_MOST_COMPLAINTS]:
        yield diagnose("NPP702", " ".join(text.split())[:300], path=job.source_name)
    if len(heard) > _MOST_COMPLAINTS:
        yield diagnose("NPP702", f"and {len(heard) - _MOST_COMPLAINTS} more complaints")
