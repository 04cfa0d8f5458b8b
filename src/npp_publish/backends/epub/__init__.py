"""The `epub` backend: EPUB 3.3 through EbookLib, for every e-reader.

Room by room: `chapters` (articles as documents), `pages` (page markers), `contents` (navigation),
`cover` and `headline` (the cover), `cascade` and `fount` (faces cut to the book), `colophon`
(metadata), `book` (all of it gathered), `binding` (one file, the same bytes every time), `proof`
(the quick judge). `profiles` says what single reading systems need. No room imports a heavy
library before it is used.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar, Literal

from ...diagnostics import Diagnostic, diagnose
from ...errors import ToolMissing, UsageError
from ...model import Artifact, RenderJob
from .. import BackendInfo, Feature
from .profiles import PROFILES

__all__ = ["EpubBackend", "EpubOptions"]


@dataclass(frozen=True, slots=True)
class EpubOptions:
    """Options of the EPUB backend."""

    profile: Literal["generic", "kindle", "kobo", "apple", "koreader"] = field(
        default="generic", metadata={"help": "the reading system: generic, kindle, kobo, apple or koreader"}
    )
    embed: Literal["subset", "full", "none"] = field(
        default="subset", metadata={"help": "faces in the book: subset to its characters, full, or none"}
    )
    writing: Literal["horizontal", "vertical"] = field(
        default="horizontal", metadata={"help": "lines horizontal, or vertical from right to left"}
    )
    cover: Literal["theme", "none"] = field(
        default="theme", metadata={"help": "cover-image of the edition, else drawn by the theme; or none"}
    )
    contents: bool = field(default=True, metadata={"help": "show the contents as a page of the book"})
    pages: Literal["newspaper", "pdf", "both", "none"] = field(
        default="both", metadata={"help": "page list: pages of the newspaper, of the PDF, both, or none"}
    )
    page_map: str = field(
        default="",
        metadata={"help": "page map of the PDF (JSON), or a PDF; default is the PDF of the same run"},
    )


class EpubBackend:
    """EPUB 3.3: one document an article, navigation, cover, faces, metadata."""

    info: ClassVar[BackendInfo] = BackendInfo(
        name="epub",
        summary="EPUB 3.3 for every e-reader",
        suffix=".epub",
        media_type="application/epub+zip",
        features=frozenset(Feature),
    )
    Options: ClassVar[type[Any]] = EpubOptions
    follows: ClassVar[tuple[str, ...]] = ("pdf", "pdf-typst")  # the page list is keyed to its pages

    def warm(self) -> None:
        """Import early what rendering will need, while the text is still being read."""
        import PIL.Image
        import PIL.PngImagePlugin
        from ebooklib import epub

        from ...typeset.faces import faces
        from ...typeset.headline import break_lines
        from ...validate import text
        from . import book, proof

        break_lines("预热断行模型", 3, lambda character: 1.0)
        faces()[0].has("预")  # HarfBuzz is loaded
        del PIL, book, epub, proof, text

    def check(self, options: EpubOptions) -> tuple[Diagnostic, ...]:
        """Refuse options that cannot be; say what the chosen profile changes."""
        if options.profile not in PROFILES:
            raise UsageError(f"epub.profile is {options.profile!r}", hint=f"one of {', '.join(PROFILES)}")
        for module in ("ebooklib", "lxml", "PIL"):
            if find_spec(module) is None:
                raise ToolMissing(f"the Python package {module!r} is missing", hint="pip install npp-publish")
        if options.profile == "generic":
            return ()
        changes = "; ".join(PROFILES[options.profile].changes)
        return (diagnose("NPP745", f"profile {options.profile}: {changes}"),)

    def prepare(self, job: RenderJob, options: EpubOptions) -> None:
        """Draw the cover and set the chapters once while the PDF, whose pages the book names, is made."""
        from .book import make

        make(job, options)

    def render(self, job: RenderJob, options: EpubOptions) -> Artifact:
        """Make the book in the work folder."""
        from .binding import bind
        from .book import make

        book = make(job, options)
        content = bind(
            book.sheets,
            book.statements,
            epoch=job.epoch,
            lang=book.lang,
            direction=book.direction,
            landmarks=book.landmarks,
            extra=book.extra,
        )
        path = job.work / (job.stem + self.info.suffix)
        path.write_bytes(content)
        return Artifact(path, self.info.name, self.info.media_type, book.diagnostics)

    def validate(self, artifact: Artifact, job: RenderJob) -> tuple[Diagnostic, ...]:
        """The quick judges: container, package, documents and links; then the text against the edition."""
        from ...validate.readback import read_epub
        from ...validate.text import judge_text
        from .proof import inspect

        name = Path(artifact.path).name
        trees: dict[str, Any] = {}
        faults = inspect(artifact.path, trees)
        if faults:
            return tuple(diagnose("NPP830", f"{place}: {what}", path=name) for place, what in faults)
        return judge_text(artifact.path, job, read_epub(artifact.path, trees))
