"""The impression: one run of the layout engine over a locked-up forme."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ... import __version__
from ...diagnostics import Diagnostic, diagnose
from ...errors import BackendFailed
from ...model import RenderJob
from ...typecase import fonts_folder
from ...typeset.faces import coverage
from ...typeset.typearea import type_area
from .bounds import bound
from .finisher import Finish, finish
from .forme import lock_up
from .inks import PROFILE_RULE, PROFILE_URL, profile
from .sheets import Sheets, gather
from .stores import PICTURES, THEME, picture_url, stores
from .tags import proper_tags

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
    sheets = gather(job.theme, area, forme.html, forme.lang, extra)
    draft = target.with_suffix(".draft.pdf")
    press = _Press(job, options, standards, draft)
    try:
        with _complaints() as complaints:
            found += press.print(_for_press(forme.html, standards), sheets)
        finish(draft, target, _wish(options, standards))
    finally:
        draft.unlink(missing_ok=True)
    return (*found, *_reported(complaints, job))


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

    def __init__(self, job: RenderJob, options: PdfOptions, standards: Sequence[str], draft: Path) -> None:
        self.job, self.options, self.standards, self.draft = job, options, standards, draft

    def print(self, html: str, sheets: Sheets) -> tuple[Diagnostic, ...]:
        """Lay the document out and write the draft. Where the composer fails, do it once more without.

        Raises BackendFailed where the engine fails too.
        """
        from ...typeset import hooks
        from ...typeset.engine import load

        weasyprint = load()
        found = hooks.install()
        try:
            self.lay_out(weasyprint, html, sheets)
        except Exception as fault:  # a page in plainer setting is better than none
            plain = replace(sheets, css=(*sheets.css, _PLAIN))
            try:
                self.lay_out(weasyprint, html, plain)
            except Exception as error:  # whatever the engine raises is its failure
                reason = f"{type(error).__name__}: {error}"
                raise BackendFailed(f"the layout engine failed: {reason}") from error
            text = (
                f"Chinese composition failed ({type(fault).__name__}: {fault}); lines are set by the engine"
            )
            found = (*found, diagnose("NPP716", text, path=self.job.source_name))
        return found

    def lay_out(self, weasyprint: Any, html: str, sheets: Sheets) -> None:
        from weasyprint.text.fonts import FontConfiguration

        pictures = {picture_url(n): asset.path for n, asset in enumerate(self.job.assets)}
        pictures[PROFILE_URL] = profile(self.options.press_profile)
        fetcher = stores(sheets.fonts, pictures, _theme_folders(self.job))
        with _no_system_fonts():
            fonts = FontConfiguration()
        common = {"url_fetcher": fetcher, "base_url": THEME}
        styles = [weasyprint.CSS(string=css, font_config=fonts, **common) for css in sheets.css]
        settings = _settings(self.options, self.standards)
        settings["attachments"] = _attachments(weasyprint, self.job, self.standards)
        source = weasyprint.HTML(string=html, **common)
        document = source.render(font_config=fonts, stylesheets=styles, **settings)
        _one_annotation_a_link(document)
        with proper_tags(document), warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # the engine leaves its colour profile open
            document.write_pdf(self.draft, **settings)


def _one_annotation_a_link(document: Any) -> None:
    """Keep the annotations of the links themselves: the engine makes one more for every element
    inside a link, which is then no Link in the structure tree (ISO 14289-1, 7.18.5)."""
    for page in document.pages:
        page.links = [link for link in page.links if (link[3].element_tag or "").split(":")[0] == "a"]


def _theme_folders(job: RenderJob) -> list[Path]:
    from ...typecase import styles_folder
    from ...typeset.theme import FALLBACK

    lenders = [name for name in (job.theme.setting("theme.based-on"), FALLBACK) if name]
    return [job.theme.folder, *(styles_folder() / name for name in lenders)]


def _settings(options: PdfOptions, standards: Sequence[str]) -> dict[str, Any]:
    first = [name for name in standards if name.startswith(("a-", "x-"))] + list(standards)
    return {
        "pdf_variant": f"pdf/{first[0]}" if first else None,
        "pdf_tags": True,
        "dpi": options.dpi,
        "presentational_hints": False,
        "full_fonts": False,
    }


def _attachments(weasyprint: Any, job: RenderJob, standards: Sequence[str]) -> list[Any] | None:
    """PDF/A-3 carries the files that the publication was made from (ISO 19005-3, 6.8)."""
    if not any(name.startswith("a-3") for name in standards):
        return None
    moment = datetime.fromtimestamp(job.epoch, UTC)
    urls = {f"{PICTURES}attached/{n}": path for n, path in enumerate(job.attachments)}
    fetcher = stores({}, urls, ())
    return [
        weasyprint.Attachment(
            url=url,
            url_fetcher=fetcher,
            name=path.name,
            description=path.name,
            created=moment,
            modified=moment,
            relationship="Source",
        )
        for url, path in urls.items()
    ]


@contextmanager
def _no_system_fonts() -> Iterator[None]:
    """Let fontconfig start without the fonts of the machine."""
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(fonts_folder() / "fontconfig.xml")
    try:
        yield
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before


class _Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: dict[str, None] = {}

    def emit(self, record: logging.LogRecord) -> None:
        self.heard[record.getMessage()] = None


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """Collect what the layout engine complains of, each complaint once."""
    logger, listener, complaints = logging.getLogger("weasyprint"), _Listener(), list[str]()
    propagated, logger.propagate = logger.propagate, False
    logger.addHandler(listener)
    try:
        yield complaints
    finally:
        logger.removeHandler(listener)
        logger.propagate = propagated
        complaints += listener.heard


def _reported(complaints: Sequence[str], job: RenderJob) -> Iterator[Diagnostic]:
    for text in complaints[:_MOST_COMPLAINTS]:
        yield diagnose("NPP702", " ".join(text.split())[:300], path=job.source_name)
    if len(complaints) > _MOST_COMPLAINTS:
        yield diagnose("NPP702", f"and {len(complaints) - _MOST_COMPLAINTS} more complaints")
