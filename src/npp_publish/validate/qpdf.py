"""The structure of a PDF as qpdf sees it (through pikepdf, its library), and what a page must not do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..diagnostics import Severity
from .judge import Finding, HouseJudge
from .objects import dictionaries

__all__ = ["QPDF"]

_ACTIVE = frozenset({"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/GoToR"})
_NEWLINES = str.maketrans("\n\r\t", "   ")


def _examine(path: Path) -> Iterator[Finding]:
    import pikepdf

    def found(rule: str, message: str, severity: Severity = Severity.ERROR, code: str = "NPP820") -> Finding:
        return Finding("qpdf", rule, severity, message.translate(_NEWLINES), path, code)

    try:
        pdf = pikepdf.open(path)
    except (pikepdf.PdfError, OSError) as problem:
        yield found("unreadable", str(problem))
        return
    with pdf:
        if pdf.is_encrypted:
            yield found("encrypted", "the file is encrypted")
        problems = [str(warning) for warning in pdf.get_warnings()] + list(pdf.check_pdf_syntax())
        yield from (found("damaged", str(problem)) for problem in dict.fromkeys(problems))
        for kind in sorted(_actions(pdf)):
            yield found("action", f"holds an action of the kind {kind[1:]}", code="NPP824")
        if not pdf.pages:
            yield found("empty", "the file has no page")
        if "/Lang" not in pdf.Root:
            yield found("language", "the file does not name its language", Severity.WARNING)


def _actions(pdf: Any) -> set[str]:
    """Return the kinds of active content: scripts, programs, forms that are sent, other files."""
    return {kind for thing in dictionaries(pdf) if (kind := str(thing.get("/S", ""))) in _ACTIVE}


QPDF = HouseJudge("qpdf", "qpdf: is the PDF sound, without active content", frozenset({".pdf"}), _examine)
