"""Paper: the quick judge of a finished PDF, whatever engine made it.

Runs in the process on every build and takes milliseconds: structure, tags, language, title, fonts
and glyphs. Whether the standards that the file claims are really met is veraPDF's to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..diagnostics import Diagnostic, diagnose
from ..model import RenderJob

__all__ = ["judge_pdf"]

# Fonts without a file inside (ISO 32000-2 table 109) and the type that prints badly and grows files.
_FONT_FILES = ("/FontFile", "/FontFile2", "/FontFile3")


def judge_pdf(path: Path, job: RenderJob) -> tuple[Diagnostic, ...]:
    """Return what is wrong with a PDF: NPP810 unreadable or damaged, NPP811 not tagged, NPP812
    language or title missing, NPP813 a font that is not embedded or of Type 3."""
    import pikepdf

    try:
        with pikepdf.open(path) as pdf:
            return tuple(_findings(pdf, path.name, job))
    except (pikepdf.PdfError, OSError) as error:
        return (diagnose("NPP810", f"the PDF cannot be read: {error}", path=path.name),)


def _findings(pdf: Any, name: str, job: RenderJob) -> Iterator[Diagnostic]:
    for problem in pdf.check_pdf_syntax():
        yield diagnose("NPP810", f"the PDF is damaged: {problem}", path=name)
    if not pdf.pages:
        yield diagnose("NPP810", "the PDF has no page", path=name)
    root = pdf.Root
    if not bool(root.get("/MarkInfo", {}).get("/Marked", False)) or "/StructTreeRoot" not in root:
        yield diagnose("NPP811", "the PDF is not tagged", path=name)
    if not str(root.get("/Lang", "")):
        yield diagnose("NPP812", "the PDF does not state its language", path=name)
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        title = str(xmp.get("dc:title", "") or pdf.docinfo.get("/Title", ""))
    if job.edition.title and not title:
        yield diagnose("NPP812", "the PDF does not state its title", path=name)
    yield from _fonts(pdf, name)


def _fonts(pdf: Any, name: str) -> Iterator[Diagnostic]:
    import pikepdf

    for item in pdf.objects:
        if not isinstance(item, pikepdf.Dictionary) or item.get("/Type") != "/Font":
            continue
        kind, face = str(item.get("/Subtype", "")), str(item.get("/BaseFont", "?")).lstrip("/")
        if kind == "/Type3":
            yield diagnose("NPP813", f"the font {face} is of Type 3", path=name)
        elif kind != "/Type0":  # a composite font's file hangs on its descendant
            descriptor: Any = item.get("/FontDescriptor", {})
            if not any(key in descriptor for key in _FONT_FILES):
                yield diagnose("NPP813", f"the font {face} is not embedded", path=name)
