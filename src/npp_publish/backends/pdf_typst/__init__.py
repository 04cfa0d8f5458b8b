"""The `pdf-typst` backend: a second PDF engine, for drafts and very long runs.

It shows that a backend needs no privilege: it uses the public contract, the faces and the theme
only. The look lives in the theme's `typst/main.typ`; the text reaches it as JSON strings.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from ...diagnostics import Diagnostic, diagnose
from ...errors import UsageError
from ...model import Artifact, Edition, Figure, RenderJob, plain
from ...typecase import styles_folder
from ...typeset.anchors import anchored
from ...typeset.dates import printed_date
from ...typeset.faces import absent, coverage, stand_in
from ...typeset.slug import legible
from ...typeset.theme import labels
from .. import BackendInfo, Feature
from .copy import article_copy
from .pressman import print_order, stand_by

__all__ = ["PdfTypstBackend", "PdfTypstOptions"]

_PAPERS = ("a4", "a5", "us-letter")
_STANDARDS = ("ua-1", "a-2u", "a-2a", "a-3u", "1.7")


@dataclass(frozen=True, slots=True)
class PdfTypstOptions:
    """Options of the Typst backend."""

    paper: str = field(default="a4", metadata={"help": "paper size: a4, a5 or us-letter"})
    font_size: float = field(default=10.5, metadata={"help": "size of the body text in pt (6 to 36)"})
    standard: str = field(
        default="ua-1,a-2u", metadata={"help": "PDF standards, comma-separated; empty for none"}
    )
    timeout: float = field(default=600.0, metadata={"help": "seconds after which the engine is stopped"})
    memory: int = field(default=8 << 30, metadata={"help": "address space of the engine in bytes"})


class PdfTypstBackend:
    """PDF through Typst, in a jailed child process."""

    info: ClassVar[BackendInfo] = BackendInfo(
        name="pdf-typst",
        summary="PDF through Typst: drafts and very long runs",
        suffix=".typst.pdf",
        media_type="application/pdf",
        features=frozenset(Feature),
        tools=("typst",),
    )
    Options: ClassVar[type[Any]] = PdfTypstOptions

    def warm(self) -> None:
        """Start the press and load the judges, while the text is still being read."""
        stand_by()
        import lxml.etree
        import pikepdf
        import pypdfium2.raw

        from ...validate import pagemap, paper, pressed

        absent("预热")  # which characters the faces have
        assert lxml and pikepdf and pypdfium2 and pagemap and paper and pressed

    def check(self, options: PdfTypstOptions) -> tuple[Diagnostic, ...]:
        """Refuse impossible options; say whether Typst is installed."""
        from importlib.util import find_spec

        if options.paper not in _PAPERS:
            raise UsageError(f"pdf-typst.paper is {options.paper!r}", hint="one of " + ", ".join(_PAPERS))
        if not 6 <= options.font_size <= 36:
            raise UsageError(f"pdf-typst.font_size is {options.font_size}", hint="6 to 36 pt")
        unknown = [name for name in _standards(options) if name not in _STANDARDS]
        if unknown:
            raise UsageError(
                f"pdf-typst.standard does not know {unknown[0]!r}", hint="known: " + ", ".join(_STANDARDS)
            )
        if find_spec("typst") is None:
            return (diagnose("NPP730", "the Python package 'typst' is not installed"),)
        return ()

    def render(self, job: RenderJob, options: PdfTypstOptions) -> Artifact:
        """Lay the jail out under the work folder, run the press, return the PDF."""
        root = job.work / "typst"
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir(parents=True)
        shutil.copyfile(_template(job), root / "main.typ")
        copy = _legible(_copy(job, options, root))
        lacking = absent(json.dumps(copy, ensure_ascii=False))
        copy["absent"] = _class_of(lacking)
        (root / "job.json").write_text(json.dumps(copy, ensure_ascii=False), encoding="utf-8")
        if lacking:  # one missing glyph and the file meets no standard
            (root / "fonts").mkdir()
            (root / "fonts" / "stand-in.ttf").write_bytes(stand_in(lacking))
        target = job.work / (job.stem + self.info.suffix)
        print_order(_order(root, target, job.epoch, options), seconds=options.timeout)
        found = coverage(job.edition, job.source_name)
        return Artifact(target, self.info.name, self.info.media_type, found)

    def validate(self, artifact: Artifact, job: RenderJob) -> tuple[Diagnostic, ...]:
        """The same quick judges that every PDF meets."""
        from ...validate.pagemap import judge_pages
        from ...validate.paper import judge_pdf

        return (*judge_pdf(artifact.path, job), *judge_pages(artifact.path, job))


def _standards(options: PdfTypstOptions) -> list[str]:
    return [name.strip() for name in options.standard.split(",") if name.strip()]


def _template(job: RenderJob) -> Path:
    """The theme's Typst template, or that of the briefing where a theme has none."""
    own = job.theme.folder / "typst" / "main.typ"
    return own if own.is_file() else styles_folder() / "briefing" / "typst" / "main.typ"


