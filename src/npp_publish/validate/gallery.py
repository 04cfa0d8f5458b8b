"""The report as an HTML page with pictures: each page of a PDF with findings, the places marked.

One self-contained file, without script. Pages are drawn by PDFium at 80 dots an inch; at most
`MOST_PAGES` of them. For pages and books the source around the finding is shown.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from ..diagnostics import Severity
from .bench import JUDGES, Report
from .judge import Finding

__all__ = ["MOST_PAGES", "as_html", "draw_page"]

MOST_PAGES = 24
_DOTS = 80 / 72
_MARGIN = 4.0
_EXCERPT = 160


@dataclass(frozen=True, slots=True)
class Plate:
    """One page with its findings: the picture as a `data:` URL."""

    path: Path
    page: int
    url: str
    findings: tuple[Finding, ...]


def as_html(report: Report) -> str:
    """Return the report as one HTML page."""
    from jinja2 import Environment, StrictUndefined

    template = resources.files(__package__).joinpath("gallery.html.j2").read_text(encoding="utf-8")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    findings = [finding for verdict in report.verdicts for finding in verdict.findings]
    order = list(reversed(Severity))
    findings.sort(key=lambda finding: order.index(finding.severity))
    return environment.from_string(template).render(
        report=report,
        titles={name: judge.title for name, judge in JUDGES.items()},
        findings=[(finding, _excerpt(finding)) for finding in findings],
        plates=_plates(findings),
    )


def _plates(findings: Iterable[Finding]) -> list[Plate]:
    pages: dict[tuple[Path, int], list[Finding]] = {}
    for finding in findings:
        if finding.page and finding.path.suffix == ".pdf":
            pages.setdefault((finding.path, finding.page), []).append(finding)
    plates = []
    for (path, page), found in list(pages.items())[:MOST_PAGES]:
        data = base64.b64encode(draw_page(path, page, found)).decode("ascii")
        plates.append(Plate(path, page, f"data:image/png;base64,{data}", tuple(found)))
    return plates


def draw_page(path: Path, page: int, findings: Sequence[Finding]) -> bytes:
    """Return page `page` (from 1) of a PDF as PNG, the boxes of the findings framed and numbered."""
    import pypdfium2
    from PIL import ImageDraw

    with pypdfium2.PdfDocument(path) as pdf:
        sheet = pdf[page - 1]
        height = sheet.get_height()
        image = sheet.render(scale=_DOTS).to_pil().convert("RGB")
    pen: Any = ImageDraw.Draw(image)
    for number, finding in enumerate(findings, 1):
        if finding.box:
            left, bottom, right, top = finding.box
            frame = (
                (left - _MARGIN) * _DOTS,
                (height - top - _MARGIN) * _DOTS,
                (right + _MARGIN) * _DOTS,
                (height - bottom + _MARGIN) * _DOTS,
            )
            pen.rectangle(frame, outline=(190, 20, 20), width=2)
            pen.text((frame[2] + 2, frame[1]), str(number), fill=(190, 20, 20))
    target = io.BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


def _excerpt(finding: Finding) -> str:
    """Return the source around a finding in a page or in an entry of a book, or ""."""
    if not finding.line:
        return ""
    lines = _lines(finding)
    if not 0 < finding.line <= len(lines):
        return ""
    line = lines[finding.line - 1]
    start = max(0, finding.column - _EXCERPT // 2)
    return line[start : start + _EXCERPT].strip()


def _lines(finding: Finding) -> Sequence[str]:
    from zipfile import BadZipFile, ZipFile

    try:
        if finding.path.suffix == ".epub":
            with ZipFile(finding.path) as book:
                data = book.read(finding.inside)
        else:
            data = finding.path.read_bytes()
    except (OSError, KeyError, BadZipFile):
        return ()
    return data.decode("utf-8", "replace").split("\n")
