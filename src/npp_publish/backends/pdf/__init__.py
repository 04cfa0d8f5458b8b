"""The PDF backend: pages through WeasyPrint and the Chinese composer, finished to the standards.

forme     the articles, contents and masthead locked up in one HTML document by the theme
sheets    style sheets, type area, faces cut to the document
stores    what the layout engine may fetch: these faces, checked pictures, the theme's folder
bed       the engine with all of these, ready to print; the copyholder reads the forme to it
signatures, foreman, compositor, folios, bindery
          long editions: cut at articles, set in several processes, numbered, bound to one file
finisher  PDF/UA-1 and PDF/A-2u in one file, the same bytes every time
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from ...diagnostics import Diagnostic, diagnose
from ...errors import UsageError
from ...model import Artifact, RenderJob
from ...typeset.typearea import PAPERS
from .. import BackendInfo, Feature
from ..word import give

__all__ = ["PdfBackend", "PdfOptions"]

Found = tuple[Diagnostic, ...]
Seen = TypeVar("Seen")
_LARGE = 1_000_000
"""Bytes of a file from which on its judges work in processes of their own."""
STANDARDS = ("ua-1", "a-2u", "a-2b", "a-3u", "a-3b", "x-4")


def _option(default: Any, help_text: str) -> Any:
    return field(default=default, metadata={"help": help_text})


@dataclass(frozen=True, slots=True)
class PdfOptions:
    """Options of the PDF backend; empty and zero mean what the theme says."""

    paper: str = _option("", "paper size: " + ", ".join(PAPERS))
    font_size: float = _option(0.0, "size of the text in pt (6 to 36); 18 is large print")
    standard: str = _option(
        "ua-1,a-2u", "standards that the file follows (x-4: a candidate): " + ", ".join(STANDARDS)
    )
    bleed: float = _option(0.0, "bleed in mm around the page, with crop marks")
    press_profile: str = _option("", "ICC output profile of the printer, for x-4")
    dpi: int = _option(300, "pictures are reduced to this resolution")


class PdfBackend:
    """PDF, the page as it is printed."""

    info: ClassVar[BackendInfo] = BackendInfo(
        name="pdf",
        summary="PDF through WeasyPrint with Chinese composition; PDF/UA-1 and PDF/A-2u",
        suffix=".pdf",
        media_type="application/pdf",
        features=frozenset(Feature),
        tools=("weasyprint", "pango"),
    )
    Options: ClassVar[type[Any]] = PdfOptions

    def warm(self) -> None:
        """Load, while the text is still being read, whatever rendering and judging will need."""
        import email.policy

        import jinja2.sandbox
        import lxml.etree
        import pikepdf
        import pypdfium2.raw
        from PIL import Image

        from ...typeset.engine import load
        from ...typeset.faces import absent
        from ...typeset.phrases import beginnings
        from ...validate import pagemap, paper, pressed
        from . import bed, impression

        load()
        Image.preinit()
        absent("预热")  # which characters the faces have
        beginnings("预热斷行模型", "zh-Hans")
        bed.make_ready()
        assert email.policy and jinja2 and lxml and pikepdf and pypdfium2
        assert impression and pagemap and paper and pressed

    def check(self, options: PdfOptions) -> tuple[Diagnostic, ...]:
        """Refuse impossible options. Raises UsageError."""
        if options.paper and options.paper.lower() not in PAPERS:
            raise UsageError(f"pdf.paper is {options.paper!r}", hint="one of " + ", ".join(PAPERS))
        if options.font_size and not 6 <= options.font_size <= 36:
            raise UsageError(f"pdf.font-size is {options.font_size:g}", hint="6 to 36 pt")
        if not 0 <= options.bleed <= 20:
            raise UsageError(f"pdf.bleed is {options.bleed:g}", hint="0 to 20 mm")
        if not 36 <= options.dpi <= 2400:
            raise UsageError(f"pdf.dpi is {options.dpi}", hint="36 to 2400")
        for name in standards(options):
            if name not in STANDARDS:
                hint = "known: " + ", ".join(STANDARDS)
                raise UsageError(f"pdf.standard does not know {name!r}", hint=hint)
        if sum(name.startswith(("a-", "x-")) for name in standards(options)) > 1:
            raise UsageError("pdf.standard can name one part of PDF/A or PDF/X only")
        return _press(options)

    def render(self, job: RenderJob, options: PdfOptions) -> Artifact:
        """Make the PDF. Raises UsageError for a faulty theme, BackendFailed where the engine fails."""
        from .impression import impress

        target = job.work / (job.stem + self.info.suffix)
        found = impress(job, options, standards(options), target)
        return Artifact(target, self.info.name, self.info.media_type, found)

    def validate(self, artifact: Artifact, job: RenderJob) -> tuple[Diagnostic, ...]:
        """Judge the finished file in the process: structure, tags, language, title, fonts, text."""
        from ...validate.pagemap import judge_pages
        from ...validate.paper import judge_pdf

        path = Path(artifact.path)
        structure: Callable[[], Found] = partial(judge_pdf, path, job)
        large = path.stat().st_size > _LARGE
        found = _beside(structure)() if large else ()  # first, and what it takes is given back
        foretold = _map_of(path)
        rest = (*judge_pages(path, job, _beside if large else None), *_measured(path, job))
        if foretold and _map_of(path) != foretold:  # who began with it is to begin again
            give(artifact)
        return (*(found if large else structure()), *rest)


def _map_of(path: Path) -> bytes:
    """Return the page map that lies beside a PDF, empty where there is none."""
    from ...validate.pagemap import map_beside

    known = map_beside(path)
    return known.read_bytes() if known.is_file() else b""


def _beside(judge: Callable[[], Seen]) -> Callable[[], Seen]:
    """Let a judge begin in another process; where that fails, it judges when it is asked."""
    from .folios import Inexact
    from .foreman import beside

    result = beside(judge)

    def found() -> Seen:
        try:
            return result()
        except Inexact:
            return judge()

    return found


def _press(options: PdfOptions) -> tuple[Diagnostic, ...]:
    """Look at the printer's profile; say so where there is none."""
    from .inks import profile

    profile(options.press_profile)
    if "x-4" not in standards(options) or options.press_profile:
        return ()
    return (diagnose("NPP717", "no pdf.press-profile: the shipped one stands for coated web offset"),)


def _measured(path: Path, job: RenderJob) -> tuple[Diagnostic, ...]:
    """Measure the pages by the layout standard that the theme names, if it names one that is known."""
    if job.theme.setting("theme.standard") != "GB/T 9704-2012":
        return ()
    from ...validate.official import judge_official

    return judge_official(path)


def standards(options: PdfOptions) -> tuple[str, ...]:
    """Return the standards named by the options, in order, in lower case."""
    return tuple(_names(options.standard))


def _names(listed: str) -> Iterator[str]:
    for name in listed.split(","):
        if name.strip():
            yield name.strip().lower()
