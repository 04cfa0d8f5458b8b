"""The HTML backend: one self-contained page that reads well on every screen and prints on paper.

Fonts, pictures and style are inside; no script, no request, and a Content Security Policy that
allows nothing else. Text reaches the template only as values, never as template.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from ...diagnostics import Diagnostic, diagnose
from ...model import Artifact, RenderJob
from .. import BackendInfo, Feature

__all__ = ["HtmlBackend", "HtmlOptions"]


def _option(default: Any, help_text: str) -> Any:
    return field(default=default, metadata={"help": help_text})


@dataclass(frozen=True, slots=True)
class HtmlOptions:
    """What can be set for HTML."""

    embed: Literal["subset", "none"] = _option(
        "subset", "fonts inside the page: the characters used, or none"
    )
    contents: bool = _option(True, "contents beside the text (folding on a phone)")
    page_size: Literal["A4", "A5", "B5", "letter"] = _option("A4", "page size when printed")
    bleed: float = _option(0.0, "bleed around the printed page, in millimetres (0 to 20)")
    marks: bool = _option(False, "crop marks around the printed page")


class HtmlBackend:
    """Sets an edition as one HTML file."""

    info: ClassVar[BackendInfo] = BackendInfo(
        name="html",
        summary="one self-contained HTML page for screens and paper",
        suffix=".html",
        media_type="text/html",
        features=frozenset(Feature),
        tools=("jinja2", "fonttools"),
    )
    Options: ClassVar[type[Any]] = HtmlOptions

    def check(self, options: HtmlOptions) -> tuple[Diagnostic, ...]:
        """Refuse a bleed that is no bleed."""
        if 0 <= options.bleed <= 20:
            return ()
        return (diagnose("NPP840", f"html.bleed = {options.bleed:g}: not between 0 and 20 mm"),)

    def render(self, job: RenderJob, options: HtmlOptions) -> Artifact:
        """Write `job.work / (job.stem + ".html")`; same job, same bytes."""
        from ...typeset.faces import coverage
        from .page import Page

        path = job.work / (job.stem + self.info.suffix)
        path.write_bytes(Page(job, options).html().encode("utf-8", "replace"))
        found = coverage(job.edition, job.source_name) if options.embed == "subset" else ()
        return Artifact(path, self.info.name, self.info.media_type, found)

    def validate(self, artifact: Artifact, job: RenderJob) -> tuple[Diagnostic, ...]:
        """Judge the finished page in the process: elements, links, policy, size; then its text."""
        from ...validate.screen import judge_html
        from ...validate.text import judge_text

        return (*judge_html(artifact.path, job), *judge_text(artifact.path, job))
