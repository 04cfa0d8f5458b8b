"""The bed: the layout engine with the sheets, stores and settings of one edition, ready to print formes."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...model import RenderJob
from ...typecase import fonts_folder
from ...typeset.logotypes import solid
from ...typeset.theme import FALLBACK, labels
from ...typeset.theme import load as load_theme
from ...typeset.typearea import type_area
from .chase import expect, parsed
from .complaints import complaints
from .copyholder import read
from .inks import PROFILE_URL, profile
from .sheets import Sheets, lasting
from .stores import PICTURES, THEME, picture_url, stores
from .tags import proper_tags

if TYPE_CHECKING:
    from . import PdfOptions

__all__ = ["Bed", "make_ready"]

_ready: list[Any] = []
"""A configuration without faces, made ahead."""


def make_ready() -> None:
    """Do what the first bed will need and what depends on no document: configure the fonts, parse the
    sheets of the usual theme. The engine must be loaded."""
    if not _ready:
        _ready.append(_fonts())
    usual = load_theme(FALLBACK)
    with complaints():  # who hears of it there would not hear of it here
        for css in lasting(usual, type_area(usual), labels(usual, "zh-Hans")):
            expect(css, THEME)


def _fonts() -> Any:
    from weasyprint.text.fonts import FontConfiguration

    with _no_system_fonts():
        return FontConfiguration()


class Bed:
    """The engine, set up once; it prints any number of formes."""

    def __init__(self, job: RenderJob, options: PdfOptions, standards: Sequence[str], sheets: Sheets) -> None:
        from ...typeset.engine import load

        self.weasyprint = load()
        pictures = {picture_url(n): asset.path for n, asset in enumerate(job.assets)}
        pictures[PROFILE_URL] = profile(options.press_profile)
        fetcher = stores(sheets.fonts, pictures, _theme_folders(job))
        self.fonts = _ready.pop() if _ready else _fonts()
        self.common = {"url_fetcher": fetcher, "base_url": THEME}
        self.single = sheets.single
        self.styles = [
            None if number == self.single else parsed(self.weasyprint, css, self.fonts, self.common)
            for number, css in enumerate(sheets.css)
        ]
        self.settings = _settings(options, standards)
        self.attachments = _attachments(self.weasyprint, job, standards)

    def set(self, html: str, single: str) -> Any:
        """Lay a document out and return it; `single` are the rules for its single elements."""
        source = read(self.weasyprint, html, self.common)
        styles = list(self.styles)
        styles[self.single] = self.weasyprint.CSS(string=single, font_config=self.fonts, **self.common)
        document = source.render(font_config=self.fonts, stylesheets=styles, **self.settings)
        _one_annotation_a_link(document)
        return document

    def print(self, document: Any, target: Path, *, attached: bool = True) -> None:
        """Write what `set` returned."""
        settings = self.settings | {"attachments": self.attachments if attached else None}
        with proper_tags(document), warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # the engine leaves its colour profile open
            document.write_pdf(target, finisher=solid, **settings)


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
    in_order = sorted(job.attachments, key=lambda path: path.name)  # a name tree is (ISO 32000-1, 7.9.6)
    urls = {f"{PICTURES}attached/{n}": path for n, path in enumerate(in_order)}
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