def _copy(job: RenderJob, options: PdfTypstOptions, root: Path) -> dict[str, Any]:
    edition = anchored(job.edition)

    def picture(figure: Figure) -> str | None:
        asset = job.asset(figure.src)
        if asset is None:
            return None
        name = f"{asset.sha256[:16]}{asset.path.suffix.lower()}"
        if not (root / name).exists():
            shutil.copyfile(asset.path, root / name)
        return name

    return {
        "title": _name(edition, job.stem),
        "lang": edition.lang,
        "authors": sorted(set(_authors(edition))),
        "paper": options.paper,
        "size": options.font_size,
        "masthead": [words for words in _masthead(edition, labels(job.theme, edition.lang)) if words],
        "articles": [article_copy(article, picture) for article in edition.articles],
    }


def _name(edition: Edition, stem: str) -> str:
    """Return the title of the document, which PDF/UA wants (ISO 14289-1, 7.1)."""
    titles = (edition.title, *(plain(article.title) for article in edition.articles), stem)
    return next(line for title in titles if (line := " ".join(legible(title).split())))


def _class_of(characters: Sequence[str]) -> str:
    """Return a regular expression for any of some characters; for none, one that is found nowhere."""
    if not characters:
        return r"[^\s\S]"
    return "[" + "".join(f"\\u{{{ord(character):x}}}" for character in characters) + "]"


_TURNING = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""Marks that turn the direction of what follows: with them a page would say it from behind (UAX 9)."""


def _legible(copy: Any) -> Any:
    """Return the copy with characters that no page can show as U+FFFD, and without marks of direction."""
    match copy:
        case str():
            return legible(copy).translate(_TURNING)
        case list():
            return [_legible(item) for item in copy]
        case dict():
            return {key: _legible(value) for key, value in copy.items()}
        case _:
            return copy


def _masthead(edition: Edition, words: Mapping[str, str]) -> Iterator[str]:
    """Yield paper, date and page as they are printed; a date that was inferred says so."""
    yield edition.value("news.paper")
    if date := edition.stated("news.edition-date") or edition.stated("date"):
        inferred = words.get("inferred", "")
        note = f"（{inferred}）" if inferred and not date.printed else ""
        yield printed_date(date.value, edition.lang) + note
    page = edition.value("news.page")
    yield f"第{page}版" if page.isascii() and page.isdigit() and edition.lang.startswith("zh") else page


def _authors(edition: Edition) -> Iterator[str]:
    from ...model import Role, Tagged

    for article in edition.articles:
        for byline in article.bylines:
            for node in byline.content:
                if isinstance(node, Tagged) and node.role is Role.AUTHOR:
                    yield plain(node.content)


def _order(root: Path, target: Path, epoch: int, options: PdfTypstOptions) -> dict[str, Any]:
    return {
        "main": str(root / "main.typ"),
        "root": str(root),
        "fonts": str(root / "fonts"),
        "output": str(target),
        "standards": _standards(options),
        "epoch": epoch,
        "memory": options.memory,
    }
