"""The report as an HTML page with pictures: each page of a PDF with findings, the places marked.

One self-contained file, without script: a table of judges and files, the findings by judge and rule,
the pages. Pages are drawn by PDFium at 110 dots an inch, at most `MOST_PAGES` of them; for books and
pages the source around the finding is shown, and what the browser showed there.
"""

from __future__ import annotations

import base64
import hashlib
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from ..diagnostics import Severity
from .bench import JUDGES, Report
from .judge import Finding, Verdict

__all__ = ["MOST_PAGES", "as_html", "draw_page"]

MOST_PAGES = 24
_MOST_PLACES = 12
_DOTS = 110 / 72
_MARGIN = 3.0
_EXCERPT = 160
_INK = (190, 20, 20)


@dataclass(frozen=True, slots=True)
class Plate:
    """One page with its findings: the picture as a `data:` URL."""

    path: Path
    page: int
    anchor: str
    url: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding is: what is said of this place alone, the place and the id of its page in the
    report, the source there, a picture."""

    words: str
    where: str
    anchor: str = ""
    before: str = ""
    at: str = ""
    shot: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one rule in one file: what all say, and the places."""

    judge: str
    rule: str
    severity: Severity
    file: str
    message: str
    hint: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One judge and its verdicts by file."""

    judge: str
    verdicts: Mapping[Path, Verdict]


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
    pages = _pages(findings)
    plates = list(_plates(pages[:MOST_PAGES]))
    counts = Counter(finding.severity for finding in findings)
    return environment.from_string(template).render(
        report=report,
        summary=_summary(report),
        counts=[(severity.value, counts[severity]) for severity in order if counts[severity]],
        titles={name: judge.title for name, judge in JUDGES.items()},
        rows=list(_lines(report)),
        sizes={path: _size(path) for path in report.paths},
        groups=list(_groups(findings)),
        most_places=_MOST_PLACES,
        plates=plates,
        shown={plate.anchor for plate in plates},
        pages_left=max(0, len(pages) - MOST_PAGES),
    )


def _summary(report: Report) -> str:
    broken = {v.judge for v in report.verdicts if v.failure}
    against = {v.judge for v in report.verdicts if not v.passed} - broken
    parts = [
        f"{len(against)} {'judge objects' if len(against) == 1 else 'judges object'}" if against else "",
        f"{len(broken)} could not judge" if broken else "",
        f"{len(report.absent)} not heard" if report.absent else "",
    ]
    return ", ".join(part for part in parts if part) or "All judges passed all files"


def _lines(report: Report) -> Iterator[Line]:
    for name in JUDGES:
        verdicts = {v.path: v for v in report.verdicts if v.judge == name}
        if verdicts:
            yield Line(name, verdicts)


def _size(path: Path) -> str:
    try:
        size = path.stat().st_size
    except OSError:
        return ""
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{size / 1e3:.0f} kB"


# --------------------------------------------------------------------------- findings by rule


def _groups(findings: Iterable[Finding]) -> Iterator[Group]:
    gathered: dict[tuple[Any, ...], list[Finding]] = {}
    for finding in findings:
        key = (finding.severity, finding.judge, finding.rule, finding.path)
        gathered.setdefault(key, []).append(finding)
    for (severity, judge, rule, path), found in gathered.items():
        common = _common([finding.message for finding in found])
        places = tuple(_place(finding, finding.message[len(common) :]) for finding in found)
        places = tuple(place for place in places if place != Place("", ""))
        hint = next((finding.hint for finding in found if finding.hint), "")
        yield Group(judge, rule, severity, path.name, common.rstrip(" :;,("), hint, places)


def _common(messages: Sequence[str]) -> str:
    """Return the words with which all messages begin, cut at the end of a word."""
    first, last = min(messages), max(messages)
    same = next((n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    if same == len(first) == len(last):
        return first
    cut = max(first.rfind(mark, 0, same) for mark in (": ", "; ", " "))
    return first[: cut + 1] if cut > 0 else ""


def _place(finding: Finding, words: str) -> Place:
    page = f"page {finding.page}" if finding.page else ""
    numbers = ":".join(str(part) for part in (finding.line, finding.column) if part)
    where = " ".join(part for part in (finding.inside, numbers, page) if part)
    before, at = _excerpt(finding)
    return Place(words.strip(), where, _anchor(finding.path, finding.page), before, at, finding.shot)


def _anchor(path: Path, page: int) -> str:
    """Return the id of a page in the report; "" for what is not on a page."""
    digest = hashlib.sha256(str(path).encode("utf-8", "surrogateescape")).hexdigest()[:8]
    return f"p-{digest}-{page}" if page else ""


# --------------------------------------------------------------------------- pages


def _pages(findings: Iterable[Finding]) -> list[tuple[Path, int, list[Finding]]]:
    pages: dict[tuple[Path, int], list[Finding]] = {}
    for finding in findings:
        if finding.page and finding.path.suffix == ".pdf":
            pages.setdefault((finding.path, finding.page), []).append(finding)
    return [(path, page, found) for (path, page), found in pages.items()]


def _plates(pages: Iterable[tuple[Path, int, list[Finding]]]) -> Iterator[Plate]:
    for path, page, found in pages:
        data = base64.b64encode(draw_page(path, page, found)).decode("ascii")
        yield Plate(path, page, _anchor(path, page), f"data:image/png;base64,{data}", tuple(found))


def draw_page(path: Path, page: int, findings: Sequence[Finding]) -> bytes:
    """Return page `page` (from 1) of a PDF as PNG, the boxes of the findings framed and numbered."""
    import pypdfium2
    from PIL import Image, ImageDraw, ImageFont

    with pypdfium2.PdfDocument(path) as pdf:
        sheet = pdf[page - 1]
        height = sheet.get_height()
        image = sheet.render(scale=_DOTS).to_pil().convert("RGB")
    pen: Any = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=15)
    for number, finding in enumerate(findings, 1):
        if finding.box:
            left, bottom, right, top = finding.box
            frame = (
                (left - _MARGIN) * _DOTS,
                (height - top - _MARGIN) * _DOTS,
                (right + _MARGIN) * _DOTS,
                (height - bottom + _MARGIN) * _DOTS,
            )
            pen.rectangle(frame, outline=_INK, width=2)
            _tag(pen, str(number), frame, font)
    target = io.BytesIO()
    image.quantize(64, dither=Image.Dither.NONE).save(target, "PNG")
    return target.getvalue()


def _tag(pen: Any, number: str, frame: tuple[float, float, float, float], font: Any) -> None:
    """Write the number of a finding on its colour, left of its frame where there is room."""
    width = pen.textlength(number, font=font) + 8
    left = frame[0] - width if frame[0] >= width else frame[2]
    pen.rectangle((left, frame[1], left + width, frame[1] + 19), fill=_INK)
    pen.text((left + 4, frame[1] + 1), number, fill=(255, 255, 255), font=font)


# --------------------------------------------------------------------------- the source


def _excerpt(finding: Finding) -> tuple[str, str]:
    """Return the source of a page or of an entry of a book before a finding, and from it on."""
    if not finding.line:
        return "", ""
    lines = _source(finding)
    if not 0 < finding.line <= len(lines):
        return "", ""
    line, column = lines[finding.line - 1], max(0, finding.column - 1)
    before = line[max(0, column - _EXCERPT // 2) : column]
    return before.lstrip(), line[column : column + _EXCERPT].rstrip()


def _source(finding: Finding) -> Sequence[str]:
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
