"""The Typst backend: standards options, control characters, no code from a document."""

from __future__ import annotations

from pathlib import Path

import pytest

from npp_publish.backends.contract import job_for
from npp_publish.backends.pdf_typst import PdfTypstBackend, PdfTypstOptions
from npp_publish.errors import BackendFailed, UsageError
from npp_publish.model import Article, Edition, Paragraph, Text

pytest.importorskip("typst")
BACKEND = PdfTypstBackend()


def printed(text: str, work: Path, **options: object) -> str:
    import pypdfium2

    edition = Edition("标题", "zh-Hans", (Article("a1", (Text("标题"),), body=(Paragraph((Text(text),)),)),))
    job = job_for(edition, work)
    artifact = BACKEND.render(job, PdfTypstOptions(**options))  # type: ignore[arg-type]
    assert not [d for d in BACKEND.validate(artifact, job) if d.severity == "error"]
    with pypdfium2.PdfDocument(artifact.path) as pdf:
        return "".join(page.get_textpage().get_text_range() for page in pdf)


def test_document_text_is_never_code(tmp_path: Path) -> None:
    hostile = '#read("/etc/passwd") $x^2$ *a* _b_ #import "@preview/x:1" \\ `c` <l> @l = 标题'
    assert "#read(" in printed(hostile, tmp_path)


def test_control_characters_are_shown_not_refused(tmp_path: Path) -> None:
    assert "甲" in printed("甲\x00乙\x0b丙\ufffe丁", tmp_path)


@pytest.mark.parametrize("options", [{"paper": "b9"}, {"font_size": 100.0}, {"standard": "x-9"}])
def test_impossible_options_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        BACKEND.check(PdfTypstOptions(**options))  # type: ignore[arg-type]


def test_an_engine_that_overruns_is_stopped(tmp_path: Path) -> None:
    with pytest.raises(BackendFailed, match="did not end"):
        printed("甲", tmp_path, timeout=0.001)
